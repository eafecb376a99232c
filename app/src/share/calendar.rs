//! Days of the owner's own calendar, and when they end.

use carnet_protocol::day::{Day, Timestamp};
use js_sys::Date;

/// Today, in the owner's time zone.
pub(crate) fn today() -> Day {
    let now = Date::new_0();
    // A clock outside the years that a day can name proposes the last of them; the wallet judges the end itself.
    Day::from_civil(now.get_full_year() as i32, now.get_month() as u8 + 1, now.get_date() as u8).unwrap_or(Day::LAST)
}

/// This many days later.
pub(super) fn later(day: Day, days: u16) -> Day {
    Day(day.0.saturating_add(days))
}

/// The last second of a day, in the owner's time zone.
pub(super) fn end_of(day: Day) -> Timestamp {
    let (year, month, date) = day.to_civil();
    let end = Date::new_with_year_month_day_hr_min_sec(
        year.unsigned_abs(),
        i32::from(month) - 1,
        i32::from(date),
        23,
        59,
        59,
    );
    Timestamp(end.get_time() as u64)
}
