//! The sale of a car: what the seller offers, what the buyer signs, what the ledger knows of it. Format:
//! `docs/formats/sale.md`.
//!
//! A sale goes by the name of its handover: the grant by which the buyer reads on in the seller's passport.

use crate::{
    day::{Day, Timestamp},
    domain::Domain,
    id::{FlagId, GrantId, Hash32, StreamId},
    key::VerifyingKey,
    quantity::{Metres, Money},
    signed::{Signable, Signed},
};
use serde::{Deserialize, Serialize};

/// What both sides agree on, signed by the seller's stream key. The buyer's new passport begins with it, signed again as
/// a record of that passport; the ledger holds its hash, label `HASH_SALE_TERMS`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleTerms {
    /// The seller's stream.
    pub stream: StreamId,
    /// The sale.
    pub sale: GrantId,
    /// The day of the offer.
    pub day: Day,
    /// What the odometer shows.
    pub odometer: Metres,
    /// Random, so that nobody finds the reading by trying all.
    pub salt: Hash32,
}

impl Signable for SaleTerms {
    const DOMAIN: Domain = Domain::SIGN_SALE_TERMS;
}

/// Who takes the car over into which passport. Signed by the key that the sealed handover holds: who signs it was given
/// the seller's code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleClaim {
    /// The seller's stream.
    pub stream: StreamId,
    /// The sale.
    pub sale: GrantId,
    /// The buyer's stream.
    pub next: StreamId,
    /// The key that owns it.
    pub owner: VerifyingKey,
}

impl Signable for SaleClaim {
    const DOMAIN: Domain = Domain::SIGN_SALE_CLAIM;
}

/// What only the buyer reads of an offer, inside the sealed handover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleOffer {
    /// What both sign.
    pub terms: Signed<SaleTerms>,
    /// What the seller asks for it, where said; it goes to nobody else.
    pub price: Option<Money>,
    /// Until when the offer stands.
    pub until: Timestamp,
}

/// What the ledger knows of a stream's newest sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleState {
    /// The sale, which is the grant of its handover.
    pub sale: GrantId,
    /// Hash of the signed terms.
    pub terms: Hash32,
    /// Until when the offer stands.
    pub not_after: Timestamp,
    /// When it was made.
    pub offered_at: Timestamp,
    /// What became of it.
    pub outcome: SaleOutcome,
}

/// What became of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleOutcome {
    /// It stands until its end; the owner's stream is frozen.
    Offered,
    /// The seller took it back.
    Cancelled,
    /// The car was sold.
    Sold {
        /// The buyer's stream.
        next: StreamId,
        /// When.
        at: Timestamp,
    },
}

/// The buyer's side of the sale, as the ledger takes it. Signed by the key that owns `next` from then on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleAcceptance {
    /// The seller's stream.
    pub stream: StreamId,
    /// The sale.
    pub sale: GrantId,
    /// The buyer's stream, which nobody has opened yet.
    pub next: StreamId,
    /// Hash of the signed terms: the buyer signs what the seller offered.
    pub terms: Hash32,
    /// Liens that stand against the car and that the buyer takes over knowingly; at most `LIENS_MAX`.
    pub liens: Vec<FlagId>,
    /// The key out of the handover, whose hash the offer named.
    pub code: VerifyingKey,
    /// Its signature over the [`SaleClaim`].
    pub claim: crate::key::Signature,
}
