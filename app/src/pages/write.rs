//! Writing a record to another's car, at the desk.

use std::str::FromStr;

use carnet_protocol::id::PairingId;
use carnet_wallet::command::{Via, WriteDraft};
use leptos::prelude::*;

use crate::action::Deed;
use crate::gate::Gate;
use crate::load::load;
use crate::pages::NotFound;
use crate::record_form::{RecordForm, Typed};
use crate::router;
use crate::t;
use crate::ui::{Card, PageFrame, Text};
use crate::wallet::use_wallet;

/// The form for the car that the address names by its pairing.
#[component]
pub fn Write() -> impl IntoView {
    let id = router::id_param();
    let pairing = Memo::new(move |_| id.get().and_then(|id| PairingId::from_str(&id).ok()));
    view! {
        <Gate>
            {move || match pairing.get() {
                Some(pairing) => view! { <WritePage pairing /> }.into_any(),
                None => view! { <NotFound /> }.into_any(),
            }}
        </Gate>
    }
}

#[component]
fn WritePage(pairing: PairingId) -> impl IntoView {
    let wallet = use_wallet();
    let cars = load(move || async move { wallet.paired_cars().await });
    let value = cars.value();
    let car = move || value.get().and_then(|cars| cars.into_iter().find(|car| car.pairing == pairing));
    let name = Memo::new(move |_| car().map(|car| car.name));
    let title = Text::from(move || name.get().map_or_else(|| t!(sources::write).get(), Into::into));
    view! {
        <PageFrame
            title
            lead=t!(sources::write_lead)
            narrow=true
            above=move || view! { <a href="/desk">{t!(desk::back)}</a> }
            phase=cars.phase(t!(sources::loading))
        >
            {move || match car() {
                Some(car) => {
                    let deed = Deed::new();
                    let keep = move |typed: Typed| {
                        let Typed { day, fact, note, files } = typed;
                        let draft = WriteDraft { day, fact, note, files, rectifies: None };
                        let work = async move { wallet.write_record(Via::Paired(pairing), draft).await };
                        deed.run(work, |_| router::go("/desk"));
                    };
                    view! {
                        <Card>
                            <RecordForm categories=car.categories deed on_typed=keep />
                        </Card>
                    }
                        .into_any()
                }
                None => view! { <p>{t!(faults::not_found_text)}</p> }.into_any(),
            }}
        </PageFrame>
    }
}
