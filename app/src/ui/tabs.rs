//! Tabs: as links, where each has an address of its own, or as panels inside a page.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;

use super::{Glyph, Icon, Text, aria, unique_id};

/// A tab with an address.
#[derive(Clone)]
pub struct TabLink {
    /// Where to.
    pub href: String,
    /// What is there.
    pub label: Text,
    /// Drawn before the label.
    pub glyph: Option<Glyph>,
}

/// Navigation between the parts of one thing; each part has an address. Prefer this to [`Tabs`].
#[component]
pub fn TabLinks(
    /// What the tabs are parts of; read out only.
    #[prop(into)]
    label: Text,
    /// The tabs.
    #[prop(into)]
    links: Signal<Vec<TabLink>>,
    /// The path now shown.
    #[prop(into)]
    current: Signal<String>,
    /// Of lesser weight, below other tabs: small, and in as many rows as they need.
    #[prop(optional)]
    minor: bool,
) -> impl IntoView {
    let entry = move |TabLink { href, label, glyph }: TabLink| {
        let own = href.clone();
        let is_current = move || current.with(|current| *current == own).then_some("page");
        view! {
            <li class="tabs__item">
                <a class="tabs__tab" href=href aria-current=is_current>
                    {glyph.map(|glyph| view! { <Icon glyph /> })}
                    <span>{label}</span>
                </a>
            </li>
        }
    };
    view! {
        <nav class="tabs" class:tabs--minor=minor aria-label=label>
            <ul class="tabs__list">{move || links.get().into_iter().map(entry).collect_view()}</ul>
        </nav>
    }
}

/// A tab with its panel.
#[derive(Clone)]
pub struct Tab {
    /// Its heading.
    pub label: Text,
    /// What it shows.
    pub panel: ViewFn,
}

/// Panels of which one is shown; arrow keys, Home and End move between the tabs.
#[component]
pub fn Tabs(
    /// What the tabs are parts of; read out only.
    #[prop(into)]
    label: Text,
    /// The tabs in order; at least one.
    tabs: Vec<Tab>,
    /// The index of the one shown.
    #[prop(optional)]
    selected: RwSignal<usize>,
) -> impl IntoView {
    let id = Arc::new(unique_id("tab"));
    let count = tabs.len();
    let list = NodeRef::<html::Div>::new();
    let (labels, panels): (Vec<_>, Vec<_>) = tabs.into_iter().map(|tab| (tab.label, tab.panel)).unzip();
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let now = selected.get_untracked();
        let next = match event.key().as_str() {
            "ArrowRight" => (now + 1) % count,
            "ArrowLeft" => (now + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            _ => return,
        };
        event.prevent_default();
        selected.set(next);
        focus_child(list, next);
    };
    let button = |(index, label): (usize, Text)| {
        let (own, panel) = (format!("{id}-{index}"), format!("{id}-panel"));
        let shown = move || selected.get() == index;
        view! {
            <button
                type="button"
                role="tab"
                class="tabs__tab"
                id=own
                aria-controls=panel
                aria-selected=move || aria(shown())
                tabindex=move || if shown() { "0" } else { "-1" }
                on:click=move |_| selected.set(index)
            >
                {label}
            </button>
        }
    };
    let buttons: Vec<_> = labels.into_iter().enumerate().map(button).collect();
    let panel_id = format!("{id}-panel");
    let labelled_by = move || format!("{id}-{}", selected.get());
    view! {
        <div class="tabs">
            <div class="tabs__list" role="tablist" aria-label=label node_ref=list on:keydown=on_key>
                {buttons}
            </div>
            <div class="tabs__panel" role="tabpanel" id=panel_id aria-labelledby=labelled_by tabindex="0">
                {move || panels.get(selected.get()).map(ViewFn::run)}
            </div>
        </div>
    }
}

fn focus_child(list: NodeRef<html::Div>, index: usize) {
    use wasm_bindgen::JsCast;

    let child = list.get_untracked().and_then(|list| list.children().item(index as u32));
    if let Some(tab) = child.and_then(|child| child.dyn_into::<web_sys::HtmlElement>().ok()) {
        // The selection has moved already; focus follows where it can.
        let _ = tab.focus();
    }
}
