//! A second device by a code: this device shows it and approves, or is the new one that read it.
//!
//! Both sides are steps that the front end asks for again and again; nothing of it is stored before the new device is on
//! the account's list. Format: `docs/formats/devices.md`.

mod joining;

pub(crate) use joining::Joining;

use crate::{
    command::Answer,
    error::{Distrust, WalletError},
    keyring::DeviceName,
    relay::{Auth, RelayError},
    store::Store,
    transport::{Method, Transport},
    view::{PairingState, PairingView},
    wallet::{Context, Wallet},
};
use carnet_crypto::pairing::{
    CODE_DIGITS, PairingKeys, derive_pairing, generate_pairing, pairing_code, pairing_token_hash,
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
    pairing::{MAILBOX_MS, MailboxPlace, PairingFragment, PairingHello, PairingRequest},
};
use rand_core::CryptoRng;

/// A code that this device shows.
pub(crate) struct Pairing {
    fragment: PairingFragment,
    keys: PairingKeys,
    hello: PairingHello,
    until: Timestamp,
    /// Who asked; the first, and no other after.
    request: Option<PairingRequest>,
}

impl Pairing {
    fn view(&self, now: Timestamp) -> PairingView {
        let state = match &self.request {
            _ if self.until <= now => PairingState::Ended,
            None => PairingState::Waiting,
            Some(request) => PairingState::Asked { name: request.name.clone() },
        };
        PairingView { link: format!("/welcome/device#{}", self.fragment.to_text()), until: self.until, state }
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
    pub(crate) async fn start_pairing<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        let unlocked = self.session.unlocked()?;
        let (fragment, hello) = generate_pairing(unlocked.account, cx.rng);
        let keys = derive_pairing(&fragment);
        let body = encoding::encode(&MailboxOpen { token_hash: pairing_token_hash(keys.token.expose()) });
        let path = path::fill(path::MAILBOX, &[&keys.mailbox()]);
        self.relay(cx.now).send(Method::Put, &path, Auth::Key(&unlocked.sign), Some(body), cx.rng).await?;
        let until = cx.now.plus(MAILBOX_MS);
        let pairing = self.pairing.insert(Box::new(Pairing { fragment, keys, hello, until, request: None }));
        Ok(Answer::Pairing(pairing.view(cx.now)))
    }

    /// Looks whether somebody asked, and answers the first who did.
    pub(crate) async fn pairing<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        self.session.unlocked()?;
        let pairing = self.pairing.as_ref().ok_or(WalletError::LinkEnded)?;
        if pairing.request.is_none()
            && pairing.until > cx.now
            && let Some(sealed) = self.read_mailbox(&pairing.keys, MailboxPlace::Request, cx).await?
        {
            let request = pairing
                .keys
                .open(MailboxPlace::Request, &sealed)
                .map_err(|_| WalletError::Untrusted { what: Distrust::Pairing })?;
            let hello = pairing.hello;
            // From here on the code is fixed: whatever lies in the mailbox later is not looked at.
            self.post_mailbox(&pairing.keys, MailboxPlace::Hello, &hello, cx).await?;
            self.pairing.as_mut().ok_or(WalletError::LinkEnded)?.request = Some(request);
        }
        let pairing = self.pairing.as_ref().ok_or(WalletError::LinkEnded)?;
        Ok(Answer::Pairing(pairing.view(cx.now)))
    }

    /// Adds the device whose code the owner typed from its screen.
    pub(crate) async fn approve_pairing<R: CryptoRng>(
        &mut self,
        code: &str,
        passphrase: &str,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.session.unlocked()?;
        self.open_with_passphrase(passphrase).await?;
        let pairing = self.pairing.as_ref().filter(|pairing| pairing.until > cx.now).ok_or(WalletError::LinkEnded)?;
        let request = pairing.request.as_ref().ok_or(WalletError::WrongCode)?;
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        if digits.len() != CODE_DIGITS || digits != pairing_code(&pairing.hello, request) {
            return Err(WalletError::WrongCode);
        }
        let PairingRequest { device, name } = request.clone();
        // On the list already where an answer was lost.
        if !self.session.unlocked()?.ring.devices.is_active(device.sign) {
            let name = DeviceName { device: device.sign, name, named_at: cx.now };
            self.change_devices(DeviceChange::Add { device }, Some(name), cx).await?;
        }
        self.pairing = None;
        self.devices(cx).await
    }

    pub(crate) fn cancel_pairing(&mut self) -> Answer {
        self.pairing = None;
        Answer::Done
    }

    async fn read_mailbox<R: CryptoRng>(
        &self,
        keys: &PairingKeys,
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
        keys: &PairingKeys,
        place: MailboxPlace,
        message: &M,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let sealed = Blob(keys.seal(place, message, cx.rng));
        let body = encoding::encode(&MailboxPost { token: Blob(keys.token.expose().to_vec()), place, sealed });
        let path = path::fill(path::MAILBOX, &[&keys.mailbox()]);
        let answer = self.relay(cx.now).send(Method::Post, &path, Auth::Open, Some(body), cx.rng).await;
        answer.map(drop).map_err(refusal)
    }
}
