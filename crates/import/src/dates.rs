//! Dates as people's programs write them. The order of day and month is decided over a whole column.

use crate::{DateOrder, limits, text};
use carnet_protocol::day::Day;

/// A date as it stands in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenDate {
    /// Day, month and year are known: the year comes first, or points part it, as only day-first languages do.
    Fixed(i32, u8, u8),
    /// Two numbers and a year: which of the numbers is the month, the order tells.
    Pair(u8, u8, i32),
}

/// Why a value gives no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFault {
    /// It is no date, or does not exist.
    NotADate,
    /// It is a date that a passport cannot hold.
    OutOfRange,
    /// Either order gives a date, and the order is not known.
    NeedsOrder,
}

/// Takes a value apart; a time of day after the date is passed over. `None` when it has not the shape of a date.
pub fn parse(value: &str) -> Option<WrittenDate> {
    let value = value.trim();
    let date_end = value.find(|c: char| c == 'T' || c == 't' || (c.is_whitespace())).unwrap_or(value.len());
    let (date, time) = value.split_at(date_end);
    if !time.chars().all(|c| c.is_ascii_alphanumeric() || c.is_whitespace() || matches!(c, ':' | '.' | '+' | '-')) {
        return None;
    }
    let mark = date.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '/' | '-' | '.'))?;
    let mut parts = date.trim_end_matches('.').split(mark);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some()
        || ![a, b, c].iter().all(|p| (1..=4).contains(&p.len()) && p.bytes().all(|d| d.is_ascii_digit()))
    {
        return None;
    }
    let short = |text: &str| text.parse::<u8>().ok();
    if a.len() == 4 {
        return Some(WrittenDate::Fixed(a.parse().ok()?, short(b)?, short(c)?));
    }
    let year = year(c)?;
    match mark {
        '.' => Some(WrittenDate::Fixed(year, short(b)?, short(a)?)),
        _ => Some(WrittenDate::Pair(short(a)?, short(b)?, year)),
    }
}

/// A year of four digits, or of two: 70 to 99 belong to the last century.
fn year(text: &str) -> Option<i32> {
    let year: i32 = text.parse().ok()?;
    match text.len() {
        4 => Some(year),
        2 if year >= 70 => Some(1900 + year),
        2 => Some(2000 + year),
        _ => None,
    }
}

impl WrittenDate {
    /// The day in a given order, or in either where both give the same or only one gives a date at all.
    ///
    /// # Errors
    /// [`DateFault`].
    pub fn day(self, order: Option<DateOrder>) -> Result<Day, DateFault> {
        match (self, order) {
            (WrittenDate::Fixed(year, month, day), _) => civil(year, month, day),
            (WrittenDate::Pair(a, b, year), Some(DateOrder::DayMonthYear)) => civil(year, b, a),
            (WrittenDate::Pair(a, b, year), Some(DateOrder::MonthDayYear)) => civil(year, a, b),
            (WrittenDate::Pair(a, b, _), None) if a != b && a <= 12 && b <= 12 => Err(DateFault::NeedsOrder),
            (WrittenDate::Pair(a, b, year), None) if a > 12 => civil(year, b, a),
            (WrittenDate::Pair(a, b, year), None) => civil(year, a, b),
        }
    }

    fn order(self) -> Option<DateOrder> {
        match self {
            WrittenDate::Pair(a, b, _) if a > 12 && b <= 12 => Some(DateOrder::DayMonthYear),
            WrittenDate::Pair(a, b, _) if a <= 12 && b > 12 => Some(DateOrder::MonthDayYear),
            _ => None,
        }
    }

    fn is_ambiguous(self) -> bool {
        self.day(None) == Err(DateFault::NeedsOrder)
    }
}

fn civil(year: i32, month: u8, day: u8) -> Result<Day, DateFault> {
    if (1..=12).contains(&month) && (1..=31).contains(&day) && !(1970..=2149).contains(&year) {
        return Err(DateFault::OutOfRange);
    }
    Day::from_civil(year, month, day).ok_or(DateFault::NotADate)
}

/// Counts what the dates of a column say of their order.
#[derive(Debug, Default)]
pub struct OrderVote {
    day_first: bool,
    month_first: bool,
    ambiguous: Vec<String>,
}

/// How the vote came out.
#[derive(Debug, PartialEq, Eq)]
pub enum OrderFound {
    /// No date depends on it.
    Irrelevant,
    /// All agree.
    Order(DateOrder),
    /// No date tells, or they contradict each other.
    Unknown,
}

impl OrderVote {
    /// Takes in one value.
    pub fn add(&mut self, value: &str) {
        let Some(date) = parse(value) else { return };
        match date.order() {
            Some(DateOrder::DayMonthYear) => self.day_first = true,
            Some(DateOrder::MonthDayYear) => self.month_first = true,
            None if date.is_ambiguous() && self.ambiguous.len() < limits::EXAMPLES_MAX => {
                self.ambiguous.push(text::excerpt(value));
            }
            None => {}
        }
    }

    /// The result.
    pub fn found(&self) -> OrderFound {
        match (self.day_first, self.month_first) {
            _ if self.ambiguous.is_empty() => OrderFound::Irrelevant,
            (true, false) => OrderFound::Order(DateOrder::DayMonthYear),
            (false, true) => OrderFound::Order(DateOrder::MonthDayYear),
            _ => OrderFound::Unknown,
        }
    }

    /// Values that read both ways.
    pub fn examples(&self) -> Vec<String> {
        self.ambiguous.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str, order: Option<DateOrder>) -> Result<String, DateFault> {
        parse(text).ok_or(DateFault::NotADate).and_then(|d| d.day(order)).map(|d| d.to_string())
    }

    #[test]
    fn dates_of_many_languages_are_read() {
        let dmy = Some(DateOrder::DayMonthYear);
        for (text, expected) in [
            ("2024-02-29", "2024-02-29"),
            ("2024/2/9", "2024-02-09"),
            ("9.2.2024", "2024-02-09"),
            ("09/02/2024", "2024-02-09"),
            ("09-02-24", "2024-02-09"),
            ("2024-02-09T08:30:00.000Z", "2024-02-09"),
            ("09/02/2024 8:30 PM", "2024-02-09"),
        ] {
            assert_eq!(day(text, dmy).as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(day("5/8/2020", Some(DateOrder::MonthDayYear)).as_deref(), Ok("2020-05-08"));
    }

    #[test]
    fn an_order_is_needed_only_where_it_matters() {
        assert_eq!(day("01/01/2024", None).as_deref(), Ok("2024-01-01"));
        assert_eq!(day("30/05/2024", None).as_deref(), Ok("2024-05-30"));
        assert_eq!(day("05/30/2024", None).as_deref(), Ok("2024-05-30"));
        assert_eq!(day("05/06/2024", None), Err(DateFault::NeedsOrder));
    }

    #[test]
    fn what_is_no_date_is_told_from_what_lies_outside() {
        assert_eq!(day("2023-02-29", None), Err(DateFault::NotADate));
        assert_eq!(day("1900-01-01", None), Err(DateFault::OutOfRange));
        for text in ["", "soon", "2024", "1/2", "1/2/3/4", "2024-01-01 <b>", "１/２/2024", "1/2/024"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_column_decides_over_all_its_values() {
        let found = |values: &[&str]| {
            let mut vote = OrderVote::default();
            values.iter().for_each(|v| vote.add(v));
            vote.found()
        };
        assert_eq!(found(&["5/8/2020", "5/30/2020"]), OrderFound::Order(DateOrder::MonthDayYear));
        assert_eq!(found(&["01/01/2020", "01/02/2020"]), OrderFound::Unknown);
        assert_eq!(found(&["1/1/2024"]), OrderFound::Irrelevant);
        assert_eq!(found(&["1/2/2024", "13/2/2024", "2/13/2024"]), OrderFound::Unknown);
    }
}
