//! What moves the quality index of a record, and what never does.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "histories/car.rs"]
#[allow(dead_code)]
mod car;
#[path = "histories/log.rs"]
#[allow(dead_code)]
mod log;
#[path = "histories/numbers.rs"]
#[allow(dead_code)]
mod numbers;

use carnet_passport::{
    OpenedRecord, odometer,
    quality::{self, Quality, QualityFacts, QualityReasonKind, QualitySource, Standing},
};
use carnet_protocol::{
    day::Day,
    encoding,
    payload::{Fact, Method, OdometerReading, OriginKind},
    quantity::Metres,
};
use log::Hand;
use proptest::prelude::*;

/// The indices of records whose odometer is judged along.
fn quality_of(
    records: &[OpenedRecord],
    standing: impl Fn(&OpenedRecord) -> Standing,
) -> Vec<(carnet_protocol::id::RecordId, Quality)> {
    quality::view(records, &odometer::view(records).report, standing)
}

fn source() -> impl Strategy<Value = QualitySource> {
    prop_oneof![(0..=100_u8).prop_map(QualitySource::Member), Just(QualitySource::Owner), Just(QualitySource::Unknown)]
}

fn facts() -> impl Strategy<Value = QualityFacts> {
    let methods =
        vec![Method::ReadFromCar, Method::ReadByProfessional, Method::Imported, Method::Typed, Method::Sample];
    let origins = vec![OriginKind::Manual, OriginKind::TeslaVehicleData, OriginKind::LubeLogger, OriginKind::HistoVec];
    let counts = (0..5_000_u32, 0..6_u32, 0..4_u32, 0..4_u32, any::<bool>());
    (source(), prop::sample::select(methods), prop::sample::select(origins), counts).prop_map(
        |(source, method, origin, (age_days, corroborating, counter_signatures, disputes, odometer_clash))| {
            QualityFacts {
                source,
                method,
                origin,
                age_days,
                corroborating,
                counter_signatures,
                disputes,
                odometer_clash,
            }
        },
    )
}

fn index(facts: QualityFacts) -> u8 {
    quality::quality(&facts).index
}

proptest! {
    #[test]
    fn the_index_is_the_sum_of_its_reasons_held_between_0_and_100(facts in facts()) {
        let quality = quality::quality(&facts);
        let sum: i16 = quality.reasons.iter().map(|reason| reason.points).sum();
        prop_assert_eq!(i16::from(quality.index), sum.clamp(0, 100));
        let codes: Vec<&str> = quality.reasons.iter().map(|reason| reason.kind.code()).collect();
        let mut once = codes.clone();
        once.sort_unstable();
        once.dedup();
        prop_assert_eq!(once.len(), codes.len());
    }

    #[test]
    fn more_corroboration_or_another_signature_never_lowers_it(facts in facts(), more in 1..5_u32) {
        let corroborated = QualityFacts { corroborating: facts.corroborating + more, ..facts };
        prop_assert!(index(corroborated) >= index(facts));
        let signed = QualityFacts { counter_signatures: facts.counter_signatures + more, ..facts };
        prop_assert!(index(signed) >= index(facts));
    }

    #[test]
    fn a_dispute_or_a_clash_never_raises_it(facts in facts(), more in 1..5_u32) {
        let disputed = QualityFacts { disputes: facts.disputes + more, ..facts };
        prop_assert!(index(disputed) <= index(facts));
        let clashing = QualityFacts { odometer_clash: true, ..facts };
        prop_assert!(index(clashing) <= index(facts));
    }

    #[test]
    fn writing_later_never_raises_it(facts in facts(), days in 1..2_000_u32) {
        let later = QualityFacts { age_days: facts.age_days + days, ..facts };
        prop_assert!(index(later) <= index(facts));
    }

    #[test]
    fn a_higher_base_never_lowers_it(facts in facts(), low in 0..=100_u8, high in 0..=100_u8) {
        let with = |base| index(QualityFacts { source: QualitySource::Member(base), ..facts });
        prop_assert!(with(low.max(high)) >= with(low.min(high)));
    }

    #[test]
    fn the_view_does_not_depend_on_the_order_of_records(
        history in proptest::collection::vec((0..60_u16, 0..4_usize, 0..20_u64), 0..40),
        turn in any::<prop::sample::Index>(),
    ) {
        let hands = [Hand::Owner, Hand::MemberGarage, Hand::RegisterInspection, Hand::Connected];
        let mut records: Vec<OpenedRecord> = history
            .iter()
            .enumerate()
            .map(|(id, (day, hand, km))| log::record(id as u32, Day(17_000 + day), km_fact(*km * 100), hands[*hand], None))
            .collect();
        let mut before = quality_of(&records, |_| Standing::default());
        if !records.is_empty() {
            let at = turn.index(records.len());
            records.rotate_left(at);
        }
        records.reverse();
        let mut after = quality_of(&records, |_| Standing::default());
        before.sort_by_key(|(record, _)| *record);
        after.sort_by_key(|(record, _)| *record);
        prop_assert_eq!(before, after);
    }
}

fn km_fact(km: u64) -> Fact {
    Fact::Odometer(OdometerReading { odometer: Metres::from_km(km) })
}

fn reasons(quality: &Quality) -> Vec<QualityReasonKind> {
    quality.reasons.iter().map(|reason| reason.kind).collect()
}

#[test]
fn another_source_within_a_week_corroborates_and_the_same_one_does_not() {
    let day = Day(18_000);
    let owner = log::record(1, day, km_fact(50_000), Hand::Owner, None);
    let again = log::record(2, Day(18_001), km_fact(50_020), Hand::Owner, None);
    let garage = log::record(3, Day(18_003), km_fact(50_110), Hand::MemberGarage, None);
    let of = |records: &[OpenedRecord]| quality_of(records, |_| Standing::default())[0].1.clone();
    let alone = of(&[owner.clone(), again.clone()]);
    assert!(!reasons(&alone).iter().any(|kind| matches!(kind, QualityReasonKind::Corroborated { .. })));
    let together = of(&[owner, again, garage]);
    assert!(reasons(&together).contains(&QualityReasonKind::Corroborated { sources: 1 }));
    assert!(together.index > alone.index);
}

#[test]
fn a_garages_record_counts_with_the_base_it_was_written_under() {
    let garage = log::record(1, Day(18_000), km_fact(50_000), Hand::MemberGarage, None);
    let with =
        |base| quality_of(std::slice::from_ref(&garage), |_| Standing { base, ..Standing::default() })[0].1.index;
    assert_eq!((with(Some(70)), with(Some(40)), with(None)), (85, 55, 15));
}

#[test]
fn a_reading_that_clashes_counts_less() {
    let records: Vec<OpenedRecord> = [(17_000, 60_000), (17_700, 95_870), (18_400, 71_455), (19_100, 84_120)]
        .into_iter()
        .enumerate()
        .map(|(id, (day, km))| log::record(id as u32, Day(day), km_fact(km), Hand::RegisterInspection, None))
        .collect();
    let clash: Vec<bool> = quality_of(&records, |_| Standing::default())
        .iter()
        .map(|(_, quality)| reasons(quality).contains(&QualityReasonKind::OdometerClash))
        .collect();
    assert_eq!(clash, [false, true, true, false]);
}

#[test]
fn an_index_crosses_a_worker_unchanged() {
    let facts = QualityFacts {
        source: QualitySource::Member(70),
        method: Method::ReadByProfessional,
        origin: OriginKind::Manual,
        age_days: 400,
        corroborating: 2,
        counter_signatures: 1,
        disputes: 1,
        odometer_clash: true,
    };
    let quality = quality::quality(&facts);
    assert_eq!(encoding::decode::<Quality>(&encoding::encode(&quality)).unwrap(), quality);
}
