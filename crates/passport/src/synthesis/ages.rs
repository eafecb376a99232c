//! What grows old by itself: the only part of a synthesis that the reader's day is for.

use super::{Checked, QuestionKind, questions::Raised};
use crate::opened::OpenedRecord;
use carnet_protocol::{
    category::Category,
    day::Day,
    id::RecordId,
    payload::{Fact, OwnershipKind},
};
use serde::{Deserialize, Serialize};

/// Days after which an inspection says little of the car's state now.
const INSPECTION_DAYS: u32 = 365;

/// Days after which the odometer wants reading again.
const ODOMETER_DAYS: u32 = 90;

/// Days after which a service is overdue for nearly every car.
const SERVICE_DAYS: u32 = 550;

/// Who sells again within this many days had a reason.
const SOLD_SOON_DAYS: u32 = 180;

/// A record with its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated {
    /// The record.
    pub record: RecordId,
    /// Its day.
    pub day: Day,
}

/// The records whose age raises questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ages {
    /// The latest odometer reading.
    pub odometer: Option<Dated>,
    /// The latest change of owner.
    pub sold: Option<Dated>,
    /// The last inspection.
    pub inspection: Option<Dated>,
    /// The last service.
    pub service: Option<Dated>,
    /// Whether services are shared: without them nobody can say that nothing was done.
    pub services: bool,
}

impl Ages {
    pub(super) fn of(checked: &Checked<'_>) -> Self {
        let inspection = checked.views.summary.last_inspection.as_ref();
        let is_sale = |fact: &Fact| matches!(fact, Fact::Ownership(event) if event.kind == OwnershipKind::OwnerChange);
        Self {
            odometer: checked.views.odometer.latest.map(|latest| Dated { record: latest.record, day: latest.day }),
            sold: latest(checked.records, is_sale),
            inspection: inspection.map(|last| Dated { record: last.record, day: last.day }),
            service: latest(checked.records, |fact| matches!(fact, Fact::Maintenance(_))),
            services: checked.categories.iter().any(|count| count.category == Category::Maintenance),
        }
    }
}

/// What is raised by age on a day.
pub(super) fn of_age(ages: &Ages, today: Day, raised: &mut Raised) {
    let since = |dated: Dated| u32::from(today.0.saturating_sub(dated.day.0));
    let mut raise =
        |kind, dated: Option<Dated>| raised.push((kind, dated.map(|dated| dated.record).into_iter().collect()));
    if let Some(days) = ages.odometer.map(since).filter(|days| *days > ODOMETER_DAYS) {
        raise(QuestionKind::OdometerOld { days }, ages.odometer);
    }
    if let Some(days) = ages.sold.map(since).filter(|days| *days <= SOLD_SOON_DAYS) {
        raise(QuestionKind::SoldSoon { days }, ages.sold);
    }
    if let Some(days) = ages.inspection.map(since).filter(|days| *days > INSPECTION_DAYS) {
        raise(QuestionKind::InspectionOld { days }, ages.inspection);
    }
    let days = ages.service.map(since);
    if ages.services && days.is_none_or(|days| days > SERVICE_DAYS) {
        raise(QuestionKind::ServiceOld { days }, ages.service);
    }
}

/// Whether [`of_age`] raises it.
pub(super) fn is_of_age(kind: &QuestionKind) -> bool {
    matches!(
        kind,
        QuestionKind::OdometerOld { .. }
            | QuestionKind::SoldSoon { .. }
            | QuestionKind::InspectionOld { .. }
            | QuestionKind::ServiceOld { .. }
    )
}

fn latest(records: &[OpenedRecord], wanted: impl Fn(&Fact) -> bool) -> Option<Dated> {
    let found = records.iter().filter(|record| wanted(&record.payload.fact));
    found.map(|record| Dated { record: record.record, day: record.day }).max_by_key(|dated| (dated.day, dated.record))
}
