//! Nothing readable leaves the wallet's memory: not over the wire, not into the store, not to the relay's disk.

use crate::world::*;
use carnet_protocol::{
    category::Category,
    day::Day,
    payload::{DocumentPaper, Fact},
};
use carnet_wallet::command::{Answer, Audience, Command, Subject};

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle))
}

#[tokio::test]
async fn no_canary_is_found_anywhere() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.add_odometer(car, Day(20_000), 987_654).await;
    let files = vec![text_file("canary-file.txt", b"canary file content")];
    let fact = Fact::Document(DocumentPaper { title: "Canary title".into() });
    owner.ask(Command::AddRecord { vehicle: car, day: Day(20_000), fact, note: None, files }).await.unwrap();
    let audience = Audience::Link { name: "Canary buyer".into(), max_opens: None, pin: Some("canary123".into()) };
    let shared = owner.share(car, audience, all_days(&Category::ALL)).await;
    owner.settle().await;
    let link = shared.link.unwrap();
    let mut buyer = world.person();
    buyer.open(&link, Some("canary123")).await.unwrap();
    assert_eq!(buyer.passport(Subject::Link).await.unwrap().timeline.total, 3);
    buyer.create().await;
    let Answer::Saved(saved) = buyer.ask(Command::ClaimLink).await.unwrap() else { panic!("saved") };
    buyer.passport(Subject::Granted(saved[0].terms.grant)).await.unwrap();
    buyer.settle().await;

    let secret = link.rsplit_once('.').unwrap().1.to_owned();
    let raw_secret = {
        let fragment = carnet_protocol::link::LinkFragment::parse(&link).unwrap();
        fragment.secret.to_vec()
    };
    let mut canaries: Vec<Vec<u8>> = ["canary", "5YJ3E7EB0MF000001", "Tesla", "Model 3", PASSPHRASE, &secret]
        .iter()
        .map(|text| text.as_bytes().to_vec())
        .collect();
    canaries.push(raw_secret);
    canaries.push(owner.words[..3].join(" ").into_bytes());
    let stores = [&owner, &buyer].map(|person| {
        let rows = person.store.dump().into_iter();
        rows.flat_map(|(_, key, value)| [key, value].concat()).collect::<Vec<u8>>()
    });
    let wires = [owner.wire.traffic(), buyer.wire.traffic()];
    let folder = world.end().await;
    let mut disk = Vec::new();
    for entry in std::fs::read_dir(folder.path().join("data")).unwrap() {
        disk.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    assert!(disk.len() > 10_000);
    for canary in &canaries {
        let text = String::from_utf8_lossy(canary).into_owned();
        for (place, bytes) in [
            ("the owner's store", &stores[0]),
            ("the buyer's store", &stores[1]),
            ("the owner's wire", &wires[0]),
            ("the buyer's wire", &wires[1]),
            ("the relay's disk", &disk),
        ] {
            assert!(!contains(bytes, canary), "{text:?} in {place}");
        }
    }
}
