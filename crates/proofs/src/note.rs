//! Signed notes (C2SP signed-note): a text, and lines of signatures by name and key.

use crate::vkey::NoteVerifier;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use carnet_protocol::limits::NOTE_MAX;

/// Signatures on a note; the standard asks for at least 16.
const SIGNATURES_MAX: usize = 64;

/// The bytes are no signed note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Larger than any note there should be.
    #[error("the note is larger than {NOTE_MAX} bytes")]
    TooLarge,
    /// It has control characters.
    #[error("the note has control characters")]
    ControlCharacter,
    /// It does not end in an empty line and lines of signatures.
    #[error("the note has no lines of signatures after its text")]
    NoSignatures,
    /// A line of signatures is not `— name base64`.
    #[error("a signature of the note is not written as name and base64")]
    BadSignatureLine,
    /// More than are looked at.
    #[error("the note has more than {SIGNATURES_MAX} signatures")]
    TooManySignatures,
}

/// A text with signatures, none of them verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// A line of signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// Whose it says it is.
    pub name: String,
    /// Which key of that name.
    pub id: [u8; 4],
    /// The signature, as its kind has it.
    pub bytes: Vec<u8>,
}

impl Note {
    /// A text, which must end in a newline, and its signatures.
    pub(crate) fn new(text: String, signatures: Vec<NoteSignature>) -> Self {
        Self { text, signatures }
    }

    /// Reads a note.
    ///
    /// # Errors
    /// [`NoteError`].
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.len() > NOTE_MAX {
            return Err(NoteError::TooLarge);
        }
        if note.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
            return Err(NoteError::ControlCharacter);
        }
        // The text may have empty lines; the last one of all divides.
        let at = note.rfind("\n\n").ok_or(NoteError::NoSignatures)?;
        let (text, lines) = (&note[..=at], &note[at + 2..]);
        let lines = lines.strip_suffix('\n').ok_or(NoteError::NoSignatures)?;
        let signatures = lines.split('\n').map(NoteSignature::parse).collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > SIGNATURES_MAX {
            return Err(NoteError::TooManySignatures);
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// What is signed, with its last newline.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures in order.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// The same text with the signatures of one name only.
    pub fn signed_by(&self, name: &str) -> Note {
        let signatures = self.signatures.iter().filter(|line| line.name == name).cloned().collect();
        Note { text: self.text.clone(), signatures }
    }

    /// Leaves out the signatures that are not wanted.
    pub(crate) fn retain(&mut self, wanted: impl FnMut(&NoteSignature) -> bool) {
        self.signatures.retain(wanted);
    }

    /// Adds a signature, in the place of an older one by the same key.
    pub fn put(&mut self, signature: NoteSignature) {
        match self.signatures.iter_mut().find(|known| (&known.name, known.id) == (&signature.name, signature.id)) {
            Some(known) => *known = signature,
            None => self.signatures.push(signature),
        }
    }
}

impl core::fmt::Display for Note {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl NoteSignature {
    /// Reads a line, without its newline.
    ///
    /// # Errors
    /// [`NoteError::BadSignatureLine`].
    pub fn parse(line: &str) -> Result<Self, NoteError> {
        let (name, base64) =
            line.strip_prefix("— ").and_then(|rest| rest.split_once(' ')).ok_or(NoteError::BadSignatureLine)?;
        let bytes = STANDARD.decode(base64).map_err(|_| NoteError::BadSignatureLine)?;
        match bytes.split_first_chunk() {
            Some((id, rest)) if !rest.is_empty() && is_key_name(name) => {
                Ok(Self { name: name.to_owned(), id: *id, bytes: rest.to_vec() })
            }
            _ => Err(NoteError::BadSignatureLine),
        }
    }

    /// Whether it says that it is by this key.
    pub(crate) fn names(&self, signer: &NoteVerifier) -> bool {
        self.name == signer.name() && self.id == signer.id()
    }
}

impl core::fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let bytes = [self.id.as_slice(), &self.bytes].concat();
        write!(f, "— {} {}", self.name, STANDARD.encode(bytes))
    }
}

/// Whether a name can stand on a line of signatures: not empty, no spaces, no plus, no control characters.
pub fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|one| one == '+' || one.is_whitespace() || one.is_control())
}
