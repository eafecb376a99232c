//! A sale as its two sides keep it.

use super::Share;
use carnet_protocol::{
    day::Timestamp,
    id::{GrantId, StreamId},
    quantity::{Metres, Money},
    sale::{SaleAcceptance, SaleTerms},
    signed::Signed,
};
use serde::{Deserialize, Serialize};

/// The sale of a car as its seller keeps it.
#[derive(Serialize, Deserialize)]
pub(crate) struct SaleNote {
    /// The handover: a share whose link is the code.
    pub handover: Share,
    /// What both sides sign.
    pub terms: Signed<SaleTerms>,
    /// The odometer in it.
    pub odometer: Metres,
    /// What the seller asks, where said.
    pub price: Option<Money>,
    /// Until when the offer stands.
    pub until: Timestamp,
    /// The share to whose reader the car is offered, where it is one's.
    pub reader: Option<GrantId>,
    /// How far it is.
    pub stage: SaleStage,
}

/// How far a sale is on its seller's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SaleStage {
    /// Written down here; perhaps on the ledger already.
    Offering,
    /// On the ledger; the code is good.
    Offered,
    /// The buyer has accepted.
    Sold {
        /// The buyer's stream.
        next: StreamId,
        /// When.
        at: Timestamp,
    },
}

/// How a car came from its seller, as the buyer keeps it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Takeover {
    /// The sale; its handover is kept as a saved passport.
    pub sale: GrantId,
    /// What is said to the ledger, the same however often it is said.
    pub acceptance: SaleAcceptance,
    /// Whether the ledger has it.
    pub done: bool,
}

impl Takeover {
    /// What a takeover that came to nothing is forgotten by: the passport it was to begin. The sale is not it, for the seller
    /// may be the same wallet on a device that had not heard of the car, and its offer stands.
    pub fn name(next: StreamId) -> GrantId {
        GrantId(next.0)
    }
}
