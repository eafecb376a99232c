//! What a stranger wants to know first: is it whole, is it true, what should I ask; and for who holds the car, what
//! to mend.

use carnet_passport::odometer::{OdometerReport, Verdict};
use carnet_passport::synthesis::{
    Answer, FlagKind, ProofStanding, Question, QuestionKind, Reader, Severity, Synthesis, Truth, Whole,
};
use carnet_wallet::view::{FlagView, ShownVin, StandingView, VinConfirmation};
use leptos::prelude::*;

use super::backing::finding_tone;
use crate::i18n::format;
use crate::t;
use crate::ui::{Badge, Card, Notice, Text, Tone};
use crate::words;

/// The card with the three answers.
#[component]
pub(super) fn Answers(
    synthesis: Synthesis,
    standing: StandingView,
    report: OdometerReport,
    /// Something here is newer than what the consortium has confirmed.
    newer: bool,
    /// One's own, to which nothing is written any more: there is nothing to see to.
    archive: bool,
) -> impl IntoView {
    let Synthesis { whole, truth, questions, reader, .. } = synthesis;
    let to_do = move || {
        let title = if reader == Reader::Owner { t!(synthesis::mend) } else { t!(synthesis::ask) };
        let advice = words::advice(reader, questions.iter().map(|question| question.severity).min());
        view! {
            <h3 class="answers__question">{title}</h3>
            {asked(questions, reader)}
            <h3 class="answers__question">{words::reader(reader)}</h3>
            {list(advice.into())}
        }
    };
    view! {
        <Card title=t!(synthesis::title)>
            <div class="stack">
                {flags(&truth, &standing)} {answered(t!(synthesis::whole), whole.answer)} {wholeness(&whole, newer)}
                {answered(t!(synthesis::truth), truth.answer)} {truthfulness(&truth, &standing, &report)}
                {(!archive).then(to_do)}
            </div>
        </Card>
    }
}

fn answered(question: Text, answer: Answer) -> AnyView {
    let (tone, text) = match answer {
        Answer::Yes => (Tone::Good, t!(synthesis::yes)),
        Answer::Partly => (Tone::Caution, t!(synthesis::partly)),
        Answer::No => (Tone::Bad, t!(synthesis::no)),
    };
    view! {
        <div class="answers__head">
            <h3 class="answers__question">{question}</h3>
            <Badge tone text />
        </div>
    }
    .into_any()
}

/// What weighs on the car stands before everything else.
fn flags(truth: &Truth, standing: &StandingView) -> AnyView {
    let declared = |flag: &FlagView| {
        let (who, day) = (flag.declared.name.clone(), flag.declared.day);
        let class = flag.declared.class.map_or_else(|| t!(synthesis::owner), words::class);
        t!(synthesis::flag_by, who = who.clone().unwrap_or_else(|| class.get().to_string()), day = format::day(day.0))
    };
    let mut all: Vec<(FlagKind, Option<Text>)> =
        standing.flags.iter().map(|flag| (words::flag_kind(flag.kind), Some(declared(flag)))).collect();
    for flag in truth.flags.iter().filter(|flag| flag.declared_by.is_none()) {
        if !all.iter().any(|(kind, _)| *kind == flag.kind) {
            all.push((flag.kind, flag.since.map(|day| t!(synthesis::flag_record, day = format::day(day.0)))));
        }
    }
    all.sort_by_key(|(kind, _)| *kind);
    all.into_iter().map(|(kind, text)| notice(Tone::Bad, words::flag(kind), text)).collect_view().into_any()
}

fn notice(tone: Tone, title: Text, text: Option<Text>) -> AnyView {
    match text {
        Some(text) => view! { <Notice tone title text /> }.into_any(),
        None => view! { <Notice tone title /> }.into_any(),
    }
}

fn wholeness(whole: &Whole, newer: bool) -> AnyView {
    let sum = |of: fn(&carnet_passport::synthesis::CategoryCount) -> u32| whole.categories.iter().map(of).sum::<u32>();
    let (opened, withheld) = (sum(|count| count.opened), sum(|count| count.withheld));
    let (missing, damaged) = (sum(|count| count.missing), sum(|count| count.damaged));
    let all = opened + withheld + missing + damaged;
    let proof = match whole.proof {
        ProofStanding::Proved if newer => t!(synthesis::proved_so_far),
        ProofStanding::Proved => t!(synthesis::proved),
        ProofStanding::Stale => t!(synthesis::stale),
        ProofStanding::Unproved => t!(synthesis::unproved),
        ProofStanding::Contradicted => t!(synthesis::contradicted),
    };
    let lines = [
        Some(t!(synthesis::opened, opened = opened, all = all)),
        (withheld > 0).then(|| t!(synthesis::withheld, count = withheld)),
        (missing > 0).then(|| t!(synthesis::missing, count = missing)),
        (damaged > 0).then(|| t!(synthesis::damaged, count = damaged)),
        Some(proof),
    ];
    list(lines.into_iter().flatten().collect())
}

fn list(lines: Vec<Text>) -> AnyView {
    let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! { <ul class="answers__list">{lines}</ul> }.into_any()
}

fn truthfulness(truth: &Truth, standing: &StandingView, report: &OdometerReport) -> AnyView {
    let odometer = match truth.odometer {
        // Nothing follows from fewer than two.
        Verdict::Consistent if truth.readings == 0 => t!(synthesis::odometer_none),
        Verdict::Consistent if truth.readings == 1 => t!(synthesis::odometer_alone),
        Verdict::Consistent => t!(synthesis::odometer_consistent),
        Verdict::Explained => t!(synthesis::odometer_explained),
        Verdict::Suspicious => t!(synthesis::odometer_suspicious),
        Verdict::RolledBack => t!(synthesis::odometer_rolled_back),
    };
    let lines = [
        truth.identity_contradicted.then(|| t!(synthesis::identity_clash)),
        Some(odometer),
        truth.quality.median.filter(|index| *index > 0).map(|index| t!(synthesis::backing, index = index)),
    ];
    let clashes: Vec<_> = report.findings.iter().filter(|finding| finding.standing != Verdict::Consistent).collect();
    let clashes = clashes
        .into_iter()
        .map(|finding| {
            let (title, text) = words::finding(finding);
            notice(finding_tone(finding), title, Some(text))
        })
        .collect_view();
    view! { {vin(&standing.vin)} {list(lines.into_iter().flatten().collect())} {clashes} }.into_any()
}

fn vin(confirmation: &VinConfirmation) -> AnyView {
    match confirmation {
        VinConfirmation::Confirmed { shown: ShownVin::Another, .. } => {
            notice(Tone::Bad, t!(synthesis::vin_other), Some(t!(synthesis::vin_open_text)))
        }
        VinConfirmation::Confirmed { class, at, .. } => {
            let (class, day) = (words::class(*class), at.day());
            notice(Tone::Good, t!(synthesis::vin_confirmed, who = class.get(), day = format::day(day.0)), None)
        }
        VinConfirmation::NotConfirmed => {
            notice(Tone::Caution, t!(synthesis::vin_open), Some(t!(synthesis::vin_open_text)))
        }
    }
}

fn asked(questions: Vec<Question>, reader: Reader) -> AnyView {
    // Who holds the car is not to ask but to mend.
    let (word, nothing): (fn(QuestionKind) -> Text, Text) = match reader {
        Reader::Owner => (words::task, t!(synthesis::nothing_to_mend)),
        _ => (words::question, t!(synthesis::nothing_to_ask)),
    };
    if questions.is_empty() {
        return view! { <p>{nothing}</p> }.into_any();
    }
    let (grave, rest): (Vec<_>, Vec<_>) = questions.into_iter().partition(|one| one.severity == Severity::Stop);
    let grave = grave.into_iter().map(|one| notice(Tone::Bad, word(one.kind), None)).collect_view();
    view! { {grave} {list(rest.into_iter().map(|one| word(one.kind)).collect())} }.into_any()
}
