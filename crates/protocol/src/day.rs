//! Days and times.

use serde::{Deserialize, Serialize};

/// A Unix day number (days since 1970-01-01 UTC): a leaf of the day tree. Reaches to the year 2149.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub u16);

impl Day {
    /// The first day a tree has a leaf for.
    pub const FIRST: Day = Day(0);
    /// The last day a tree has a leaf for; as the end of a range it means "open-ended".
    pub const LAST: Day = Day(u16::MAX);

    /// The day of a civil date (proleptic Gregorian); `None` when it does not exist or lies outside the tree.
    pub fn from_civil(year: i32, month: u8, day: u8) -> Option<Day> {
        if !(1970..=2149).contains(&year) || !(1..=12).contains(&month) || day == 0 || day > days_in_month(year, month)
        {
            return None;
        }
        // Days from civil, counting years from March (H. Hinnant, "chrono-compatible low-level date algorithms").
        let y = if month <= 2 { year - 1 } else { year };
        let era = y.div_euclid(400);
        let yoe = y.rem_euclid(400);
        let mp = (i32::from(month) + 9) % 12;
        let doy = (153 * mp + 2) / 5 + i32::from(day) - 1;
        let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
        u16::try_from(era * 146_097 + doe - 719_468).ok().map(Day)
    }

    /// The civil date (year, month, day) of this day.
    pub fn to_civil(self) -> (i32, u8, u8) {
        let z = i32::from(self.0) + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i32::from(month <= 2);
        (year, month as u8, day as u8)
    }

    /// Parses `YYYY-MM-DD`.
    pub fn parse_iso(text: &str) -> Option<Day> {
        let mut parts = text.splitn(3, '-');
        let (y, m, d) = (parts.next()?, parts.next()?, parts.next()?);
        if y.len() != 4 || m.len() != 2 || d.len() != 2 || !text.bytes().all(|b| b == b'-' || b.is_ascii_digit()) {
            return None;
        }
        Day::from_civil(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?)
    }
}

impl core::fmt::Display for Day {
    /// `YYYY-MM-DD`.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (y, m, d) = self.to_civil();
        write!(f, "{y:04}-{m:02}-{d:02}")
    }
}

fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A range of days, both ends included. `first <= last` holds by construction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "(Day, Day)", into = "(Day, Day)")]
pub struct DayRange {
    first: Day,
    last: Day,
}

/// A range whose end lies before its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the last day lies before the first")]
pub struct EmptyRange;

impl DayRange {
    /// Every day there is.
    pub const ALL: DayRange = DayRange { first: Day::FIRST, last: Day::LAST };

    /// The days from `first` to `last`, both included.
    ///
    /// # Errors
    /// [`EmptyRange`] when `last` lies before `first`.
    pub fn new(first: Day, last: Day) -> Result<Self, EmptyRange> {
        if first <= last { Ok(Self { first, last }) } else { Err(EmptyRange) }
    }

    /// All days from `first` on.
    pub fn from(first: Day) -> Self {
        Self { first, last: Day::LAST }
    }

    /// The first day.
    pub fn first(self) -> Day {
        self.first
    }

    /// The last day.
    pub fn last(self) -> Day {
        self.last
    }

    /// Whether the range has no end.
    pub fn is_open_ended(self) -> bool {
        self.last == Day::LAST
    }

    /// Whether every day of `other` lies in the range.
    pub fn contains_range(self, other: DayRange) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// Whether `day` lies in the range.
    pub fn contains(self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }
}

impl TryFrom<(Day, Day)> for DayRange {
    type Error = EmptyRange;
    fn try_from((first, last): (Day, Day)) -> Result<Self, EmptyRange> {
        Self::new(first, last)
    }
}

impl From<DayRange> for (Day, Day) {
    fn from(range: DayRange) -> Self {
        (range.first, range.last)
    }
}

/// Milliseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// Milliseconds of one second.
    pub const SECOND: u64 = 1_000;
    /// Milliseconds of one day.
    pub const DAY: u64 = 86_400_000;

    /// The UTC day; times beyond the tree fall on its last day.
    pub fn day(self) -> Day {
        Day(u16::try_from(self.0 / Self::DAY).unwrap_or(u16::MAX))
    }

    /// This time moved by `milliseconds`, without wrapping.
    pub fn plus(self, milliseconds: u64) -> Timestamp {
        Timestamp(self.0.saturating_add(milliseconds))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_day_of_the_tree_goes_to_a_civil_date_and_back() {
        for n in 0..=u16::MAX {
            let (y, m, d) = Day(n).to_civil();
            assert_eq!(Day::from_civil(y, m, d), Some(Day(n)));
            assert_eq!(Day::parse_iso(&Day(n).to_string()), Some(Day(n)));
        }
        assert_eq!(Day::from_civil(1970, 1, 1), Some(Day(0)));
        assert_eq!(Day::from_civil(2026, 11, 21), Some(Day(20_778)));
    }

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        for text in ["2023-02-29", "2023-13-01", "2023-00-10", "1969-12-31", "2150-01-01", "23-01-01", "2023-1-1", "x"]
        {
            assert_eq!(Day::parse_iso(text), None, "{text}");
        }
    }

    #[test]
    fn a_backward_range_is_refused_on_the_wire_too() {
        let bytes = crate::encoding::encode(&(Day(2), Day(1)));
        assert!(crate::encoding::decode::<DayRange>(&bytes).is_err());
    }
}
