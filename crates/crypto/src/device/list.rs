//! The account's list of devices: who is on it follows from its entries, each signed by who might.

use crate::{
    hash::digest,
    sealing::check_sealing_key,
    signature::{SigningKey, check_verifying_key, verify},
};
use carnet_protocol::{
    day::Timestamp,
    device::{DeviceChange, DeviceEntry, DeviceKeys},
    domain::Domain,
    encoding,
    id::Hash32,
    key::{SealingKey, VerifyingKey},
    limits::{DEVICE_ENTRIES_MAX, DEVICES_BY_DEVICES_MAX, DEVICES_EVER_MAX, DEVICES_MAX},
    signed::Signed,
};

/// An entry may not stand where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// The list has no beginning, or a second one.
    #[error("a device list begins once, with its account")]
    Beginning,
    /// It does not continue the entry before, or is another account's.
    #[error("the entry does not continue this list")]
    OutOfPlace,
    /// Signed by who is not on the list, or no longer; or the signature is wrong.
    #[error("the entry is not signed by who may change the list")]
    Signer,
    /// The device's keys cannot be used, or were on the list before.
    #[error("the device cannot be added")]
    Keys,
    /// There is no such device.
    #[error("there is no such device on the list")]
    Unknown,
    /// Too many devices, or too many entries.
    #[error("the list is full")]
    Full,
}

/// A device that is, or was, on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    /// Its keys.
    pub keys: DeviceKeys,
    /// When it was added.
    pub added_at: Timestamp,
    /// When it was removed.
    pub removed_at: Option<Timestamp>,
}

/// A list that was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceList {
    account: VerifyingKey,
    words: SealingKey,
    entries: Vec<Signed<DeviceEntry>>,
    devices: Vec<Device>,
    head: Hash32,
}

impl DeviceList {
    /// The list of a new account, with its first device.
    ///
    /// # Errors
    /// [`DeviceError::Keys`].
    pub fn begin(
        account: &SigningKey,
        words: SealingKey,
        device: DeviceKeys,
        at: Timestamp,
    ) -> Result<Self, DeviceError> {
        let name = account.verifying_key();
        let change = DeviceChange::Begin { words };
        let entry = DeviceEntry { account: name, sequence: 0, previous: Hash32([0; 32]), at, change };
        let mut list = Self::verify(name, vec![account.sign(&entry)])?;
        list.append(list.entry(account, DeviceChange::Add { device }, at))?;
        Ok(list)
    }

    /// Checks a list as it was received.
    ///
    /// # Errors
    /// [`DeviceError`], of the first entry that may not stand.
    pub fn verify(account: VerifyingKey, entries: Vec<Signed<DeviceEntry>>) -> Result<Self, DeviceError> {
        if entries.len() > DEVICE_ENTRIES_MAX {
            return Err(DeviceError::Full);
        }
        let mut entries = entries.into_iter();
        let first = entries.next().ok_or(DeviceError::Beginning)?;
        let entry = verify(&first).map_err(|_| DeviceError::Signer)?;
        let DeviceChange::Begin { words } = entry.change else { return Err(DeviceError::Beginning) };
        if first.key != account {
            return Err(DeviceError::Signer);
        }
        if entry.account != account || entry.sequence != 0 || entry.previous != Hash32([0; 32]) {
            return Err(DeviceError::OutOfPlace);
        }
        check_sealing_key(&words).map_err(|_| DeviceError::Keys)?;
        let head = hash(&first);
        let mut list = Self { account, words, entries: vec![first], devices: Vec::new(), head };
        for entry in entries {
            list.append(entry)?;
        }
        Ok(list)
    }

    /// Signs the next entry; [`Self::append`] then judges it.
    pub fn entry(&self, by: &SigningKey, change: DeviceChange, at: Timestamp) -> Signed<DeviceEntry> {
        let sequence = self.entries.len() as u64;
        by.sign(&DeviceEntry { account: self.account, sequence, previous: self.head, at, change })
    }

    /// Takes the next entry over.
    ///
    /// # Errors
    /// [`DeviceError`]; the list is as before.
    pub fn append(&mut self, signed: Signed<DeviceEntry>) -> Result<(), DeviceError> {
        if signed.key != self.account && !self.is_active(signed.key) {
            return Err(DeviceError::Signer);
        }
        let entry = verify(&signed).map_err(|_| DeviceError::Signer)?;
        if (entry.account, entry.sequence, entry.previous) != (self.account, self.entries.len() as u64, self.head) {
            return Err(DeviceError::OutOfPlace);
        }
        match entry.change {
            DeviceChange::Begin { .. } => return Err(DeviceError::Beginning),
            DeviceChange::Add { device } => self.add(device, signed.key == self.account, entry.at)?,
            DeviceChange::Remove { device } => self.remove(device, entry.at)?,
        }
        self.head = hash(&signed);
        self.entries.push(signed);
        Ok(())
    }

    /// The words find room where devices find none: else one that was stolen could shut them out.
    fn add(&mut self, keys: DeviceKeys, by_words: bool, added_at: Timestamp) -> Result<(), DeviceError> {
        check_verifying_key(&keys.sign).map_err(|_| DeviceError::Keys)?;
        check_sealing_key(&keys.seal).map_err(|_| DeviceError::Keys)?;
        let known = |device: &Device| device.keys.sign == keys.sign || device.keys.seal == keys.seal;
        if keys.sign == self.account || keys.seal == self.words || self.devices.iter().any(known) {
            return Err(DeviceError::Keys);
        }
        let ever = if by_words { DEVICES_EVER_MAX } else { DEVICES_BY_DEVICES_MAX };
        if self.devices.len() >= ever || !by_words && self.active().count() >= DEVICES_MAX {
            return Err(DeviceError::Full);
        }
        self.devices.push(Device { keys, added_at, removed_at: None });
        Ok(())
    }

    fn remove(&mut self, device: VerifyingKey, at: Timestamp) -> Result<(), DeviceError> {
        let mut active = self.devices.iter_mut().filter(|known| known.removed_at.is_none());
        active.find(|known| known.keys.sign == device).ok_or(DeviceError::Unknown)?.removed_at = Some(at);
        Ok(())
    }

    /// Whose list it is.
    pub fn account(&self) -> VerifyingKey {
        self.account
    }

    /// The entries as signed.
    pub fn entries(&self) -> &[Signed<DeviceEntry>] {
        &self.entries
    }

    /// The hash of the last entry: names the list as a whole.
    pub fn head(&self) -> Hash32 {
        self.head
    }

    /// The devices on it.
    pub fn active(&self) -> impl Iterator<Item = &Device> {
        self.devices.iter().filter(|device| device.removed_at.is_none())
    }

    /// A device that is or was on it.
    pub fn device(&self, name: VerifyingKey) -> Option<&Device> {
        self.devices.iter().find(|device| device.keys.sign == name)
    }

    /// Whether a device is on it now.
    pub fn is_active(&self, name: VerifyingKey) -> bool {
        self.active().any(|device| device.keys.sign == name)
    }

    /// How many devices were removed: the number of the key that seals the keyring from the last removal on.
    pub fn epoch(&self) -> u64 {
        self.devices.iter().filter(|device| device.removed_at.is_some()).count() as u64
    }

    /// For whom the keyring's key is wrapped: the words, then the devices in order.
    pub fn recipients(&self) -> impl Iterator<Item = SealingKey> {
        core::iter::once(self.words).chain(self.active().map(|device| device.keys.seal))
    }

    /// Whether this is `older` with nothing or something added.
    pub fn continues(&self, older: &[Signed<DeviceEntry>]) -> bool {
        self.entries.starts_with(older)
    }
}

fn hash(entry: &Signed<DeviceEntry>) -> Hash32 {
    digest(Domain::HASH_DEVICE, &encoding::encode(entry))
}
