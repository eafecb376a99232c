//! What the car is.

use carnet_passport::identity::{IdentityConflict, IdentityField, IdentityView};
use carnet_protocol::payload::Fact as CarFact;
use leptos::prelude::*;

use crate::t;
use crate::ui::{Badge, Card, CardLook, Fact, Facts, Notice, Text, Tone};
use crate::words::{self, FactLine};

/// The first page of the passport.
#[component]
pub(super) fn IdentityCard(title: Text, sample: bool, identity: IdentityView) -> impl IntoView {
    let lines = words::fact_figures(&CarFact::Identity(identity.identity));
    let empty = lines.is_empty();
    let facts = lines
        .into_iter()
        .map(|line| {
            let FactLine { term, value, wide } = line;
            view! { <Fact term wide>{value}</Fact> }
        })
        .collect_view();
    let conflicts = identity.conflicts.into_iter().map(|conflict| view! { <Conflict conflict /> }).collect_view();
    view! {
        <Card
            look=CardLook::Document
            title
            actions=move || sample.then(|| view! { <Badge tone=Tone::Caution text=t!(passport::sample) /> })
        >
            {sample.then(|| view! { <p class="passport__sample">{t!(passport::sample_text)}</p> })}
            {if empty {
                view! { <p class="aside">{t!(passport::identity_none)}</p> }.into_any()
            } else {
                view! { <Facts>{facts}</Facts> }.into_any()
            }}
            {conflicts}
        </Card>
    }
}

#[component]
fn Conflict(conflict: IdentityConflict) -> impl IntoView {
    let field = match conflict.field {
        IdentityField::Vin => t!(words::field_vin),
        IdentityField::Make => t!(words::field_make),
        IdentityField::Year => t!(words::field_year),
        IdentityField::FirstRegistration => t!(words::field_first_registration),
    };
    let values: Vec<_> = conflict.values.into_iter().map(|value| value.value).collect();
    let values = values.join(" / ");
    view! {
        <Notice
            tone=Tone::Caution
            title=t!(passport::conflict, field = field.get())
            text=t!(passport::conflict_text, values = values)
        />
    }
}
