//! The keyring between this device, the relay and the owner's other devices.

use crate::{
    command::Notice,
    device::keyring_path,
    error::{Distrust, WalletError},
    relay::{Auth, RelayError},
    ring::Ring,
    row,
    store::{Batch, Store, Table},
    transport::{Method, Transport},
    wallet::{Context, Wallet},
};
use carnet_protocol::{
    api::{
        ProblemCode,
        body::{KeyringUpload, StoredKeyring},
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
                Err(error) if error.is(ProblemCode::Forbidden) => return self.shut_out(cx).await,
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
        let path = keyring_path(unlocked.account);
        let logs = self.receipt_keys();
        let (request, auth) = ((Method::Put, path.as_str()), Auth::Key(&unlocked.sign));
        self.relay(cx.now).deliver(request, auth, Some(body), &logs, cx.rng).await.receipted()?;
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
        let path = keyring_path(unlocked.account);
        let answer = self.relay(cx.now).get::<StoredKeyring>(&path, Auth::Key(&unlocked.sign), cx.rng).await;
        let remote = match answer {
            Err(error) if error.is(ProblemCode::NotFound) => return Err(untrusted),
            Err(error) if error.is(ProblemCode::Forbidden) => return self.shut_out(cx).await,
            Err(error) if error.is(ProblemCode::Gone) => return self.heed_erasure(cx).await,
            other => other?,
        };
        if remote.version < kept {
            return Err(untrusted);
        }
        if remote.version == kept {
            return Ok(());
        }
        let version = remote.version;
        let (ring, theirs) = Ring::open(unlocked.account, &remote, &unlocked.seal, unlocked.ring.devices.entries())?;
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
        cx.tell(Notice::Changed(None));
        let checkpoint = theirs.checkpoint.clone();
        if unlocked.version <= kept && theirs.covers(&unlocked.keyring, cx.rng)? {
            let gone = unlocked.keyring.vehicles.iter().any(|ours| theirs.vehicle(ours.stream).is_err());
            // Nothing waits here, nothing is here that is not there, and nothing is to be followed: that version stands,
            // and is not written again.
            if !gone && theirs.erases_no_more_than(&unlocked.keyring) {
                self.adopt_checkpoint(checkpoint, cx).await?;
                return self.take_over(ring, theirs, remote, batch).await;
            }
        }
        let mut next = unlocked.keyring.duplicate()?;
        let known = theirs.vehicles.iter().flat_map(|vehicle| &vehicle.shares).map(|share| share.grant).collect();
        let again = next.join(theirs, cx.rng)?;
        let followed = self.follow_join(&mut next, &again, &known, &mut batch, cx).await?;
        self.adopt_checkpoint(checkpoint, cx).await?;
        // One commit: were the version noted without what was joined, it would count as read and be written over.
        self.commit_keyring_over(version, Some(ring), next, batch, cx).await?;
        self.settle_followed(followed, cx)
    }
}
