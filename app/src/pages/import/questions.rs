//! What the file leaves open, asked instead of guessed.

use carnet_import::{Answers, DateOrder, DecimalMark, DistanceUnit, LubeLoggerKind, Question, VolumeUnit};
use carnet_protocol::payload::MaintenanceKind;
use leptos::prelude::*;

use crate::t;
use crate::ui::{Button, ButtonVariant, Card, Choice, ChoiceGroup, Field, FieldKind, Text};
use crate::words;

/// All open questions in one form.
#[component]
pub(super) fn Questions(
    /// The questions.
    questions: Vec<Question>,
    /// Answers so far.
    answers: RwSignal<Answers>,
    /// All are answered.
    #[prop(into)]
    on_answered: Callback<()>,
) -> impl IntoView {
    let asked: Vec<_> = questions.into_iter().map(|question| (question, RwSignal::new(String::new()))).collect();
    let fields = asked.iter().map(|(question, chosen)| field(question, *chosen)).collect_view();
    let signals: Vec<_> = asked.iter().map(|(_, chosen)| *chosen).collect();
    let incomplete = Signal::derive(move || signals.iter().any(|chosen| chosen.with(String::is_empty)));
    let submit = move |()| {
        answers.update(|answers| {
            for (question, chosen) in &asked {
                let chosen = chosen.get_untracked();
                if *question == Question::Passphrase {
                    answers.passphrase = Some(chosen);
                } else if let Ok(index) = chosen.parse() {
                    apply(answers, index, question);
                }
            }
        });
        on_answered.run(());
    };
    view! {
        <Card title=t!(import::questions)>
            <p class="aside">{t!(import::questions_text)}</p>
            {fields}
            <Button label=t!(import::answer) variant=ButtonVariant::Primary disabled=incomplete on_press=submit />
        </Card>
    }
}

fn field(question: &Question, chosen: RwSignal<String>) -> AnyView {
    if *question == Question::Passphrase {
        let kind = FieldKind::Password;
        return view! { <Field label=t!(import::ask_passphrase) kind value=chosen /> }.into_any();
    }
    let (legend, examples, options) = wording(question);
    let choices = options.into_iter().enumerate().map(|(index, label)| Choice::new(index.to_string(), label)).collect();
    let examples = examples.join(" · ");
    view! {
        <ChoiceGroup legend choices selected=chosen />
        {(!examples.is_empty())
            .then(|| view! { <p class="aside">{t!(import::examples, examples = examples.clone())}</p> })}
    }
    .into_any()
}

fn wording(question: &Question) -> (Text, Vec<String>, Vec<Text>) {
    match question.clone() {
        Question::LubeLoggerKind { options } => {
            (t!(import::ask_list), Vec::new(), options.into_iter().map(list).collect())
        }
        Question::DateOrder { column, examples, options } => {
            (t!(import::ask_dates, column = column), examples, options.into_iter().map(order).collect())
        }
        Question::DecimalMark { column, examples, options } => {
            (t!(import::ask_mark, column = column), examples, options.into_iter().map(mark).collect())
        }
        Question::DistanceUnit { column, examples, options } => {
            (t!(import::ask_distance, column = column), examples, options.into_iter().map(distance).collect())
        }
        Question::VolumeUnit { column, examples, options } => {
            (t!(import::ask_volume, column = column), examples, options.into_iter().map(volume).collect())
        }
        Question::Currency { column, examples, options } => {
            let mut labels: Vec<_> = options.into_iter().map(Text::from).collect();
            labels.push(t!(import::currency_unknown));
            (t!(import::ask_currency, column = column), examples, labels)
        }
        // A field of its own.
        Question::Passphrase => (t!(import::ask_passphrase), Vec::new(), Vec::new()),
        Question::Vehicle { options } => {
            (t!(import::ask_vehicle), Vec::new(), options.into_iter().map(Text::from).collect())
        }
    }
}

fn apply(answers: &mut Answers, index: usize, question: &Question) {
    match question {
        Question::LubeLoggerKind { options } => answers.lubelogger_kind = options.get(index).copied(),
        Question::DateOrder { options, .. } => answers.date_order = options.get(index).copied(),
        Question::DecimalMark { options, .. } => answers.decimal_mark = options.get(index).copied(),
        Question::DistanceUnit { options, .. } => answers.distance_unit = options.get(index).copied(),
        Question::VolumeUnit { options, .. } => answers.volume_unit = options.get(index).copied(),
        // The last choice, behind the options, is "not known".
        Question::Currency { options, .. } => answers.currency = Some(options.get(index).cloned().unwrap_or_default()),
        Question::Passphrase => {}
        Question::Vehicle { options } => answers.vin = options.get(index).cloned(),
    }
}

fn list(kind: LubeLoggerKind) -> Text {
    match kind {
        LubeLoggerKind::Work | LubeLoggerKind::Service => words::maintenance(MaintenanceKind::Service),
        LubeLoggerKind::Repair => words::maintenance(MaintenanceKind::Repair),
        LubeLoggerKind::Upgrade => words::maintenance(MaintenanceKind::Upgrade),
        LubeLoggerKind::Odometer => t!(words::fact_odometer),
        LubeLoggerKind::Gas => t!(words::fact_refuelling),
        LubeLoggerKind::Tax => t!(words::fact_tax),
    }
}

fn order(order: DateOrder) -> Text {
    match order {
        DateOrder::DayMonthYear => t!(import::day_month_year),
        DateOrder::MonthDayYear => t!(import::month_day_year),
    }
}

fn mark(mark: DecimalMark) -> Text {
    match mark {
        DecimalMark::Point => t!(import::mark_point),
        DecimalMark::Comma => t!(import::mark_comma),
    }
}

fn distance(unit: DistanceUnit) -> Text {
    match unit {
        DistanceUnit::Kilometres => t!(import::kilometres),
        DistanceUnit::Miles => t!(import::miles),
    }
}

fn volume(unit: VolumeUnit) -> Text {
    match unit {
        VolumeUnit::Litres => t!(import::litres),
        VolumeUnit::UsGallons => t!(import::us_gallons),
        VolumeUnit::ImperialGallons => t!(import::imperial_gallons),
    }
}
