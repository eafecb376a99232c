//! Taking a share back, said plainly: what was seen stays seen.

use carnet_protocol::id::{GrantId, StreamId};
use carnet_wallet::view::SeenView;
use leptos::prelude::*;

use super::entry::seen_text;
use crate::confirm::{Confirm, Question};
use crate::t;
use crate::ui::Glyph;
use crate::wallet::use_wallet;

/// The button with its question.
#[component]
pub(super) fn TakeBack(
    /// The car.
    vehicle: StreamId,
    /// The share.
    grant: GrantId,
    /// For whom it is.
    audience: String,
    /// What was seen with it.
    seen: Option<SeenView>,
) -> impl IntoView {
    let wallet = use_wallet();
    let question = Question::new();
    let revoke = move |()| {
        question.answer(async move { wallet.revoke(vehicle, grant).await }, t!(share::taken_back), |()| {});
    };
    view! {
        <Confirm
            question
            label=t!(share::take_back)
            glyph=Glyph::Close
            title=t!(share::take_back_sure, audience = audience)
            yes=t!(share::take_back_now)
            on_yes=revoke
        >
            <p>{t!(share::take_back_text)}</p>
            <p>{seen_text(seen)}</p>
            <p>{t!(share::take_back_seen)}</p>
        </Confirm>
    }
}
