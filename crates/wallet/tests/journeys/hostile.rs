//! A relay that lies. Each lie ends in its own named error, and no key is used on it.

use crate::world::*;
use carnet_protocol::{
    Blob,
    api::body::{LeafPage, LinkNotice, LinkOpened, RecordPage, RelayInfo, StoredRecord},
    category::Category,
    day::Day,
    encoding,
    id::{Hash32, StreamId},
    key::VerifyingKey,
    ledger::{MemberDirectory, StreamHead},
    link::Argon2Params,
};
use carnet_wallet::{
    command::{Audience, Command, Subject},
    error::{Distrust, WalletError},
    transport::{Request, Response},
};
use serde::{Serialize, de::DeserializeOwned};

/// Changes the answers whose path ends like this.
fn lie<A: Serialize + DeserializeOwned>(
    ends: &'static str,
    mut change: impl FnMut(&mut A) + Send + 'static,
) -> impl FnMut(&Request, Response) -> Response + Send + 'static {
    move |request, mut response| {
        let path = request.path.split('?').next().unwrap();
        if path.ends_with(ends) && response.status == 200 {
            let mut answer: A = encoding::decode(&response.body).unwrap();
            change(&mut answer);
            response.body = encoding::encode(&answer);
        }
        response
    }
}

/// A car with three readings, and a link that a buyer has opened.
async fn shared(world: &World) -> (Person, StreamId, String) {
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    for n in 0..3 {
        owner.add_odometer(car, Day(20_000 + n), 1_000 + u64::from(n)).await;
    }
    let link = owner.share(car, by_link(), all_days(&[Category::Mileage])).await.link.unwrap();
    owner.settle().await;
    (owner, car, link)
}

async fn read_under(
    world: &World,
    link: &str,
    tamper: impl FnMut(&Request, Response) -> Response + Send + 'static,
) -> Result<carnet_wallet::view::PassportView, WalletError> {
    let mut buyer = world.person();
    buyer.wire.tamper(tamper);
    buyer.open(link, None).await?;
    buyer.passport(Subject::Link).await
}

fn distrust(what: Distrust) -> WalletError {
    WalletError::Untrusted { what }
}

#[tokio::test]
async fn lies_about_records_are_found() {
    let world = World::new().await;
    let (_owner, _car, link) = shared(&world).await;
    let record =
        |change: fn(&mut Vec<StoredRecord>)| lie::<RecordPage>("/records", move |page| change(&mut page.records));
    // A bit of the ciphertext, another record's ciphertext, another header.
    let flipped = record(|records| {
        let Blob(bytes) = records[0].record.as_mut().unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
    });
    assert_eq!(read_under(&world, &link, flipped).await.err(), Some(distrust(Distrust::Record)));
    let swapped = record(|records| {
        let first = records[0].record.clone();
        records[0].record = records[1].record.clone();
        records[1].record = first;
    });
    assert_eq!(read_under(&world, &link, swapped).await.err(), Some(distrust(Distrust::Record)));
    let moved = record(|records| records[0].header.day = Day(19_000));
    assert_eq!(read_under(&world, &link, moved).await.err(), Some(distrust(Distrust::Record)));
    let elsewhere = record(|records| records[0].header.stream = StreamId([9; 16]));
    assert_eq!(read_under(&world, &link, elsewhere).await.err(), Some(distrust(Distrust::Record)));
    // What is withheld, or given without its key, is counted.
    let withheld = record(|records| drop(records.pop()));
    assert_eq!(read_under(&world, &link, withheld).await.unwrap().completeness.missing, 1);
    let unwrapped = record(|records| records[0].wraps.clear());
    assert_eq!(read_under(&world, &link, unwrapped).await.unwrap().completeness.missing, 1);
    let exchanged = record(|records| {
        let mut wrap = records[1].wraps[0].clone();
        wrap.record = records[0].header.record;
        records[0].wraps = vec![wrap];
    });
    assert_eq!(read_under(&world, &link, exchanged).await.unwrap().completeness.missing, 1);
}

#[tokio::test]
async fn lies_about_the_stream_are_found() {
    let world = World::new().await;
    let (mut owner, car, link) = shared(&world).await;
    let dropped = lie::<LeafPage>("/leaves", |page| page.leaves.truncate(page.leaves.len() - 1));
    assert_eq!(read_under(&world, &link, dropped).await.err(), Some(distrust(Distrust::Stream)));
    let reordered = lie::<LeafPage>("/leaves", |page| page.leaves.swap(0, 1));
    assert_eq!(read_under(&world, &link, reordered).await.err(), Some(distrust(Distrust::Stream)));
    let another = lie::<LeafPage>("/leaves", |page| {
        for leaf in &mut page.leaves {
            leaf.entry.commitment = Hash32([7; 32]);
        }
    });
    assert_eq!(read_under(&world, &link, another).await.err(), Some(distrust(Distrust::Record)));
    let stream = car.to_string();
    let other_owner = move |request: &Request, mut response: Response| {
        if request.path.ends_with(&stream) && response.status == 200 {
            let mut head: StreamHead = encoding::decode(&response.body).unwrap();
            head.owner = VerifyingKey([3; 32]);
            response.body = encoding::encode(&head);
        }
        response
    };
    assert_eq!(read_under(&world, &link, other_owner).await.err(), Some(distrust(Distrust::Stream)));

    // The owner's own sync: fewer leaves than before, or another commitment.
    for change in [(|page: &mut LeafPage| page.leaves.truncate(page.leaves.len() - 1)) as fn(&mut LeafPage), |page| {
        page.leaves[0].entry.commitment = Hash32([7; 32])
    }] {
        let mut tab = owner.tab();
        tab.unlock().await;
        tab.wire.tamper(lie::<LeafPage>("/leaves", change));
        assert_eq!(tab.ask(Command::Sync).await.err(), Some(distrust(Distrust::Stream)));
        tab.wire.honest();
    }
    owner.settle().await;
}

/// One leaf told twice in the place of another keeps count and last number; an index beyond all numbers is no end.
#[tokio::test]
async fn a_leaf_left_out_behind_another_told_twice_is_found() {
    let world = World::new().await;
    let (owner, ..) = shared(&world).await;
    for change in [(|page: &mut LeafPage| page.leaves[1] = page.leaves[0]) as fn(&mut LeafPage), |page| {
        page.leaves[1].index = u64::MAX
    }] {
        let mut tab = owner.tab();
        tab.unlock().await;
        tab.wire.tamper(lie::<LeafPage>("/leaves", change));
        assert_eq!(tab.ask(Command::Sync).await.err(), Some(distrust(Distrust::Stream)));
        tab.wire.honest();
    }
}

#[tokio::test]
async fn lies_about_the_ledger_and_its_members_are_found() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    owner.settle().await;
    owner.wire.tamper(lie::<RelayInfo>("/info", |info| info.ledger = Hash32([1; 32])));
    assert_eq!(owner.ask(Command::Sync).await.err(), Some(distrust(Distrust::Ledger)));
    owner.wire.tamper(lie::<MemberDirectory>("/members", |directory| {
        let body = &mut directory.admissions[0].body.0;
        let last = body.len() - 1;
        body[last] ^= 1;
    }));
    assert_eq!(owner.ask(Command::Members).await.err(), Some(distrust(Distrust::Directory)));
    owner.wire.tamper(lie::<MemberDirectory>("/members", |directory| {
        directory.genesis = directory.admissions[0].clone();
    }));
    assert_eq!(owner.ask(Command::Members).await.err(), Some(distrust(Distrust::Directory)));
    owner.wire.tamper(|_, mut response| {
        response.body.push(0);
        response
    });
    assert_eq!(owner.ask(Command::Sync).await.err(), Some(distrust(Distrust::Malformed)));
    owner.wire.honest();
    owner.settle().await;
}

#[tokio::test]
async fn lies_about_a_grant_are_found() {
    let world = World::new().await;
    let (mut owner, car, link) = shared(&world).await;
    let flipped = |request: &Request, mut response: Response| {
        if request.path.ends_with("/open") && response.status == 200 {
            let mut opened: LinkOpened = encoding::decode(&response.body).unwrap();
            opened.envelope.sealed.sealed.0[9] ^= 1;
            response.body = encoding::encode(&opened);
        }
        response
    };
    assert_eq!(read_under(&world, &link, flipped).await.err(), Some(distrust(Distrust::Grant)));
    // Another grant of the same owner.
    let other = owner.share(car, by_link(), all_days(&[Category::Identity])).await.link.unwrap();
    owner.settle().await;
    let kept = std::sync::Arc::new(std::sync::Mutex::new(None));
    let keep = kept.clone();
    let noting = lie::<LinkOpened>("/open", move |opened| {
        *keep.lock().unwrap() = Some(opened.envelope.clone());
    });
    read_under(&world, &other, noting).await.unwrap();
    let exchanged = lie::<LinkOpened>("/open", move |opened| {
        opened.envelope = kept.lock().unwrap().clone().unwrap();
    });
    assert_eq!(read_under(&world, &link, exchanged).await.err(), Some(distrust(Distrust::Grant)));
}

#[tokio::test]
async fn a_weak_key_derivation_is_refused_before_the_pin_is_used() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let audience = Audience::Link { name: "pin".into(), max_opens: None, pin: Some("2468".into()) };
    let link = owner.share(car, audience, all_days(&[Category::Identity])).await.link.unwrap();
    owner.settle().await;
    let mut buyer = world.person();
    buyer.wire.tamper(lie::<LinkNotice>("/notice", |notice| {
        notice.pin = Some(Argon2Params { memory_kib: 8, passes: 1, lanes: 1 });
    }));
    buyer.wire.take_requests();
    assert_eq!(buyer.open(&link, Some("2468")).await, Err(distrust(Distrust::WeakKdf)));
    assert_eq!(buyer.wire.take_requests().len(), 1, "nothing was sent after the notice");
}
