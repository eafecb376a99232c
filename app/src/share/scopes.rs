//! What a share opens, category by category.

use carnet_protocol::{category::Category, day::DayRange};
use leptos::prelude::*;

use crate::i18n::format;
use crate::t;
use crate::ui::{Icon, Text};
use crate::words;

/// Categories with their days.
#[component]
pub(crate) fn ScopeList(
    /// What is opened.
    scopes: Vec<(Category, DayRange)>,
) -> impl IntoView {
    let line = |(category, days): (Category, DayRange)| {
        view! {
            <li class="scopes__scope">
                <Icon glyph=words::category_glyph(category) />
                <span class="scopes__category">{words::category(category)}</span>
                {(days != DayRange::ALL).then(|| view! { <span class="scopes__days">{days_text(days)}</span> })}
            </li>
        }
    };
    view! { <ul class="scopes">{scopes.into_iter().map(line).collect_view()}</ul> }
}

fn days_text(days: DayRange) -> Text {
    let (first, last) = (days.first(), days.last());
    if days.is_open_ended() {
        t!(share::days_from, first = format::day(first.0))
    } else {
        t!(share::days_between, first = format::day(first.0), last = format::day(last.0))
    }
}
