//! The passport of another's car with the terms under which it was opened.

use carnet_protocol::id::GrantId;
use carnet_wallet::command::Subject;
use carnet_wallet::view::{PassportView, SaleHint};
use leptos::prelude::*;

use super::keep::Keep;
use crate::action::DeedFailure;
use crate::load::load;
use crate::passport::{Printing, WholePassport};
use crate::sale::{Offered, TakeOver};
use crate::t;
use crate::terms::Terms;
use crate::ui::{Button, Glyph, PageFrame, Text, Wait};
use crate::wallet::use_wallet;

/// Behind the link that is open, with the offer to keep it.
#[component]
pub(crate) fn LinkPassport() -> impl IntoView {
    let wallet = use_wallet();
    let passport = load(move || async move { wallet.passport(Subject::Link).await });
    let value = passport.value();
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
                            <Read subject=Subject::Link view />
                            {grant.filter(|_| !for_sale).map(|grant| view! { <Keep grant /> })}
                        }
                    })
            }}
        </Wait>
    }
}

/// Granted to this wallet: claimed by its owner or addressed to its member. A page of its own.
#[component]
pub(crate) fn GrantedPassport(
    /// The grant.
    grant: GrantId,
    /// Where the list is.
    back: &'static str,
    /// What the list is called.
    back_label: Text,
) -> impl IntoView {
    let wallet = use_wallet();
    let passport = load(move || async move { wallet.passport(Subject::Granted(grant)).await });
    let value = passport.value();
    let name = Memo::new(move |_| value.with(|view| view.as_ref().map(|view| view.name.clone())));
    let title = Text::from(move || name.get().map_or_else(|| t!(reader::title).get(), Into::into));
    view! {
        <PageFrame
            title
            above=move || view! { <a href=back>{back_label}</a> }
            phase=passport.phase(t!(reader::checking))
        >
            {move || value.get().map(|view| view! { <Read subject=Subject::Granted(grant) view /> })}
        </PageFrame>
    }
}

/// Terms, then the passport, in the order in which they are printed.
#[component]
fn Read(subject: Subject, view: PassportView) -> impl IntoView {
    // The everlasting end of a handover is no date to show; what it opens stands in the takeover above.
    let terms = view.terms.clone().filter(|terms| terms.sale != SaleHint::Handover);
    let offered = match (&subject, &terms) {
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
        {terms.map(|terms| view! { <Terms terms /> })}
        <WholePassport subject view printing />
    }
}
