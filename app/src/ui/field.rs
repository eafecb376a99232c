//! Fields own their label, hint, error and the ids that tie these together.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{Glyph, Icon, Text, aria, unique_id};

/// What is typed into a field; decides the keyboard on phones and what browsers offer to fill in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldKind {
    /// Free text.
    #[default]
    Text,
    /// Digits, with the number keyboard; kept as text so that nothing typed is lost.
    Number,
    /// A day, with the browser's own calendar; the value is `YYYY-MM-DD`.
    Date,
    /// A new passphrase: hidden, offered to password managers.
    NewPassword,
    /// The passphrase of this wallet: hidden, filled in by password managers.
    Password,
    /// A short code that is spelt letter by letter (VIN, PIN): no autocorrection, capital letters.
    Code,
    /// A search.
    Search,
}

impl FieldKind {
    fn input_type(self) -> &'static str {
        match self {
            Self::Text | Self::Number | Self::Code => "text",
            Self::Date => "date",
            Self::NewPassword | Self::Password => "password",
            Self::Search => "search",
        }
    }

    fn autocomplete(self) -> &'static str {
        match self {
            Self::NewPassword => "new-password",
            Self::Password => "current-password",
            _ => "off",
        }
    }

    fn input_mode(self) -> Option<&'static str> {
        (self == Self::Number).then_some("decimal")
    }

    /// Letters that must arrive as typed: no capital at the start, no spelling marks.
    fn verbatim(self) -> bool {
        matches!(self, Self::NewPassword | Self::Password | Self::Code)
    }
}

/// The ids of one field.
#[derive(Clone)]
struct Ids {
    control: String,
    hint: String,
    error: String,
}

impl Ids {
    fn new() -> Self {
        let control = unique_id("field");
        Self { hint: format!("{control}-hint"), error: format!("{control}-error"), control }
    }

    /// The value of `aria-describedby`: the error first, being what the reader needs.
    fn described_by(
        &self,
        has_hint: bool,
        error: Signal<Option<Text>>,
    ) -> impl Fn() -> Option<String> + Send + Clone + 'static {
        let Self { hint, error: error_id, .. } = self.clone();
        move || match (error.with(Option::is_some), has_hint) {
            (true, true) => Some(format!("{error_id} {hint}")),
            (true, false) => Some(error_id.clone()),
            (false, true) => Some(hint.clone()),
            (false, false) => None,
        }
    }
}

/// Label, hint and error around a control.
fn frame(
    ids: &Ids,
    label: Text,
    optional: Option<Text>,
    hint: Option<Text>,
    error: Signal<Option<Text>>,
    control: AnyView,
) -> AnyView {
    let Ids { control: id, hint: hint_id, error: error_id } = ids.clone();
    view! {
        <div class="field">
            <label class="field__label" for=id>
                {label}
                {optional.map(|optional| view! { <span class="field__optional">{optional}</span> })}
            </label>
            {hint
                .map(|hint| {
                    view! {
                        <p class="field__hint" id=hint_id>
                            {hint}
                        </p>
                    }
                })}
            {control}
            <div class="field__error" id=error_id aria-live="polite">
                {move || error.get().map(|text| view! { <Icon glyph=Glyph::Stop /> <span>{text}</span> })}
            </div>
        </div>
    }
    .into_any()
}

/// One line to type into.
#[component]
pub fn Field(
    /// What is asked for.
    #[prop(into)]
    label: Text,
    /// What is typed into it.
    #[prop(optional)]
    kind: FieldKind,
    /// What is typed, as it stands.
    value: RwSignal<String>,
    /// How to find or write it; stays visible.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// What is wrong and how to put it right.
    #[prop(optional, into)]
    error: Signal<Option<Text>>,
    /// The word for "optional", where the field may stay empty.
    #[prop(optional_no_strip, into)]
    optional: Option<Text>,
    /// A unit after the value, such as "km".
    #[prop(optional, into)]
    unit: Option<Text>,
    /// Most characters it takes.
    #[prop(optional)]
    max_length: Option<u32>,
    /// It cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let ids = Ids::new();
    let described_by = ids.described_by(hint.is_some(), error);
    let verbatim = kind.verbatim();
    let control = view! {
        <span class="field__line">
            <input
                class="field__control"
                class:field__control--code=kind == FieldKind::Code
                id=ids.control.clone()
                type=kind.input_type()
                inputmode=kind.input_mode()
                autocomplete=kind.autocomplete()
                autocapitalize=verbatim.then_some("off")
                spellcheck=verbatim.then_some("false")
                maxlength=max_length.map(|length| length.to_string())
                aria-describedby=described_by
                aria-invalid=move || aria(error.with(Option::is_some))
                disabled=disabled
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            />
            {unit.map(|unit| view! { <span class="field__unit">{unit}</span> })}
        </span>
    };
    frame(&ids, label, optional, hint, error, control.into_any())
}

/// Several lines to type into.
#[component]
pub fn TextArea(
    /// What is asked for.
    #[prop(into)]
    label: Text,
    /// What is typed, as it stands.
    value: RwSignal<String>,
    /// How to find or write it.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// What is wrong and how to put it right.
    #[prop(optional, into)]
    error: Signal<Option<Text>>,
    /// The word for "optional", where the field may stay empty.
    #[prop(optional, into)]
    optional: Option<Text>,
    /// Lines shown.
    #[prop(default = 4)]
    rows: u32,
) -> impl IntoView {
    let ids = Ids::new();
    let described_by = ids.described_by(hint.is_some(), error);
    let control = view! {
        <textarea
            class="field__control field__control--area"
            id=ids.control.clone()
            rows=rows.to_string()
            aria-describedby=described_by
            aria-invalid=move || aria(error.with(Option::is_some))
            prop:value=value
            on:input=move |event| value.set(event_target_value(&event))
        ></textarea>
    };
    frame(&ids, label, optional, hint, error, control.into_any())
}

/// One entry of a [`Select`].
#[derive(Clone)]
pub struct SelectOption {
    /// What the signal holds when it is chosen.
    pub value: String,
    /// What is shown.
    pub label: Text,
}

impl SelectOption {
    /// An entry.
    pub fn new(value: impl Into<String>, label: impl Into<Text>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// One of many, in the browser's own list.
#[component]
pub fn Select(
    /// What is asked for.
    #[prop(into)]
    label: Text,
    /// What there is to choose.
    #[prop(into)]
    options: Signal<Vec<SelectOption>>,
    /// The value of the one chosen.
    value: RwSignal<String>,
    /// What follows from it.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// What is wrong and how to put it right.
    #[prop(optional, into)]
    error: Signal<Option<Text>>,
) -> impl IntoView {
    let ids = Ids::new();
    let described_by = ids.described_by(hint.is_some(), error);
    let entry = move |SelectOption { value: own, label }: SelectOption| {
        let chosen = own.clone();
        view! {
            <option value=own prop:selected=move || value.with(|value| *value == chosen)>
                {label}
            </option>
        }
    };
    let control = view! {
        <span class="field__line field__line--select">
            <select
                class="field__control"
                id=ids.control.clone()
                aria-describedby=described_by
                aria-invalid=move || aria(error.with(Option::is_some))
                on:change=move |event| value.set(event_target_value(&event))
            >
                {move || options.get().into_iter().map(entry).collect_view()}
            </select>
            <Icon glyph=Glyph::ChevronDown />
        </span>
    };
    frame(&ids, label, None, hint, error, control.into_any())
}

/// Moves the focus to the first field with an error in the form (or page), once the errors are on the screen.
pub fn focus_first_error() {
    request_animation_frame(|| {
        let found = document().query_selector("main [aria-invalid=\"true\"], dialog[open] [aria-invalid=\"true\"]");
        if let Some(control) = found.ok().flatten().and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Focus is a courtesy: an element that refuses it is still marked.
            let _ = control.focus();
        }
    });
}
