//! Making a ledger and admitting members: `carnet-server init`, `carnet-server admit`, and the demo.
//!
//! Works on the ledger's file, so the relay must not be running. What was done before is found and not done twice.

use carnet_crypto::{secret::Secret, signature::SigningKey};
use carnet_ledger_embedded::{EmbeddedLedger, ReadError, SubmitError};
use carnet_protocol::{
    Blob,
    day::Timestamp,
    ledger::{Action, Outcome, Rejection, Transaction},
    member::Member,
};
use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// Why nobody was admitted.
#[derive(Debug, thiserror::Error)]
pub enum AdmissionError {
    /// The ledger refused.
    #[error("the ledger refused: {0}")]
    Rejected(#[from] Rejection),
    /// Another authority made this ledger.
    #[error("this ledger was made by another authority: check --data-dir and --authority-key")]
    OtherAuthority,
    /// There is no ledger.
    #[error("there is no ledger in the data folder yet: make one with `carnet-server init`")]
    NoLedger,
    /// It could not be written.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// It could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The key's file cannot be used.
    #[error("the key file {file} cannot be used: {why}")]
    KeyFile {
        /// The file.
        file: PathBuf,
        /// Why.
        why: String,
    },
}

/// Whether the ledger has been made.
///
/// # Errors
/// [`AdmissionError::Read`].
pub fn has_genesis(ledger: &EmbeddedLedger) -> Result<bool, AdmissionError> {
    Ok(ledger.snapshot()?.genesis_hash()?.is_some())
}

/// Makes the ledger, unless `authority` made it before.
///
/// # Errors
/// [`AdmissionError`], [`AdmissionError::OtherAuthority`] when somebody else made it.
pub fn make_ledger(
    ledger: &EmbeddedLedger,
    authority: &SigningKey,
    name: &str,
    now: Timestamp,
) -> Result<(), AdmissionError> {
    if let Some(directory) = ledger.snapshot()?.directory()? {
        let same = directory.genesis.key == authority.verifying_key();
        return if same { Ok(()) } else { Err(AdmissionError::OtherAuthority) };
    }
    let action = Action::Genesis { name: name.to_owned() };
    submit(ledger, authority, Transaction { ledger: None, at: now, action })
}

/// Admits a member, unless it is one already.
///
/// # Errors
/// [`AdmissionError`].
pub fn admit(
    ledger: &EmbeddedLedger,
    authority: &SigningKey,
    member: &Member,
    now: Timestamp,
) -> Result<(), AdmissionError> {
    let snapshot = ledger.snapshot()?;
    let genesis = snapshot.genesis_hash()?.ok_or(AdmissionError::NoLedger)?;
    if snapshot.member(&member.sign)?.as_ref() == Some(member) {
        return Ok(());
    }
    drop(snapshot);
    let action = Action::AdmitMember(member.clone());
    submit(ledger, authority, Transaction { ledger: Some(genesis), at: now, action })
}

pub(crate) fn submit(
    ledger: &EmbeddedLedger,
    key: &SigningKey,
    transaction: Transaction,
) -> Result<(), AdmissionError> {
    let receipts = ledger.submit(vec![key.sign(&transaction)])?;
    match receipts.first().map(|receipt| receipt.outcome) {
        Some(Outcome::Rejected(rejection)) => Err(rejection.into()),
        // One receipt per transaction is the ledger's promise.
        _ => Ok(()),
    }
}

/// The authority's key from its file; with `make`, a fresh one where there is no file.
///
/// # Errors
/// [`AdmissionError::KeyFile`].
pub fn authority_key(file: &Path, make: bool) -> Result<SigningKey, AdmissionError> {
    secret_file(file, make).map(|secret| SigningKey::from_seed(&secret))
}

/// A secret of 32 bytes from its file; with `make`, a fresh one where there is no file.
///
/// # Errors
/// [`AdmissionError::KeyFile`].
pub(crate) fn secret_file(file: &Path, make: bool) -> Result<Secret<32>, AdmissionError> {
    let failed = |why: String| AdmissionError::KeyFile { file: file.to_owned(), why };
    if make && !file.exists() {
        let text = carnet_protocol::id::Hash32(seed_bytes().map_err(|error| failed(error.to_string()))?).to_string();
        write_private(file, text.as_bytes()).map_err(|error| failed(error.to_string()))?;
    }
    let text = fs::read_to_string(file).map_err(|error| failed(error.to_string()))?;
    let seed: carnet_protocol::id::Hash32 =
        text.trim().parse().map_err(|_| failed("it does not hold 32 bytes in base64url".to_owned()))?;
    Secret::from_slice(seed.as_bytes()).map_err(|error| failed(error.to_string()))
}

/// 32 random bytes.
pub(crate) fn random_seed() -> io::Result<Blob> {
    seed_bytes().map(|bytes| Blob(bytes.to_vec()))
}

fn seed_bytes() -> io::Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| io::Error::other("the operating system gave no randomness"))?;
    Ok(bytes)
}

/// Writes a new file that only its owner can read, whole and durable before anything relies on it.
pub(crate) fn write_private(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.open(file)?;
    written.write_all(bytes)?;
    written.sync_all()
}
