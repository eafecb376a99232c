//! The devices of a wallet: which there are, what they are called, bringing one back from the words, removing one.
//!
//! The list travels inside the keyring's sealed versions, so that a device comes or goes together with the key that is
//! wrapped for those who stay. Such a change is made at the relay first; it needs the network.

mod removal;

use crate::{
    command::{Answer, DeviceCommand, Notice},
    error::WalletError,
    keyring::{DeviceName, Keyring},
    relay::Auth,
    ring::Ring,
    row,
    session::Unlocked,
    store::{Batch, Store, Table},
    transport::{Method, Transport},
    view::{DeviceView, DevicesView},
    wallet::{Context, Wallet},
};
use carnet_crypto::{
    device::{DeviceError, DeviceList, DeviceSecret},
    root::Root,
};
use carnet_protocol::{
    api::{
        ProblemCode,
        body::{DeviceRegister, DeviceSeen, KeyringUpload, StoredKeyring},
        path,
    },
    day::Timestamp,
    device::DeviceChange,
    encoding,
    key::VerifyingKey,
    limits::DEVICES_MAX,
};
use rand_core::CryptoRng;

/// How often a change is tried while other devices write, too.
const ATTEMPTS: u32 = 3;

/// Seconds to wait where they were faster each time.
const RETRY_AFTER_S: u32 = 1;

/// Longest name of a device, characters.
const NAME_MAX: usize = 60;

/// A wallet to be written into an empty browser.
pub(crate) struct Installation {
    /// This device.
    pub device: DeviceSecret,
    /// The account's name.
    pub account: VerifyingKey,
    /// The keyring, wrapped for this device.
    pub stored: StoredKeyring,
    /// The version that the relay keeps.
    pub kept: u64,
}

impl From<DeviceError> for WalletError {
    fn from(error: DeviceError) -> Self {
        match error {
            DeviceError::Full => Self::DevicesFull,
            DeviceError::Unknown => Self::NotFound,
            DeviceError::Beginning | DeviceError::OutOfPlace | DeviceError::Signer | DeviceError::Keys => {
                Self::BadInput
            }
        }
    }
}

/// A name as the owner typed it.
pub(crate) fn parse_name(name: &str) -> Result<String, WalletError> {
    let name = name.trim();
    let fits = !name.is_empty() && name.chars().count() <= NAME_MAX;
    if fits { Ok(name.to_owned()) } else { Err(WalletError::BadInput) }
}

pub(crate) fn keyring_path(account: VerifyingKey) -> String {
    path::fill(path::KEYRING, &[&account])
}

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn device<R: CryptoRng>(
        &mut self,
        command: DeviceCommand,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        match command {
            DeviceCommand::List => self.devices(cx).await,
            DeviceCommand::Rename { device, name } => self.rename_device(device, &name, cx).await,
            DeviceCommand::Remove { device, passphrase } => {
                self.open_with_passphrase(&passphrase).await?;
                self.remove_device(device, cx).await
            }
            DeviceCommand::StartMeeting => self.start_meeting(cx).await,
            DeviceCommand::Meeting => self.meeting(cx).await,
            DeviceCommand::ApproveMeeting { code, passphrase } => self.approve_meeting(&code, &passphrase, cx).await,
            DeviceCommand::CancelMeeting => Ok(self.cancel_meeting()),
            DeviceCommand::Join { link, name, passphrase } => self.join(&link, &name, passphrase, cx).await,
            DeviceCommand::Joining => self.joining(cx).await,
            DeviceCommand::CancelJoining => Ok(self.cancel_joining()),
        }
    }

    /// The list as this device knows it; when each was there last only where the relay can be asked.
    pub(crate) async fn devices<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        let seen = match self.register(cx).await {
            Ok(register) => Some(register.seen),
            Err(WalletError::Offline | WalletError::Busy { .. }) => None,
            Err(error) => return Err(error),
        };
        let asked = seen.is_some();
        Ok(Answer::Devices(DevicesView { devices: views(self.session.unlocked()?, &seen.unwrap_or_default()), asked }))
    }

    /// What the relay knows of the devices; nothing before it has the keyring.
    async fn register<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<DeviceRegister, WalletError> {
        let nothing = DeviceRegister { devices: Vec::new(), seen: Vec::new() };
        if self.kept_version().await? == 0 {
            return Ok(nothing);
        }
        let unlocked = self.session.unlocked()?;
        let path = path::fill(path::DEVICES, &[&unlocked.account]);
        Ok(self.relay(cx.now).get::<DeviceRegister>(&path, Auth::Key(&unlocked.sign), cx.rng).await?)
    }

    async fn rename_device<R: CryptoRng>(
        &mut self,
        device: VerifyingKey,
        name: &str,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let name = parse_name(name)?;
        let unlocked = self.session.unlocked()?;
        if !unlocked.ring.devices.is_active(device) {
            return Err(WalletError::NotFound);
        }
        let mut next = unlocked.keyring.duplicate()?;
        next.name_device(DeviceName { device, name, named_at: cx.now });
        self.commit_keyring(next, Batch::default(), cx).await?;
        self.tell_waiting(cx).await?;
        self.devices(cx).await
    }

    /// Changes the list at the relay, and here once it is done there.
    ///
    /// # Errors
    /// [`WalletError::Offline`]: nothing was changed, or the answer was lost and the next sync brings the change.
    pub(crate) async fn change_devices<R: CryptoRng>(
        &mut self,
        change: DeviceChange,
        name: Option<DeviceName>,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        self.meet(cx).await?;
        for _ in 0..ATTEMPTS {
            self.exchange_keyring(cx).await?;
            let kept = self.kept_version().await?;
            let unlocked = self.session.unlocked()?;
            if unlocked.version != kept {
                continue;
            }
            let ring = unlocked.ring.changed(&unlocked.sign, change, cx.now, cx.rng)?;
            let mut next = unlocked.keyring.duplicate()?;
            if let Some(name) = name.clone() {
                next.name_device(name);
            }
            let stored = ring.seal(&next, kept.saturating_add(1), &unlocked.sign, cx.rng);
            let body = encoding::encode(&KeyringUpload { replaces: kept, keyring: stored.clone() });
            let path = keyring_path(unlocked.account);
            let (request, auth, logs) = ((Method::Put, path.as_str()), Auth::Key(&unlocked.sign), self.receipt_keys());
            match self.relay(cx.now).deliver(request, auth, Some(body), &logs, cx.rng).await.receipted() {
                Ok(_) => return self.take_over(ring, next, stored, Batch::default()).await,
                Err(error) if error.is(ProblemCode::Conflict) => {}
                // The one to be removed was faster.
                Err(error) if error.is(ProblemCode::Forbidden) => return self.shut_out(cx).await,
                Err(error) if error.is(ProblemCode::Gone) => return self.heed_erasure(cx).await,
                Err(error) => return Err(error.into()),
            }
        }
        Err(WalletError::Busy { retry_after_s: RETRY_AFTER_S })
    }

    /// Puts a version that the relay keeps in the place of this device's.
    pub(crate) async fn take_over(
        &mut self,
        ring: Ring,
        keyring: Keyring,
        stored: StoredKeyring,
        mut batch: Batch,
    ) -> Result<(), WalletError> {
        let row = encoding::encode(&stored);
        let unlocked = self.session.unlocked_mut()?;
        batch.expect(Table::Keyring, row::KEYRING, Some(unlocked.row.clone()));
        batch.put(Table::Keyring, row::KEYRING, row.clone());
        Self::keep_version(stored.version, &mut batch);
        self.store.commit(batch).await?;
        unlocked.take_over(stored.version, ring, keyring, row);
        Ok(())
    }

    /// Makes this browser a device of the account whose words these are.
    ///
    /// # Errors
    /// [`WalletError::NoBackup`] when the relay keeps nothing for them.
    pub(crate) async fn restored<R: CryptoRng>(
        &mut self,
        root: &Root,
        cx: &mut Context<'_, R>,
    ) -> Result<Installation, WalletError> {
        let (words, opener) = (root.account_key(), root.sealing_secret());
        let account = words.verifying_key();
        for _ in 0..ATTEMPTS {
            let answer = self.relay(cx.now).get(&keyring_path(account), Auth::Key(&words), cx.rng).await;
            let stored: StoredKeyring = match answer {
                Err(error) if error.is(ProblemCode::NotFound) => return Err(WalletError::NoBackup),
                Err(error) if error.is(ProblemCode::Gone) => return Err(WalletError::Erased),
                other => other?,
            };
            let (mut ring, keyring) = Ring::open(account, &stored, &opener, &[])?;
            if keyring.ending {
                return Err(WalletError::Erased);
            }
            if ring.devices.active().count() >= DEVICES_MAX {
                // The words must always lead back in.
                let change = DeviceChange::Remove { device: self.longest_away(&ring.devices, root, cx).await? };
                ring = ring.changed(&words, change, cx.now, cx.rng)?;
            }
            let device = DeviceSecret::generate(cx.rng);
            ring = ring.changed(&words, DeviceChange::Add { device: device.keys() }, cx.now, cx.rng)?;
            let next = ring.seal(&keyring, stored.version.saturating_add(1), &device.signing_key(), cx.rng);
            let body = encoding::encode(&KeyringUpload { replaces: stored.version, keyring: next.clone() });
            let (path, auth, logs) = (keyring_path(account), Auth::Key(&words), self.receipt_keys());
            let request = (Method::Put, path.as_str());
            match self.relay(cx.now).deliver(request, auth, Some(body), &logs, cx.rng).await.receipted() {
                Ok(_) => return Ok(Installation { device, account, kept: next.version, stored: next }),
                Err(error) if error.is(ProblemCode::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(WalletError::Busy { retry_after_s: RETRY_AFTER_S })
    }

    /// The device that has not been there for the longest time.
    async fn longest_away<R: CryptoRng>(
        &self,
        devices: &DeviceList,
        root: &Root,
        cx: &mut Context<'_, R>,
    ) -> Result<VerifyingKey, WalletError> {
        let (path, words) = (path::fill(path::DEVICES, &[&devices.account()]), root.account_key());
        let register: DeviceRegister = self.relay(cx.now).get(&path, Auth::Key(&words), cx.rng).await?;
        let away = |name: VerifyingKey| last_seen(&register.seen, name).unwrap_or(Timestamp(0));
        let longest = devices.active().map(|device| device.keys.sign).min_by_key(|name| away(*name));
        longest.ok_or(WalletError::NotFound)
    }

    /// Gives every car a new generation of all its roots after a device was removed: what is written from then on opens
    /// with nothing that the device holds. Whichever device syncs first does it.
    pub(crate) async fn renew_generations<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        if self.renew(cx).await? {
            cx.tell(Notice::Changed(None));
            self.exchange_keyring(cx).await?;
        }
        Ok(())
    }
}

fn last_seen(seen: &[DeviceSeen], device: VerifyingKey) -> Option<Timestamp> {
    seen.iter().find(|seen| seen.device == device).map(|seen| seen.at)
}

fn views(unlocked: &Unlocked, seen: &[DeviceSeen]) -> Vec<DeviceView> {
    let name = |device| {
        let named = unlocked.keyring.devices.iter().find(|named| named.device == device);
        named.map(|named| named.name.clone()).unwrap_or_default()
    };
    let active = unlocked.ring.devices.active().map(|device| (device.keys.sign, device.added_at));
    active
        .map(|(device, added_at)| DeviceView {
            device,
            name: name(device),
            added_at,
            seen_at: last_seen(seen, device),
            this: device == unlocked.name(),
        })
        .collect()
}
