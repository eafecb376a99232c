//! Every part of the design system on one page, for authors and for screenshots. Only with the feature `gallery`.
//!
//! It is no part of the product, so its words stand here instead of among the messages.

mod charts;
mod controls;
mod feedback;

use leptos::prelude::*;

use self::charts::Charts;
use self::controls::Controls;
use self::feedback::Feedback;
use crate::ui::{
    Badge, Button, ButtonVariant, Card, CardLook, Cell, Column, Disclosure, Fact, Facts, Glyph, Icon, LinkButton,
    PageFrame, QrCode, Steps, TabLink, TabLinks, Table, Text, Tone,
};

/// The gallery.
#[component]
pub fn Gallery() -> impl IntoView {
    view! {
        <PageFrame
            title="Design system"
            lead="Every part that a page is made of, in its states."
            actions=|| view! { <Button label="Share" variant=ButtonVariant::Primary glyph=Glyph::Share /> }
        >
            <Passport />
            <Controls />
            <Feedback />
            <Charts />
            <Lists />
        </PageFrame>
    }
}

#[component]
fn Passport() -> impl IntoView {
    let links = ["Overview", "Timeline", "Share", "Import"]
        .into_iter()
        .map(|name| TabLink { href: format!("/gallery#{name}"), label: name.into(), glyph: None })
        .collect::<Vec<_>>();
    view! {
        <Card
            look=CardLook::Document
            title="Renault Zoe R135"
            actions=|| view! { <Badge text="VIN not yet confirmed" tone=Tone::Caution /> }
        >
            <Facts>
                <Fact term="Vehicle identification number" wide=true>{text("VF1AG000X64712345")}</Fact>
                <Fact term="First registration">{text("14 Mar 2020")}</Fact>
                <Fact term="Mileage">{text("61,240 km")}</Fact>
                <Fact term="Battery health">{text("91 %")}</Fact>
            </Facts>
            <div class="cluster">
                <Badge text="Odometer consistent" tone=Tone::Good />
                <Badge text="1 record withheld" tone=Tone::Info glyph=Glyph::Eye />
                <Badge text="Wreck declared" tone=Tone::Bad />
                <Badge text="Typed by the owner" />
            </div>
        </Card>
        <TabLinks label="Passport" links=links current="/gallery#Overview".to_owned() />
        <Steps label="New wallet" steps=vec!["Words".into(), "Confirm".into(), "Passphrase".into()] current=1 />
    }
}

#[component]
fn Lists() -> impl IntoView {
    let columns = vec![Column::text("Day"), Column::text("Source"), Column::number("Mileage"), Column::text("State")];
    let rows = vec![
        row("14 Mar 2020", "Dealer", "12 km", Tone::Good, "Signed"),
        row("2 Jun 2023", "Garage Dupont et Fils, Saint-Rémy-lès-Chevreuse", "38,204 km", Tone::Good, "Counter-signed"),
        row("9 Jan 2025", "Owner", "61,240 km", Tone::Neutral, "Typed"),
    ];
    view! {
        <div class="grid">
            <Card title="Table">
                <Table caption="Odometer readings" columns rows=rows />
            </Card>
            <Card title="Code" look=CardLook::Quiet>
                <QrCode label="Share link" value="https://carnet.example/s#AAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB".to_owned() />
                <LinkButton href="/settings" label="Settings" glyph=Glyph::Settings />
            </Card>
            <Card title="Icons">
                <div class="cluster">{Glyph::ALL.iter().map(|glyph| view! { <Icon glyph=*glyph /> }).collect_view()}</div>
                <Disclosure summary="Why the mileage counts">
                    <p>{text("A mileage that only ever grows, told by several sources, is hard to forge.")}</p>
                </Disclosure>
            </Card>
        </div>
    }
}

fn row(day: &'static str, source: &'static str, mileage: &'static str, tone: Tone, state: &'static str) -> Vec<Cell> {
    vec![
        Cell::text(day),
        Cell::text(source),
        Cell::text(mileage),
        Cell::view(move || view! { <Badge text=state tone /> }),
    ]
}

/// Words of the gallery as a dynamic child, as messages are.
fn text(words: &'static str) -> Text {
    words.into()
}
