//! Kept passports side by side, for a buyer who has to choose.

use carnet_passport::compare::{self, Mark, Row};
use carnet_protocol::id::GrantId;
use carnet_wallet::command::COMPARED_MAX;
use carnet_wallet::view::{ComparisonView, SavedView};
use leptos::prelude::*;

use crate::gate::Gate;
use crate::load::load;
use crate::t;
use crate::ui::{
    Badge, Card, Cell, Column, EmptyState, Glyph, LinkButton, Notice, PageFrame, Table, Text, Tone, Wait, aria,
};
use crate::wallet::use_wallet;
use crate::words;

/// The page.
#[component]
pub fn Compare() -> impl IntoView {
    view! {
        <Gate>
            <Choosing />
        </Gate>
    }
}

#[component]
fn Choosing() -> impl IntoView {
    let wallet = use_wallet();
    let saved = load(move || async move { wallet.saved().await });
    let list = saved.value();
    let ready = Memo::new(move |_| list.with(Option::is_some));
    view! {
        <PageFrame
            title=t!(compare::title)
            lead=t!(compare::lead)
            above=move || view! { <a href="/saved">{t!(reader::back_to_saved)}</a> }
            phase=saved.phase(t!(reader::loading_saved))
        >
            {move || {
                let cars = ready.get().then(|| list.get_untracked()).flatten().unwrap_or_default();
                if cars.len() < 2 { view! { <TooFew /> }.into_any() } else { view! { <SideBySide cars /> }.into_any() }
            }}
        </PageFrame>
    }
}

#[component]
fn TooFew() -> impl IntoView {
    view! {
        <EmptyState glyph=Glyph::Document title=t!(compare::too_few) text=t!(compare::too_few_text)>
            <LinkButton href="/s".to_owned() label=t!(reader::open_a_link) glyph=Glyph::Link />
        </EmptyState>
    }
}

/// Which cars, and their table.
#[component]
fn SideBySide(cars: Vec<SavedView>) -> impl IntoView {
    let wallet = use_wallet();
    let first: Vec<GrantId> = cars.iter().take(COMPARED_MAX).map(|car| car.terms.grant).collect();
    let chosen = RwSignal::new(first);
    let comparison = load(move || {
        let grants = chosen.get();
        async move { wallet.compare(grants).await }
    });
    let value = comparison.value();
    let chip = move |car: SavedView| {
        let grant = car.terms.grant;
        let on = move || chosen.with(|chosen| chosen.contains(&grant));
        let full = move || !on() && chosen.with(Vec::len) >= COMPARED_MAX;
        let toggle = move |_| {
            chosen.update(|chosen| match chosen.iter().position(|one| *one == grant) {
                Some(at) => drop(chosen.remove(at)),
                None => chosen.push(grant),
            });
        };
        view! {
            <button
                type="button"
                class="chip"
                class:chip--on=on
                aria-pressed=move || aria(on())
                disabled=full
                on:click=toggle
            >
                {car.terms.vehicle_name}
            </button>
        }
    };
    view! {
        <div class="filters__chips" role="group" aria-label=t!(compare::choose, max = COMPARED_MAX)>
            {cars.into_iter().map(chip).collect_view()}
        </div>
        <p class="muted">{t!(compare::choose, max = COMPARED_MAX)}</p>
        <Wait phase=comparison.phase(t!(compare::comparing))>
            {move || value.get().map(|view| view! { <Compared view /> })}
        </Wait>
    }
}

#[component]
fn Compared(view: ComparisonView) -> impl IntoView {
    let ComparisonView { cars, rows, closed } = view;
    let mut columns = vec![Column::text(t!(compare::what))];
    columns.extend(cars.iter().map(|car| Column::text(car.name.clone())));
    let links = cars
        .iter()
        .map(|car| {
            let (href, name) = (format!("/saved/{}", car.grant), car.name.clone());
            view! { <LinkButton href label=t!(compare::open, name = name) glyph=Glyph::Document /> }
        })
        .collect_view();
    let rows: Vec<Vec<Cell>> = rows.iter().map(row).collect();
    view! {
        {(!closed.is_empty())
            .then(|| {
                view! {
                    <Notice
                        tone=Tone::Caution
                        title=t!(compare::closed, count = closed.len())
                        text=t!(compare::closed_text)
                    />
                }
            })}
        <Card>
            <Table caption=t!(compare::title) caption_hidden=true columns rows=Signal::stored(rows) />
        </Card>
        <p class="muted">{t!(compare::marks)}</p>
        <div class="form-actions">{links}</div>
    }
}

fn row(row: &Row) -> Vec<Cell> {
    let mut cells = vec![Cell::text(words::compared(row.kind))];
    cells.extend(row.cells.iter().map(cell));
    cells
}

fn cell(cell: &compare::Cell) -> Cell {
    let text = cell.value.map_or_else(|| t!(compare::unknown), words::compared_value);
    match cell.mark {
        Mark::None => Cell::text(text),
        Mark::Best => marked(Tone::Good, text),
        Mark::Worst => marked(Tone::Caution, text),
    }
}

fn marked(tone: Tone, text: Text) -> Cell {
    Cell::view(move || view! { <Badge tone text=text.clone() /> })
}
