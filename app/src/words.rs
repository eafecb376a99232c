//! The domain's terms in the reader's language: one function per enum, so that a thing has one name on every screen.

mod advice;
mod compared;
mod fact;
mod quality;
mod question;
mod task;

pub use advice::{advice, reader};
pub use compared::{compared, compared_value};
pub use fact::{FactLine, fact_figures, fact_glyph, fact_headline, maintenance, nature, ownership, result};
pub use quality::{quality, quality_reason};
pub use question::{finding, flag, flag_kind, question};
pub use task::task;

use carnet_protocol::{
    api::body::ViewKind,
    category::Category,
    grant::Purpose,
    member::MemberClass,
    payload::{Method, OriginKind, StatementKind},
};
use carnet_wallet::view::{InboxState, PairingStatus, RecordState, ShareState, SourceName, WrittenState};

use crate::t;
use crate::ui::{Glyph, Text, Tone};

/// The category's name.
pub fn category(value: Category) -> Text {
    match value {
        Category::Identity => t!(words::category_identity),
        Category::Mileage => t!(words::category_mileage),
        Category::Maintenance => t!(words::category_maintenance),
        Category::Inspection => t!(words::category_inspection),
        Category::Incident => t!(words::category_incident),
        Category::Ownership => t!(words::category_ownership),
        Category::Battery => t!(words::category_battery),
        Category::Driving => t!(words::category_driving),
        Category::Location => t!(words::category_location),
        Category::Documents => t!(words::category_documents),
        Category::Finance => t!(words::category_finance),
    }
}

/// What the category holds.
pub fn category_hint(value: Category) -> Text {
    match value {
        Category::Identity => t!(words::category_identity_hint),
        Category::Mileage => t!(words::category_mileage_hint),
        Category::Maintenance => t!(words::category_maintenance_hint),
        Category::Inspection => t!(words::category_inspection_hint),
        Category::Incident => t!(words::category_incident_hint),
        Category::Ownership => t!(words::category_ownership_hint),
        Category::Battery => t!(words::category_battery_hint),
        Category::Driving => t!(words::category_driving_hint),
        Category::Location => t!(words::category_location_hint),
        Category::Documents => t!(words::category_documents_hint),
        Category::Finance => t!(words::category_finance_hint),
    }
}

/// The category's drawing.
pub fn category_glyph(value: Category) -> Glyph {
    match value {
        Category::Identity => Glyph::Car,
        Category::Mileage => Glyph::Gauge,
        Category::Maintenance => Glyph::Wrench,
        Category::Inspection => Glyph::Check,
        Category::Incident => Glyph::Warning,
        Category::Ownership => Glyph::Key,
        Category::Battery => Glyph::Battery,
        Category::Driving => Glyph::Clock,
        Category::Location => Glyph::Pin,
        Category::Documents => Glyph::Document,
        Category::Finance => Glyph::Money,
    }
}

/// What a share is for.
pub fn purpose(value: Purpose) -> Text {
    match value {
        Purpose::Purchase => t!(words::purpose_purchase),
        Purpose::InsuranceQuote => t!(words::purpose_insurance_quote),
        Purpose::InsuranceClaim => t!(words::purpose_insurance_claim),
        Purpose::Financing => t!(words::purpose_financing),
        Purpose::Service => t!(words::purpose_service),
        Purpose::Other => t!(words::purpose_other),
    }
}

/// How a figure came about.
pub fn method(value: Method) -> Text {
    match value {
        Method::ReadFromCar => t!(words::method_read_from_car),
        Method::ReadByProfessional => t!(words::method_read_by_professional),
        Method::Imported => t!(words::method_imported),
        Method::Typed => t!(words::method_typed),
        Method::Sample => t!(words::method_sample),
    }
}

/// Where data came from.
pub fn origin(value: OriginKind) -> Text {
    match value {
        OriginKind::Manual => t!(words::origin_manual),
        OriginKind::TeslaVehicleData => t!(words::origin_tesla_vehicle_data),
        OriginKind::LubeLogger => t!(words::origin_lube_logger),
        OriginKind::HistoVec => t!(words::origin_histovec),
        OriginKind::Sample => t!(words::origin_sample),
        OriginKind::CarnetExport => t!(words::origin_carnet_export),
    }
}

/// What a member is.
pub fn class(value: MemberClass) -> Text {
    match value {
        MemberClass::Manufacturer => t!(words::class_manufacturer),
        MemberClass::Garage => t!(words::class_garage),
        MemberClass::Insurer => t!(words::class_insurer),
        MemberClass::Bank => t!(words::class_bank),
        MemberClass::Expert => t!(words::class_expert),
    }
}

/// Who wrote a record: a member by its public name, the owner by the way taken. Those who hold a car together are told
/// apart; readers learn no names.
pub fn source(value: &SourceName) -> Text {
    match value.clone() {
        SourceName::Own(OriginKind::Manual) => t!(words::typed_by_you),
        SourceName::Owner(kind) | SourceName::Own(kind) => origin(kind),
        SourceName::Holder { name: Some(name), origin: OriginKind::Manual } => t!(words::typed_by, name = name),
        SourceName::Holder { name: None, origin: OriginKind::Manual } => t!(words::typed_by_holder),
        SourceName::Holder { name: Some(name), origin: kind } => {
            t!(words::origin_of, origin = origin(kind).get(), name = name)
        }
        SourceName::Holder { name: None, origin: kind } => t!(words::origin_of_holder, origin = origin(kind).get()),
        SourceName::Member { name, .. } => Text::from(name),
        SourceName::Unknown => t!(words::source_unknown),
    }
}

/// Who says something of a record.
pub fn speaker(value: &SourceName) -> Text {
    match value {
        SourceName::Own(_) => t!(words::by_you),
        SourceName::Owner(_) => t!(words::by_owner),
        SourceName::Holder { name: Some(name), .. } => Text::from(name.clone()),
        SourceName::Holder { name: None, .. } => t!(words::by_holder),
        SourceName::Member { .. } | SourceName::Unknown => source(value),
    }
}

/// Where a share stands.
pub fn share_state(value: ShareState) -> Text {
    match value {
        ShareState::Waiting => t!(words::share_waiting),
        ShareState::Open => t!(words::share_open),
        ShareState::Accepted => t!(words::share_accepted),
        ShareState::Declined => t!(words::share_declined),
        ShareState::Claimed => t!(words::share_claimed),
        ShareState::Ended => t!(words::share_ended),
        ShareState::Revoked => t!(words::share_revoked),
    }
}

/// What the state of a share means.
pub fn share_tone(value: ShareState) -> Tone {
    match value {
        ShareState::Waiting => Tone::Caution,
        ShareState::Open | ShareState::Accepted | ShareState::Claimed => Tone::Good,
        ShareState::Declined | ShareState::Ended | ShareState::Revoked => Tone::Neutral,
    }
}

/// Where a grant stands for its grantee.
pub fn inbox_state(value: InboxState) -> Text {
    match value {
        InboxState::New => t!(words::inbox_new),
        InboxState::Accepted => t!(words::inbox_accepted),
        InboxState::Declined => t!(words::inbox_declined),
        InboxState::Ended => t!(words::inbox_ended),
        InboxState::Revoked => t!(words::inbox_revoked),
    }
}

/// Where a record stands.
pub fn record_state(value: RecordState) -> Text {
    match value {
        RecordState::Waiting => t!(words::record_waiting),
        RecordState::Committed => t!(words::record_committed),
        RecordState::Withdrawn => t!(words::record_withdrawn),
        RecordState::TooLate => t!(words::record_too_late),
    }
}

/// What the state of a record means.
pub fn record_tone(value: RecordState) -> Tone {
    match value {
        RecordState::Waiting | RecordState::TooLate => Tone::Caution,
        RecordState::Committed => Tone::Good,
        RecordState::Withdrawn => Tone::Neutral,
    }
}

/// What a reader did.
pub fn look(value: ViewKind) -> Text {
    match value {
        ViewKind::LinkOpened => t!(words::look_link_opened),
        ViewKind::LinkRefused => t!(words::look_link_refused),
        ViewKind::LinkClaimed => t!(words::look_link_claimed),
        ViewKind::Fetched => t!(words::look_fetched),
        ViewKind::Accepted => t!(words::look_accepted),
        ViewKind::Declined => t!(words::look_declined),
    }
}

/// Where a pairing stands.
pub fn pairing_status(value: PairingStatus) -> Text {
    match value {
        PairingStatus::Waiting => t!(sources::status_waiting),
        PairingStatus::Paired => t!(sources::status_paired),
        PairingStatus::Unused => t!(sources::status_unused),
        PairingStatus::Ended => t!(sources::status_ended),
    }
}

/// What was said of a record.
pub fn statement(value: StatementKind) -> Text {
    match value {
        StatementKind::Accepted => t!(sources::said_accepted),
        StatementKind::Disputed => t!(sources::said_disputed),
        StatementKind::Rejected => t!(sources::said_rejected),
        StatementKind::CounterSigned => t!(sources::said_counter_signed),
    }
}

/// What it means for the record.
pub fn statement_tone(value: StatementKind) -> Tone {
    match value {
        StatementKind::Accepted | StatementKind::CounterSigned => Tone::Good,
        StatementKind::Disputed | StatementKind::Rejected => Tone::Caution,
    }
}

/// Where a record stands for its source.
pub fn written_state(value: WrittenState) -> Text {
    match value {
        WrittenState::Waiting => t!(words::record_waiting),
        WrittenState::Sent => t!(sources::written_sent),
        WrittenState::Committed => t!(words::record_committed),
        WrittenState::Quarantined => t!(sources::written_quarantined),
        WrittenState::Withdrawn => t!(words::record_withdrawn),
        WrittenState::Closed => t!(sources::written_closed),
        WrittenState::PairingEnded => t!(sources::written_pairing_ended),
        WrittenState::Refused => t!(sources::written_refused),
    }
}

/// What that means.
pub fn written_tone(value: WrittenState) -> Tone {
    match value {
        WrittenState::Committed => Tone::Good,
        WrittenState::Waiting | WrittenState::Sent | WrittenState::Quarantined => Tone::Caution,
        WrittenState::Withdrawn => Tone::Neutral,
        WrittenState::Closed | WrittenState::PairingEnded | WrittenState::Refused => Tone::Bad,
    }
}

/// What to do now, where there is something.
pub fn written_advice(value: WrittenState) -> Option<Text> {
    match value {
        WrittenState::Quarantined => Some(t!(sources::advice_quarantined)),
        WrittenState::Closed => Some(t!(sources::advice_closed)),
        WrittenState::PairingEnded => Some(t!(sources::advice_pairing_ended)),
        WrittenState::Refused => Some(t!(sources::advice_refused)),
        WrittenState::Waiting | WrittenState::Sent | WrittenState::Committed | WrittenState::Withdrawn => None,
    }
}
