//! The device's secret under a passkey. Format: `docs/formats/passkey.md`.
//!
//! The authenticator evaluates its pseudorandom function (WebAuthn Level 3, `prf`) over a salt that lies in the
//! envelope; its output never leaves the device and stands for a passphrase here. It is one way to unlock beside the
//! passphrase, never the only one.

use crate::{
    device::{DeviceSecret, SealedSecret},
    error::OpenError,
    kdf::expand,
    secret::Secret,
};
use carnet_protocol::{Blob, domain::Domain, encoding, id::Hash32, key::AeadNonce, record::Suite};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

/// Longest credential id, bytes (WebAuthn Level 3, section 4).
pub const CREDENTIAL_MAX: usize = 1_023;

/// Bytes over which the authenticator is asked to evaluate its function.
pub const PRF_SALT_LEN: usize = 32;

/// A device's secret sealed under a passkey; canonical CBOR where it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyEnvelope {
    /// Cipher suite.
    pub suite: Suite,
    /// The authenticator's name for the passkey, 1 to 1,023 bytes.
    pub credential: Blob,
    /// 32 random bytes: the input of the authenticator's function.
    pub salt: Blob,
    /// Random.
    pub nonce: AeadNonce,
    /// Commits to the key.
    pub commitment: Hash32,
    /// 32 bytes and a tag of 16.
    pub sealed: Blob,
}

/// Seals the device's secret under what the authenticator's function gave for `salt`.
///
/// # Errors
/// [`OpenError`] when credential or salt are not of the lengths above.
pub fn seal_passkey(
    device: &DeviceSecret,
    credential: &[u8],
    salt: &[u8],
    output: &Secret<32>,
    rng: &mut impl CryptoRng,
) -> Result<PasskeyEnvelope, OpenError> {
    check(credential, salt)?;
    let (suite, credential, salt) = (Suite::Classic, Blob(credential.to_vec()), Blob(salt.to_vec()));
    let aad = associated(suite, &credential, &salt);
    let SealedSecret { nonce, commitment, sealed } = SealedSecret::seal(device.secret(), &derive(output), &aad, rng);
    Ok(PasskeyEnvelope { suite, credential, salt, nonce, commitment, sealed })
}

/// Opens the device's secret.
///
/// # Errors
/// [`OpenError`]: another passkey, or another envelope than was made.
pub fn open_passkey(envelope: &PasskeyEnvelope, output: &Secret<32>) -> Result<DeviceSecret, OpenError> {
    let PasskeyEnvelope { suite, credential, salt, nonce, commitment, sealed } = envelope;
    check(credential, salt)?;
    let aad = associated(*suite, credential, salt);
    SealedSecret::open(&derive(output), &aad, nonce, commitment, sealed).map(DeviceSecret::from_secret)
}

fn check(credential: &[u8], salt: &[u8]) -> Result<(), OpenError> {
    let fits = (1..=CREDENTIAL_MAX).contains(&credential.len()) && salt.len() == PRF_SALT_LEN;
    if fits { Ok(()) } else { Err(OpenError) }
}

fn derive(output: &Secret<32>) -> Secret<64> {
    expand(output, Domain::DERIVE_PASSKEY, &[])
}

fn associated(suite: Suite, credential: &Blob, salt: &Blob) -> Vec<u8> {
    [Domain::SEAL_PASSKEY.as_bytes(), &encoding::encode(&(suite, credential, salt))].concat()
}
