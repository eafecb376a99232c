//! Reading an export.

use super::{
    ExportedStanding,
    line::{Line, VERSION},
};
use crate::{ImportError, Place, SkipReason, limits};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use carnet_protocol::{
    day::Day,
    encoding,
    id::{RecordId, StreamId},
    key::VerifyingKey,
    payload::{Fact, Payload},
    signed::Signed,
};

/// What the first line begins with, whoever wrote it.
const FIRST: &[u8] = b"{\"carnet_export\":";

/// What an export holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Export {
    /// Its cars, in order.
    pub cars: Vec<ExportedCar>,
}

/// One car.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedCar {
    /// Its stream in the wallet it comes from.
    pub stream: StreamId,
    /// The key that owned it there.
    pub owner: VerifyingKey,
    /// What its owner calls it.
    pub name: String,
    /// Its records.
    pub records: Vec<ExportedRecord>,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedRecord {
    /// The line it stands on, from 1.
    pub line: u32,
    /// The day it is filed under.
    pub day: Day,
    /// As its source signed it; not verified here.
    pub signed: Signed<Payload>,
    /// What it says.
    pub payload: Payload,
    /// What it counted where it comes from, as the export says and nobody signed.
    pub standing: Option<ExportedStanding>,
    /// Its files that are in the export.
    pub files: Vec<ExportedFile>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedFile {
    /// As the payload names it.
    pub record: RecordId,
    /// Its bytes; not held against the payload's hash here.
    pub bytes: Vec<u8>,
}

impl ExportedCar {
    /// Its latest VIN.
    pub(super) fn vin(&self) -> Option<String> {
        self.records.iter().rev().find_map(|record| match &record.payload.fact {
            Fact::Identity(identity) => identity.vin.clone(),
            _ => None,
        })
    }
}

/// Whether a file is an export, told by how it begins.
pub fn is_export(bytes: &[u8]) -> bool {
    bytes.starts_with(FIRST)
}

/// Reads an export. Broken lines are passed over.
///
/// # Errors
/// [`ImportError`] when it is too large, of another version, or cut off.
pub fn parse(bytes: &[u8], mut skip: impl FnMut(Place, SkipReason)) -> Result<Export, ImportError> {
    if bytes.len() > limits::EXPORT_MAX {
        return Err(ImportError::TooLarge { bytes: bytes.len() as u64, max: limits::EXPORT_MAX as u64 });
    }
    let (mut export, mut said, mut records, mut lines) = (Export::default(), None, 0_usize, 0_u64);
    for (number, line) in (1_u32..).zip(bytes.split(|byte| *byte == b'\n')) {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let place = Place::Line { line: number };
        match serde_json::from_slice::<Line>(line) {
            Ok(Line::CarnetExport { version, .. }) if number == 1 && version == VERSION => {}
            _ if number == 1 => return Err(ImportError::UnknownFormat { seen: vec!["carnet_export".to_owned()] }),
            Ok(Line::End { records, files }) => said = Some(records.saturating_add(files)),
            Ok(line) => {
                lines += u64::from(!matches!(line, Line::Car { .. }));
                records += usize::from(matches!(line, Line::Record { .. }));
                if records > limits::ROWS_MAX {
                    return Err(ImportError::TooManyRows { max: limits::ROWS_MAX as u32 });
                }
                if let Err(reason) = take(line, number, &mut export) {
                    skip(place, reason);
                }
            }
            Err(error) => {
                // It may have been a record or a file: it is listed, and not missed as well.
                lines += 1;
                skip(place, SkipReason::BrokenJson { column: u32::try_from(error.column()).unwrap_or(u32::MAX) });
            }
        }
    }
    // Fewer than the last line says: a part was lost when it was copied.
    if said.is_some_and(|said| said <= lines) { Ok(export) } else { Err(ImportError::CutOff) }
}

fn take(line: Line, number: u32, export: &mut Export) -> Result<(), SkipReason> {
    match line {
        Line::Car { stream, owner, name } => {
            export.cars.push(ExportedCar { stream, owner, name, records: Vec::new() });
            Ok(())
        }
        Line::Record { record, category, day, signed, standing, .. } => {
            let car = export.cars.last_mut().ok_or(SkipReason::NotASample)?;
            let field = |field: &str| SkipReason::Missing { field: field.to_owned() };
            if signed.len() / 4 * 3 > limits::SIGNED_MAX {
                return Err(SkipReason::TooLarge);
            }
            let bytes = STANDARD.decode(signed).map_err(|_| field("signed"))?;
            let signed: Signed<Payload> = encoding::decode(&bytes).map_err(|_| field("signed"))?;
            let payload: Payload = encoding::decode(&signed.body).map_err(|_| field("signed"))?;
            if payload.record != record || payload.fact.category() != category {
                return Err(field("record"));
            }
            let day = Day::parse_iso(&day)
                .ok_or_else(|| SkipReason::BadDate { field: "day".to_owned(), value: crate::text::excerpt(&day) })?;
            car.records.push(ExportedRecord { line: number, day, signed, payload, standing, files: Vec::new() });
            Ok(())
        }
        Line::File { record, bytes, .. } => {
            let owner = export.cars.last_mut().and_then(|car| car.records.last_mut());
            let owner = owner.filter(|owner| owner.payload.attachments.iter().any(|file| file.record == record));
            let missing = || SkipReason::Missing { field: "record".to_owned() };
            let owner = owner.ok_or_else(missing)?;
            let bytes = STANDARD.decode(bytes).map_err(|_| SkipReason::Missing { field: "bytes".to_owned() })?;
            owner.files.push(ExportedFile { record, bytes });
            Ok(())
        }
        Line::CarnetExport { .. } | Line::End { .. } => Err(SkipReason::NotASample),
    }
}
