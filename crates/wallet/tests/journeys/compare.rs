//! How far records can be believed, and kept passports side by side.

use crate::world::*;
use carnet_passport::{
    compare::{Mark, RowKind, Value},
    odometer::Verdict,
    quality::QualityReasonKind,
};
use carnet_protocol::{
    category::Category,
    day::Day,
    id::{GrantId, StreamId},
};
use carnet_wallet::{
    command::{Answer, COMPARED_MAX, Command, Subject},
    error::WalletError,
    view::ComparisonView,
};

const SHARED: [Category; 3] = [Category::Identity, Category::Mileage, Category::Ownership];

/// Keeps a car of an owner in the buyer's wallet.
async fn keep(owner: &mut Person, car: StreamId, buyer: &mut Person) -> GrantId {
    let shared = owner.share(car, by_link(), all_days(&SHARED)).await;
    owner.settle().await;
    buyer.open(&shared.link.unwrap(), None).await.unwrap();
    buyer.ask(Command::ClaimLink).await.unwrap();
    buyer.settle().await;
    shared.share.grant
}

async fn compare(buyer: &mut Person, grants: Vec<GrantId>) -> Result<ComparisonView, WalletError> {
    match buyer.ask(Command::Compare { grants }).await? {
        Answer::Comparison(view) => Ok(view),
        _ => panic!("a comparison"),
    }
}

#[tokio::test]
async fn every_record_says_how_far_it_can_be_believed_and_a_clash_names_both_readings() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    for (day, km) in [(20_000, 90_000), (20_100, 95_000), (20_200, 61_000), (20_300, 66_000)] {
        owner.add_odometer(car, Day(day), km).await;
    }
    owner.settle().await;
    let passport = owner.passport(Subject::Own(car)).await.unwrap();
    assert_eq!(passport.odometer.report.verdict, Verdict::RolledBack);
    let readings: Vec<_> =
        passport.timeline.entries.iter().filter(|entry| entry.category == Category::Mileage).collect();
    for entry in &readings {
        let quality = entry.quality.as_ref().unwrap();
        let sum: i16 = quality.reasons.iter().map(|reason| reason.points).sum();
        assert_eq!(i16::from(quality.index), sum.clamp(0, 100), "the reasons add up");
        assert!(quality.reasons.iter().any(|reason| reason.kind == QualityReasonKind::OwnerBase));
    }
    let clashing: Vec<_> = readings.iter().filter(|entry| !entry.findings.is_empty()).collect();
    assert!(clashing.len() >= 2, "both readings carry the finding");
    for entry in clashing {
        let finding = entry.findings[0];
        assert!([finding.earlier.record, finding.later.record].contains(&entry.record));
        // Asked for alone it says the same.
        let ask = Command::Record { subject: Subject::Own(car), record: entry.record };
        let Answer::Record(alone) = owner.ask(ask).await.unwrap() else { panic!("a record") };
        assert_eq!(alone.as_ref(), *entry);
    }
}

#[tokio::test]
async fn a_buyer_sees_kept_cars_side_by_side_and_a_false_mileage_is_not_the_best() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let (honest, turned) = (owner.add_car().await, owner.add_car().await);
    for (day, km) in [(20_000, 80_000), (20_300, 90_000)] {
        owner.add_odometer(honest, Day(day), km).await;
    }
    for (day, km) in [(20_000, 150_000), (20_150, 160_000), (20_300, 40_000), (20_400, 45_000)] {
        owner.add_odometer(turned, Day(day), km).await;
    }
    owner.settle().await;
    let mut buyer = world.owner().await;
    let grants = vec![keep(&mut owner, honest, &mut buyer).await, keep(&mut owner, turned, &mut buyer).await];
    let view = compare(&mut buyer, grants.clone()).await.unwrap();
    assert_eq!(view.cars.iter().map(|car| car.grant).collect::<Vec<_>>(), grants);
    assert_eq!(view.closed, []);
    let row = |kind| view.rows.iter().find(|row| row.kind == kind).unwrap();
    let verdict = row(RowKind::OdometerVerdict);
    assert_eq!(verdict.cells[1].value, Some(Value::Verdict(Verdict::RolledBack)));
    assert_eq!((verdict.cells[0].mark, verdict.cells[1].mark), (Mark::Best, Mark::Worst));
    assert_eq!(row(RowKind::Odometer).cells[1].mark, Mark::None, "a figure that may be false is not compared");

    // One that was taken back does not hide the other; a stranger's is not found.
    owner.ask(Command::Revoke { vehicle: turned, grant: grants[1] }).await.unwrap();
    owner.settle().await;
    let view = compare(&mut buyer, grants.clone()).await.unwrap();
    assert_eq!((view.cars.len(), view.closed), (1, vec![grants[1]]));
    let unknown = compare(&mut buyer, vec![GrantId([7; GrantId::LEN])]).await;
    assert_eq!(unknown.err(), Some(WalletError::NotFound));
    let many = compare(&mut buyer, vec![grants[0]; COMPARED_MAX + 1]).await;
    assert_eq!(many.err(), Some(WalletError::BadInput));
}
