//! Ways to unlock beside the words: the passphrase, and passkeys. A wallet always keeps its passphrase.

use crate::{
    closed::passkeys,
    command::{Answer, Verification},
    error::WalletError,
    row,
    session::check_passphrase,
    store::{Batch, Store, Table},
    transport::Transport,
    view::PasskeyView,
    wallet::{Context, Wallet},
};
use carnet_crypto::{
    device::DeviceSecret,
    passkey::{PasskeyEnvelope, open_passkey, seal_passkey},
    passphrase::{PassphraseEnvelope, PassphraseError, open_passphrase, seal_passphrase},
    secret::Secret,
    words::RecoveryWords,
};
use carnet_protocol::{day::Timestamp, encoding};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Passkeys of one browser: with 1,023 bytes of credential each, their row stays below 20 KiB.
const PASSKEYS_MAX: usize = 16;

/// Longest name of a passkey, characters.
const NAME_MAX: usize = 60;

/// A passkey that opens this wallet.
#[derive(Serialize, Deserialize)]
pub(crate) struct Passkey {
    name: String,
    added_at: Timestamp,
    envelope: PasskeyEnvelope,
}

impl From<&Passkey> for PasskeyView {
    fn from(passkey: &Passkey) -> Self {
        let PasskeyEnvelope { credential, salt, .. } = &passkey.envelope;
        Self {
            name: passkey.name.clone(),
            added_at: passkey.added_at,
            credential: credential.0.clone(),
            salt: salt.0.clone(),
        }
    }
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// The stored envelope as bytes, and the device's secret that the passphrase opens it to.
    pub(crate) async fn open_with_passphrase(&self, passphrase: &str) -> Result<(Vec<u8>, DeviceSecret), WalletError> {
        let stored = self.store.read(Table::Wallet, row::PASSPHRASE).await?.ok_or(WalletError::NoWallet)?;
        let envelope: PassphraseEnvelope = encoding::decode(&stored).map_err(|_| WalletError::Damaged)?;
        let device = open_passphrase(&envelope, passphrase).map_err(|error| match error {
            PassphraseError::Open(_) => WalletError::WrongPassphrase,
            PassphraseError::Kdf(error) => error.into(),
        })?;
        Ok((stored, device))
    }

    /// Makes sure that whoever is at the keys now may open this wallet: an open wallet alone is no proof of that.
    ///
    /// # Errors
    /// [`WalletError::WrongPassphrase`], [`WalletError::WrongPasskey`].
    pub(crate) async fn verify(&self, verification: Verification) -> Result<(), WalletError> {
        let unlocked = self.session.unlocked()?;
        let device = match verification {
            Verification::Passphrase(passphrase) => self.open_with_passphrase(&passphrase).await?.1,
            Verification::Passkey { credential, output } => self.open_with_passkey(&credential, output).await?,
        };
        if device == unlocked.device { Ok(()) } else { Err(WalletError::Damaged) }
    }

    pub(crate) async fn change_passphrase<R: CryptoRng>(
        &mut self,
        current: &str,
        next: &str,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.session.unlocked()?;
        check_passphrase(next)?;
        let (stored, device) = self.open_with_passphrase(current).await?;
        let envelope = seal_passphrase(&device, next, self.kdf_cost, cx.rng)?;
        let mut batch = Batch::default();
        batch.expect(Table::Wallet, row::PASSPHRASE, Some(stored));
        batch.put(Table::Wallet, row::PASSPHRASE, encoding::encode(&envelope));
        self.store.commit(batch).await?;
        Ok(Answer::Done)
    }

    /// Whether these are the words of the open wallet; a rehearsal of the day on which they are needed.
    pub(crate) fn rehearse(&self, words: &str) -> Result<Answer, WalletError> {
        let unlocked = self.session.unlocked()?;
        let root = RecoveryWords::parse(words)?.to_root();
        if root.account_key().verifying_key() == unlocked.account {
            Ok(Answer::Done)
        } else {
            Err(WalletError::OtherWords)
        }
    }

    /// Writes the list of passkeys, on condition that it is still what was read.
    async fn write_passkeys(&self, before: &[Passkey], after: &[&Passkey]) -> Result<(), WalletError> {
        let before = (!before.is_empty()).then(|| encoding::encode(&before));
        let mut batch = Batch::default();
        batch.expect(Table::Wallet, row::PASSKEYS, before);
        if after.is_empty() {
            batch.delete(Table::Wallet, row::PASSKEYS);
        } else {
            batch.put(Table::Wallet, row::PASSKEYS, encoding::encode(&after));
        }
        Ok(self.store.commit(batch).await?)
    }

    /// Adds a passkey, or seals anew under one that is there already.
    pub(crate) async fn add_passkey<R: CryptoRng>(
        &mut self,
        name: &str,
        credential: &[u8],
        salt: &[u8],
        output: Vec<u8>,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let unlocked = self.session.unlocked()?;
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME_MAX {
            return Err(WalletError::BadInput);
        }
        let envelope = seal_passkey(&unlocked.device, credential, salt, &secret(output)?, cx.rng)
            .map_err(|_| WalletError::BadInput)?;
        let before = passkeys(&self.store).await?;
        let new = Passkey { name: name.to_owned(), added_at: cx.now, envelope };
        let others = before.iter().filter(|passkey| passkey.envelope.credential != new.envelope.credential);
        let after: Vec<&Passkey> = others.chain([&new]).collect();
        if after.len() > PASSKEYS_MAX {
            return Err(WalletError::BadInput);
        }
        self.write_passkeys(&before, &after).await?;
        self.status().await
    }

    pub(crate) async fn remove_passkey(&mut self, credential: &[u8]) -> Result<Answer, WalletError> {
        self.session.unlocked()?;
        let before = passkeys(&self.store).await?;
        let after: Vec<&Passkey> =
            before.iter().filter(|passkey| *passkey.envelope.credential != *credential).collect();
        if after.len() == before.len() {
            return Err(WalletError::NotFound);
        }
        self.write_passkeys(&before, &after).await?;
        self.status().await
    }

    pub(crate) async fn unlock_with_passkey(
        &mut self,
        credential: &[u8],
        output: Vec<u8>,
    ) -> Result<Answer, WalletError> {
        let device = self.open_with_passkey(credential, output).await?;
        self.enter(device).await?;
        self.status().await
    }

    async fn open_with_passkey(&self, credential: &[u8], output: Vec<u8>) -> Result<DeviceSecret, WalletError> {
        let output = secret(output)?;
        let passkeys = passkeys(&self.store).await?;
        let passkey = passkeys.iter().find(|passkey| *passkey.envelope.credential == *credential);
        let passkey = passkey.ok_or(WalletError::WrongPasskey)?;
        open_passkey(&passkey.envelope, &output).map_err(|_| WalletError::WrongPasskey)
    }
}

/// What an authenticator gave; the bytes it came in are wiped.
fn secret(output: Vec<u8>) -> Result<Secret<32>, WalletError> {
    let output = Zeroizing::new(output);
    Secret::from_slice(&output).map_err(|_| WalletError::BadInput)
}
