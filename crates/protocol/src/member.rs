//! Members of the consortium.

use crate::{
    id::Hash32,
    key::{SealingKey, VerifyingKey},
};
use serde::{Deserialize, Serialize};

/// A member as the directory shows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Member {
    /// Signs transactions and requests; names the member.
    pub sign: VerifyingKey,
    /// Grants are sealed to this key.
    pub seal: SealingKey,
    /// The organisation's public name.
    pub name: String,
    /// What it is.
    pub class: MemberClass,
    /// How far its records are believed, 0 to 100, set by the consortium.
    pub base_quality: u8,
}

/// Classes of members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberClass {
    /// Makes cars, or speaks for connected ones.
    Manufacturer,
    /// Services and repairs cars.
    Garage,
    /// Insures cars.
    Insurer,
    /// Finances cars.
    Bank,
    /// Judges cars: inspection centres, accident experts.
    Expert,
}

impl MemberClass {
    /// All classes.
    pub const ALL: [MemberClass; 5] =
        [MemberClass::Manufacturer, MemberClass::Garage, MemberClass::Insurer, MemberClass::Bank, MemberClass::Expert];
}

/// A ledger's identity: the hash of its first transaction. Wallets pin it on first use.
pub type GenesisHash = Hash32;
