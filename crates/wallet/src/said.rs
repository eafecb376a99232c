//! What is said of records beside them: the owner's answers to sources, disputes, counter-signatures, rectifications.
//! Nothing is edited; what is judged by is chosen here.

use crate::{
    directory::Members,
    journal::Opened,
    view::{QuarantinedView, SaidView},
};
use carnet_passport::{OpenedRecord, quality::Standing};
use carnet_protocol::{
    id::RecordId,
    key::VerifyingKey,
    payload::{Fact, OriginKind, Statement, StatementKind},
};
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

/// Statements and corrections in a passport, by the record they are about.
pub(crate) struct Said<'a> {
    /// Of each signer the latest word that counts.
    statements: HashMap<RecordId, Vec<&'a OpenedRecord>>,
    /// Corrections, oldest first.
    rectified_by: HashMap<RecordId, Vec<&'a OpenedRecord>>,
    opened: &'a Opened,
}

impl<'a> Said<'a> {
    /// All of a passport.
    pub fn of(opened: &'a Opened) -> Self {
        let mut said = Self { statements: HashMap::new(), rectified_by: HashMap::new(), opened };
        let mut statements: Vec<(&OpenedRecord, Statement)> = opened.records.iter().filter_map(statement).collect();
        statements.sort_by_key(|(record, _)| (record.payload.written_at, record.record));
        // The owner's first: only what the owner has accepted of a source without leave counts.
        statements.sort_by_key(|(record, _)| record.source != opened.owner);
        for (record, statement) in statements {
            if said.counts(record, &statement) {
                let words = said.statements.entry(statement.about).or_default();
                words.retain(|earlier| earlier.source != record.source);
                words.push(record);
            }
        }
        let mut corrections: Vec<&OpenedRecord> =
            opened.records.iter().filter(|record| record.payload.rectifies.is_some()).collect();
        corrections.sort_by_key(|record| (record.payload.written_at, record.record));
        for record in corrections {
            if let Some(about) = record.payload.rectifies.filter(|about| *about != record.record) {
                said.rectified_by.entry(about).or_default().push(record);
            }
        }
        said
    }

    /// Whether a statement holds for a record as the ledger has it, and its signer may say this.
    fn counts(&self, record: &OpenedRecord, statement: &Statement) -> bool {
        let Some(about) = self.opened.entries.get(&statement.about) else { return false };
        let by_owner = record.source == self.opened.owner;
        let may = match statement.kind {
            StatementKind::Accepted | StatementKind::Rejected => by_owner,
            // A dispute that came along with an export is signed by whoever brought both: it counts against its signer.
            StatementKind::Disputed => {
                record.source != about.header.source || record.payload.origin.kind == OriginKind::CarnetExport
            }
            StatementKind::CounterSigned => {
                !by_owner && record.source_class.is_some() && record.source != about.header.source
            }
        };
        may && about.commitment == statement.commitment && !self.is_quarantined(record.record)
    }

    /// Whether a record's source had no leave, and the owner has not accepted it.
    pub fn is_quarantined(&self, record: RecordId) -> bool {
        let written_without = self.opened.leaves.get(&record).is_some_and(|leaf| leaf.quarantined);
        written_without && self.by(record, &self.opened.owner) != Some(StatementKind::Accepted)
    }

    /// The latest word of a signer on a record.
    fn by(&self, record: RecordId, signer: &VerifyingKey) -> Option<StatementKind> {
        let word = self.statements.get(&record)?.iter().find(|said| said.source == *signer)?;
        statement(word).map(|(_, statement)| statement.kind)
    }

    /// Whether the owner has answered a record of a source.
    pub fn is_answered(&self, record: RecordId) -> bool {
        self.by(record, &self.opened.owner).is_some()
    }

    fn count(&self, record: RecordId, wanted: impl Fn(StatementKind) -> bool) -> u32 {
        let words = self.statements.get(&record).into_iter().flatten();
        let counted = words.filter_map(|said| statement(said)).filter(|(_, statement)| wanted(statement.kind)).count();
        u32::try_from(counted).unwrap_or(u32::MAX)
    }

    /// What counts for a record's quality besides itself.
    pub fn standing(&self, record: &OpenedRecord) -> Standing {
        let leaf = self.opened.leaves.get(&record.record).filter(|_| record.source_class.is_some());
        Standing {
            base: leaf.map(|leaf| leaf.base_quality),
            counter_signatures: self.count(record.record, |kind| kind == StatementKind::CounterSigned),
            disputes: self.count(record.record, is_against),
        }
    }

    /// Whether somebody disputes a record.
    pub fn is_disputed(&self, record: RecordId) -> bool {
        self.count(record, is_against) > 0
    }

    /// Whether the record is in this part of the history.
    pub fn holds(&self, record: RecordId) -> bool {
        self.opened.leaves.contains_key(&record) || self.opened.entries.contains_key(&record)
    }

    /// The records that a passport is judged by: no statements, nothing in quarantine, and of what its own source has
    /// corrected the correction.
    pub fn judged(&self) -> Cow<'a, [OpenedRecord]> {
        let left_out: HashSet<RecordId> =
            self.opened.records.iter().filter(|record| self.is_left_out(record)).map(|record| record.record).collect();
        if left_out.is_empty() {
            return Cow::Borrowed(&self.opened.records);
        }
        Cow::Owned(self.opened.records.iter().filter(|record| !left_out.contains(&record.record)).cloned().collect())
    }

    fn is_left_out(&self, record: &OpenedRecord) -> bool {
        let corrections = self.rectified_by.get(&record.record).into_iter().flatten();
        let corrected = corrections.filter(|by| by.source == record.source).any(|by| !self.is_quarantined(by.record));
        statement(record).is_some() || corrected || self.is_quarantined(record.record)
    }

    /// What is said of a record, for showing it beside the record.
    pub fn views(&self, record: RecordId, members: &Members) -> Vec<SaidView> {
        let words = self.statements.get(&record).into_iter().flatten();
        let view = |said: &&OpenedRecord| {
            let (_, statement) = statement(said)?;
            let by = members.source(said);
            let (at, reason) = (said.payload.written_at, said.payload.note.clone());
            Some(SaidView { kind: statement.kind, by, at, reason })
        };
        words.filter_map(view).collect()
    }

    /// The records that correct one, oldest first.
    pub fn rectified_by(&self, record: RecordId) -> Vec<RecordId> {
        self.rectified_by.get(&record).into_iter().flatten().map(|by| by.record).collect()
    }

    /// Everything that stands in quarantine, whether its content is here or not: that it is there cannot be hidden.
    pub fn quarantine(&self, members: &Members) -> Vec<QuarantinedView> {
        let statements: HashSet<RecordId> = self
            .opened
            .records
            .iter()
            .filter(|record| statement(record).is_some())
            .map(|record| record.record)
            .collect();
        let mut leaves: Vec<_> = self.opened.leaves.values().chain(&self.opened.foreign).collect();
        leaves.retain(|leaf| !leaf.withdrawn && !statements.contains(&leaf.entry.record));
        leaves.retain(|leaf| leaf.quarantined && self.is_quarantined_leaf(leaf.entry.record));
        leaves.sort_by_key(|leaf| core::cmp::Reverse(leaf.index));
        let view = |leaf: &&carnet_protocol::ledger::Leaf| {
            let record = self.opened.record(leaf.entry.record).ok();
            let file = self.opened.entries.get(&leaf.entry.record).is_some_and(|entry| entry.is_attachment());
            (!file).then(|| QuarantinedView {
                record: record.map(|record| record.record),
                by: members.name_of(&leaf.source),
                at: leaf.at,
                rejected: self.by(leaf.entry.record, &self.opened.owner) == Some(StatementKind::Rejected),
            })
        };
        leaves.iter().filter_map(view).collect()
    }

    fn is_quarantined_leaf(&self, record: RecordId) -> bool {
        self.by(record, &self.opened.owner) != Some(StatementKind::Accepted)
    }
}

/// Whether a statement speaks against a record.
pub(crate) fn is_against(kind: StatementKind) -> bool {
    matches!(kind, StatementKind::Disputed | StatementKind::Rejected)
}

/// A record that is a statement.
pub(crate) fn statement(record: &OpenedRecord) -> Option<(&OpenedRecord, Statement)> {
    match &record.payload.fact {
        Fact::Statement(statement) => Some((record, *statement)),
        _ => None,
    }
}
