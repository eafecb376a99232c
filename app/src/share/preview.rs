//! What the reader will and will not see, in plain words, while the form is being filled in.

use carnet_protocol::{category::Category, id::StreamId};
use leptos::prelude::*;

use super::draft::ShareForm;
use crate::load::load;
use crate::t;
use crate::ui::{Card, CardLook, Glyph, Icon, Text, Wait};
use crate::wallet::use_wallet;
use crate::words;

/// The preview; follows the form.
#[component]
pub(crate) fn Preview(
    /// The car.
    vehicle: StreamId,
    /// The form.
    form: ShareForm,
) -> impl IntoView {
    let wallet = use_wallet();
    let preview = load(move || {
        let scopes = form.scopes();
        async move { wallet.preview_share(vehicle, scopes).await }
    });
    let value = preview.value();
    let shown = Memo::new(move |_| value.with(|view| view.as_ref().map(|view| view.shown.clone()).unwrap_or_default()));
    let hidden =
        Memo::new(move |_| value.with(|view| view.as_ref().map(|view| view.hidden.clone()).unwrap_or_default()));
    view! {
        <Card title=t!(share::preview) look=CardLook::Document>
            <Wait phase=preview
                .phase(
                    t!(share::previewing),
                )>
                <div class="preview">
                    <Side glyph=Glyph::Eye title=t!(share::will_see) none=t!(share::will_see_nothing) lines=shown />
                    <Side
                        glyph=Glyph::Lock
                        title=t!(share::will_not_see)
                        none=t!(share::will_not_see_nothing)
                        lines=hidden
                    />
                </div>
            </Wait>
            <p class="share__hint">{t!(share::preview_later)}</p>
        </Card>
    }
}

#[component]
fn Side(glyph: Glyph, title: Text, none: Text, #[prop(into)] lines: Signal<Vec<(Category, u32)>>) -> impl IntoView {
    let line = |(category, count): (Category, u32)| {
        view! {
            <li class="preview__line">
                <span class="preview__category">{words::category(category)}</span>
                <span class="preview__count">{t!(share::records, count = count)}</span>
            </li>
        }
    };
    view! {
        <div class="preview__side">
            <h3 class="preview__title">
                <Icon glyph />
                <span>{title}</span>
            </h3>
            {move || {
                let lines = lines.get();
                if lines.is_empty() {
                    view! { <p class="preview__none">{none.clone()}</p> }.into_any()
                } else {
                    view! { <ul class="preview__lines">{lines.into_iter().map(line).collect_view()}</ul> }.into_any()
                }
            }}
        </div>
    }
}
