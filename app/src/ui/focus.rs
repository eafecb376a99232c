//! Where the focus goes when what had it is taken off the page. Nobody is told of such a loss: it is looked for.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// How often the focus is looked after: what comes next has to be loaded first.
const LOOKS: u32 = 30;

/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// A place on the page, to come back to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nothing had the focus, as where a browser gives it to no button that is clicked: nothing is lost.
    Nowhere,
    /// None of the cards, but the page: for what gives way to another page in its place.
    Top,
    /// A card, counted from the first.
    Card(u32),
}

impl Place {
    /// Where the focus is now.
    pub fn here() -> Self {
        if is_lost() {
            return Self::Nowhere;
        }
        let title = document().active_element().and_then(|element| card_title(&element));
        title.and_then(|title| place_of(&title)).map_or(Self::Top, Self::Card)
    }

    /// Call it once what was pressed is done, and will be replaced or go: whoever loses the focus by that gets to the heading
    /// of the card that stands in its place then, or of the step or page where there is none.
    pub fn keep(self) {
        if self == Self::Nowhere {
            return;
        }
        again(
            LOOKS,
            address(),
            Box::new(move || is_lost() && self.heading().is_some_and(|heading| focus_on(&heading))),
        );
    }

    fn heading(self) -> Option<Element> {
        let title = if let Self::Card(place) = self { titles().item(place) } else { None };
        title.or_else(next_heading)
    }
}

/// Moves the focus to the heading of the card that holds what this selector finds, once it is there, unless somebody types
/// meanwhile.
pub fn focus_card_of(selector: String) {
    let found = move || document().query_selector(&selector).ok().flatten();
    let focus = move || found().and_then(|found| card_title(&found)).is_some_and(|title| focus_on(&title));
    let before = document().active_element();
    again(LOOKS, address(), Box::new(move || is_typing_since(before.as_ref()) || focus()));
}

/// The heading of the step at hand, or else of the page.
pub(super) fn next_heading() -> Option<Element> {
    let find = |selector| document().query_selector(selector).ok().flatten();
    find("main [data-step]").or_else(|| find("main h1"))
}

/// Whether nothing has the focus.
pub(super) fn is_lost() -> bool {
    document().active_element().is_none_or(|element| element.tag_name() == "BODY")
}

/// Whether a field has it that had it not before, or that holds a text again.
fn is_typing_since(before: Option<&Element>) -> bool {
    document().active_element().is_some_and(|element| {
        let is_field = ["INPUT", "TEXTAREA", "SELECT"].contains(&element.tag_name().as_str());
        let has_text = || element.dyn_ref::<web_sys::HtmlInputElement>().is_some_and(|field| !field.value().is_empty());
        is_field && (before != Some(&element) || has_text())
    })
}

fn address() -> Option<String> {
    window().location().pathname().ok()
}

/// Gives the focus to what cannot be pressed. Answers whether it was tried: focus is a courtesy, the page can be read
/// without it.
pub(super) fn focus_on(element: &Element) -> bool {
    if !element.has_attribute("tabindex") && element.set_attribute("tabindex", "-1").is_err() {
        return false;
    }
    element.dyn_ref::<web_sys::HtmlElement>().is_some_and(|element| element.focus().is_ok())
}

fn titles() -> web_sys::HtmlCollection {
    document().get_elements_by_class_name("card__title")
}

fn card_title(within: &Element) -> Option<Element> {
    let card = within.closest(".card").ok().flatten()?;
    card.query_selector(".card__title").ok().flatten()
}

fn place_of(title: &Element) -> Option<u32> {
    let titles = titles();
    (0..titles.length()).find(|place| titles.item(*place).as_ref() == Some(title))
}

/// Tries until it succeeds, has been tried often enough, or another page is shown.
fn again(looks: u32, on: Option<String>, attempt: Box<dyn Fn() -> bool>) {
    let look = move || {
        if address() == on && !attempt() && looks > 0 {
            again(looks - 1, on, attempt);
        }
    };
    set_timeout(look, PAUSE);
}
