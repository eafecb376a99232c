//! Replaced instruments: from what their declarations say, every reading is carried over to one scale.

use super::{OdometerPoint, reading::Reading};
use carnet_protocol::{day::Day, id::RecordId, member::MemberClass, quantity::Metres};

/// A declaration that the cluster was replaced.
#[derive(Debug, Clone, Copy)]
pub(super) struct Declaration {
    pub day: Day,
    pub record: RecordId,
    pub removed: Option<Metres>,
    pub fitted: Metres,
    pub source_class: Option<MemberClass>,
}

/// A declaration that was taken at its word, and the metres that the old instrument had counted beyond the new one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Believed {
    pub record: RecordId,
    pub step: i64,
}

/// Days by which a declaration's date may miss the work.
const DATE_SLACK: u16 = 14;

/// Replacements that are looked at; no car has more.
const DECLARATIONS_MAX: usize = 32;

/// Readings on the scale of what the car has driven in all, and the declarations that were believed.
///
/// A declaration concedes what it names: with the old instrument's figure nothing is gained by a false one, since the
/// car is then known to have driven that far. Without that figure only a member who saw the car is believed.
pub(super) fn carry_over(points: &[OdometerPoint], declarations: &[Declaration]) -> (Vec<Reading>, Vec<Believed>) {
    let mut carried = vec![0_i64; points.len()];
    let mut believed = Vec::new();
    for declaration in declarations.iter().take(DECLARATIONS_MAX) {
        // What the owner's instrument had shown last, where the declaration does not say.
        let seen = || {
            let before = points.iter().filter(|p| p.day < declaration.day && p.record != declaration.record);
            before.max_by_key(|p| p.day).map(|p| p.odometer)
        };
        let old = declaration.removed.or_else(|| declaration.source_class.and_then(|_| seen()));
        let Some(old) = old else { continue };
        let step = metres(old) - metres(declaration.fitted);
        for (point, carried) in points.iter().zip(&mut carried) {
            if is_new(point, declaration, old) {
                *carried += step;
            }
        }
        believed.push(Believed { record: declaration.record, step });
    }
    let readings = points.iter().zip(carried).map(|(point, carried)| Reading::new(*point, carried)).collect();
    (readings, believed)
}

/// Whether a reading is of the new instrument. Near the declared day it is of the one whose figure it is nearer to.
fn is_new(point: &OdometerPoint, declaration: &Declaration, old: Metres) -> bool {
    if point.record == declaration.record {
        return true;
    }
    if point.day.0.abs_diff(declaration.day.0) > DATE_SLACK {
        return point.day > declaration.day;
    }
    point.odometer.0.abs_diff(declaration.fitted.0) < point.odometer.0.abs_diff(old.0)
}

fn metres(metres: Metres) -> i64 {
    i64::try_from(metres.0).unwrap_or(i64::MAX).min(super::reading::TOTAL_MAX)
}
