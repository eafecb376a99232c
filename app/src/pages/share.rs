//! Sharing a car: a guided form with a preview, then the link or the confirmation.

use carnet_protocol::id::StreamId;
use carnet_wallet::view::SharedView;
use leptos::prelude::*;

use super::vehicle::{OfVehicle, VehicleTabs, car_name};
use crate::action::{Deed, DeedFailure};
use crate::household::OwnersOnly;
use crate::load::load;
use crate::share::{AudienceCard, CategoriesCard, EndCard, Made, Preview, ShareForm};
use crate::t;
use crate::ui::{Button, ButtonKind, ButtonVariant, Glyph, PageFrame, focus_first_error};
use crate::wallet::use_wallet;

/// The form for a share of one car.
#[component]
pub fn Share() -> impl IntoView {
    view! {
        <OfVehicle page=|vehicle| {
            view! { <OwnersOnly vehicle page=|vehicle| view! { <ShareCar vehicle /> }.into_any() /> }.into_any()
        } />
    }
}

#[component]
fn ShareCar(vehicle: StreamId) -> impl IntoView {
    let made = RwSignal::new(None::<SharedView>);
    view! {
        <PageFrame
            title=t!(share::title)
            of=car_name()
            lead=t!(share::lead)
            above=move || view! { <VehicleTabs vehicle /> }
        >
            {move || match made.get() {
                Some(shared) => view! { <Made vehicle shared on_again=move |()| made.set(None) /> }.into_any(),
                None => view! { <TermsForm vehicle on_made=move |shared| made.set(Some(shared)) /> }.into_any(),
            }}
        </PageFrame>
    }
}

#[component]
fn TermsForm(vehicle: StreamId, #[prop(into)] on_made: Callback<SharedView>) -> impl IntoView {
    let wallet = use_wallet();
    let form = ShareForm::new();
    let to_member = Memo::new(move |_| !form.is_link());
    // The directory is asked for only once it is needed.
    let members = load(move || {
        let wanted = to_member.get();
        async move { if wanted { wallet.members().await } else { Ok(Vec::new()) } }
    });
    form.propose(members.value());
    form.begin_with_addressed();
    let deed = Deed::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match form.checked() {
            Some(draft) => {
                deed.run(async move { wallet.share(vehicle, draft).await }, move |shared| on_made.run(shared));
            }
            None => focus_first_error(),
        }
    };
    view! {
        <form class="share" on:submit=submit>
            <AudienceCard form members />
            <CategoriesCard vehicle form />
            <EndCard form />
            <Preview vehicle form />
            <DeedFailure deed />
            <div class="form-actions">
                <Button
                    label=t!(share::submit)
                    variant=ButtonVariant::Primary
                    kind=ButtonKind::Submit
                    glyph=Glyph::Share
                    busy=deed.busy()
                />
            </div>
            <p class="share__waiting" role="status">
                {move || deed.busy().get().then(|| t!(share::sealing).get())}
            </p>
        </form>
    }
}
