//! Numbers, dates and amounts of money as the chosen language writes them; the browser's `Intl` does the work.
//!
//! All of these follow the language when called inside a reactive scope.

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

use super::locale;

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
    Array::of1(&JsValue::from_str(locale().tag()))
}

fn object(entries: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (key, value) in entries {
        // Setting a property of a plain object does not fail.
        let _ = Reflect::set(&object, &JsValue::from_str(key), value);
    }
    object
}
