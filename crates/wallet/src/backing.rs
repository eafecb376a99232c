//! How far each record of a passport can be believed, and which odometer readings clash: computed once for a page,
//! with what is said of them.

use crate::{directory::Members, history::History, marks::mark, said::Said, view::QuarantinedView};
use carnet_passport::{
    OpenedRecord, Views,
    odometer::{OdometerFinding, Verdict},
    quality::{self, Quality},
};
use carnet_protocol::id::RecordId;
use std::{borrow::Cow, collections::HashMap};

/// What stands behind the records of a passport, over all its owners.
pub(crate) struct Backing<'a> {
    /// What is said of the records of each part, the newest part first.
    said: Vec<Said<'a>>,
    /// The records that the passport is judged by.
    pub judged: Cow<'a, [OpenedRecord]>,
    /// What they say.
    pub views: Views,
    /// The index of each of these, in their order.
    pub indices: Vec<(RecordId, Quality)>,
    places: HashMap<RecordId, usize>,
    findings: HashMap<RecordId, Vec<OdometerFinding>>,
}

impl<'a> Backing<'a> {
    /// Of a passport whose sources were looked up in the directory.
    pub fn of(history: &History<'a>) -> Self {
        let said: Vec<Said<'a>> = history.parts().iter().map(|part| Said::of(part)).collect();
        let judged = match said.as_slice() {
            [only] => only.judged(),
            // Views want them one after the other, the earliest owner's first.
            parts => parts.iter().rev().flat_map(|part| part.judged().into_owned()).collect(),
        };
        mark("said");
        let views = Views::of(&judged);
        mark("views of all");
        let indices =
            quality::view(&judged, &views.odometer.report, |record| about(&said, record.record).standing(record));
        mark("quality");
        let mut findings: HashMap<RecordId, Vec<OdometerFinding>> = HashMap::new();
        for finding in
            views.odometer.report.findings.iter().copied().filter(|finding| finding.standing != Verdict::Consistent)
        {
            for record in [finding.earlier.record, finding.later.record] {
                findings.entry(record).or_default().push(finding);
            }
        }
        let places = indices.iter().enumerate().map(|(place, (record, _))| (*record, place)).collect();
        Self { said, judged, views, indices, places, findings }
    }

    /// The index of a record that is judged by.
    pub fn quality(&self, record: RecordId) -> Option<&Quality> {
        self.indices.get(*self.places.get(&record)?).map(|(_, quality)| quality)
    }

    /// The findings that name a record.
    pub fn findings(&self, record: RecordId) -> Vec<OdometerFinding> {
        self.findings.get(&record).cloned().unwrap_or_default()
    }

    /// What is said of a record, and of the others in its part.
    pub fn said(&self, record: RecordId) -> &Said<'a> {
        about(&self.said, record)
    }

    /// Records that somebody disputes, of those that are judged by.
    pub fn disputed(&self) -> Vec<RecordId> {
        let records = self.judged.iter().map(|record| record.record);
        records.filter(|record| self.said(*record).is_disputed(*record)).collect()
    }

    /// Everything that stands in quarantine, the newest part's first.
    pub fn quarantine(&self, members: &Members) -> Vec<QuarantinedView> {
        self.said.iter().flat_map(|part| part.quarantine(members)).collect()
    }
}

/// The part that a record is in; what is in none yet was written by the present owner. There is always a newest part.
fn about<'s, 'a>(said: &'s [Said<'a>], record: RecordId) -> &'s Said<'a> {
    match said {
        [only] => only,
        parts => parts.iter().find(|part| part.holds(record)).unwrap_or(&parts[0]),
    }
}
