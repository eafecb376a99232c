//! A reading as the rules weigh it.

use super::{OdometerPoint, finding::Slip, slip};
use carnet_protocol::{
    member::MemberClass,
    payload::{Method, OriginKind},
    quantity::Metres,
};

/// Who speaks in a reading, the least believed first. Slips of the pen happen to all but the car and its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Voice {
    /// The owner's pen, or a log that the owner kept.
    Owner,
    /// What the car wrote down, as its owner brought it: free of slips, and nobody else vouches for it.
    Log,
    /// A register's report that the owner brought, or what a member had signed and the owner brought in an export.
    Register,
    /// A member whose trade is not cars: insurer, bank.
    Office,
    /// A garage, an inspection centre, an expert, who saw the car.
    Professional,
    /// The car, read out by its maker or a device.
    Car,
}

impl Voice {
    /// Whose voice a reading is. The owner's wallet can say `read_by_professional`, but nobody signed for it.
    pub(super) fn of(point: &OdometerPoint) -> Voice {
        match (point.source_class, point.method) {
            (Some(MemberClass::Manufacturer), _) | (Some(_), Method::ReadFromCar) => Voice::Car,
            (Some(MemberClass::Garage | MemberClass::Expert), _) => Voice::Professional,
            (Some(MemberClass::Insurer | MemberClass::Bank), _) => Voice::Office,
            (None, Method::ReadFromCar) => Voice::Log,
            (None, Method::Imported) if is_brought(point.origin) => Voice::Register,
            (None, _) => Voice::Owner,
        }
    }

    /// What it weighs against others.
    pub(super) fn weight(self) -> u64 {
        match self {
            Voice::Owner => 4,
            Voice::Office | Voice::Log => 6,
            Voice::Register => 8,
            Voice::Professional => 9,
            Voice::Car => 10,
        }
    }

    /// Whether one reading of it stands for itself.
    pub(super) fn is_strong(self) -> bool {
        self >= Voice::Register
    }
}

/// Whether somebody else than the owner had said it first.
fn is_brought(origin: OriginKind) -> bool {
    matches!(origin, OriginKind::HistoVec | OriginKind::CarnetExport)
}

/// A reading, on the scale of what the car has driven in all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    /// As it came.
    pub point: OdometerPoint,
    /// Metres in all: what it shows and what replaced instruments had counted.
    pub total: i64,
    /// What replaced instruments had counted.
    pub carried: i64,
    /// Who speaks.
    pub voice: Voice,
}

impl Reading {
    pub(super) fn new(point: OdometerPoint, carried: i64) -> Reading {
        let shown = i64::try_from(point.odometer.0).unwrap_or(i64::MAX / 4).min(TOTAL_MAX);
        Reading { point, total: shown + carried, carried, voice: Voice::of(&point) }
    }

    /// What the instrument would show at another total.
    pub(super) fn shown_at(&self, total: i64) -> Metres {
        Metres(u64::try_from(total - self.carried).unwrap_or(0))
    }

    /// Whether a machine wrote it down.
    pub(super) fn makes_no_slips(&self) -> bool {
        matches!(self.voice, Voice::Car | Voice::Log)
    }

    /// What was meant, where a slip of the pen leads here from a total between two others.
    pub(super) fn meant_between(&self, low: i64, high: i64) -> Option<(Metres, Slip)> {
        if self.makes_no_slips() {
            return None;
        }
        let km = |total: i64| (total - self.carried).div_euclid(KM);
        let (corrected, slip) = slip::meant(self.point.odometer.km(), km(low), km(high))?;
        Some((Metres::from_km(corrected), slip))
    }

    /// Days from this reading to a later one.
    pub(super) fn days_to(&self, later: &Reading) -> i64 {
        i64::from(later.point.day.0) - i64::from(self.point.day.0)
    }
}

/// Metres of one kilometre.
pub(super) const KM: i64 = 1_000;

/// A thousand million kilometres: beyond any car, and small enough to multiply.
pub(super) const TOTAL_MAX: i64 = 1_000_000_000_000;
