//! What a record of an export counts once it is brought in: never more than where it comes from.
//!
//! Whoever brings an export in signs its records anew, so method and origin are all that tells a reader how far to believe
//! them. What the exporting owner wrote stays what it was. What a member signed, and the importing wallet verified, is told
//! apart from the owner's own words by its origin. All else counts as written by nobody who is known.

use super::ExportedRecord;
use carnet_passport::quality::{QualitySource, points};
use carnet_protocol::payload::{Method, OriginKind};
use serde::{Deserialize, Serialize};

/// What a record counted in the passport that was exported. Nobody signs it, so it can only lower what a record counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedStanding {
    /// What source and method counted.
    pub points: i16,
    /// Disputes that were open.
    pub disputes: u32,
    /// Its source had no leave, and the owner had not accepted it.
    pub quarantined: bool,
}

/// Points that one dispute takes; the import brings one with each record that had any.
const DISPUTE: i16 = 25;

/// Method and origin by which a record is brought in. `own`: the exporting owner signed it. `member`: the base index of the
/// member that did, by a directory that was verified.
pub fn brought(record: &ExportedRecord, own: bool, member: Option<u8>) -> (Method, OriginKind) {
    let (method, origin) = (record.payload.method, record.payload.origin.kind);
    if method == Method::Sample {
        return (method, origin);
    }
    let kept = match (member, method) {
        (Some(_), _) => (Method::Imported, OriginKind::CarnetExport),
        // Whoever read it, the owner who brings it now did not see that.
        (None, Method::ReadFromCar | Method::ReadByProfessional) => (Method::Imported, origin),
        (None, method) => (method, origin),
    };
    let signer = match member {
        Some(base) => QualitySource::Member(base),
        None => QualitySource::Owner,
    };
    let verified = points(signer, method, origin);
    let counted = match record.standing {
        Some(standing) if standing.quarantined => None,
        Some(standing) => {
            let more = i16::try_from(standing.disputes.saturating_sub(1)).unwrap_or(i16::MAX);
            Some(verified.min(standing.points).saturating_sub(more.saturating_mul(DISPUTE)))
        }
        // An export from before this was noted.
        None => own.then_some(verified),
    };
    if counted.is_some_and(|counted| points(QualitySource::Owner, kept.0, kept.1) <= counted) {
        kept
    } else {
        (Method::Typed, OriginKind::CarnetExport)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use carnet_passport::quality::is_unvouched;
    use carnet_protocol::{
        day::{Day, Timestamp},
        encoding,
        id::{RecordId, StreamId},
        key::{Signature, VerifyingKey},
        payload::{Fact, OdometerReading, Origin, Payload},
        quantity::Metres,
        signed::Signed,
    };

    const METHODS: [Method; 5] =
        [Method::ReadFromCar, Method::ReadByProfessional, Method::Imported, Method::Typed, Method::Sample];

    const ORIGINS: [OriginKind; 6] = [
        OriginKind::Manual,
        OriginKind::TeslaVehicleData,
        OriginKind::LubeLogger,
        OriginKind::HistoVec,
        OriginKind::Sample,
        OriginKind::CarnetExport,
    ];

    fn record(method: Method, kind: OriginKind, standing: Option<ExportedStanding>) -> ExportedRecord {
        let payload = Payload {
            stream: StreamId([1; 16]),
            record: RecordId([2; 16]),
            at: None,
            written_at: Timestamp(1),
            method,
            origin: Origin { kind, import: None },
            fact: Fact::Odometer(OdometerReading { odometer: Metres(1) }),
            note: None,
            attachments: Vec::new(),
            rectifies: None,
        };
        let signed = Signed::from_parts(encoding::encode(&payload), VerifyingKey([2; 32]), Signature([3; 64]));
        ExportedRecord { line: 1, day: Day(1), signed, payload, standing, files: Vec::new() }
    }

    /// What the record counts once the importing owner has signed it.
    fn counts(record: &ExportedRecord, (method, kind): (Method, OriginKind)) -> i16 {
        let payload = Payload { method, origin: Origin { kind, import: None }, ..record.payload.clone() };
        let source = if is_unvouched(&payload) { QualitySource::Unknown } else { QualitySource::Owner };
        points(source, method, kind)
    }

    #[test]
    fn nothing_counts_more_than_where_it_comes_from() {
        for (method, kind) in METHODS.into_iter().flat_map(|method| ORIGINS.map(|kind| (method, kind))) {
            let sources = [QualitySource::Owner, QualitySource::Unknown]
                .into_iter()
                .chain([0, 10, 40, 55, 100].map(QualitySource::Member));
            for source in sources {
                let before = points(source, method, kind);
                let standing = Some(ExportedStanding { points: before, disputes: 0, quarantined: false });
                let member = match source {
                    QualitySource::Member(base) => Some(base),
                    QualitySource::Owner | QualitySource::Unknown => None,
                };
                let record = record(method, kind, standing);
                let after = counts(&record, brought(&record, source == QualitySource::Owner, member));
                assert!(after.max(0) <= before.max(0), "{source:?} {method:?} {kind:?}: {before}, then {after}");
            }
        }
    }

    #[test]
    fn what_the_export_claims_lifts_nothing_above_what_was_verified() {
        let claimed = Some(ExportedStanding { points: 120, disputes: 0, quarantined: false });
        let typed = record(Method::Typed, OriginKind::Manual, claimed);
        assert_eq!(brought(&typed, true, None), (Method::Typed, OriginKind::Manual));
        let weak = record(Method::ReadByProfessional, OriginKind::Manual, claimed);
        assert_eq!(brought(&weak, false, Some(20)), (Method::Typed, OriginKind::CarnetExport));
        assert_eq!(brought(&weak, false, Some(80)), (Method::Imported, OriginKind::CarnetExport));
    }

    #[test]
    fn a_sample_stays_one_and_a_register_stays_one() {
        let sample = record(Method::Sample, OriginKind::Sample, None);
        assert_eq!(brought(&sample, false, None), (Method::Sample, OriginKind::Sample));
        let register = record(Method::Imported, OriginKind::HistoVec, None);
        assert_eq!(brought(&register, true, None), (Method::Imported, OriginKind::HistoVec));
    }

    #[test]
    fn what_nobody_had_accepted_or_who_signed_is_not_known_counts_as_nobodys() {
        let nobody = (Method::Typed, OriginKind::CarnetExport);
        let quarantined = Some(ExportedStanding { points: 100, disputes: 0, quarantined: true });
        let waiting = record(Method::ReadByProfessional, OriginKind::Manual, quarantined);
        assert_eq!(brought(&waiting, false, Some(85)), nobody);
        assert_eq!(brought(&record(Method::Typed, OriginKind::Manual, None), false, None), nobody);
        let disputed = Some(ExportedStanding { points: 70, disputes: 3, quarantined: false });
        let record = record(Method::ReadByProfessional, OriginKind::Manual, disputed);
        assert_eq!(brought(&record, false, Some(55)), nobody);
    }
}
