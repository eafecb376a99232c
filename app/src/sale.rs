//! The sale of a car: the seller's form and code, the buyer's takeover.

mod code;
mod offer;
mod takeover;

pub(crate) use code::CodeCard;
pub(crate) use offer::OfferForm;
pub(crate) use takeover::{Offered, TakeOver};

use carnet_protocol::category::Category;
use leptos::prelude::*;

use crate::ui::{Glyph, Icon};
use crate::words;

/// Categories, one below the other.
#[component]
fn CategoryList(
    /// Which.
    categories: Vec<Category>,
    /// Drawn before each.
    glyph: Glyph,
) -> impl IntoView {
    let line = move |category| {
        view! {
            <li class="scopes__scope">
                <Icon glyph />
                <span class="scopes__category">{words::category(category)}</span>
            </li>
        }
    };
    view! { <ul class="scopes">{categories.into_iter().map(line).collect_view()}</ul> }
}
