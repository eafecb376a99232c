//! Why a file as a whole cannot be read.

use serde::{Deserialize, Serialize};

/// Why a file cannot be read at all. Each variant has its next step: another file, another export, a smaller part.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is larger than can be read at once: bring it in parts.
    #[error("the file has {bytes} bytes; at most {max} can be read")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        max: u64,
    },
    /// It has more rows than can be read at once: bring it in parts.
    #[error("the file has more than {max} rows")]
    TooManyRows {
        /// The limit.
        max: u32,
    },
    /// It is no text file: export it as CSV or JSON, or attach it to a record.
    #[error("the file is not a text file")]
    NotText {
        /// What it is.
        seen: FileKind,
    },
    /// It begins as JSON and breaks off or goes wrong: export or download it again.
    #[error("the file is not valid JSON: line {line}, column {column}")]
    BrokenJson {
        /// Line, from 1.
        line: u32,
        /// Column, from 1.
        column: u32,
    },
    /// A quoted field never ends: export it again.
    #[error("the file is not a valid table: line {line}")]
    BrokenCsv {
        /// Line, from 1.
        line: u32,
    },
    /// It is none of the formats that Carnet reads.
    #[error("the file has no known format")]
    UnknownFormat {
        /// What was seen: column names of a table, or field names of an object; at most 20.
        seen: Vec<String>,
    },
    /// One of LubeLogger's lists that hold nothing for a passport: export another.
    #[error("this list is not read")]
    ListNotRead {
        /// The list: `supply`, `plan`, `equipment` or `attachments`.
        list: String,
    },
    /// A table of a known format lacks a column.
    #[error("a column is missing")]
    MissingColumn {
        /// Its name.
        column: String,
        /// The columns there are, at most 20.
        seen: Vec<String>,
    },
    /// A table has a header and no rows.
    #[error("the table has no rows")]
    NoRows,
    /// Everything in it belongs to another car.
    #[error("the file is of another vehicle")]
    WrongVehicle {
        /// That car's VIN as the file gives it.
        vin: String,
    },
    /// An export has no last line: it was cut off when it was copied.
    #[error("the export is cut off")]
    CutOff,
    /// The report answers that it has nothing: look it up again at its source.
    #[error("the report is empty")]
    EmptyReport,
}

/// Kinds of files that are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A PDF document.
    Pdf,
    /// A ZIP archive, which spreadsheets are too.
    Zip,
    /// A picture.
    Image,
    /// Compressed with gzip.
    Gzip,
    /// An SQLite database.
    Database,
    /// Anything else.
    Other,
}
