//! The frame of every page: its heading, where the focus goes on navigation, and how waiting and failing look.

use std::sync::atomic::{AtomicBool, Ordering};

use leptos::html;
use leptos::prelude::*;

use super::{Button, ButtonVariant, Notice, Progress, Text, Tone, follow, unique_id};

// The first page after loading leaves the focus where the browser put it, so that a screen reader begins at the top.
static NAVIGATED: AtomicBool = AtomicBool::new(false);

/// What went wrong and what to do next.
#[derive(Clone)]
pub struct Failure {
    /// What went wrong, in one line.
    pub title: Text,
    /// What it means and what can be done.
    pub text: Text,
    /// The next step: its label and what it does.
    pub next: Option<(Text, Callback<()>)>,
}

/// Whether a page, or a part of it, can be shown.
#[derive(Clone, Default)]
pub enum Phase {
    /// Not yet. Say what is going on.
    Waiting(Text),
    /// Yes.
    #[default]
    Ready,
    /// No.
    Failed(Failure),
}

/// A page: one heading of the first level, and below it the content, once it is ready.
#[component]
pub fn PageFrame(
    /// The heading; also the title of the window.
    #[prop(into)]
    title: Text,
    /// Above the heading and in the window's title: whose page it is, such as the name of a car; empty while not known.
    #[prop(optional, into)]
    of: Option<Text>,
    /// One sentence below the heading.
    #[prop(optional, into)]
    lead: Option<Text>,
    /// Beside the heading: what can be done with the whole page.
    #[prop(optional, into)]
    actions: ViewFnOnce,
    /// Above all of it: the way back, or the pages beside this one.
    #[prop(optional, into)]
    above: ViewFnOnce,
    /// A narrow column, for forms and reading.
    #[prop(optional)]
    narrow: bool,
    /// Whether the content can be shown. Ready if not given.
    #[prop(optional, into)]
    phase: Signal<Phase>,
    /// The content.
    children: ChildrenFn,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    let (window_title, window_of) = (title.clone(), of.clone());
    follow(move || {
        let title = window_title.get();
        let of = window_of.as_ref().map(Text::get).filter(|of| !of.is_empty());
        document().set_title(&match of {
            Some(of) => format!("{title} · {of} · Carnet"),
            None => format!("{title} · Carnet"),
        });
    });
    let of_id = of.is_some().then(|| unique_id("page-of"));
    let described_by = of_id.clone();
    follow(move || {
        if let Some(heading) = heading.get()
            && NAVIGATED.swap(true, Ordering::Relaxed)
        {
            // A heading with a tab index takes the focus; without it the page is read all the same.
            let _ = heading.focus();
        }
    });
    view! {
        <article class="page" class:page--narrow=narrow>
            <header class="page__head">
                <div class="page__above">{above.run()}</div>
                {of.map(|of| view! { <p class="page__of" id=of_id>{of}</p> })}
                <div class="page__line">
                    <h1 class="page__title" tabindex="-1" aria-describedby=described_by node_ref=heading>
                        {title}
                    </h1>
                    <div class="page__actions">{actions.run()}</div>
                </div>
                {lead.map(|lead| view! { <p class="page__lead">{lead}</p> })}
            </header>
            <div class="page__body">
                <Wait phase children />
            </div>
        </article>
    }
}

/// A part of a page that has to wait for something: shows what is going on, then itself or what went wrong.
#[component]
pub fn Wait(
    /// Whether it can be shown.
    #[prop(into)]
    phase: Signal<Phase>,
    /// The part.
    children: ChildrenFn,
) -> impl IntoView {
    move || match phase.get() {
        Phase::Waiting(label) => view! { <Progress label /> }.into_any(),
        Phase::Ready => children(),
        Phase::Failed(Failure { title, text, next }) => view! {
            <Notice tone=Tone::Bad title text>
                {next
                    .map(|(label, on_press)| {
                        view! { <Button label variant=ButtonVariant::Secondary on_press /> }
                    })}
            </Notice>
        }
        .into_any(),
    }
}
