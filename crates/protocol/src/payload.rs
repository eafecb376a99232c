//! What a record says, once opened. One file per kind of fact. Format: `docs/formats/payload.md`.

mod battery;
mod document;
mod driving;
mod finance;
mod handover;
mod identity;
mod incident;
mod inspection;
mod maintenance;
mod mileage;
mod ownership;
mod statement;

pub use battery::{BatteryReading, ChargeReading, ChargeState};
pub use document::DocumentPaper;
pub use driving::{DrivingSegment, LocationFix, Refuelling};
pub use finance::{Expense, ExpenseKind};
pub use handover::Handover;
pub use identity::VehicleIdentity;
pub use incident::{Incident, IncidentKind};
pub use inspection::{Inspection, InspectionNature, InspectionResult};
pub use maintenance::{Maintenance, MaintenanceKind};
pub use mileage::{ClusterReplacement, OdometerReading};
pub use ownership::{OwnershipEvent, OwnershipKind};
pub use statement::{Statement, StatementKind};

use crate::{
    category::Category,
    day::Timestamp,
    domain::Domain,
    id::{Hash32, ImportId, RecordId, StreamId},
    signed::Signable,
};
use serde::{Deserialize, Serialize};

/// One record's content, signed by its source and sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// When it happened, where known more closely than the header's day.
    pub at: Option<Timestamp>,
    /// What happened.
    pub fact: Fact,
    /// Free text, at most 10,000 characters.
    pub note: Option<String>,
    /// How the figures came about.
    pub method: Method,
    /// Where the data came from.
    pub origin: Origin,
    /// Its record and stream: a signed payload cannot be moved.
    pub record: RecordId,
    /// The stream it was written for.
    pub stream: StreamId,
    /// The record that this one corrects; that one stays as it is.
    pub rectifies: Option<RecordId>,
    /// When it was written down.
    pub written_at: Timestamp,
    /// Files that belong to it.
    pub attachments: Vec<Attachment>,
}

impl Signable for Payload {
    const DOMAIN: Domain = Domain::SIGN_PAYLOAD;
}

/// How a figure came about; the quality index reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Read out of the car by its maker or a device.
    ReadFromCar,
    /// Read by a professional who saw the car.
    ReadByProfessional,
    /// Taken over from a file or register that the owner brought.
    Imported,
    /// Typed by the owner.
    Typed,
    /// Generated for trying Carnet out; never true of a real car.
    Sample,
}

/// Where the data came from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// The file format or register, or the app itself.
    pub kind: OriginKind,
    /// The import that brought it, so that the whole can be undone.
    pub import: Option<ImportId>,
}

/// The formats and ways by which facts enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OriginKind {
    /// Typed into the app.
    Manual,
    /// Tesla `vehicle_data` JSON.
    TeslaVehicleData,
    /// LubeLogger CSV.
    LubeLogger,
    /// HistoVec report JSON.
    HistoVec,
    /// The generated sample car.
    Sample,
    /// Another wallet's export.
    CarnetExport,
}

/// A file that belongs to a record. Its bytes are a record of their own with schema `attachment`, in the same
/// category and on the same day.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Attachment {
    /// The record with the bytes.
    pub record: RecordId,
    /// File name as the owner had it.
    pub name: String,
    /// Media type, e.g. `application/pdf`.
    pub media_type: String,
    /// Size in bytes.
    pub size: u64,
    /// Hash of the plaintext, label `HASH_ATTACHMENT`.
    pub hash: Hash32,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// What the car is.
    Identity(VehicleIdentity),
    /// The odometer was read.
    Odometer(OdometerReading),
    /// Work was done on the car.
    Maintenance(Maintenance),
    /// A periodic technical inspection.
    Inspection(Inspection),
    /// An accident or damage.
    Incident(Incident),
    /// Registration, change of owner, administrative event.
    Ownership(OwnershipEvent),
    /// State of the traction battery.
    Battery(BatteryReading),
    /// State of a charge.
    Charge(ChargeReading),
    /// A trip or a day of driving, columnar.
    Driving(DrivingSegment),
    /// Fuel was bought.
    Refuelling(Refuelling),
    /// Where the car was.
    Location(LocationFix),
    /// A paper.
    Document(DocumentPaper),
    /// Money was spent.
    Expense(Expense),
    /// The instrument cluster was replaced.
    ClusterReplacement(ClusterReplacement),
    /// The car was sold, and both sides signed the odometer.
    Handover(Handover),
    /// Something is said of another record.
    Statement(Statement),
}

impl Fact {
    /// The category a fact belongs to, and with which it is shared.
    pub fn category(&self) -> Category {
        match self {
            Fact::Identity(_) => Category::Identity,
            Fact::Odometer(_) | Fact::ClusterReplacement(_) | Fact::Handover(_) => Category::Mileage,
            Fact::Maintenance(_) => Category::Maintenance,
            Fact::Inspection(_) => Category::Inspection,
            Fact::Incident(_) => Category::Incident,
            Fact::Ownership(_) => Category::Ownership,
            Fact::Battery(_) | Fact::Charge(_) => Category::Battery,
            Fact::Driving(_) | Fact::Refuelling(_) => Category::Driving,
            Fact::Location(_) => Category::Location,
            Fact::Document(_) => Category::Documents,
            Fact::Expense(_) => Category::Finance,
            Fact::Statement(statement) => statement.category,
        }
    }
}
