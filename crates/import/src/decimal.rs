//! Decimal numbers as files write them: exact, without floating point.

mod vote;

pub use vote::{MarkFound, MarkVote, Marked, clean};

/// A decimal number: `mantissa` / 10^`scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal {
    mantissa: i64,
    scale: u32,
}

/// Digits taken of a fraction; more than any unit here can show.
const FRACTION_MAX: usize = 9;

impl Decimal {
    /// Parses digits with an optional sign, a fraction after a point, and an exponent. Digits of the fraction beyond
    /// the ninth are cut. `None` for anything else, or beyond 64 bits.
    pub fn parse_plain(text: &str) -> Option<Decimal> {
        let (base, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok().filter(|e| e.abs() <= 30)?),
            None => (text, 0),
        };
        let (negative, digits) = match base.strip_prefix(['-', '+']) {
            Some(rest) => (base.starts_with('-'), rest),
            None => (false, base),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        // The point moves by the exponent; then the fraction is cut to its limit.
        let mut text: String = format!("{whole}{fraction}");
        let mut scale = i32::try_from(fraction.len()).ok()? - exponent;
        while scale < 0 {
            text.push('0');
            scale += 1;
        }
        while scale > FRACTION_MAX as i32 {
            text.pop();
            scale -= 1;
        }
        let mantissa: i64 = if text.is_empty() { 0 } else { text.parse().ok()? };
        Some(Decimal { mantissa: if negative { -mantissa } else { mantissa }, scale: u32::try_from(scale).ok()? })
    }

    /// The nearest integer to this number times `numerator` / `denominator`, halves away from zero; `None` beyond 64
    /// bits.
    pub fn to_integer(self, numerator: u64, denominator: u64) -> Option<i64> {
        let divisor = i128::from(denominator).checked_mul(10_i128.pow(self.scale)).filter(|d| *d > 0)?;
        let scaled = i128::from(self.mantissa) * i128::from(numerator);
        let half = divisor / 2;
        let rounded = if scaled < 0 { (scaled - half) / divisor } else { (scaled + half) / divisor };
        i64::try_from(rounded).ok()
    }

    /// As [`Self::to_integer`]; `None` below zero too.
    pub fn to_unsigned(self, numerator: u64, denominator: u64) -> Option<u64> {
        self.to_integer(numerator, denominator).and_then(|n| u64::try_from(n).ok())
    }

    /// This number times another; `None` where it does not fit.
    pub fn times(self, other: Decimal) -> Option<Decimal> {
        let product = i128::from(self.mantissa) * i128::from(other.mantissa);
        let mut scale = self.scale + other.scale;
        let mut mantissa = product;
        while scale > FRACTION_MAX as u32 {
            mantissa /= 10;
            scale -= 1;
        }
        Some(Decimal { mantissa: i64::try_from(mantissa).ok()?, scale })
    }
}

impl From<i64> for Decimal {
    fn from(mantissa: i64) -> Self {
        Decimal { mantissa, scale: 0 }
    }
}

impl core::fmt::Display for Decimal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if self.scale == 0 {
            return write!(f, "{}", self.mantissa);
        }
        let unit = 10_u64.pow(self.scale);
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let size = self.mantissa.unsigned_abs();
        let fraction = format!("{:0width$}", size % unit, width = self.scale as usize);
        write!(f, "{sign}{}.{fraction}", size / unit)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parse(text: &str) -> Decimal {
        Decimal::parse_plain(text).unwrap()
    }

    #[test]
    fn miles_become_metres_exactly() {
        assert_eq!(parse("57869.762487").to_unsigned(1_609_344, 1_000), Some(93_132_355));
        assert_eq!(parse("1").to_unsigned(1_609_344, 1_000), Some(1_609));
        assert_eq!(parse("-2.5").to_integer(1, 1), Some(-3));
        assert_eq!(parse("-1").to_unsigned(1, 1), None);
    }

    #[test]
    fn exponents_move_the_point() {
        assert_eq!(parse("1.5e3"), parse("1500"));
        assert_eq!(parse("25e-1"), parse("2.5"));
        assert_eq!(parse("1e-30").to_integer(1, 1), Some(0));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "-", ".", "1.2.3", "1,2", "0x10", "NaN", "inf", "1e99", "١", "99999999999999999999"] {
            assert_eq!(Decimal::parse_plain(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_is_written_as_it_was_read() {
        for text in ["0", "-0.05", "12.340", "123456789.123456789"] {
            assert_eq!(parse(text).to_string(), text);
        }
    }
}
