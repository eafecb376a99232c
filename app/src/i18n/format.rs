//! Numbers, dates and amounts of money as the chosen language writes them; the browser's `Intl` does the work.
//!
//! All of these follow the language when called inside a reactive scope. How a language writes a date differs by region:
//! the browser's own region counts, where it has one for the language.

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use leptos::prelude::window;
use std::{cell::RefCell, collections::HashMap};
use wasm_bindgen::JsValue;

use super::{Locale, locale};

/// A day, counted from 1 January 1970 (UTC).
type UnixDay = u16;

const SECONDS_PER_DAY: f64 = 86_400.0;

/// How something is written, as `Intl` takes it.
type Options<'a> = &'a [(&'a str, &'a str)];

thread_local! {
    /// What writes so in a language and region, once it was asked for: a browser takes far longer to make one than to use it.
    static MADE: RefCell<HashMap<String, Function>> = RefCell::default();
}

/// A number with its digits grouped, at most two decimals.
#[cfg(target_arch = "wasm32")]
pub fn number(value: f64) -> String {
    formatted_number(value, &[("maximumFractionDigits", "2")])
}

/// Outside a browser (tests of the messages) digits stand ungrouped.
#[cfg(not(target_arch = "wasm32"))]
pub fn number(value: f64) -> String {
    value.to_string()
}

/// A number with its unit in short, such as `12 345 km`. `unit` is one of those that `Intl.NumberFormat` knows
/// (`kilometer`, `mile`, `percent`, `day`, `kilobyte`).
pub fn with_unit(value: f64, unit: &str) -> String {
    formatted_number(value, &[("style", "unit"), ("unit", unit), ("maximumFractionDigits", "1")])
}

/// A distance in kilometres.
pub fn kilometres(value: u32) -> String {
    with_unit(f64::from(value), "kilometer")
}

/// An amount of money, given in hundredths, with an ISO 4217 currency code. One that is none stands as it was written:
/// `Intl` refuses it.
pub fn money(cents: i64, currency: &str) -> String {
    if currency.len() != 3 || !currency.bytes().all(|letter| letter.is_ascii_alphabetic()) {
        return format!("{} {currency}", number(cents as f64 / 100.0));
    }
    formatted_number(cents as f64 / 100.0, &[("style", "currency"), ("currency", currency)])
}

/// A day such as `14 Mar 2025`. A day has no time zone: it reads the same everywhere.
pub fn day(day: UnixDay) -> String {
    formatted_date(f64::from(day) * SECONDS_PER_DAY, &[("dateStyle", "medium"), ("timeZone", "UTC")])
}

/// A month such as `Mar 2025`, for axes.
pub fn month(day: UnixDay) -> String {
    formatted_date(f64::from(day) * SECONDS_PER_DAY, &[("year", "numeric"), ("month", "short"), ("timeZone", "UTC")])
}

/// A point in time in the reader's own time zone, to the minute. `seconds` since 1970.
pub fn date_time(seconds: i64) -> String {
    // Made anew: who travels has another time zone.
    let options = object(&[("dateStyle", "medium"), ("timeStyle", "short")]);
    let format = Intl::DateTimeFormat::new(&locales(), &options).format();
    called(&format, &date(seconds as f64)).unwrap_or_default()
}

fn formatted_number(value: f64, options: Options<'_>) -> String {
    let format = made(options, |locales, options| Intl::NumberFormat::new(locales, options).format());
    called(&format, &JsValue::from_f64(value)).unwrap_or_else(|| value.to_string())
}

fn formatted_date(seconds: f64, options: Options<'_>) -> String {
    let format = made(options, |locales, options| Intl::DateTimeFormat::new(locales, options).format());
    called(&format, &date(seconds)).unwrap_or_default()
}

fn date(seconds: f64) -> Date {
    Date::new(&JsValue::from_f64(seconds * 1_000.0))
}

/// What writes so in the chosen language. Numbers and dates have no options in common.
fn made(options: Options<'_>, make: fn(&Array, &Object) -> Function) -> Function {
    let locales = locales();
    let named = options.iter().flat_map(|(name, value)| [*name, "=", *value, ";"]);
    let key: String = locales.get(0).as_string().into_iter().chain(named.map(str::to_owned)).collect();
    if let Some(made) = MADE.with_borrow(|made| made.get(&key).cloned()) {
        return made;
    }
    // With nothing borrowed, for it may throw.
    let format = make(&locales, &object(options));
    MADE.with_borrow_mut(|made| made.insert(key, format.clone()));
    format
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

fn object(entries: Options<'_>) -> Object {
    let object = Object::new();
    for (key, value) in entries {
        // Setting a property of a plain object does not fail.
        let _ = Reflect::set(&object, &JsValue::from_str(key), &JsValue::from_str(value));
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
