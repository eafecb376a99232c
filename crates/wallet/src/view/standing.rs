//! What members say of a car, as it is shown.

use carnet_protocol::{
    day::{Day, Timestamp},
    id::{FlagId, RecordId},
    ledger::FlagKind,
    member::MemberClass,
};
use serde::{Deserialize, Serialize};

/// How a car stands: what a reader must know before any record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingView {
    /// Whether its VIN was confirmed.
    pub vin: VinConfirmation,
    /// What stands against it, in the order it was declared.
    pub flags: Vec<FlagView>,
    /// Whether this passport continues an earlier one of the car.
    pub continues_another: bool,
    /// Whether a later one continues this one.
    pub continued_by_another: bool,
}

/// Whether a member that saw the car confirmed its VIN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VinConfirmation {
    /// Nobody has.
    NotConfirmed,
    /// A member has.
    Confirmed {
        /// The member's class.
        class: MemberClass,
        /// Its name, where the directory has it.
        name: Option<String>,
        /// When.
        at: Timestamp,
        /// Whether what was confirmed is what is shown.
        shown: ShownVin,
    },
}

/// Whether the VIN that a passport shows is the one that was confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShownVin {
    /// It is.
    Confirmed,
    /// It is not, or what was confirmed was withdrawn.
    Another,
    /// The reader was not given the record that says so.
    NotShared,
}

/// A declaration that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagView {
    /// The declaration.
    pub flag: FlagId,
    /// What it says.
    pub kind: FlagKind,
    /// Who declared it.
    pub declared: StatementView,
    /// The second report on a wreck.
    pub report: Option<StatementView>,
}

/// Who said something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementView {
    /// The member's class; `None` for the owner.
    pub class: Option<MemberClass>,
    /// The member's name, where the directory has it.
    pub name: Option<String>,
    /// The day it speaks of.
    pub day: Day,
    /// When it was said.
    pub at: Timestamp,
    /// The record that shows it, where it is open to this reader.
    pub evidence: Option<RecordId>,
}
