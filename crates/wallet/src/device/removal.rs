//! Removing a device: at the relay at once, in the roots of every car next; and being the one that was removed.

use crate::{
    command::{Answer, Notice},
    error::{Distrust, WalletError},
    keyring::VehicleKeys,
    outbox::Item,
    relay::Auth,
    row,
    store::{Batch, Store, Table},
    transport::Transport,
    wallet::{Context, Wallet},
};
use carnet_crypto::device::DeviceList;
use carnet_protocol::{
    api::{body::DeviceRegister, path},
    device::DeviceChange,
    id::StreamId,
    key::VerifyingKey,
};
use rand_core::CryptoRng;

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(super) async fn remove_device<R: CryptoRng>(
        &mut self,
        device: VerifyingKey,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let unlocked = self.session.unlocked()?;
        if device == unlocked.name() {
            return Err(WalletError::BadInput);
        }
        // Gone already where an answer was lost, or another tab was faster.
        if unlocked.ring.devices.device(device).is_none_or(|known| known.removed_at.is_none()) {
            self.change_devices(DeviceChange::Remove { device }, None, cx).await?;
        }
        self.renew_generations(cx).await?;
        self.tell_waiting(cx).await?;
        self.devices(cx).await
    }

    /// Whether a car got a new generation.
    pub(super) async fn renew<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<bool, WalletError> {
        let unlocked = self.session.unlocked()?;
        let epoch = unlocked.ring.devices.epoch();
        // What is for sale is frozen until that is over, and to what was sold nothing is added. The keys of a car that
        // is held together are its owner's to renew.
        let is_behind = |vehicle: &&VehicleKeys| {
            vehicle.epoch != epoch && vehicle.held.is_none() && unlocked.keyring.writable(vehicle.stream).is_ok()
        };
        let behind = unlocked.keyring.vehicles.iter().filter(is_behind);
        let behind: Vec<StreamId> = behind.map(|vehicle| vehicle.stream).collect();
        if behind.is_empty() {
            return Ok(false);
        }
        self.fetch_directory(cx).await?;
        let members = self.directory().await?;
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        let (mut batch, mut followed) = (Batch::default(), Vec::new());
        for stream in behind {
            let keys = next.vehicle_mut(stream)?;
            let mut ends = keys.end_links(cx.now);
            ends.extend(keys.end_strangers(&members, cx.now));
            ends.extend(keys.end_invitations(cx.now).into_iter().map(Item::RemoveInvitation));
            keys.renew(epoch, cx.rng);
            followed.extend(self.follow_renewal(&mut next, stream, ends, &mut batch, cx).await?);
        }
        self.commit_keyring(next, batch, cx).await?;
        self.settle_followed(followed, cx)?;
        Ok(true)
    }

    /// What it means that the relay shows this device no keyring: that it was removed, if a signed entry says so; then
    /// nothing of the wallet stays here. On the relay's word alone nothing is wiped.
    ///
    /// # Errors
    /// Always: [`WalletError::DeviceRemoved`], or [`Distrust::Keyring`].
    pub(crate) async fn shut_out<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        let untrusted = || WalletError::Untrusted { what: Distrust::Keyring };
        let unlocked = self.session.unlocked()?;
        let path = path::fill(path::DEVICES, &[&unlocked.account]);
        let register: DeviceRegister = self.relay(cx.now).get(&path, Auth::Key(&unlocked.sign), cx.rng).await?;
        let list = DeviceList::verify(unlocked.account, register.devices).map_err(|_| untrusted())?;
        if !list.continues(unlocked.ring.devices.entries()) {
            return Err(untrusted());
        }
        let removed_at = list.device(unlocked.name()).and_then(|device| device.removed_at).ok_or_else(untrusted)?;
        let mut batch = Batch::default();
        batch.put(Table::Wallet, row::REMOVED, removed_at.0.to_be_bytes());
        self.forget_all(batch).await?;
        cx.tell(Notice::Locked);
        Err(WalletError::DeviceRemoved)
    }
}
