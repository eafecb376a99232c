//! What should I ask?

use super::{
    Ages, Checked, Question, QuestionKind, Reader,
    ages::of_age,
    truth::{VinStanding, flags, identity_contradicted},
    whole::{GAP_MONTHS, ProofStanding},
};
use crate::odometer::{FindingKind, Verdict};
use carnet_protocol::{
    id::RecordId,
    payload::{IncidentKind, InspectionResult, OwnershipKind},
};

/// Records named by one question.
const RECORDS_MAX: usize = 16;

/// The median index below which most records rest on one word.
const BACKING: u8 = 50;

/// What raises questions, with the records that do.
pub(super) type Raised = Vec<(QuestionKind, Vec<RecordId>)>;

/// All questions of a reader, the gravest first.
pub(super) fn questions(checked: &Checked<'_>, ages: &Ages) -> Vec<Question> {
    let mut raised = Raised::new();
    of_the_proof(checked, &mut raised);
    of_the_odometer(checked, &mut raised);
    of_the_papers(checked, &mut raised);
    of_the_state(checked, &mut raised);
    of_age(ages, checked.today, &mut raised);
    let mut questions: Vec<Question> = asked(raised, checked.reader).collect();
    sort(&mut questions);
    questions
}

/// What a reader asks of what is raised.
pub(super) fn asked(raised: Raised, reader: Reader) -> impl Iterator<Item = Question> {
    raised.into_iter().filter_map(move |(kind, mut records)| {
        records.sort_unstable();
        records.dedup();
        records.truncate(RECORDS_MAX);
        Some(Question { severity: kind.severity(reader)?, kind, records })
    })
}

/// The gravest first.
pub(super) fn sort(questions: &mut [Question]) {
    questions.sort_by_key(|question| (question.severity, question.kind));
}

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
    if let Some(inspection) = &checked.views.summary.last_inspection
        && matches!(inspection.result, InspectionResult::FailMajor | InspectionResult::FailCritical)
    {
        raised.push((QuestionKind::InspectionFailed, vec![inspection.record]));
    }
    let incidents = checked.views.summary.incidents.iter();
    let damage = incidents.filter(|i| matches!(i.kind, IncidentKind::Accident | IncidentKind::Damage));
    let damage: Vec<RecordId> = damage.map(|incident| incident.record).collect();
    if !damage.is_empty() {
        let count = u32::try_from(damage.len()).unwrap_or(u32::MAX);
        raised.push((QuestionKind::Damaged { count }, damage));
    }
}
