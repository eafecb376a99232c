//! What stands against a car: who declared it, who reported on it, and lifting it.

use carnet_wallet::view::{FlagView, StatementView};
use leptos::prelude::*;

use super::saying::Saying;
use super::{Speaker, named};
use crate::i18n::format;
use crate::t;
use crate::ui::{Button, Glyph, Notice, Text, Tone};
use crate::words;

/// One notice for each declaration, with what this speaker may do about it.
#[component]
pub(super) fn StandingFlags(flags: Vec<FlagView>, speaker: Speaker, saying: RwSignal<Option<Saying>>) -> impl IntoView {
    if flags.is_empty() {
        return view! { <Notice tone=Tone::Good title=t!(statements::nothing_stands) /> }.into_any();
    }
    let press = move |label: Text, glyph: Glyph, what: Saying| {
        view! { <Button label glyph on_press=move |()| saying.set(Some(what)) /> }
    };
    flags
        .into_iter()
        .map(|flag| {
            let (declared, report) = (said(&flag.declared), flag.report.as_ref().map(said));
            let id = flag.flag;
            let (reports, lifts) = (speaker.reports(&flag), speaker.lifts(&flag));
            let lift = Saying::Lift(id, flag.kind);
            view! {
                <Notice tone=Tone::Bad title=named(flag.kind) text=declared>
                    {report.map(|report| view! { <p>{t!(statements::reported, said = report.get())}</p> })}
                    {reports.then(|| press(t!(statements::report), Glyph::Document, Saying::Report(id)))}
                    {lifts.then(|| press(lift.title(), Glyph::Check, lift))}
                </Notice>
            }
        })
        .collect_view()
        .into_any()
}

/// Who said it, and of which day.
fn said(statement: &StatementView) -> Text {
    let day = statement.day;
    let class = statement.class.map_or_else(|| t!(synthesis::owner), words::class);
    let name = statement.name.clone();
    t!(synthesis::flag_by, who = name.clone().unwrap_or_else(|| class.get().into_owned()), day = format::day(day.0))
}
