//! Writing a record to another's car, at the desk: with the owner's leave, or to a passport that the owner has shared.

use std::str::FromStr;

use carnet_protocol::category::Category;
use carnet_protocol::id::{GrantId, PairingId};
use carnet_wallet::command::{Subject, Via, WriteDraft};
use carnet_wallet::view::InboxState;
use leptos::prelude::*;

use crate::action::Deed;
use crate::announcements::use_announcer;
use crate::gate::Gate;
use crate::load::load;
use crate::pages::NotFound;
use crate::reader::grant_param;
use crate::record_form::{RecordForm, Typed};
use crate::router;
use crate::t;
use crate::ui::{Card, PageFrame, Phase, Text, Tone};
use crate::wallet::use_wallet;

/// What is known of a car one may write to.
type Car = (String, Vec<Category>);

/// The form for the car that the address names by its pairing.
#[component]
pub fn Write() -> impl IntoView {
    let id = router::id_param();
    let pairing = Memo::new(move |_| id.get().and_then(|id| PairingId::from_str(&id).ok()));
    view! {
        <Gate>
            {move || match pairing.get() {
                Some(pairing) => with_leave(pairing),
                None => view! { <NotFound /> }.into_any(),
            }}
        </Gate>
    }
}

/// The form for the car of a passport that was shared with this member.
#[component]
pub fn Report() -> impl IntoView {
    let grant = grant_param();
    view! {
        <Gate>
            {move || match grant.get() {
                Some(grant) => without_leave(grant),
                None => view! { <NotFound /> }.into_any(),
            }}
        </Gate>
    }
}

fn with_leave(pairing: PairingId) -> AnyView {
    let wallet = use_wallet();
    let cars = load(move || async move { wallet.paired_cars().await });
    let value = cars.value();
    let car = Signal::derive(move || {
        let found = value.get()?.into_iter().find(|car| car.pairing == pairing);
        found.map(|car| (car.name, car.categories))
    });
    let phase = cars.phase(t!(sources::loading));
    view! { <WriteForm via=Via::Paired(pairing) car phase lead=t!(sources::write_lead) back="/desk".to_owned() /> }
        .into_any()
}

fn without_leave(grant: GrantId) -> AnyView {
    let wallet = use_wallet();
    let inbox = load(move || async move { wallet.inbox().await });
    let value = inbox.value();
    let car = Signal::derive(move || {
        let shared =
            |one: &carnet_wallet::view::InboxView| one.terms.grant == grant && one.state == InboxState::Accepted;
        let terms = value.get()?.into_iter().find(shared)?.terms;
        let mut categories: Vec<Category> = terms.scopes.iter().map(|(category, _)| *category).collect();
        categories.dedup();
        Some((terms.vehicle_name, categories))
    });
    let phase = inbox.phase(t!(sources::loading));
    let back = format!("/desk/{grant}");
    view! { <WriteForm via=Via::Granted(grant) car phase lead=t!(sources::report_lead) back /> }.into_any()
}

#[component]
fn WriteForm(via: Via, car: Signal<Option<Car>>, phase: Signal<Phase>, lead: Text, back: String) -> impl IntoView {
    let (wallet, announcer) = (use_wallet(), use_announcer());
    // Who is paired only writes: what the car's records say is not theirs to see.
    let subject = StoredValue::new(match via {
        Via::Granted(grant) => Some(Subject::Granted(grant)),
        Via::Paired(_) => None,
    });
    let name = Memo::new(move |_| car.get().map(|(name, _)| name));
    let title = Text::from(move || name.get().map_or_else(|| t!(sources::write).get(), Into::into));
    view! {
        <PageFrame
            title
            lead
            narrow=true
            above=move || view! { <a href=back.clone()>{t!(desk::back)}</a> }
            phase
        >
            {move || match car.get() {
                Some((_, categories)) => {
                    let deed = Deed::new();
                    let keep = move |typed: Typed| {
                        let Typed { day, fact, note, files } = typed;
                        let draft = WriteDraft { day, fact, note, files, rectifies: None };
                        let work = async move { wallet.write_record(via, draft).await };
                        deed.run(work, move |_| {
                            announcer.say(Tone::Good, t!(sources::written_now));
                            router::go("/desk");
                        });
                    };
                    view! {
                        <Card>
                            <RecordForm categories subject=subject.get_value() deed on_typed=keep />
                        </Card>
                    }
                        .into_any()
                }
                None => view! { <p>{t!(sources::not_readable)}</p> }.into_any(),
            }}
        </PageFrame>
    }
}
