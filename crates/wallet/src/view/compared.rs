//! Kept passports side by side.

use carnet_passport::compare::Row;
use carnet_protocol::id::GrantId;
use serde::{Deserialize, Serialize};

/// Passports side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparisonView {
    /// The cars, one column each.
    pub cars: Vec<ComparedView>,
    /// What is compared, one cell per car.
    pub rows: Vec<Row>,
    /// Passports that could not be opened or believed now.
    pub closed: Vec<GrantId>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedView {
    /// Its grant.
    pub grant: GrantId,
    /// What its owner calls it.
    pub name: String,
    /// Whether it is the sample car.
    pub sample: bool,
}
