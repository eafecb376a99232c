//! A passport's proof as a file, to be checked again by anyone, without the relay and without this wallet.
//!
//! Format: `docs/formats/bundle.md`.

use crate::{
    finding::Finding,
    head::leaf_hashes,
    policy::{Freshness, Policy, PolicyError},
    verifier::{Leaves, Verified, Verifier},
};
use carnet_protocol::{
    day::Timestamp,
    encoding::{self, DecodeError},
    ledger::Leaf,
    proof::{Bundle, StreamProof},
};

/// The version of the format.
const VERSION: u8 = 1;

/// A bundle cannot be checked at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// The file is no bundle.
    #[error("the file is no proof bundle: {0}")]
    Malformed(#[from] DecodeError),
    /// It is of a later version.
    #[error("the bundle has version {0}; this program knows version {VERSION}")]
    Version(u8),
    /// The policy inside cannot be read.
    #[error("the bundle's own policy is not usable: {0}")]
    Policy(#[from] PolicyError),
    /// The proof does not hold.
    #[error(transparent)]
    Finding(#[from] Finding),
}

/// Puts a bundle together from what was checked, with the leaves that were checked with it.
pub fn make(policy: &Policy, verified: &Verified, proof: &StreamProof, leaves: &[Leaf], now: Timestamp) -> Bundle {
    Bundle {
        version: VERSION,
        made_at: now,
        policy: policy.text().to_owned(),
        stream: verified.head.stream,
        proof: StreamProof { consistency: Vec::new(), ..proof.clone() },
        leaves: leaf_hashes(leaves),
    }
}

/// Reads a bundle from its file.
///
/// # Errors
/// [`BundleError::Malformed`], [`BundleError::Version`].
pub fn parse(bytes: &[u8]) -> Result<Bundle, BundleError> {
    let bundle: Bundle = encoding::decode(bytes)?;
    if bundle.version == VERSION { Ok(bundle) } else { Err(BundleError::Version(bundle.version)) }
}

/// Checks a bundle by a policy of one's own, or else by the one inside. Cosignatures must have been fresh when the
/// bundle was made, by its own word: see how long ago that is.
///
/// # Errors
/// [`BundleError`].
pub fn verify(bundle: &Bundle, own: Option<&Policy>) -> Result<Verified, BundleError> {
    let inside = Policy::parse(&bundle.policy)?;
    let freshness = Freshness::At(bundle.made_at);
    let verifier = Verifier { policy: own.unwrap_or(&inside), ledger: None, seen: None, freshness };
    Ok(verifier.stream(&bundle.stream, &bundle.proof, Leaves::Hashes(&bundle.leaves))?)
}
