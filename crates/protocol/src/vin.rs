//! Asking the consortium for the tag of a VIN, without telling the VIN. Making and checking: `carnet-vin-tag`;
//! format: `docs/formats/vin-tag.md`.

use crate::{bytes::byte_newtype, id::StreamId};
use serde::{Deserialize, Serialize};

byte_newtype! {
    /// A blinded VIN: ristretto255 (RFC 9496).
    BlindedVin, 32
}
byte_newtype! {
    /// Its evaluation, blinded still.
    EvaluatedVin, 32
}
byte_newtype! {
    /// Proof that the evaluation was made with the key named on the ledger (RFC 9497).
    VinProof, 64
}

/// What a member asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct VinQuestion {
    /// The VIN, blinded.
    pub blinded: BlindedVin,
}

/// What it gets; the same form and size for every VIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct VinAnswer {
    /// The evaluation.
    pub evaluated: EvaluatedVin,
    /// Its proof.
    pub proof: VinProof,
}

/// Which passport stands for a tag; the same form and size whether one does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagLookup {
    /// Whether one does.
    pub known: bool,
    /// Whether it is open.
    pub open: bool,
    /// Which; zeros where none does.
    pub stream: StreamId,
}
