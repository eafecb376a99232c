//! Writing at the desk: taking an owner's code, the cars one may write to, and what one wrote.

use carnet_protocol::id::RecordId;
use carnet_protocol::payload::StatementKind;
use carnet_wallet::command::Via;
use carnet_wallet::view::{PairedCarView, WrittenState, WrittenView};
use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::confirm::{Confirm, Question};
use crate::i18n::format;
use crate::load::load;
use crate::t;
use crate::ui::{
    Badge, Button, ButtonKind, ButtonVariant, Card, Each, Fact, Facts, Field, Glyph, LinkButton, Notice, Place, Text,
    Tone, Wait, focus_card_of, focus_first_error,
};
use crate::wallet::use_wallet;
use crate::words;

/// The code's field, the cars, and the list.
#[component]
pub(crate) fn Writing(
    /// Grows with each wish to look again, here and beside.
    looks: RwSignal<u32>,
) -> impl IntoView {
    let wallet = use_wallet();
    let changes = wallet.changes();
    let cars = load(move || {
        changes.track();
        looks.track();
        async move { wallet.paired_cars().await }
    });
    let written = load(move || {
        changes.track();
        looks.track();
        async move { wallet.written().await }
    });
    let (cars_list, written_list) = (cars.value(), written.value());
    let again = move |()| looks.update(|count| *count += 1);
    // Where something waits for a way, the newest one that is open.
    let newest = Memo::new(move |_| {
        let open = |car: &&PairedCarView| !car.ended && !car.closed;
        cars_list.with(|cars| cars.iter().flatten().find(open).map(|car| car.pairing))
    });
    view! {
        <h2 class="desk__heading">{t!(sources::write)}</h2>
        <CodeForm on_paired=again />
        <Wait phase=cars
            .phase(
                t!(sources::loading),
            )>
            <div class="shares">
                <Each
                    each=move || cars_list.get().unwrap_or_default()
                    key=|car: &PairedCarView| (car.pairing, car.ended, car.closed)
                    children=move |car| view! { <Car car /> }
                />
            </div>
        </Wait>
        <Wait phase=written
            .phase(
                t!(sources::loading_written),
            )>
            <div class="shares">
                <Each
                    each=move || written_list.get().unwrap_or_default()
                    key=written_key
                    children=move |one| {
                        view! { <Written one to=newest on_change=again /> }
                    }
                />
            </div>
        </Wait>
    }
}

/// What tells an entry from others, and from itself with another look.
fn written_key(one: &WrittenView) -> (RecordId, WrittenState, Option<(StatementKind, Option<String>)>) {
    (one.record, one.state, one.answer.as_ref().map(|answer| (answer.kind, answer.reason.clone())))
}

/// The code as typed, or as it came in the address.
#[component]
fn CodeForm(#[prop(into)] on_paired: Callback<()>) -> impl IntoView {
    let wallet = use_wallet();
    let code = RwSignal::new(taken_from_address().unwrap_or_default());
    let error = RwSignal::new(None::<Text>);
    let deed = Deed::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = code.get_untracked().trim().to_owned();
        error.set(typed.is_empty().then(|| t!(sources::code_missing)));
        if typed.is_empty() {
            return focus_first_error();
        }
        deed.run(async move { wallet.open_pairing(typed).await }, move |cars| {
            code.set(String::new());
            on_paired.run(());
            if let Some(newest) = cars.first() {
                focus_card_of(format!("a[href=\"/desk/write/{}\"]", newest.pairing));
            }
        });
    };
    view! {
        <Card>
            <form class="form" on:submit=submit>
                <Field label=t!(sources::code) hint=t!(sources::code_hint) value=code error max_length=200 />
                <DeedFailure deed />
                <Button
                    label=t!(sources::open_code)
                    variant=ButtonVariant::Primary
                    kind=ButtonKind::Submit
                    glyph=Glyph::Key
                    busy=deed.busy()
                />
                <p class="form__waiting" role="status">
                    {move || deed.busy().get().then(|| t!(sources::opening_code).get())}
                </p>
            </form>
        </Card>
    }
}

/// The code behind `#`, which is taken out of the address bar and the history at once.
fn taken_from_address() -> Option<String> {
    let location = window().location();
    let code = location.hash().ok().filter(|hash| hash.len() > 1)?;
    let path = location.pathname().ok()?;
    // Where the history cannot be written, the code stays in sight of whoever holds it anyway.
    let _ = window()
        .history()
        .and_then(|history| history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path)));
    Some(code.trim_start_matches('#').to_owned())
}

#[component]
fn Car(car: PairedCarView) -> impl IntoView {
    let PairedCarView { pairing, name, owner_fingerprint, not_after, ended, closed, .. } = car;
    view! {
        <Card title=Text::from(name)>
            <Facts>
                <Fact term=t!(desk::owner)>
                    <span class="code">{owner_fingerprint}</span>
                </Fact>
                <Fact term=t!(sources::until)>{move || format::date_time((not_after.0 / 1_000) as i64)}</Fact>
            </Facts>
            {if closed {
                view! {
                    <Notice tone=Tone::Caution title=t!(sources::written_closed) text=t!(sources::car_closed_text) />
                }
                    .into_any()
            } else if ended {
                view! { <p class="muted">{t!(sources::pairing_over)}</p> }.into_any()
            } else {
                view! {
                    <p class="muted">{t!(sources::counter_sign_ask)}</p>
                    <div class="form-actions">
                        <LinkButton
                            href=format!("/desk/write/{pairing}")
                            label=t!(sources::write_record)
                            variant=ButtonVariant::Primary
                            glyph=Glyph::Plus
                        />
                    </div>
                }
                    .into_any()
            }}
        </Card>
    }
}

/// A record one wrote, with what became of it.
#[component]
fn Written(
    one: WrittenView,
    to: Memo<Option<carnet_protocol::id::PairingId>>,
    #[prop(into)] on_change: Callback<()>,
) -> impl IntoView {
    let WrittenView { record, car, day, fact, note, files, state, answer, .. } = one;
    let stuck = matches!(state, WrittenState::Closed | WrittenState::PairingEnded | WrittenState::Refused);
    view! {
        <Card
            title=words::fact_headline(&fact)
            actions=move || view! { <Badge tone=words::written_tone(state) text=words::written_state(state) /> }
        >
            <Facts>
                <Fact term=t!(sources::car)>{car}</Fact>
                <Fact term=t!(passport::day)>{move || format::day(day.0)}</Fact>
                {(files > 0)
                    .then(|| view! { <Fact term=t!(passport::files)>{t!(passport::file_count, count = files)}</Fact> })}
            </Facts>
            {note.map(|note| view! { <p class="entry__note">{note}</p> })}
            {answer
                .map(|answer| {
                    let text = Text::from(answer.reason.unwrap_or_default());
                    view! {
                        <Notice
                            tone=words::statement_tone(answer.kind)
                            title=words::statement(answer.kind)
                            text
                        />
                    }
                })}
            {words::written_advice(state).map(|text| view! { <p>{text}</p> })}
            {stuck.then(|| view! { <Stuck record to on_change /> })}
        </Card>
    }
}

/// What was not taken: another way, or none.
#[component]
fn Stuck(record: RecordId, to: Memo<Option<carnet_protocol::id::PairingId>>, on_change: Callback<()>) -> impl IntoView {
    let wallet = use_wallet();
    let deed = Deed::new();
    let question = Question::new();
    let resend = move |()| {
        if let Some(pairing) = to.get_untracked() {
            let work = async move { wallet.resend_written(record, Via::Paired(pairing)).await };
            let place = Place::here();
            deed.run(work, move |_| {
                on_change.run(());
                place.keep();
            });
        }
    };
    let discard = move |()| {
        let work = async move { wallet.discard_written(record).await };
        question.answer(work, t!(sources::discarded), move |_| on_change.run(()));
    };
    view! {
        <DeedFailure deed />
        <div class="form-actions">
            {move || {
                to.get()
                    .map(|_| {
                        view! {
                            <Button label=t!(sources::resend) glyph=Glyph::Refresh busy=deed.busy() on_press=resend />
                        }
                    })
            }}
            <Confirm
                question
                label=t!(sources::discard)
                glyph=Glyph::Trash
                title=t!(sources::discard_sure)
                yes=t!(sources::discard_now)
                on_yes=discard
            >
                <p>{t!(sources::discard_text)}</p>
            </Confirm>
        </div>
    }
}
