//! The new device: asks, shows its code, and waits until it is on the account's list.

use super::{derive_meeting, meeting_code};
use crate::{
    command::Answer,
    device::{Installation, keyring_path, parse_name},
    error::{Distrust, WalletError},
    relay::Auth,
    ring::Ring,
    session::check_passphrase,
    store::Store,
    transport::Transport,
    view::NewDeviceView,
    wallet::{Context, Wallet},
};
use carnet_crypto::{
    device::DeviceSecret,
    meeting::{MeetingKeys, mailbox_of},
};
use carnet_protocol::{
    api::{
        ProblemCode,
        body::{DeviceRegister, StoredKeyring},
        path,
    },
    day::Timestamp,
    meeting::{MAILBOX_MS, MailboxPlace, MeetingFragment, MeetingHello, MeetingRequest},
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// A wallet that this browser is about to hold.
pub(crate) struct Joining {
    device: DeviceSecret,
    request: MeetingRequest,
    keys: MeetingKeys,
    passphrase: Zeroizing<String>,
    /// What it is to be added to, once the showing device has said so.
    hello: Option<MeetingHello>,
    until: Timestamp,
}

impl Joining {
    fn view(&self) -> NewDeviceView {
        NewDeviceView { code: self.hello.as_ref().map(|hello| meeting_code(hello, &self.request)), joined: false }
    }
}

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn join<R: CryptoRng>(
        &mut self,
        link: &str,
        name: &str,
        passphrase: String,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let passphrase = Zeroizing::new(passphrase);
        self.expect_no_wallet().await?;
        check_passphrase(&passphrase)?;
        let fragment = MeetingFragment::parse(link).map_err(|_| WalletError::LinkMangled)?;
        let (device, keys) = (DeviceSecret::generate(cx.rng), derive_meeting(&fragment));
        let request = MeetingRequest { device: device.keys(), name: parse_name(name)? };
        self.post_mailbox(&keys, MailboxPlace::Request, &request, cx).await?;
        let until = cx.now.plus(MAILBOX_MS);
        let joining = Joining { device, request, keys, passphrase, hello: None, until };
        Ok(Answer::Joining(self.joining.insert(Box::new(joining)).view()))
    }

    /// Looks for the showing device's message, then for the keyring.
    pub(crate) async fn joining<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        let joining = self.joining.as_ref().ok_or(WalletError::LinkEnded)?;
        if joining.until <= cx.now {
            self.joining = None;
            return Err(WalletError::LinkEnded);
        }
        let Some(hello) = joining.hello else { return self.await_hello(cx).await };
        let sign = joining.device.signing_key();
        let devices = path::fill(path::DEVICES, &[&hello.account]);
        let register = self.relay(cx.now).get::<DeviceRegister>(&devices, Auth::Key(&sign), cx.rng).await?;
        if register.devices.is_empty() {
            // Not on the list yet.
            return Ok(Answer::Joining(joining.view()));
        }
        let answer =
            self.relay(cx.now).get::<StoredKeyring>(&keyring_path(hello.account), Auth::Key(&sign), cx.rng).await;
        let stored = match answer {
            // Taken off it again meanwhile.
            Err(error) if error.is(ProblemCode::Forbidden) => return Ok(Answer::Joining(joining.view())),
            other => other?,
        };
        // Of this account and wrapped for this device, hence written since it was added.
        Ring::open(hello.account, &stored, &joining.device.sealing_secret(), &[])?;
        let Some(joining) = self.joining.take() else { return Err(WalletError::LinkEnded) };
        let Joining { device, passphrase, .. } = *joining;
        let new = Installation { device, account: hello.account, kept: stored.version, stored };
        self.install(new, &passphrase, cx).await?;
        Ok(Answer::Joining(NewDeviceView { code: None, joined: true }))
    }

    async fn await_hello<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        let joining = self.joining.as_ref().ok_or(WalletError::LinkEnded)?;
        let found = self.read_mailbox(&joining.keys, MailboxPlace::Hello, cx).await?;
        let untrusted = WalletError::Untrusted { what: Distrust::Meeting };
        let hello: Option<MeetingHello> = match found {
            None => None,
            Some(sealed) => Some(joining.keys.open(MailboxPlace::Hello, &sealed).map_err(|_| untrusted.clone())?),
        };
        // The code that was scanned names the one account it can be about.
        if hello.as_ref().is_some_and(|hello| mailbox_of(hello) != joining.keys.mailbox()) {
            self.joining = None;
            return Err(untrusted);
        }
        let joining = self.joining.as_mut().ok_or(WalletError::LinkEnded)?;
        joining.hello = hello;
        Ok(Answer::Joining(joining.view()))
    }

    pub(crate) fn cancel_joining(&mut self) -> Answer {
        self.joining = None;
        Answer::Done
    }
}
