//! What a car does: metres driven day by day, and what its instrument shows of them.

use super::numbers::Numbers;
use carnet_protocol::day::Day;

/// How a car is used.
#[derive(Clone, Copy)]
pub struct Use {
    /// Kilometres on a working day.
    pub workday: u64,
    /// Working days in a thousand on which it moves.
    pub moves: u64,
    /// Kilometres on a day of the weekend.
    pub weekend: u64,
    /// Long trips a year, each of 600 to 3,000 km over a week.
    pub trips: u64,
}

/// The way to work and back, weekends, a holiday or two: 8,000 to 20,000 km a year.
pub fn commuter(n: &mut Numbers) -> Use {
    Use { workday: n.between(15, 60), moves: n.between(700, 950), weekend: n.between(10, 70), trips: n.between(0, 3) }
}

/// Shopping, the doctor, the grandchildren: 1,500 to 6,000 km a year.
pub fn retiree(n: &mut Numbers) -> Use {
    Use { workday: n.between(6, 20), moves: n.between(300, 600), weekend: n.between(5, 25), trips: n.between(0, 1) }
}

/// 60,000 to 110,000 km a year.
pub fn taxi(n: &mut Numbers) -> Use {
    Use { workday: n.between(180, 340), moves: 960, weekend: n.between(120, 300), trips: 0 }
}

/// 30,000 to 60,000 km a year, nearly all in the week.
pub fn salesman(n: &mut Numbers) -> Use {
    Use { workday: n.between(120, 230), moves: 880, weekend: n.between(5, 60), trips: n.between(1, 3) }
}

/// A car for the weekend.
pub fn second_car(n: &mut Numbers) -> Use {
    Use { workday: n.between(4, 12), moves: 250, weekend: n.between(15, 60), trips: n.between(0, 2) }
}

pub struct Car {
    pub first: Day,
    pub last: Day,
    /// Metres driven in all at the end of each day from `first` on.
    driven: Vec<u64>,
    /// From this day on the instrument shows the metres driven with this added.
    shifts: Vec<(Day, i64)>,
}

impl Car {
    /// A new car that lives for so many days.
    pub fn new(n: &mut Numbers, days: u64, usage: Use) -> Self {
        let first = Day(n.between(14_600, 17_500) as u16);
        let mut car = Car { first, last: first, driven: vec![n.between(3, 90) * 1_000], shifts: vec![(Day(0), 0)] };
        car.live(n, days, usage);
        car
    }

    /// Lives on, used in this way.
    pub fn live(&mut self, n: &mut Numbers, days: u64, usage: Use) {
        let mut trip = 0_u64;
        let mut trip_daily = 0;
        for _ in 0..days {
            let day = self.last.0 + 1;
            if trip == 0 && n.between(0, 364) < usage.trips {
                trip = 7;
                trip_daily = n.between(600, 3_000) / 7;
            }
            let km = if trip > 0 {
                trip -= 1;
                n.around(trip_daily)
            } else if matches!(day % 7, 2 | 3) {
                if n.chance(700) { n.around(usage.weekend) } else { 0 }
            } else if n.chance(usage.moves) {
                n.around(usage.workday)
            } else {
                0
            };
            let before = self.driven[self.driven.len() - 1];
            self.driven.push(before + km * 1_000 + if km > 0 { n.between(0, 999) } else { 0 });
            self.last = Day(day);
        }
    }

    /// Stands still.
    pub fn stand(&mut self, days: u64) {
        let before = self.driven[self.driven.len() - 1];
        self.driven.extend((0..days).map(|_| before));
        self.last = Day(self.last.0 + days as u16);
    }

    /// Metres really driven by the evening of a day.
    pub fn driven(&self, day: Day) -> u64 {
        let index = usize::from(day.0.clamp(self.first.0, self.last.0) - self.first.0);
        self.driven[index]
    }

    /// What the instrument shows.
    pub fn shown(&self, day: Day) -> u64 {
        let shift = self.shifts.iter().rev().find(|(from, _)| *from <= day).map_or(0, |(_, shift)| *shift);
        u64::try_from(self.driven(day) as i64 + shift).unwrap_or(0)
    }

    /// From a day on the instrument shows this many metres less or, with another cluster, any other figure.
    pub fn set_shown(&mut self, from: Day, metres: u64) {
        let shift = metres as i64 - self.driven(from) as i64;
        self.shifts.push((from, shift));
        self.shifts.sort_by_key(|(day, _)| *day);
    }

    /// A day at so many thousandths of its life.
    pub fn at(&self, per_mille: u64) -> Day {
        Day(self.first.0 + ((u64::from(self.last.0 - self.first.0)) * per_mille / 1_000) as u16)
    }
}
