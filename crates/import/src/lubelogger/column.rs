//! Columns and the names they go by: LubeLogger's own and those of the programs whose exports it takes.

use crate::VolumeUnit;

/// A column that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// When.
    Date,
    /// Parts of a date in columns of their own.
    Day,
    /// See `Day`.
    Month,
    /// See `Day`.
    Year,
    /// Odometer.
    Odometer,
    /// Odometer at the start of the day's driving.
    InitialOdometer,
    /// What was done.
    Description,
    /// Total cost.
    Cost,
    /// Price of one unit of fuel.
    Price,
    /// Fuel.
    Volume,
    /// The tank was full.
    Full,
    /// The tank was not full.
    Partial,
    /// An earlier refuelling is missing.
    Missed,
    /// Free text.
    Notes,
    /// Words separated by spaces.
    Tags,
    /// A field the owner has added.
    Extra,
}

/// The column of a header, `None` for one that is not read.
pub fn of_header(header: &str) -> Option<Column> {
    Some(match normalise(header).as_str() {
        "date" | "fuelup_date" => Column::Date,
        "day" => Column::Day,
        "month" => Column::Month,
        "year" => Column::Year,
        "odometer" | "odo" => Column::Odometer,
        "initialodometer" => Column::InitialOdometer,
        "description" => Column::Description,
        "cost" | "total cost" | "totalcost" | "total price" => Column::Cost,
        "price" => Column::Price,
        "gallons" | "liters" | "litres" | "consumption" | "quantity" | "fuelconsumed" | "qty" => Column::Volume,
        "isfilltofull" | "filled up" => Column::Full,
        "partial_fuelup" | "partial tank" | "partial_fill" => Column::Partial,
        "missed_fuelup" | "missedfuelup" | "missed fill up" | "missed_fill" => Column::Missed,
        "notes" | "note" => Column::Notes,
        "tags" => Column::Tags,
        name if name.starts_with(EXTRA_PREFIX) => Column::Extra,
        _ => return None,
    })
}

/// What the headers of the owner's own fields begin with.
const EXTRA_PREFIX: &str = "extrafield_";

/// A header as compared: small letters, no spaces around.
pub fn normalise(header: &str) -> String {
    header.trim().to_lowercase()
}

/// The name of a field as the owner gave it.
pub fn extra_name(header: &str) -> &str {
    let header = header.trim();
    header.get(EXTRA_PREFIX.len()..).filter(|name| !name.is_empty()).unwrap_or(header)
}

/// The units that a header leaves open; one where it says it.
pub fn volume_units(header: &str) -> Vec<VolumeUnit> {
    match normalise(header).as_str() {
        "liters" | "litres" => vec![VolumeUnit::Litres],
        "gallons" => vec![VolumeUnit::UsGallons, VolumeUnit::ImperialGallons],
        _ => vec![VolumeUnit::Litres, VolumeUnit::UsGallons, VolumeUnit::ImperialGallons],
    }
}
