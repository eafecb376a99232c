//! The device's secret, or that of an export, under a passphrase. Format: `docs/formats/passphrase.md`.

use crate::{
    device::{DeviceSecret, SealedSecret},
    error::OpenError,
    kdf::{KdfError, check_cost, expand, stretch},
    secret::Secret,
};
use carnet_protocol::{Blob, domain::Domain, encoding, id::Hash32, key::AeadNonce, link::Argon2Params, record::Suite};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

const SALT_LEN: usize = 16;

/// A secret sealed under a passphrase; canonical CBOR where it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassphraseEnvelope {
    /// Cipher suite.
    pub suite: Suite,
    /// Cost of stretching the passphrase.
    pub cost: Argon2Params,
    /// 16 random bytes.
    pub salt: Blob,
    /// Random.
    pub nonce: AeadNonce,
    /// Commits to the key, so that one envelope cannot be made to test many passphrases at once.
    pub commitment: Hash32,
    /// 32 bytes and a tag of 16.
    pub sealed: Blob,
}

/// The secret did not come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseError {
    /// The envelope's cost is refused, or memory is short.
    #[error(transparent)]
    Kdf(#[from] KdfError),
    /// A wrong passphrase, or another envelope than was made.
    #[error("the passphrase does not open this wallet: check for typing errors")]
    Open(#[from] OpenError),
}

/// Seals the device's secret under a passphrase. Where nothing speaks against it, `cost` is [`crate::argon2_default`].
///
/// # Errors
/// [`KdfError`].
pub fn seal_passphrase(
    device: &DeviceSecret,
    passphrase: &str,
    cost: Argon2Params,
    rng: &mut impl CryptoRng,
) -> Result<PassphraseEnvelope, KdfError> {
    seal_secret(device.secret(), passphrase, cost, rng)
}

/// The same for any secret.
pub(crate) fn seal_secret(
    secret: &Secret<32>,
    passphrase: &str,
    cost: Argon2Params,
    rng: &mut impl CryptoRng,
) -> Result<PassphraseEnvelope, KdfError> {
    let mut salt = [0; SALT_LEN];
    rng.fill_bytes(&mut salt);
    let keys = derive(passphrase, &salt, cost)?;
    let suite = Suite::Classic;
    let SealedSecret { nonce, commitment, sealed } =
        SealedSecret::seal(secret, &keys, &associated(suite, cost, &salt), rng);
    Ok(PassphraseEnvelope { suite, cost, salt: Blob(salt.to_vec()), nonce, commitment, sealed })
}

/// Opens the device's secret. Takes as long as stretching takes.
///
/// # Errors
/// [`PassphraseError`]; a cost outside the bounds is refused before anything is computed.
pub fn open_passphrase(envelope: &PassphraseEnvelope, passphrase: &str) -> Result<DeviceSecret, PassphraseError> {
    open_secret(envelope, passphrase).map(DeviceSecret::from_secret)
}

/// The same for any secret.
pub(crate) fn open_secret(envelope: &PassphraseEnvelope, passphrase: &str) -> Result<Secret<32>, PassphraseError> {
    check_cost(envelope.cost)?;
    let salt = envelope.salt.first_chunk::<SALT_LEN>().filter(|salt| salt.len() == envelope.salt.len());
    let salt = salt.ok_or(OpenError)?;
    let keys = derive(passphrase, salt, envelope.cost)?;
    let aad = associated(envelope.suite, envelope.cost, salt);
    let PassphraseEnvelope { nonce, commitment, sealed, .. } = envelope;
    Ok(SealedSecret::open(&keys, &aad, nonce, commitment, sealed)?)
}

fn derive(passphrase: &str, salt: &[u8; SALT_LEN], cost: Argon2Params) -> Result<Secret<64>, KdfError> {
    Ok(expand(&stretch(passphrase, salt, cost)?, Domain::DERIVE_PASSPHRASE, &[]))
}

fn associated(suite: Suite, cost: Argon2Params, salt: &[u8; SALT_LEN]) -> Vec<u8> {
    [Domain::SEAL_PASSPHRASE.as_bytes(), &encoding::encode(&(suite, cost, Blob(salt.to_vec())))].concat()
}
