//! The first page: what Carnet is for, and the three ways in.

use leptos::prelude::*;

use crate::t;
use crate::ui::{ButtonVariant, Card, CardLook, Glyph, Icon, LinkButton, PageFrame, Text};

/// Stands where there is no wallet yet.
#[component]
pub fn Welcome() -> impl IntoView {
    view! {
        <PageFrame title=t!(welcome::title) lead=t!(welcome::lead)>
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
                    <LinkButton href="/welcome/restore".to_owned() label=t!(welcome::restore) glyph=Glyph::Refresh />
                </div>
            </Card>
            <p class="aside">{t!(welcome::link_hint)}</p>
            <p class="aside">
                <a href="/desk">{t!(welcome::staff)}</a>
            </p>
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
