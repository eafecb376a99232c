//! The file of a note key: 32 random bytes in base64url, readable by its owner alone.

use carnet_crypto::{note::NoteKey, secret::Secret};
use carnet_protocol::id::Hash32;
use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// The key's file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the key file {file} cannot be used: {why}")]
pub struct KeyFileError {
    /// The file.
    pub file: PathBuf,
    /// Why.
    pub why: String,
}

/// Reads a key; with `make`, a fresh one is written where there is no file.
///
/// # Errors
/// [`KeyFileError`]; also when others than its owner can read it.
pub fn read(file: &Path, make: bool) -> Result<NoteKey, KeyFileError> {
    let failed = |why: String| KeyFileError { file: file.to_owned(), why };
    if make && !file.exists() {
        write_fresh(file).map_err(|error| failed(error.to_string()))?;
    }
    if !is_private(file).map_err(|error| failed(error.to_string()))? {
        return Err(failed("others can read it: chmod 600 it, and make a new key if they may have".to_owned()));
    }
    let text = fs::read_to_string(file).map_err(|error| failed(error.to_string()))?;
    let seed: Hash32 = text.trim().parse().map_err(|_| failed("it does not hold 32 bytes in base64url".to_owned()))?;
    let seed = Secret::from_slice(seed.as_bytes()).map_err(|error| failed(error.to_string()))?;
    Ok(NoteKey::from_seed(&seed))
}

fn write_fresh(file: &Path) -> io::Result<()> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| io::Error::other("the operating system gave no randomness"))?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.open(file)?;
    written.write_all(Hash32(bytes).to_string().as_bytes())?;
    written.sync_all()
}

#[cfg(unix)]
fn is_private(file: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::metadata(file)?.permissions().mode() & 0o077 == 0)
}

#[cfg(not(unix))]
fn is_private(file: &Path) -> io::Result<bool> {
    fs::metadata(file).map(|_| true)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_key_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        assert!(read(&file, false).is_err());
        let key = read(&file, true).unwrap().verifying_key();
        assert_eq!(read(&file, true).unwrap().verifying_key(), key);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
            fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
            assert!(read(&file, false).unwrap_err().why.contains("others"));
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        }
        fs::write(&file, "short").unwrap();
        assert!(read(&file, false).is_err());
    }
}
