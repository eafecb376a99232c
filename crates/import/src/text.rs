//! From bytes to text: size, kind of file, character encoding.

mod windows_1252;

use crate::{FileKind, ImportError, limits};
use std::borrow::Cow;

/// A text and how it was read.
pub struct OpenedText<'a> {
    /// The text, without a byte order mark.
    pub text: Cow<'a, str>,
    /// It was no Unicode and was read as Windows-1252.
    pub windows_1252: bool,
}

/// Opens a text file: UTF-8 or UTF-16 with or without byte order mark, else Windows-1252, which holds Latin-1.
///
/// # Errors
/// [`ImportError::Empty`], [`ImportError::TooLarge`], [`ImportError::NotText`].
pub fn open(bytes: &[u8]) -> Result<OpenedText<'_>, ImportError> {
    if bytes.len() > limits::FILE_MAX {
        return Err(ImportError::TooLarge { bytes: bytes.len() as u64, max: limits::FILE_MAX as u64 });
    }
    if let Some(seen) = kind_by_first_bytes(bytes) {
        return Err(ImportError::NotText { seen });
    }
    let opened = decode(bytes)?;
    if opened.text.trim().is_empty() {
        return Err(ImportError::Empty);
    }
    Ok(opened)
}

fn decode(bytes: &[u8]) -> Result<OpenedText<'_>, ImportError> {
    let unicode = |text| Ok(OpenedText { text, windows_1252: false });
    if let Some(rest) = bytes.strip_prefix(&[0xff, 0xfe]) {
        return unicode(Cow::Owned(utf16(rest, u16::from_le_bytes)?));
    }
    if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        return unicode(Cow::Owned(utf16(rest, u16::from_be_bytes)?));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    // No text has a zero byte; binary files nearly always do.
    if bytes.contains(&0) {
        return Err(ImportError::NotText { seen: FileKind::Other });
    }
    match core::str::from_utf8(bytes) {
        Ok(text) => unicode(Cow::Borrowed(text)),
        Err(_) => {
            let text = windows_1252::decode(bytes).ok_or(ImportError::NotText { seen: FileKind::Other })?;
            Ok(OpenedText { text: Cow::Owned(text), windows_1252: true })
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, ImportError> {
    let not_text = ImportError::NotText { seen: FileKind::Other };
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(not_text);
    }
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect::<Result<String, _>>().map_err(|_| not_text)
}

fn kind_by_first_bytes(bytes: &[u8]) -> Option<FileKind> {
    const KINDS: [(&[u8], FileKind); 8] = [
        (b"%PDF", FileKind::Pdf),
        (b"PK\x03\x04", FileKind::Zip),
        (b"\x89PNG", FileKind::Image),
        (b"\xff\xd8\xff", FileKind::Image),
        (b"GIF8", FileKind::Image),
        (b"RIFF", FileKind::Image),
        (b"\x1f\x8b", FileKind::Gzip),
        (b"SQLite format 3\0", FileKind::Database),
    ];
    KINDS.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| *kind)
}

/// A value as it stands in a message: at most 100 characters.
pub fn excerpt(value: &str) -> String {
    value.chars().take(100).collect()
}

/// A position as a `u32`; files are too small for more.
pub fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
