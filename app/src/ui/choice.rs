//! One of a few: radio buttons as a list, as cards or as a segmented bar.

use leptos::prelude::*;

use super::{Glyph, Icon, Text, unique_id};

/// One thing to choose.
#[derive(Clone)]
pub struct Choice {
    /// What the signal holds when it is chosen.
    pub value: String,
    /// What is shown.
    pub label: Text,
    /// What follows from it; not shown in a segmented bar.
    pub hint: Option<Text>,
    /// Drawn before the label.
    pub glyph: Option<Glyph>,
}

impl Choice {
    /// A choice with a label only.
    pub fn new(value: impl Into<String>, label: impl Into<Text>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None, glyph: None }
    }

    /// With what follows from it.
    pub fn hint(mut self, hint: impl Into<Text>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// With a drawing.
    pub fn glyph(mut self, glyph: Glyph) -> Self {
        self.glyph = Some(glyph);
        self
    }
}

/// How the choices are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChoiceLook {
    /// One below the other.
    #[default]
    List,
    /// Framed rows with hints, for choices that matter.
    Cards,
    /// Side by side, for two to four short words.
    Segmented,
}

/// A group of radio buttons; arrow keys move between them, as the browser does it.
#[component]
pub fn ChoiceGroup(
    /// The question.
    #[prop(into)]
    legend: Text,
    /// The question is plain from the context; it is read out only.
    #[prop(optional)]
    legend_hidden: bool,
    /// What there is to choose.
    choices: Vec<Choice>,
    /// The value of the one chosen.
    selected: RwSignal<String>,
    /// The layout.
    #[prop(optional)]
    look: ChoiceLook,
) -> impl IntoView {
    let class = match look {
        ChoiceLook::List => "choice choice--list",
        ChoiceLook::Cards => "choice choice--cards",
        ChoiceLook::Segmented => "choice choice--segmented",
    };
    let legend_class = if legend_hidden { "visually-hidden" } else { "choice__legend" };
    let group = unique_id("choice");
    let rows: Vec<_> = choices.into_iter().map(|choice| row(choice, &group, selected)).collect();
    view! {
        <fieldset class=class>
            <legend class=legend_class>{legend}</legend>
            <div class="choice__rows">{rows}</div>
        </fieldset>
    }
}

fn row(choice: Choice, group: &str, selected: RwSignal<String>) -> impl IntoView + use<> {
    let Choice { value, label, hint, glyph } = choice;
    let own = value.clone();
    let checked = Signal::derive(move || selected.with(|selected| *selected == own));
    view! {
        <label class="choice__row" class:choice__row--checked=checked>
            <input
                type="radio"
                class="choice__mark"
                name=group.to_owned()
                value=value.clone()
                prop:checked=checked
                on:change=move |_| selected.set(value.clone())
            />
            {glyph.map(|glyph| view! { <Icon glyph /> })}
            <span class="choice__text">
                <span class="choice__label">{label}</span>
                {hint.map(|hint| view! { <span class="choice__hint">{hint}</span> })}
            </span>
        </label>
    }
}
