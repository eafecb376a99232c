//! Bringing in another wallet's export: opening it, verifying what its sources signed, and what goes along as files.

use crate::{command::FileData, error::WalletError, record::FILES_MAX};
use carnet_crypto::{
    export::{is_sealed, is_whole, open_export},
    hash::digest,
    passphrase::PassphraseError,
    signature::verify_by,
};
use carnet_import::{
    Answers, DryRun, Format, ImportError, Place, Question, SkipReason, Skipped,
    carnet_export::{ExportedCar, ExportedRecord, choose, parse},
};
use carnet_protocol::{domain::Domain, encoding, limits::ATTACHMENT_MAX, payload::Attachment};
use std::{borrow::Cow, collections::HashMap};

/// The file that keeps a source's signature beside a record that another owner signed anew.
const STATEMENT: &str = "signed-by-source.carnet-statement";

/// Its media type.
const STATEMENT_TYPE: &str = "application/vnd.carnet.statement+cbor";

/// The file as it is to be read; `None` where its passphrase has yet to be asked for.
pub(super) fn unsealed<'a>(bytes: &'a [u8], answers: &Answers) -> Result<Option<Cow<'a, [u8]>>, WalletError> {
    if !is_sealed(bytes) {
        return Ok(Some(Cow::Borrowed(bytes)));
    }
    if !is_whole(bytes) {
        return Err(WalletError::Import(ImportError::CutOff));
    }
    let Some(passphrase) = &answers.passphrase else { return Ok(None) };
    match open_export(bytes, passphrase) {
        Ok(plain) => Ok(Some(Cow::Owned(plain.to_vec()))),
        Err(PassphraseError::Open(_)) => Err(WalletError::WrongPassphrase),
        Err(PassphraseError::Kdf(error)) => Err(error.into()),
    }
}

/// What a dry run says of a file that it cannot read yet.
pub(super) fn asks_for_the_passphrase() -> DryRun {
    DryRun {
        format: Format::CarnetExport,
        questions: vec![Question::Passphrase],
        withheld: 1,
        drafts: Vec::new(),
        skipped: Vec::new(),
        duplicates: Vec::new(),
        identity: None,
        notes: Vec::new(),
    }
}

/// The one car of the export that is asked for.
pub(super) fn records(plain: &[u8], answers: &Answers) -> Result<Option<ExportedCar>, WalletError> {
    let export = parse(plain, |_, _| {}).map_err(WalletError::Import)?;
    Ok(choose(&export, answers).cloned())
}

/// Takes out of a dry run what its source did not sign, and says which files cannot come along.
pub(super) fn check(found: &mut DryRun, car: &Option<ExportedCar>) {
    let Some(car) = car else { return };
    let by_place: HashMap<Place, &ExportedRecord> = car.records.iter().map(|record| (place(record), record)).collect();
    let skipped = &mut found.skipped;
    found.drafts.retain(|draft| {
        let Some(record) = by_place.get(&draft.place) else { return false };
        if !is_signed(car, record) {
            skipped.push(Skipped { place: draft.place.clone(), reason: SkipReason::BadSignature });
            return false;
        }
        for (number, file) in record.payload.attachments.iter().enumerate() {
            if number >= FILES_MAX || bytes_of(record, file).is_none() {
                let reason = SkipReason::FileLeftOut { name: file.name.clone() };
                skipped.push(Skipped { place: draft.place.clone(), reason });
            }
        }
        true
    });
}

/// The files of each record, with the source's signed word where somebody else than the exporting owner gave it.
pub(super) fn files(car: Option<ExportedCar>) -> HashMap<Place, Vec<FileData>> {
    let Some(car) = car else { return HashMap::new() };
    let mut found = HashMap::new();
    for record in &car.records {
        let named = record.payload.attachments.iter().take(FILES_MAX).filter_map(|file| {
            let bytes = bytes_of(record, file)?.to_vec();
            Some(FileData { name: file.name.clone(), media_type: file.media_type.clone(), bytes })
        });
        let mut files: Vec<FileData> = named.collect();
        if record.signed.key != car.owner {
            let bytes = encoding::encode(&record.signed);
            files.push(FileData { name: STATEMENT.to_owned(), media_type: STATEMENT_TYPE.to_owned(), bytes });
        }
        found.insert(place(record), files);
    }
    found
}

fn place(record: &ExportedRecord) -> Place {
    Place::Line { line: record.line }
}

fn is_signed(car: &ExportedCar, record: &ExportedRecord) -> bool {
    verify_by(&record.signed, &record.signed.key).is_ok_and(|payload| payload.stream == car.stream)
}

/// The bytes of a file, where they are there, no more than a file may have, and those that the payload names.
fn bytes_of<'a>(record: &'a ExportedRecord, named: &Attachment) -> Option<&'a [u8]> {
    let file = record.files.iter().find(|file| file.record == named.record && file.bytes.len() <= ATTACHMENT_MAX)?;
    (digest(Domain::HASH_ATTACHMENT, &file.bytes) == named.hash).then_some(file.bytes.as_slice())
}
