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
    day::{Day, Timestamp},
    encoding,
    payload::{Fact, Inspection, InspectionNature, InspectionResult, Method, OdometerReading, OriginKind},
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

proptest! {
    #[test]
    fn two_readings_stand_behind_each_other_or_neither_does(
        first in (0..20_u16, 0..1_000_u64, proptest::option::of(0..24_u64)),
        second in (0..20_u16, 0..1_000_u64, proptest::option::of(0..24_u64)),
    ) {
        let pair = [of_two(1, first, Hand::Owner), of_two(2, second, Hand::MemberGarage)];
        let [one, other] = corroborated(&pair);
        prop_assert_eq!(one, other);
    }

    #[test]
    fn a_reading_that_is_lower_on_a_later_day_stands_behind_none(
        day in 0..20_u16, days in 1..8_u16, km in 500..1_000_u64, less in 3..500_u64,
    ) {
        let pair = [of_two(1, (day, km, None), Hand::Owner), of_two(2, (day + days, km - less, None), Hand::MemberGarage)];
        prop_assert_eq!(corroborated(&pair), [false, false]);
    }

    #[test]
    fn a_reading_further_off_than_the_days_between_allow_stands_behind_none(
        day in 0..20_u16, days in 0..8_u16, km in 0..1_000_u64, more in 1..400_u64,
    ) {
        let allowed = (80 * (u64::from(days) + 1)).min(500);
        let at = |more: u64| {
            let pair = [
                of_two(1, (day, km, None), Hand::Owner),
                of_two(2, (day + days, km + allowed + more, None), Hand::MemberGarage),
            ];
            corroborated(&pair)
        };
        prop_assert_eq!(at(0), [true, true]);
        prop_assert_eq!(at(more), [false, false]);
    }
}

/// A reading some days, kilometres and perhaps hours after a beginning.
fn of_two(id: u32, (day, km, hour): (u16, u64, Option<u64>), hand: Hand) -> OpenedRecord {
    let day = Day(18_000 + day);
    let at = hour.map(|hour| u64::from(day.0) * Timestamp::DAY + hour * 3_600_000);
    log::record(id, day, km_fact(50_000 + km), hand, at)
}

fn corroborated(pair: &[OpenedRecord; 2]) -> [bool; 2] {
    let indices = quality_of(pair, |_| Standing::default());
    [0, 1].map(|place: usize| {
        reasons(&indices[place].1).iter().any(|kind| matches!(kind, QualityReasonKind::Corroborated { .. }))
    })
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
fn a_clashing_reading_of_the_same_day_does_not_corroborate_and_a_lower_one_later_in_the_day_neither() {
    let pair = |km: u64, hours: [Option<u64>; 2]| {
        corroborated(&[
            of_two(1, (0, 400, hours[0]), Hand::Owner),
            of_two(2, (0, km, hours[1]), Hand::MemberInspection),
        ])
    };
    assert_eq!(pair(10, [None, None]), [false, false]);
    assert_eq!(pair(340, [None, None]), [true, true]);
    assert_eq!(pair(340, [Some(15), Some(9)]), [true, true]);
    assert_eq!(pair(340, [Some(9), Some(15)]), [false, false]);
    assert_eq!(pair(399, [Some(9), Some(15)]), [true, true]);
}

#[test]
fn two_accounts_of_one_inspection_stand_behind_each_other_only_where_their_readings_agree() {
    let account = |id, km: Option<u64>, hand| {
        let (nature, result) = (InspectionNature::Periodic, InspectionResult::Pass);
        let odometer = km.map(Metres::from_km);
        let fact = Fact::Inspection(Inspection { nature, result, label: None, odometer, centre: None });
        log::record(id, Day(18_000), fact, hand, None)
    };
    let with = |km| {
        corroborated(&[account(1, Some(50_000), Hand::RegisterInspection), account(2, km, Hand::MemberInspection)])
    };
    assert_eq!(with(Some(50_001)), [true, true]);
    assert_eq!(with(None), [true, true]);
    assert_eq!(with(Some(20_000)), [false, false]);
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
