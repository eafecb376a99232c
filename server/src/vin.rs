//! The key that turns VINs into tags: its file, and its public half on the ledger.

use crate::admission::{self, AdmissionError};
use carnet_crypto::signature::SigningKey;
use carnet_ledger_embedded::EmbeddedLedger;
use carnet_protocol::{
    day::Timestamp,
    encoding,
    key::VinKey,
    ledger::{Action, Transaction},
};
use carnet_vin_tag::Evaluator;
use std::path::Path;

/// File of the demo's key below the data folder.
pub const DEMO_KEY_FILE: &str = "vin.key";

/// Why VINs cannot be evaluated.
#[derive(Debug, thiserror::Error)]
pub enum VinKeyError {
    /// The ledger names none.
    #[error(
        "the ledger names no key for VINs yet: publish one with `carnet-server publish-vin-key`, or leave out --vin-key"
    )]
    NotPublished,
    /// The ledger names another.
    #[error("the key in --vin-key is not the one that the ledger names: tags made with it would stand for nothing")]
    OtherKey,
    /// It could not be read or published.
    #[error(transparent)]
    Admission(#[from] AdmissionError),
}

/// The evaluator with the key of a file; with `make`, a fresh one where there is no file.
///
/// # Errors
/// [`AdmissionError::KeyFile`].
pub fn evaluator(file: &Path, make: bool) -> Result<Evaluator, AdmissionError> {
    let seed = admission::secret_file(file, make)?;
    let failed =
        |why: carnet_vin_tag::VinTagError| AdmissionError::KeyFile { file: file.to_owned(), why: why.to_string() };
    Evaluator::from_seed(&seed).map_err(failed)
}

/// Names the evaluator's key on the ledger, unless it is named already.
///
/// # Errors
/// [`AdmissionError`].
pub fn publish(
    ledger: &EmbeddedLedger,
    authority: &SigningKey,
    evaluator: &Evaluator,
    now: Timestamp,
) -> Result<(), AdmissionError> {
    if published(ledger)? == Some(evaluator.key()) {
        return Ok(());
    }
    let genesis = ledger.snapshot()?.genesis_hash()?.ok_or(AdmissionError::NoLedger)?;
    let action = Action::PublishVinKey { key: evaluator.key() };
    admission::submit(ledger, authority, Transaction { ledger: Some(genesis), at: now, action })
}

/// The evaluator of a configured file, held against the ledger.
///
/// # Errors
/// [`VinKeyError`].
pub fn open(file: &Path, ledger: &EmbeddedLedger) -> Result<Evaluator, VinKeyError> {
    let evaluator = evaluator(file, false)?;
    match published(ledger)? {
        None => Err(VinKeyError::NotPublished),
        Some(key) if key == evaluator.key() => Ok(evaluator),
        Some(_) => Err(VinKeyError::OtherKey),
    }
}

fn published(ledger: &EmbeddedLedger) -> Result<Option<VinKey>, AdmissionError> {
    let Some(signed) = ledger.snapshot()?.vin_key()? else { return Ok(None) };
    match encoding::decode(&signed.body) {
        Ok(Transaction { action: Action::PublishVinKey { key }, .. }) => Ok(Some(key)),
        _ => Ok(None),
    }
}
