//! The car's story in a few lines: what is there, what stands out, what is missing.

use carnet_passport::summary::{Month, MonthGap, Summary};
use carnet_protocol::{category::Category, day::Day};
use carnet_wallet::view::Completeness;
use leptos::prelude::*;

use super::CompletenessNotice;
use crate::i18n::format;
use crate::t;
use crate::ui::{Badge, Card, Fact, Facts, Notice, Text, Tone};
use crate::words;

fn day_text(day: Day) -> Text {
    Text::from(move || format::day(day.0))
}

/// The summary card.
#[component]
pub(super) fn Synthesis(summary: Summary, completeness: Completeness) -> impl IntoView {
    let Summary { records, counts, first_day, last_day, owners, last_inspection, incidents, open_events, gaps, .. } =
        summary;
    let span = first_day.zip(last_day);
    let incident_count = incidents.len();
    view! {
        <Card title=t!(passport::synthesis)>
            <CompletenessNotice completeness />
            {open_events
                .into_iter()
                .map(|event| {
                    let (title, day) = (words::ownership(event.kind), event.day);
                    view! { <Notice tone=Tone::Caution title text=t!(passport::since, day = format::day(day.0)) /> }
                })
                .collect_view()}
            <Facts>
                <Fact term=t!(passport::records_judged)>{move || format::number(f64::from(records))}</Fact>
                {span
                    .map(|(first, last)| {
                        view! {
                            <Fact term=t!(passport::span)>
                                {t!(passport::from_to, first = format::day(first.0), last = format::day(last.0))}
                            </Fact>
                        }
                    })}
                {owners.map(|owners| view! { <Fact term=t!(passport::owners)>{owners.to_string()}</Fact> })}
                {last_inspection
                    .map(|inspection| {
                        let result = words::result(inspection.result);
                        view! {
                            <Fact term=t!(passport::last_inspection)>
                                {day_text(inspection.day)} {SEPARATOR} {result}
                            </Fact>
                        }
                    })}
                <Fact term=t!(passport::incidents)>
                    {if incident_count == 0 {
                        view! { <span>{t!(passport::incidents_none)}</span> }.into_any()
                    } else {
                        view! {
                            <Badge tone=Tone::Caution text=t!(passport::incident_count, count = incident_count) />
                        }
                            .into_any()
                    }}
                </Fact>
            </Facts>
            <Counts counts />
            <Gaps gaps />
        </Card>
    }
}

const SEPARATOR: &str = " · ";

#[component]
fn Counts(counts: Vec<(Category, u32)>) -> impl IntoView {
    let entries = counts
        .into_iter()
        .map(|(category, count)| {
            view! {
                <li class="counts__item">
                    <crate::ui::Icon glyph=words::category_glyph(category) />
                    <span class="counts__name">{words::category(category)}</span>
                    <span class="counts__number">{move || format::number(f64::from(count))}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="counts">{entries}</ul> }
}

/// A month as its first day, for formatting.
fn month_text(month: Month) -> String {
    Day::from_civil(i32::from(month.year), month.month, 1).map(|day| format::month(day.0)).unwrap_or_default()
}

#[component]
fn Gaps(gaps: Vec<MonthGap>) -> impl IntoView {
    // Half a year without a word is worth asking about; shorter pauses are how cars live.
    let long: Vec<_> = gaps.into_iter().filter(|gap| gap.months >= 6).collect();
    (!long.is_empty()).then(|| {
        let rows = long
            .into_iter()
            .map(|gap| {
                view! {
                    <li>
                        {t!(passport::gap, first = month_text(gap.first), last = month_text(gap.last), count = gap.months)}
                    </li>
                }
            })
            .collect_view();
        view! {
            <Notice tone=Tone::Info title=t!(passport::gaps) text=t!(passport::gaps_text)>
                <ul>{rows}</ul>
            </Notice>
        }
    })
}
