//! A sale as its two sides see it, and the chain of owners as readers do.

use super::{FlagView, TermsView};
use carnet_passport::odometer::Contradiction;
use carnet_protocol::{
    category::Category,
    day::{Day, Timestamp},
    id::GrantId,
    ledger::OwnerChange,
    quantity::{Metres, Money},
};
use serde::{Deserialize, Serialize};

/// Whose car it is, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VehicleStage {
    /// One's own.
    Own,
    /// Offered for sale: frozen.
    Offered,
    /// Sold: an archive.
    Sold,
    /// Bought, while the ledger has not confirmed it.
    Arriving,
}

/// What a grant has to do with a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleHint {
    /// Nothing.
    None,
    /// It is the handover: by it the car can be taken over.
    Handover,
    /// Its owner offers the car to this reader.
    Offered,
}

/// How far a sale is on its seller's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleStep {
    /// Written down here, not yet known to be on the ledger.
    Waiting,
    /// The code is good.
    Offered,
    /// The time of the offer is over.
    Lapsed,
    /// The buyer has accepted.
    Sold {
        /// When.
        at: Timestamp,
    },
}

/// A sale on its seller's side. Not `Debug`: it holds the code.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleView {
    /// How far it is.
    pub step: SaleStep,
    /// Path and fragment of the code (`/s#…`), to be put behind the page's origin, while it is good.
    pub code: Option<String>,
    /// What the odometer shows.
    pub odometer: Metres,
    /// What the seller asks.
    pub price: Option<Money>,
    /// Until when the offer stands.
    pub until: Timestamp,
    /// The share to whose reader it is offered.
    pub reader: Option<GrantId>,
    /// Categories that are handed over.
    pub handed_over: Vec<Category>,
}

/// What a code hands over, for its buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeoverView {
    /// The terms of the handover.
    pub terms: TermsView,
    /// What the seller says the odometer shows.
    pub odometer: Metres,
    /// What the records say against that.
    pub contradicted: Option<Contradiction>,
    /// The day of the offer.
    pub day: Day,
    /// What the seller asks.
    pub price: Option<Money>,
    /// Until when the offer stands.
    pub until: Timestamp,
    /// Records of each category that come along.
    pub records: Vec<(Category, u32)>,
    /// Owners so far, the seller included.
    pub owners: u64,
    /// What stands against the car, as the ledger says now.
    pub flags: Vec<FlagView>,
    /// Whether the offer still stands, by the ledger's word.
    pub open: bool,
}

/// The owners before the present one. No names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnersView {
    /// How many.
    pub before: u64,
    /// When the car changed hands, earliest first; perhaps only the newest of many.
    pub changes: Vec<OwnerChange>,
    /// Of how many of them this reader has the records.
    pub read: u64,
}

/// Whether both sides of a sale signed the odometer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BothSigned {
    /// They did.
    Yes,
    /// What is said to be the seller's signature is not.
    No,
    /// The seller's passport is not open to this reader.
    Unknown,
}
