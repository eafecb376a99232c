//! A sealed keyring: who may open it, under which key, and in which version. Format: `docs/formats/keyring.md`.

use crate::{
    error::{Distrust, WalletError},
    keyring::Keyring,
};
use carnet_crypto::{
    device::{DeviceError, DeviceList, DeviceSecret},
    keyring::{KeyringKey, KeyringPlace, sign_keyring, verify_keyring},
    root::Root,
    sealing::SealingSecret,
    signature::SigningKey,
};
use carnet_protocol::{
    Blob,
    api::body::StoredKeyring,
    day::Timestamp,
    device::{DeviceChange, DeviceEntry},
    key::{Signature, VerifyingKey},
    keyring::KeyringWrap,
    signed::Signed,
};
use rand_core::CryptoRng;

/// What stays from one version to the next while no device comes or goes.
pub(crate) struct Ring {
    /// The devices.
    pub devices: DeviceList,
    key: KeyringKey,
    wraps: Vec<KeyringWrap>,
}

impl Ring {
    /// A new account's, with its first device.
    pub fn begin(root: &Root, device: &DeviceSecret, now: Timestamp, rng: &mut impl CryptoRng) -> Self {
        let words = root.sealing_secret().public();
        let devices = DeviceList::begin(&root.account_key(), words, device.keys(), now);
        Self::anew(devices.expect("freshly drawn keys can be used"), rng)
    }

    /// With a fresh key, for those on the list.
    fn anew(devices: DeviceList, rng: &mut impl CryptoRng) -> Self {
        Self { key: KeyringKey::generate(rng), wraps: Vec::new(), devices }.wrapped(rng)
    }

    /// With a wrap for each on the list; those that are there stay.
    fn wrapped(mut self, rng: &mut impl CryptoRng) -> Self {
        let place = KeyringPlace::from(&self.devices);
        let wrap = |to| match self.wraps.iter().find(|wrap| wrap.to == to) {
            Some(wrap) => wrap.clone(),
            None => self.key.wrap(place, to, rng).expect("keys on a verified list can be sealed to"),
        };
        self.wraps = self.devices.recipients().map(wrap).collect();
        self
    }

    /// Opens a version, wherever it comes from, with the words' or a device's secret.
    ///
    /// # Errors
    /// [`Distrust::Keyring`], also where its device list does not continue the one that is known.
    pub fn open(
        account: VerifyingKey,
        stored: &StoredKeyring,
        by: &SealingSecret,
        known: &[Signed<DeviceEntry>],
    ) -> Result<(Self, Keyring), WalletError> {
        let untrusted = || WalletError::Untrusted { what: Distrust::Keyring };
        let devices = DeviceList::verify(account, stored.devices.clone()).map_err(|_| untrusted())?;
        if !devices.continues(known) {
            return Err(untrusted());
        }
        verify_keyring(&devices, stored).map_err(|_| untrusted())?;
        let place = KeyringPlace::from(&devices);
        let key = KeyringKey::unwrap(place, &stored.wraps, by).map_err(|_| untrusted())?;
        let plaintext = key.open(place, stored.version, &stored.sealed).map_err(|_| untrusted())?;
        let mut keyring = Keyring::decode(&plaintext).map_err(|_| untrusted())?;
        // A device that wrote it cannot have been in an epoch that its own list does not have.
        keyring.bound_by(devices.epoch());
        Ok((Self { devices, key, wraps: stored.wraps.clone() }, keyring))
    }

    /// The ring after a device came or went. After a removal it has another key.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn changed(
        &self,
        by: &SigningKey,
        change: DeviceChange,
        now: Timestamp,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, DeviceError> {
        let mut devices = self.devices.clone();
        devices.append(devices.entry(by, change, now))?;
        if devices.epoch() != self.devices.epoch() {
            return Ok(Self::anew(devices, rng));
        }
        Ok(Self { key: self.key.duplicate(), wraps: self.wraps.clone(), devices }.wrapped(rng))
    }

    /// A version of the keyring, sealed and signed by a device.
    pub fn seal(&self, keyring: &Keyring, version: u64, by: &SigningKey, rng: &mut impl CryptoRng) -> StoredKeyring {
        let sealed = self.key.seal(KeyringPlace::from(&self.devices), version, &keyring.encode(), rng);
        let mut stored = StoredKeyring {
            version,
            devices: self.devices.entries().to_vec(),
            wraps: self.wraps.clone(),
            sealed: Blob(sealed),
            by: by.verifying_key(),
            signature: Signature([0; 64]),
        };
        sign_keyring(&self.devices, &mut stored, by);
        stored
    }
}
