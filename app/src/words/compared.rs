//! Rows and figures of a comparison in the reader's language.

use carnet_passport::compare::{RowKind, Value};
use carnet_passport::odometer::Verdict;
use carnet_passport::synthesis::Answer;

use crate::i18n::format;
use crate::t;
use crate::ui::Text;

/// What a row compares.
pub fn compared(kind: RowKind) -> Text {
    match kind {
        RowKind::Flags => t!(compare::flags),
        RowKind::Whole => t!(synthesis::whole),
        RowKind::Truth => t!(synthesis::truth),
        RowKind::OdometerVerdict => t!(compare::verdict),
        RowKind::Odometer => t!(words::field_odometer),
        RowKind::PerYear => t!(compare::per_year),
        RowKind::FirstRegistration => t!(words::field_first_registration),
        RowKind::Owners => t!(passport::owners),
        RowKind::Incidents => t!(passport::incidents),
        RowKind::LastInspection => t!(passport::last_inspection),
        RowKind::BatteryHealth => t!(compare::battery),
        RowKind::Quality => t!(compare::quality),
        RowKind::Records => t!(passport::records_judged),
        RowKind::Warnings => t!(compare::warnings),
    }
}

/// A figure.
pub fn compared_value(value: Value) -> Text {
    match value {
        Value::Count(count) => Text::from(move || format::number(f64::from(count))),
        Value::Distance(metres) => Text::from(move || format::with_unit(metres.km() as f64, "kilometer")),
        Value::Day(day) => Text::from(move || format::day(day.0)),
        Value::PerMille(share) => Text::from(move || format::with_unit(f64::from(share) / 10.0, "percent")),
        Value::Index(index) => t!(compare::of_hundred, index = index),
        Value::Answer(Answer::Yes) => t!(compare::yes),
        Value::Answer(Answer::Partly) => t!(synthesis::partly),
        Value::Answer(Answer::No) => t!(synthesis::no),
        Value::Verdict(Verdict::Consistent) => t!(compare::consistent),
        Value::Verdict(Verdict::Explained) => t!(compare::explained),
        Value::Verdict(Verdict::Suspicious) => t!(compare::suspicious),
        Value::Verdict(Verdict::RolledBack) => t!(compare::rolled_back),
    }
}
