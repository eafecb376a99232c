//! Selling a car: from the offer to a later reader, and everything that can go wrong on the way.

use crate::world::*;
use carnet_passport::odometer::{ContradictionKind, Verdict};
use carnet_protocol::{
    api::body::{RecordPage, StoredRecord},
    category::Category,
    day::Day,
    encoding,
    id::{GrantId, StreamId},
    ledger::{FlagKind, OwnerChangeKind, Rejection},
    member::MemberClass,
    payload::{DocumentPaper, Expense, ExpenseKind, Fact, OdometerReading},
    quantity::{Metres, Money},
};
use carnet_wallet::{
    command::{Answer, Audience, Command, SaleDraft, Subject, Verification},
    error::WalletError,
    store::StoreError,
    view::{
        BothSigned, LinkView, PassportView, ProofState, SaleHint, SaleStep, SaleView, ShareState, TakeoverView,
        VehicleCard, VehicleStage,
    },
};
use std::sync::{Arc, Mutex};

const DAY: Day = Day(20_000);
pub const KM: u64 = 60_000;

pub fn draft(km: u64) -> SaleDraft {
    let price = Some(Money { minor: 1_250_000, currency: "EUR".into() });
    SaleDraft { odometer: Metres::from_km(km), price, days: 7, reader: None }
}

fn passphrase() -> Verification {
    Verification::Passphrase(PASSPHRASE.into())
}

pub async fn offer(seller: &mut Person, vehicle: StreamId, draft: SaleDraft) -> Result<SaleView, WalletError> {
    sale_answer(seller, Command::OfferSale { vehicle, verification: passphrase(), draft }).await.map(Option::unwrap)
}

pub async fn sale_answer(person: &mut Person, command: Command) -> Result<Option<SaleView>, WalletError> {
    match person.ask(command).await? {
        Answer::Sale(view) => Ok(view.map(|view| *view)),
        _ => panic!("a sale"),
    }
}

async fn look(buyer: &mut Person) -> TakeoverView {
    let Answer::Takeover(view) = buyer.ask(Command::Takeover).await.unwrap() else { panic!("a takeover") };
    *view
}

pub async fn accept(buyer: &mut Person, km: u64) -> Result<VehicleCard, WalletError> {
    match buyer.ask(Command::AcceptSale { odometer: Metres::from_km(km), liens: Vec::new() }).await? {
        Answer::Vehicle(card) => Ok(card),
        _ => panic!("a vehicle"),
    }
}

async fn stage(person: &mut Person, vehicle: StreamId) -> VehicleStage {
    person.vehicles().await.into_iter().find(|card| card.vehicle == vehicle).unwrap().stage
}

async fn note(person: &mut Person, vehicle: StreamId, fact: Fact) -> Result<Answer, WalletError> {
    let files = match &fact {
        Fact::Document(_) => vec![text_file("large.bin", &vec![7; 200_000]), text_file("small.txt", b"small")],
        _ => Vec::new(),
    };
    person.ask(Command::AddRecord { vehicle, day: DAY, fact, note: None, files }).await
}

/// A car with a life: four readings, a paper with two files, and what it cost, which is private.
pub async fn lived_in(seller: &mut Person) -> StreamId {
    let car = seller.add_car().await;
    for n in 1..=4 {
        seller.add_odometer(car, Day(DAY.0 + 100 * n), 10_000 * u64::from(n)).await;
    }
    note(seller, car, Fact::Document(DocumentPaper { title: "Invoice".into() })).await.unwrap();
    let cost = Money { minor: 99_900, currency: "EUR".into() };
    let expense = Expense { kind: ExpenseKind::Insurance, description: "canary expense".into(), cost };
    note(seller, car, Fact::Expense(expense)).await.unwrap();
    seller.settle().await;
    car
}

/// Sells a car from one to the other, as it should be.
pub async fn sell(seller: &mut Person, car: StreamId, buyer: &mut Person, km: u64) -> StreamId {
    let code = offer(seller, car, draft(km)).await.unwrap().code.unwrap();
    buyer.open(&code, None).await.unwrap();
    accept(buyer, km).await.unwrap().vehicle
}

/// Syncs until the seller knows that the car is sold.
pub async fn hears_of_it(seller: &mut Person, car: StreamId) -> SaleView {
    loop {
        seller.sync().await;
        let sale = sale_answer(seller, Command::Sale { vehicle: car }).await.unwrap().unwrap();
        if matches!(sale.step, SaleStep::Sold { .. }) {
            return sale;
        }
    }
}

/// Looks at a passport until all its parts are proved.
async fn proved(person: &mut Person, subject: Subject, link: Option<&str>) -> PassportView {
    loop {
        if let Some(link) = link {
            person.open(link, None).await.unwrap();
        } else {
            person.sync().await;
        }
        let passport = person.passport(subject.clone()).await.unwrap();
        if passport.proof.state == ProofState::Proved && passport.proof.newer == 0 && passport.owners.before > 0 {
            return passport;
        }
    }
}

/// Everything that the relay has of somebody's streams, as their owner gets it on a new device.
async fn all_at_the_relay(world: &World, owner: &Person) -> Vec<StoredRecord> {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let mut device = world.person();
    let ear = heard.clone();
    device.wire.tamper(move |request, response| {
        if request.path.starts_with("/v1/streams/")
            && request.path.contains("/records")
            && let Ok(page) = encoding::decode::<RecordPage>(&response.body)
        {
            ear.lock().unwrap().extend(page.records);
        }
        response
    });
    let words = owner.words.join(" ");
    device.ask(Command::RestoreWallet { words, passphrase: PASSPHRASE.into() }).await.unwrap();
    device.sync().await;
    heard.lock().unwrap().clone()
}

#[tokio::test]
async fn a_car_is_sold_and_its_history_goes_along() {
    let world = World::new().await;
    let (mut seller, mut buyer) = (world.owner().await, world.owner().await);
    let car = lived_in(&mut seller).await;
    let old_link = seller.share(car, by_link(), all_days(&[Category::Mileage])).await.link.unwrap();
    seller.settle().await;

    let sale = offer(&mut seller, car, draft(KM)).await.unwrap();
    assert_eq!((sale.step, stage(&mut seller, car).await), (SaleStep::Offered, VehicleStage::Offered));
    assert!(!sale.handed_over.contains(&Category::Finance) && !sale.handed_over.contains(&Category::Location));
    // Frozen: what the buyer looks at is what there will be.
    let reading = Fact::Odometer(OdometerReading { odometer: Metres::from_km(1) });
    assert_eq!(note(&mut seller, car, reading.clone()).await.err(), Some(WalletError::SaleOpen));

    let opened = buyer.open(&sale.code.unwrap(), None).await.unwrap();
    assert!(matches!(opened, LinkView::Opened(terms) if terms.sale == SaleHint::Handover));
    let seen = look(&mut buyer).await;
    assert_eq!((seen.odometer.km(), seen.owners, seen.open), (KM, 1, true));
    assert_eq!(seen.records, [(Category::Identity, 1), (Category::Mileage, 4), (Category::Documents, 1)]);
    assert_eq!(seen.terms.not_shared, [Category::Finance]);
    assert_eq!(seen.price.unwrap().minor, 1_250_000);
    assert_eq!(accept(&mut buyer, KM + 1).await.err(), Some(WalletError::OdometerDiffers));
    let card = accept(&mut buyer, KM).await.unwrap();
    assert_eq!((card.stage, card.odometer_km), (VehicleStage::Own, Some(KM)));
    assert_eq!(card.model.as_deref(), Some("Tesla Model 3"));

    let passport = proved(&mut buyer, Subject::Own(card.vehicle), None).await;
    assert_eq!(passport.timeline.total, 8, "six of the seller's, the handover, what the car is");
    let figures = &passport.completeness;
    // With the two files of the paper.
    assert_eq!((figures.committed, figures.opened, figures.missing), (10, 10, 0));
    assert_eq!((passport.owners.before, passport.owners.read), (1, 1));
    assert_eq!(passport.owners.changes[0].kind, OwnerChangeKind::Sale);
    let handover = passport.timeline.entries.iter().find(|entry| matches!(entry.fact, Fact::Handover(_))).unwrap();
    assert_eq!(handover.both_signed, Some(BothSigned::Yes));
    assert!(passport.timeline.entries.iter().all(|entry| entry.category != Category::Finance));
    let paper = passport.timeline.entries.iter().find(|entry| entry.category == Category::Documents).unwrap();
    for (file, size) in paper.attachments.iter().zip([200_000, 5]) {
        let (subject, record) = (Subject::Own(card.vehicle), paper.record);
        let Answer::File(file) =
            buyer.ask(Command::Attachment { subject, record, attachment: file.record }).await.unwrap()
        else {
            panic!("a file")
        };
        assert_eq!(file.bytes.len(), size);
    }

    let verified = buyer.verified(Subject::Own(card.vehicle)).await.signatures;
    assert_eq!((verified.checked, verified.total, verified.forged.len()), (8, 8, 0), "in both parts");

    // The seller keeps an archive of everything, writes no more, shares no more, sells no more.
    hears_of_it(&mut seller, car).await;
    assert_eq!(stage(&mut seller, car).await, VehicleStage::Sold);
    let archive = seller.passport(Subject::Own(car)).await.unwrap();
    assert!(archive.timeline.entries.iter().any(|entry| entry.category == Category::Finance));
    assert_eq!(note(&mut seller, car, reading).await.err(), Some(WalletError::CarSold));
    assert_eq!(offer(&mut seller, car, draft(KM)).await.err(), Some(WalletError::CarSold));
    let mut late = world.person();
    assert_eq!(late.open(&old_link, None).await, Err(WalletError::LinkEnded), "all grants ended");
    let Answer::Shares(shares) = seller.ask(Command::Shares { vehicle: car }).await.unwrap() else { panic!("shares") };
    assert_eq!(shares[0].state, ShareState::Ended);
    seller.settle().await;
}

#[tokio::test]
async fn a_later_reader_sees_the_whole_chain_and_a_rollback_across_the_sale() {
    let world = World::new().await;
    let (mut one, mut two, mut three) = (world.owner().await, world.owner().await, world.owner().await);
    let first = lived_in(&mut one).await;
    let second = sell(&mut one, first, &mut two, KM).await;
    two.settle().await;
    two.add_odometer(second, two.now().day(), KM + 2_000).await;
    two.settle().await;
    let third = sell(&mut two, second, &mut three, KM + 3_000).await;
    // Turned back by its third owner.
    for later in 1..=3 {
        three.add_odometer(third, Day(three.now().day().0 + later), 30_000 + 100 * u64::from(later)).await;
    }
    three.settle().await;
    proved(&mut three, Subject::Own(third), None).await;

    let shared = [Category::Identity, Category::Mileage, Category::Documents];
    let link = three.share(third, by_link(), all_days(&shared)).await.link.unwrap();
    let some = three.share(third, by_link(), all_days(&[Category::Identity])).await.link.unwrap();
    three.settle().await;
    let mut reader = world.person();
    let passport = proved(&mut reader, Subject::Link, Some(&link)).await;
    assert_eq!((passport.owners.before, passport.owners.read, passport.owners.changes.len()), (2, 2, 2));
    assert_eq!(passport.odometer.report.verdict, Verdict::RolledBack);
    let handovers: Vec<_> = passport.timeline.entries.iter().filter_map(|entry| entry.both_signed).collect();
    assert_eq!(handovers, [BothSigned::Yes, BothSigned::Yes]);
    assert_eq!((passport.completeness.missing, passport.completeness.uncommitted), (0, 0));
    assert!(passport.completeness.committed >= 14);
    let paper = passport.timeline.entries.iter().find(|entry| entry.category == Category::Documents).unwrap();
    let (subject, record, attachment) = (Subject::Link, paper.record, paper.attachments[0].record);
    let Answer::File(file) = reader.ask(Command::Attachment { subject, record, attachment }).await.unwrap() else {
        panic!("a file")
    };
    assert_eq!(file.bytes.len(), 200_000);

    // What is not shared of the last part is not shared of the earlier ones either.
    reader.open(&some, None).await.unwrap();
    let partly = reader.passport(Subject::Link).await.unwrap();
    assert!(partly.timeline.entries.iter().all(|entry| entry.category == Category::Identity));
    assert_eq!(partly.owners.read, 2);
    // Claimed, it is kept for when there is no connection.
    reader.open(&link, None).await.unwrap();
    reader.create().await;
    let Answer::Saved(saved) = reader.ask(Command::ClaimLink).await.unwrap() else { panic!("saved") };
    let grant = saved[0].terms.grant;
    let kept = reader.verified(Subject::Granted(grant)).await;
    // The sources' signatures are verified in every owner's part, and what was found is kept.
    assert_eq!((kept.signatures.checked, kept.signatures.forged.len()), (kept.signatures.total, 0));
    assert_eq!(kept.signatures.total, kept.timeline.total);
    reader.wire.cut(true);
    reader.ask(Command::Lock).await.unwrap();
    reader.unlock().await;
    let offline = reader.passport(Subject::Granted(grant)).await.unwrap();
    assert_eq!((offline.timeline.total, offline.owners.read), (kept.timeline.total, 2));
    assert_eq!(offline.signatures.checked, kept.signatures.total);
}

#[tokio::test]
async fn old_keys_open_nothing_later_and_the_buyer_nothing_private() {
    let world = World::new().await;
    let (mut seller, mut buyer) = (world.owner().await, world.owner().await);
    let car = lived_in(&mut seller).await;
    let bought = sell(&mut seller, car, &mut buyer, KM).await;
    buyer.add_odometer(bought, buyer.now().day(), KM + 10).await;
    buyer.settle().await;
    hears_of_it(&mut seller, car).await;
    seller.settle().await;
    let sold = all_at_the_relay(&world, &seller).await;
    let later = all_at_the_relay(&world, &buyer).await;
    assert_eq!((sold.len(), later.len()), (9, 3));
    assert_eq!(seller.wallet.opened_with_every_key(&later).await.unwrap(), 0, "0 later records");
    assert_eq!(buyer.wallet.opened_with_every_key(&later).await.unwrap(), 3, "the search itself works");
    // All but the one of finance; the large file comes without its bytes.
    assert_eq!(seller.wallet.opened_with_every_key(&sold).await.unwrap(), 8);
    assert_eq!(buyer.wallet.opened_with_every_key(&sold).await.unwrap(), 7, "0 private records");
}

#[tokio::test]
async fn an_open_wallet_alone_sells_nothing() {
    let world = World::new().await;
    let mut seller = world.owner().await;
    let vehicle = lived_in(&mut seller).await;
    for verification in [
        Verification::Passphrase("wrong passphrase".into()),
        Verification::Passphrase(String::new()),
        Verification::Passkey { credential: vec![1; 16], output: vec![2; 32] },
    ] {
        let refused = seller.ask(Command::OfferSale { vehicle, verification, draft: draft(KM) }).await;
        assert!(matches!(refused.err(), Some(WalletError::WrongPassphrase | WalletError::WrongPasskey)));
    }
    assert!(sale_answer(&mut seller, Command::Sale { vehicle }).await.unwrap().is_none());
    assert_eq!(stage(&mut seller, vehicle).await, VehicleStage::Own);
}

#[tokio::test]
async fn an_offer_taken_back_leaves_the_car_with_its_owner() {
    let world = World::new().await;
    let (mut seller, mut buyer) = (world.owner().await, world.owner().await);
    let vehicle = lived_in(&mut seller).await;
    let code = offer(&mut seller, vehicle, draft(KM)).await.unwrap().code.unwrap();
    buyer.open(&code, None).await.unwrap();
    assert!(look(&mut buyer).await.open);
    assert!(sale_answer(&mut seller, Command::CancelSale { vehicle }).await.unwrap().is_none());
    let refused = accept(&mut buyer, KM).await.err();
    let said = |error: &WalletError| matches!(error, WalletError::LinkRevoked | WalletError::LinkEnded);
    let rejected = |error: &WalletError| matches!(error, WalletError::Rejected { .. });
    assert!(refused.as_ref().is_some_and(|error| said(error) || rejected(error)), "{refused:?}");
    assert!(buyer.vehicles().await.is_empty(), "nothing of it is left");
    buyer.settle().await;
    seller.settle().await;
    seller.add_odometer(vehicle, seller.now().day(), KM).await;
    seller.settle().await;
    // Another offer is another code.
    let again = sell(&mut seller, vehicle, &mut buyer, KM).await;
    assert_eq!(stage(&mut buyer, again).await, VehicleStage::Own);
}

#[tokio::test]
async fn of_two_buyers_with_the_same_code_one_gets_the_car() {
    let world = World::new().await;
    let (mut seller, mut first, mut second) = (world.owner().await, world.owner().await, world.owner().await);
    let car = lived_in(&mut seller).await;
    let code = offer(&mut seller, car, draft(KM)).await.unwrap().code.unwrap();
    first.open(&code, None).await.unwrap();
    second.open(&code, None).await.unwrap();
    accept(&mut first, KM).await.unwrap();
    let late = accept(&mut second, KM).await.err();
    assert!(matches!(late, Some(WalletError::LinkClaimed | WalletError::Rejected { .. })), "{late:?}");
    assert!(second.vehicles().await.is_empty());
    second.settle().await;
}

#[tokio::test]
async fn whatever_answer_is_lost_there_is_one_sale_in_the_end() {
    let world = World::new().await;
    // At each place on the way one answer is lost: the request arrived, and is made again.
    for lost in 0..14 {
        let (mut seller, mut buyer) = (world.owner().await, world.owner().await);
        let car = lived_in(&mut seller).await;
        seller.wire.lose_answer_after(lost);
        let begun = offer(&mut seller, car, draft(KM)).await;
        let code = match begun {
            Ok(SaleView { code: Some(code), .. }) => code,
            _ => {
                // The first of two may be the one whose answer is lost.
                seller.sync().await;
                seller.settle().await;
                match sale_answer(&mut seller, Command::Sale { vehicle: car }).await.unwrap() {
                    Some(sale) => sale.code.unwrap(),
                    None => offer(&mut seller, car, draft(KM)).await.unwrap().code.unwrap(),
                }
            }
        };
        seller.sync().await;
        seller.settle().await;
        buyer.open(&code, None).await.unwrap();
        look(&mut buyer).await;
        buyer.wire.lose_answer_after(lost);
        if accept(&mut buyer, KM).await.is_err() {
            buyer.open(&code, None).await.unwrap();
            accept(&mut buyer, KM).await.unwrap();
        }
        buyer.sync().await;
        buyer.settle().await;
        let cars = buyer.vehicles().await;
        assert_eq!((cars.len(), cars[0].stage), (1, VehicleStage::Own), "lost after {lost}");
        buyer.passport(Subject::Own(cars[0].vehicle)).await.unwrap();
    }
}

#[tokio::test]
async fn whatever_commit_fails_there_is_one_sale_in_the_end() {
    let world = World::new().await;
    for failing in 0..6 {
        let (mut seller, mut buyer) = (world.owner().await, world.owner().await);
        let car = lived_in(&mut seller).await;
        seller.store.fail_after(failing, StoreError::Full);
        let _broken = offer(&mut seller, car, draft(KM)).await;
        seller.store.mend();
        // The browser is opened again: what is in memory is gone.
        seller.ask(Command::Lock).await.unwrap();
        seller.unlock().await;
        seller.settle().await;
        let code = match sale_answer(&mut seller, Command::Sale { vehicle: car }).await.unwrap() {
            Some(sale) => sale.code.unwrap(),
            None => offer(&mut seller, car, draft(KM)).await.unwrap().code.unwrap(),
        };
        buyer.open(&code, None).await.unwrap();
        look(&mut buyer).await;
        buyer.store.fail_after(failing, StoreError::Full);
        let _broken = accept(&mut buyer, KM).await;
        buyer.store.mend();
        buyer.ask(Command::Lock).await.unwrap();
        buyer.unlock().await;
        buyer.settle().await;
        if buyer.vehicles().await.is_empty() {
            buyer.open(&code, None).await.unwrap();
            accept(&mut buyer, KM).await.unwrap();
        }
        buyer.settle().await;
        let cars = buyer.vehicles().await;
        assert_eq!((cars.len(), cars[0].stage), (1, VehicleStage::Own), "failed after {failing}");
    }
}

#[tokio::test]
async fn a_buyer_who_loses_the_connection_gets_the_car_later() {
    let world = World::new().await;
    let (mut seller, mut buyer) = (world.owner().await, world.owner().await);
    let car = lived_in(&mut seller).await;
    let code = offer(&mut seller, car, draft(KM)).await.unwrap().code.unwrap();
    buyer.open(&code, None).await.unwrap();
    look(&mut buyer).await;
    // Known to the relay, so that only the acceptance itself is cut off.
    buyer.settle().await;
    buyer.wire.lose_answer_after(1);
    let card = accept(&mut buyer, KM).await;
    buyer.wire.cut(true);
    if let Ok(card) = card {
        assert_eq!(card.stage, VehicleStage::Arriving);
    }
    let waiting = buyer.vehicles().await;
    for card in &waiting {
        let reading = Fact::Odometer(OdometerReading { odometer: Metres::from_km(KM) });
        assert_eq!(note(&mut buyer, card.vehicle, reading).await.err(), Some(WalletError::SaleOpen));
    }
    buyer.wire.cut(false);
    buyer.settle().await;
    if waiting.is_empty() {
        buyer.open(&code, None).await.unwrap();
        accept(&mut buyer, KM).await.unwrap();
    }
    assert_eq!(buyer.vehicles().await[0].stage, VehicleStage::Own);
    // From the words alone, on another device, with all that was handed over.
    let mut device = world.person();
    let words = buyer.words.join(" ");
    buyer.settle().await;
    device.ask(Command::RestoreWallet { words, passphrase: PASSPHRASE.into() }).await.unwrap();
    device.settle().await;
    let restored = device.vehicles().await;
    assert_eq!(restored.len(), 1);
    assert_eq!(device.passport(Subject::Own(restored[0].vehicle)).await.unwrap().timeline.total, 8);
}

#[tokio::test]
async fn an_offer_that_lapsed_is_no_longer_good() {
    let world = World::new().await;
    let mut seller = world.owner().await;
    let vehicle = lived_in(&mut seller).await;
    let mut short = draft(KM);
    for days in [0, 31] {
        short.days = days;
        assert_eq!(offer(&mut seller, vehicle, short.clone()).await.err(), Some(WalletError::BadInput));
    }
    short.days = 1;
    offer(&mut seller, vehicle, short).await.unwrap();
    seller.later = std::time::Duration::from_secs(2 * 24 * 60 * 60);
    let lapsed = sale_answer(&mut seller, Command::Sale { vehicle }).await.unwrap().unwrap();
    assert_eq!((lapsed.step, lapsed.code), (SaleStep::Lapsed, None));
}

#[tokio::test]
async fn a_saved_link_leads_to_the_sale() {
    let world = World::new().await;
    let (mut seller, mut buyer) = (world.owner().await, world.owner().await);
    let car = lived_in(&mut seller).await;
    let shared = seller.share(car, by_link(), all_days(&[Category::Identity, Category::Mileage])).await;
    seller.settle().await;
    buyer.open(&shared.link.unwrap(), None).await.unwrap();
    let Answer::Saved(saved) = buyer.ask(Command::ClaimLink).await.unwrap() else { panic!("saved") };
    let grant = saved[0].terms.grant;
    assert_eq!(saved[0].terms.sale, SaleHint::None);
    assert_eq!(buyer.ask(Command::OpenOffer { grant }).await.err(), Some(WalletError::NotForSale));

    let to_reader = SaleDraft { reader: Some(shared.share.grant), ..draft(KM) };
    offer(&mut seller, car, to_reader).await.unwrap();
    seller.settle().await;
    buyer.passport(Subject::Granted(grant)).await.unwrap();
    let Answer::Saved(saved) = buyer.ask(Command::Saved).await.unwrap() else { panic!("saved") };
    assert_eq!(saved[0].terms.sale, SaleHint::Offered);
    buyer.ask(Command::OpenOffer { grant }).await.unwrap();
    let bought = accept(&mut buyer, KM).await.unwrap().vehicle;
    let Answer::Saved(saved) = buyer.ask(Command::Saved).await.unwrap() else { panic!("saved") };
    assert!(saved.iter().all(|one| one.terms.sale != SaleHint::Handover), "the handover is part of the car's passport");
    assert_eq!(buyer.passport(Subject::Own(bought)).await.unwrap().timeline.total, 8);
}

#[tokio::test]
async fn a_stolen_car_is_not_offered_and_a_lien_must_be_taken_over_knowingly() {
    let world = World::new().await;
    let (mut seller, mut buyer, mut bank) = (world.owner().await, world.owner().await, world.owner().await);
    let vehicle = lived_in(&mut seller).await;
    let evidence = seller.passport(Subject::Own(vehicle)).await.unwrap().timeline.entries[0].record;
    let (own, day) = (Subject::Own(vehicle), DAY);
    let declare = Command::DeclareFlag { subject: own.clone(), kind: FlagKind::Theft, day, evidence };
    let Answer::Standing(stolen) = seller.ask(declare).await.unwrap() else { panic!("a standing") };
    let refused = Some(WalletError::Rejected { reason: Rejection::CarStolen });
    assert_eq!(offer(&mut seller, vehicle, draft(KM)).await.err(), refused);
    assert_eq!(stage(&mut seller, vehicle).await, VehicleStage::Own);
    let lift = Command::LiftFlag { subject: own, flag: stolen.flags[0].flag, day, evidence };
    seller.ask(lift).await.unwrap();

    let Answer::DemoRoles(roles) = bank.ask(Command::DemoRoles).await.unwrap() else { panic!("roles") };
    let role = roles.into_iter().find(|role| role.member.class == MemberClass::Bank).unwrap().member.sign;
    bank.ask(Command::TakeDemoRole { member: role }).await.unwrap();
    let grant = seller.share(vehicle, Audience::Member(role), all_days(&[Category::Identity])).await.share.grant;
    seller.settle().await;
    pledge(&mut bank, grant).await;
    let code = offer(&mut seller, vehicle, draft(KM)).await.unwrap().code.unwrap();
    buyer.open(&code, None).await.unwrap();
    let flags = look(&mut buyer).await.flags;
    let unaware = accept(&mut buyer, KM).await.err();
    assert_eq!(unaware, Some(WalletError::Rejected { reason: Rejection::LienUnacknowledged }));
    assert!(buyer.vehicles().await.is_empty(), "asked before the code is used up");
    let liens = flags.iter().map(|flag| flag.flag).collect();
    let knowingly = Command::AcceptSale { odometer: Metres::from_km(KM), liens };
    let Answer::Vehicle(card) = buyer.ask(knowingly).await.unwrap() else { panic!("a vehicle") };
    let passport = proved(&mut buyer, Subject::Own(card.vehicle), None).await;
    assert_eq!(passport.standing.flags[0].kind, FlagKind::Lien);
}

async fn pledge(bank: &mut Person, grant: GrantId) {
    bank.ask(Command::Inbox).await.unwrap();
    bank.ask(Command::AnswerGrant { grant, accept: true }).await.unwrap();
    bank.settle().await;
    let evidence = bank.passport(Subject::Granted(grant)).await.unwrap().timeline.entries[0].record;
    let subject = Subject::Granted(grant);
    bank.ask(Command::DeclareFlag { subject, kind: FlagKind::Lien, day: DAY, evidence }).await.unwrap();
}

#[tokio::test]
async fn a_reading_that_the_records_contradict_is_asked_about_and_shown_to_the_buyer() {
    let world = World::new().await;
    let (mut seller, mut buyer) = (world.owner().await, world.owner().await);
    let car = lived_in(&mut seller).await;
    let today = seller.now().day();
    for (km, expected) in [(KM, None), (39_999, Some((ContradictionKind::Lower, 40_000)))] {
        let asked = Command::CheckReading {
            subject: Subject::Own(car),
            day: today,
            odometer: Metres::from_km(km),
            besides: None,
        };
        let Answer::Contradiction(found) = seller.ask(asked).await.unwrap() else {
            panic!("an answer about a reading")
        };
        assert_eq!(found.map(|found| (found.kind, found.known.odometer.km())), expected);
    }
    let code = offer(&mut seller, car, draft(39_999)).await.unwrap().code.unwrap();
    buyer.open(&code, None).await.unwrap();
    let seen = look(&mut buyer).await;
    assert_eq!(seen.contradicted.map(|found| found.kind), Some(ContradictionKind::Lower));
}
