//! Keyring versions: sealed under a key that is wrapped for the words and for each device, signed by a device of the
//! account's list. Format: `docs/formats/keyring.md`.

use crate::{
    aead::{Cipher, NONCE_LEN, random_nonce},
    device::DeviceList,
    error::{KeyError, OpenError},
    hash::digest,
    hpke,
    kdf::expand,
    padding,
    sealing::SealingSecret,
    secret::Secret,
    signature::{SignatureError, SigningKey, verify_detached},
};
use carnet_protocol::{
    api::body::StoredKeyring,
    domain::Domain,
    encoding,
    key::{SealingKey, VerifyingKey},
    keyring::{KeyringVersion, KeyringWrap},
    record::Suite,
};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, Zeroizing};

const COMMITMENT_LEN: usize = 32;

/// What a keyring version belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyringPlace {
    /// The account.
    pub account: VerifyingKey,
    /// [`DeviceList::epoch`] of the list it was written for.
    pub epoch: u64,
}

impl From<&DeviceList> for KeyringPlace {
    fn from(list: &DeviceList) -> Self {
        Self { account: list.account(), epoch: list.epoch() }
    }
}

/// The key of an account's keyring from one removal of a device to the next.
#[derive(Debug)]
pub struct KeyringKey(Secret<32>);

impl KeyringKey {
    /// A fresh one.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self(Secret::generate(rng))
    }

    /// A second copy, for the next version.
    pub fn duplicate(&self) -> Self {
        Self(self.0.duplicate())
    }

    /// Seals one version of a keyring: suite (1), nonce (12), key commitment (32), ciphertext and tag (16).
    pub fn seal(&self, place: KeyringPlace, version: u64, plaintext: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
        let keys = self.derive();
        let (encryption, commitment) = split(keys.expose());
        let nonce = random_nonce(rng);
        let padded = Zeroizing::new(padding::pad(plaintext));
        let text = Cipher::new(encryption).seal(&nonce.0, &associated(place, version), &padded);
        [&[u8::from(Suite::Classic)], nonce.0.as_slice(), commitment, &text].concat()
    }

    /// Opens the version of a keyring that the caller asked for; another one does not open.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(&self, place: KeyringPlace, version: u64, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (suite, rest) = sealed.split_first().ok_or(OpenError)?;
        Suite::try_from(*suite).map_err(|_| OpenError)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE_LEN>().ok_or(OpenError)?;
        let (found, text) = rest.split_first_chunk::<COMMITMENT_LEN>().ok_or(OpenError)?;
        let keys = self.derive();
        let (encryption, commitment) = split(keys.expose());
        if !bool::from(found.as_slice().ct_eq(commitment)) {
            return Err(OpenError);
        }
        let padded = Zeroizing::new(Cipher::new(encryption).open(nonce, &associated(place, version), text)?);
        let range = padding::unpad(&padded)?;
        Ok(Zeroizing::new(padded[range].to_vec()))
    }

    /// Wraps the key for the words or a device.
    ///
    /// # Errors
    /// [`KeyError::WeakPoint`] when nothing can be sealed to `to`.
    pub fn wrap(&self, place: KeyringPlace, to: SealingKey, rng: &mut impl CryptoRng) -> Result<KeyringWrap, KeyError> {
        let aad = wrap_associated(place, &to);
        let context = hpke::Context { info: Domain::WRAP_KEYRING.as_bytes(), aad: &aad, shared: None };
        let (enc, sealed) = hpke::seal(self.0.expose(), &to, context, rng)?;
        Ok(KeyringWrap { to, enc, sealed })
    }

    /// Unwraps the key with the words' or a device's secret.
    ///
    /// # Errors
    /// [`OpenError`], also where it is wrapped for others alone.
    pub fn unwrap(place: KeyringPlace, wraps: &[KeyringWrap], by: &SealingSecret) -> Result<Self, OpenError> {
        let to = by.public();
        let wrap = wraps.iter().find(|wrap| wrap.to == to).ok_or(OpenError)?;
        let aad = wrap_associated(place, &to);
        let context = hpke::Context { info: Domain::WRAP_KEYRING.as_bytes(), aad: &aad, shared: None };
        let mut bytes = hpke::open(&wrap.enc, &wrap.sealed, by.private(), context)?;
        let key = Secret::from_slice(&bytes).map(Self).map_err(|_| OpenError);
        bytes.zeroize();
        key
    }

    fn derive(&self) -> Secret<64> {
        expand(&self.0, Domain::DERIVE_KEYRING, &[])
    }
}

/// Signs a version with a device's key; `signature` and `by` of `stored` are set.
pub fn sign_keyring(devices: &DeviceList, stored: &mut StoredKeyring, by: &SigningKey) {
    stored.by = by.verifying_key();
    stored.signature = by.sign_detached(&named(devices, stored));
}

/// Verifies that a version is of this list, wrapped for exactly those on it, and signed by one of them.
///
/// # Errors
/// [`SignatureError`].
pub fn verify_keyring(devices: &DeviceList, stored: &StoredKeyring) -> Result<(), SignatureError> {
    if !devices.is_active(stored.by) {
        return Err(SignatureError::OtherSigner);
    }
    let wrapped_for = stored.wraps.iter().map(|wrap| wrap.to);
    if stored.devices != devices.entries() || !wrapped_for.eq(devices.recipients()) {
        return Err(SignatureError::Invalid);
    }
    verify_detached(&named(devices, stored), &stored.by, &stored.signature)
}

fn named(devices: &DeviceList, stored: &StoredKeyring) -> KeyringVersion {
    KeyringVersion {
        account: devices.account(),
        version: stored.version,
        devices: devices.head(),
        wraps: digest(Domain::HASH_KEYRING_WRAPS, &encoding::encode(&stored.wraps)),
        sealed: digest(Domain::HASH_KEYRING, &stored.sealed),
    }
}

fn associated(place: KeyringPlace, version: u64) -> Vec<u8> {
    let KeyringPlace { account, epoch } = place;
    let suite = [u8::from(Suite::Classic)];
    let parts = [Domain::SEAL_KEYRING.as_bytes(), &suite, account.as_bytes(), &epoch.to_be_bytes()];
    [parts.concat().as_slice(), &version.to_be_bytes()].concat()
}

fn wrap_associated(place: KeyringPlace, to: &SealingKey) -> Vec<u8> {
    [place.account.as_bytes().as_slice(), &place.epoch.to_be_bytes(), to.as_bytes()].concat()
}

fn split(keys: &[u8; 64]) -> (&[u8; 32], &[u8]) {
    keys.split_first_chunk().expect("64 bytes hold 32")
}
