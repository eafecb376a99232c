//! What should I ask?

use super::{
    Checked, Question, QuestionKind, Reader,
    truth::{VinStanding, flags, identity_contradicted},
    whole::{GAP_MONTHS, ProofStanding},
};
use crate::{
    odometer::{FindingKind, Verdict},
    opened::OpenedRecord,
};
use carnet_protocol::{
    day::Day,
    id::RecordId,
    payload::{Fact, IncidentKind, InspectionResult, OwnershipKind},
};

/// Records named by one question.
const RECORDS_MAX: usize = 16;

/// Days after which an inspection says little of the car's state now.
const INSPECTION_DAYS: u32 = 365;

/// Days after which the odometer wants reading again.
const ODOMETER_DAYS: u32 = 90;

/// Days after which a service is overdue for nearly every car.
const SERVICE_DAYS: u32 = 550;

/// Who sells again within this many days had a reason.
const SOLD_SOON_DAYS: u32 = 180;

/// The median index below which most records rest on one word.
const BACKING: u8 = 50;

/// All questions of a reader, the gravest first.
pub(super) fn questions(checked: &Checked<'_>) -> Vec<Question> {
    let mut raised: Vec<(QuestionKind, Vec<RecordId>)> = Vec::new();
    of_the_proof(checked, &mut raised);
    of_the_odometer(checked, &mut raised);
    of_the_papers(checked, &mut raised);
    of_the_state(checked, &mut raised);
    let mut questions: Vec<Question> = raised
        .into_iter()
        .filter_map(|(kind, mut records)| {
            records.sort_unstable();
            records.dedup();
            records.truncate(RECORDS_MAX);
            Some(Question { severity: kind.severity(checked.reader)?, kind, records })
        })
        .collect();
    questions.sort_by_key(|question| (question.severity, question.kind));
    questions
}

type Raised = Vec<(QuestionKind, Vec<RecordId>)>;

fn of_the_proof(checked: &Checked<'_>, raised: &mut Raised) {
    match checked.proof {
        ProofStanding::Proved => {}
        ProofStanding::Stale | ProofStanding::Unproved => raised.push((QuestionKind::ProofMissing, Vec::new())),
        ProofStanding::Contradicted => raised.push((QuestionKind::ProofContradicted, Vec::new())),
    }
    for count in checked.categories {
        let category = count.category;
        let kinds = [
            (count.missing, QuestionKind::RecordsMissing { category, count: count.missing }),
            (count.damaged, QuestionKind::RecordsDamaged { category, count: count.damaged }),
            (count.withheld, QuestionKind::RecordsWithheld { category, count: count.withheld }),
        ];
        raised.extend(kinds.into_iter().filter(|(count, _)| *count > 0).map(|(_, kind)| (kind, Vec::new())));
    }
    for category in checked.reader.needs().iter().copied() {
        if !checked.categories.iter().any(|count| count.category == category) {
            raised.push((QuestionKind::NotShared { category }, Vec::new()));
        }
    }
    if !checked.disputed.is_empty() {
        raised.push((QuestionKind::Disputed, checked.disputed.to_vec()));
    }
    let mut indices: Vec<u8> = checked.quality.iter().map(|(_, quality)| quality.index).collect();
    indices.sort_unstable();
    if indices.get(indices.len() / 2).is_some_and(|median| *median < BACKING) {
        raised.push((QuestionKind::LittleBacking, Vec::new()));
    }
}

fn of_the_odometer(checked: &Checked<'_>, raised: &mut Raised) {
    let report = &checked.views.odometer.report;
    let named = || report.alarms().flat_map(|finding| [finding.earlier.record, finding.later.record]).collect();
    match report.verdict {
        Verdict::RolledBack => raised.push((QuestionKind::OdometerRolledBack, named())),
        Verdict::Suspicious => raised.push((QuestionKind::OdometerSuspicious, named())),
        Verdict::Consistent | Verdict::Explained => {}
    }
    let clusters: Vec<RecordId> = report
        .findings
        .iter()
        .filter_map(|finding| match finding.kind {
            FindingKind::ClusterReplaced { declaration, .. } => Some(declaration),
            _ => None,
        })
        .collect();
    if !clusters.is_empty() {
        raised.push((QuestionKind::ClusterReplaced, clusters));
    }
    if let Some((latest, days)) = checked.views.odometer.latest.map(|latest| (latest, since(latest.day, checked.today)))
        && days > ODOMETER_DAYS
    {
        raised.push((QuestionKind::OdometerOld { days }, vec![latest.record]));
    }
}

fn of_the_papers(checked: &Checked<'_>, raised: &mut Raised) {
    for flag in flags(checked) {
        raised.push((QuestionKind::Flagged(flag.kind), flag.record.into_iter().collect()));
    }
    if identity_contradicted(checked) {
        let values = checked.views.identity.conflicts.iter().flat_map(|conflict| &conflict.values);
        raised.push((QuestionKind::IdentityContradicted, values.map(|value| value.record).collect()));
    }
    if checked.vin == VinStanding::NotConfirmed {
        raised.push((QuestionKind::VinNotConfirmed, Vec::new()));
    }
    let blocked = checked.views.summary.open_events.iter().filter(|event| event.kind != OwnershipKind::Lien);
    let blocked: Vec<RecordId> = blocked.map(|event| event.record).collect();
    if !blocked.is_empty() {
        raised.push((QuestionKind::PapersBlocked, blocked));
    }
    let sold = latest(
        checked.records,
        |fact| matches!(fact, Fact::Ownership(event) if event.kind == OwnershipKind::OwnerChange),
    );
    if let Some((record, days)) = sold.map(|sold| (sold.record, since(sold.day, checked.today)))
        && days <= SOLD_SOON_DAYS
    {
        raised.push((QuestionKind::SoldSoon { days }, vec![record]));
    }
    let months = checked.views.summary.gaps.iter().filter(|gap| gap.months >= GAP_MONTHS);
    let months: u32 = months.map(|gap| u32::from(gap.months)).sum();
    if months > 0 {
        raised.push((QuestionKind::Silent { months }, Vec::new()));
    }
}

fn of_the_state(checked: &Checked<'_>, raised: &mut Raised) {
    // An owner can have a missing one made; a stranger sees by the records that there is none.
    if checked.reader == Reader::Owner && checked.views.summary.last_inspection.is_none() {
        raised.push((QuestionKind::InspectionMissing, Vec::new()));
    }
    if let Some(inspection) = &checked.views.summary.last_inspection {
        if matches!(inspection.result, InspectionResult::FailMajor | InspectionResult::FailCritical) {
            raised.push((QuestionKind::InspectionFailed, vec![inspection.record]));
        }
        let days = since(inspection.day, checked.today);
        if days > INSPECTION_DAYS {
            raised.push((QuestionKind::InspectionOld { days }, vec![inspection.record]));
        }
    }
    let incidents = checked.views.summary.incidents.iter();
    let damage = incidents.filter(|i| matches!(i.kind, IncidentKind::Accident | IncidentKind::Damage));
    let damage: Vec<RecordId> = damage.map(|incident| incident.record).collect();
    if !damage.is_empty() {
        let count = u32::try_from(damage.len()).unwrap_or(u32::MAX);
        raised.push((QuestionKind::Damaged { count }, damage));
    }
    // Without the category nobody can say that nothing was done.
    let shared = checked.categories.iter().any(|c| c.category == carnet_protocol::category::Category::Maintenance);
    let service = latest(checked.records, |fact| matches!(fact, Fact::Maintenance(_)));
    let days = service.map(|service| since(service.day, checked.today));
    if shared && days.is_none_or(|days| days > SERVICE_DAYS) {
        raised.push((QuestionKind::ServiceOld { days }, service.map(|service| service.record).into_iter().collect()));
    }
}

fn latest(records: &[OpenedRecord], wanted: impl Fn(&Fact) -> bool) -> Option<&OpenedRecord> {
    records.iter().filter(|record| wanted(&record.payload.fact)).max_by_key(|record| (record.day, record.record))
}

fn since(day: Day, today: Day) -> u32 {
    u32::from(today.0.saturating_sub(day.0))
}
