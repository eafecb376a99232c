//! Bringing in another wallet's export: opening it, verifying what its sources signed, and what goes along as files.

use crate::{
    command::{FileData, Notice},
    directory::Members,
    error::WalletError,
    record::{
        FILES_MAX, PROGRESS,
        sealing::{NewRecord, Sealer},
    },
    said::is_against,
    wallet::Context,
};
use carnet_crypto::{
    export::{is_sealed, is_whole, open_export},
    hash::digest,
    passphrase::PassphraseError,
    signature::verify_by,
};
use carnet_import::{
    Answers, DryRun, Duplicate, DuplicateOf, Format, ImportError, Place, Question, SkipReason, Skipped,
    carnet_export::{ExportedCar, ExportedRecord, brought, choose, parse},
};
use carnet_protocol::{
    domain::Domain,
    encoding,
    id::RecordId,
    limits::ATTACHMENT_MAX,
    payload::{Attachment, Fact, OriginKind, Statement},
};
use rand_core::CryptoRng;
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

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

/// Takes out of a dry run what its source did not sign, says which files cannot come along, and settles how far each record
/// will be believed.
pub(super) fn check(found: &mut DryRun, car: &Option<ExportedCar>, members: &Members) {
    let Some(car) = car else { return };
    let by_place = by_place(car);
    let skipped = &mut found.skipped;
    found.drafts.retain_mut(|draft| {
        let Some(record) = by_place.get(&draft.place) else { return false };
        if !is_signed(car, record) {
            skipped.push(Skipped { place: draft.place.clone(), reason: SkipReason::BadSignature });
            return false;
        }
        if record.standing.is_some_and(|standing| standing.quarantined) {
            // Nobody took it in; from the owner's own hand it would count.
            skipped.push(Skipped { place: draft.place.clone(), reason: SkipReason::NotTakenIn });
            return false;
        }
        for (number, file) in record.payload.attachments.iter().enumerate() {
            if number >= FILES_MAX || bytes_of(record, file).is_none() {
                let reason = SkipReason::FileLeftOut { name: file.name.clone() };
                skipped.push(Skipped { place: draft.place.clone(), reason });
            }
        }
        let own = record.signed.key == car.owner;
        let member = if own { None } else { members.find(&record.signed.key) };
        (draft.method, draft.origin) = brought(record, own, member.map(|member| member.base_quality));
        true
    });
    settle_statements(found, &by_place);
}

/// A statement is about one record, byte for byte. What speaks against a record goes on doing so, or the record would look
/// better than it did; a counter-signature of the old one is none of the new one.
fn settle_statements(found: &mut DryRun, by_place: &HashMap<Place, &ExportedRecord>) {
    let id = |place: &Place| by_place.get(place).map(|record| record.payload.record);
    // A statement about a statement goes with it.
    let records = found.drafts.iter().filter(|draft| !matches!(draft.fact, Fact::Statement(_)));
    let new: HashSet<RecordId> = records.filter_map(|draft| id(&draft.place)).collect();
    let known: HashSet<RecordId> = found.duplicates.iter().filter_map(|known| id(&known.draft.place)).collect();
    let disputed: HashSet<RecordId> = by_place
        .values()
        .filter(|record| record.standing.is_none_or(|standing| standing.disputes > 0))
        .map(|record| record.payload.record)
        .collect();
    for mut draft in core::mem::take(&mut found.drafts) {
        let Fact::Statement(Statement { about, kind, .. }) = draft.fact else {
            found.drafts.push(draft);
            continue;
        };
        let stands = is_against(kind) && disputed.contains(&about);
        if stands && new.contains(&about) {
            draft.origin = OriginKind::CarnetExport;
            found.drafts.push(draft);
        } else if known.contains(&about) {
            found.duplicates.push(Duplicate { draft, of: DuplicateOf::Existing });
        } else {
            found.skipped.push(Skipped { place: draft.place, reason: SkipReason::OnAnotherRecord });
        }
    }
}

/// Writes what is brought in. What a source had corrected stays corrected, and a statement is about the new record.
pub(super) fn write<'a, R: CryptoRng>(
    mut sealer: Sealer<'a>,
    records: Vec<(Place, NewRecord)>,
    car: &ExportedCar,
    cx: &mut Context<'_, R>,
) -> Result<Sealer<'a>, WalletError> {
    let by_place = by_place(car);
    let signers: HashMap<RecordId, _> =
        car.records.iter().map(|record| (record.payload.record, record.signed.key)).collect();
    // Its own source's correction takes a record's place; another's stands beside it, as it did.
    let corrects = |record: &ExportedRecord| {
        record.payload.rectifies.filter(|about| signers.get(about) == Some(&record.signed.key))
    };
    let mut list = Vec::with_capacity(records.len());
    for (place, new) in records {
        let record = *by_place.get(&place).ok_or(WalletError::NotFound)?;
        let (step, order) = match (&new.fact, corrects(record)) {
            (Fact::Statement(_), _) => (2, u64::from(new.day.0)),
            (_, Some(_)) => (1, record.payload.written_at.0),
            (_, None) => (0, u64::from(new.day.0)),
        };
        list.push((step, order, record, new));
    }
    list.sort_by_key(|(step, order, ..)| (*step, *order));
    let total = u32::try_from(list.len()).unwrap_or(u32::MAX);
    let mut ids: HashMap<RecordId, RecordId> = HashMap::new();
    for (done, (_, _, record, mut new)) in list.into_iter().enumerate() {
        if done > 0 && done % PROGRESS == 0 {
            cx.tell(Notice::Progress { done: u32::try_from(done).unwrap_or(u32::MAX), total });
        }
        if let Fact::Statement(said) = &mut new.fact {
            said.about = *ids.get(&said.about).ok_or(WalletError::NotFound)?;
            said.commitment = sealer.commitment(said.about).ok_or(WalletError::NotFound)?;
        }
        let corrected = corrects(record).and_then(|about| ids.get(&about).copied());
        sealer = sealer.rectifying(corrected);
        ids.insert(record.payload.record, sealer.add(new, cx.rng)?);
    }
    Ok(sealer)
}

fn by_place(car: &ExportedCar) -> HashMap<Place, &ExportedRecord> {
    car.records.iter().map(|record| (place(record), record)).collect()
}

/// The files of each record, with the source's signed word where somebody else than the exporting owner gave it.
pub(super) fn files(car: &ExportedCar) -> HashMap<Place, Vec<FileData>> {
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
