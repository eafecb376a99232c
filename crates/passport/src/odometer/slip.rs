//! Slips of the pen, taken back: which figures could have been meant.

use super::finding::Slip;

/// The figure of whole kilometres between `low` and `high` that one slip of the pen turns into `written`; of several
/// the one of the more telling slip, then the nearest to the middle. `None` where no slip leads there.
pub(super) fn meant(written: u64, low: i64, high: i64) -> Option<(u64, Slip)> {
    let middle = low.midpoint(high);
    candidates(written)
        .into_iter()
        .filter(|(km, _)| *km != written)
        .filter(|(km, _)| i64::try_from(*km).is_ok_and(|km| low <= km && km <= high))
        .min_by_key(|(km, slip)| (*slip, (*km as i64).abs_diff(middle), *km))
}

/// Every figure that one slip turns into `written`: at most 150 for figures of eight digits.
fn candidates(written: u64) -> Vec<(u64, Slip)> {
    let digits: Vec<u8> = written.to_string().bytes().map(|b| b - b'0').collect();
    let mut found = Vec::new();
    // More digits than any odometer has: nothing to take back.
    if digits.len() > DIGITS_MAX {
        return found;
    }
    for at in 0..digits.len() {
        if at + 1 < digits.len() {
            let mut other = digits.clone();
            other.swap(at, at + 1);
            found.push((number(&other), Slip::SwappedDigits));
            if digits[at] == digits[at + 1] {
                let mut other = digits.clone();
                other.remove(at);
                found.push((number(&other), Slip::DoubledDigit));
            }
        }
        for digit in 0..=9 {
            let mut other = digits.clone();
            other[at] = digit;
            found.push((number(&other), Slip::WrongDigit));
        }
    }
    for at in 0..=digits.len() {
        for digit in 0..=9 {
            let mut other = digits.clone();
            other.insert(at, digit);
            found.push((number(&other), Slip::DroppedDigit));
        }
    }
    found
}

/// Digits of a reading that can be a slip: seven, and one doubled.
const DIGITS_MAX: usize = 8;

fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |sum, digit| sum * 10 + u64::from(*digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_slip_is_taken_back() {
        assert_eq!(meant(28_345, 80_000, 84_000), Some((82_345, Slip::SwappedDigits)));
        assert_eq!(meant(8_245, 82_000, 83_000), Some((82_495, Slip::DroppedDigit)));
        assert_eq!(meant(882_345, 80_000, 84_000), Some((82_345, Slip::DoubledDigit)));
        assert_eq!(meant(52_345, 80_000, 84_000), Some((82_345, Slip::WrongDigit)));
    }

    #[test]
    fn no_slip_leads_to_a_figure_two_digits_away() {
        assert_eq!(meant(78_950, 60_210, 60_800), None);
        assert_eq!(meant(60_500, 60_210, 60_499), Some((60_400, Slip::WrongDigit)));
        assert_eq!(meant(u64::MAX, 0, i64::MAX), None);
    }
}
