//! Days of the owner's own calendar, and when they end.

use carnet_protocol::day::{Day, Timestamp};
use js_sys::Date;

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
