//! The product's name and the ways to its parts.

use leptos::prelude::*;

use crate::router;
use crate::t;
use crate::ui::{Glyph, Icon, Text};

/// The header of every page. A phone has the navigation at its lower edge, in reach of the thumb.
#[component]
pub(super) fn Header() -> impl IntoView {
    view! {
        <header class="header">
            <div class="header__inner">
                <a class="header__name" href="/">
                    <Mark />
                    <span>{PRODUCT}</span>
                </a>
                <nav class="header__nav" aria-label=t!(shell::navigation)>
                    <ul class="header__list">
                        <Entry href="/" glyph=Glyph::Car label=t!(shell::cars) />
                        <Entry href="/saved" glyph=Glyph::Document label=t!(shell::saved) />
                        <Entry href="/desk" glyph=Glyph::Building label=t!(shell::desk) />
                        <Entry href="/settings" glyph=Glyph::Settings label=t!(shell::settings) />
                    </ul>
                </nav>
            </div>
        </header>
    }
}

#[component]
fn Entry(href: &'static str, glyph: Glyph, label: Text) -> impl IntoView {
    let path = router::path();
    let current = move || path.with(|path| belongs(path, href)).then_some("page");
    view! {
        <li>
            <a class="header__link" href=href aria-current=current>
                <Icon glyph />
                <span>{label}</span>
            </a>
        </li>
    }
}

/// Whether a page belongs to an entry; the cars own `/` and everything below `/cars`.
fn belongs(path: &str, entry: &str) -> bool {
    match entry {
        "/" => path == "/" || path.starts_with("/cars"),
        entry => path.strip_prefix(entry).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
    }
}

/// The mark of the product: a stamped page.
#[component]
fn Mark() -> impl IntoView {
    view! {
        <svg class="header__mark" viewBox="0 0 32 32" aria-hidden=crate::ui::TRUE focusable="false">
            <rect class=MARK_SHEET width="26" height="30" x="3" y="1" rx="5" />
            <path class=MARK_LINE d="M9 20l1.4-4.2A2 2 0 0 1 12.3 14.5h7.4a2 2 0 0 1 1.9 1.3L23 20M8.5 20h15v4.5h-15z" />
            <path class=MARK_LINE d="M9 8h9" />
        </svg>
    }
}

/// A name, the same in every language.
const PRODUCT: &str = "Carnet";

const MARK_SHEET: &str = "header__mark-sheet";
const MARK_LINE: &str = "header__mark-line";

#[cfg(test)]
mod tests {
    use super::belongs;

    #[test]
    fn a_page_lights_up_its_own_entry_only() {
        assert!(belongs("/cars/7/timeline", "/"));
        assert!(!belongs("/settings", "/"));
        assert!(belongs("/saved", "/saved"));
        assert!(!belongs("/savedx", "/saved"));
    }
}
