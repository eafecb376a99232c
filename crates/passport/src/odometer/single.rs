//! One reading off the line: a slip, or the trace of a rollback?
//!
//! The question that decides is whether the reading could be true. A figure that the car could have reached from the
//! reading before (or from which it could have reached the one after) at its usual pace bears witness against the
//! others; a figure that no driving explains is a slip, most of all where a slip of the pen leads to it.

use super::{
    finding::{FindingKind, Slip, UnitMistake, Verdict},
    reading::{KM, Reading, Voice},
};
use carnet_protocol::quantity::Metres;

/// A step back below this is how people round and remember.
pub(super) const STEP_MIN: i64 = 300 * KM;

/// A step back above this is never taken for a late paper.
pub(super) const STEP_MAX: i64 = 2_000 * KM;

/// Days by which a paper may be dated late.
const LATE_DAYS: i64 = 7;

/// What a holiday adds to the usual distance.
const HOLIDAY: i64 = 1_000 * KM;

/// Metres a day of a car that is driven much: 29,200 km a year.
const MUCH: i64 = 80 * KM;

/// A reading with its neighbours on the line, and the pace around it.
pub(super) struct Place<'a> {
    pub reading: &'a Reading,
    /// The last on the line before it; the first registration, with nothing driven, where there is none.
    pub before: Option<&'a Reading>,
    /// The first on the line after it.
    pub after: Option<&'a Reading>,
    /// Nothing comes after the one after.
    pub after_is_last: bool,
    /// Metres a day that are usual then.
    pub usual: i64,
    /// The car came from another country, perhaps one with another unit.
    pub imported: bool,
}

/// What a reading off the line is taken for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Opinion {
    pub kind: FindingKind,
    pub standing: Verdict,
}

/// The distance that a step back may have without telling anything: papers are dated some days late.
pub(super) fn tolerance(usual: i64) -> i64 {
    (STEP_MIN + LATE_DAYS * usual).clamp(STEP_MIN, STEP_MAX)
}

/// The distance that a car of this pace may well have driven in so many days.
pub(super) fn allowance(days: i64, usual: i64, factor: i64) -> i64 {
    factor * usual * days.max(1) + HOLIDAY
}

impl Place<'_> {
    /// How far below the reading before it lies, else how far above the one after; nothing on the line.
    pub(super) fn off(&self) -> i64 {
        let below = self.before.map_or(0, |before| before.total - self.reading.total);
        let above = self.after.map_or(0, |after| self.reading.total - after.total);
        below.max(above).max(0)
    }

    /// Whether it lies below the reading before.
    pub(super) fn is_low(&self) -> bool {
        self.before.is_some_and(|before| before.total > self.reading.total)
    }

    /// What it is taken for.
    pub(super) fn opinion(&self) -> Opinion {
        self.harmless()
            .or_else(|| if self.before.is_some() && self.after.is_some() { self.slip_between() } else { self.at_end() })
            .unwrap_or_else(|| self.witness())
    }

    /// A step as small as late papers, round figures and an owner's pen make it.
    fn harmless(&self) -> Option<Opinion> {
        let off = self.off();
        if off <= tolerance(self.usual) {
            let standing = if off <= STEP_MIN { Verdict::Consistent } else { Verdict::Explained };
            return Some(Opinion { kind: FindingKind::SmallStep { drop: metres(off) }, standing });
        }
        if self.reading.voice != Voice::Owner {
            return None;
        }
        let record = self.reading.point.record;
        // After the last reading of all nothing shows that a round figure was a guess.
        let most = if self.after.is_some() { 2_500 * KM } else { STEP_MAX };
        let reach = match self.reading.point.odometer.km() {
            km if km % 5_000 == 0 => most,
            km if km % 1_000 == 0 => 1_000 * KM,
            _ => 0,
        };
        let kind = if off <= reach {
            FindingKind::Estimate { reading: record, off: metres(off) }
        } else if off > STEP_MAX {
            return None;
        } else if let Some((corrected, slip)) = self.meant() {
            FindingKind::TypingSlip { reading: record, slip, corrected }
        } else {
            FindingKind::SmallStep { drop: metres(off) }
        };
        Some(Opinion { kind, standing: Verdict::Explained })
    }

    fn slip_between(&self) -> Option<Opinion> {
        let could_be_true = self.could_be_true();
        let unit = self
            .other_unit()
            .filter(|(_, direction)| !could_be_true || (self.imported && *direction == UnitMistake::MilesAsKilometres));
        if let Some((corrected, direction)) = unit {
            let kind = FindingKind::UnitConfusion { direction, corrected, persists: false };
            return Some(Opinion { kind, standing: Verdict::Explained });
        }
        if could_be_true || self.reading.makes_no_slips() || self.last_may_be_wrong() {
            return None;
        }
        if let Some((corrected, slip)) = self.meant() {
            return Some(self.slipped(corrected, slip));
        }
        let reading = self.reading.point.record;
        let expected = self.reading.shown_at(self.expected());
        (self.reading.voice == Voice::Owner && (self.is_low() || self.nothing_is_missing()))
            .then_some(Opinion { kind: FindingKind::Misreading { reading, expected }, standing: Verdict::Explained })
    }

    /// Before all others or after them, nothing on the far side speaks for a slip; only that the unit may be another
    /// can be told.
    fn at_end(&self) -> Option<Opinion> {
        let (corrected, direction) = self.other_unit()?;
        let kind = FindingKind::UnitConfusion { direction, corrected, persists: true };
        Some(Opinion { kind, standing: Verdict::Suspicious })
    }

    /// No slip explains it: it speaks against the others.
    fn witness(&self) -> Opinion {
        let off = metres(self.off());
        let told_from = if self.is_low() { self.after } else { self.before };
        let plausible = told_from.is_some() && self.could_be_true();
        if self.reading.voice.is_strong() && (plausible || self.meant().is_none()) {
            return Opinion { kind: FindingKind::Rollback { drop: off }, standing: Verdict::RolledBack };
        }
        let kind = FindingKind::Unclear { reading: self.reading.point.record, off };
        Opinion { kind, standing: Verdict::Suspicious }
    }

    fn slipped(&self, corrected: Metres, slip: Slip) -> Opinion {
        let kind = FindingKind::TypingSlip { reading: self.reading.point.record, slip, corrected };
        Opinion { kind, standing: Verdict::Explained }
    }

    /// Whether the car could have reached it from the reading before, or from it the one after.
    pub(super) fn could_be_true(&self) -> bool {
        // A professional's figure is seldom wrong: it takes more to believe so than a change in how the car is used.
        let strong = self.reading.voice.is_strong();
        let (usual, factor) = if strong { (self.usual.max(MUCH), 3) } else { (self.usual, 2) };
        let (from, to) = if self.is_low() {
            let Some(after) = self.after else { return true };
            (self.reading, after)
        } else {
            let Some(before) = self.before else { return true };
            (before, self.reading)
        };
        to.total - from.total <= allowance(from.days_to(to), usual, factor)
    }

    /// Whether all that speaks against a strong low reading is the very last one, which may be the slip itself.
    fn last_may_be_wrong(&self) -> bool {
        let doubtful = self.after_is_last && self.is_low() && self.reading.voice.is_strong();
        let Some(after) = self.after.filter(|_| doubtful) else { return false };
        let most = self.reading.total + allowance(self.reading.days_to(after), self.usual, 3);
        after.meant_between(self.reading.total, most).is_some()
    }

    /// Totals between which the true figure lies.
    fn window(&self) -> (i64, i64) {
        match (self.before, self.after) {
            (Some(before), Some(after)) => (before.total, after.total),
            (Some(before), None) => {
                (before.total, before.total + allowance(before.days_to(self.reading), self.usual, 3))
            }
            (None, Some(after)) => {
                let least = after.total - allowance(self.reading.days_to(after), self.usual, 3);
                (least.max(self.reading.carried), after.total)
            }
            (None, None) => (self.reading.total, self.reading.total),
        }
    }

    fn meant(&self) -> Option<(Metres, Slip)> {
        let (low, high) = self.window();
        self.reading.meant_between((low - STEP_MIN).max(0), high + STEP_MIN)
    }

    /// What it would be in the other unit, where that lies between its neighbours and near what they let expect.
    pub(super) fn other_unit(&self) -> Option<(Metres, UnitMistake)> {
        let (low, high) = self.window();
        [UnitMistake::MilesAsKilometres, UnitMistake::KilometresAsMiles].into_iter().find_map(|direction| {
            let shown = converted(self.reading.point.odometer, direction);
            let total = i64::try_from(shown.0).ok()?.saturating_add(self.reading.carried);
            let slack = total / 100;
            let near = (total - self.expected()).abs() <= total / 50 + (high - low) / 4;
            (near && low - slack <= total && total <= high + slack).then_some((shown, direction))
        })
    }

    /// The total that its neighbours let expect, evenly between them.
    fn expected(&self) -> i64 {
        match (self.before, self.after) {
            (Some(before), Some(after)) => {
                let days = i128::from(before.days_to(after).max(1));
                let share = i128::from(after.total - before.total) * i128::from(before.days_to(self.reading)) / days;
                before.total + i64::try_from(share).unwrap_or(0)
            }
            (Some(near), None) | (None, Some(near)) => near.total,
            (None, None) => self.reading.total,
        }
    }

    /// Whether from the reading before to the one after the car drove what it usually does: after a rollback, part of
    /// the distance is missing.
    fn nothing_is_missing(&self) -> bool {
        let (Some(before), Some(after)) = (self.before, self.after) else { return false };
        after.total - before.total + HOLIDAY >= self.usual * before.days_to(after) / 2
    }
}

/// A figure in the unit it may have been meant in.
pub(super) fn converted(shown: Metres, direction: UnitMistake) -> Metres {
    let metres = u128::from(shown.0);
    let other = match direction {
        UnitMistake::MilesAsKilometres => metres * MILE_MM / 1_000_000,
        UnitMistake::KilometresAsMiles => metres * 1_000_000 / MILE_MM,
    };
    Metres(u64::try_from(other).unwrap_or(u64::MAX))
}

/// Millimetres of one international mile.
const MILE_MM: u128 = 1_609_344;

pub(super) fn metres(distance: i64) -> Metres {
    Metres(u64::try_from(distance).unwrap_or(0))
}
