//! Charts with made-up values.

use std::sync::Arc;

use leptos::prelude::*;

use crate::i18n::format;
use crate::ui::{Card, ChartPoint, ChartSeries, LineChart, PointMark, ValueFormat};

const MILEAGE: [(u16, f64); 9] = [
    (18_335, 12.0),
    (18_700, 11_020.0),
    (18_990, 19_400.0),
    (19_300, 30_250.0),
    (19_510, 38_204.0),
    (19_600, 18_300.0),
    (19_760, 44_900.0),
    (19_990, 54_130.0),
    (20_097, 61_240.0),
];

#[component]
pub(super) fn Charts() -> impl IntoView {
    let mileage = vec![ChartSeries { name: "Mileage".into(), points: MILEAGE.iter().map(reading).collect() }];
    let battery = vec![
        ChartSeries { name: "Measured".into(), points: (0..24).map(|index| health(index, 0.0)).collect() },
        ChartSeries { name: "Cars like it".into(), points: (0..24).map(|index| health(index, 1.4)).collect() },
    ];
    view! {
        <div class="grid">
            <Card>
                <LineChart
                    title="Mileage"
                    description="From 12 km in March 2020 to 61,240 km in January 2025. One reading clashes with the others."
                    series=mileage
                    x_name="Day"
                    y_name="Mileage"
                    x_tick=days(format::month)
                    x_format=days(format::day)
                    y_format=Arc::new(|value| format::kilometres(value as u32))
                    from_zero=true
                    table_label="Show as a table"
                />
            </Card>
            <Card>
                <LineChart
                    title="Battery health"
                    description="From 98 % to 91 % over four years."
                    series=battery
                    x_name="Day"
                    y_name="Health"
                    x_tick=days(format::month)
                    x_format=days(format::day)
                    y_format=Arc::new(|value| format::with_unit(value, "percent"))
                    table_label="Show as a table"
                />
            </Card>
        </div>
    }
}

fn days(write: fn(u16) -> String) -> ValueFormat {
    Arc::new(move |day| write(day as u16))
}

fn reading(&(day, kilometres): &(u16, f64)) -> ChartPoint {
    let falls = kilometres == 18_300.0;
    ChartPoint {
        x: f64::from(day),
        y: kilometres,
        mark: if falls { PointMark::Flagged } else { PointMark::Plain },
        note: falls.then(|| "below an earlier reading".to_owned()),
    }
}

fn health(index: u16, above: f64) -> ChartPoint {
    let age = f64::from(index);
    ChartPoint {
        x: 18_600.0 + age * 61.0,
        y: 98.2 + above * 0.4 - age * 0.3 + (age * 1.7).sin() * 0.3,
        ..ChartPoint::default()
    }
}
