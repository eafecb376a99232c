//! The two choices that are no secret and belong to the device: language and theme.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::browser;
use crate::i18n::{self, Locale};

/// Which colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All of them, in the order in which settings offer them.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The name in storage and in the `data-theme` attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a stored name; anything unknown follows the system.
    pub fn from_name(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// Makes the stored language the one in use, and returns it. The theme is in place already: `boot.js` sets it before the first paint.
pub(crate) fn apply() -> Locale {
    let locale = Locale::from_tag(&browser::language()).unwrap_or_default();
    i18n::set_locale(locale);
    document().document_element().map(|root| root.set_attribute("lang", locale.tag()));
    locale
}

/// The theme now chosen.
pub fn theme() -> Theme {
    browser::theme().map_or(Theme::System, |name| Theme::from_name(&name))
}

/// Shows and keeps a theme.
pub fn choose_theme(theme: Theme) {
    browser::set_theme((theme != Theme::System).then(|| theme.name()));
}

/// Shows and keeps a language, once its texts are here. Where they cannot be fetched everything stays as it is.
pub fn choose_locale(locale: Locale) {
    spawn_local(async move {
        if i18n::texts::load(locale).await.is_ok() {
            browser::set_language(locale.tag());
            i18n::set_locale(locale);
        }
    });
}
