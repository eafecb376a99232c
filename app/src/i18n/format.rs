//! Numbers, dates and amounts of money as the chosen language writes them; the browser's `Intl` does the work.
//!
//! All of these follow the language when called inside a reactive scope. How a language writes a date differs by region:
//! the browser's own region counts, where it has one for the language.

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use leptos::prelude::window;
use wasm_bindgen::JsValue;

use super::{Locale, locale};

/// A day, counted from 1 January 1970 (UTC).
type UnixDay = u16;

const SECONDS_PER_DAY: f64 = 86_400.0;

/// A number with its digits grouped, at most two decimals.
#[cfg(target_arch = "wasm32")]
pub fn number(value: f64) -> String {
    formatted_number(value, &[("maximumFractionDigits", 2.into())])
}

/// Outside a browser (tests of the messages) digits stand ungrouped.
#[cfg(not(target_arch = "wasm32"))]
pub fn number(value: f64) -> String {
    value.to_string()
}

/// A number with its unit in short, such as `12 345 km`. `unit` is one of those that `Intl.NumberFormat` knows
/// (`kilometer`, `mile`, `percent`, `day`, `kilobyte`).
pub fn with_unit(value: f64, unit: &str) -> String {
    formatted_number(value, &[("style", "unit".into()), ("unit", unit.into()), ("maximumFractionDigits", 1.into())])
}

/// A distance in kilometres.
pub fn kilometres(value: u32) -> String {
    with_unit(f64::from(value), "kilometer")
}

/// An amount of money, given in hundredths, with an ISO 4217 currency code.
pub fn money(cents: i64, currency: &str) -> String {
    formatted_number(cents as f64 / 100.0, &[("style", "currency".into()), ("currency", currency.into())])
}

/// A day such as `14 Mar 2025`. A day has no time zone: it reads the same everywhere.
pub fn day(day: UnixDay) -> String {
    formatted_date(f64::from(day) * SECONDS_PER_DAY, &[("dateStyle", "medium".into()), ("timeZone", "UTC".into())])
}

/// A month such as `Mar 2025`, for axes.
pub fn month(day: UnixDay) -> String {
    formatted_date(
        f64::from(day) * SECONDS_PER_DAY,
        &[("year", "numeric".into()), ("month", "short".into()), ("timeZone", "UTC".into())],
    )
}

/// A point in time in the reader's own time zone, to the minute. `seconds` since 1970.
pub fn date_time(seconds: i64) -> String {
    formatted_date(seconds as f64, &[("dateStyle", "medium".into()), ("timeStyle", "short".into())])
}

fn formatted_number(value: f64, options: &[(&str, JsValue)]) -> String {
    let format: Function = Intl::NumberFormat::new(&locales(), &object(options)).format();
    called(&format, &JsValue::from_f64(value)).unwrap_or_else(|| value.to_string())
}

fn formatted_date(seconds: f64, options: &[(&str, JsValue)]) -> String {
    let date = Date::new(&JsValue::from_f64(seconds * 1_000.0));
    let format: Function = Intl::DateTimeFormat::new(&locales(), &object(options)).format();
    called(&format, &date).unwrap_or_default()
}

fn called(format: &Function, value: &JsValue) -> Option<String> {
    format.call1(&JsValue::UNDEFINED, value).ok()?.as_string()
}

fn locales() -> Array {
    let preferred = window().navigator().languages();
    let preferred = preferred.iter().filter_map(|tag| tag.as_string());
    Array::of1(&JsValue::from_str(&regional(locale(), preferred)))
}

/// The language with the region that a browser asks for first with it, else with one where it is at home. Made anew of
/// its parts, since some systems give tags that `Intl` refuses.
fn regional(locale: Locale, mut preferred: impl Iterator<Item = String>) -> String {
    let region = preferred.find_map(|tag| region_for(locale, &tag));
    let region = region.unwrap_or_else(|| at_home(locale).to_owned());
    format!("{}-{region}", locale.tag())
}

/// A region where the language is written as it is here.
fn at_home(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "GB",
        Locale::Fr => "FR",
        Locale::ZhHant => "TW",
    }
}

/// The region of a browser's tag, where it is of this language.
fn region_for(locale: Locale, tag: &str) -> Option<String> {
    if Locale::from_tag(tag) != Some(locale) {
        return None;
    }
    let mut parts = tag.split(|c: char| !c.is_ascii_alphanumeric()).skip(1);
    let region = parts.find(|part| part.len() == 2 && part.bytes().all(|letter| letter.is_ascii_alphabetic()))?;
    let region = region.to_ascii_uppercase();
    // Elsewhere Chinese is written in simplified characters, and its dates go with them.
    let here = locale != Locale::ZhHant || ["TW", "HK", "MO"].contains(&region.as_str());
    here.then_some(region)
}

fn object(entries: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (key, value) in entries {
        // Setting a property of a plain object does not fail.
        let _ = Reflect::set(&object, &JsValue::from_str(key), value);
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(locale: Locale, tags: &[&str]) -> String {
        regional(locale, tags.iter().map(|tag| (*tag).to_owned()))
    }

    #[test]
    fn dates_and_numbers_are_those_of_the_browsers_region() {
        assert_eq!(with(Locale::En, &["en-US", "en"]), "en-US");
        assert_eq!(with(Locale::En, &["fr-FR", "en-AU"]), "en-AU");
        assert_eq!(with(Locale::Fr, &["fr-CH", "de-CH"]), "fr-CH");
        assert_eq!(with(Locale::ZhHant, &["zh-HK"]), "zh-Hant-HK");
        assert_eq!(with(Locale::ZhHant, &["zh-Hant-TW"]), "zh-Hant-TW");
    }

    #[test]
    fn without_a_region_for_the_language_its_home_counts() {
        assert_eq!(with(Locale::En, &["en", "fr-FR"]), "en-GB");
        assert_eq!(with(Locale::En, &[]), "en-GB");
        assert_eq!(with(Locale::Fr, &["en-US"]), "fr-FR");
        assert_eq!(with(Locale::ZhHant, &["zh-CN", "en-US"]), "zh-Hant-TW");
    }

    #[test]
    fn a_tag_that_intl_would_refuse_is_made_anew() {
        assert_eq!(with(Locale::En, &["en-us@posix"]), "en-US");
        assert_eq!(with(Locale::Fr, &["fr_BE.UTF-8"]), "fr-BE");
    }
}
