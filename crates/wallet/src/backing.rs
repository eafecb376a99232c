//! How far each record of a passport can be believed, and which odometer readings clash: computed once for a page.

use crate::history::History;
use carnet_passport::{
    OpenedRecord,
    odometer::{self, OdometerFinding, Verdict},
    quality::{self, Quality, Standing},
};
use carnet_protocol::id::RecordId;
use std::collections::HashMap;

/// What stands behind the records of a passport.
pub(crate) struct Backing {
    /// The index of each record, in the order of the records.
    pub indices: Vec<(RecordId, Quality)>,
    findings: HashMap<RecordId, Vec<OdometerFinding>>,
}

impl Backing {
    /// Of a passport whose sources were looked up in the directory.
    pub fn of(history: &History<'_>) -> Self {
        let records = history.records();
        let indices = quality::view(records, |record| known(record, history));
        let mut findings: HashMap<RecordId, Vec<OdometerFinding>> = HashMap::new();
        let report = odometer::view(records).report;
        for finding in report.findings.into_iter().filter(|finding| finding.standing != Verdict::Consistent) {
            for record in [finding.earlier.record, finding.later.record] {
                findings.entry(record).or_default().push(finding);
            }
        }
        Self { indices, findings }
    }

    /// The indices by record.
    pub fn by_record(&self) -> HashMap<RecordId, &Quality> {
        self.indices.iter().map(|(record, quality)| (*record, quality)).collect()
    }

    /// The findings that name a record.
    pub fn findings(&self, record: RecordId) -> Vec<OdometerFinding> {
        self.findings.get(&record).cloned().unwrap_or_default()
    }
}

/// The base index of a member's class as of the writing.
fn known(record: &OpenedRecord, history: &History<'_>) -> Standing {
    let leaf = history.leaf(record.record).filter(|_| record.source_class.is_some());
    Standing { base: leaf.map(|leaf| leaf.base_quality), ..Standing::default() }
}
