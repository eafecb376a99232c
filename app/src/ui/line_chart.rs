//! A line chart: values over days, drawn in SVG, with the same values in a table behind it.
//!
//! The drawing has a title and a description for screen readers; reading single values is what the table is for, so
//! no point takes the keyboard focus. One unit of the drawing is one CSS pixel, so that letters keep their size on a
//! phone. Series differ by dashes as well as by colour, and a flagged point by its shape.

mod scale;

use std::fmt::Write as _;
use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;

use self::scale::Scale;
use super::{Cell, Column, Glyph, Icon, Table, Text, unique_id};

/// Pixels a point needs to be marked by itself; where they lie closer, the line and the flagged ones are drawn.
const ROOM_PER_MARK: f64 = 14.0;
/// Before the width is known, and where there is no layout.
const FALLBACK_WIDTH: f64 = 640.0;
const HEIGHT: f64 = 260.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 30.0;
const RIGHT: f64 = 14.0;
/// Width of a letter on an axis, for the room they need.
const LETTER: f64 = 7.0;

/// Writes a value as the reader's language does.
pub type ValueFormat = Arc<dyn Fn(f64) -> String + Send + Sync>;

/// How a point is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PointMark {
    /// A dot.
    #[default]
    Plain,
    /// A diamond: something is wrong with this value; the note says what.
    Flagged,
}

/// One value.
#[derive(Clone, Debug, Default)]
pub struct ChartPoint {
    /// Position on the horizontal axis, such as a Unix day.
    pub x: f64,
    /// Position on the vertical axis.
    pub y: f64,
    /// How it is drawn.
    pub mark: PointMark,
    /// What else there is to say about it.
    pub note: Option<String>,
}

/// A line.
#[derive(Clone)]
pub struct ChartSeries {
    /// What the values are of.
    pub name: Text,
    /// In the order of `x`.
    pub points: Vec<ChartPoint>,
}

/// A line chart with a table behind it. Thin out series of many thousand points before.
#[component]
pub fn LineChart(
    /// What is shown.
    #[prop(into)]
    title: Text,
    /// What a reader sees at a glance, in words: from where to where, anything unusual.
    #[prop(into)]
    description: Text,
    /// The lines.
    #[prop(into)]
    series: Signal<Vec<ChartSeries>>,
    /// Heading of the horizontal values in the table.
    #[prop(into)]
    x_name: Text,
    /// Heading of the vertical values.
    #[prop(into)]
    y_name: Text,
    /// Writes horizontal values on the axis, in short.
    x_tick: ValueFormat,
    /// Writes horizontal values in full.
    x_format: ValueFormat,
    /// Writes vertical values.
    y_format: ValueFormat,
    /// The vertical axis begins at zero.
    #[prop(optional)]
    from_zero: bool,
    /// Summary of the table, such as "Show as a table".
    #[prop(into)]
    table_label: Text,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let width = followed_width(node);
    let title_id = unique_id("chart");
    let description_id = format!("{title_id}-description");
    let labelled_by = format!("{title_id} {description_id}");
    let formats = Formats { x_tick, x: x_format.clone(), y: y_format.clone() };
    let drawn = move || draw(&series.read(), width.get(), from_zero, &formats);
    let height = HEIGHT.to_string();
    let caption = title.clone();
    view! {
        <figure class="line-chart">
            <figcaption class="line-chart__caption">{title.clone()}</figcaption>
            <p class="line-chart__description">{description.clone()}</p>
            {move || legend(&series.read())}
            <div class="line-chart__field" node_ref=node>
                <svg
                    class="line-chart__drawing"
                    viewBox=move || format!("0 0 {} {HEIGHT}", width.get())
                    height=height
                    role="img"
                    aria-labelledby=labelled_by
                >
                    <title id=title_id>{title}</title>
                    <desc id=description_id>{description}</desc>
                    {drawn}
                </svg>
            </div>
            <Values caption table_label series x_name y_name x_format y_format />
        </figure>
    }
}

#[derive(Clone)]
struct Formats {
    x_tick: ValueFormat,
    x: ValueFormat,
    y: ValueFormat,
}

/// Names and strokes of the lines, where there is more than one.
fn legend(series: &[ChartSeries]) -> Option<AnyView> {
    let entry = |(index, series): (usize, &ChartSeries)| {
        view! {
            <li class="line-chart__key">
                <svg class="line-chart__sample" viewBox="0 0 24 8" aria-hidden=super::TRUE>
                    <g class=series_class(index)>
                        <path class=LINE d="M1 4h22" />
                    </g>
                </svg>
                {series.name.clone()}
            </li>
        }
    };
    (series.len() > 1).then(|| {
        view! { <ul class="line-chart__legend">{series.iter().enumerate().map(entry).collect_view()}</ul> }.into_any()
    })
}

const LINE: &str = "line-chart__line";

fn series_class(index: usize) -> &'static str {
    [
        "line-chart__series",
        "line-chart__series line-chart__series--second",
        "line-chart__series line-chart__series--third",
    ][index % 3]
}

fn draw(series: &[ChartSeries], width: f64, from_zero: bool, formats: &Formats) -> AnyView {
    let points = || series.iter().flat_map(|series| &series.points);
    let Some(y) = Scale::over(points().map(|point| point.y), from_zero, 5) else { return ().into_any() };
    let labels: Vec<String> = y.ticks().map(|tick| (formats.y)(tick)).collect();
    let left = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0) as f64 * LETTER + 12.0;
    // A tick for every hundred pixels leaves room for a month and its year.
    let Some(x) = Scale::exact(points().map(|point| point.x), (((width - left) / 100.0) as usize).max(2)) else {
        return ().into_any();
    };
    let x = x.onto(left, width - RIGHT);
    let y = y.onto(HEIGHT - BOTTOM, TOP);
    let lines: Vec<_> = y
        .ticks()
        .zip(labels)
        .map(|(tick, label)| {
            let at = y.place(tick);
            view! {
                <path class="line-chart__grid" d=format!("M{left} {at:.1}H{:.1}", width - RIGHT) />
                <text class="line-chart__tick line-chart__tick--y" x=(left - 8.0).to_string() y=format!("{:.1}", at + 4.0)>
                    {label}
                </text>
            }
        })
        .collect();
    let days: Vec<_> = x
        .ticks()
        .map(|tick| {
            let anchor = if tick == x.first() { "start" } else if tick == x.last() { "end" } else { "middle" };
            view! {
                <text class="line-chart__tick" text-anchor=anchor x=format!("{:.1}", x.place(tick)) y=(HEIGHT - 8.0).to_string()>
                    {(formats.x_tick)(tick)}
                </text>
            }
        })
        .collect();
    let drawn: Vec<_> = series.iter().enumerate().map(|(index, series)| line(index, series, &x, &y, formats)).collect();
    (lines, days, drawn).into_any()
}

fn line(index: usize, series: &ChartSeries, x: &Scale, y: &Scale, formats: &Formats) -> AnyView {
    let mut path = String::new();
    for (number, point) in series.points.iter().enumerate() {
        let letter = if number == 0 { 'M' } else { 'L' };
        let _ = write!(path, "{letter}{:.1} {:.1}", x.place(point.x), y.place(point.y));
    }
    let all = series.points.len() as f64 * ROOM_PER_MARK <= x.length();
    let marks: Vec<_> = series
        .points
        .iter()
        .filter(|point| all || point.mark == PointMark::Flagged)
        .map(|point| {
            let (at_x, at_y) = (x.place(point.x), y.place(point.y));
            let (class, shape) = match point.mark {
                PointMark::Plain => {
                    ("line-chart__point", format!("M{:.1} {at_y:.1}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z", at_x - 3.0))
                }
                PointMark::Flagged => (
                    "line-chart__point line-chart__point--flagged",
                    format!("M{at_x:.1} {:.1}l7 7l-7 7l-7 -7z", at_y - 7.0),
                ),
            };
            let words = said(point, formats);
            view! {
                <path class=class d=shape>
                    <title>{words}</title>
                </path>
            }
        })
        .collect();
    view! {
        <g class=series_class(index)>
            <path class=LINE d=path />
            {marks}
        </g>
    }
    .into_any()
}

fn said(point: &ChartPoint, formats: &Formats) -> String {
    let note = point.note.as_deref().map(|note| format!(" · {note}")).unwrap_or_default();
    format!("{} · {}{note}", (formats.x)(point.x), (formats.y)(point.y))
}

/// The table behind the chart, made when it is first opened.
#[component]
fn Values(
    caption: Text,
    table_label: Text,
    series: Signal<Vec<ChartSeries>>,
    x_name: Text,
    y_name: Text,
    x_format: ValueFormat,
    y_format: ValueFormat,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let rows = Signal::derive(move || {
        series.with(|series| {
            series.iter().flat_map(|series| &series.points).map(|point| values(point, &x_format, &y_format)).collect()
        })
    });
    let columns = move || vec![Column::text(x_name.clone()), Column::number(y_name.clone())];
    let table = move || {
        let (caption, columns) = (caption.clone(), columns());
        open.get().then(|| view! { <Table caption caption_hidden=true columns rows /> })
    };
    view! {
        <details class="disclosure" on:toggle=move |_| open.set(true)>
            <summary class="disclosure__summary">
                <Icon glyph=Glyph::ChevronRight />
                <span>{table_label}</span>
            </summary>
            <div class="disclosure__body">{table}</div>
        </details>
    }
}

fn values(point: &ChartPoint, x_format: &ValueFormat, y_format: &ValueFormat) -> Vec<Cell> {
    let value = y_format(point.y);
    let value = match &point.note {
        Some(note) => format!("{value} · {note}"),
        None => value,
    };
    vec![Cell::text(x_format(point.x)), Cell::text(value)]
}

/// The width of the field in CSS pixels, as the window changes.
fn followed_width(node: NodeRef<html::Div>) -> ReadSignal<f64> {
    let (width, set_width) = signal(FALLBACK_WIDTH);
    let measure = move || {
        let found = node.get_untracked().map(|field| f64::from(field.client_width()));
        if let Some(found) = found.filter(|found| *found > 0.0) {
            set_width.set(found);
        }
    };
    node.on_load(move |_| request_animation_frame(measure));
    let listener = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || listener.remove());
    width
}
