//! A category as CSV (RFC 4180), for spreadsheets: one row per record, one column per value that any of them has.
//!
//! A spreadsheet runs what begins like a formula, and a record's text may come from anybody. A cell that begins with
//! `=`, `+`, `-`, `@`, a tab or a carriage return gets an apostrophe in front, which spreadsheets show as text; so does one
//! that begins with an apostrophe, or what stood there could not be told any more.

use carnet_passport::OpenedRecord;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Columns that every table has, before those of its facts.
const COLUMNS: [&str; 6] = ["day", "record", "method", "source", "note", "files"];

/// The table of some records.
pub(super) fn csv(records: &[&OpenedRecord]) -> String {
    let rows: Vec<BTreeMap<String, String>> = records.iter().map(|record| facts(record)).collect();
    let columns: BTreeSet<&String> = rows.iter().flat_map(BTreeMap::keys).collect();
    let mut table = String::new();
    let head = COLUMNS.iter().map(|column| (*column).to_owned()).chain(columns.iter().map(|column| (*column).clone()));
    line(&mut table, head);
    for (record, facts) in records.iter().zip(&rows) {
        let files: Vec<&str> = record.payload.attachments.iter().map(|file| file.name.as_str()).collect();
        let own = [
            record.day.to_string(),
            record.record.to_string(),
            text(&serde_json::to_value(record.payload.method).unwrap_or_default()),
            record.source.to_string(),
            record.payload.note.clone().unwrap_or_default(),
            files.join("; "),
        ];
        let values = columns.iter().map(|column| facts.get(*column).cloned().unwrap_or_default());
        line(&mut table, own.into_iter().chain(values));
    }
    table
}

fn line(table: &mut String, cells: impl Iterator<Item = String>) {
    for (number, cell) in cells.enumerate() {
        if number > 0 {
            table.push(',');
        }
        table.push_str(&quoted(&guarded(&cell)));
    }
    table.push_str("\r\n");
}

/// A cell that no spreadsheet takes for a formula.
fn guarded(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) { format!("'{cell}") } else { cell.to_owned() }
}

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

/// The values of a record's fact by their paths: `cost.minor`, `charge`.
fn facts(record: &OpenedRecord) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    // The fact's kind is the one key on top.
    if let Ok(Value::Object(fact)) = serde_json::to_value(&record.payload.fact) {
        for (kind, value) in fact {
            found.insert("kind".to_owned(), kind);
            flatten("", value, &mut found);
        }
    }
    found
}

fn flatten(path: &str, value: Value, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() { format!("value.{name}") } else { format!("{path}.{name}") };
                flatten(&path, value, found);
            }
        }
        Value::Null => {}
        value => {
            let path = if path.is_empty() { "value" } else { path };
            found.insert(path.to_owned(), text(&value));
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use carnet_protocol::{
        day::{Day, Timestamp},
        id::{RecordId, StreamId},
        key::VerifyingKey,
        payload::{Expense, ExpenseKind, Fact, Method, Origin, OriginKind, Payload},
        quantity::Money,
    };
    use proptest::prelude::*;

    fn record(note: &str, description: &str, minor: i64) -> OpenedRecord {
        let cost = Money { minor, currency: "EUR".into() };
        let payload = Payload {
            stream: StreamId([1; 16]),
            record: RecordId([2; 16]),
            at: None,
            written_at: Timestamp(1),
            method: Method::Typed,
            origin: Origin { kind: OriginKind::Manual, import: None },
            fact: Fact::Expense(Expense { kind: ExpenseKind::Other, description: description.into(), cost }),
            note: Some(note.into()),
            attachments: Vec::new(),
        };
        let source = VerifyingKey([3; 32]);
        OpenedRecord {
            record: RecordId([2; 16]),
            day: Day(20_000),
            source,
            source_class: None,
            owner_made: true,
            payload,
        }
    }

    /// Reads RFC 4180 as a spreadsheet does.
    fn read(table: &str) -> Vec<Vec<String>> {
        let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
        let mut chars = table.chars().peekable();
        while let Some(c) = chars.next() {
            match (quoted, c) {
                (true, '"') if chars.peek() == Some(&'"') => cell.push(chars.next().unwrap()),
                (true, '"') => quoted = false,
                (true, c) => cell.push(c),
                (false, '"') => quoted = true,
                (false, ',') => row.push(std::mem::take(&mut cell)),
                (false, '\r') if chars.peek() == Some(&'\n') => {}
                (false, '\n') => {
                    row.push(std::mem::take(&mut cell));
                    rows.push(std::mem::take(&mut row));
                }
                (false, c) => cell.push(c),
            }
        }
        rows
    }

    proptest! {
        #[test]
        fn no_cell_begins_like_a_formula_and_every_text_comes_back(
            start in "[=+@\\-\t\r]?", note in "[ -~\t\r\n]{0,40}", description in "\\PC{0,40}", minor: i64,
        ) {
            let note = format!("{start}{note}");
            let one = record(&note, &description, minor);
            let rows = read(&csv(&[&one]));
            prop_assert_eq!(rows.len(), 2);
            prop_assert_eq!(rows[0].len(), rows[1].len());
            for cell in rows.iter().flatten() {
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{:?}", cell);
            }
            let cell = |name: &str| {
                let column = rows[0].iter().position(|column| column == name).unwrap();
                let cell = rows[1][column].as_str();
                cell.strip_prefix('\'').unwrap_or(cell).to_owned()
            };
            prop_assert_eq!(cell("note"), note);
            prop_assert_eq!(cell("value.description"), description);
            prop_assert_eq!(cell("value.cost.minor"), minor.to_string());
        }
    }
}
