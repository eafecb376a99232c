//! Locked and unlocked: making a wallet, opening it, bringing it back, locking it.
//!
//! Keys exist only inside [`Unlocked`]; locking drops it, and with it every secret and everything opened with them.

use crate::{
    closed::{Settings, closed_status},
    command::Answer,
    device::Installation,
    error::{Distrust, WalletError},
    journal::Opened,
    keyring::{Keyring, VehicleKeys},
    ring::Ring,
    row::{self, Space},
    shown::FirstScreens,
    store::{Batch, Store, Table},
    sync::SyncState,
    transport::Transport,
    view::WalletState,
    wallet::{Context, Wallet},
};
use carnet_crypto::{
    KdfError,
    device::DeviceSecret,
    local::LocalKey,
    passphrase::seal_passphrase,
    sealing::SealingSecret,
    signature::SigningKey,
    words::{RecoveryWords, WordsError},
};
use carnet_protocol::{api::body::StoredKeyring, encoding, key::VerifyingKey};
use rand_core::CryptoRng;
use std::collections::HashMap;

/// Characters that a passphrase needs at least.
const PASSPHRASE_MIN: u32 = 10;

/// Whether the keys are in memory.
pub(crate) enum Session {
    /// They are not: there is no wallet, or it is locked.
    Closed,
    /// They are.
    Unlocked(Box<Unlocked>),
}

/// An open wallet.
pub(crate) struct Unlocked {
    /// What this device is.
    pub device: DeviceSecret,
    /// Signs keyring versions and requests for them.
    pub sign: SigningKey,
    /// Opens the keyring's key.
    pub seal: SealingSecret,
    /// Seals rows of the store.
    pub local: LocalKey,
    /// Names the account.
    pub account: VerifyingKey,
    /// Who may open the keyring, and how it is sealed.
    pub ring: Ring,
    /// The secrets.
    pub keyring: Keyring,
    /// The keyring's version.
    pub version: u64,
    /// The keyring's row as read or written last: the condition of every change.
    pub row: Vec<u8>,
    /// Passports opened since unlocking.
    pub opened: HashMap<Space, Opened>,
    /// First screens of cars that are not opened.
    pub shown: FirstScreens,
}

impl Session {
    /// The open wallet.
    ///
    /// # Errors
    /// [`WalletError::Locked`].
    pub fn unlocked(&self) -> Result<&Unlocked, WalletError> {
        match self {
            Session::Unlocked(unlocked) => Ok(unlocked),
            Session::Closed => Err(WalletError::Locked),
        }
    }

    /// See [`Self::unlocked`].
    pub fn unlocked_mut(&mut self) -> Result<&mut Unlocked, WalletError> {
        match self {
            Session::Unlocked(unlocked) => Ok(unlocked),
            Session::Closed => Err(WalletError::Locked),
        }
    }
}

impl Unlocked {
    fn new(device: DeviceSecret, account: VerifyingKey, row: Vec<u8>) -> Result<Self, WalletError> {
        let (sign, seal, local) = (device.signing_key(), device.sealing_secret(), device.local_key());
        let (version, ring, keyring) = open_row(account, &seal, &row)?;
        let (opened, shown) = (HashMap::new(), FirstScreens::default());
        Ok(Self { device, sign, seal, local, account, ring, keyring, version, row, opened, shown })
    }

    /// Goes on with a keyring that another tab or device wrote. A car that is gone in it, or came back with keys of its own,
    /// has another journal than the one in memory.
    pub fn take_over(&mut self, version: u64, ring: Ring, keyring: Keyring, row: Vec<u8>) {
        let writes = |keys: &VehicleKeys| keys.signing_key().verifying_key();
        let goes_on =
            |before: &VehicleKeys| keyring.vehicle(before.stream).is_ok_and(|after| writes(after) == writes(before));
        for gone in self.keyring.vehicles.iter().filter(|before| !goes_on(before)) {
            let handed_over = gone.takeover.as_ref().map(|takeover| Space::from(takeover.sale));
            for space in [Space::from(gone.stream)].into_iter().chain(handed_over) {
                self.opened.remove(&space);
                self.shown.forget(space);
            }
        }
        (self.version, self.ring, self.keyring, self.row) = (version, ring, keyring, row);
    }

    /// This device's name.
    pub fn name(&self) -> VerifyingKey {
        self.sign.verifying_key()
    }
}

fn open_row(account: VerifyingKey, seal: &SealingSecret, row: &[u8]) -> Result<(u64, Ring, Keyring), WalletError> {
    let stored: StoredKeyring = encoding::decode(row).map_err(|_| WalletError::Damaged)?;
    let (ring, keyring) = Ring::open(account, &stored, seal, &[]).map_err(|_| WalletError::Damaged)?;
    Ok((stored.version, ring, keyring))
}

impl From<KdfError> for WalletError {
    fn from(error: KdfError) -> Self {
        match error {
            KdfError::TooWeak { .. } | KdfError::TooCostly { .. } => WalletError::Untrusted { what: Distrust::WeakKdf },
            KdfError::OutOfMemory => WalletError::StorageUnavailable,
        }
    }
}

pub(crate) fn check_passphrase(passphrase: &str) -> Result<(), WalletError> {
    let length = u32::try_from(passphrase.chars().count()).unwrap_or(u32::MAX);
    if length < PASSPHRASE_MIN {
        return Err(WalletError::PassphraseTooShort { length, min: PASSPHRASE_MIN });
    }
    Ok(())
}

fn check_words(drawn: &RecoveryWords, check: &[(u8, String)]) -> Result<(), WalletError> {
    let words: Vec<&str> = drawn.words().collect();
    if check.is_empty() {
        return Err(WalletError::BadInput);
    }
    for (position, typed) in check {
        if words.get(usize::from(*position)) != Some(&typed.trim().to_lowercase().as_str()) {
            return Err(WalletError::WrongWord { position: *position });
        }
    }
    Ok(())
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Takes over what another tab did to the keyring since the last command.
    pub(crate) async fn refresh(&mut self) -> Result<(), WalletError> {
        let Session::Unlocked(unlocked) = &mut self.session else { return Ok(()) };
        match self.store.read(Table::Keyring, row::KEYRING).await? {
            Some(row) if row == unlocked.row => {}
            Some(row) => {
                let (version, ring, keyring) = open_row(unlocked.account, &unlocked.seal, &row)?;
                unlocked.take_over(version, ring, keyring, row);
            }
            // Removed in another tab.
            None => self.session = Session::Closed,
        }
        Ok(())
    }

    /// Replaces the keyring together with other changes; the one way in which it is ever written.
    ///
    /// # Errors
    /// [`WalletError::Conflict`] when another tab was faster; memory and store are as before.
    pub(crate) async fn commit_keyring<R: CryptoRng>(
        &mut self,
        next: Keyring,
        batch: Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let kept = self.kept_version().await?;
        self.commit_keyring_over(kept, None, next, batch, cx).await
    }

    /// [`Self::commit_keyring`], over a version that the relay was just found to keep and that the batch notes, and
    /// under its ring.
    ///
    /// # Errors
    /// As there.
    pub(crate) async fn commit_keyring_over<R: CryptoRng>(
        &mut self,
        kept: u64,
        ring: Option<Ring>,
        mut next: Keyring,
        mut batch: Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        next.checkpoint = self.seen_note().await?.or(next.checkpoint);
        let unlocked = self.session.unlocked_mut()?;
        // One more than what the relay keeps, however often it changes before it is sent.
        let version = kept.saturating_add(1);
        let over = ring.as_ref().unwrap_or(&unlocked.ring);
        let row = encoding::encode(&over.seal(&next, version, &unlocked.sign, cx.rng));
        if row.len() > carnet_protocol::limits::KEYRING_MAX {
            return Err(WalletError::StorageFull);
        }
        batch.expect(Table::Keyring, row::KEYRING, Some(unlocked.row.clone()));
        batch.put(Table::Keyring, row::KEYRING, row.clone());
        self.store.commit(batch).await?;
        if let Some(ring) = ring {
            unlocked.ring = ring;
        }
        (unlocked.version, unlocked.row, unlocked.keyring) = (version, row, next);
        Ok(())
    }

    /// The highest keyring version that the relay is known to keep; 0 for none. Anything older from it is a rollback.
    pub(crate) async fn kept_version(&self) -> Result<u64, WalletError> {
        match self.store.read(Table::Keyring, row::KEYRING_KEPT).await? {
            None => Ok(0),
            Some(bytes) => bytes.try_into().map(u64::from_be_bytes).map_err(|_| WalletError::Damaged),
        }
    }

    pub(crate) async fn status(&self) -> Result<Answer, WalletError> {
        let mut status = closed_status(&self.store).await?;
        if let Session::Unlocked(_) = &self.session {
            status.state = WalletState::Unlocked;
        }
        Ok(Answer::Status(status))
    }

    pub(crate) async fn draw_words<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        self.expect_no_wallet().await?;
        let words = self.drawn.insert(RecoveryWords::generate(cx.rng));
        Ok(Answer::Words(words.words().map(str::to_owned).collect()))
    }

    pub(crate) async fn create_wallet<R: CryptoRng>(
        &mut self,
        check: &[(u8, String)],
        passphrase: &str,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.expect_no_wallet().await?;
        check_passphrase(passphrase)?;
        let drawn = self.drawn.as_ref().ok_or(WalletError::BadInput)?;
        check_words(drawn, check)?;
        let (root, device) = (drawn.to_root(), DeviceSecret::generate(cx.rng));
        let ring = Ring::begin(&root, &device, cx.now, cx.rng);
        let stored = ring.seal(&Keyring::new(), 1, &device.signing_key(), cx.rng);
        let new = Installation { device, account: ring.devices.account(), stored, kept: 0 };
        self.install(new, passphrase, cx).await?;
        self.drawn = None;
        self.status().await
    }

    pub(crate) async fn restore_wallet<R: CryptoRng>(
        &mut self,
        words: &str,
        passphrase: &str,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.expect_no_wallet().await?;
        check_passphrase(passphrase)?;
        let root = RecoveryWords::parse(words)?.to_root();
        let new = self.restored(&root, cx).await?;
        self.install(new, passphrase, cx).await?;
        self.status().await
    }

    /// Writes a new wallet in one commit, and opens it.
    pub(crate) async fn install<R: CryptoRng>(
        &mut self,
        new: Installation,
        passphrase: &str,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let Installation { device, account, stored, kept } = new;
        let envelope = seal_passphrase(&device, passphrase, self.kdf_cost, cx.rng)?;
        let row = encoding::encode(&stored);
        let unlocked = Unlocked::new(device, account, row.clone())?;
        let named = unlocked.local.seal_row(Table::Wallet.name(), row::ACCOUNT, account.as_bytes(), cx.rng);
        let mut batch = Batch::default();
        batch.expect(Table::Wallet, row::PASSPHRASE, None).expect(Table::Keyring, row::KEYRING, None);
        batch.put(Table::Wallet, row::PASSPHRASE, encoding::encode(&envelope));
        batch.put(Table::Wallet, row::ACCOUNT, named);
        batch.delete(Table::Wallet, row::REMOVED);
        batch.put(Table::Keyring, row::KEYRING, row);
        batch.put(Table::Keyring, row::KEYRING_KEPT, kept.to_be_bytes());
        if let Some(note) = &unlocked.keyring.checkpoint {
            batch.put(Table::Wallet, row::CHECKPOINT, note.clone().into_bytes());
        }
        match self.store.commit(batch).await.map_err(WalletError::from) {
            Err(WalletError::Conflict) => return Err(WalletError::WalletExists),
            other => other?,
        }
        self.session = Session::Unlocked(Box::new(unlocked));
        Ok(())
    }

    pub(crate) async fn unlock(&mut self, passphrase: &str) -> Result<Answer, WalletError> {
        if matches!(self.session, Session::Closed) {
            let (_, device) = self.open_with_passphrase(passphrase).await?;
            self.enter(device).await?;
        }
        self.status().await
    }

    /// Opens the session with the device's secret, whichever envelope it came out of.
    pub(crate) async fn enter(&mut self, device: DeviceSecret) -> Result<(), WalletError> {
        let named = self.store.read(Table::Wallet, row::ACCOUNT).await?.ok_or(WalletError::Damaged)?;
        let named = device.local_key().open_row(Table::Wallet.name(), row::ACCOUNT, &named);
        let account = VerifyingKey::try_from(named.map_err(|_| WalletError::Damaged)?.as_slice());
        let row = self.store.read(Table::Keyring, row::KEYRING).await?.ok_or(WalletError::Damaged)?;
        let unlocked = Unlocked::new(device, account.map_err(|_| WalletError::Damaged)?, row)?;
        self.session = Session::Unlocked(Box::new(unlocked));
        Ok(())
    }

    pub(crate) async fn lock(&mut self) -> Result<Answer, WalletError> {
        self.session = Session::Closed;
        self.drawn = None;
        self.open_link = None;
        self.meeting = None;
        self.sync = SyncState::default();
        self.status().await
    }

    pub(crate) async fn set_idle_lock(&mut self, minutes: u16) -> Result<Answer, WalletError> {
        self.session.unlocked()?;
        let mut batch = Batch::default();
        batch.put(Table::Wallet, row::SETTINGS, encoding::encode(&Settings { idle_lock_minutes: minutes }));
        self.store.commit(batch).await?;
        self.status().await
    }

    pub(crate) async fn remove_wallet(&mut self) -> Result<Answer, WalletError> {
        self.store.erase().await?;
        self.lock().await
    }

    pub(crate) async fn expect_no_wallet(&self) -> Result<(), WalletError> {
        match self.store.read(Table::Wallet, row::PASSPHRASE).await? {
            None => Ok(()),
            Some(_) => Err(WalletError::WalletExists),
        }
    }
}

impl From<WordsError> for WalletError {
    fn from(error: WordsError) -> Self {
        let position = match error {
            // People count from 1, the command from 0.
            WordsError::UnknownWord { position } => u8::try_from(position.saturating_sub(1)).ok(),
            WordsError::Count { .. } | WordsError::Checksum => None,
        };
        Self::BadWords { position }
    }
}
