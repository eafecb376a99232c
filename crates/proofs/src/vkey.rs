//! Public keys of those who sign notes, as text: `name+id+base64` (C2SP signed-note, verifier keys).

use crate::note::is_key_name;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use carnet_crypto::signature::check_verifying_key;
use carnet_protocol::key::VerifyingKey;
use sha2::{Digest, Sha256};

/// What a key signs, by its byte in the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoteKeyKind {
    /// Notes as they are: a log's key.
    Ed25519,
    /// Cosignatures with a time: a cosigner's key.
    CosignatureV1,
}

impl NoteKeyKind {
    const fn byte(self) -> u8 {
        match self {
            NoteKeyKind::Ed25519 => 0x01,
            NoteKeyKind::CosignatureV1 => 0x04,
        }
    }
}

/// A name with the public key behind it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NoteVerifier {
    name: String,
    kind: NoteKeyKind,
    key: VerifyingKey,
}

/// The text is no key that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VkeyError {
    /// Not of the form `name+id+base64`.
    #[error("a key is written name+id+base64")]
    Malformed,
    /// A kind of key that is not used here.
    #[error("the key is of a kind that is not supported: a log's starts with 01, a cosigner's with 04")]
    Kind,
    /// The identifier is not that of name and key: one of them was changed.
    #[error("the identifier does not belong to this name and key")]
    WrongId,
    /// The key is no point that may be used.
    #[error("the public key is weak or no key at all")]
    Weak,
}

impl NoteVerifier {
    /// A name and its key.
    ///
    /// # Errors
    /// [`VkeyError::Malformed`] for a name that cannot stand in a note, [`VkeyError::Weak`].
    pub fn new(name: &str, kind: NoteKeyKind, key: VerifyingKey) -> Result<Self, VkeyError> {
        if !is_key_name(name) {
            return Err(VkeyError::Malformed);
        }
        check_verifying_key(&key).map_err(|_| VkeyError::Weak)?;
        Ok(Self { name: name.to_owned(), kind, key })
    }

    /// Reads the text form.
    ///
    /// # Errors
    /// [`VkeyError`].
    pub fn parse(text: &str) -> Result<Self, VkeyError> {
        let (name, rest) = text.split_once('+').ok_or(VkeyError::Malformed)?;
        let (id, key) = rest.split_once('+').ok_or(VkeyError::Malformed)?;
        let bytes = STANDARD.decode(key).map_err(|_| VkeyError::Malformed)?;
        let (kind, key) = bytes.split_first().ok_or(VkeyError::Malformed)?;
        let kind = match kind {
            0x01 => NoteKeyKind::Ed25519,
            0x04 => NoteKeyKind::CosignatureV1,
            _ => return Err(VkeyError::Kind),
        };
        let verifier = Self::new(name, kind, VerifyingKey::try_from(key).map_err(|_| VkeyError::Malformed)?)?;
        if id == format!("{:08x}", u32::from_be_bytes(verifier.id())) { Ok(verifier) } else { Err(VkeyError::WrongId) }
    }

    /// Whose it is. A log's is its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    pub fn kind(&self) -> NoteKeyKind {
        self.kind
    }

    /// The public key.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// Names it on a signature line: the first four bytes of SHA-256 over name, newline, kind and key.
    pub fn id(&self) -> [u8; 4] {
        let hash = Sha256::new()
            .chain_update(&self.name)
            .chain_update([b'\n', self.kind.byte()])
            .chain_update(self.key.as_bytes())
            .finalize();
        [hash[0], hash[1], hash[2], hash[3]]
    }
}

impl core::fmt::Display for NoteVerifier {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let key = [&[self.kind.byte()], self.key.as_bytes().as_slice()].concat();
        write!(f, "{}+{:08x}+{}", self.name, u32::from_be_bytes(self.id()), STANDARD.encode(key))
    }
}
