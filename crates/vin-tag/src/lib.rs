//! The tag that stands for a car's VIN on the ledger: a verifiable oblivious pseudorandom function (RFC 9497,
//! ristretto255-SHA512), evaluated by the consortium for its members.
//!
//! Who asks learns one tag and nothing of the key; who answers learns neither VIN nor tag, and proves that it used the
//! key that the ledger names. Without asking, nobody can tell which tag is whose, though there are few VINs to try:
//! that is why a plain hash would not do. Format: `docs/formats/vin-tag.md`; why here: `docs/decisions/vin-tag.md`.
//!
//! ```text
//! member:     Blinded::new(vin) ── question ──►  consortium: Evaluator::evaluate
//!             finish(answer, key named on the ledger)  ◄── answer with proof ──
//! ```

mod ask;
mod evaluator;
mod randomness;
mod suite;
mod vin;

pub use ask::Blinded;
pub use evaluator::Evaluator;
pub use vin::Vin;

/// Why there is no tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VinTagError {
    /// Not a complete VIN.
    #[error("a VIN has 17 letters and digits without I, O and Q")]
    NotAVin,
    /// A point or number that is not well formed, or the neutral point.
    #[error("the evaluation's bytes are not well formed")]
    Malformed,
    /// The answer was not made with the key that the ledger names.
    #[error("the evaluation was not made with the consortium's key")]
    Proof,
}

/// The suite.
type Suite = suite::Ristretto255;
