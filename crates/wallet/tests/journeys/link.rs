//! Sharing by link: the reader without a wallet, the PIN, the claim, the end.

use crate::world::*;
use carnet_protocol::{
    api::body::ViewKind,
    category::Category,
    day::{Day, DayRange},
    id::StreamId,
    payload::{DocumentPaper, Fact},
};
use carnet_wallet::{
    command::{Answer, Audience, Command, ShareScope, Subject},
    error::WalletError,
    transport::Response,
    view::{LinkView, ProofState, ShareState, TermsView},
};

async fn share_state(owner: &mut Person, vehicle: StreamId) -> Vec<ShareState> {
    let Answer::Shares(shares) = owner.ask(Command::Shares { vehicle }).await.unwrap() else { panic!("shares") };
    shares.iter().map(|share| share.state).collect()
}

async fn looks(owner: &mut Person, vehicle: StreamId) -> Vec<ViewKind> {
    let Answer::Looks(looks) = owner.ask(Command::Looks { vehicle }).await.unwrap() else { panic!("looks") };
    looks.iter().map(|look| look.kind).collect()
}

/// An owner with a car, of which a link shows who it is.
async fn shared_by_link(world: &World) -> (Person, StreamId, String) {
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let link = owner.share(car, by_link(), all_days(&[Category::Identity])).await.link.unwrap();
    owner.settle().await;
    (owner, car, link)
}

/// How often the link of the only share was opened, and on how many days its keeper looked.
async fn counted(owner: &mut Person, vehicle: StreamId) -> (u32, u32) {
    let Answer::Shares(shares) = owner.ask(Command::Shares { vehicle }).await.unwrap() else { panic!("shares") };
    (shares[0].openings, shares[0].days_looked)
}

fn opened(view: LinkView) -> TermsView {
    match view {
        LinkView::Opened(terms) => terms,
        LinkView::PinNeeded { .. } => panic!("no PIN was set"),
    }
}

#[tokio::test]
async fn a_buyer_without_a_wallet_sees_exactly_what_was_shared() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.add_odometer(car, Day(19_000), 10_000).await;
    owner.add_odometer(car, Day(20_000), 20_000).await;
    let files = vec![text_file("large.bin", &vec![7; 200_000]), text_file("small.txt", b"small")];
    let fact = Fact::Document(DocumentPaper { title: "Invoice".into() });
    owner.ask(Command::AddRecord { vehicle: car, day: Day(20_000), fact, note: None, files }).await.unwrap();

    let days = DayRange::from(Day(19_500));
    let scopes = vec![
        ShareScope { category: Category::Mileage, days },
        ShareScope { category: Category::Documents, days: DayRange::ALL },
    ];
    let Answer::SharePreview(preview) =
        owner.ask(Command::PreviewShare { vehicle: car, scopes: scopes.clone() }).await.unwrap()
    else {
        panic!("a preview")
    };
    assert_eq!(preview.shown, [(Category::Mileage, 1), (Category::Documents, 1)]);
    assert_eq!(preview.hidden, [(Category::Identity, 1), (Category::Mileage, 1)]);
    let shared = owner.share(car, by_link(), scopes).await;
    assert_eq!(shared.share.state, ShareState::Waiting);
    owner.settle().await;
    assert_eq!(share_state(&mut owner, car).await, [ShareState::Open]);

    let mut buyer = world.person();
    let link = shared.link.unwrap();
    let terms = opened(buyer.open(&link, None).await.unwrap());
    assert_eq!(terms.not_shared, [Category::Identity]);
    assert_eq!(terms.message.as_deref(), Some("canary message"));
    let passport = buyer.passport(Subject::Link).await.unwrap();
    assert_eq!(passport.timeline.total, 2);
    assert!(passport.identity.identity.vin.is_none());
    assert_eq!(passport.odometer.points.len(), 1);
    assert_eq!(passport.synthesis.reader, carnet_passport::synthesis::Reader::PrivateBuyer);
    assert_eq!(passport.synthesis.truth.readings, 1);
    let own = owner.passport(Subject::Own(car)).await.unwrap();
    assert_eq!(own.synthesis.reader, carnet_passport::synthesis::Reader::Owner, "who holds the car is no buyer of it");
    let confirmed = owner.confirmed(car).await;
    assert_eq!(confirmed.synthesis.whole.proof, carnet_passport::synthesis::ProofStanding::Proved);
    let unsent = owner.add_car().await;
    let fresh = owner.passport(Subject::Own(unsent)).await.unwrap();
    assert_eq!((fresh.proof.state, fresh.proof.records), (ProofState::Pending, 0));
    assert_eq!(fresh.synthesis.whole.proof, carnet_passport::synthesis::ProofStanding::Unproved);
    let whole = &passport.synthesis.whole;
    let mileage = whole.categories.iter().find(|count| count.category == Category::Mileage).unwrap();
    assert_eq!((mileage.opened, mileage.withheld, mileage.missing), (1, 1, 0), "a withheld record shows");
    assert_eq!(whole.answer, carnet_passport::synthesis::Answer::Partly);
    let figures = &passport.completeness;
    assert_eq!((figures.committed, figures.opened, figures.missing), (4, 4, 0));
    let document = passport.timeline.entries.iter().find(|entry| entry.category == Category::Documents).unwrap();
    for (named, size) in document.attachments.iter().zip([200_000, 5]) {
        let command = Command::Attachment { subject: Subject::Link, record: document.record, attachment: named.record };
        let Answer::File(file) = buyer.ask(command).await.unwrap() else { panic!("a file") };
        assert_eq!(file.bytes.len(), size);
    }
    assert!(buyer.store.dump().is_empty(), "a reader without a wallet leaves nothing behind");
    assert_eq!(looks(&mut owner, car).await.last(), Some(&ViewKind::LinkOpened));
}

#[tokio::test]
async fn a_mangled_an_unknown_and_a_used_up_link_say_so() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let audience = Audience::Link { name: "once".into(), max_opens: Some(1), pin: None };
    let link = owner.share(car, audience, all_days(&[Category::Identity])).await.link.unwrap();
    let mut buyer = world.person();
    assert_eq!(buyer.open(&link[..link.len() - 4], None).await, Err(WalletError::LinkMangled));
    assert_eq!(buyer.open(&link, None).await, Err(WalletError::LinkUnknown), "not sent yet");
    owner.settle().await;
    let other: String = link.chars().rev().collect::<String>().replacen(|c: char| c.is_ascii_lowercase(), "A", 1);
    let other: String = other.chars().rev().collect();
    assert!(buyer.open(&other, None).await.is_err());
    opened(buyer.open(&link, None).await.unwrap());
    let mut second = world.person();
    assert_eq!(second.open(&link, None).await, Err(WalletError::LinkUsedUp));
}

#[tokio::test]
async fn a_pin_is_asked_for_and_a_wrong_one_is_not_enough() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let audience = Audience::Link { name: "with pin".into(), max_opens: None, pin: Some("2468".into()) };
    let link = owner.share(car, audience, all_days(&[Category::Identity])).await.link.unwrap();
    owner.settle().await;
    let mut buyer = world.person();
    assert_eq!(buyer.open(&link, None).await, Ok(LinkView::PinNeeded { wrong: false, tries_left: 10 }));
    assert_eq!(buyer.open(&link, Some("1111")).await, Ok(LinkView::PinNeeded { wrong: true, tries_left: 9 }));
    opened(buyer.open(&link, Some("2468")).await.unwrap());
    assert_eq!(buyer.passport(Subject::Link).await.unwrap().timeline.total, 1);
}

#[tokio::test]
async fn a_claimed_link_dies_and_stays_with_its_buyer_until_it_is_taken_back() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let audience = Audience::Link { name: "once".into(), max_opens: Some(1), pin: None };
    let link = owner.share(car, audience, all_days(&[Category::Identity, Category::Mileage])).await;
    owner.settle().await;
    let mut buyer = world.person();
    opened(buyer.open(link.link.as_ref().unwrap(), None).await.unwrap());
    assert_eq!(buyer.ask(Command::ClaimLink).await.err(), Some(WalletError::Locked));
    // The open link survives the making of the wallet.
    buyer.create().await;
    let Answer::Saved(saved) = buyer.ask(Command::ClaimLink).await.unwrap() else { panic!("saved") };
    let grant = saved[0].terms.grant;
    buyer.settle().await;
    assert_eq!(share_state(&mut owner, car).await, [ShareState::Claimed]);
    let mut late = world.person();
    assert_eq!(late.open(link.link.as_ref().unwrap(), None).await, Err(WalletError::LinkClaimed));

    owner.add_odometer(car, Day(20_000), 20_000).await;
    owner.settle().await;
    assert_eq!(buyer.passport(Subject::Granted(grant)).await.unwrap().timeline.total, 2);
    buyer.wire.cut(true);
    assert_eq!(buyer.passport(Subject::Granted(grant)).await.unwrap().timeline.total, 2, "kept for offline");
    buyer.wire.cut(false);

    // From the words alone, on another device.
    let mut device = world.person();
    let words = buyer.words.join(" ");
    device.ask(Command::RestoreWallet { words, passphrase: PASSPHRASE.into() }).await.unwrap();
    let Answer::Saved(saved) = device.ask(Command::Saved).await.unwrap() else { panic!("saved") };
    assert_eq!(saved.len(), 1);
    assert_eq!(device.passport(Subject::Granted(grant)).await.unwrap().timeline.total, 2);

    owner.ask(Command::Revoke { vehicle: car, grant }).await.unwrap();
    owner.settle().await;
    assert_eq!(share_state(&mut owner, car).await, [ShareState::Revoked]);
    assert_eq!(buyer.passport(Subject::Granted(grant)).await.err(), Some(WalletError::AccessRevoked));
    let Answer::Saved(saved) = buyer.ask(Command::Saved).await.unwrap() else { panic!("saved") };
    assert!(saved[0].revoked, "the list says so");
    let Answer::Saved(saved) = buyer.ask(Command::ForgetSaved { grant }).await.unwrap() else { panic!("saved") };
    assert!(saved.is_empty());
}

#[tokio::test]
async fn who_is_slower_to_keep_a_passport_is_told_that_somebody_else_has_it() {
    let world = World::new().await;
    let (_, _, link) = shared_by_link(&world).await;
    let (mut first, mut second) = (world.owner().await, world.owner().await);
    opened(first.open(&link, None).await.unwrap());
    opened(second.open(&link, None).await.unwrap());
    first.ask(Command::ClaimLink).await.unwrap();
    assert_eq!(second.ask(Command::ClaimLink).await.err(), Some(WalletError::LinkClaimed));
    let Answer::Saved(saved) = second.ask(Command::Saved).await.unwrap() else { panic!("saved") };
    assert!(saved.is_empty(), "nothing of it is left here");
}

#[tokio::test]
async fn the_list_of_kept_passports_learns_of_a_taking_back_without_opening_one() {
    let world = World::new().await;
    let (mut owner, car, link) = shared_by_link(&world).await;
    let mut buyer = world.person();
    opened(buyer.open(&link, None).await.unwrap());
    buyer.create().await;
    let Answer::Saved(saved) = buyer.ask(Command::ClaimLink).await.unwrap() else { panic!("saved") };
    let (grant, name) = (saved[0].terms.grant, saved[0].terms.vehicle_name.clone());
    buyer.settle().await;
    let looked = counted(&mut owner, car).await;
    let Answer::Saved(saved) = buyer.ask(Command::AskSaved).await.unwrap() else { panic!("saved") };
    assert!(!saved[0].revoked);
    assert_eq!(counted(&mut owner, car).await, looked, "asking is no look");

    // The relay's word alone hides it, and no longer than the relay says so.
    buyer.wire.tamper(|request, response| {
        if !request.path.starts_with("/v1/grants/") {
            return response;
        }
        let body = br#"{"type":"urn:carnet:problem:revoked","title":"Revoked","status":410,"code":"revoked"}"#;
        Response { status: 410, body: body.to_vec(), ..response }
    });
    let Answer::Saved(saved) = buyer.ask(Command::AskSaved).await.unwrap() else { panic!("saved") };
    assert!(saved[0].revoked);
    buyer.wire.honest();
    let Answer::Saved(saved) = buyer.ask(Command::AskSaved).await.unwrap() else { panic!("saved") };
    assert_eq!((saved[0].revoked, saved[0].revoked_at), (false, None), "it heals");
    assert!(buyer.passport(Subject::Granted(grant)).await.is_ok());

    owner.ask(Command::Revoke { vehicle: car, grant }).await.unwrap();
    owner.settle().await;
    buyer.wire.cut(true);
    let Answer::Saved(saved) = buyer.ask(Command::AskSaved).await.unwrap() else { panic!("saved") };
    assert!(!saved[0].revoked, "what cannot be asked stays as it is known");
    buyer.wire.cut(false);
    let Answer::Saved(saved) = buyer.ask(Command::AskSaved).await.unwrap() else { panic!("saved") };
    assert!(saved[0].revoked && saved[0].revoked_at.is_some(), "that it was taken back, and when");
    assert_eq!(saved[0].terms.vehicle_name, name);
    let Answer::Saved(saved) = buyer.ask(Command::ForgetSaved { grant }).await.unwrap() else { panic!("saved") };
    assert!(saved.is_empty());
}

#[tokio::test]
async fn a_keeper_is_counted_once_a_day_beside_the_openings_of_the_link() {
    let world = World::new().await;
    let (mut owner, car, link) = shared_by_link(&world).await;
    let mut buyer = world.person();
    for _ in 0..2 {
        opened(buyer.open(&link, None).await.unwrap());
        buyer.passport(Subject::Link).await.unwrap();
    }
    assert_eq!(counted(&mut owner, car).await, (2, 0), "who opens a link fetches too: one look");
    buyer.create().await;
    let Answer::Saved(saved) = buyer.ask(Command::ClaimLink).await.unwrap() else { panic!("saved") };
    let grant = saved[0].terms.grant;
    buyer.settle().await;
    world.pass(1, &mut [&mut owner, &mut buyer]).await;
    for _ in 0..2 {
        buyer.passport(Subject::Granted(grant)).await.unwrap();
    }
    assert_eq!(counted(&mut owner, car).await, (2, 1));
}

#[tokio::test]
async fn a_revoked_link_opens_no_more() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let kept = owner.share(car, by_link(), all_days(&[Category::Identity, Category::Mileage])).await;
    let shared = owner.share(car, by_link(), all_days(&[Category::Mileage])).await;
    owner.settle().await;
    owner.ask(Command::Revoke { vehicle: car, grant: shared.share.grant }).await.unwrap();
    owner.settle().await;
    let mut buyer = world.person();
    assert_eq!(buyer.open(&shared.link.unwrap(), None).await, Err(WalletError::LinkRevoked));
    // The other reader goes on reading, also what was written since.
    owner.add_odometer(car, Day(20_000), 20_000).await;
    owner.settle().await;
    opened(buyer.open(&kept.link.unwrap(), None).await.unwrap());
    let passport = buyer.passport(Subject::Link).await.unwrap();
    assert_eq!((passport.timeline.total, passport.completeness.missing), (2, 0));
}
