//! The table: delimiter, header, rows.

use super::column::{self, Column};
use crate::{ImportError, LubeLoggerKind, limits, text};
use csv::{ReaderBuilder, StringRecord};

/// A table as read, values untouched.
pub struct Table {
    /// Headers as they stand in the file.
    pub headers: Vec<String>,
    /// What each header means.
    pub columns: Vec<Option<Column>>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// One row.
pub struct Row {
    /// The line it begins on, from 1.
    pub line: u32,
    /// Its fields.
    pub fields: StringRecord,
}

impl Table {
    /// Position of a column.
    pub fn position(&self, column: Column) -> Option<usize> {
        self.columns.iter().position(|c| *c == Some(column))
    }

    /// Header of a column as the file names it.
    pub fn header(&self, column: Column) -> String {
        self.position(column).map(|at| text::excerpt(self.headers[at].trim())).unwrap_or_default()
    }

    /// A row's value in a column, trimmed; `None` where the column or the value is missing.
    pub fn value<'a>(&self, row: &'a Row, column: Column) -> Option<&'a str> {
        row.fields.get(self.position(column)?).map(str::trim).filter(|value| !value.is_empty())
    }
}

/// Which list a table is, by its header; where that leaves it open, by the file's name.
///
/// # Errors
/// [`ImportError::UnknownFormat`], [`ImportError::ListNotRead`], [`ImportError::MissingColumn`].
pub fn sniff(name: &str, text: &str) -> Result<LubeLoggerKind, ImportError> {
    let (_, headers) = header(text)?;
    let names: Vec<String> = headers.iter().map(|h| column::normalise(h)).collect();
    let columns: Vec<Column> = headers.iter().filter_map(|h| column::of_header(h)).collect();
    let has = |column| columns.contains(&column);
    let named = |name: &str| names.iter().any(|n| n == name);
    let seen = || headers.iter().take(20).map(|h| text::excerpt(h.trim())).collect::<Vec<_>>();
    for (mark, list) in
        [("partnumber", "supply"), ("progress", "plan"), ("isequipped", "equipment"), ("datatype", "attachments")]
    {
        if named(mark) {
            return Err(ImportError::ListNotRead { list: list.into() });
        }
    }
    let kind = if has(Column::Volume) && (has(Column::Odometer) || has(Column::Cost)) {
        LubeLoggerKind::Gas
    } else if has(Column::Description) && has(Column::Odometer) {
        work_by_name(name)
    } else if has(Column::Description) && has(Column::Cost) {
        LubeLoggerKind::Tax
    } else if has(Column::Odometer) {
        LubeLoggerKind::Odometer
    } else {
        return Err(ImportError::UnknownFormat { seen: seen() });
    };
    let has_parts = has(Column::Day) && has(Column::Month) && has(Column::Year);
    if !has(Column::Date) && !has_parts {
        return Err(ImportError::MissingColumn { column: "Date".into(), seen: seen() });
    }
    Ok(kind)
}

/// LubeLogger's own export is named after the list.
fn work_by_name(name: &str) -> LubeLoggerKind {
    let name = name.to_lowercase();
    let file = name.rsplit(['/', '\\']).next().unwrap_or(&name);
    let hints = [
        ("service", LubeLoggerKind::Service),
        ("repair", LubeLoggerKind::Repair),
        ("upgrade", LubeLoggerKind::Upgrade),
    ];
    let mut found = hints.iter().filter(|(word, _)| file.contains(word)).map(|(_, kind)| *kind);
    match (found.next(), found.next()) {
        (Some(kind), None) => kind,
        _ => LubeLoggerKind::Work,
    }
}

/// Reads the whole table.
///
/// # Errors
/// [`ImportError::NoRows`], [`ImportError::TooManyRows`], [`ImportError::BrokenCsv`].
pub fn read(text: &str) -> Result<Table, ImportError> {
    let (delimiter, headers) = header(text)?;
    let mut reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut lines = LineCount { text: text.as_bytes(), byte: 0, line: 1 };
    for record in reader.records() {
        let fields = record.map_err(|error| broken(&error))?;
        if rows.len() == limits::ROWS_MAX {
            return Err(ImportError::TooManyRows { max: text::number(limits::ROWS_MAX) });
        }
        let line = lines.at(fields.position().map_or(0, |p| p.byte()));
        if fields.iter().any(|f| !f.trim().is_empty()) {
            rows.push(Row { line, fields });
        }
    }
    if let Some(last) = rows.last().filter(|last| swallowed_the_rest(text, last)) {
        return Err(ImportError::BrokenCsv { line: last.line });
    }
    if rows.is_empty() {
        return Err(ImportError::NoRows);
    }
    let columns = headers.iter().map(|h| column::of_header(h)).collect();
    Ok(Table { headers, columns, rows })
}

/// Counts lines along with the rows; the reader's own count runs behind where lines end in two characters.
struct LineCount<'a> {
    text: &'a [u8],
    byte: usize,
    line: u32,
}

impl LineCount<'_> {
    /// The line of the row that begins at a byte or after the line ends that follow it; bytes must not go back.
    fn at(&mut self, byte: u64) -> u32 {
        let mut byte = usize::try_from(byte).unwrap_or(usize::MAX).min(self.text.len());
        while self.text.get(byte).is_some_and(|b| matches!(b, b'\r' | b'\n')) {
            byte += 1;
        }
        while self.byte < byte {
            let ends = match self.text[self.byte] {
                b'\n' => true,
                b'\r' => self.text.get(self.byte + 1) != Some(&b'\n'),
                _ => false,
            };
            self.line = self.line.saturating_add(u32::from(ends));
            self.byte += 1;
        }
        self.line
    }
}

fn broken(error: &csv::Error) -> ImportError {
    let line = error.position().map_or(1, |p| u32::try_from(p.line()).unwrap_or(u32::MAX));
    ImportError::BrokenCsv { line }
}

/// A quote that is never closed makes all the rest of the file one field.
fn swallowed_the_rest(text: &str, last: &Row) -> bool {
    let open = text.bytes().filter(|b| *b == b'"').count() % 2 == 1;
    open && last.fields.iter().any(|field| field.trim_end().contains('\n'))
}

/// Delimiter and header: the delimiter that makes most columns known, then most columns at all.
fn header(text: &str) -> Result<(u8, Vec<String>), ImportError> {
    let read = |delimiter: u8| -> Option<(usize, usize, u8, Vec<String>)> {
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(&text.as_bytes()[..text.floor_char_boundary(HEADER_MAX)]);
        let record = reader.records().next()?.ok()?;
        let headers: Vec<String> = record.iter().map(str::to_owned).collect();
        let known = headers.iter().filter(|h| column::of_header(h).is_some()).count();
        Some((known, headers.len(), delimiter, headers))
    };
    b",;\t|"
        .iter()
        .filter_map(|delimiter| read(*delimiter))
        // Of equals the first in the list above: the comma.
        .rev()
        .max_by_key(|(known, all, ..)| (*known, *all))
        .map(|(_, _, delimiter, headers)| (delimiter, headers))
        .ok_or(ImportError::UnknownFormat { seen: Vec::new() })
}

/// Bytes in which a header must end.
const HEADER_MAX: usize = 64 * 1024;
