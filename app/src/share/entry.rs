//! One share in the owner's list.

use carnet_protocol::{
    day::Timestamp,
    id::{GrantId, StreamId},
};
use carnet_wallet::view::{SeenView, ShareState, ShareView, SharedView};
use leptos::prelude::*;

use super::link_card::LinkCard;
use super::scopes::ScopeList;
use super::take_back::TakeBack;
use crate::action::{Deed, DeedFailure};
use crate::i18n::format;
use crate::t;
use crate::ui::{Badge, Button, Card, Dialog, Fact, Facts, Glyph, Text};
use crate::wallet::use_wallet;
use crate::words;

/// A share: for whom, what, until when, how often it was looked at, and what can be done about it.
#[component]
pub(crate) fn ShareEntry(
    /// The car.
    vehicle: StreamId,
    /// The share.
    share: ShareView,
) -> impl IntoView {
    let ShareView {
        grant,
        audience,
        by_link,
        purpose,
        scopes,
        not_after,
        revoked_at,
        max_opens,
        pin,
        can_show,
        state,
        openings,
        days_looked,
        seen,
        ..
    } = share;
    let renewed = share.renewed && !matches!(state, ShareState::Ended | ShareState::Revoked);
    let over = matches!(state, ShareState::Ended | ShareState::Revoked);
    let showable = can_show && matches!(state, ShareState::Waiting | ShareState::Open);
    let title = Text::from(audience.clone());
    view! {
        <Card title actions=move || view! { <Badge tone=words::share_tone(state) text=words::share_state(state) /> }>
            <Facts>
                <Fact term=t!(share::way)>{if by_link { t!(share::way_link) } else { t!(share::way_member) }}</Fact>
                <Fact term=t!(share::purpose)>{words::purpose(purpose)}</Fact>
                {match revoked_at {
                    Some(at) => view! { <Fact term=t!(share::taken_back_at)>{ends_text(false, at)}</Fact> }.into_any(),
                    None => view! { <Fact term=t!(share::ends)>{ends_text(renewed, not_after)}</Fact> }.into_any(),
                }}
                <Fact term=t!(share::looked)>{looks_text(by_link, openings, max_opens, days_looked)}</Fact>
                <Fact term=t!(share::seen)>{seen_text(seen)}</Fact>
                {by_link
                    .then(|| {
                        let value = if pin { t!(share::pin_yes) } else { t!(share::pin_no) };
                        view! { <Fact term=t!(share::pin)>{value}</Fact> }
                    })}
            </Facts>
            <ScopeList scopes />
            {(!over)
                .then(|| {
                    view! {
                        <div class="form-actions">
                            {showable.then(|| view! { <ShowLink vehicle grant /> })} <TakeBack vehicle grant audience seen />
                        </div>
                    }
                })}
        </Card>
    }
}

/// When it ends.
fn ends_text(renewed: bool, not_after: Timestamp) -> Text {
    let end = move || format::date_time((not_after.0 / 1_000) as i64);
    if renewed { t!(share::ends_renewed, end = end()) } else { Text::from(end) }
}

/// What its reader has seen, in a sentence.
pub(super) fn seen_text(seen: Option<SeenView>) -> Text {
    let Some(SeenView { at, records, last_day }) = seen else { return t!(share::seen_nothing) };
    let when = move || format::date_time((at.0 / 1_000) as i64);
    match last_day {
        Some(day) => t!(share::seen_records, count = records, when = when(), day = format::day(day.0)),
        None => t!(share::seen_none, when = when()),
    }
}

/// How often a link was opened; on how many days a member looked, or who keeps what was behind the link.
fn looks_text(by_link: bool, openings: u32, max_opens: Option<u32>, days: u32) -> Text {
    if !by_link {
        return t!(share::looks_days, count = days);
    }
    let opened = match max_opens {
        Some(max) => t!(share::looks_of, count = openings, max = max),
        None => t!(share::looks, count = openings),
    };
    if days > 0 { t!(share::looks_kept, opened = opened.get(), count = days) } else { opened }
}

/// Shows the link once more; the wallet keeps it sealed until then.
#[component]
fn ShowLink(vehicle: StreamId, grant: GrantId) -> impl IntoView {
    let wallet = use_wallet();
    let shown = RwSignal::new(None::<SharedView>);
    let deed = Deed::new();
    let show = move |()| {
        deed.run(async move { wallet.show_link(vehicle, grant).await }, move |shared| shown.set(Some(shared)));
    };
    view! {
        <Button label=t!(share::show_link) glyph=Glyph::Link busy=deed.busy() on_press=show />
        <DeedFailure deed />
        <Dialog
            open=Signal::derive(move || shown.with(Option::is_some))
            title=t!(share::link)
            close_label=t!(share::close)
            on_close=move |()| shown.set(None)
        >
            {move || {
                let SharedView { share, link } = shown.get()?;
                let link = link?;
                Some(view! { <LinkCard link share /> })
            }}
        </Dialog>
    }
}
