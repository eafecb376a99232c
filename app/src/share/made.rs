//! What came of sharing: the link, or the word that the member has it.

use carnet_protocol::id::StreamId;
use carnet_wallet::view::{ShareState, SharedView};
use leptos::html;
use leptos::prelude::*;

use super::link_card::LinkCard;
use crate::load::load;
use crate::t;
use crate::ui::{Button, Card, Glyph, LinkButton, Text, follow};
use crate::wallet::use_wallet;

/// The result, with the focus on its heading.
#[component]
pub(crate) fn Made(
    /// The car.
    vehicle: StreamId,
    /// What was made.
    shared: SharedView,
    /// Share once more.
    #[prop(into)]
    on_again: Callback<()>,
) -> impl IntoView {
    let heading = NodeRef::<html::H2>::new();
    follow(move || {
        if let Some(heading) = heading.get() {
            // It has a tab index; where it is refused the focus, the page is read all the same.
            let _ = heading.focus();
        }
    });
    let SharedView { share, link } = shared;
    let (wallet, grant, by_link) = (use_wallet(), share.grant, link.is_some());
    // It is at the relay only once the outbox got it there, and whoever opens a link before that finds nothing.
    let state = load(move || {
        wallet.sync_view().track();
        async move { wallet.show_link(vehicle, grant).await.map(|shared| shared.share.state) }
    });
    let sent = move || match (state.value().get()? == ShareState::Waiting, by_link) {
        (true, true) => Some(t!(share::link_waits).get()),
        (true, false) => Some(t!(share::member_waits).get()),
        (false, true) => Some(t!(share::link_works).get()),
        (false, false) => Some(t!(share::member_has).get()),
    };
    let audience = share.audience.clone();
    let title = match link {
        Some(_) => t!(share::made_link, audience = audience),
        None => t!(share::made_member, audience = audience),
    };
    let text: Text = if by_link { t!(share::made_link_text) } else { t!(share::made_member_text) };
    view! {
        <Card>
            <h2 class="card__title" tabindex="-1" node_ref=heading>
                {title}
            </h2>
            <p>{text}</p>
            <p role="status">{sent}</p>
            {link.map(|link| view! { <LinkCard link share /> })}
            <div class="form-actions">
                <LinkButton href=format!("/cars/{vehicle}/shares") label=t!(share::to_shares) glyph=Glyph::Eye />
                <Button label=t!(share::again) glyph=Glyph::Plus on_press=on_again />
            </div>
        </Card>
    }
}
