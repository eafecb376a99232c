//! Which format a file has, told by its content.

use crate::{ImportError, SourceFile, histovec, json, lubelogger, tesla, text};
use serde::{Deserialize, Serialize};

/// Formats that Carnet reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Tesla `vehicle_data` JSON: one object, an array, or one object a line.
    TeslaVehicleData,
    /// A CSV list of LubeLogger.
    LubeLogger(LubeLoggerKind),
    /// A HistoVec report, JSON.
    HistoVec,
    /// A wallet's export.
    CarnetExport,
}

/// Lists of LubeLogger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LubeLoggerKind {
    /// Services, repairs or upgrades, whose headers are the same: asked, unless the file name tells.
    Work,
    /// Services.
    Service,
    /// Repairs.
    Repair,
    /// Upgrades.
    Upgrade,
    /// Odometer readings.
    Odometer,
    /// Fuel.
    Gas,
    /// Taxes.
    Tax,
}

/// The format of a file, told by its content; the name only tells apart what the content cannot.
///
/// # Errors
/// [`ImportError`] when the file cannot be read or has none of the formats.
pub fn detect(file: &SourceFile) -> Result<Format, ImportError> {
    sniff(file.name, &text::open(file.bytes)?.text)
}

/// The format of a text.
pub(crate) fn sniff(name: &str, text: &str) -> Result<Format, ImportError> {
    if !text.trim_start().starts_with(['{', '[']) {
        return lubelogger::sniff(name, text).map(Format::LubeLogger);
    }
    let fields = json::first_fields(text)?;
    if histovec::is_report(&fields) {
        Ok(Format::HistoVec)
    } else if tesla::is_vehicle_data(&fields) {
        Ok(Format::TeslaVehicleData)
    } else {
        Err(ImportError::UnknownFormat { seen: fields.into_iter().take(20).map(|f| text::excerpt(&f)).collect() })
    }
}
