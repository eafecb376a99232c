//! Reading files that a person picked.

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
