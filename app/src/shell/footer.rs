//! What the product promises, at the end of every page.

use leptos::prelude::*;

use crate::t;
use crate::ui::{Glyph, Icon};

/// The footer of every page.
#[component]
pub(super) fn Footer() -> impl IntoView {
    view! {
        <footer class="footer">
            <div class="footer__inner">
                <Icon glyph=Glyph::Lock />
                <p>{t!(shell::promise)}</p>
            </div>
        </footer>
    }
}
