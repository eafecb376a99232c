//! What the sample car's own instruments say: odometer, battery, charges, trips. Plausible, not modelled.

use super::{LIFE_DAYS, Life, time};
use crate::sample::random::Numbers;
use carnet_protocol::{
    day::{Day, Timestamp},
    payload::{BatteryReading, ChargeReading, ChargeState, DrivingSegment, Fact, LocationFix, OdometerReading},
    quantity::{Metres, Percent, WattHours},
};

/// Days of one step of the distance table.
const STEP_DAYS: u16 = 30;

/// Rated range of the new car at full charge, in metres.
const NEW_RANGE_M: u64 = 446_000;

/// Energy per rated kilometre, in watt-hours.
const RATED_WH_PER_KM: u64 = 163;

/// Distance and chance of a life.
pub struct Road {
    numbers: Numbers,
    /// Odometer at the beginning of each step.
    steps: Vec<u64>,
}

impl Road {
    /// Rolls the dice for a whole life.
    pub fn new(seed: u64) -> Self {
        let mut numbers = Numbers::new(seed);
        let mut odometer = numbers.between(8, 40) * 1_000;
        let steps = (0..=LIFE_DAYS / STEP_DAYS + 1)
            .map(|_| {
                let here = odometer;
                odometer += numbers.between(620, 1_480) * 1_000;
                here
            })
            .collect();
        Self { numbers, steps }
    }

    /// The odometer on a day of the life; never falls.
    pub fn odometer(&self, offset: u16) -> Metres {
        let step = usize::from(offset / STEP_DAYS).min(self.steps.len() - 2);
        let (here, next) = (self.steps[step], self.steps[step + 1]);
        Metres(here + (next - here) * u64::from(offset % STEP_DAYS) / u64::from(STEP_DAYS))
    }

    /// Rated range at full charge: the first year takes two percent, each year one after that, and readings scatter.
    fn range_at_full(&mut self, offset: u16) -> u64 {
        let days = u64::from(offset);
        let lost_per_100_000 = days.min(365) * 2_000 / 365 + days.saturating_sub(365) * 1_000 / 365;
        let scatter = self.numbers.between(0, 3_000);
        NEW_RANGE_M - NEW_RANGE_M * lost_per_100_000 / 100_000 - scatter
    }

    fn percent(&mut self, low: u8, high: u8) -> Percent {
        let value = self.numbers.between(u64::from(low), u64::from(high));
        Percent::new(value as u8).expect("bounds are percentages")
    }
}

/// Every other month the odometer, and in between battery with odometer.
pub fn odometer_and_battery(life: &mut Life) {
    for (n, offset) in (9..LIFE_DAYS).step_by(58).enumerate() {
        let offset = offset + life.road.numbers.between(0, 12) as u16;
        let odometer = life.road.odometer(offset);
        life.add(offset, Fact::Odometer(OdometerReading { odometer }), None);
        let charge = life.road.percent(48, 92);
        let range = life.road.range_at_full(offset) * u64::from(charge.value()) / 100;
        let reading = BatteryReading {
            charge,
            usable_charge: Some(charge),
            rated_range: Some(Metres(range)),
            // In winter the car expects less than its rating.
            estimated_range: Some(Metres(range * if n % 6 < 2 { 78 } else { 94 } / 100)),
            health: None,
            odometer: Some(odometer),
        };
        life.add_at(offset, Some(7 * 60 + n as u64 % 50), Fact::Battery(reading), None);
    }
}

/// Charges at home and on the road.
pub fn charges(life: &mut Life) {
    for (n, offset) in (25..LIFE_DAYS).step_by(125).enumerate() {
        let fast = n % 4 == 3;
        let charge = if fast { life.road.percent(72, 82) } else { life.road.percent(80, 90) };
        let added_range = life.road.numbers.between(95, 260) * 1_000;
        let losses = life.road.numbers.between(0, 4);
        let reading = ChargeReading {
            state: ChargeState::Complete,
            charge: Some(charge),
            added: Some(WattHours(added_range * (RATED_WH_PER_KM + losses) / 1_000)),
            rated_range_added: Some(Metres(added_range)),
            power_w: Some(if fast { 118_000 } else { 7_400 }),
            fast: Some(fast),
        };
        life.add_at(offset, Some(if fast { 13 * 60 + 20 } else { 5 * 60 }), Fact::Charge(reading), None);
    }
}

/// A few trips with where they ended. The places are in the sea off the Gulf of Guinea, where no car stands.
pub fn drives(life: &mut Life) {
    for offset in (40..LIFE_DAYS).step_by(290) {
        let start = time(Day(life.first.0.saturating_add(offset)), 16 * 60 + 30);
        let odometer = life.road.odometer(offset);
        let segment = segment(&mut life.road.numbers, start, odometer);
        let minutes = segment.time_ms.len() as u64;
        life.add_at(offset, Some(16 * 60 + 30), Fact::Driving(segment), None);
        let fix = LocationFix {
            latitude_e7: life.road.numbers.between(0, 200_000) as i64,
            longitude_e7: life.road.numbers.between(0, 200_000) as i64,
        };
        life.add_at(offset, Some(16 * 60 + 30 + minutes), Fact::Location(fix), None);
    }
}

/// A trip with a sample a minute.
fn segment(numbers: &mut Numbers, start: Timestamp, odometer: Metres) -> DrivingSegment {
    let minutes = numbers.between(14, 40) as usize;
    let (mut time_ms, mut odometer_m) = (vec![0], vec![i64::try_from(odometer.0).unwrap_or(0)]);
    let (mut speed_m_per_h, mut power_w) = (vec![0], vec![0]);
    let (mut speed, mut power) = (0_i64, 0_i64);
    for minute in 1..minutes {
        let limit = *numbers.one_of(&[50_000, 50_000, 80_000, 110_000]);
        let next = if minute + 1 == minutes { 0 } else { limit - numbers.between(0, 15_000) as i64 };
        // The distance of a minute at the mean of both speeds.
        time_ms.push(60_000);
        odometer_m.push((speed + next) / 120);
        speed_m_per_h.push(next - speed);
        let next_power = next * 160 / 1_000 + (next - speed) / 4;
        power_w.push(next_power - power);
        (speed, power) = (next, next_power);
    }
    DrivingSegment { start, time_ms, odometer_m, speed_m_per_h, power_w }
}
