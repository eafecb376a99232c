//! Mileage as a chart, with readings that go backwards marked.

use std::sync::Arc;

use carnet_passport::odometer::OdometerView;
use leptos::prelude::*;

use crate::i18n::format;
use crate::t;
use crate::ui::{Card, ChartPoint, ChartSeries, LineChart, PointMark};

/// Most points drawn; more would lie on the same pixels.
const MOST_POINTS: usize = 600;

/// The mileage card.
#[component]
pub(super) fn MileageCard(
    odometer: OdometerView,
    /// How many there are, where the series is thinned.
    readings: u32,
    /// Records that may tell more readings are not shared.
    partial: bool,
) -> impl IntoView {
    let Some(latest) = odometer.latest else {
        return view! {
            <Card title=t!(passport::mileage)>
                <p class="aside">
                    {if partial { t!(passport::mileage_partial) } else { t!(passport::mileage_none) }}
                </p>
            </Card>
        }
        .into_any();
    };
    let average = odometer.average_per_year;
    let points = points(&odometer);
    let kilometres = |value: f64| format::with_unit(value, "kilometer");
    let latest_km = latest.odometer.km() as f64;
    let series = Signal::stored(vec![ChartSeries { name: t!(passport::mileage), points }]);
    view! {
        <Card title=t!(passport::mileage)>
            <p class="figure">
                <span class="figure__value">{move || kilometres(latest_km)}</span>
                <span class="figure__note">{t!(passport::on_day, day = format::day(latest.day.0))}</span>
            </p>
            {average
                .map(|average| {
                    view! {
                        <p class="aside">
                            {t!(passport::per_year, distance = kilometres(average.km() as f64), count = readings)}
                        </p>
                    }
                })}
            <LineChart
                title=t!(passport::mileage_chart)
                description=t!(passport::mileage_description, count = readings, latest = kilometres(latest_km))
                series
                x_name=t!(passport::day)
                y_name=t!(passport::mileage)
                x_tick=Arc::new(|day| format::month(day as u16))
                x_format=Arc::new(|day| format::day(day as u16))
                y_format=Arc::new(kilometres)
                table_label=t!(passport::as_table)
            />
            {partial.then(|| view! { <p class="aside">{t!(passport::mileage_partial)}</p> })}
        </Card>
    }
    .into_any()
}

/// The series, thinned evenly; first, last and flagged readings always stay.
fn points(odometer: &OdometerView) -> Vec<ChartPoint> {
    let lower = |record| odometer.report.alarms().any(|finding| finding.later.record == record);
    let step = odometer.points.len().div_ceil(MOST_POINTS).max(1);
    let last = odometer.points.len().saturating_sub(1);
    odometer
        .points
        .iter()
        .enumerate()
        .filter(|(index, point)| index % step == 0 || *index == last || lower(point.record))
        .map(|(_, point)| ChartPoint {
            x: f64::from(point.day.0),
            y: point.odometer.km() as f64,
            mark: if lower(point.record) { PointMark::Flagged } else { PointMark::Plain },
            note: None,
        })
        .collect()
}
