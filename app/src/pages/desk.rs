//! The staff desk: the role, the inbox, and the passports that were accepted.

use carnet_protocol::id::GrantId;
use carnet_wallet::command::Subject;
use carnet_wallet::view::StaffView;
use leptos::prelude::*;

use super::NotFound;
use crate::desk::{InboxList, Roles, Waiting, Writing};
use crate::gate::Gate;
use crate::load::load;
use crate::reader::{GrantedPassport, grant_param};
use crate::statements::{Speaker, Statements};
use crate::t;
use crate::ui::{Disclosure, EmptyState, Glyph, LinkButton, PageFrame, Wait};
use crate::wallet::use_wallet;

/// The desk, as far as there is a role.
#[component]
pub fn Desk() -> impl IntoView {
    view! {
        <Gate>
            <StaffDesk />
        </Gate>
    }
}

#[component]
fn StaffDesk() -> impl IntoView {
    let wallet = use_wallet();
    let asked = RwSignal::new(0u32);
    let staff = load(move || {
        asked.track();
        async move { wallet.staff().await }
    });
    let role = staff.value();
    let again = move |()| asked.update(|count| *count += 1);
    view! {
        <PageFrame title=t!(desk::title) lead=t!(desk::lead) phase=staff.phase(t!(desk::loading))>
            {move || match role.get().flatten() {
                None => view! { <NoRole on_taken=again /> }.into_any(),
                Some(staff) => view! { <WithRole staff on_check=again /> }.into_any(),
            }}
        </PageFrame>
    }
}

#[component]
fn NoRole(#[prop(into)] on_taken: Callback<()>) -> impl IntoView {
    view! {
        <EmptyState glyph=Glyph::Building title=t!(desk::no_role) text=t!(desk::no_role_text) />
        <Roles on_taken />
    }
}

#[component]
fn WithRole(staff: StaffView, #[prop(into)] on_check: Callback<()>) -> impl IntoView {
    let admitted = staff.admitted;
    let looks = RwSignal::new(0u32);
    view! {
        {if admitted {
            view! {
                <InboxList staff looks />
                <Writing looks />
            }
                .into_any()
        } else {
            view! { <Waiting staff on_check /> }.into_any()
        }}
        {admitted
            .then(|| {
                view! {
                    <div class="form-actions">
                        <LinkButton href="/desk/votes".to_owned() label=t!(desk::votes) glyph=Glyph::Building />
                    </div>
                }
            })}
        <Disclosure summary=t!(desk::another_role)>
            <Roles on_taken=on_check />
        </Disclosure>
    }
}

/// A passport that was accepted here.
#[component]
pub fn DeskPassport() -> impl IntoView {
    let grant = grant_param();
    view! {
        <Gate>
            {move || match grant.get() {
                Some(grant) => {
                    view! { <GrantedPassport grant back="/desk" back_label=t!(desk::back) above=statements /> }.into_any()
                }
                None => view! { <NotFound /> }.into_any(),
            }}
        </Gate>
    }
}

/// What this member may say of the car.
fn statements(grant: GrantId, vin: Option<String>, on_said: Callback<()>) -> AnyView {
    view! { <StaffStatements grant vin on_said /> }.into_any()
}

#[component]
fn StaffStatements(grant: GrantId, vin: Option<String>, on_said: Callback<()>) -> impl IntoView {
    let wallet = use_wallet();
    let staff = load(move || async move { wallet.staff().await });
    let role = staff.value();
    let vin = StoredValue::new(vin);
    view! {
        <Wait phase=staff.phase(t!(desk::loading))>
            {move || {
                let vin = vin.get_value();
                role.get()
                    .flatten()
                    .filter(|staff| staff.admitted)
                    .map(|staff| {
                        let speaker = Speaker::Member { class: staff.member.class, name: staff.member.name };
                        view! {
                            <Statements subject=Subject::Granted(grant) speaker vin on_said />
                            <div class="form-actions print-hidden">
                                <LinkButton
                                    href=format!("/desk/report/{grant}")
                                    label=t!(sources::write_record)
                                    glyph=Glyph::Plus
                                />
                            </div>
                        }
                    })
            }}
        </Wait>
    }
}
