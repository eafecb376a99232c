//! The dry run: what an import would do.

use crate::{
    Answers, Draft, Duplicate, DuplicateOf, ExistingFact, Fingerprint, Format, ImportError, ImportNote, Place,
    Question, SkipReason, Skipped, SourceFile,
    carnet_export::{self, ExportedRecord},
    fingerprint, format, histovec, limits, lubelogger, tesla, text,
};
use carnet_protocol::{
    day::{Day, Timestamp},
    payload::{Fact, Method, OdometerReading, OriginKind, VehicleIdentity},
    quantity::Metres,
};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// What an import would do. Nothing has been written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryRun {
    /// The file's format.
    pub format: Format,
    /// What must be answered first; while there is any, [`Self::withheld`] rows wait for it.
    pub questions: Vec<Question>,
    /// Rows or samples that were understood but wait for an answer.
    pub withheld: u32,
    /// What would be written, earliest first.
    pub drafts: Vec<Draft>,
    /// What was passed over, in the order of the file, at most 1,000 (see [`ImportNote::SkippedNotListed`]).
    pub skipped: Vec<Skipped>,
    /// What is there already.
    pub duplicates: Vec<Duplicate>,
    /// What the car is, by this file's latest word.
    pub identity: Option<VehicleIdentity>,
    /// What the owner should know of the file as a whole.
    pub notes: Vec<ImportNote>,
}

/// Reads a file and says what its import would do, given the answers so far and what the car already has.
///
/// # Errors
/// [`ImportError`] when the file as a whole cannot be read; a fault in one row or line is in [`DryRun::skipped`].
pub fn dry_run(file: &SourceFile, answers: &Answers, existing: &[ExistingFact]) -> Result<DryRun, ImportError> {
    if carnet_export::is_export(file.bytes) {
        let mut findings = Findings::new(Format::CarnetExport);
        carnet_export::read(file.bytes, answers, &mut findings)?;
        return Ok(findings.finish(existing));
    }
    let opened = text::open(file.bytes)?;
    let format = format::sniff(file.name, &opened.text)?;
    let mut findings = Findings::new(format);
    if opened.windows_1252 {
        findings.notes.push(ImportNote::ReadAsWindows1252);
    }
    match format {
        Format::TeslaVehicleData => tesla::read(&opened.text, answers, &mut findings)?,
        Format::LubeLogger(kind) => lubelogger::read(&opened.text, kind, answers, &mut findings)?,
        Format::HistoVec => histovec::read(&opened.text, answers, &mut findings)?,
        // Told by its first bytes above.
        Format::CarnetExport => return Err(ImportError::UnknownFormat { seen: Vec::new() }),
    }
    Ok(findings.finish(existing))
}

/// Where a reader of one format puts what it finds.
pub(crate) struct Findings {
    pub(crate) format: Format,
    candidates: Vec<Candidate>,
    skipped: Vec<Skipped>,
    skipped_unlisted: u32,
    texts_cut: u32,
    pub(crate) questions: Vec<Question>,
    pub(crate) withheld: u32,
    pub(crate) identity: Option<VehicleIdentity>,
    pub(crate) notes: Vec<ImportNote>,
}

/// A draft, and whether it only repeats a figure of another draft, for sharing it by itself.
struct Candidate {
    draft: Draft,
    derived: bool,
}

impl Findings {
    fn new(format: Format) -> Self {
        Self {
            format,
            candidates: Vec::new(),
            skipped: Vec::new(),
            skipped_unlisted: 0,
            texts_cut: 0,
            questions: Vec::new(),
            withheld: 0,
            identity: None,
            notes: Vec::new(),
        }
    }

    /// A fact was found. Where it carries an odometer, the reading becomes a draft of its own as well, so that
    /// mileage can be shared without the rest.
    pub(crate) fn add(&mut self, day: Day, at: Option<Timestamp>, fact: Fact, note: Option<String>, place: Place) {
        let odometer = match &fact {
            Fact::Odometer(_) | Fact::Driving(_) => None,
            other => carnet_passport::odometer::of_fact(other),
        };
        if let Some(odometer) = odometer {
            self.push(day, at, Fact::Odometer(OdometerReading { odometer }), None, place.clone(), true);
        }
        self.push(day, at, fact, note, place, false);
    }

    fn push(&mut self, day: Day, at: Option<Timestamp>, fact: Fact, note: Option<String>, place: Place, derived: bool) {
        let origin = match self.format {
            Format::TeslaVehicleData => OriginKind::TeslaVehicleData,
            Format::LubeLogger(_) => OriginKind::LubeLogger,
            Format::HistoVec => OriginKind::HistoVec,
            Format::CarnetExport => OriginKind::CarnetExport,
        };
        let draft = Draft { day, at, fact, note, place, method: Method::Imported, origin };
        self.candidates.push(Candidate { draft, derived });
    }

    /// A record of an export: it says already what can be shared by itself.
    pub(crate) fn add_as_it_is(&mut self, record: &ExportedRecord, (method, origin): (Method, OriginKind)) {
        let (payload, place) = (&record.payload, Place::Line { line: record.line });
        let (fact, note) = (payload.fact.clone(), payload.note.clone());
        let draft = Draft { day: record.day, at: payload.at, fact, note, place, method, origin };
        self.candidates.push(Candidate { draft, derived: false });
    }

    /// Something was passed over.
    pub(crate) fn skip(&mut self, place: Place, reason: SkipReason) {
        if self.skipped.len() < limits::SKIPPED_LISTED_MAX {
            self.skipped.push(Skipped { place, reason });
        } else {
            self.skipped_unlisted = self.skipped_unlisted.saturating_add(1);
        }
    }

    /// Whether anything was passed over so far.
    pub(crate) fn has_skipped(&self) -> bool {
        !self.skipped.is_empty()
    }

    /// A text of the file, trimmed and cut to the limit; `None` when nothing is left.
    pub(crate) fn text(&mut self, text: &str) -> Option<String> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        match text.char_indices().nth(limits::TEXT_MAX) {
            Some((end, _)) => {
                self.texts_cut = self.texts_cut.saturating_add(1);
                Some(text[..end].to_owned())
            }
            None => Some(text.to_owned()),
        }
    }

    fn finish(mut self, existing: &[ExistingFact]) -> DryRun {
        // Where every row that would wait is broken anyway, the answer would change nothing.
        if self.withheld == 0 {
            self.questions.clear();
        }
        let (mut drafts, mut duplicates) = match self.format {
            Format::CarnetExport => sort_out_records(self.candidates, existing),
            _ => sort_out(self.candidates, &existing.iter().map(|fact| &fact.fingerprint).collect()),
        };
        drafts.sort_by(|a, b| (a.day, a.at, &a.place).cmp(&(b.day, b.at, &b.place)));
        duplicates.sort_by(|a, b| a.draft.place.cmp(&b.draft.place));
        if self.skipped_unlisted > 0 {
            self.notes.push(ImportNote::SkippedNotListed { count: self.skipped_unlisted });
        }
        if self.texts_cut > 0 {
            self.notes.push(ImportNote::TextCut { count: self.texts_cut });
        }
        DryRun {
            format: self.format,
            questions: self.questions,
            withheld: self.withheld,
            drafts,
            skipped: self.skipped,
            duplicates,
            identity: self.identity,
            notes: self.notes,
        }
    }
}

/// Tells new from known. Which of several equal candidates stays does not depend on the order of the file's rows,
/// only on what they say.
fn sort_out(candidates: Vec<Candidate>, known: &HashSet<&Fingerprint>) -> (Vec<Draft>, Vec<Duplicate>) {
    let mut keyed: Vec<(Fingerprint, Candidate)> =
        candidates.into_iter().map(|c| (fingerprint(&c.draft.fact, c.draft.day), c)).collect();
    keyed.sort_by(|(a_key, a), (b_key, b)| {
        (a_key, a.derived, a.draft.at, &a.draft.note, &a.draft.place).cmp(&(
            b_key,
            b.derived,
            b.draft.at,
            &b.draft.note,
            &b.draft.place,
        ))
    });
    let mut taken: HashMap<Fingerprint, Place> = HashMap::new();
    let (mut drafts, mut duplicates) = (Vec::new(), Vec::new());
    for (key, Candidate { draft, derived }) in keyed {
        let of = if let Some(place) = taken.get(&key) {
            // The figure is there once; that another row repeats it is no news.
            if derived {
                continue;
            }
            DuplicateOf::SameFile { place: place.clone() }
        } else {
            let is_known = known.contains(&key);
            taken.insert(key, draft.place.clone());
            if !is_known {
                drafts.push(draft);
                continue;
            }
            DuplicateOf::Existing
        };
        duplicates.push(Duplicate { draft, of });
    }
    (drafts, duplicates)
}

/// Tells new from known among records of a passport. There two that say the same are two: as many as the car has are known,
/// the rest is new.
fn sort_out_records(candidates: Vec<Candidate>, existing: &[ExistingFact]) -> (Vec<Draft>, Vec<Duplicate>) {
    let mut known: HashMap<&Fingerprint, usize> = HashMap::new();
    for fact in existing {
        *known.entry(&fact.fingerprint).or_default() += 1;
    }
    let (mut drafts, mut duplicates) = (Vec::new(), Vec::new());
    for Candidate { draft, .. } in candidates {
        match known.get_mut(&fingerprint(&draft.fact, draft.day)) {
            Some(left) if *left > 0 => {
                *left -= 1;
                duplicates.push(Duplicate { draft, of: DuplicateOf::Existing });
            }
            _ => drafts.push(draft),
        }
    }
    (drafts, duplicates)
}

/// An odometer that can be believed.
pub(crate) fn believable(odometer: Metres) -> bool {
    odometer.0 <= limits::ODOMETER_MAX_M
}
