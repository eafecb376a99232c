//! The languages of the product.
//!
//! Messages live in `app/locales/<part>.json`, each with its languages side by side; `build.rs` checks them and makes
//! the module [`messages`]. A view says [`t!`](crate::t), numbers and dates come from [`format`]. A message is a number;
//! the texts of a language come in a file of their own ([`texts`]), so that nobody loads three languages to read one.
//!
//! Why not `leptos_i18n`: it gives every message with a placeholder its own generic builder and every use its own
//! closure type, and it brings ICU data tools into the build. Here a message costs its letters and one table entry,
//! the browser's `Intl` formats numbers and dates, and the checks at build are the same.

pub mod format;
pub(crate) mod texts;

use std::fmt::Display;
use std::sync::LazyLock;

use leptos::oco::Oco;
use leptos::prelude::*;

use crate::ui::Text;

/// A language of the product. The order is that of the tables which `build.rs` writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
    /// Chinese in traditional characters, as written in Taiwan.
    ZhHant,
}

impl Locale {
    /// All of them, in the order in which settings offer them.
    pub const ALL: [Self; 3] = [Self::En, Self::Fr, Self::ZhHant];

    /// BCP 47 tag, for the `lang` attribute, `Intl` and storage.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
            Self::ZhHant => "zh-Hant",
        }
    }

    /// The language's own name for itself, the same in every language.
    pub fn endonym(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Fr => "Français",
            Self::ZhHant => "繁體中文",
        }
    }

    /// The language for a tag from a browser or from storage; simplified Chinese readers get traditional characters
    /// rather than English.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::En),
            "fr" => Some(Self::Fr),
            "zh" => Some(Self::ZhHant),
            _ => None,
        }
    }

    /// Whether `count` takes the form for one (CLDR plural rules, cardinal).
    fn is_one(self, count: u64) -> bool {
        match self {
            Self::En => count == 1,
            Self::Fr => count <= 1,
            Self::ZhHant => false,
        }
    }
}

// Not a context: texts are also made after an await, where no reactive owner is left to look a context up with.
static LOCALE: LazyLock<ArcRwSignal<Locale>> = LazyLock::new(|| ArcRwSignal::new(Locale::default()));

/// The language in use; reactive.
pub fn locale() -> Locale {
    LOCALE.get()
}

/// Changes the language of every text on the screen. `preferences` calls this; pages set preferences.
pub(crate) fn set_locale(locale: Locale) {
    LOCALE.set(locale);
}

/// A message without placeholders: its place among all messages.
#[derive(Clone, Copy)]
pub struct Message(pub u16);

impl Message {
    /// As a text that follows the language.
    pub fn text(self) -> Text {
        Text::from(move || Oco::Borrowed(texts::of(locale(), self.0).1))
    }
}

/// A message whose placeholders have their values.
pub trait Fill {
    /// The text in one language.
    fn fill(&self, locale: Locale) -> String;
}

/// A whole number that chooses between singular and plural.
pub trait Count {
    /// The number.
    fn as_count(&self) -> u64;
}

macro_rules! counts {
    ($($kind:ty),*) => {$(
        impl Count for $kind {
            fn as_count(&self) -> u64 {
                *self as u64
            }
        }
    )*};
}
counts!(u8, u16, u32, u64, usize);

/// Every message of the product, checked at build.
#[allow(non_upper_case_globals, non_camel_case_types)]
pub mod messages {
    use super::format::number;
    use super::{Count, Display, Fill, Locale, Message, pattern, texts};

    include!(concat!(env!("OUT_DIR"), "/messages.rs"));
}

/// Puts values into the form that language and count ask for; `forms` holds (one, other).
fn pattern(locale: Locale, forms: (&str, &str), count: Option<u64>, values: &[(&str, &dyn Display)]) -> String {
    use std::fmt::Write as _;

    let (one, other) = forms;
    let form = if count.is_some_and(|count| locale.is_one(count)) { one } else { other };
    let mut text = String::with_capacity(form.len() + 16);
    let mut rest = form;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(before);
        if let Some((_, value)) = values.iter().find(|(key, _)| *key == name) {
            let _ = write!(text, "{value}");
        }
        rest = tail;
    }
    text.push_str(rest);
    text
}

/// A message as a [`Text`](crate::ui::Text) that follows the language.
///
/// `t!(settings::title)`; with values: `t!(cars::count, count = cars.get().len())`, where each value is an expression
/// that is computed anew whenever a signal in it changes. The value `count` chooses between singular and plural.
/// An unknown id or a missing value does not compile.
#[macro_export]
macro_rules! t {
    ($part:ident :: $id:ident) => {
        $crate::i18n::messages::$part::$id.text()
    };
    ($part:ident :: $id:ident, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::ui::Text::from(move || {
            $crate::i18n::Fill::fill(
                &$crate::i18n::messages::$part::$id { $($name: &$value),+ },
                $crate::i18n::locale(),
            )
        })
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMS: [(&str, &str); 3] =
        [("a car", "{count} cars"), ("une voiture", "{count} voitures"), ("", "{count} 輛車")];

    #[test]
    fn each_language_chooses_its_own_form() {
        let say = |locale, count: u64| pattern(locale, FORMS[locale as usize], Some(count), &[("count", &count)]);
        assert_eq!(say(Locale::En, 0), "0 cars");
        assert_eq!(say(Locale::En, 1), "a car");
        assert_eq!(say(Locale::Fr, 0), "une voiture");
        assert_eq!(say(Locale::Fr, 2), "2 voitures");
        assert_eq!(say(Locale::ZhHant, 1), "1 輛車");
    }

    #[test]
    fn values_are_put_in_once_and_never_read_as_patterns() {
        let forms = ("", "{a}{b}");
        assert_eq!(pattern(Locale::En, forms, None, &[("a", &"{b}"), ("b", &"x")]), "{b}x");
    }

    #[test]
    fn tags_from_browsers_find_their_language() {
        assert_eq!(Locale::from_tag("fr-CA"), Some(Locale::Fr));
        assert_eq!(Locale::from_tag("zh-TW"), Some(Locale::ZhHant));
        assert_eq!(Locale::from_tag("EN_gb"), Some(Locale::En));
        assert_eq!(Locale::from_tag("de"), None);
    }
}
