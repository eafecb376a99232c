//! How fast this car usually gathers distance, so that what is much for one is little for another.

use super::reading::Reading;

/// Metres a day of a car of which too little is known: 14,600 km a year.
const UNKNOWN: i64 = 40_000;

/// The least that is taken as usual, 5,100 km a year: even a car that seldom moves may go on a holiday.
const LEAST: i64 = 14_000;

/// Spans shorter than this say more of the week than of the car.
const SPAN_DAYS_MIN: i64 = 30;

/// Spans around a reading that tell how the car was used then.
const NEAR_DAYS: i64 = 365;

/// Spans shorter than this do not tell how the car was used.
const NEAR_DAYS_MIN: i64 = 60;

/// The pace of a line of readings.
pub(super) struct Pace {
    line: Vec<Reading>,
    overall: i64,
}

impl Pace {
    /// Of the readings on the line, in order.
    pub(super) fn of(line: Vec<Reading>) -> Pace {
        let overall = median(&line).unwrap_or(UNKNOWN).max(LEAST);
        Pace { line, overall }
    }

    /// Metres a day, usually.
    pub(super) fn usual(&self) -> i64 {
        self.overall
    }

    /// Metres a day in the year up to one reading of the line and in the year from another on, or usually; whichever
    /// is most, and never more than three times what is usual.
    pub(super) fn around(&self, before: Option<usize>, after: Option<usize>) -> i64 {
        let before = before.and_then(|end| {
            let last = &self.line[end];
            let start = self.line[..end].partition_point(|r| r.days_to(last) > NEAR_DAYS);
            per_day(&self.line[start], last)
        });
        let after = after.and_then(|start| {
            let first = &self.line[start];
            let end = self.line.partition_point(|r| first.days_to(r) <= NEAR_DAYS);
            per_day(first, self.line.get(end.checked_sub(1)?)?)
        });
        before.max(after).unwrap_or(0).min(self.overall * 3).max(self.overall)
    }
}

fn per_day(first: &Reading, last: &Reading) -> Option<i64> {
    let days = first.days_to(last);
    (days >= NEAR_DAYS_MIN).then(|| (last.total - first.total) / days)
}

/// The pace below which half of the days lie.
fn median(line: &[Reading]) -> Option<i64> {
    let mut spans: Vec<(i64, i64)> = Vec::new();
    let mut start = line.first()?;
    for reading in line {
        let days = start.days_to(reading);
        if days >= SPAN_DAYS_MIN {
            spans.push(((reading.total - start.total) / days, days));
            start = reading;
        }
    }
    spans.sort_unstable();
    let half = spans.iter().map(|(_, days)| days).sum::<i64>() / 2;
    let mut sum = 0;
    spans
        .iter()
        .find(|(_, days)| {
            sum += days;
            sum >= half
        })
        .map(|(pace, _)| *pace)
}
