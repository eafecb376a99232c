//! What a dry run found.

use crate::{DateOrder, DecimalMark};
use carnet_protocol::{
    day::{Day, Timestamp},
    payload::{Fact, Method, OriginKind},
};
use serde::{Deserialize, Serialize};

/// A record as it would be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The day it speaks of.
    pub day: Day,
    /// When, where the file says it more closely.
    pub at: Option<Timestamp>,
    /// What happened.
    pub fact: Fact,
    /// Free text from the file.
    pub note: Option<String>,
    /// Where in the file it stands.
    pub place: Place,
    /// How the figures came about: [`Method::Imported`], whatever the file claims; of an export see
    /// [`crate::carnet_export::brought`].
    pub method: Method,
    /// The format it came from; of an export the one it first came from.
    pub origin: OriginKind,
}

/// A place in a file, for people.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A line of a text file, from 1; where a row spans several, its first.
    Line {
        /// The line.
        line: u32,
    },
    /// An element of a JSON array, from 1.
    Element {
        /// The element.
        number: u32,
    },
    /// A path into a JSON document, e.g. `vehicule.historique[3]`; array positions count from 1.
    Path {
        /// The path.
        path: String,
    },
    /// The file as a whole.
    File,
}

/// Something that was passed over.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Skipped {
    /// Where.
    pub place: Place,
    /// Why.
    pub reason: SkipReason,
}

/// Why something was passed over.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// The line is not JSON.
    BrokenJson {
        /// Column of the fault, from 1.
        column: u32,
    },
    /// Valid JSON, but not the kind of object that the file holds.
    NotASample,
    /// The row has more or fewer fields than the header.
    FieldCount {
        /// Fields of the header.
        expected: u32,
        /// Fields of the row.
        found: u32,
    },
    /// A needed value is missing.
    Missing {
        /// The column or field.
        field: String,
    },
    /// A value is not a date, or not one in the order of the column.
    BadDate {
        /// The column or field.
        field: String,
        /// The value, cut to 100 characters.
        value: String,
    },
    /// A date lies before 1970 or after 2149.
    DateOutOfRange {
        /// The column or field.
        field: String,
        /// The value, cut to 100 characters.
        value: String,
    },
    /// A value is not a number.
    BadNumber {
        /// The column or field.
        field: String,
        /// The value, cut to 100 characters.
        value: String,
    },
    /// A number is outside what its field can mean.
    OutOfRange {
        /// The column or field.
        field: String,
        /// The value, cut to 100 characters.
        value: String,
    },
    /// The sample has no time.
    NoTime,
    /// It belongs to another car.
    OtherVehicle {
        /// That car's VIN as the file gives it.
        vin: String,
    },
    /// There is nothing in it that a passport keeps: the car was asleep, or all values are missing.
    NothingKnown,
    /// The signature over it is wrong.
    BadSignature,
    /// Its source had no leave to write and the owner did not take it in.
    NotTakenIn,
    /// It is a statement on another record that holds for that one alone, or on one that is not brought in.
    OnAnotherRecord,
    /// It is larger than a record may be.
    TooLarge,
    /// A file of the record is not in the export, is another than the record names, or is larger than a file may be; the
    /// record comes without it.
    FileLeftOut {
        /// Its name.
        name: String,
    },
    /// The event was cancelled by a later one.
    Cancelled,
    /// A code that the format does not know.
    UnknownValue {
        /// The column or field.
        field: String,
        /// The value, cut to 100 characters.
        value: String,
    },
}

/// Something that is there already, and is not written again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duplicate {
    /// What would have been written.
    pub draft: Draft,
    /// What it is the same as.
    pub of: DuplicateOf,
}

/// What a duplicate is the same as.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateOf {
    /// A record the car already has.
    Existing,
    /// An earlier place in the same file.
    SameFile {
        /// That place.
        place: Place,
    },
}

/// Something the owner should know of the file as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportNote {
    /// The text was not Unicode and was read as Windows-1252; accents may be wrong.
    ReadAsWindows1252,
    /// The whole column showed in which order dates are written.
    DateOrderFound {
        /// The order.
        order: DateOrder,
    },
    /// The numbers showed which decimal mark they use.
    DecimalMarkFound {
        /// The mark.
        mark: DecimalMark,
    },
    /// Columns that Carnet does not read.
    ColumnsNotRead {
        /// Their names.
        columns: Vec<String>,
    },
    /// The VIN has not the shape of one, and was left out.
    VinLeftOut {
        /// As the file gives it.
        vin: String,
    },
    /// The file's own date.
    UpdatedOn {
        /// The day.
        day: Day,
    },
    /// The file gives no date for its present state; the latest date in it was taken.
    StateDated {
        /// The day.
        day: Day,
    },
    /// Of days with many samples, only those that say something new became records.
    Condensed {
        /// Samples that were read.
        samples: u32,
        /// Samples that records were made of.
        kept: u32,
    },
    /// The inspections part is missing or was not available when the report was made.
    InspectionsUnavailable,
    /// Whoever brings an export in signs its records anew.
    SignedAnew {
        /// Records that somebody else than the exporting owner had signed; what they signed comes along as a file.
        others: u32,
    },
    /// More was passed over than is listed.
    SkippedNotListed {
        /// How many.
        count: u32,
    },
    /// Texts longer than 10,000 characters were cut.
    TextCut {
        /// How many.
        count: u32,
    },
}
