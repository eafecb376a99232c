//! One sale per car, one owner, and what goes along with it.

use super::{insurers_grants, is_readable, passport, stored};
use crate::{
    relay::BEGIN,
    story::{BUYER, Car, OWNERS, Story, Sure},
};
use carnet_protocol::{
    Blob,
    api::body::StoredRecord,
    category::Category,
    id::{RecordId, StreamId},
    ledger::{CarStanding, Leaf},
    sale::SaleOutcome,
};
use carnet_server::store::RecordRow;
use carnet_wallet::{
    command::Subject,
    view::{PassportView, RecordState, RecordView, SourceName, VehicleStage},
};
use std::collections::BTreeSet;

/// What stays the seller's.
const PRIVATE: [Category; 3] = [Category::Driving, Category::Location, Category::Finance];

/// The passport by which somebody else goes on with a car, by the ledger's word.
pub async fn sold(story: &Story, car: &Car) -> Option<StreamId> {
    let app = story.network.relay().app().clone();
    let outcome = app.ledger.sale(car.stream).await.unwrap().map(|sale| sale.outcome);
    let next = standing(story, car.stream).await.next;
    match outcome {
        Some(SaleOutcome::Sold { next: by_sale, .. }) => {
            assert_eq!(next, Some(by_sale), "seed {}: two passports continue one", story.seed);
            Some(by_sale)
        }
        _ => {
            assert_eq!(next, None, "seed {}: a car went without a sale", story.seed);
            None
        }
    }
}

/// How a car may stand, by the ledger's word. An owner who was not told that an offer is taken back has still to do it.
async fn stages(story: &Story, car: &Car) -> &'static [VehicleStage] {
    let app = story.network.relay().app().clone();
    match app.ledger.sale(car.stream).await.unwrap().map(|sale| sale.outcome) {
        Some(SaleOutcome::Sold { .. }) => &[VehicleStage::Sold],
        Some(SaleOutcome::Offered) => &[VehicleStage::Offered],
        Some(SaleOutcome::Cancelled) => &[VehicleStage::Own, VehicleStage::Offered],
        None => &[VehicleStage::Own],
    }
}

async fn standing(story: &Story, stream: StreamId) -> CarStanding {
    let app = story.network.relay().app().clone();
    app.ledger.standing(stream).await.unwrap().unwrap()
}

/// Every wallet has the cars that the ledger says are its owner's, at the stage that they are at, and no others; whoever was
/// told that a car is theirs has it.
pub async fn all_are_told_the_truth(story: &mut Story, cars: &[Car]) {
    let seed = story.seed;
    let mut cards = Vec::new();
    for device in 0..OWNERS.len() {
        cards.push(story.cards(device).await);
    }
    for car in cars {
        if let Some(previous) = car.previous {
            assert_eq!(standing(story, previous).await.next, Some(car.stream), "seed {seed}: two continue one car");
        }
        let stages = stages(story, car).await;
        for (device, cards) in cards.iter().enumerate() {
            let shown = cards.iter().find(|card| card.vehicle == car.stream).map(|card| card.stage);
            let good = if OWNERS[device] == car.owner {
                shown.is_some_and(|shown| stages.contains(&shown))
            } else {
                shown.is_none()
            };
            assert!(good, "seed {seed}: {} shows {} {shown:?}, not {stages:?}", story.devices[device].name, car.stream);
        }
    }
    for (device, cards) in cards.iter().enumerate() {
        let unknown = cards.iter().find(|card| cars.iter().all(|car| car.stream != card.vehicle));
        assert!(unknown.is_none(), "seed {seed}: {} waits for a car that does not come", story.devices[device].name);
    }
    for bought in &story.sales.bought {
        let has = cars.iter().any(|car| car.stream == bought.next && car.owner == OWNERS[bought.device]);
        assert!(has, "seed {seed}: {} was told of a car that is not theirs", story.devices[bought.device].name);
    }
}

/// Of a car that was sold, whatever its former owner's wallet said it wrote is there as before, once; or, where another
/// device had offered the car before it could be sent, on the device that wrote it, which says that it came too late.
pub fn nothing_vanishes(story: &Story, car: &Car, device: usize, entries: &[RecordView], leaves: &[Leaf]) {
    let (seed, name) = (story.seed, story.devices[device].name);
    let committed: BTreeSet<RecordId> = leaves.iter().map(|leaf| leaf.entry.record).collect();
    for record in &car.records {
        let found = entries.iter().filter(|entry| entry.note.as_deref() == Some(record.note.as_str()));
        let found: Vec<_> = found.filter(|entry| entry.state != RecordState::Withdrawn).collect();
        assert!(found.len() <= 1, "seed {seed}: {name} shows {record:?} more than once");
        assert!(
            record.written != Sure::No || found.is_empty(),
            "seed {seed}: {name} shows {record:?}, which was refused"
        );
        if (record.written, record.withdrawn, record.by) == (Sure::Yes, Sure::No, device) {
            assert_eq!(found.len(), 1, "seed {seed}: {name} has lost {record:?}");
        }
        for entry in found {
            let told = if committed.contains(&entry.record) { RecordState::Committed } else { RecordState::TooLate };
            assert_eq!(entry.state, told, "seed {seed}: {name} is not told the truth of {record:?}");
        }
    }
}

/// All of an owner's devices have the same archive; but for what one wrote or withdrew too late.
pub fn the_archive_is_the_same(story: &Story, car: &Car, shown: &[(PassportView, Vec<RecordView>)]) {
    let doubtful = |note: &Option<String>| {
        car.records.iter().any(|record| Some(&record.note) == note.as_ref() && record.withdrawn != Sure::No)
    };
    let archive = |entries: &[RecordView]| -> BTreeSet<RecordId> {
        let kept = entries.iter().filter(|entry| entry.state == RecordState::Committed && !doubtful(&entry.note));
        kept.map(|entry| entry.record).collect()
    };
    let same = shown.windows(2).all(|two| archive(&two[0].1) == archive(&two[1].1));
    assert!(same, "seed {}: two devices have two archives", story.seed);
}

/// The buyer sees all that was handed over and nothing of what is private; nobody from before opens anything of after.
pub async fn what_was_handed_over_is_there(
    story: &mut Story,
    cars: &[Car],
    car: &Car,
    next: StreamId,
    archive: &[RecordView],
) {
    let seed = story.seed;
    let bought = cars.iter().find(|car| car.stream == next);
    let bought = bought.unwrap_or_else(|| panic!("seed {seed}: nobody has the car that was sold"));
    let before = stored(story, car.stream).await;
    let after = all(&stored(story, next).await);
    let private = archive.iter().filter(|entry| PRIVATE.contains(&entry.category)).map(|entry| entry.record);
    let private: BTreeSet<RecordId> = private.collect();
    let private: Vec<RecordRow> = before.into_iter().filter(|row| private.contains(&row.meta.header.record)).collect();
    for device in (0..OWNERS.len()).filter(|device| OWNERS[*device] == bought.owner) {
        let name = story.devices[device].name;
        let entries = story.entries(device, Subject::Own(next)).await.unwrap();
        let seen: BTreeSet<RecordId> =
            entries.iter().filter(|entry| entry.earlier_owner).map(|entry| entry.record).collect();
        let mut missed = 0;
        for entry in archive.iter().filter(|entry| entry.state == RecordState::Committed) {
            let doubtful = car
                .records
                .iter()
                .any(|record| Some(&record.note) == entry.note.as_ref() && record.withdrawn != Sure::No);
            // Of the days on which the story plays, only those up to the offer are handed over.
            if !doubtful && entry.day < BEGIN.day() {
                let handed_over = !PRIVATE.contains(&entry.category);
                let (sees, by_source) =
                    (seen.contains(&entry.record), matches!(entry.source, SourceName::Member { .. }));
                // What a source sealed to the inbox and the seller had not taken in is missing, and counted as such.
                assert!(sees || !handed_over || by_source, "seed {seed}: {name} has not got {:?}", entry.note);
                assert!(handed_over || !sees, "seed {seed}: {name} has {:?}, which is private", entry.note);
                missed += u32::from(handed_over && !sees);
            }
        }
        let told = passport(story, device, Subject::Own(next)).await.unwrap().completeness.missing;
        assert!(told >= missed, "seed {seed}: {name} is not told that {missed} are missing");
        if bought.owner != car.owner {
            assert_eq!(story.devices[device].opens(&all(&private)).await, 0, "seed {seed}: what is private opens");
        }
    }
    for (device, owner) in OWNERS.into_iter().enumerate() {
        if owner == car.owner && !may_read(cars, bought, device) {
            assert_eq!(story.devices[device].opens(&after).await, 0, "seed {seed}: old keys open what came after");
        }
    }
    for grant in insurers_grants(story, car.stream).await {
        let opens = stored(story, next).await.iter().any(|record| is_readable(&grant, record));
        assert!(!opens, "seed {seed}: an old grant opens what came after");
    }
}

/// Whether a device came to read in a car's passport, or in a later one of the same car, by another way.
fn may_read(cars: &[Car], bought: &Car, device: usize) -> bool {
    let shared = device == BUYER && bought.shares.iter().any(|share| !share.member);
    let later = cars.iter().find(|car| car.previous == Some(bought.stream));
    bought.owner == OWNERS[device] || shared || later.is_some_and(|later| may_read(cars, later, device))
}

fn all(rows: &[RecordRow]) -> Vec<StoredRecord> {
    let record = |row: &RecordRow| StoredRecord {
        sequence: 0,
        header: row.meta.header.clone(),
        record: row.sealed.clone().map(Blob),
        size: 0,
        wraps: row.wraps.clone(),
    };
    rows.iter().map(record).collect()
}
