//! Questions about what a file leaves open.

use crate::{DateOrder, DecimalMark, DistanceUnit, LubeLoggerKind, VolumeUnit};
use serde::{Deserialize, Serialize};

/// Something the file does not say. Each question is asked at most once per file; drafts that depend on it are
/// withheld until it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Which of the lists that share one header the file is: answer `lubelogger_kind`.
    LubeLoggerKind {
        /// Possible answers.
        options: Vec<LubeLoggerKind>,
    },
    /// In which order the dates are written: answer `date_order`.
    DateOrder {
        /// The column as the file names it.
        column: String,
        /// Values that can be read both ways, at most five.
        examples: Vec<String>,
        /// Possible answers.
        options: Vec<DateOrder>,
    },
    /// Which mark stands before the fraction: answer `decimal_mark`.
    DecimalMark {
        /// A column with such values, as the file names it.
        column: String,
        /// Values that can be read both ways, at most five.
        examples: Vec<String>,
        /// Possible answers.
        options: Vec<DecimalMark>,
    },
    /// The unit of the odometer: answer `distance_unit`.
    DistanceUnit {
        /// The column as the file names it.
        column: String,
        /// Values, at most five.
        examples: Vec<String>,
        /// Possible answers.
        options: Vec<DistanceUnit>,
    },
    /// The unit of fuel: answer `volume_unit`.
    VolumeUnit {
        /// The column as the file names it.
        column: String,
        /// Values, at most five.
        examples: Vec<String>,
        /// Possible answers.
        options: Vec<VolumeUnit>,
    },
    /// The currency of costs: answer `currency`, an ISO 4217 code, or empty for "not known".
    Currency {
        /// The column as the file names it.
        column: String,
        /// Values, at most five.
        examples: Vec<String>,
        /// Likely answers; any other code is as good.
        options: Vec<String>,
    },
    /// The file is under a passphrase: answer `passphrase`.
    Passphrase,
    /// The file holds several cars: answer `vin`.
    Vehicle {
        /// The VINs.
        options: Vec<String>,
    },
}
