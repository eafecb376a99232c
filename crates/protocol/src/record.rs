//! A sealed record, its wraps, and where it stands in its stream. Format: `docs/formats/record.md`.

use crate::{
    Blob,
    day::Day,
    id::{CategoryLabel, RecordId, StreamId},
    key::{AeadNonce, EncappedKey, VerifyingKey},
};
use serde::{Deserialize, Serialize};

/// The cipher suite of an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Suite {
    /// X25519, HKDF-SHA256, ChaCha20-Poly1305, Ed25519.
    Classic,
}

/// A suite byte this version does not implement (2, X-Wing, is reserved).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("suite {0} is not implemented by this version")]
pub struct UnknownSuite(pub u8);

impl TryFrom<u8> for Suite {
    type Error = UnknownSuite;
    fn try_from(byte: u8) -> Result<Self, UnknownSuite> {
        if byte == 1 { Ok(Suite::Classic) } else { Err(UnknownSuite(byte)) }
    }
}

impl From<Suite> for u8 {
    fn from(suite: Suite) -> u8 {
        match suite {
            Suite::Classic => 1,
        }
    }
}

/// What the sealed body holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Schema {
    /// A signed [`crate::payload::Payload`].
    Payload,
    /// The bytes of a file, referred to by a payload.
    Attachment,
}

/// The readable part of a record: what the relay needs for routing, bound to the body as associated data.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RecordHeader {
    /// The day it speaks of, a leaf of the category's day tree.
    pub day: Day,
    /// Its category, opaquely.
    pub label: CategoryLabel,
    /// Cipher suite of the body.
    pub suite: Suite,
    /// Its identity within the stream.
    pub record: RecordId,
    /// What the body holds.
    pub schema: Schema,
    /// Who made it: the key that signed the payload inside.
    pub source: VerifyingKey,
    /// The stream it belongs to.
    pub stream: StreamId,
}

/// Header and sealed body; never changes after it was written. The ledger holds its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedRecord {
    /// Key commitment (32 bytes) and the AEAD chunks.
    pub body: Blob,
    /// The readable part.
    pub header: RecordHeader,
}

/// A record's content key for those who hold a key of its day, or the stream's inbox key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordWrap {
    /// The wrapped key.
    pub key: WrappedKey,
    /// The record whose content key this is.
    pub record: RecordId,
    /// The generation of the category's day tree.
    pub generation: u16,
}

/// The ways to wrap a content key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrappedKey {
    /// Under the symmetric day key: made by the owner.
    Day {
        /// Random nonce.
        nonce: AeadNonce,
        /// 32 bytes and a tag of 16.
        sealed: Blob,
    },
    /// To the public day seal key: made by a source.
    DaySeal {
        /// HPKE encapsulated key.
        enc: EncappedKey,
        /// 32 bytes and a tag of 16.
        sealed: Blob,
    },
    /// To the stream's inbox key: made by a source that has no day seal key.
    Inbox {
        /// HPKE encapsulated key.
        enc: EncappedKey,
        /// 32 bytes and a tag of 16.
        sealed: Blob,
    },
}
