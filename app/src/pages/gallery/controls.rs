//! What a person types, chooses and presses.

use leptos::prelude::*;

use crate::ui::{
    Button, ButtonVariant, Card, Checkbox, Choice, ChoiceGroup, ChoiceLook, CopyField, Dialog, Field, FieldKind,
    FilePicker, Glyph, Select, SelectOption, Text, TextArea,
};

#[component]
pub(super) fn Controls() -> impl IntoView {
    view! {
        <div class="grid">
            <Fields />
            <Choices />
            <Buttons />
        </div>
    }
}

#[component]
fn Fields() -> impl IntoView {
    let vin = RwSignal::new("VF1AG000X6471234".to_owned());
    let mileage = RwSignal::new("61240".to_owned());
    let day = RwSignal::new("2025-01-09".to_owned());
    let fuel = RwSignal::new("electric".to_owned());
    let error = Signal::derive(|| Some(Text::from("A VIN has 17 characters; this one has 16.")));
    let options = vec![SelectOption::new("electric", "Electric"), SelectOption::new("petrol", "Petrol")];
    view! {
        <Card title="Fields">
            <Field label="VIN" kind=FieldKind::Code value=vin error hint="On the registration certificate, field E." />
            <Field label="Mileage" kind=FieldKind::Number value=mileage unit="km" />
            <Field label="Day" kind=FieldKind::Date value=day />
            <Select label="Energy" options=options value=fuel />
            <TextArea label="Note" value=RwSignal::new(String::new()) optional="optional" rows=2 />
        </Card>
    }
}

#[component]
fn Choices() -> impl IntoView {
    let audience = vec![
        Choice::new("buyer", "A buyer").hint("Opens a link, needs no account.").glyph(Glyph::User),
        Choice::new("insurer", "An insurer").hint("Gets a grant in their inbox.").glyph(Glyph::Building),
    ];
    let period = vec![Choice::new("1", "1 day"), Choice::new("7", "7 days"), Choice::new("30", "30 days")];
    view! {
        <Card title="Choices">
            <ChoiceGroup
                legend="Who is it for?"
                choices=audience
                selected=RwSignal::new("buyer".to_owned())
                look=ChoiceLook::Cards
            />
            <ChoiceGroup
                legend="How long?"
                choices=period
                selected=RwSignal::new("7".to_owned())
                look=ChoiceLook::Segmented
            />
            <Checkbox
                label="Mileage"
                hint="Readings with their day and source."
                checked=RwSignal::new(true)
            />
            <FilePicker
                label="Choose a file"
                drop_text="or drop it here"
                hint="Tesla JSON, LubeLogger CSV, HistoVec report; at most 50 MB."
                on_files=|_| {}
            />
        </Card>
    }
}

#[component]
fn Buttons() -> impl IntoView {
    let open = RwSignal::new(false);
    let busy = RwSignal::new(true);
    view! {
        <Card title="Buttons">
            <div class="cluster">
                <Button label="Create link" variant=ButtonVariant::Primary glyph=Glyph::Link />
                <Button label="Open a dialog" on_press=move |()| open.set(true) />
                <Button label="Later" variant=ButtonVariant::Quiet />
                <Button label="Revoke" variant=ButtonVariant::Danger glyph=Glyph::Trash />
                <Button label="Sealing" variant=ButtonVariant::Primary busy />
                <Button label="Not now" disabled=true />
            </div>
            <CopyField
                label="Link"
                value="https://carnet.example/s#AAAAAAAAAAA.BBBBBBBBBBBB".to_owned()
                copy="Copy"
                copied="Copied."
            />
            <Dialog open title="Revoke this link?" close_label="Close" on_close=move |()| open.set(false)>
                <p>{Text::from("Nobody can open it any more. What was seen stays seen.")}</p>
                <div class="form-actions">
                    <Button label="Revoke" variant=ButtonVariant::Danger on_press=move |()| open.set(false) />
                    <Button label="Keep" on_press=move |()| open.set(false) />
                </div>
            </Dialog>
        </Card>
    }
}
