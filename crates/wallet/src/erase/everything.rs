//! Erasing the whole wallet: every car, everything taken over from others, the keyring at the relay, this browser's copy.
//!
//! The keys go at once. What is left in the keyring signs the removals; once the relay has confirmed all of them, the
//! account's word that it is erased takes the keyring's place there, and this browser keeps the receipt alone. Other
//! devices read that word at their next sync: it is signed by a device on the account's list, so that no relay can make a
//! device forget.

use crate::{
    command::Notice,
    error::{Distrust, WalletError},
    keyring::Keyring,
    outbox,
    relay::Auth,
    row::{self, Space},
    store::{Batch, Store, Table},
    transport::{Method, Transport},
    wallet::{Context, Wallet},
};
use carnet_crypto::{device::DeviceList, signature::verify};
use carnet_protocol::{
    api::{ProblemCode, path},
    encoding,
    erasure::{ErasureScope, ErasureStatement, Removed, WalletErasure},
    id::StreamId,
    signed::Signed,
};
use core::mem;
use rand_core::CryptoRng;
use std::collections::HashSet;

impl Keyring {
    /// Forgets everything that was taken over from others, the member's keys, and that this wallet is in use.
    pub(super) fn erase_readings(&mut self) {
        let saved = mem::take(&mut self.saved);
        self.forgotten.extend(saved.into_iter().map(|saved| saved.grant));
        for held in self.vehicles.iter().filter(|vehicle| vehicle.held.is_some()) {
            self.left.push(held.signing_key().verifying_key());
        }
        self.vehicles.retain(|vehicle| vehicle.held.is_none());
        self.joining.clear();
        self.staff = None;
        self.ending = true;
    }
}

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(super) async fn erase_everything<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<u64, WalletError> {
        let vehicles = self.own_streams()?;
        self.erase_vehicles(ErasureScope::Everything, &vehicles, cx).await
    }

    /// After the lanes: forgets the keys that signed removals which are confirmed by now, and ends the wallet where all of
    /// it was to go. Only on the device that holds the receipt; another one has nothing to send for it.
    pub(crate) async fn finish_erasures<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        let keyring = &self.session.unlocked()?.keyring;
        let signing: Vec<StreamId> =
            keyring.erased.iter().filter(|erased| erased.signing_key().is_some()).map(|erased| erased.stream).collect();
        if signing.is_empty() && !keyring.ending {
            return Ok(());
        }
        let (lanes, _) = outbox::lanes(&self.store).await?;
        let mut ours = HashSet::new();
        for number in 0..self.erasure_receipts().await?.next {
            let kept = self.kept_receipt(number).await?;
            ours.extend(kept.receipt.streams.into_iter().map(|erased| erased.stream));
        }
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        let mut confirmed = false;
        for stream in
            signing.into_iter().filter(|stream| !lanes.contains(&Space::from(*stream)) && ours.contains(stream))
        {
            if let Some(erased) = next.erased_vehicle_mut(stream) {
                erased.confirm();
                confirmed = true;
            }
        }
        if next.ending {
            return if lanes.is_empty() { self.finish_everything(cx).await } else { Ok(()) };
        }
        if confirmed {
            self.commit_keyring(next, Batch::default(), cx).await?;
            self.exchange_keyring(cx).await?;
        }
        Ok(())
    }

    /// Once nothing waits any more: has the keyring erased at the relay, and forgets all but the receipt here.
    async fn finish_everything<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        let unlocked = self.session.unlocked()?;
        let (account, devices) = (unlocked.account, unlocked.ring.devices.entries().to_vec());
        let word = unlocked.sign.sign(&WalletErasure { account, devices, at: cx.now });
        let path = path::fill(path::KEYRING_ERASURE, &[&account]);
        let auth = Auth::Key(&unlocked.sign);
        let answer = self.relay(cx.now).send(Method::Put, &path, auth, Some(encoding::encode(&word)), cx.rng).await;
        let statement = self.read_statement(&answer?, |removed| *removed == Removed::Keyring(account))?;
        self.forget_everything(statement).await?;
        cx.tell(Notice::Locked);
        Ok(())
    }

    async fn forget_everything(&mut self, statement: Signed<ErasureStatement>) -> Result<(), WalletError> {
        let mut last = None;
        for number in 0..self.erasure_receipts().await?.next {
            let kept = self.kept_receipt(number).await?;
            if kept.receipt.scope == ErasureScope::Everything {
                last = Some(kept);
            }
        }
        let mut batch = Batch::default();
        if let Some(mut kept) = last {
            kept.receipt.statements.push(statement);
            // Nothing in it is secret, and no key is left to seal it with.
            batch.put(Table::Wallet, row::LAST_RECEIPT, encoding::encode(&kept.receipt));
        }
        self.forget_all(batch).await
    }

    /// Removes every row there is, and puts what the batch has in their place, in one commit.
    pub(crate) async fn forget_all(&mut self, batch: Batch) -> Result<(), WalletError> {
        let mut all = Batch::default();
        for table in Table::ALL {
            for (key, _) in self.store.scan(table, &[], None, usize::MAX).await? {
                all.delete(table, key);
            }
        }
        // What another tab may be keeping of a car at this moment.
        for stream in self.streams().unwrap_or_default() {
            all.delete(Table::Wallet, Space::from(stream).shown());
        }
        all.changes.extend(batch.changes);
        self.store.commit(all).await?;
        self.lock().await?;
        Ok(())
    }

    /// Another device is erasing this wallet, by its own keyring's word: this browser lets go of everything at once.
    ///
    /// # Errors
    /// [`WalletError::Erased`].
    pub(crate) async fn leave_ending(&mut self) -> Result<(), WalletError> {
        self.forget_all(Batch::default()).await?;
        Err(WalletError::Erased)
    }

    /// What another device erased: the relay says that the wallet is gone. Only the account's own word for it counts.
    ///
    /// # Errors
    /// [`WalletError::Erased`] once this browser has let go of everything; [`Distrust::Keyring`] where there is no such
    /// word.
    pub(crate) async fn heed_erasure<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        let unlocked = self.session.unlocked()?;
        let account = unlocked.account;
        let untrusted = WalletError::Untrusted { what: Distrust::Keyring };
        let path = path::fill(path::KEYRING_ERASURE, &[&account]);
        let auth = Auth::Key(&unlocked.sign);
        let answer = self.relay(cx.now).get::<Signed<WalletErasure>>(&path, auth, cx.rng).await;
        let word = match answer {
            Err(error) if error.is(ProblemCode::NotFound) => return Err(untrusted),
            other => other?,
        };
        let said = verify(&word).map_err(|_| untrusted.clone())?;
        let list = DeviceList::verify(account, said.devices).map_err(|_| untrusted.clone())?;
        let may = word.key == account || list.is_active(word.key);
        if said.account != account || !may || !list.continues(unlocked.ring.devices.entries()) {
            return Err(untrusted);
        }
        self.leave_ending().await
    }
}
