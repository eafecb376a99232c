//! Co-holders of a car: the key of an invitation, and the bundle of roots. Format: `docs/formats/holder.md`.

use crate::{
    error::{KeyError, OpenError},
    hash::digest,
    hpke, kdf, padding,
    sealing::SealingSecret,
    secret::Secret,
    signature::{SignatureError, SigningKey, verify_by},
};
use carnet_protocol::{
    domain::Domain,
    encoding,
    holder::{Bundle, BundleEnvelope, BundleSecret},
    id::{Hash32, StreamId},
    key::{SealingKey, VerifyingKey},
    record::Suite,
};
use rand_core::CryptoRng;
use serde::Serialize;
use zeroize::{Zeroize as _, Zeroizing};

/// Why a bundle is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// Not signed by the owner.
    #[error("the keys of the car: {0}")]
    Signature(#[from] SignatureError),
    /// Another car's, or another co-holder's.
    #[error("the keys are of another car or for somebody else")]
    Other,
    /// The sealed part is not the one that was signed.
    #[error("the sealed part is not the one that was signed")]
    OtherSealedPart,
    /// It cannot be sealed to the co-holder's key.
    #[error("the co-holder's key: {0}")]
    HolderKey(#[from] KeyError),
    /// It does not open.
    #[error("the keys of the car: {0}")]
    Open(#[from] OpenError),
}

/// For whom a bundle is.
#[derive(Debug, Clone, Copy)]
pub struct BundleFor {
    /// The car's stream.
    pub stream: StreamId,
    /// The co-holder.
    pub holder: VerifyingKey,
    /// The key it is sealed to.
    pub seal: SealingKey,
    /// More than any before.
    pub version: u64,
}

/// All but the hash of the sealed part, bound into it; with the owner's key, so that nobody can sign it as their own.
#[derive(Serialize)]
struct Bound<'a> {
    suite: Suite,
    stream: &'a StreamId,
    owner: &'a VerifyingKey,
    holder: &'a VerifyingKey,
    seal: &'a SealingKey,
    version: u64,
}

fn associated(bundle: &Bundle, owner: &VerifyingKey) -> Vec<u8> {
    let Bundle { suite, stream, holder, seal, version, .. } = bundle;
    encoding::encode(&Bound { suite: *suite, stream, owner, holder, seal, version: *version })
}

fn sealed_hash(enc: &[u8], sealed: &[u8]) -> Hash32 {
    digest(Domain::HASH_BUNDLE, &[enc, sealed].concat())
}

/// Key material in plain memory, wiped when done with.
pub struct OpenedBundle(BundleSecret);

impl OpenedBundle {
    /// What is inside.
    pub fn secret(&self) -> &BundleSecret {
        &self.0
    }
}

impl core::fmt::Debug for OpenedBundle {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("OpenedBundle(…)")
    }
}

impl Drop for OpenedBundle {
    fn drop(&mut self) {
        let generations = self.0.categories.iter_mut().flat_map(|keys| &mut keys.generations);
        generations.flat_map(|kept| &mut kept.nodes).for_each(|node| node.key.0.zeroize());
    }
}

/// The key that answers an invitation, from the secret of its code.
pub fn invitation_key(secret: &Secret<32>, stream: &StreamId) -> SigningKey {
    SigningKey::from_seed(&kdf::expand(secret, Domain::DERIVE_INVITATION, &[stream.as_bytes()]))
}

/// Makes a bundle.
///
/// # Errors
/// [`BundleError::HolderKey`].
pub fn seal_bundle(
    to: &BundleFor,
    secret: BundleSecret,
    owner: &SigningKey,
    rng: &mut impl CryptoRng,
) -> Result<BundleEnvelope, BundleError> {
    let secret = OpenedBundle(secret);
    let BundleFor { stream, holder, seal, version } = *to;
    let mut bundle = Bundle {
        suite: Suite::Classic,
        stream,
        holder,
        seal,
        version,
        // Known once the rest is sealed, and not part of what is bound into it.
        sealed_hash: Hash32([0; 32]),
    };
    let aad = associated(&bundle, &owner.verifying_key());
    let plaintext = Zeroizing::new(padding::pad(&Zeroizing::new(encoding::encode(&secret.0))));
    let context = hpke::Context { info: Domain::SEAL_BUNDLE.as_bytes(), aad: &aad, shared: None };
    let (enc, sealed) = hpke::seal(&plaintext, &seal, context, rng)?;
    bundle.sealed_hash = sealed_hash(enc.as_bytes(), &sealed);
    Ok(BundleEnvelope { bundle: owner.sign(&bundle), enc, sealed })
}

/// Checks what can be checked without the co-holder's key.
///
/// # Errors
/// [`BundleError::Signature`], [`BundleError::OtherSealedPart`].
pub fn verify_bundle(envelope: &BundleEnvelope, owner: &VerifyingKey) -> Result<Bundle, BundleError> {
    let bundle = verify_by(&envelope.bundle, owner)?;
    if bundle.sealed_hash != sealed_hash(envelope.enc.as_bytes(), &envelope.sealed) {
        return Err(BundleError::OtherSealedPart);
    }
    Ok(bundle)
}

/// Opens a bundle of this car for this co-holder.
///
/// # Errors
/// [`BundleError`], one variant per broken rule.
pub fn open_bundle(
    envelope: &BundleEnvelope,
    seal: &SealingSecret,
    stream: &StreamId,
    holder: &VerifyingKey,
    owner: &VerifyingKey,
) -> Result<(u64, OpenedBundle), BundleError> {
    let bundle = verify_bundle(envelope, owner)?;
    if (&bundle.stream, &bundle.holder, bundle.seal) != (stream, holder, seal.public()) {
        return Err(BundleError::Other);
    }
    let aad = associated(&bundle, owner);
    let context = hpke::Context { info: Domain::SEAL_BUNDLE.as_bytes(), aad: &aad, shared: None };
    let padded = Zeroizing::new(hpke::open(&envelope.enc, &envelope.sealed, seal.private(), context)?);
    let range = padding::unpad(&padded)?;
    let secret = encoding::decode(&padded[range]).map_err(|_| OpenError)?;
    Ok((bundle.version, OpenedBundle(secret)))
}
