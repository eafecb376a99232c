//! From readings to findings: the line, what lies off it, and what is odd along it.

use carnet_protocol::{id::RecordId, quantity::Metres};
use std::collections::HashSet;

use super::{
    finding::{FindingKind, OdometerFinding, UnitMistake, Verdict},
    line,
    pace::Pace,
    reading::{KM, Reading},
    single::{Opinion, Place, STEP_MAX, STEP_MIN, allowance, converted, metres, tolerance},
};

/// Days without a reading that are worth a remark: longer than two years between inspections, and some.
const GAP_DAYS: i64 = 900;

/// More than this in a day no car drives: 24 hours at 80 km/h.
pub(super) const DAY_MAX: i64 = 1_920 * KM;

/// Readings in order of time, judged.
pub(super) struct Judge<'a> {
    readings: &'a [Reading],
    /// Indices of the readings on the line.
    line: Vec<usize>,
    pace: Pace,
    /// The day of the first registration, as a reading of nothing, where it is known.
    registered: Option<Reading>,
    /// A record says that the car was imported.
    imported: bool,
}

/// Readings off the line that belong together.
struct Group {
    members: Vec<usize>,
    /// Place on the line of the last before, and of the first after.
    before: Option<usize>,
    after: Option<usize>,
    /// Readings of the line stand between its members.
    mixed: bool,
}

impl<'a> Judge<'a> {
    /// Draws the line through the readings.
    pub(super) fn new(readings: &'a [Reading], registered: Option<Reading>, imported: bool) -> Judge<'a> {
        let on = line::heaviest(readings);
        let line: Vec<usize> = (0..readings.len()).filter(|index| on[*index]).collect();
        let pace = Pace::of(line.iter().map(|index| readings[*index]).collect());
        Judge { readings, line, pace, registered, imported }
    }

    /// All findings but those of declarations, in no order.
    pub(super) fn findings(&self) -> Vec<OdometerFinding> {
        let mut findings: Vec<OdometerFinding> =
            self.groups().iter().flat_map(|group| self.group_findings(group)).collect();
        findings.extend(self.along_the_line());
        findings.extend(self.hidden_step(&findings));
        findings
    }

    /// A step back of more than [`STEP_MAX`] between two readings that were each let pass as near the line.
    fn hidden_step(&self, findings: &[OdometerFinding]) -> Option<OdometerFinding> {
        let passed: Vec<RecordId> = findings
            .iter()
            .filter_map(|finding| match finding.kind {
                FindingKind::SmallStep { .. } => Some([finding.earlier.record, finding.later.record]),
                FindingKind::TypingSlip { reading, .. } => Some([reading, reading]),
                _ => None,
            })
            .flatten()
            .collect();
        let passed: HashSet<RecordId> = passed.into_iter().collect();
        let near = (0..self.readings.len()).filter(|index| {
            passed.contains(&self.readings[*index].point.record) && self.place_of(*index).off() <= STEP_MAX
        });
        let mut highest: Option<&Reading> = None;
        let mut widest: Option<(i64, &Reading, &Reading)> = None;
        for reading in near.map(|index| &self.readings[index]) {
            let drop = highest.map_or(0, |highest| highest.total - reading.total);
            if let Some(highest) = highest.filter(|_| drop > widest.map_or(STEP_MAX, |widest| widest.0)) {
                widest = Some((drop, highest, reading));
            }
            highest = highest.filter(|highest| highest.total >= reading.total).or(Some(reading));
        }
        widest.map(|(drop, earlier, later)| OdometerFinding {
            kind: FindingKind::Rollback { drop: metres(drop) },
            standing: Verdict::Suspicious,
            earlier: earlier.point,
            later: later.point,
            readings: 2,
        })
    }

    fn on_line(&self, place: Option<usize>) -> Option<&Reading> {
        place.map(|place| &self.readings[self.line[place]])
    }

    /// Readings off the line; neighbours among them that can follow one another belong together.
    fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for index in 0..self.readings.len() {
            let after = self.line.partition_point(|on| *on < index);
            if self.line.get(after) == Some(&index) {
                continue;
            }
            let reading = &self.readings[index];
            let before = after.checked_sub(1);
            let after = (after < self.line.len()).then_some(after);
            let usual = self.pace.around(before, after);
            if let Some(group) = groups.last_mut() {
                let last = &self.readings[group.members[group.members.len() - 1]];
                let step = reading.total - last.total;
                let follows = step >= -tolerance(usual) && step <= allowance(last.days_to(reading), usual, 3);
                if follows && self.same_side(group, index, after) {
                    group.mixed |= group.after != after;
                    group.after = after;
                    group.members.push(index);
                    continue;
                }
            }
            groups.push(Group { members: vec![index], before, after, mixed: false });
        }
        groups
    }

    /// Whether a reading lies on the same side of the line as a group does.
    fn same_side(&self, group: &Group, index: usize, after: Option<usize>) -> bool {
        let first = self.place(group.members[0], group.before, group.after).is_low();
        let before = after.map_or(self.line.len(), |after| after).checked_sub(1);
        self.place(index, before, after).is_low() == first
    }

    fn place(&self, index: usize, before: Option<usize>, after: Option<usize>) -> Place<'_> {
        let reading = &self.readings[index];
        let registered = self.registered.as_ref().filter(|first| first.point.day <= reading.point.day);
        Place {
            reading,
            before: self.on_line(before).or(registered),
            after: self.on_line(after),
            after_is_last: after.is_some_and(|after| after + 1 == self.line.len()),
            usual: self.pace.around(before, after),
            imported: self.imported,
        }
    }

    fn group_findings(&self, group: &Group) -> Vec<OdometerFinding> {
        let singles: Vec<OdometerFinding> = group.members.iter().map(|index| self.single(*index)).collect();
        // Two that no slip explains, and that agree, are not two slips.
        let doubt = singles.iter().any(|f| f.standing.alarms() || matches!(f.kind, FindingKind::Misreading { .. }));
        let one = match group.members.len() {
            1 => singles[0],
            2 if !doubt => return singles,
            _ if group.mixed || self.near_line(group) => return singles,
            _ => self.level(group),
        };
        vec![self.other_culprit(group).filter(|other| other.standing < one.standing).unwrap_or(one)]
    }

    /// Whether all of a group lies as near the line as late papers do.
    fn near_line(&self, group: &Group) -> bool {
        let usual = self.pace.around(group.before, group.after);
        group.members.iter().all(|index| self.place_of(*index).off() <= tolerance(usual))
    }

    fn place_of(&self, index: usize) -> Place<'_> {
        let after = self.line.partition_point(|on| *on < index);
        self.place(index, after.checked_sub(1), (after < self.line.len()).then_some(after))
    }

    /// One reading off the line, for itself.
    fn single(&self, index: usize) -> OdometerFinding {
        let place = self.place_of(index);
        finding(&place, place.opinion())
    }

    /// The group clashes with one reading of the line only: perhaps that one is wrong.
    fn other_culprit(&self, group: &Group) -> Option<OdometerFinding> {
        let (first, last) = (&self.readings[*group.members.first()?], &self.readings[*group.members.last()?]);
        let low = self.place(group.members[0], group.before, group.after).is_low();
        let (culprit, before, after) = if low {
            let at = group.before?;
            let next = at.checked_sub(1);
            if next.is_some_and(|next| self.readings[self.line[next]].total > first.total + STEP_MIN) {
                return None;
            }
            (at, self.on_line(next).or(self.registered.as_ref()), Some(first))
        } else {
            let at = group.after?;
            let next = (at + 1 < self.line.len()).then_some(at + 1);
            if next.is_some_and(|next| self.readings[self.line[next]].total < last.total - STEP_MIN) {
                return None;
            }
            (at, Some(last), self.on_line(next))
        };
        let usual = self.pace.around(group.before, group.after);
        let (reading, imported) = (&self.readings[self.line[culprit]], self.imported);
        let place = Place { reading, before, after, after_is_last: false, usual, imported };
        Some(finding(&place, place.opinion()))
    }

    /// Several readings at another level.
    fn level(&self, group: &Group) -> OdometerFinding {
        let (first, last) = (group.members[0], group.members[group.members.len() - 1]);
        let start = self.place(first, group.before, group.after);
        let low = start.is_low();
        let end = self.place(last, group.before, group.after);
        let (earlier, later) = if low {
            (start.before.unwrap_or(start.reading), start.reading)
        } else {
            (end.reading, end.after.unwrap_or(end.reading))
        };
        let between = start.before.is_some() && group.after.is_some();
        let opinion = if let Some((corrected, direction)) = self.all_in_other_unit(group).filter(|_| between) {
            let kind = FindingKind::UnitConfusion { direction, corrected, persists: false };
            Opinion { kind, standing: Verdict::Explained }
        } else if let Some(kind) = unit_step(earlier, later, start.usual, self.imported) {
            Opinion { kind, standing: Verdict::Suspicious }
        } else {
            let members = &group.members;
            let strong = |reading: &Reading| reading.voice.is_strong();
            let supported = members.len() > 2 || members.iter().any(|index| strong(&self.readings[*index]));
            let drop = metres(earlier.total - later.total);
            let impossible = low && group.after.is_some() && !end.could_be_true();
            let standing = if supported && !impossible { Verdict::RolledBack } else { Verdict::Suspicious };
            Opinion { kind: FindingKind::Rollback { drop }, standing }
        };
        OdometerFinding {
            kind: opinion.kind,
            standing: opinion.standing,
            earlier: earlier.point,
            later: later.point,
            readings: u32::try_from(group.members.len()).unwrap_or(u32::MAX),
        }
    }

    /// The first of a group in the other unit, where all of it fits the line in that unit.
    fn all_in_other_unit(&self, group: &Group) -> Option<(Metres, UnitMistake)> {
        let mut units = group.members.iter().map(|index| self.place_of(*index)).map(|place| {
            place
                .other_unit()
                .filter(|(_, direction)| *direction == UnitMistake::MilesAsKilometres || !place.could_be_true())
        });
        let first = units.next()??;
        units.all(|unit| unit.is_some_and(|(_, direction)| direction == first.1)).then_some(first)
    }

    /// Gaps, and more distance than the time allows.
    fn along_the_line(&self) -> Vec<OdometerFinding> {
        let mut findings = Vec::new();
        for at in 1..self.line.len() {
            let (earlier, later) = (&self.readings[self.line[at - 1]], &self.readings[self.line[at]]);
            let days = earlier.days_to(later);
            let mut add = |kind, standing| {
                findings.push(OdometerFinding {
                    kind,
                    standing,
                    earlier: earlier.point,
                    later: later.point,
                    readings: 1,
                });
            };
            if days >= GAP_DAYS {
                add(FindingKind::Gap { days: u32::try_from(days).unwrap_or(u32::MAX) }, Verdict::Consistent);
            }
            if let Some(Opinion { kind, standing }) = self.leap(at, earlier, later) {
                add(kind, standing);
            }
        }
        findings
    }

    /// A step forward that is far beyond the usual.
    fn leap(&self, at: usize, earlier: &Reading, later: &Reading) -> Option<Opinion> {
        let (days, usual) = (earlier.days_to(later), self.pace.usual());
        let step = later.total - earlier.total;
        let beyond_any = step > DAY_MAX * days.max(1) + 500 * KM;
        if !beyond_any && step <= 6 * usual * days + 20_000 * KM {
            return None;
        }
        if unit_leap(earlier, later, usual) {
            let direction = UnitMistake::MilesAsKilometres;
            let corrected = converted(earlier.point.odometer, direction);
            let kind = FindingKind::UnitConfusion { direction, corrected, persists: false };
            return Some(Opinion { kind, standing: Verdict::Explained });
        }
        // At either end of the line no step back shows that a figure was a slip.
        let (most, least) = (allowance(days, usual, 3), later.total - allowance(days, usual, 3));
        let slips = [
            (at + 1 == self.line.len()).then(|| slip_into(later, earlier.total, earlier.total + most)),
            (at == 1).then(|| slip_into(earlier, least.max(earlier.carried), later.total)),
        ];
        if let Some(kind) = slips.into_iter().flatten().flatten().next() {
            return Some(Opinion { kind, standing: Verdict::Explained });
        }
        let kind = FindingKind::ImplausiblePace { per_day: metres(step / days.max(1)), usual: metres(usual) };
        Some(Opinion { kind, standing: if beyond_any { Verdict::Suspicious } else { Verdict::Consistent } })
    }
}

fn finding(place: &Place<'_>, opinion: Opinion) -> OdometerFinding {
    let reading = place.reading.point;
    let (earlier, later) = if place.is_low() {
        (place.before.map_or(reading, |before| before.point), reading)
    } else {
        (reading, place.after.map_or(reading, |after| after.point))
    };
    OdometerFinding { kind: opinion.kind, standing: opinion.standing, earlier, later, readings: 1 }
}

fn slip_into(reading: &Reading, low: i64, high: i64) -> Option<FindingKind> {
    let (corrected, slip) = reading.meant_between(low, high)?;
    Some(FindingKind::TypingSlip { reading: reading.point.record, slip, corrected })
}

/// Whether the earlier figure is in miles and the later one in kilometres.
fn unit_leap(earlier: &Reading, later: &Reading, usual: i64) -> bool {
    let total = i64::try_from(converted(earlier.point.odometer, UnitMistake::MilesAsKilometres).0).unwrap_or(i64::MAX);
    let step = later.total - earlier.carried - total;
    step >= -total / 100 && step <= total / 100 + allowance(earlier.days_to(later), usual, 2)
}

/// A step back from kilometres to the same distance in miles. Without an import it must be the very same distance, since
/// over a year many a rollback looks like it.
fn unit_step(earlier: &Reading, later: &Reading, usual: i64, imported: bool) -> Option<FindingKind> {
    let direction = UnitMistake::MilesAsKilometres;
    let corrected = converted(later.point.odometer, direction);
    let step = i64::try_from(corrected.0).ok()? - i64::try_from(earlier.point.odometer.0).ok()?;
    let slack = earlier.total / 100;
    let driven = if imported { allowance(earlier.days_to(later), usual, 2) } else { STEP_MIN };
    (step >= -slack && step <= slack + driven).then_some(FindingKind::UnitConfusion {
        direction,
        corrected,
        persists: true,
    })
}
