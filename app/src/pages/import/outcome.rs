//! What an import would do: what was understood, what was passed over and why, what is there already.

use carnet_import::{Draft, DryRun, DuplicateOf, Format, ImportNote, Place, Question, SkipReason, Skipped};
use leptos::prelude::*;

use crate::i18n::format;
use crate::t;
use crate::ui::{Badge, Card, Cell, Column, Disclosure, Notice, StepTitle, Table, Text, Tone};
use crate::words;

/// Rows shown of each list; the counts are of all.
const SHOWN: usize = 100;

/// The dry run in three lists.
#[component]
pub(super) fn Outcome(run: DryRun) -> impl IntoView {
    let DryRun { format: kind, questions, withheld, drafts, skipped, duplicates, notes, .. } = run;
    let (new, passed, known) = (drafts.len(), skipped.len(), duplicates.len());
    let gain = if new > 0 { Tone::Good } else { Tone::Neutral };
    let same_file = duplicates.iter().filter(|duplicate| duplicate.of != DuplicateOf::Existing).count();
    let draft_rows: Vec<_> = drafts.into_iter().take(SHOWN).map(draft_row).collect();
    let known_rows: Vec<_> = duplicates.into_iter().take(SHOWN).map(|duplicate| draft_row(duplicate.draft)).collect();
    let skipped_rows: Vec<_> = skipped.into_iter().take(SHOWN).map(skipped_row).collect();
    let notes = notes.into_iter().filter_map(note).map(|text| view! { <li>{text}</li> }).collect_view();
    view! {
        <Card>
            <StepTitle text=t!(import::understood) />
            <div class="cluster" role="status">
                <Badge tone=Tone::Info text=format_name(kind) />
                {(new > 0 || withheld == 0)
                    .then(|| view! { <Badge tone=gain text=t!(import::new_records, count = new) /> })}
                {(known > 0).then(|| view! { <Badge text=t!(import::known, count = known) /> })}
                {(passed > 0).then(|| view! { <Badge tone=Tone::Caution text=t!(import::skipped, count = passed) /> })}
            </div>
            {(withheld > 0)
                .then(|| {
                    let (title, text) = waiting(&questions, withheld);
                    view! { <Notice tone=Tone::Info title text /> }
                })}
            {(new == 0 && withheld == 0)
                .then(|| view! { <Notice tone=Tone::Info title=t!(import::nothing_new) text=t!(import::nothing_new_text) /> })}
            <ul class="notes">{notes}</ul>
            {(new > 0)
                .then(|| {
                    view! {
                        <Disclosure summary=t!(import::show_new, count = new)>
                            <Rows caption=t!(import::show_new, count = new) rows=draft_rows />
                        </Disclosure>
                    }
                })}
            {(known > 0)
                .then(|| {
                    view! {
                        <Disclosure summary=t!(import::show_known, count = known)>
                            <p class="aside">{t!(import::known_text, count = same_file)}</p>
                            <Rows caption=t!(import::show_known, count = known) rows=known_rows />
                        </Disclosure>
                    }
                })}
            {(passed > 0)
                .then(|| {
                    view! {
                        <Disclosure summary=t!(import::show_skipped, count = passed) open=true>
                            <Table
                                caption=t!(import::show_skipped, count = passed)
                                caption_hidden=true
                                columns=vec![Column::text(t!(import::place)), Column::text(t!(import::reason))]
                                rows=Signal::stored(skipped_rows)
                            />
                        </Disclosure>
                    }
                })}
        </Card>
    }
}

/// What waits, and for which answer.
fn waiting(questions: &[Question], withheld: u32) -> (Text, Text) {
    if questions.contains(&Question::Passphrase) {
        return (t!(import::sealed), t!(import::sealed_text));
    }
    let several = questions.iter().any(|question| matches!(question, Question::Vehicle { .. }));
    let text = if several { t!(import::withheld_cars) } else { t!(import::withheld_text) };
    (t!(import::withheld, count = withheld), text)
}

#[component]
fn Rows(caption: Text, rows: Vec<Vec<Cell>>) -> impl IntoView {
    view! {
        <Table
            caption
            caption_hidden=true
            columns=vec![
                Column::text(t!(import::day)),
                Column::text(t!(import::what)),
                Column::text(t!(import::figures)),
                Column::text(t!(import::place)),
            ]
            rows=Signal::stored(rows)
        />
    }
}

fn draft_row(draft: Draft) -> Vec<Cell> {
    let day = draft.day;
    let figures = words::fact_figures(&draft.fact);
    let figures = move || figures.iter().map(|line| line.value.get().into_owned()).collect::<Vec<_>>().join(" · ");
    vec![
        Cell::text(move || format::day(day.0)),
        Cell::text(words::fact_headline(&draft.fact)),
        Cell::text(figures),
        Cell::text(place(draft.place)),
    ]
}

fn skipped_row(skipped: Skipped) -> Vec<Cell> {
    vec![Cell::text(place(skipped.place)), Cell::text(reason(skipped.reason))]
}

fn format_name(kind: Format) -> Text {
    match kind {
        Format::TeslaVehicleData => t!(words::origin_tesla_vehicle_data),
        Format::LubeLogger(_) => t!(words::origin_lube_logger),
        Format::HistoVec => t!(words::origin_histovec),
        Format::CarnetExport => t!(words::origin_carnet_export),
    }
}

fn place(place: Place) -> Text {
    match place {
        Place::Line { line } => t!(import::line, line = line),
        Place::Element { number } => t!(import::element, number = number),
        Place::Path { path } => Text::from(path),
        Place::File => t!(import::whole_file),
    }
}

fn reason(reason: SkipReason) -> Text {
    match reason {
        SkipReason::BrokenJson { column } => t!(import::skip_json, column = column),
        SkipReason::NotASample => t!(import::skip_not_sample),
        SkipReason::FieldCount { expected, found } => t!(import::skip_fields, expected = expected, found = found),
        SkipReason::Missing { field } => t!(import::skip_missing, field = field),
        SkipReason::BadDate { field, value } => t!(import::skip_date, field = field, value = value),
        SkipReason::DateOutOfRange { field, value } => t!(import::skip_date_range, field = field, value = value),
        SkipReason::BadNumber { field, value } => t!(import::skip_number, field = field, value = value),
        SkipReason::OutOfRange { field, value } => t!(import::skip_range, field = field, value = value),
        SkipReason::NoTime => t!(import::skip_no_time),
        SkipReason::OtherVehicle { vin } => t!(import::skip_other_vehicle, vin = vin),
        SkipReason::NothingKnown => t!(import::skip_nothing),
        SkipReason::BadSignature => t!(import::skip_signature),
        SkipReason::NotTakenIn => t!(import::skip_not_taken_in),
        SkipReason::OnAnotherRecord => t!(import::skip_statement),
        SkipReason::TooLarge => t!(import::skip_large),
        SkipReason::FileLeftOut { name } => t!(import::skip_file, name = name),
        SkipReason::Cancelled => t!(import::skip_cancelled),
        SkipReason::UnknownValue { field, value } => t!(import::skip_unknown, field = field, value = value),
    }
}

/// What the owner should know of the file; what only repeats a success is not said.
fn note(note: ImportNote) -> Option<Text> {
    Some(match note {
        ImportNote::ReadAsWindows1252 => t!(import::note_windows),
        ImportNote::DateOrderFound { .. } | ImportNote::DecimalMarkFound { .. } => return None,
        ImportNote::ColumnsNotRead { columns } => {
            let columns = columns.join(", ");
            t!(import::note_columns, columns = columns)
        }
        ImportNote::VinLeftOut { vin } => t!(import::note_vin, vin = vin),
        ImportNote::UpdatedOn { day } => t!(import::note_updated, day = format::day(day.0)),
        ImportNote::StateDated { day } => t!(import::note_state, day = format::day(day.0)),
        ImportNote::Condensed { samples, kept } => t!(import::note_condensed, samples = samples, kept = kept),
        ImportNote::InspectionsUnavailable => t!(import::note_inspections),
        ImportNote::SignedAnew { others: 0 } => t!(import::note_signed),
        ImportNote::SignedAnew { others } => t!(import::note_signed_others, count = others),
        ImportNote::SkippedNotListed { count } => t!(import::note_not_listed, count = count),
        ImportNote::TextCut { count } => t!(import::note_cut, count = count),
    })
}
