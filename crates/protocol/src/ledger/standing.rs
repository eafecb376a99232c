//! What members say of a car: that they saw its VIN; that it is a wreck, stolen, or pledged; which passport goes on
//! where another ended.

use crate::{
    day::{Day, Timestamp},
    id::{FlagId, Hash32, RecordId, StreamId, VinTag},
    key::VerifyingKey,
    limits::OWNER_CHANGES_MAX,
    member::MemberClass,
};
use serde::{Deserialize, Serialize};

/// How a car stands: all that a reader must know before any record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CarStanding {
    /// The newest attestation of its VIN; `None`: no member has confirmed it.
    pub vin: Option<VinAttestation>,
    /// Declarations that stand, in the order they were made, those of earlier passports first.
    pub flags: Vec<Flag>,
    /// The passport of the same car that this one continues.
    pub previous: Option<StreamId>,
    /// The passport of the same car that continues this one.
    pub next: Option<StreamId>,
    /// The owners before this one: how many, and when the car changed hands. No names.
    pub owners: OwnerChain,
    /// Number of events so far.
    pub events: u64,
    /// End of the chain over all events: `HASH_STANDING` over the end before and the canonical event; zeros before the
    /// first. So whoever is sure of the standing is sure of its history.
    pub history: Hash32,
}

impl CarStanding {
    /// Of a car of which nothing was said.
    pub const UNKNOWN: CarStanding = CarStanding {
        vin: None,
        flags: Vec::new(),
        previous: None,
        next: None,
        owners: OwnerChain { before: 0, changes: Vec::new() },
        events: 0,
        history: Hash32([0; 32]),
    };
}

/// The owners that a car had before this passport.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OwnerChain {
    /// How many.
    pub before: u64,
    /// When it changed hands, earliest first: the newest `OWNER_CHANGES_MAX`.
    pub changes: Vec<OwnerChange>,
}

impl OwnerChain {
    /// The chain once the car has changed hands again.
    #[must_use]
    pub fn with(&self, change: OwnerChange) -> Self {
        let mut changes = self.changes.clone();
        changes.push(change);
        let surplus = changes.len().saturating_sub(OWNER_CHANGES_MAX);
        changes.drain(..surplus);
        Self { before: self.before.saturating_add(1), changes }
    }
}

/// One change of hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OwnerChange {
    /// When.
    pub at: Timestamp,
    /// How.
    pub kind: OwnerChangeKind,
}

/// How a car came to its next owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnerChangeKind {
    /// Both sides signed.
    Sale,
    /// A member who saw car and papers re-opened the passport.
    Reopened,
}

/// What a member saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct VinSighting {
    /// The tag of the car's VIN.
    pub tag: VinTag,
    /// The identity record that states this VIN. Binds the tag, which says nothing to a reader, to what a reader sees.
    pub record: RecordId,
    /// The record with the odometer reading that the member took or found right.
    pub odometer: Option<RecordId>,
}

/// A member's word that the car bears the VIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct VinAttestation {
    /// What was seen.
    pub sighting: VinSighting,
    /// By whom.
    pub by: VerifyingKey,
    /// The member's class.
    pub class: MemberClass,
    /// When it was said.
    pub at: Timestamp,
}

/// What a declaration says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagKind {
    /// Damaged beyond what may be repaired without control.
    Wreck,
    /// Stolen.
    Theft,
    /// Pledged for a debt.
    Lien,
}

impl FlagKind {
    /// All kinds, the gravest first.
    pub const ALL: [FlagKind; 3] = [FlagKind::Wreck, FlagKind::Theft, FlagKind::Lien];
}

/// A declaration that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Flag {
    /// Its identifier.
    pub flag: FlagId,
    /// What it says.
    pub kind: FlagKind,
    /// Who declared it.
    pub declared: Statement,
    /// The newest second report, for a wreck.
    pub report: Option<Statement>,
}

/// Who said something, when, and what shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Statement {
    /// A member, or the owner.
    pub by: VerifyingKey,
    /// The member's class; `None` for the owner.
    pub class: Option<MemberClass>,
    /// The day it speaks of.
    pub day: Day,
    /// Hash of what shows it, as of a record.
    pub evidence: Hash32,
    /// When it was said.
    pub at: Timestamp,
}

/// One thing that was said; events are kept for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StandingEvent {
    /// By a member, or the owner.
    pub by: VerifyingKey,
    /// The member's class; `None` for the owner.
    pub class: Option<MemberClass>,
    /// When.
    pub at: Timestamp,
    /// What changed.
    pub change: StandingChange,
}

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StandingChange {
    /// The VIN was attested.
    VinAttested(VinSighting),
    /// This passport continues another; what stood there stands here.
    Continues {
        /// The earlier passport.
        previous: StreamId,
        /// Hash of what shows the right to do so.
        evidence: Hash32,
    },
    /// Another passport continues this one.
    ContinuedBy {
        /// The later passport.
        next: StreamId,
        /// Hash of what shows the right to do so.
        evidence: Hash32,
    },
    /// Something was declared.
    Declared {
        /// The declaration.
        flag: FlagId,
        /// What it says.
        kind: FlagKind,
        /// The day it happened.
        day: Day,
        /// Hash of what shows it.
        evidence: Hash32,
    },
    /// A second report was filed.
    Reported {
        /// On this declaration.
        flag: FlagId,
        /// The day of the report.
        day: Day,
        /// Hash of it.
        evidence: Hash32,
    },
    /// A declaration was lifted.
    Lifted {
        /// The declaration.
        flag: FlagId,
        /// What it said.
        kind: FlagKind,
        /// The day it ended.
        day: Day,
        /// Hash of what shows it.
        evidence: Hash32,
    },
}
