//! Reading files that a person picked, and telling what they are by their first bytes, whatever their names say.

use carnet_wallet::command::FileData;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// Why a file was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadError {
    /// It is larger than what is asked for; nothing was read.
    TooLarge {
        /// Its size.
        bytes: u64,
    },
    /// The browser cannot read it: it was moved, or may not be read.
    Unreadable,
}

/// Reads a file whole, unless it is larger than `max` bytes.
///
/// # Errors
/// [`UploadError`].
pub async fn read(file: &File, max: u64) -> Result<FileData, UploadError> {
    let bytes = file.size() as u64;
    if bytes > max {
        return Err(UploadError::TooLarge { bytes });
    }
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| UploadError::Unreadable)?;
    let media_type = Some(file.type_()).filter(|kind| !kind.is_empty());
    Ok(FileData {
        name: file.name(),
        media_type: media_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
        bytes: js_sys::Uint8Array::new(&buffer).to_vec(),
    })
}

/// The media type of a photo or a PDF; `None` for what is neither.
pub fn photo_or_paper(bytes: &[u8]) -> Option<&'static str> {
    // A PDF may begin a little later (ISO 32000, annex of implementations).
    const PDF_WITHIN: usize = 1_024;
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some("image/png"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => match brand.get(..4)? {
            b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" => Some("image/heic"),
            b"mif1" | b"msf1" => Some("image/heif"),
            b"avif" | b"avis" => Some("image/avif"),
            _ => None,
        },
        bytes => bytes.windows(5).take(PDF_WITHIN).any(|five| five == b"%PDF-").then_some("application/pdf"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photos_and_papers_are_known_by_their_first_bytes() {
        let known: [(&[u8], &str); 9] = [
            (b"\xFF\xD8\xFF\xE0\0\x10JFIF", "image/jpeg"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
            (b"GIF89a\x01\0", "image/gif"),
            (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1", "image/heic"),
            (b"\0\0\0\x1cftypmif1\0\0\0\0", "image/heif"),
            (b"\0\0\0\x1cftypavif\0\0\0\0", "image/avif"),
            (b"%PDF-1.7\n", "application/pdf"),
            (b"\xEF\xBB\xBF\n%PDF-1.4", "application/pdf"),
        ];
        for (bytes, kind) in known {
            assert_eq!(photo_or_paper(bytes), Some(kind));
        }
    }

    #[test]
    fn what_only_calls_itself_a_photo_is_none() {
        let late = [vec![b' '; 2_000], b"%PDF-1.7".to_vec()].concat();
        let others: [&[u8]; 7] = [
            b"",
            b"a shopping list",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"PK\x03\x04",
            b"RIFF\x24\0\0\0WAVEfmt ",
            b"\0\0\0\x18ftyp",
            &late,
        ];
        for bytes in others {
            assert_eq!(photo_or_paper(bytes), None);
        }
    }
}
