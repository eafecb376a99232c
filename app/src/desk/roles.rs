//! Taking up a role: one of the demo consortium, or one's own organisation.

use carnet_wallet::view::MemberView;
use leptos::prelude::*;

use super::request::RequestForm;
use crate::action::{Deed, DeedFailure};
use crate::load::load;
use crate::t;
use crate::ui::{Button, Card, Disclosure, Glyph, Icon, Place, Wait};
use crate::wallet::use_wallet;
use crate::words;

/// The roles there are to take.
#[component]
pub(crate) fn Roles(
    /// A role was taken, or asked for.
    #[prop(into)]
    on_taken: Callback<()>,
) -> impl IntoView {
    let wallet = use_wallet();
    let roles = load(move || async move { wallet.demo_roles().await });
    let list = roles.value();
    view! {
        <Wait phase=roles
            .phase(
                t!(desk::loading_roles),
            )>
            {move || {
                let roles = list.get().unwrap_or_default();
                if roles.is_empty() {
                    view! {
                        <Card title=t!(desk::request_title)>
                            <RequestForm on_taken />
                        </Card>
                    }
                        .into_any()
                } else {
                    view! {
                        <DemoRoles roles on_taken />
                        <Disclosure summary=t!(desk::request_title)>
                            <RequestForm on_taken />
                        </Disclosure>
                    }
                        .into_any()
                }
            }}
        </Wait>
    }
}

#[component]
fn DemoRoles(roles: Vec<MemberView>, on_taken: Callback<()>) -> impl IntoView {
    let cards = roles.into_iter().map(|role| view! { <Role role on_taken /> }).collect_view();
    view! {
        <Card title=t!(desk::demo_title)>
            <p>{t!(desk::demo_text)}</p>
            <ul class="roles">{cards}</ul>
        </Card>
    }
}

#[component]
fn Role(role: MemberView, on_taken: Callback<()>) -> impl IntoView {
    let wallet = use_wallet();
    let deed = Deed::new();
    let MemberView { member, fingerprint } = role;
    let (key, name, class) = (member.sign, member.name, member.class);
    let take = move |()| {
        deed.run(async move { wallet.take_demo_role(key).await }, move |_| {
            on_taken.run(());
            Place::Top.keep();
        });
    };
    view! {
        <li class="roles__role">
            <Icon glyph=Glyph::Building />
            <div class="roles__body">
                <p class="roles__name">{name.clone()}</p>
                <p class="roles__class">{words::class(class)}</p>
                <p class="roles__key code">{fingerprint}</p>
            </div>
            <Button label=t!(desk::take_role, name = name) busy=deed.busy() on_press=take />
            <DeedFailure deed />
        </li>
    }
}
