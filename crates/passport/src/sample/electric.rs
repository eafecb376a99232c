//! The electric sample car.

mod events;
mod road;

use super::SampleDraft;
use crate::vin;
use carnet_protocol::{
    day::{Day, Timestamp},
    payload::{Fact, Method, OriginKind, VehicleIdentity},
};
use road::Road;

/// Days of its life: seven years.
const LIFE_DAYS: u16 = 2_557;

/// Its life up to `today`, in the order it happened; the same for the same arguments. About 150 records over seven
/// years; fewer where `today` lies less than seven years after 1970.
pub fn car(seed: u64, today: Day) -> Vec<SampleDraft> {
    let first = Day(today.0.saturating_sub(LIFE_DAYS));
    let mut life = Life { first, today, road: Road::new(seed), drafts: Vec::new() };
    events::papers(&mut life);
    events::workshop(&mut life);
    events::costs(&mut life);
    road::odometer_and_battery(&mut life);
    road::charges(&mut life);
    road::drives(&mut life);
    life.drafts.sort_by_key(|draft| (draft.day, draft.at, draft.fact.category()));
    life.drafts
}

/// What it is. The number is made up: it calls itself a sample, and no maker's begins with a zero.
pub fn identity(first: Day, software: &str) -> VehicleIdentity {
    let year = u16::try_from(first.to_civil().0).unwrap_or(1970);
    let code = vin::year_code(year);
    VehicleIdentity {
        vin: Some(vin::with_check_digit(&format!("0CARNET00{code}SAMPLE1"))),
        plate: Some("SA-000-MP".into()),
        make: Some("Carnet".into()),
        model: Some("Sample EV".into()),
        variant: Some("Long Range".into()),
        year: Some(year),
        colour: Some("Pearl white".into()),
        energy: Some("electric".into()),
        power_kw: Some(168),
        displacement_cm3: None,
        co2_g_per_km: Some(0),
        seats: Some(5),
        first_registration: Some(first),
        software: Some(software.into()),
    }
}

/// A life in the making.
struct Life {
    first: Day,
    today: Day,
    road: Road,
    drafts: Vec<SampleDraft>,
}

impl Life {
    /// Something happened so many days after the first; nothing where that lies in the future.
    fn add(&mut self, offset: u16, fact: Fact, note: Option<&str>) {
        self.add_at(offset, None, fact, note);
    }

    /// As [`Self::add`], at a minute of the day (UTC).
    fn add_at(&mut self, offset: u16, minute: Option<u64>, fact: Fact, note: Option<&str>) {
        let day = Day(self.first.0.saturating_add(offset));
        if day > self.today {
            return;
        }
        self.drafts.push(SampleDraft {
            day,
            at: minute.map(|minute| time(day, minute)),
            fact,
            note: note.map(str::to_owned),
            method: Method::Sample,
            origin: OriginKind::Sample,
        });
    }
}

/// A minute of a day.
fn time(day: Day, minute: u64) -> Timestamp {
    Timestamp(u64::from(day.0) * Timestamp::DAY + minute * 60 * Timestamp::SECOND)
}
