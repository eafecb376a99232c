//! Two devices meet: a secret in a code that one shows and the other scans, and six digits that both can tell.
//! Format: `docs/formats/devices.md`.
//!
//! The secret keeps the relay out. The digits keep out whoever sees the code over a shoulder, even where the relay helps:
//! they follow from the request, from the account, and from a nonce that was fixed before the request and known after it.

use crate::{
    aead::{Cipher, NONCE_LEN, random_nonce},
    error::OpenError,
    hash::digest,
    kdf::{expand, extract},
    secret::Secret,
};
use carnet_protocol::{
    domain::Domain,
    encoding,
    id::{Hash32, MailboxId, Nonce16},
    key::VerifyingKey,
    meeting::{MailboxPlace, MeetingFragment, MeetingHello, MeetingRequest},
};
use rand_core::CryptoRng;
use serde::{Serialize, de::DeserializeOwned};

/// Digits of the code.
pub const CODE_DIGITS: usize = 6;

/// The keys of a mailbox.
#[derive(Debug)]
pub struct MeetingKeys {
    mailbox: MailboxId,
    /// Shown to the relay by whoever writes or reads.
    pub token: Secret<32>,
    key: Secret<32>,
}

/// A fresh code for an account, and what is said second.
pub fn generate_meeting(account: VerifyingKey, rng: &mut impl CryptoRng) -> (MeetingFragment, MeetingHello) {
    let mut nonce = Nonce16([0; 16]);
    rng.fill_bytes(&mut nonce.0);
    let hello = MeetingHello { account, nonce };
    let mut fragment = MeetingFragment { mailbox: mailbox_of(&hello), secret: [0; 32] };
    rng.fill_bytes(&mut fragment.secret);
    (fragment, hello)
}

/// The mailbox in which this is said second.
pub fn mailbox_of(hello: &MeetingHello) -> MailboxId {
    let hash = digest(Domain::HASH_MEETING, &encoding::encode(hello));
    MailboxId(*hash.0.first_chunk().expect("32 bytes hold 16"))
}

/// Derives a mailbox's keys from its fragment.
pub fn derive_meeting(fragment: &MeetingFragment) -> MeetingKeys {
    let master = extract(fragment.mailbox.as_bytes(), &fragment.secret);
    MeetingKeys {
        mailbox: fragment.mailbox,
        token: expand(&master, Domain::DERIVE_MEETING_TOKEN, &[]),
        key: expand(&master, Domain::DERIVE_MEETING_KEY, &[]),
    }
}

/// What the relay keeps of a mailbox's token.
pub fn meeting_token_hash(token: &[u8]) -> Hash32 {
    digest(Domain::HASH_MEETING_TOKEN, token)
}

impl MeetingKeys {
    /// The mailbox.
    pub fn mailbox(&self) -> MailboxId {
        self.mailbox
    }

    /// Seals a message for its place: nonce (12), ciphertext, tag (16).
    pub fn seal<T: Serialize>(&self, place: MailboxPlace, message: &T, rng: &mut impl CryptoRng) -> Vec<u8> {
        let nonce = random_nonce(rng);
        let text = Cipher::new(self.key.expose()).seal(&nonce.0, &self.bound(place), &encoding::encode(message));
        [nonce.0.as_slice(), &text].concat()
    }

    /// Opens the message of a place.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open<T: Serialize + DeserializeOwned>(&self, place: MailboxPlace, sealed: &[u8]) -> Result<T, OpenError> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(OpenError)?;
        let message = Cipher::new(self.key.expose()).open(nonce, &self.bound(place), text)?;
        encoding::decode(&message).map_err(|_| OpenError)
    }

    fn bound(&self, place: MailboxPlace) -> Vec<u8> {
        [Domain::SEAL_MEETING.as_bytes(), &encoding::encode(&(self.mailbox, place))].concat()
    }
}

/// The digits that both devices tell: the first eight bytes of the hash, modulo a million.
pub fn meeting_code(hello: &MeetingHello, request: &MeetingRequest) -> String {
    let hash = digest(Domain::HASH_MEETING_CODE, &encoding::encode(&(hello, request)));
    let number = u64::from_be_bytes(*hash.0.first_chunk().expect("32 bytes hold 8"));
    format!("{:06}", number % 1_000_000)
}
