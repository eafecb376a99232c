//! A share link: opened without a wallet, in one screen.

use leptos::prelude::*;

use crate::action::DeedFailure;
use crate::reader::{LinkPassport, Opening, PasteLink, PinForm, Step, arrivals};
use crate::t;
use crate::ui::{PageFrame, Progress};

/// Whatever a link leads to: the PIN, the passport, or why it does not open.
#[component]
pub fn Reader() -> impl IntoView {
    let opening = Opening::start();
    let arrived = arrivals();
    Effect::watch(move || arrived.get(), move |_, _, _| drop(opening.take()), false);
    let step = opening.step();
    let step = Memo::new(move |_| step.get());
    view! {
        <PageFrame title=t!(reader::title) lead=t!(reader::lead)>
            <DeedFailure deed=opening.deed() />
            {move || match step.get() {
                Step::Opening => view! { <Progress label=t!(reader::opening) /> }.into_any(),
                Step::Link => view! { <PasteLink opening /> }.into_any(),
                Step::Pin { wrong } => view! { <PinForm opening wrong /> }.into_any(),
                Step::Open(_) => view! { <LinkPassport /> }.into_any(),
            }}
        </PageFrame>
    }
}
