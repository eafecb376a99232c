//! What the product tells.

use leptos::prelude::*;

use crate::announcements::use_announcer;
use crate::ui::{Banner, Button, ButtonVariant, Card, EmptyState, Glyph, Notice, Progress, Tab, Tabs, Text, Tone};

#[component]
pub(super) fn Feedback() -> impl IntoView {
    let announcer = use_announcer();
    view! {
        <div class="stack">
            <Banner
                tone=Tone::Info
                glyph=Glyph::Refresh
                text="A new version is ready."
                action=("Reload".into(), Callback::new(|()| {}))
            />
            <Banner tone=Tone::Caution glyph=Glyph::Offline text="You are offline. Everything on this device still works." />
            <div class="grid">
                <Notice tone=Tone::Good title="Recovery words confirmed" text="You can open this wallet on another device." />
                <Notice tone=Tone::Caution title="Two readings clash" text="On 2 Jun 2023 the mileage fell by 20,000 km.">
                    <Button label="Look at both" />
                </Notice>
                <Notice tone=Tone::Bad title="The file could not be read" text="Line 14 has no date. Nothing was imported." />
            </div>
            <Card>
                <Progress label="Reading 10,000 records" value=Signal::stored(Some(0.4)) />
                <Progress label="Deriving the key" />
            </Card>
            <EmptyState glyph=Glyph::Car title="No car yet" text="Add your car to begin its passport, or look around with a sample.">
                <Button label="Add a car" variant=ButtonVariant::Primary glyph=Glyph::Plus />
                <Button
                    label="Say something"
                    on_press=move |()| announcer.say(Tone::Good, "The link was created and copied.")
                />
            </EmptyState>
            <Tabs label="Example" tabs=vec![tab("First", "The first panel."), tab("Second", "The second panel.")] />
        </div>
    }
}

fn tab(label: &'static str, words: &'static str) -> Tab {
    Tab { label: label.into(), panel: (move || view! { <p>{Text::from(words)}</p> }).into() }
}
