//! The passport of another's car with the terms under which it was opened.

use carnet_protocol::category::Category;
use carnet_protocol::id::GrantId;
use carnet_wallet::command::Subject;
use carnet_wallet::view::{PassportView, SaleHint, SavedView};
use leptos::prelude::*;

use super::keep::Keep;
use super::saved::Forget;
use crate::action::DeedFailure;
use crate::load::load;
use crate::passport::{Printing, WholePassport};
use crate::router;
use crate::sale::{Offered, TakeOver};
use crate::t;
use crate::ui::{Button, Glyph, PageFrame, Text, Wait, follow};
use crate::wallet::use_wallet;

/// Behind the link that is open, with the offer to keep it.
#[component]
pub(crate) fn LinkPassport(
    /// Takes the car's name, once it is known.
    name: RwSignal<Option<String>>,
) -> impl IntoView {
    let wallet = use_wallet();
    let passport = load(move || async move { wallet.passport(Subject::Link).await });
    let reload = Callback::new(move |()| passport.again());
    let value = passport.value();
    follow(move || name.set(value.with(|view| view.as_ref().map(|view| view.name.clone()))));
    view! {
        <Wait phase=passport
            .phase(
                t!(reader::checking),
            )>
            {move || {
                value
                    .get()
                    .map(|view| {
                        let grant = view.terms.as_ref().map(|terms| terms.grant);
                        let for_sale = view.terms.as_ref().is_some_and(|terms| terms.sale == SaleHint::Handover);
                        view! {
                            {for_sale.then(|| view! { <TakeOver /> })}
                            {grant.filter(|_| !for_sale).map(|grant| view! { <Keep grant /> })}
                            <Read subject=Subject::Link view reload />
                        }
                    })
            }}
        </Wait>
    }
}

/// Makes what stands above a granted passport, from its grant, the VIN it shows, and how to look again.
pub(crate) type Above = fn(GrantId, Option<String>, Callback<()>) -> AnyView;

/// Granted to this wallet: claimed by its owner or addressed to its member. A page of its own.
#[component]
pub(crate) fn GrantedPassport(
    /// The grant.
    grant: GrantId,
    /// Where the list is.
    back: &'static str,
    /// What the list is called.
    back_label: Text,
    /// Above the passport: what its reader may say of the car, and how to look again then.
    #[prop(optional)]
    above: Option<Above>,
    /// Taken over into this wallet: known by its name, and to be removed, once it opens no more.
    #[prop(optional)]
    kept: bool,
) -> impl IntoView {
    let wallet = use_wallet();
    let listed = if kept { listed(grant) } else { Signal::stored(None) };
    let passport = load(move || async move { wallet.passport(Subject::Granted(grant)).await });
    let reload = Callback::new(move |()| passport.again());
    let value = passport.value();
    let name = Memo::new(move |_| {
        let shown = value.with(|view| view.as_ref().map(|view| view.name.clone()));
        shown.or_else(|| listed.get().map(|(name, _)| name))
    });
    let remove = move || {
        let (name, _) = listed.get().filter(|(_, revoked)| *revoked)?;
        Some(view! { <Forget grant name on_change=move |()| router::go("/saved") /> })
    };
    let ready = Memo::new(move |_| value.with(Option::is_some));
    let vin = Memo::new(move |_| value.with(|view| view.as_ref().and_then(|view| view.identity.identity.vin.clone())));
    let title = Text::from(move || name.get().map_or_else(|| t!(reader::title).get(), Into::into));
    view! {
        <PageFrame
            title
            above=move || view! { <a href=back>{back_label}</a> }
            actions=move || {
                view! {
                    {remove}
                    <Button
                        label=t!(desk::refresh)
                        glyph=Glyph::Refresh
                        busy=passport.busy()
                        on_press=move |()| passport.again()
                    />
                }
            }
            phase=passport.phase(t!(reader::checking))
        >
            {move || {
                above.filter(|_| ready.get()).map(|above| above(grant, vin.get(), reload))
            }}
            {move || value.get().map(|view| view! { <Read subject=Subject::Granted(grant) view reload /> })}
        </PageFrame>
    }
}

/// What the list of kept passports says of one: the car's name, and whether its owner took it back.
fn listed(grant: GrantId) -> Signal<Option<(String, bool)>> {
    let wallet = use_wallet();
    let changes = wallet.changes();
    let saved = load(move || {
        changes.track();
        async move { wallet.saved().await }
    });
    let list = saved.value();
    let one = move |saved: &SavedView| saved.terms.grant == grant;
    Signal::derive(move || {
        list.with(|list| {
            let saved = list.iter().flatten().find(|saved| one(saved))?;
            Some((saved.terms.vehicle_name.clone(), saved.revoked))
        })
    })
}

/// The passport with its terms, in the order in which it is printed.
#[component]
fn Read(subject: Subject, mut view: PassportView, reload: Callback<()>) -> impl IntoView {
    let open = |category: &Category| {
        view.terms.as_ref().is_none_or(|terms| terms.scopes.iter().any(|(open, _)| open == category))
    };
    let categories = Category::ALL.into_iter().filter(open).collect::<Vec<_>>();
    // The everlasting end of a handover is no date to show; what it opens stands in the takeover above.
    view.terms = view.terms.filter(|terms| terms.sale != SaleHint::Handover);
    let offered = match (&subject, &view.terms) {
        (Subject::Granted(grant), Some(terms)) if terms.sale == SaleHint::Offered => Some(*grant),
        _ => None,
    };
    let printing = Printing::new();
    view! {
        <div class="reader__actions print-hidden">
            <Button
                label=t!(reader::print)
                glyph=Glyph::Print
                busy=printing.deed().busy()
                on_press=move |()| printing.ask()
            />
            <DeedFailure deed=printing.deed() />
        </div>
        {offered.map(|grant| view! { <Offered grant /> })}
        <WholePassport subject view reload categories printing />
    }
}
