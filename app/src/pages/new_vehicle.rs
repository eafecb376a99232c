//! Adding a car. Only a name is needed; the VIN is looked at while it is typed, and never refused for its check digit.

use carnet_passport::vin;
use carnet_protocol::payload::VehicleIdentity;
use carnet_wallet::view::VehicleCard;
use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::gate::Gate;
use crate::router;
use crate::t;
use crate::ui::{Button, ButtonKind, ButtonVariant, Card, Field, FieldKind, PageFrame, Text, focus_first_error};
use crate::vin_words::vin_hint;
use crate::wallet::use_wallet;

/// The form for a new car.
#[component]
pub fn NewVehicle() -> impl IntoView {
    view! {
        <Gate>
            <PageFrame title=t!(new_vehicle::title) lead=t!(new_vehicle::lead) narrow=true>
                <Card>
                    <VehicleForm submit_label=t!(new_vehicle::add) then="" />
                </Card>
            </PageFrame>
        </Gate>
    }
}

/// The form for a new car into which a file is brought next: of a maker or a log, or what another wallet saved.
#[component]
pub fn NewVehicleForFile() -> impl IntoView {
    view! {
        <Gate>
            <PageFrame title=t!(new_vehicle::title_file) lead=t!(new_vehicle::lead_file) narrow=true>
                <Card>
                    <VehicleForm submit_label=t!(new_vehicle::add_for_file) then="/import" />
                </Card>
            </PageFrame>
        </Gate>
    }
}

/// What is typed, as it stands.
#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    vin: RwSignal<String>,
    plate: RwSignal<String>,
    make: RwSignal<String>,
    model: RwSignal<String>,
    year: RwSignal<String>,
}

impl Draft {
    fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        Self { name: empty(), vin: empty(), plate: empty(), make: empty(), model: empty(), year: empty() }
    }

    fn identity(&self) -> VehicleIdentity {
        let text =
            |signal: RwSignal<String>| Some(signal.get_untracked().trim().to_owned()).filter(|text| !text.is_empty());
        VehicleIdentity {
            vin: text(self.vin).map(|vin| vin.to_uppercase()),
            plate: text(self.plate),
            make: text(self.make),
            model: text(self.model),
            year: text(self.year).and_then(|year| year.parse().ok()),
            ..VehicleIdentity::default()
        }
    }
}

#[component]
fn VehicleForm(
    /// What the button says.
    submit_label: Text,
    /// The page of the new car that comes next, behind the car's own address.
    then: &'static str,
) -> impl IntoView {
    let wallet = use_wallet();
    let draft = Draft::new();
    let (name_error, vin_error, year_error) =
        (RwSignal::new(None::<Text>), RwSignal::new(None::<Text>), RwSignal::new(None::<Text>));
    let deed = Deed::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let name = draft.name.get_untracked().trim().to_owned();
        let year = draft.year.get_untracked().trim().to_owned();
        let bad_year = !year.is_empty() && !year.parse::<u16>().is_ok_and(|year| (1886..=2149).contains(&year));
        let bad_vin =
            !draft.vin.get_untracked().trim().is_empty() && !vin::check(&draft.vin.get_untracked()).is_acceptable();
        name_error.set(name.is_empty().then(|| t!(new_vehicle::name_missing)));
        year_error.set(bad_year.then(|| t!(new_vehicle::year_wrong)));
        vin_error.set(bad_vin.then(|| t!(new_vehicle::vin_wrong)));
        if name.is_empty() || bad_year || bad_vin {
            return focus_first_error();
        }
        let identity = draft.identity();
        deed.run(async move { wallet.add_vehicle(name, identity).await }, move |card: VehicleCard| {
            router::go(&format!("/cars/{}{then}", card.vehicle));
        });
    };
    view! {
        <form class="form" on:submit=submit>
            <Field label=t!(new_vehicle::name) hint=t!(new_vehicle::name_hint) value=draft.name error=name_error max_length=80 />
            <Field
                label=t!(new_vehicle::vin)
                kind=FieldKind::Code
                optional=t!(new_vehicle::optional)
                hint=t!(new_vehicle::vin_hint)
                value=draft.vin
                error=vin_error
                max_length=20
            />
            <p class="form__remark" role="status">
                {move || vin_hint(&draft.vin.get()).map(|hint| hint.get())}
            </p>
            <Field label=t!(new_vehicle::plate) optional=t!(new_vehicle::optional) value=draft.plate max_length=20 />
            <Field label=t!(new_vehicle::make) optional=t!(new_vehicle::optional) value=draft.make max_length=60 />
            <Field label=t!(new_vehicle::model) optional=t!(new_vehicle::optional) value=draft.model max_length=60 />
            <Field
                label=t!(new_vehicle::year)
                kind=FieldKind::Number
                optional=t!(new_vehicle::optional)
                value=draft.year
                error=year_error
                max_length=4
            />
            <p class="aside">{t!(new_vehicle::sealed)}</p>
            <DeedFailure deed />
            <Button
                label=submit_label
                variant=ButtonVariant::Primary
                kind=ButtonKind::Submit
                busy=deed.busy()
            />
        </form>
    }
}
