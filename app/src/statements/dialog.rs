//! The form in which something is said of a car: what it means, the day, and the record that shows it.

use std::str::FromStr;

use carnet_passport::odometer;
use carnet_protocol::day::Day;
use carnet_protocol::id::RecordId;
use carnet_protocol::ledger::Rejection;
use carnet_wallet::command::{Subject, TimelineFilter};
use carnet_wallet::error::WalletError;
use carnet_wallet::view::{RecordState, RecordView};
use leptos::prelude::*;

use super::saying::Saying;
use crate::action::{Deed, DeedFailure};
use crate::announcements::use_announcer;
use crate::i18n::format;
use crate::load::load;
use crate::t;
use crate::typed::{self, today};
use crate::ui::{
    Button, ButtonKind, ButtonVariant, Dialog, Field, FieldKind, Glyph, Select, SelectOption, Text, Tone, Wait,
    focus_first_error,
};
use crate::wallet::{CallError, use_wallet};
use crate::words;

/// Records offered as evidence: the newest, as many as the wallet gives at once.
const OFFERED: u32 = 500;

/// Opens while something is about to be said.
#[component]
pub(super) fn SayingDialog(
    /// The passport in which it is said.
    subject: Subject,
    /// What; `None` while it is closed.
    saying: RwSignal<Option<Saying>>,
    /// The VIN that the passport shows.
    vin: Option<String>,
    /// Whether this speaker may re-open a passport.
    may_reopen: bool,
    /// It was said.
    #[prop(into)]
    on_said: Callback<()>,
) -> impl IntoView {
    let title = Text::from(move || saying.get().map(|saying| saying.title().get().into_owned()).unwrap_or_default());
    let (subject, vin) = (StoredValue::new(subject), StoredValue::new(vin.unwrap_or_default()));
    view! {
        <Dialog
            open=Signal::derive(move || saying.with(Option::is_some))
            title
            close_label=t!(passport::close)
            on_close=move |()| saying.set(None)
        >
            {move || {
                saying
                    .get()
                    .map(|what| {
                        let subject = subject.get_value();
                        let vin = vin.get_value();
                        view! { <SayingForm subject what vin may_reopen saying on_said /> }
                    })
            }}
        </Dialog>
    }
}

/// What is typed and chosen.
#[derive(Clone, Copy)]
struct Draft {
    day: RwSignal<String>,
    evidence: RwSignal<String>,
    odometer: RwSignal<String>,
    day_wrong: RwSignal<Option<Text>>,
    evidence_wrong: RwSignal<Option<Text>>,
}

impl Draft {
    fn new() -> Self {
        Self {
            day: RwSignal::new(today().to_string()),
            evidence: RwSignal::new(String::new()),
            odometer: RwSignal::new(String::new()),
            day_wrong: RwSignal::new(None),
            evidence_wrong: RwSignal::new(None),
        }
    }

    /// Evidence, reading and day, or `None` with what is wrong marked.
    fn checked(self, what: Saying) -> Option<(Option<RecordId>, Option<RecordId>, Day)> {
        let chosen = |value: RwSignal<String>| RecordId::from_str(&value.get_untracked()).ok();
        let (evidence, day) = (chosen(self.evidence), typed::past_day(&self.day.get_untracked()));
        let unshown = what.needs_evidence() && evidence.is_none();
        self.evidence_wrong.set(unshown.then(|| t!(statements::evidence_missing)));
        self.day_wrong.set(day.as_ref().err().cloned());
        if unshown { None } else { Some((evidence, chosen(self.odometer), day.ok()?)) }
    }
}

#[component]
fn SayingForm(
    subject: Subject,
    what: Saying,
    vin: String,
    may_reopen: bool,
    saying: RwSignal<Option<Saying>>,
    on_said: Callback<()>,
) -> impl IntoView {
    let (wallet, announcer) = (use_wallet(), use_announcer());
    let (draft, deed) = (Draft::new(), Deed::new());
    let asked = subject.clone();
    let records = load(move || {
        let subject = asked.clone();
        async move { wallet.timeline(subject, TimelineFilter::default(), 0, OFFERED).await }
    });
    let value = records.value();
    let entries = Signal::derive(move || value.get().map(|page| page.entries).unwrap_or_default());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let filled = draft.checked(what);
        let command =
            filled.and_then(|(evidence, odometer, day)| what.command(subject.clone(), evidence, odometer, day));
        let Some(command) = command else { return focus_first_error() };
        deed.run(async move { wallet.say(command).await }, move |_| {
            saying.set(None);
            announcer.say(Tone::Good, t!(statements::said));
            on_said.run(());
        });
    };
    let exists = move || {
        let reason = WalletError::Rejected { reason: Rejection::PassportExists };
        may_reopen && deed.error().with(|error| *error == Some(CallError::Wallet(reason)))
    };
    let variant = match what {
        Saying::Declare(_) => ButtonVariant::Danger,
        _ => ButtonVariant::Primary,
    };
    view! {
        <form class="desk__form" on:submit=submit>
            <p>{what.text(&vin)}</p>
            <Wait phase=records.phase(t!(statements::reading))>
                <Choices what draft entries />
            </Wait>
            <DeedFailure deed />
            {move || {
                exists()
                    .then(|| {
                        view! {
                            <Button
                                label=t!(statements::reopen)
                                glyph=Glyph::Link
                                on_press=move |()| saying.set(Some(Saying::Reopen))
                            />
                        }
                    })
            }}
            <div class="form-actions">
                <Button
                    label=t!(statements::say_it)
                    variant
                    kind=ButtonKind::Submit
                    busy=deed.busy()
                />
                <Button
                    label=t!(statements::leave)
                    variant=ButtonVariant::Quiet
                    on_press=move |()| saying.set(None)
                />
            </div>
        </form>
    }
}

/// The day, the record that shows it, the reading that was found right: what this saying asks for.
#[component]
fn Choices(what: Saying, draft: Draft, entries: Signal<Vec<RecordView>>) -> impl IntoView {
    let offer = move |first: Text, fits: fn(&RecordView) -> bool| {
        Signal::derive(move || {
            let first = std::iter::once(SelectOption::new("", first.clone()));
            let rest =
                entries.get().into_iter().filter(|record| record.state == RecordState::Committed && fits(record));
            first
                .chain(rest.map(|record| SelectOption::new(record.record.to_string(), label(&record))))
                .collect::<Vec<_>>()
        })
    };
    let evidence = what.needs_evidence().then(|| {
        view! {
            <Select
                label=t!(statements::evidence)
                hint=t!(statements::evidence_hint)
                options=offer(t!(statements::choose), |_| true)
                value=draft.evidence
                error=draft.evidence_wrong
            />
        }
    });
    let odometer = what.is_sighting().then(|| {
        view! {
            <Select
                label=t!(statements::odometer)
                hint=t!(statements::odometer_hint)
                options=offer(t!(statements::odometer_none), |record| odometer::of_fact(&record.fact).is_some())
                value=draft.odometer
            />
        }
    });
    let day = (!what.is_sighting()).then(|| {
        view! { <Field label=t!(passport::day) kind=FieldKind::Date value=draft.day error=draft.day_wrong /> }
    });
    view! {
        {day}
        {evidence}
        {odometer}
    }
}

/// Day, what it is, and the figure that tells it from others.
fn label(record: &RecordView) -> Text {
    let (day, headline) = (record.day, words::fact_headline(&record.fact));
    let figure = words::fact_figures(&record.fact).into_iter().next().map(|line| line.value);
    Text::from(move || {
        let figure = figure.as_ref().map(|figure| format!(" · {}", figure.get())).unwrap_or_default();
        format!("{} · {}{figure}", format::day(day.0), headline.get())
    })
}
