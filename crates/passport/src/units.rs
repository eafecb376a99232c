//! Figures as people read them, without words: digits, grouping and decimal mark; the unit's name is the front end's.

use carnet_protocol::quantity::{Metres, Money};
use serde::{Deserialize, Serialize};

/// Units of distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DistanceUnit {
    /// Kilometres.
    Kilometres,
    /// International miles.
    Miles,
}

/// Millimetres of one international mile.
const MILE_MM: u128 = 1_609_344;

/// How numbers are written: the marks of a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Marks {
    /// Between groups of three digits.
    pub group: char,
    /// Between units and fraction.
    pub decimal: char,
}

impl Marks {
    /// English and Chinese: `1,234.5`.
    pub const COMMA_POINT: Marks = Marks { group: ',', decimal: '.' };
    /// French: `1 234,5` with a narrow no-break space.
    pub const SPACE_COMMA: Marks = Marks { group: '\u{202f}', decimal: ',' };
}

/// Whole units of a distance, rounded down as an odometer shows them. A distance is kept to the nearest metre, so half
/// a metre is allowed for: whole miles taken in are whole miles shown.
pub fn whole(distance: Metres, unit: DistanceUnit) -> u64 {
    match unit {
        DistanceUnit::Kilometres => distance.km(),
        DistanceUnit::Miles => u64::try_from((u128::from(distance.0) * 1_000 + 500) / MILE_MM).unwrap_or(u64::MAX),
    }
}

/// The distance of so many whole units, to the nearest metre.
pub fn from_whole(value: u64, unit: DistanceUnit) -> Metres {
    match unit {
        DistanceUnit::Kilometres => Metres::from_km(value),
        DistanceUnit::Miles => Metres(u64::try_from((u128::from(value) * MILE_MM + 500) / 1_000).unwrap_or(u64::MAX)),
    }
}

/// A whole number with its digits grouped: `123,456`.
pub fn grouped(value: u64, marks: Marks) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(marks.group);
        }
        text.push(digit);
    }
    text
}

/// A distance in whole units: `123,456`.
pub fn distance(distance: Metres, unit: DistanceUnit, marks: Marks) -> String {
    grouped(whole(distance, unit), marks)
}

/// An amount of money without its currency: `-1,234.50`. Currencies without cents (such as JPY) have no fraction.
pub fn amount(money: &Money, marks: Marks) -> String {
    let sign = if money.minor < 0 { "-" } else { "" };
    let minor = money.minor.unsigned_abs();
    let scale = 10_u64.pow(minor_digits(&money.currency));
    let units = grouped(minor / scale, marks);
    match minor_digits(&money.currency) {
        0 => format!("{sign}{units}"),
        digits => format!("{sign}{units}{}{:0width$}", marks.decimal, minor % scale, width = digits as usize),
    }
}

/// Digits of a currency's minor unit (ISO 4217); 2 for what is not listed and for an unnamed currency.
pub fn minor_digits(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV"
        | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// A whole number of parts as a number with so many decimals.
pub fn decimal(parts: i128, decimals: u32) -> String {
    let scale = 10_u128.pow(decimals);
    let (sign, parts) = (if parts < 0 { "-" } else { "" }, parts.unsigned_abs());
    match decimals {
        0 => format!("{sign}{parts}"),
        _ => format!("{sign}{}.{:0width$}", parts / scale, parts % scale, width = decimals as usize),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_rounded_down_and_grouped() {
        let d = Metres(93_132_357);
        assert_eq!(distance(d, DistanceUnit::Kilometres, Marks::COMMA_POINT), "93,132");
        assert_eq!(distance(d, DistanceUnit::Miles, Marks::SPACE_COMMA), "57\u{202f}869");
        assert_eq!(grouped(0, Marks::COMMA_POINT), "0");
        assert_eq!(grouped(1_000_000, Marks::COMMA_POINT), "1,000,000");
    }

    #[test]
    fn whole_miles_survive_the_way_to_metres_and_back() {
        for miles in (0..5_000).chain([57_869, 204_836, 999_999]) {
            assert_eq!(whole(from_whole(miles, DistanceUnit::Miles), DistanceUnit::Miles), miles);
        }
    }

    #[test]
    fn amounts_follow_the_currencys_minor_unit() {
        let money = |minor, currency: &str| Money { minor, currency: currency.into() };
        assert_eq!(amount(&money(123_450, "EUR"), Marks::SPACE_COMMA), "1\u{202f}234,50");
        assert_eq!(amount(&money(-5, "USD"), Marks::COMMA_POINT), "-0.05");
        assert_eq!(amount(&money(1_200, "JPY"), Marks::COMMA_POINT), "1,200");
        assert_eq!(amount(&money(1_234, "KWD"), Marks::COMMA_POINT), "1.234");
        assert_eq!(amount(&money(i64::MIN, ""), Marks::COMMA_POINT), "-92,233,720,368,547,758.08");
    }
}
