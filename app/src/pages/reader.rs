//! A share link: opened without a wallet, in one screen.

use leptos::prelude::*;

use crate::action::DeedFailure;
use crate::reader::{LinkPassport, Opening, PasteLink, PinForm, Step, arrivals};
use crate::t;
use crate::ui::{Button, ButtonVariant, Glyph, Notice, PageFrame, Progress, Text, Tone, on_change, refocus};

/// Whatever a link leads to: the PIN, the passport, or why it does not open.
#[component]
pub fn Reader() -> impl IntoView {
    let opening = Opening::start();
    let arrived = arrivals();
    on_change(
        move || arrived.get(),
        move |_| {
            opening.take();
        },
    );
    let step = opening.step();
    let step = Memo::new(move |_| step.get());
    on_change(move || step.get(), |_| refocus());
    // Once the car is known, the page is called by its name.
    let name = RwSignal::new(None::<String>);
    let named = move || matches!(step.get(), Step::Open(_)).then(|| name.get()).flatten();
    let title = Text::from(move || named().map_or_else(|| t!(reader::title).get(), Into::into));
    view! {
        <PageFrame title lead=t!(reader::lead)>
            <DeedFailure deed=opening.deed() />
            {move || match step.get() {
                Step::Opening => view! { <Progress label=t!(reader::opening) /> }.into_any(),
                Step::Link => view! { <PasteLink opening /> }.into_any(),
                Step::Gone => view! { <Gone opening /> }.into_any(),
                Step::Retry => view! { <Retry opening /> }.into_any(),
                Step::Pin { misses, left } => view! { <PinForm opening wrong={misses > 0} left /> }.into_any(),
                Step::Open(_) => view! { <LinkPassport name /> }.into_any(),
            }}
        </PageFrame>
    }
}

/// The page was loaded anew: the link is with whoever sent it, and nowhere here.
#[component]
fn Gone(opening: Opening) -> impl IntoView {
    view! {
        <Notice tone=Tone::Info title=t!(reader::gone) text=t!(reader::gone_text) />
        <PasteLink opening />
    }
}

/// Nothing is wrong with the link itself: the same one again, or another.
#[component]
fn Retry(opening: Opening) -> impl IntoView {
    view! {
        <div class="reader__actions">
            <Button
                label=t!(faults::try_again)
                variant=ButtonVariant::Primary
                glyph=Glyph::Refresh
                on_press=move |()| opening.retry()
            />
            <Button label=t!(reader::other_link) on_press=move |()| opening.restart() />
        </div>
    }
}
