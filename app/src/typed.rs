//! Numbers and days as people type them.

use carnet_passport::units::minor_digits;
use carnet_protocol::day::Day;

use crate::i18n::format;
use crate::t;
use crate::ui::Text;

/// More is no car's odometer.
pub(crate) const ODOMETER_KM_MAX: u64 = 9_999_999;

/// Currencies offered; ISO 4217 codes say the same in every language.
pub(crate) const CURRENCIES: [&str; 6] = ["EUR", "CHF", "GBP", "USD", "TWD", "CAD"];

/// Today, in the time zone of this device.
pub(crate) fn today() -> Day {
    let now = js_sys::Date::new_0();
    // A clock outside the years that a day can name proposes the last of them; the wallet judges days itself.
    Day::from_civil(now.get_full_year() as i32, now.get_month() as u8 + 1, now.get_date() as u8).unwrap_or(Day::LAST)
}

/// The day of a date field, or what is wrong with it.
fn day(text: &str) -> Result<Day, Text> {
    Day::parse_iso(text).ok_or_else(|| match text.trim() {
        "" => t!(new_record::day_wrong),
        _ => t!(new_record::day_range, first = format::day(0), last = format::day(today().0)),
    })
}

/// [`day`] of something that has happened.
pub(crate) fn past_day(text: &str) -> Result<Day, Text> {
    let (read, today) = (day(text)?, today());
    if read <= today { Ok(read) } else { Err(t!(new_record::day_ahead, last = format::day(today.0))) }
}

/// Digits, perhaps in groups of three (`12 345`, `12.345`, `12'345`), no fraction: `12345.6` is refused, for without its
/// mark it would be ten times as much.
pub(crate) fn whole_number(text: &str) -> Option<u64> {
    let mut groups = text.trim().split([' ', '\u{a0}', '\u{202f}', '.', ',', '\'', '’']);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let grouped = rest.is_empty() || first.len() <= 3;
    let good = grouped && rest.iter().all(|group| group.len() == 3);
    let digits: String = core::iter::once(first).chain(rest).collect();
    if good && digits.bytes().all(|digit| digit.is_ascii_digit()) { digits.parse().ok() } else { None }
}

/// An amount in the minor unit of its currency, with no more decimals after a comma or point than that has: two for most,
/// none for yen, three for dinars. A single mark with three digits behind it could be either where there are two, and is
/// refused.
pub(crate) fn minor_units(text: &str, currency: &str) -> Option<i64> {
    let digits = minor_digits(currency) as usize;
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (whole, fraction) = match text.rfind(['.', ',']) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text.as_str(), ""),
    };
    let plain =
        !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) && fraction.bytes().all(|b| b.is_ascii_digit());
    if !plain || fraction.len() > digits || whole.len() > 12 {
        return None;
    }
    format!("{whole}{fraction:0<digits$}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_or_refused_never_guessed() {
        let cents = |text| minor_units(text, "EUR");
        assert_eq!(cents("12"), Some(1_200));
        assert_eq!(cents("12,5"), Some(1_250));
        assert_eq!(cents("1234.56"), Some(123_456));
        assert_eq!(minor_units("1500", "JPY"), Some(1_500));
        assert_eq!(minor_units("1500.5", "JPY"), None);
        assert_eq!(minor_units("12,5", "TND"), Some(12_500));
        for wrong in ["1.234", "1,234", "12,345,678", "-5", "x", ",5", "1.2.3"] {
            assert_eq!(cents(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn grouped_readings_are_whole_numbers() {
        for text in ["12345", "12 345", "12.345", "12,345", "12’345"] {
            assert_eq!(whole_number(text), Some(12_345), "{text}");
        }
        assert_eq!(whole_number("1,234,567"), Some(1_234_567));
        for wrong in ["12 km", "", "12345.6", "12,5", "1.2.3", "1234 567", "-5", "12  345"] {
            assert_eq!(whole_number(wrong), None, "{wrong}");
        }
    }
}
