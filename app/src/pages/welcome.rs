//! The first page: what Carnet is for, and the three ways in.

use leptos::prelude::*;

use crate::browser;
use crate::errand;
use crate::i18n::format;
use crate::t;
use crate::ui::{ButtonVariant, Card, CardLook, Glyph, Icon, LinkButton, Notice, PageFrame, Text, Tone, follow};
use crate::wallet::use_wallet;

/// Stands where there is no wallet yet.
#[component]
pub fn Welcome() -> impl IntoView {
    let path = crate::router::path();
    let here = path.clone();
    let at_desk = Memo::new(move |_| here.with(|path| path.starts_with("/desk")));
    follow(move || {
        // Making the wallet leads away from here, and is no other wish.
        if path.with(|path| !path.starts_with("/welcome/")) {
            errand::desk_wanted(at_desk.get());
        }
    });
    let for_desk = move || {
        at_desk.get().then(
            || view! { <Notice tone=Tone::Info title=t!(welcome::desk_first) text=t!(welcome::desk_first_text) /> },
        )
    };
    let status = use_wallet().status();
    let gone = move || {
        let notice = |title, text| view! { <Notice tone=Tone::Caution title text /> };
        match status.get()?.removed_at {
            Some(at) => {
                let when = format::date_time((at.0 / 1_000) as i64);
                Some(notice(t!(devices::was_removed, when = when), t!(devices::was_removed_text)))
            }
            None => browser::had_wallet().then(|| notice(t!(devices::evicted), t!(devices::evicted_text))),
        }
    };
    let staff = move || {
        (!at_desk.get()).then(|| {
            view! {
                <p class="aside">
                    <a href="/desk">{t!(welcome::staff)}</a>
                </p>
            }
        })
    };
    view! {
        <PageFrame title=t!(welcome::title) lead=t!(welcome::lead)>
            {for_desk}
            {gone}
            <Card look=CardLook::Document>
                <ul class="promises">
                    <Promise glyph=Glyph::Gauge title=t!(welcome::whole) text=t!(welcome::whole_text) />
                    <Promise glyph=Glyph::Key title=t!(welcome::keys) text=t!(welcome::keys_text) />
                    <Promise glyph=Glyph::Link title=t!(welcome::share) text=t!(welcome::share_text) />
                </ul>
                <div class="actions">
                    <LinkButton
                        href="/welcome/new".to_owned()
                        label=t!(welcome::create)
                        variant=ButtonVariant::Primary
                        glyph=Glyph::Plus
                    />
                    <LinkButton
                        href="/welcome/device".to_owned()
                        label=t!(devices::welcome_join)
                        glyph=Glyph::Link
                    />
                    <LinkButton href="/welcome/restore".to_owned() label=t!(welcome::restore) glyph=Glyph::Refresh />
                </div>
            </Card>
            <p class="aside">{t!(welcome::link_hint)}</p>
            {staff}
        </PageFrame>
    }
}

#[component]
fn Promise(glyph: Glyph, title: Text, text: Text) -> impl IntoView {
    view! {
        <li class="promises__item">
            <Icon glyph />
            <div>
                <h2 class="promises__title">{title}</h2>
                <p class="promises__text">{text}</p>
            </div>
        </li>
    }
}
