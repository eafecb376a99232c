//! The day tree: one root per category and generation, one leaf per day, keys for any range of days in at most 30 nodes.
//!
//! A node's children are HKDF-Expand(node, `DERIVE_TREE_NODE` ‖ bit). Whoever holds a node derives all days below it
//! and, HKDF being a pseudorandom function, nothing else; two holders together have the union of their days and no more.

mod cover;
mod days;
mod pruned;
mod walk;

pub use cover::{CoverError, DayCover};
pub use pruned::{NodeKey, NotATree, PrunedTree};
pub use walk::DayWalk;

use crate::{
    hpke::{self, PrivateKey},
    kdf::expand,
    secret::Secret,
};
use carnet_protocol::{
    day::{Day, DayRange},
    domain::Domain,
    key::SealingKey,
};
use rand_core::CryptoRng;

/// Levels below the root: 2^16 days.
const DEPTH: u8 = 16;

/// The key of one node.
type Node = Secret<32>;

fn child(node: &Node, bit: u8) -> Node {
    expand(node, Domain::DERIVE_TREE_NODE, &[&[bit]])
}

/// The root of one category's tree in one generation. Random, so that deleting it erases every day.
pub struct TreeRoot(Node);

impl TreeRoot {
    /// A fresh random root.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self(Secret::generate(rng))
    }

    /// A root from the keyring.
    pub fn from_secret(secret: &Secret<32>) -> Self {
        Self(secret.duplicate())
    }

    /// The bytes, for the keyring.
    pub fn secret(&self) -> &Secret<32> {
        &self.0
    }

    /// The keys that open exactly the days of `range`.
    pub fn cover(&self, range: DayRange) -> DayCover {
        DayCover::of(self, range)
    }

    /// The keys of one day. For many days, [`TreeRoot::walk`].
    pub fn day_keys(&self, day: Day) -> DayKeys {
        let leaf = (0..DEPTH).rev().fold(self.0.duplicate(), |node, level| child(&node, bit(day, level)));
        DayKeys::of_leaf(day, &leaf)
    }

    /// Derives the keys of many days; days in order cost about two derivations each.
    pub fn walk(&self) -> DayWalk<'_> {
        DayWalk::below_root(&self.0)
    }
}

impl core::fmt::Debug for TreeRoot {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("TreeRoot(…)")
    }
}

/// The turn that leads to `day` at the node `level` levels above its children's leaves: 0 left, 1 right.
fn bit(day: Day, level: u8) -> u8 {
    u8::from(day.0 >> level & 1 == 1)
}

/// What a leaf of the tree opens.
#[derive(Debug)]
pub struct DayKeys {
    /// The day.
    pub day: Day,
    /// Wraps content keys of this day.
    pub wrap: DayKey,
    /// Opens what sources sealed to this day's public key.
    pub seal: DaySealSecret,
}

impl DayKeys {
    fn of_leaf(day: Day, leaf: &Node) -> Self {
        Self::of_parts(day, leaf.duplicate(), expand(leaf, Domain::DERIVE_DAY_KEY, &[]))
    }

    fn of_parts(day: Day, leaf: Node, wrap: Secret<32>) -> Self {
        Self { day, wrap: DayKey(wrap), seal: DaySealSecret { leaf } }
    }
}

/// The symmetric key of one day, category and generation; wraps content keys.
pub struct DayKey(Secret<32>);

impl DayKey {
    pub(crate) fn secret(&self) -> &Secret<32> {
        &self.0
    }
}

impl core::fmt::Debug for DayKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("DayKey(…)")
    }
}

/// The X25519 key pair of one day, category and generation. Derived when used: a curve operation costs as much as
/// opening ten records, and most records are wrapped under the symmetric key.
pub struct DaySealSecret {
    leaf: Node,
}

impl DaySealSecret {
    /// The public half, which the owner publishes ahead.
    pub fn public(&self) -> SealingKey {
        hpke::public_key(&self.private())
    }

    pub(crate) fn private(&self) -> PrivateKey {
        hpke::derive_key_pair(&expand(&self.leaf, Domain::DERIVE_DAY_SEAL, &[]))
    }
}

impl core::fmt::Debug for DaySealSecret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("DaySealSecret(…)")
    }
}
