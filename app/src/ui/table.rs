//! Tables: columns where there is room, one block per row on a phone.

use leptos::prelude::*;

use super::Text;

/// A column's heading.
#[derive(Clone)]
pub struct Column {
    label: Text,
    numeric: bool,
}

impl Column {
    /// A column of words.
    pub fn text(label: impl Into<Text>) -> Self {
        Self { label: label.into(), numeric: false }
    }

    /// A column of numbers, aligned at their ends.
    pub fn number(label: impl Into<Text>) -> Self {
        Self { label: label.into(), numeric: true }
    }
}

/// What stands in one place of a table.
#[derive(Clone)]
pub enum Cell {
    /// Words or a number.
    Text(Text),
    /// A badge, link or button.
    View(ViewFn),
}

impl Cell {
    /// Words or a number.
    pub fn text(text: impl Into<Text>) -> Self {
        Self::Text(text.into())
    }

    /// Anything else.
    pub fn view<V: IntoView + 'static>(view: impl Fn() -> V + Send + Sync + 'static) -> Self {
        Self::View(view.into())
    }
}

/// A table. The first column names the row.
#[component]
pub fn Table(
    /// What the table shows.
    #[prop(into)]
    caption: Text,
    /// The caption is plain from the context; it is read out only.
    #[prop(optional)]
    caption_hidden: bool,
    /// The headings, left to right.
    columns: Vec<Column>,
    /// The rows, each with as many cells as there are columns.
    #[prop(into)]
    rows: Signal<Vec<Vec<Cell>>>,
) -> impl IntoView {
    let caption_class = if caption_hidden { "visually-hidden" } else { "table__caption" };
    let head: Vec<_> = columns
        .iter()
        .map(|column| {
            view! {
                <th scope="col" role="columnheader" class="table__heading" class:table__heading--number=column.numeric>
                    {column.label.clone()}
                </th>
            }
        })
        .collect();
    // Roles are spelt out because the phone layout turns rows into blocks, which drops the native ones.
    view! {
        <div class="table">
            <table class="table__table" role="table">
                <caption class=caption_class>{caption}</caption>
                <thead role="rowgroup" class="table__head">
                    <tr role="row">{head}</tr>
                </thead>
                <tbody role="rowgroup">
                    {move || rows.get().into_iter().map(|cells| row(&columns, cells)).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

fn row(columns: &[Column], cells: Vec<Cell>) -> impl IntoView + use<> {
    let cells: Vec<_> = columns
        .iter()
        .zip(cells)
        .enumerate()
        .map(|(index, (column, cell))| {
            let content = match cell {
                Cell::Text(text) => view! { <span>{text}</span> }.into_any(),
                Cell::View(view) => view.run(),
            };
            let (label, numeric) = (column.label.clone(), column.numeric);
            if index == 0 {
                view! {
                    <th scope="row" role="rowheader" class="table__cell table__cell--name">
                        {content}
                    </th>
                }
                .into_any()
            } else {
                view! {
                    <td role="cell" class="table__cell" class:table__cell--number=numeric data-label=label>
                        {content}
                    </td>
                }
                .into_any()
            }
        })
        .collect();
    view! {
        <tr role="row" class="table__row">
            {cells}
        </tr>
    }
}
