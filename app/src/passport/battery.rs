//! The traction battery: figures with what they rest on, and the range at full charge over time.

use std::sync::Arc;

use carnet_passport::battery::{BatteryView, HealthMethod};
use leptos::prelude::*;

use crate::i18n::format;
use crate::t;
use crate::ui::{Card, ChartPoint, ChartSeries, Fact, Facts, LineChart, PointMark};

/// The battery card.
#[component]
pub(super) fn BatteryCard(
    battery: BatteryView,
    /// How many there are, where the series is thinned.
    readings: u32,
) -> impl IntoView {
    let BatteryView { points, charges, range_at_full, capacity, health } = battery;
    let chart: Vec<_> = points
        .iter()
        .filter_map(|point| {
            let range = point.range_at_full?;
            Some(ChartPoint { x: f64::from(point.day.0), y: range.km() as f64, mark: PointMark::Plain, note: None })
        })
        .collect();
    view! {
        <Card title=t!(passport::battery)>
            <Facts>
                {health
                    .map(|health| {
                        let share = f64::from(health.per_mille.value) / 10.0;
                        let how = match health.method {
                            HealthMethod::Source => t!(passport::health_reported),
                            HealthMethod::RangeRatio => t!(passport::health_range),
                        };
                        view! {
                            <Fact term=t!(passport::health)>
                                {move || format::with_unit(share, "percent")} <span class="facts__note">{how}</span>
                            </Fact>
                        }
                    })}
                {capacity
                    .map(|capacity| {
                        let kwh = capacity.value.0 as f64 / 1_000.0;
                        view! {
                            <Fact term=t!(passport::capacity)>
                                {t!(passport::kwh, value = format::number(kwh), count = capacity.readings)}
                            </Fact>
                        }
                    })}
                {range_at_full
                    .map(|range| {
                        let km = range.value.km() as f64;
                        view! {
                            <Fact term=t!(passport::range_at_full)>
                                {move || format::with_unit(km, "kilometer")}
                                <span class="facts__note">{t!(passport::from_readings, count = range.readings)}</span>
                            </Fact>
                        }
                    })} <Fact term=t!(passport::charges)>{move || format::number(f64::from(charges))}</Fact>
            </Facts>
            {(chart.len() > 1)
                .then(move || {
                    let series = Signal::stored(
                        vec![ChartSeries { name: t!(passport::range_at_full), points: chart.clone() }],
                    );
                    view! {
                        <LineChart
                            title=t!(passport::battery_chart)
                            description=t!(passport::battery_description, count = readings)
                            series
                            x_name=t!(passport::day)
                            y_name=t!(passport::range_at_full)
                            x_tick=Arc::new(|day| format::month(day as u16))
                            x_format=Arc::new(|day| format::day(day as u16))
                            y_format=Arc::new(|value| format::with_unit(value, "kilometer"))
                            from_zero=true
                            table_label=t!(passport::as_table)
                        />
                    }
                })}
        </Card>
    }
}
