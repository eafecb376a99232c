//! A category as CSV (RFC 4180), for a person who opens it in a spreadsheet: one row per record, figures in the units that
//! the headers name. Format: `docs/formats/export.md`.
//!
//! A spreadsheet runs what begins like a formula, and a record's text may come from anybody. A text that begins with
//! `=`, `+`, `-`, `@`, a tab or a carriage return gets an apostrophe in front, which spreadsheets show as text; so does one
//! that begins with an apostrophe, or what stood there could not be told any more. Figures are written here from numbers,
//! so that they begin with a digit or the minus of one, and a spreadsheet can count with them.

mod fact;

use crate::view::SourceName;
use carnet_passport::{
    OpenedRecord,
    units::{decimal, minor_digits},
};
use carnet_protocol::{
    day::Timestamp,
    id::RecordId,
    quantity::{Metres, Money},
};
use serde::Serialize;
use serde_json::Value;

/// Where spreadsheets stop to take the letters of other languages for something else.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Columns of other records' identifiers: with any of them the table names each row's own.
const REFERENCES: [&str; 2] = ["corrects", "about"];

/// Columns that stand in every table.
const ALWAYS: [&str; 7] = ["date", "kind", "note", "files", "method", "source", "source class"];

/// What stands in a cell.
enum Cell {
    /// Anybody's words.
    Text(String),
    /// Digits that were made of a number.
    Figure(String),
}

/// Cells with the headers of their columns.
type Cells = Vec<(&'static str, Cell)>;

/// A record's cells: what stands before those of its fact, these, and what stands after them.
struct Row {
    before: Cells,
    fact: Cells,
    after: Cells,
}

/// The table of some records, each with who wrote it.
pub(super) fn csv(records: &[(&OpenedRecord, SourceName)]) -> String {
    let rows: Vec<Row> = records.iter().map(|(record, source)| row(record, source)).collect();
    let mut columns: Vec<&'static str> = vec!["date", "time (UTC)", "kind"];
    for (name, _) in rows.iter().flat_map(|row| &row.fact) {
        if !columns.contains(name) {
            columns.push(name);
        }
    }
    columns.extend(["note", "files", "method", "source", "source class", "corrects", "record"]);
    let filled = |name: &str| rows.iter().any(|row| row.cell(name).is_some_and(|cell| !cell.is_empty()));
    let refers = REFERENCES.into_iter().any(filled);
    columns.retain(|name| if *name == "record" { refers } else { ALWAYS.contains(name) || filled(name) });
    let mut table = BYTE_ORDER_MARK.to_string();
    line(&mut table, columns.iter().map(|name| (*name).to_owned()));
    for row in &rows {
        line(&mut table, columns.iter().map(|name| row.cell(name).map(Cell::written).unwrap_or_default()));
    }
    table
}

fn row(record: &OpenedRecord, source: &SourceName) -> Row {
    let payload = &record.payload;
    let files: Vec<&str> = payload.attachments.iter().map(|file| file.name.as_str()).collect();
    let (name, class) = match source {
        SourceName::Own(_) | SourceName::Owner(_) => ("owner".to_owned(), "owner".to_owned()),
        SourceName::Holder { name, .. } => {
            (name.clone().unwrap_or_else(|| "co-holder".to_owned()), "co-holder".to_owned())
        }
        SourceName::Member { name, class } => (name.clone(), word(class)),
        SourceName::Unknown => ("unknown".to_owned(), "unknown".to_owned()),
    };
    let (kind, fact) = fact::cells(&payload.fact);
    Row {
        before: vec![
            ("date", figure(record.day)),
            ("time (UTC)", payload.at.map_or_else(empty, |at| figure(clock(at)))),
            ("kind", text(kind)),
        ],
        fact,
        after: vec![
            ("note", text(payload.note.clone().unwrap_or_default())),
            ("files", text(files.join("; "))),
            ("method", text(word(&payload.method))),
            ("source", text(name)),
            ("source class", text(class)),
            ("corrects", payload.rectifies.map_or_else(empty, |about| text(reference(about)))),
            ("record", text(reference(record.record))),
        ],
    }
}

impl Row {
    fn cell(&self, name: &str) -> Option<&Cell> {
        let mut cells = self.before.iter().chain(&self.fact).chain(&self.after);
        cells.find(|(column, _)| *column == name).map(|(_, cell)| cell)
    }
}

impl Cell {
    fn is_empty(&self) -> bool {
        let (Cell::Text(written) | Cell::Figure(written)) = self;
        written.is_empty()
    }

    /// As no spreadsheet takes it for a formula.
    fn written(&self) -> String {
        match self {
            Cell::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) => format!("'{text}"),
            Cell::Text(text) | Cell::Figure(text) => text.clone(),
        }
    }
}

fn line(table: &mut String, cells: impl Iterator<Item = String>) {
    for (number, cell) in cells.enumerate() {
        if number > 0 {
            table.push(',');
        }
        table.push_str(&quoted(&cell));
    }
    table.push_str("\r\n");
}

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

fn empty() -> Cell {
    Cell::Text(String::new())
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

fn figure(figure: impl ToString) -> Cell {
    Cell::Figure(figure.to_string())
}

/// A word of a closed list, as the formats name it.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(name)) => name.replace('_', " "),
        _ => String::new(),
    }
}

/// A record's identifier: base64url begins with a minus at times, and may look like a number.
fn reference(record: RecordId) -> String {
    format!("id:{record}")
}

/// Thousands of what is counted, without decimals that say nothing: `31`, `31.25`.
fn thousands(parts: i128) -> Cell {
    let number = decimal(parts, 3);
    figure(number.trim_end_matches('0').trim_end_matches('.'))
}

/// Whole kilometres, as an odometer and the screen show them.
fn km(distance: Option<Metres>) -> Cell {
    distance.map_or_else(empty, |distance| figure(distance.km()))
}

/// An amount in the currency's main unit, and the currency.
fn money(money: Option<&Money>) -> [(&'static str, Cell); 2] {
    let amount =
        money.map_or_else(empty, |money| figure(decimal(i128::from(money.minor), minor_digits(&money.currency))));
    [("amount", amount), ("currency", text(money.map(|money| money.currency.clone()).unwrap_or_default()))]
}

/// The time of day.
fn clock(at: Timestamp) -> String {
    let seconds = at.0 % Timestamp::DAY / Timestamp::SECOND;
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use carnet_protocol::{
        category::Category,
        day::Day,
        id::Hash32,
        id::StreamId,
        key::VerifyingKey,
        member::MemberClass,
        payload::{
            ChargeReading, ChargeState, Expense, ExpenseKind, Fact, LocationFix, Maintenance, MaintenanceKind, Method,
            Origin, OriginKind, Payload, Refuelling, Statement, StatementKind,
        },
        quantity::{Percent, WattHours},
    };
    use proptest::prelude::*;

    fn expense(description: &str, minor: i64, currency: &str) -> Fact {
        let cost = Money { minor, currency: currency.into() };
        Fact::Expense(Expense { kind: ExpenseKind::Other, description: description.into(), cost })
    }

    fn record(note: &str, fact: Fact) -> OpenedRecord {
        let payload = Payload {
            stream: StreamId([1; 16]),
            record: RecordId([2; 16]),
            at: None,
            written_at: Timestamp(1),
            method: Method::Typed,
            origin: Origin { kind: OriginKind::Manual, import: None },
            fact,
            rectifies: None,
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

    fn owner() -> SourceName {
        SourceName::Owner(OriginKind::Manual)
    }

    /// The table of facts that the owner typed, each with the note `n`.
    fn table(facts: Vec<Fact>) -> String {
        let records: Vec<OpenedRecord> = facts.into_iter().map(|fact| record("n", fact)).collect();
        let records: Vec<_> = records.iter().map(|record| (record, owner())).collect();
        csv(&records).trim_start_matches(BYTE_ORDER_MARK).to_owned()
    }

    /// Reads RFC 4180 as a spreadsheet does.
    fn read(table: &str) -> Vec<Vec<String>> {
        let table = table.trim_start_matches(BYTE_ORDER_MARK);
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
            let one = record(&note, expense(&description, minor, "EUR"));
            let rows = read(&csv(&[(&one, owner())]));
            prop_assert_eq!(rows.len(), 2);
            prop_assert_eq!(rows[0].len(), rows[1].len());
            for cell in rows.iter().flatten().filter(|cell| **cell != decimal(i128::from(minor), 2)) {
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{:?}", cell);
            }
            let cell = |name: &str| {
                // A column that nobody fills is left out.
                let column = rows[0].iter().position(|column| column == name);
                let cell = column.map_or("", |column| rows[1][column].as_str());
                cell.strip_prefix('\'').unwrap_or(cell).to_owned()
            };
            prop_assert_eq!(cell("note"), note);
            prop_assert_eq!(cell("description"), description);
            prop_assert_eq!(cell("amount").replace('.', "").parse::<i64>().unwrap(), minor);
        }
    }

    #[test]
    fn days_amounts_and_sources_stand_as_people_write_them() {
        let expected = "date,kind,type,description,amount,currency,note,files,method,source,source class\r\n\
            2024-10-04,expense,other,\"wash, inside\",-10.05,EUR,n,,typed,owner,owner\r\n\
            2024-10-04,expense,other,tax,1500,JPY,n,,typed,owner,owner\r\n";
        assert_eq!(table(vec![expense("wash, inside", -1_005, "EUR"), expense("tax", 1_500, "JPY")]), expected);
        let work = record(
            "n",
            Fact::Maintenance(Maintenance {
                kind: MaintenanceKind::Service,
                description: "oil".into(),
                odometer: Some(Metres(45_200_900)),
                cost: None,
                workshop: None,
            }),
        );
        let garage = SourceName::Member { name: "Garage du Parc".into(), class: MemberClass::Garage };
        let expected = "\u{feff}date,kind,type,description,odometer (km),note,files,method,source,source class\r\n\
            2024-10-04,maintenance,service,oil,45200,n,,typed,Garage du Parc,garage\r\n";
        assert_eq!(csv(&[(&work, garage)]), expected);
    }

    #[test]
    fn figures_are_in_the_units_that_the_headers_name() {
        let charge = Fact::Charge(ChargeReading {
            state: ChargeState::Complete,
            charge: Percent::new(80).ok(),
            added: Some(WattHours(31_250)),
            rated_range_added: Some(Metres(200_000)),
            power_w: Some(11_000),
            fast: Some(false),
        });
        let expected = "date,kind,type,charge (%),energy added (kWh),rated range added (km),power (kW),fast charging,\
            note,files,method,source,source class\r\n\
            2024-10-04,charge,complete,80,31.25,200,11,no,n,,typed,owner,owner\r\n";
        assert_eq!(table(vec![charge]), expected);
        let fuel = Fact::Refuelling(Refuelling {
            odometer: Some(Metres::from_km(100)),
            volume_ml: 40_070,
            cost: None,
            full: true,
            missed: false,
        });
        let expected = "date,kind,volume (l),odometer (km),tank full,an earlier one is missing,\
            note,files,method,source,source class\r\n\
            2024-10-04,refuelling,40.07,100,yes,no,n,,typed,owner,owner\r\n";
        assert_eq!(table(vec![fuel]), expected);
        let place = Fact::Location(LocationFix { latitude_e7: 488_583_700, longitude_e7: -5_000_000 });
        let expected = "date,kind,latitude (degrees),longitude (degrees),note,files,method,source,source class\r\n\
            2024-10-04,location,48.8583700,-0.5000000,n,,typed,owner,owner\r\n";
        assert_eq!(table(vec![place]), expected);
    }

    #[test]
    fn records_are_named_where_one_refers_to_another() {
        let said = Fact::Statement(Statement {
            about: RecordId([2; 16]),
            commitment: Hash32([0; 32]),
            category: Category::Finance,
            kind: StatementKind::CounterSigned,
        });
        let rows = read(&table(vec![expense("wash", 1_000, "EUR"), said]));
        let column = |name: &str| rows[0].iter().position(|column| column == name).unwrap();
        assert_eq!(rows[2][column("type")], "counter signed");
        assert_eq!(rows[2][column("about")], rows[1][column("record")]);
        assert!(rows[1][column("record")].starts_with("id:"));
        assert!(!table(vec![expense("wash", 1_000, "EUR")]).contains("record"));
    }

    #[test]
    fn a_table_without_records_has_its_headers() {
        assert_eq!(table(Vec::new()), "date,kind,note,files,method,source,source class\r\n");
    }
}
