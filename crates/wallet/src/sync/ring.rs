//! The keyring between this device, the relay and the owner's other devices.

use crate::{
    error::{Distrust, WalletError},
    relay::{Auth, RelayError},
    row,
    session::{Unlocked, open_stored},
    store::{Batch, Store, Table},
    transport::{Method, Transport},
    wallet::{Context, Wallet},
};
use carnet_protocol::{
    api::{
        ProblemCode,
        body::{KeyringUpload, StoredKeyring},
        path,
    },
    encoding,
};
use rand_core::CryptoRng;

/// How often a keyring is joined with what another device wrote meanwhile, before waiting for the next sync.
const ATTEMPTS: u32 = 3;

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Sends the keyring where it is newer than what the relay keeps, and joins it with what another device sent.
    ///
    /// # Errors
    /// [`Distrust::Keyring`] when the relay offers an older one than it is known to have, or one that is not ours.
    pub(crate) async fn exchange_keyring<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        for _ in 0..ATTEMPTS {
            let kept = self.kept_version().await?;
            if kept > 0 {
                self.join_newer(kept, cx).await?;
            }
            let kept = self.kept_version().await?;
            if self.session.unlocked()?.version <= kept {
                return Ok(());
            }
            match self.send_keyring(kept, cx).await {
                Ok(()) => {}
                // Stored before and the answer lost, or another device was faster.
                Err(error) if error.is(ProblemCode::Conflict) => self.join_newer(kept, cx).await?,
                Err(error) if error.is(ProblemCode::Gone) => return self.heed_erasure(cx).await,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    async fn send_keyring<R: CryptoRng>(&mut self, kept: u64, cx: &mut Context<'_, R>) -> Result<(), RelayError> {
        let Ok(unlocked) = self.session.unlocked() else { return Ok(()) };
        let Ok(keyring) = encoding::decode::<StoredKeyring>(&unlocked.row) else { return Ok(()) };
        let sent = unlocked.row.clone();
        let body = encoding::encode(&KeyringUpload { replaces: kept, keyring });
        let path = keyring_path(unlocked);
        let account = &unlocked.account;
        let logs = self.receipt_keys();
        let request = (Method::Put, path.as_str());
        self.relay(cx.now).deliver(request, Auth::Key(account), Some(body), &logs, cx.rng).await.receipted()?;
        let mut batch = Batch::default();
        // Where another tab changed it while this was on its way, that change is still to be sent as the same version;
        // the relay then answers with a conflict, and both are joined.
        batch.expect(Table::Keyring, row::KEYRING, Some(sent));
        Self::keep_version(unlocked.version, &mut batch);
        // A failure here only repeats the request.
        let _repeated = self.store.commit(batch).await;
        Ok(())
    }

    /// Fetches the relay's keyring and takes over what another device did.
    async fn join_newer<R: CryptoRng>(&mut self, kept: u64, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        let untrusted = WalletError::Untrusted { what: Distrust::Keyring };
        let unlocked = self.session.unlocked()?;
        let path = keyring_path(unlocked);
        let answer = self.relay(cx.now).get::<StoredKeyring>(&path, Auth::Key(&unlocked.account), cx.rng).await;
        let remote = match answer {
            Err(error) if error.is(ProblemCode::NotFound) => return Err(untrusted),
            Err(error) if error.is(ProblemCode::Gone) => return self.heed_erasure(cx).await,
            other => other?,
        };
        if remote.version < kept {
            return Err(untrusted);
        }
        if remote.version == kept {
            return Ok(());
        }
        let (version, theirs) = open_stored(&unlocked.root, &remote)?;
        let mut batch = Batch::default();
        Self::keep_version(version, &mut batch);
        let ours = encoding::encode(&remote);
        if unlocked.row == ours {
            batch.expect(Table::Keyring, row::KEYRING, Some(ours));
            self.store.commit(batch).await?;
            return Ok(());
        }
        if theirs.ending && !unlocked.keyring.ending {
            return self.leave_ending().await;
        }
        let mut next = unlocked.keyring.duplicate()?;
        let checkpoint = theirs.checkpoint.clone();
        let known = theirs.vehicles.iter().flat_map(|vehicle| &vehicle.shares).map(|share| share.grant).collect();
        let parted = next.join(theirs, cx.rng)?;
        let followed = self.follow_join(&mut next, &parted, &known, &mut batch, cx).await?;
        self.adopt_checkpoint(checkpoint, cx).await?;
        // One commit: were the version noted without what was joined, it would count as read and be written over.
        self.commit_keyring_over(version, next, batch, cx).await?;
        self.settle_followed(followed, cx)
    }
}

fn keyring_path(unlocked: &Unlocked) -> String {
    path::fill(path::KEYRING, &[&unlocked.account.verifying_key()])
}
