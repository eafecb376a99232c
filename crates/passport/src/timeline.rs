//! The car's life as a list, newest first, and the filter over it.

mod entry;
mod text;

pub use entry::{Entry, EntryKind, Figure};

use crate::opened::OpenedRecord;
use carnet_protocol::{category::Category, day::Day};
use serde::{Deserialize, Serialize};

/// Which entries to show; the default shows all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Filter {
    /// Categories; empty for all.
    pub categories: Vec<Category>,
    /// Words that must all occur in description, note, label or file names, whatever their case and accents; empty for
    /// all.
    pub text: String,
    /// First year.
    pub from_year: Option<u16>,
    /// Last year.
    pub to_year: Option<u16>,
}

impl Filter {
    /// Whether a record passes.
    pub fn matches(&self, record: &OpenedRecord) -> bool {
        (self.categories.is_empty() || self.categories.contains(&record.category()))
            && self.years_match(record.day)
            && text::contains_all(record, &text::words(&self.text))
    }

    fn years_match(&self, day: Day) -> bool {
        if self.from_year.is_none() && self.to_year.is_none() {
            return true;
        }
        let year = day.to_civil().0;
        self.from_year.is_none_or(|from| i32::from(from) <= year) && self.to_year.is_none_or(|to| year <= i32::from(to))
    }
}

/// Entries of the records that pass, newest first.
pub fn entries(records: &[OpenedRecord], filter: &Filter) -> Vec<Entry> {
    let words = text::words(&filter.text);
    let mut chosen: Vec<&OpenedRecord> = records
        .iter()
        .filter(|r| filter.categories.is_empty() || filter.categories.contains(&r.category()))
        .filter(|r| filter.years_match(r.day))
        .filter(|r| text::contains_all(r, &words))
        .collect();
    sort_newest_first(&mut chosen);
    chosen.into_iter().map(Entry::of).collect()
}

/// The order of the timeline: newest day first, within a day the latest time first, then by category; the same
/// whatever the order they came in.
pub fn sort_newest_first(records: &mut [&OpenedRecord]) {
    records.sort_by_key(|r| {
        (core::cmp::Reverse((r.day, r.payload.at)), r.category(), core::cmp::Reverse(r.payload.written_at), r.record)
    });
}
