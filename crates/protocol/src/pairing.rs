//! Pairing a source with a stream: the owner's leave to write, the source's claim of it, and the offer that brings both
//! together. Format: `docs/formats/pairing.md`.

use crate::{
    Blob,
    category::Category,
    day::{DayRange, Timestamp},
    domain::Domain,
    id::{CategoryLabel, PairingId, StreamId},
    key::VerifyingKey,
    signed::{Signable, Signed},
};
use serde::{Deserialize, Serialize};

/// Leave to write to a stream. Signed by the stream's owner; claimed once, by who knows the claiming key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WriteGrant {
    /// The pairing.
    pub pairing: PairingId,
    /// The stream.
    pub stream: StreamId,
    /// Public half of the key, derived from the pairing code, that signs the claim.
    pub claim: VerifyingKey,
    /// Where the source may write, opaquely; at most one entry per category.
    pub scopes: Vec<WriteScope>,
    /// When it was made.
    pub issued_at: Timestamp,
    /// It can be claimed until then.
    pub claim_before: Timestamp,
    /// The source may write until then.
    pub not_after: Timestamp,
}

impl Signable for WriteGrant {
    const DOMAIN: Domain = Domain::SIGN_WRITE_GRANT;
}

/// One category and the days in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WriteScope {
    /// The category.
    pub label: CategoryLabel,
    /// The days.
    pub days: DayRange,
}

/// A source takes the leave. Signed by the claiming key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PairingClaim {
    /// The pairing.
    pub pairing: PairingId,
    /// The member that writes from now on.
    pub source: VerifyingKey,
}

impl Signable for PairingClaim {
    const DOMAIN: Domain = Domain::SIGN_PAIRING_CLAIM;
}

/// What the pairing code opens: everything a source needs, sealed from the relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairingOffer {
    /// The owner's leave.
    pub grant: Signed<WriteGrant>,
    /// What the owner calls the car.
    pub vehicle_name: String,
    /// The labels in words, with the generation of each category's day tree: no batch of an older one is taken.
    pub categories: Vec<OfferedCategory>,
}

/// A category that a source may write to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OfferedCategory {
    /// The category.
    pub category: Category,
    /// Its label.
    pub label: CategoryLabel,
    /// Generation of its day tree.
    pub generation: u16,
}

/// An offer at the relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedOffer {
    /// Whose it is.
    pub stream: StreamId,
    /// The relay forgets it after this time.
    pub expires: Timestamp,
    /// [`PairingOffer`], sealed under a key from the code.
    pub sealed: Blob,
}

/// The state of a pairing on the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PairingState {
    /// Who writes; `None` when it was ended before anyone claimed it.
    pub source: Option<VerifyingKey>,
    /// Where.
    pub scopes: Vec<WriteScope>,
    /// When it was claimed, or ended unclaimed.
    pub since: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
}
