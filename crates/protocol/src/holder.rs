//! Co-holders: other people with wallets of their own who keep a car together with its owner. Format:
//! `docs/formats/holder.md`.
//!
//! A co-holder is invited by a code, answers with keys of the own wallet, is admitted on the ledger, and gets the roots of
//! the shared categories in a bundle that only those keys open.

use crate::{
    Blob,
    bytes::{decode_any, encode_text},
    category::Category,
    day::{Day, Timestamp},
    domain::Domain,
    encoding,
    id::{CategoryLabel, Hash32, StreamId},
    key::{EncappedKey, SealingKey, VerifyingKey},
    record::Suite,
    signed::{Signable, Signed},
};
use serde::{Deserialize, Serialize};

/// What the relay knows of an invitation. Signed by the stream's owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The car's stream.
    pub stream: StreamId,
    /// Signs the one answer; derived from the code's secret.
    pub key: VerifyingKey,
    /// No answer is taken after this time.
    pub expires: Timestamp,
}

impl Signable for Invitation {
    const DOMAIN: Domain = Domain::SIGN_INVITATION;
}

/// The answer to an invitation. Signed by its key, so that only who had the code can have given it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Join {
    /// The car's stream.
    pub stream: StreamId,
    /// The co-holder's key: signs records, transactions and requests.
    pub sign: VerifyingKey,
    /// Bundles are sealed to this key.
    pub seal: SealingKey,
}

impl Signable for Join {
    const DOMAIN: Domain = Domain::SIGN_JOIN;
}

/// The readable part of a co-holder's bundle. Signed by the stream's owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    /// Cipher suite of the sealed part.
    pub suite: Suite,
    /// The car's stream.
    pub stream: StreamId,
    /// Whose it is.
    pub holder: VerifyingKey,
    /// To which key it is sealed.
    pub seal: SealingKey,
    /// Grows with each bundle; an older one is a rollback.
    pub version: u64,
    /// Hash of the sealed part, label `HASH_BUNDLE`.
    pub sealed_hash: Hash32,
}

impl Signable for Bundle {
    const DOMAIN: Domain = Domain::SIGN_BUNDLE;
}

/// A bundle as it is stored and served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleEnvelope {
    /// The signed part.
    pub bundle: Signed<Bundle>,
    /// HPKE encapsulated key.
    pub enc: EncappedKey,
    /// [`BundleSecret`], canonically encoded and sealed.
    pub sealed: Blob,
}

/// What only the co-holder reads. Holds key material: no Debug.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleSecret {
    /// What the owner calls the car.
    pub vehicle_name: String,
    /// Whether the car is the generated sample car.
    pub sample: bool,
    /// The shared categories, all their generations.
    pub categories: Vec<BundleCategory>,
}

/// The keys of one category.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleCategory {
    /// The category.
    pub category: Category,
    /// Its label.
    pub label: CategoryLabel,
    /// Its generations; the position is the number.
    pub generations: Vec<BundleGeneration>,
}

/// One generation: its day tree, or what erasing days has left of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleGeneration {
    /// By which it is known as the same.
    pub id: u64,
    /// In order of days; the root alone while it is whole.
    pub nodes: Vec<BundleNode>,
}

/// A node of a day tree.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleNode {
    /// The first day below it.
    pub first: Day,
    /// Levels below it: it opens 2^height days.
    pub height: u8,
    /// 32 bytes.
    pub key: Blob,
}

/// What stands in an invitation's code behind `#`. It is as secret as the car's keys until it is answered.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationCode {
    /// The car's stream.
    pub stream: StreamId,
    /// Its owner: bundles must be signed by this key.
    pub owner: VerifyingKey,
    /// The secret. It never reaches a server.
    pub secret: [u8; 32],
    /// Until when it can be answered.
    pub expires: Timestamp,
    /// Whether the private categories go along.
    pub private: bool,
    /// What the owner calls the car.
    pub vehicle_name: String,
}

#[derive(Serialize, Deserialize)]
struct Spelt(StreamId, VerifyingKey, Hash32, Timestamp, bool, String);

/// An invitation that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the invitation is incomplete or was changed on the way: scan or copy the whole of it again")]
pub struct CodeError;

impl InvitationCode {
    /// Reads a code, with or without what stands before `#`, and mends what chats do to it.
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let compact: String = text.split_whitespace().collect();
        let compact = compact.replace("%23", "#");
        let part = compact.rsplit('#').next().unwrap_or_default();
        let part = part.split(['&', '?']).next().unwrap_or_default();
        let part = part.trim_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
        let bytes = decode_any(part).ok_or(CodeError)?;
        let Spelt(stream, owner, secret, expires, private, vehicle_name) =
            encoding::decode(&bytes).map_err(|_| CodeError)?;
        Ok(Self { stream, owner, secret: secret.0, expires, private, vehicle_name })
    }

    /// As text, without `#`.
    pub fn to_text(&self) -> String {
        let Self { stream, owner, secret, expires, private, vehicle_name } = self;
        let spelt = Spelt(*stream, *owner, Hash32(*secret), *expires, *private, vehicle_name.clone());
        encode_text(&encoding::encode(&spelt))
    }
}

impl core::fmt::Debug for InvitationCode {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("InvitationCode").field("stream", &self.stream).finish_non_exhaustive()
    }
}
