//! What members vote on: how much a record of each class of sources counts to begin with.

use carnet_protocol::id::ProposalId;
use carnet_protocol::limits::BASE_QUALITY_MAX;
use carnet_wallet::view::{ClassIndexView, ClassVotesView, ProposalView};
use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::i18n::format;
use crate::load::load;
use crate::share::{CLASSES, class_of};
use crate::t;
use crate::ui::{
    Badge, Button, ButtonKind, Card, Cell, Column, Field, FieldKind, Glyph, Select, SelectOption, Table, Text, Tone,
    Wait, focus_first_error,
};
use crate::wallet::use_wallet;
use crate::words;

/// The indices in force, the proposals, and proposing.
#[component]
pub(crate) fn Votes() -> impl IntoView {
    let wallet = use_wallet();
    let voted = RwSignal::new(0u32);
    let votes = load(move || {
        voted.track();
        async move { wallet.class_votes().await }
    });
    let value = votes.value();
    let again = Callback::new(move |()| voted.update(|count| *count += 1));
    view! {
        <Wait phase=votes.phase(t!(votes::loading))>
            {move || {
                value
                    .get()
                    .map(|ClassVotesView { classes, proposals }| {
                        view! {
                            <InForce classes />
                            <Proposals proposals on_vote=again />
                        }
                    })
            }}
        </Wait>
        <Propose on_proposed=again />
    }
}

#[component]
fn InForce(classes: Vec<ClassIndexView>) -> impl IntoView {
    let columns = vec![Column::text(t!(desk::class)), Column::number(t!(votes::index)), Column::text(t!(votes::since))];
    let rows: Vec<Vec<Cell>> = classes
        .into_iter()
        .map(|ClassIndexView { class, index, since }| {
            let index = index.map_or_else(|| t!(votes::admitted), |index| t!(compare::of_hundred, index = index));
            let since = since.map_or(Text::from(""), |at| Text::from(move || format::day(at.day().0)));
            vec![Cell::text(words::class(class)), Cell::text(index), Cell::text(since)]
        })
        .collect();
    view! {
        <Card title=t!(votes::in_force)>
            <p>{t!(votes::in_force_text)}</p>
            <Table caption=t!(votes::in_force) caption_hidden=true columns rows=Signal::stored(rows) />
        </Card>
    }
}

#[component]
fn Proposals(proposals: Vec<ProposalView>, on_vote: Callback<()>) -> impl IntoView {
    let none = proposals.is_empty();
    let entries = proposals.into_iter().map(|proposal| view! { <Entry proposal on_vote /> }).collect_view();
    view! {
        <Card title=t!(votes::proposals)>
            {none.then(|| view! { <p class="aside">{t!(votes::none)}</p> })} <ul class="votes">{entries}</ul>
        </Card>
    }
}

#[component]
fn Entry(proposal: ProposalView, on_vote: Callback<()>) -> impl IntoView {
    let ProposalView { proposal: id, class, index, by, ends, approvals, refusals, open, enacted, .. } = proposal;
    let (tone, state) = match (open, enacted) {
        (true, _) => (Tone::Info, t!(votes::open, day = format::day(ends.day().0))),
        (false, true) => (Tone::Good, t!(votes::enacted)),
        (false, false) => (Tone::Neutral, t!(votes::refused)),
    };
    let by = by.map(|by| view! { <span class="muted">{t!(votes::by, name = by)}</span> });
    view! {
        <li class="votes__proposal">
            <span class="votes__what">
                {t!(votes::what, class = words::class(class).get(), index = index)}
            </span>
            {by}
            <span>{t!(votes::counts, approvals = approvals, refusals = refusals)}</span>
            <Badge tone text=state />
            {open.then(|| view! { <Ballot id on_vote /> })}
        </li>
    }
}

/// For or against.
#[component]
fn Ballot(id: ProposalId, on_vote: Callback<()>) -> impl IntoView {
    let wallet = use_wallet();
    let deed = Deed::new();
    let vote = move |approve: bool| {
        deed.run(async move { wallet.vote_class_index(id, approve).await }, move |_| on_vote.run(()));
    };
    view! {
        <DeedFailure deed />
        <div class="form-actions">
            <Button label=t!(votes::approve) glyph=Glyph::Check busy=deed.busy() on_press=move |()| vote(true) />
            <Button label=t!(votes::refuse) glyph=Glyph::Close busy=deed.busy() on_press=move |()| vote(false) />
        </div>
    }
}

#[component]
fn Propose(on_proposed: Callback<()>) -> impl IntoView {
    let wallet = use_wallet();
    let (class, index) = (RwSignal::new(CLASSES[0].0.to_owned()), RwSignal::new(String::new()));
    let error = RwSignal::new(None::<Text>);
    let deed = Deed::new();
    let classes: Vec<_> =
        CLASSES.iter().map(|(value, class)| SelectOption::new(*value, words::class(*class))).collect();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = index.get_untracked().trim().parse::<u8>().ok().filter(|index| *index <= BASE_QUALITY_MAX);
        error.set(typed.is_none().then(|| t!(votes::index_wrong)));
        let Some(typed) = typed else { return focus_first_error() };
        let class = class_of(&class.get_untracked());
        deed.run(async move { wallet.propose_class_index(class, typed).await }, move |_| {
            index.set(String::new());
            on_proposed.run(());
        });
    };
    view! {
        <Card title=t!(votes::propose)>
            <form class="desk__form" on:submit=submit>
                <p>{t!(votes::propose_text)}</p>
                <Select label=t!(desk::class) options=classes value=class />
                <Field label=t!(votes::index) kind=FieldKind::Number hint=t!(votes::index_hint) value=index error max_length=3 />
                <DeedFailure deed />
                <Button label=t!(votes::propose_now) kind=ButtonKind::Submit busy=deed.busy() />
            </form>
        </Card>
    }
}
