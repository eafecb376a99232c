//! Costs with their currency.

use crate::decimal::{Decimal, Marked};
use carnet_passport::units::minor_digits;
use carnet_protocol::quantity::Money;

/// What a value says of its currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CurrencySeen {
    /// Nothing.
    None,
    /// This one.
    Code(&'static str),
    /// One of several with the same symbol.
    OneOf(&'static [&'static str]),
    /// A sign that is not known.
    Unknown,
}

/// The currency of what stood around a number.
pub fn currency(unit: &str) -> CurrencySeen {
    let unit = unit.trim().trim_end_matches('.').to_lowercase();
    CurrencySeen::Code(match unit.as_str() {
        "" => return CurrencySeen::None,
        "€" | "eur" => "EUR",
        "£" | "gbp" => "GBP",
        "us$" | "usd" => "USD",
        "nt$" | "twd" => "TWD",
        "hk$" | "hkd" => "HKD",
        "a$" | "aud" => "AUD",
        "ca$" | "c$" | "cad" => "CAD",
        "nz$" | "nzd" => "NZD",
        "chf" | "fr" => "CHF",
        "zł" | "pln" => "PLN",
        "kč" | "czk" => "CZK",
        "ft" | "huf" => "HUF",
        "₹" | "inr" => "INR",
        "₽" | "rub" => "RUB",
        "₴" | "uah" => "UAH",
        "₺" | "try" => "TRY",
        "₩" | "krw" => "KRW",
        "jpy" => "JPY",
        "cny" => "CNY",
        "sek" => "SEK",
        "nok" => "NOK",
        "dkk" => "DKK",
        "r$" | "brl" => "BRL",
        "$" => return CurrencySeen::OneOf(&["USD", "CAD", "AUD", "NZD", "TWD", "HKD", "SGD", "MXN"]),
        "¥" | "￥" => return CurrencySeen::OneOf(&["JPY", "CNY"]),
        "kr" => return CurrencySeen::OneOf(&["SEK", "NOK", "DKK", "ISK"]),
        _ => return CurrencySeen::Unknown,
    })
}

/// Currencies offered where a value names none.
pub const COMMON: [&str; 8] = ["EUR", "USD", "GBP", "TWD", "CHF", "CAD", "AUD", "JPY"];

/// An amount in a currency's minor unit; `None` where it does not fit.
pub fn amount(value: Decimal, currency: &str) -> Option<Money> {
    let minor = value.to_integer(10_u64.pow(minor_digits(currency)), 1)?;
    Some(Money { minor, currency: currency.to_owned() })
}

/// The currency a cleaned value is in: what it says itself, else what was answered. `None` while that is open.
pub fn settled<'a>(marked: &Marked, answer: Option<&'a str>) -> Option<&'a str> {
    match currency(&marked.unit) {
        CurrencySeen::Code(code) => Some(code),
        CurrencySeen::None | CurrencySeen::OneOf(_) | CurrencySeen::Unknown => answer,
    }
}
