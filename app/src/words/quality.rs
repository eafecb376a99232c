//! How far a record can be believed, in the reader's language.

use carnet_passport::quality::{Quality, QualityReasonKind};

use crate::t;
use crate::ui::{Text, Tone};

/// From here on a record is well backed: a professional or the car itself stands behind it.
const WELL: u8 = 70;

/// From here on more than somebody's word stands behind it.
const FAIRLY: u8 = 40;

/// An index in a few words.
pub fn quality(value: &Quality) -> (Tone, Text) {
    let index = value.index;
    match index {
        WELL.. => (Tone::Good, t!(quality::well, index = index)),
        FAIRLY..WELL => (Tone::Neutral, t!(quality::fairly, index = index)),
        ..FAIRLY => (Tone::Caution, t!(quality::weakly, index = index)),
    }
}

/// What an index is made of.
pub fn quality_reason(kind: QualityReasonKind) -> Text {
    match kind {
        QualityReasonKind::MemberBase => t!(quality::member_base),
        QualityReasonKind::OwnerBase => t!(quality::owner_base),
        QualityReasonKind::UnknownBase => t!(quality::unknown_base),
        QualityReasonKind::ReadFromCar => t!(quality::read_from_car),
        QualityReasonKind::ReadByProfessional => t!(quality::read_by_professional),
        QualityReasonKind::ImportedRegister => t!(quality::imported_register),
        QualityReasonKind::ImportedFile => t!(quality::imported_file),
        QualityReasonKind::Typed => t!(quality::typed),
        QualityReasonKind::Sample => t!(quality::sample),
        QualityReasonKind::WrittenLate { days } => t!(quality::written_late, count = days),
        QualityReasonKind::Corroborated { sources } => t!(quality::corroborated, count = sources),
        QualityReasonKind::CounterSigned { parties } => t!(quality::counter_signed, count = parties),
        QualityReasonKind::Disputed { open } => t!(quality::disputed, count = open),
        QualityReasonKind::OdometerClash => t!(quality::odometer_clash),
    }
}
