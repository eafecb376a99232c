//! What stands around every page: skip link, header, banner, main, footer, and the region for messages.

mod footer;
mod header;
mod state_banner;

use leptos::prelude::*;

use self::footer::Footer;
use self::header::Header;
use self::state_banner::StateBanner;
use crate::announcements::provide_announcer;
use crate::router::Pages;
use crate::status::provide_status;
use crate::t;
use crate::ui::Toasts;
use crate::wallet::provide_wallet;

/// The application.
#[component]
pub fn Shell() -> impl IntoView {
    provide_status();
    provide_wallet();
    let announcer = provide_announcer();
    view! {
            <a class="skip-link" href="#main" on:click=to_main>
                {t!(shell::skip_to_content)}
            </a>
            <Header />
            <StateBanner />
            <main class="main" id="main" tabindex="-1">
                <Pages />
            </main>
            <Footer />
            <Toasts
                toasts=announcer.toasts()
                dismiss_label=t!(shell::dismiss)
                on_dismiss=move |id| announcer.dismiss(id)
            />
    }
}

/// Moves the focus itself: the fragment would become part of the address and of the history.
fn to_main(event: leptos::ev::MouseEvent) {
    use wasm_bindgen::JsCast;

    event.prevent_default();
    let main = document().get_element_by_id("main");
    if let Some(main) = main.and_then(|main| main.dyn_into::<web_sys::HtmlElement>().ok()) {
        // `main` has a tab index; should a browser refuse, the reader tabs through the header.
        let _ = main.focus();
    }
}
