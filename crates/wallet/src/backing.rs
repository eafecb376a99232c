//! How far each record of a passport can be believed, and which odometer readings clash: computed once for a page,
//! with what is said of them.

use crate::{journal::Opened, said::Said};
use carnet_passport::{
    OpenedRecord,
    odometer::{self, OdometerFinding, Verdict},
    quality::{self, Quality},
};
use carnet_protocol::id::RecordId;
use std::{borrow::Cow, collections::HashMap};

/// What stands behind the records of a passport.
pub(crate) struct Backing<'a> {
    /// What is said of records.
    pub said: Said<'a>,
    /// The records that the passport is judged by.
    pub judged: Cow<'a, [OpenedRecord]>,
    /// The index of each of these, in their order.
    pub indices: Vec<(RecordId, Quality)>,
    places: HashMap<RecordId, usize>,
    findings: HashMap<RecordId, Vec<OdometerFinding>>,
}

impl<'a> Backing<'a> {
    /// Of a passport whose sources were looked up in the directory.
    pub fn of(opened: &'a Opened) -> Self {
        let said = Said::of(opened);
        let judged = said.judged();
        let indices = quality::view(&judged, |record| said.standing(record));
        let mut findings: HashMap<RecordId, Vec<OdometerFinding>> = HashMap::new();
        let report = odometer::view(&judged).report;
        for finding in report.findings.into_iter().filter(|finding| finding.standing != Verdict::Consistent) {
            for record in [finding.earlier.record, finding.later.record] {
                findings.entry(record).or_default().push(finding);
            }
        }
        let places = indices.iter().enumerate().map(|(place, (record, _))| (*record, place)).collect();
        Self { said, judged, indices, places, findings }
    }

    /// The index of a record that is judged by.
    pub fn quality(&self, record: RecordId) -> Option<&Quality> {
        self.indices.get(*self.places.get(&record)?).map(|(_, quality)| quality)
    }

    /// The findings that name a record.
    pub fn findings(&self, record: RecordId) -> Vec<OdometerFinding> {
        self.findings.get(&record).cloned().unwrap_or_default()
    }
}
