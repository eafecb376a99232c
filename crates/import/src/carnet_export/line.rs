//! The lines of an export.

use super::ExportedStanding;
use carnet_protocol::{
    category::Category,
    day::{Day, Timestamp},
    id::{RecordId, StreamId},
    key::VerifyingKey,
    payload::Payload,
};
use serde::{Deserialize, Serialize};

/// The version that is written and read.
pub(super) const VERSION: u16 = 1;

/// One line.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// The first line.
    CarnetExport {
        /// [`VERSION`].
        version: u16,
        /// When it was made.
        at: Timestamp,
    },
    /// A car; what follows is of this car.
    Car {
        /// Its stream.
        stream: StreamId,
        /// The key that owns it: signs what its owner wrote.
        owner: VerifyingKey,
        /// What its owner calls it.
        name: String,
    },
    /// A record.
    Record {
        /// The record.
        record: RecordId,
        /// Its category.
        category: Category,
        /// `YYYY-MM-DD`.
        day: String,
        /// The canonical `Signed<Payload>`, base64.
        signed: String,
        /// What it counted there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        standing: Option<ExportedStanding>,
        /// The same, readable. Never read back.
        #[serde(skip_deserializing)]
        payload: Option<Box<Payload>>,
    },
    /// A file of a record before it.
    File {
        /// The file's own record, as the payload names it.
        record: RecordId,
        /// Its name.
        name: String,
        /// Its bytes, base64.
        bytes: String,
    },
    /// The last line.
    End {
        /// Records before it.
        records: u64,
        /// Files before it.
        files: u64,
    },
}

/// The day as people write it.
pub(super) fn day_text(day: Day) -> String {
    day.to_string()
}
