//! Pairings, as the owner of a car and as the source that writes keep them.

use super::Seed;
use carnet_crypto::pairing::{CodeError, PairingCode};
use carnet_protocol::{
    category::Category,
    day::{DayRange, Timestamp},
    id::{PairingId, StreamId},
    key::VerifyingKey,
    pairing::OfferedCategory,
};
use serde::{Deserialize, Serialize};

/// Leave to write that an owner gave.
#[derive(Serialize, Deserialize)]
pub(crate) struct Pairing {
    /// Its id.
    pub pairing: PairingId,
    /// The first ten bytes are the code.
    pub code: Seed,
    /// For whom, in the owner's words.
    pub name: String,
    /// Where the source may write.
    pub categories: Vec<Category>,
    /// Which days.
    pub days: DayRange,
    /// When it was made.
    pub issued_at: Timestamp,
    /// Until when its code can be used.
    pub claim_before: Timestamp,
    /// Until when the source may write.
    pub not_after: Timestamp,
    /// When the owner ended it.
    pub ended_at: Option<Timestamp>,
}

impl Pairing {
    /// The code to show.
    ///
    /// # Errors
    /// Never: a seed is longer than a code.
    pub fn code(&self) -> Result<PairingCode, CodeError> {
        PairingCode::from_bytes(&self.code.secret().expose()[..10])
    }

    /// Whether somebody may write by it now, or may come to.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.not_after
    }
}

/// A car that a member's staff may write to.
#[derive(Serialize, Deserialize)]
pub(crate) struct PairedCar {
    /// The pairing.
    pub pairing: PairingId,
    /// The car's stream.
    pub stream: StreamId,
    /// Its owner by the proved head.
    pub owner: VerifyingKey,
    /// What its owner calls it.
    pub name: String,
    /// Where one may write. The generations are the least that are taken.
    pub categories: Vec<OfferedCategory>,
    /// Which days.
    pub days: DayRange,
    /// When it was paired.
    pub paired_at: Timestamp,
    /// Until when one may write.
    pub not_after: Timestamp,
}
