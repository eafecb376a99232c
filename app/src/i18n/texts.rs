//! The texts of the languages. Each comes in a file that the page loads at its start or when the language is chosen, beside
//! the module; a build with debug assertions (tests, work on the app) has them compiled in.

use std::sync::OnceLock;

#[cfg(not(debug_assertions))]
use crate::browser;
use wasm_bindgen::JsValue;

use super::Locale;

/// For each message its form for one and its form for all else.
type Texts = Vec<(&'static str, &'static str)>;

/// By language.
static TEXTS: [OnceLock<Texts>; 3] = [const { OnceLock::new() }; 3];

/// As in `catalogue.rs`.
const BETWEEN_MESSAGES: char = '\u{1f}';
const BETWEEN_FORMS: char = '\u{1e}';

/// The form for one and the form for all else of a message.
pub(crate) fn of(locale: Locale, message: u16) -> (&'static str, &'static str) {
    #[cfg(debug_assertions)]
    let texts = Some(TEXTS[locale as usize].get_or_init(|| parse(compiled_in(locale))));
    #[cfg(not(debug_assertions))]
    let texts = TEXTS[locale as usize].get();
    // Nothing is shown before its language is loaded.
    texts.and_then(|texts| texts.get(usize::from(message))).copied().unwrap_or_default()
}

/// Loads a language, unless it is there already.
///
/// # Errors
/// It could not be fetched.
#[cfg(not(debug_assertions))]
pub(crate) async fn load(locale: Locale) -> Result<(), JsValue> {
    if TEXTS[locale as usize].get().is_none() {
        let text = browser::text(locale.tag()).await?.as_string().unwrap_or_default();
        // Kept for the life of the page, which shows it all the time.
        let _ = TEXTS[locale as usize].set(parse(text.leak()));
    }
    Ok(())
}

/// Every language is compiled in.
#[cfg(debug_assertions)]
pub(crate) async fn load(_: Locale) -> Result<(), JsValue> {
    Ok(())
}

#[cfg(debug_assertions)]
fn compiled_in(locale: Locale) -> &'static str {
    match locale {
        Locale::En => include_str!(concat!(env!("OUT_DIR"), "/text-en.txt")),
        Locale::Fr => include_str!(concat!(env!("OUT_DIR"), "/text-fr.txt")),
        Locale::ZhHant => include_str!(concat!(env!("OUT_DIR"), "/text-zh-Hant.txt")),
    }
}

fn parse(text: &'static str) -> Texts {
    text.split(BETWEEN_MESSAGES)
        .map(|message| message.split_once(BETWEEN_FORMS).unwrap_or((message, message)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_message() {
        let counts = Locale::ALL.map(|locale| parse(compiled_in(locale)).len());
        assert!(counts[0] > 500);
        assert_eq!(counts, [counts[0]; 3]);
        assert!(Locale::ALL.iter().all(|locale| parse(compiled_in(*locale)).iter().all(|forms| !forms.1.is_empty())));
    }
}
