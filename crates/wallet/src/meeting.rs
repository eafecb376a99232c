//! A second device by a code: this device shows it and approves, or is the new one that read it.
//!
//! Both sides are steps that the front end asks for again and again; nothing of it is stored before the new device is on
//! the account's list. Format: `docs/formats/devices.md`.

mod joining;

pub(crate) use joining::Joining;

use crate::{
    command::Answer,
    device::parse_name,
    error::{Distrust, WalletError},
    keyring::DeviceName,
    relay::{Auth, RelayError},
    store::Store,
    transport::{Method, Transport},
    view::{MeetingState, MeetingView},
    wallet::{Context, Wallet},
};
use carnet_crypto::meeting::{
    CODE_DIGITS, MeetingKeys, derive_meeting, generate_meeting, meeting_code, meeting_token_hash,
};
use carnet_protocol::{
    Blob,
    api::{
        ProblemCode,
        body::{MailboxMessage, MailboxOpen, MailboxPost, MailboxRead},
        path,
    },
    day::Timestamp,
    device::DeviceChange,
    encoding,
    meeting::{MAILBOX_MS, MailboxPlace, MeetingFragment, MeetingHello, MeetingRequest},
};
use rand_core::CryptoRng;

/// A code that this device shows.
pub(crate) struct Meeting {
    fragment: MeetingFragment,
    keys: MeetingKeys,
    hello: MeetingHello,
    until: Timestamp,
    /// Who asked; the first, and no other after.
    request: Option<MeetingRequest>,
    /// The answer as sealed, until the relay has said that it has it: sealed anew it would be another message.
    unsent: Option<Vec<u8>>,
}

impl Meeting {
    fn view(&self, now: Timestamp) -> MeetingView {
        let state = match &self.request {
            _ if self.until <= now => MeetingState::Ended,
            None => MeetingState::Waiting,
            Some(request) => MeetingState::Asked { name: request.name.clone() },
        };
        MeetingView { link: format!("/welcome/device#{}", self.fragment.to_text()), until: self.until, state }
    }
}

/// What a mailbox's refusal means.
fn refusal(error: RelayError) -> WalletError {
    if error.is(ProblemCode::NotFound) {
        WalletError::LinkEnded
    } else if error.is(ProblemCode::WrongToken) {
        WalletError::LinkMangled
    } else if error.is(ProblemCode::Conflict) {
        WalletError::LinkUsedUp
    } else {
        error.into()
    }
}

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn start_meeting<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        let unlocked = self.session.unlocked()?;
        let (fragment, hello) = generate_meeting(unlocked.account, cx.rng);
        let keys = derive_meeting(&fragment);
        let body = encoding::encode(&MailboxOpen { token_hash: meeting_token_hash(keys.token.expose()) });
        let path = path::fill(path::MAILBOX, &[&keys.mailbox()]);
        self.relay(cx.now).send(Method::Put, &path, Auth::Key(&unlocked.sign), Some(body), cx.rng).await?;
        let until = cx.now.plus(MAILBOX_MS);
        let meeting =
            self.meeting.insert(Box::new(Meeting { fragment, keys, hello, until, request: None, unsent: None }));
        Ok(Answer::Meeting(meeting.view(cx.now)))
    }

    /// Looks whether somebody asked, and answers the first who did.
    pub(crate) async fn meeting<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        self.session.unlocked()?;
        let meeting = self.meeting.as_ref().ok_or(WalletError::LinkEnded)?;
        if meeting.request.is_none()
            && meeting.until > cx.now
            && let Some(sealed) = self.read_mailbox(&meeting.keys, MailboxPlace::Request, cx).await?
        {
            let untrusted = || WalletError::Untrusted { what: Distrust::Meeting };
            let request: MeetingRequest = meeting.keys.open(MailboxPlace::Request, &sealed).map_err(|_| untrusted())?;
            if parse_name(&request.name)? != request.name {
                return Err(untrusted());
            }
            let hello = meeting.keys.seal(MailboxPlace::Hello, &meeting.hello, cx.rng);
            // From here on the code is fixed, before the first byte of the answer is sent: whatever lies in the mailbox
            // later is not looked at, or who knows the answer could look for a request with the same code.
            let meeting = self.meeting.as_mut().ok_or(WalletError::LinkEnded)?;
            (meeting.request, meeting.unsent) = (Some(request), Some(hello));
        }
        let meeting = self.meeting.as_ref().ok_or(WalletError::LinkEnded)?;
        if let Some(sealed) = meeting.unsent.clone() {
            self.post_sealed(&meeting.keys, MailboxPlace::Hello, sealed, cx).await?;
            self.meeting.as_mut().ok_or(WalletError::LinkEnded)?.unsent = None;
        }
        let meeting = self.meeting.as_ref().ok_or(WalletError::LinkEnded)?;
        Ok(Answer::Meeting(meeting.view(cx.now)))
    }

    /// Adds the device whose code the owner typed from its screen.
    pub(crate) async fn approve_meeting<R: CryptoRng>(
        &mut self,
        code: &str,
        passphrase: &str,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.session.unlocked()?;
        self.open_with_passphrase(passphrase).await?;
        let meeting = self.meeting.as_ref().filter(|meeting| meeting.until > cx.now).ok_or(WalletError::LinkEnded)?;
        let request = meeting.request.as_ref().ok_or(WalletError::WrongCode)?;
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        if digits.len() != CODE_DIGITS || digits != meeting_code(&meeting.hello, request) {
            return Err(WalletError::WrongCode);
        }
        let MeetingRequest { device, name } = request.clone();
        // On the list already where an answer was lost.
        if !self.session.unlocked()?.ring.devices.is_active(device.sign) {
            let name = DeviceName { device: device.sign, name, named_at: cx.now };
            self.change_devices(DeviceChange::Add { device }, Some(name), cx).await?;
        }
        self.meeting = None;
        self.devices(cx).await
    }

    pub(crate) fn cancel_meeting(&mut self) -> Answer {
        self.meeting = None;
        Answer::Done
    }

    async fn read_mailbox<R: CryptoRng>(
        &self,
        keys: &MeetingKeys,
        place: MailboxPlace,
        cx: &mut Context<'_, R>,
    ) -> Result<Option<Vec<u8>>, WalletError> {
        let body = encoding::encode(&MailboxRead { token: Blob(keys.token.expose().to_vec()), place });
        let path = path::fill(path::MAILBOX_READ, &[&keys.mailbox()]);
        let answer = self.relay(cx.now).send(Method::Post, &path, Auth::Open, Some(body), cx.rng).await;
        let message: Result<MailboxMessage, _> = encoding::decode(&answer.map_err(refusal)?);
        Ok(message.map_err(|_| RelayError::Malformed)?.sealed.map(|sealed| sealed.0))
    }

    async fn post_mailbox<M: serde::Serialize, R: CryptoRng>(
        &self,
        keys: &MeetingKeys,
        place: MailboxPlace,
        message: &M,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let sealed = keys.seal(place, message, cx.rng);
        self.post_sealed(keys, place, sealed, cx).await
    }

    async fn post_sealed<R: CryptoRng>(
        &self,
        keys: &MeetingKeys,
        place: MailboxPlace,
        sealed: Vec<u8>,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let token = Blob(keys.token.expose().to_vec());
        let body = encoding::encode(&MailboxPost { token, place, sealed: Blob(sealed) });
        let path = path::fill(path::MAILBOX, &[&keys.mailbox()]);
        let answer = self.relay(cx.now).send(Method::Post, &path, Auth::Open, Some(body), cx.rng).await;
        answer.map(drop).map_err(refusal)
    }
}
