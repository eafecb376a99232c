//! One generation of a category's keys, whole or with days erased.
//!
//! An entry is never removed: what is left of it is what another device may keep of the same entry, so that joining two
//! keyrings brings no erased key back. A whole generation takes 60 bytes; erased days of N in a row leave at most N/2
//! and 16 nodes, so ten years of a category, every second day of them erased, are 90 KB of the keyring's 1 MiB.

use super::Seed;
use crate::error::WalletError;
use carnet_crypto::{
    secret::Secret,
    tree::{DayCover, NodeKey, PrunedTree, TreeRoot},
};
use carnet_protocol::{
    Blob,
    day::{Day, DayRange},
    holder::{BundleGeneration, BundleNode},
};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

/// The keys of one generation.
#[derive(Serialize, Deserialize)]
pub(crate) struct Generation {
    /// Random, so that devices know it as the same.
    id: u64,
    /// What is left of its day tree, in order of days; nothing once it is erased.
    nodes: Vec<KeptNode>,
}

#[derive(Serialize, Deserialize)]
struct KeptNode {
    first: Day,
    height: u8,
    key: Seed,
}

impl Generation {
    /// A fresh one.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let root = KeptNode { first: Day::FIRST, height: 16, key: Seed::generate(rng) };
        Self { id: rng.next_u64(), nodes: vec![root] }
    }

    /// By which devices know it.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Whether no day of it was erased.
    pub fn is_whole(&self) -> bool {
        matches!(self.nodes.as_slice(), [KeptNode { height: 16, .. }])
    }

    /// Whether all of it was erased.
    pub fn is_erased(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Whether it opens what is wrapped for a day.
    pub fn opens(&self, day: Day) -> bool {
        self.nodes.iter().any(|node| u32::from(day.0 ^ node.first.0) < 1 << node.height)
    }

    /// How many days it opens.
    pub fn days_left(&self) -> u32 {
        self.nodes.iter().map(|node| 1_u32 << node.height).sum()
    }

    /// The whole tree, for wrapping; `None` where a day was erased.
    pub fn root(&self) -> Option<TreeRoot> {
        self.nodes.first().filter(|_| self.is_whole()).map(|root| TreeRoot::from_secret(root.key.secret()))
    }

    /// What it still opens.
    ///
    /// # Errors
    /// [`WalletError::Damaged`].
    pub fn remains(&self) -> Result<DayCover, WalletError> {
        Ok(self.tree()?.remains())
    }

    /// Covers of what is left of `days`, for readers.
    ///
    /// # Errors
    /// [`WalletError::Damaged`].
    pub fn covers(&self, days: DayRange) -> Result<Vec<DayCover>, WalletError> {
        let tree = self.tree()?;
        let within = |left: DayRange| {
            DayRange::new(left.first().max(days.first()), left.last().min(days.last())).ok().and_then(|r| tree.cover(r))
        };
        Ok(tree.ranges().into_iter().filter_map(within).collect())
    }

    /// Erases days.
    ///
    /// # Errors
    /// [`WalletError::Damaged`].
    pub fn puncture(&mut self, days: impl IntoIterator<Item = Day>) -> Result<(), WalletError> {
        let mut tree = self.tree()?;
        days.into_iter().for_each(|day| tree.puncture(day));
        self.keep(tree);
        Ok(())
    }

    /// Erases all of it.
    pub fn erase(&mut self) {
        self.nodes.clear();
    }

    /// Takes over what another device erased of it.
    ///
    /// # Errors
    /// [`WalletError::Damaged`].
    pub fn intersect(&mut self, other: &Generation) -> Result<(), WalletError> {
        if !self.is_whole() || !other.is_whole() {
            let mut tree = self.tree()?;
            tree.intersect(&other.tree()?);
            self.keep(tree);
        }
        Ok(())
    }

    /// As it travels to who holds the car together.
    pub fn to_bundle(&self) -> BundleGeneration {
        let node = |kept: &KeptNode| {
            let key = Blob(kept.key.secret().expose().to_vec());
            BundleNode { first: kept.first, height: kept.height, key }
        };
        BundleGeneration { id: self.id, nodes: self.nodes.iter().map(node).collect() }
    }

    /// As it came from the car's owner.
    ///
    /// # Errors
    /// [`WalletError::Damaged`] when it is no such tree.
    pub fn from_bundle(bundle: &BundleGeneration) -> Result<Self, WalletError> {
        let node = |node: &BundleNode| {
            let key = Seed::from(Secret::from_slice(&node.key).map_err(|_| WalletError::Damaged)?);
            Ok(KeptNode { first: node.first, height: node.height, key })
        };
        let nodes = bundle.nodes.iter().map(node).collect::<Result<_, WalletError>>()?;
        let generation = Self { id: bundle.id, nodes };
        generation.tree()?;
        Ok(generation)
    }

    fn tree(&self) -> Result<PrunedTree, WalletError> {
        let node =
            |kept: &KeptNode| NodeKey { first: kept.first, height: kept.height, key: kept.key.secret().duplicate() };
        PrunedTree::from_nodes(self.nodes.iter().map(node).collect()).map_err(|_| WalletError::Damaged)
    }

    fn keep(&mut self, tree: PrunedTree) {
        let kept = |node: NodeKey| KeptNode { first: node.first, height: node.height, key: Seed::from(node.key) };
        self.nodes = tree.into_nodes().into_iter().map(kept).collect();
    }
}
