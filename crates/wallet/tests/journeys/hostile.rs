//! A relay that lies: every lie of the fixture, told to everybody it is meant for, by a real relay to the real wallet.
//! Before it everything works; under it the wallet finds exactly what it should, and uses and keeps nothing of it; after
//! it everything works again.

use crate::world::*;
use carnet_hostile_relay::{Asked, End, Lie, Victim};
use carnet_proofs::{Evidence, Freshness, Witnessed, verifier};
use carnet_protocol::{
    api::path,
    category::Category,
    day::Day,
    encoding,
    grant::Purpose,
    id::{GrantId, StreamId},
    ledger::FlagKind,
    member::MemberClass,
    payload::{DocumentPaper, Fact},
    proof::ProofRequest,
};
use carnet_wallet::{
    command::{Answer, Audience, Command, ShareDraft, Subject},
    error::{Distrust, ProofFault, WalletError},
    store::{Table, memory::MemoryStore},
    transport::{Method, Request, Transport as _},
    view::PassportView,
};
use std::{collections::BTreeSet, rc::Rc};
use tokio::task::LocalSet;

const SHARED: [Category; 3] = [Category::Identity, Category::Mileage, Category::Documents];

/// People who have met before the relay begins to lie.
struct Scene {
    world: World,
    owner: Person,
    car: StreamId,
    link: String,
    pin_link: String,
    buyer: Person,
    bought: GrantId,
    staff: Person,
    newcomer: Person,
    granted: GrantId,
}

impl Scene {
    async fn new() -> Rc<Self> {
        let world = World::new().await;
        let mut owner = world.owner().await;
        let (car, other) = (owner.add_car().await, owner.add_car().await);
        heard_to_be_unknown(&owner.wire, car).await;
        for n in 0..3 {
            owner.add_odometer(car, Day(20_000 + n), 1_000 + u64::from(n)).await;
        }
        // A checkpoint that will be old, and the one that goes into the grants.
        owner.confirmed(car).await;
        owner.add_odometer(car, Day(20_003), 1_003).await;
        owner.confirmed(car).await;

        let (link, others) = (link_of(&mut owner, car, None).await.0, link_of(&mut owner, other, None).await.0);
        let pin_link = link_of(&mut owner, car, Some("2468")).await.0;
        let (buyers, bought) = link_of(&mut owner, car, None).await;
        let spoilt = owner.share(car, by_link(), all_days(&[Category::Mileage])).await.share.grant;
        let (mut staff, role) = insurer(&world).await;
        let newcomer = staff.twin(world.wire()).await;
        let granted = owner.share(car, Audience::Member(role), all_days(&[Category::Mileage])).await.share.grant;
        owner.settle().await;
        let mut visitor = world.person();
        visitor.open(&others, None).await.unwrap();
        visitor.passport(Subject::Link).await.unwrap();
        let mut buyer = world.owner().await;
        buyer.open(&buyers, None).await.unwrap();
        buyer.ask(Command::ClaimLink).await.unwrap();
        buyer.settle().await;
        buyer.passport(Subject::Granted(bought)).await.unwrap();
        staff.ask(Command::Inbox).await.unwrap();
        staff.ask(Command::AnswerGrant { grant: granted, accept: true }).await.unwrap();
        staff.settle().await;
        staff.passport(Subject::Granted(granted)).await.unwrap();

        // Keys of a further generation, files, something withdrawn; last of all something by which to see the end.
        owner.ask(Command::Revoke { vehicle: car, grant: spoilt }).await.unwrap();
        let files = vec![text_file("large.bin", &vec![7; 200_000]), text_file("small.txt", b"small")];
        let fact = Fact::Document(DocumentPaper { title: "Invoice".into() });
        owner.ask(Command::AddRecord { vehicle: car, day: Day(20_004), fact, note: None, files }).await.unwrap();
        let record = owner.passport(Subject::Own(car)).await.unwrap().timeline.entries[2].record;
        owner.ask(Command::WithdrawRecord { vehicle: car, record }).await.unwrap();
        owner.settle().await;
        owner.add_odometer(car, Day(20_005), 2_000).await;
        owner.confirmed(car).await;
        Rc::new(Self { world, owner, car, link, pin_link, buyer, bought, staff, newcomer, granted })
    }

    /// The victim in a state of its own.
    async fn victim(&self, victim: Victim) -> Person {
        let wire = self.world.wire();
        match victim {
            Victim::Owner | Victim::Sender => self.owner.twin(wire).await,
            Victim::Buyer => self.buyer.twin(wire).await,
            Victim::Member => self.staff.twin(wire).await,
            Victim::NewStaff => self.newcomer.twin(wire).await,
            Victim::Restorer | Victim::Visitor | Victim::PinVisitor => Person::with(MemoryStore::new(), wire),
        }
    }

    /// What the victim does, from the door on: each time in a new tab, in an empty browser where it has none.
    async fn journey(&self, victim: Victim, person: &Person) -> Result<PassportView, WalletError> {
        let mut tab = match victim {
            Victim::NewStaff => person.twin(person.wire.clone()).await,
            Victim::Restorer => Person::with(MemoryStore::new(), person.wire.clone()),
            _ => person.tab(),
        };
        let done = self.walk(victim, &mut tab).await;
        if victim == Victim::Restorer && done.is_err() {
            let opened = [Table::Records, Table::Wraps, Table::Index];
            assert!(tab.store.dump().iter().all(|(table, ..)| !opened.contains(table)), "nothing was opened");
        }
        done
    }

    async fn walk(&self, victim: Victim, tab: &mut Person) -> Result<PassportView, WalletError> {
        let subject = match victim {
            Victim::Owner | Victim::Sender => {
                tab.unlock().await;
                tab.ask(Command::Sync).await?;
                tab.ask(Command::Members).await?;
                Subject::Own(self.car)
            }
            Victim::Restorer => {
                let (words, passphrase) = (self.owner.words.join(" "), PASSPHRASE.to_owned());
                tab.ask(Command::RestoreWallet { words, passphrase }).await?;
                tab.ask(Command::Sync).await?;
                Subject::Own(self.car)
            }
            Victim::Visitor => {
                tab.open(&self.link, None).await?;
                Subject::Link
            }
            Victim::PinVisitor => {
                tab.open(&self.pin_link, Some("2468")).await?;
                Subject::Link
            }
            Victim::Buyer => {
                tab.unlock().await;
                Subject::Granted(self.bought)
            }
            Victim::Member | Victim::NewStaff => {
                tab.unlock().await;
                tab.ask(Command::Inbox).await?;
                Subject::Granted(self.granted)
            }
        };
        let passport = tab.passport(subject.clone()).await?;
        for entry in &passport.timeline.entries {
            for attachment in &entry.attachments {
                let (record, attachment) = (entry.record, attachment.record);
                tab.ask(Command::Attachment { subject: subject.clone(), record, attachment }).await?;
            }
        }
        Ok(content(passport))
    }

    /// One lie to one victim.
    async fn tell(&self, lie: Lie, victim: Victim, end: End) {
        let person = self.victim(victim).await;
        let before = self.journey(victim, &person).await.unwrap();
        assert_eq!(before.completeness.missing, 0);
        let kept = rows(&person);
        person.wire.lie(lie);
        let result = self.journey(victim, &person).await;
        let (told, asked) = person.wire.told();
        assert!(told > 0, "it was not told");
        assert_eq!(asked.iter().find(|asked| is_writing(asked)), None, "something was sent on the strength of it");
        match (end, result) {
            (End::Finding(finding) | End::Evidence(finding), Err(error)) => assert_eq!(name(&error), finding),
            (End::Missing(missing), Ok(passport)) => assert_eq!(passport.completeness.missing, missing),
            (End::Nothing, Ok(passport)) => assert_eq!(passport, before),
            (end, result) => panic!("{end:?} was expected, not {:?}", result.map(|passport| passport.completeness)),
        }
        person.wire.honest();
        match end {
            End::Evidence(_) if victim == Victim::Restorer => {}
            End::Evidence(finding) => {
                let changed: Vec<_> = rows(&person).difference(&kept).map(|(_, key, _)| key.clone()).collect();
                assert_eq!(changed, [b"evidence"], "nothing but the evidence is kept");
                clear(&person, finding).await;
            }
            // Attachments of others are looked at, not kept; the passport before them was honest and is kept anew.
            End::Finding(_) if lie.routes() != [path::GRANT_RECORD] => {
                assert!(rows(&person) == kept, "the store is as it was");
            }
            End::Finding(_) | End::Missing(_) | End::Nothing => {}
        }
        assert_eq!(self.journey(victim, &person).await.unwrap(), before, "nothing is lost");
    }

    /// All lies to one victim; one that is not found does not hide the others.
    async fn tell_all(self: &Rc<Self>, victim: Victim) {
        self.tell_each(Lie::ALL, victim).await;
    }

    async fn tell_each(self: &Rc<Self>, lies: &[Lie], victim: Victim) {
        let mut believed = Vec::new();
        for lie in lies {
            for (_, end) in lie.ends().iter().filter(|(to, _)| *to == victim) {
                let (scene, lie, end) = (self.clone(), *lie, *end);
                let local = LocalSet::new();
                let told = local.spawn_local(async move { scene.tell(lie, victim, end).await });
                if local.run_until(told).await.is_err() {
                    believed.push(lie);
                }
            }
        }
        assert_eq!(believed, [], "told to {victim:?}");
    }
}

/// Two checkpoints that clash are kept for whoever knows the keys; nothing is sent until the owner starts anew.
async fn clear(person: &Person, finding: &str) {
    let mut tab = person.tab();
    tab.unlock().await;
    let Answer::File(file) = tab.ask(Command::Evidence).await.unwrap() else { panic!("a file") };
    let evidence: Evidence = encoding::decode(&file.bytes).unwrap();
    let witness = |note: &str| -> Witnessed { policy().witness(note, Freshness::Any).unwrap() };
    let clash = verifier::compare(&witness(&evidence.seen), &witness(&evidence.served), &evidence.consistency);
    assert_eq!(name(&clash.unwrap_err().into()), finding, "the evidence shows it to others");
    let stopped = tab.ask(Command::Sync).await.map(drop).unwrap_err();
    assert_eq!(stopped, WalletError::Untrusted { what: Distrust::Proof(ProofFault::Fork) });
    tab.ask(Command::StartTrustAnew { passphrase: PASSPHRASE.into() }).await.unwrap();
    tab.settle().await;
}

/// Everything stored, but for what is sealed anew at each look.
fn rows(person: &Person) -> BTreeSet<(Table, Vec<u8>, Vec<u8>)> {
    person.store.dump().into_iter().collect()
}

/// All but when it was checked, and when cosigned: cosigners sign again what has not changed.
fn content(mut passport: PassportView) -> PassportView {
    passport.proof.checked_at = None;
    passport.proof.cosigned.clear();
    passport
}

/// The name of an error, as the fixture has it.
fn name(error: &WalletError) -> String {
    let text = |value: serde_json::Value| value.as_str().map(str::to_owned).unwrap();
    match error {
        WalletError::Untrusted { what: Distrust::Proof(fault) } => {
            format!("proof.{}", text(serde_json::to_value(fault).unwrap()))
        }
        WalletError::Untrusted { what } => text(serde_json::to_value(what).unwrap()),
        other => text(serde_json::to_value(other).unwrap()),
    }
}

fn is_writing(asked: &Asked) -> bool {
    let reads = ["/v1/proofs", "/v1/links"];
    asked.method != "GET" && !reads.iter().any(|part| asked.path.starts_with(part))
}

/// The relay has said once that there is no such car, as is true of every car before it is sent.
async fn heard_to_be_unknown(wire: &Wire, stream: StreamId) {
    let body = Some(encoding::encode(&ProofRequest { stream, seen: None }));
    let request = Request { method: Method::Post, path: path::STREAM_PROOF.into(), authorization: None, body };
    while wire.send(request.clone()).await.unwrap().status != 200 {}
}

async fn link_of(owner: &mut Person, car: StreamId, pin: Option<&str>) -> (String, GrantId) {
    let audience = Audience::Link { name: "reader".into(), max_opens: None, pin: pin.map(str::to_owned) };
    let shared = owner.share(car, audience, all_days(&SHARED)).await;
    (shared.link.unwrap(), shared.share.grant)
}

async fn insurer(world: &World) -> (Person, carnet_protocol::key::VerifyingKey) {
    let mut staff = world.owner().await;
    let Answer::DemoRoles(roles) = staff.ask(Command::DemoRoles).await.unwrap() else { panic!("roles") };
    let role = roles.iter().find(|role| role.member.class == MemberClass::Insurer).unwrap().member.sign;
    staff.ask(Command::TakeDemoRole { member: role }).await.unwrap();
    (staff, role)
}

#[tokio::test]
async fn every_lie_to_an_owner_ends_in_its_finding() {
    Scene::new().await.tell_all(Victim::Owner).await;
}

#[tokio::test]
async fn every_lie_to_an_owner_who_comes_back_ends_in_its_finding() {
    let told = Lie::ALL.iter().filter(|lie| lie.ends().iter().any(|(to, _)| *to == Victim::Restorer));
    let told: Vec<Lie> = told.copied().collect();
    // Each coming back adds a device; before there are too many, a scene with new people.
    for lies in told.chunks(4) {
        Scene::new().await.tell_each(lies, Victim::Restorer).await;
    }
}

#[tokio::test]
async fn every_lie_to_a_visitor_ends_in_its_finding() {
    let scene = Scene::new().await;
    scene.tell_all(Victim::Visitor).await;
    scene.tell_all(Victim::PinVisitor).await;
}

#[tokio::test]
async fn every_lie_to_a_buyer_ends_in_its_finding() {
    Scene::new().await.tell_all(Victim::Buyer).await;
}

#[tokio::test]
async fn every_lie_to_a_member_ends_in_its_finding() {
    let scene = Scene::new().await;
    scene.tell_all(Victim::Member).await;
    scene.tell_all(Victim::NewStaff).await;
}

#[tokio::test]
async fn a_weak_key_derivation_is_refused_before_the_pin_is_used() {
    let scene = Scene::new().await;
    let mut visitor = scene.victim(Victim::PinVisitor).await;
    visitor.wire.lie(Lie::WeakKdf);
    let refused = visitor.open(&scene.pin_link, Some("2468")).await.unwrap_err();
    assert_eq!(refused, WalletError::Untrusted { what: Distrust::WeakKdf });
    assert_eq!(visitor.wire.take_requests().len(), 1, "nothing was sent after the notice");
}

#[tokio::test]
async fn every_lie_about_what_was_done_leaves_what_waits_in_its_place() {
    let scene = Scene::new().await;
    let lies = Lie::ALL.iter().flat_map(|lie| lie.ends().iter().map(|(victim, end)| (*lie, *victim, *end)));
    for (n, (lie, _, end)) in (0..).zip(lies.filter(|(_, victim, _)| *victim == Victim::Sender)) {
        let mut sender = scene.victim(Victim::Sender).await;
        sender.unlock().await;
        let shown = sender.confirmed(scene.car).await.timeline.entries.len();
        sender.add_odometer(scene.car, Day(20_010 + n), 3_000 + u64::from(n)).await;
        let waiting = waiting(&sender);
        assert_eq!(waiting.len(), 2, "the record and its commitment");
        sender.wire.lie(lie);
        let error = sender.ask(Command::Sync).await.map(drop).unwrap_err();
        assert!(sender.wire.told().0 > 0, "{lie:?} was not told");
        assert_eq!(end, End::Finding("receipt"));
        assert_eq!(name(&error), "receipt", "{lie:?}");
        assert_eq!(self::waiting(&sender), waiting, "{lie:?}: nothing has left the outbox");
        sender.wire.honest();
        let passport = sender.confirmed(scene.car).await;
        assert_eq!(
            (passport.timeline.entries.len(), passport.completeness.missing),
            (shown + 1, 0),
            "it is there once"
        );
    }
}

#[tokio::test]
async fn what_a_member_says_of_a_car_is_said_only_when_the_log_has_signed_for_it() {
    let scene = Scene::new().await;
    for lie in [Lie::ReceiptForged, Lie::ReceiptWithheld, Lie::ReceiptReplayed, Lie::OutcomeForged] {
        let mut member = scene.victim(Victim::Member).await;
        member.unlock().await;
        let subject = Subject::Granted(scene.granted);
        let evidence = member.passport(subject.clone()).await.unwrap().timeline.entries[0].record;
        let wreck = Command::DeclareFlag { subject, kind: FlagKind::Wreck, day: Day(20_006), evidence };
        member.wire.lie(lie);
        let error = member.ask(wreck).await.map(drop).unwrap_err();
        assert!(member.wire.told().0 > 0, "{lie:?} was not told");
        assert_eq!(name(&error), "receipt", "{lie:?}");
    }
}

#[tokio::test]
async fn nothing_is_sealed_to_a_member_before_members_have_confirmed_the_ledger() {
    let world = World::new().await;
    let (_, role) = insurer(&world).await;
    let mut before = world.owner().await;
    let confirmed = before.add_car().await;
    before.confirmed(confirmed).await;
    let mut owner = world.owner().await;
    owner.wire.lie(Lie::LogDenied);
    let vehicle = owner.add_car().await;
    let draft = ShareDraft {
        audience: Audience::Member(role),
        purpose: Purpose::InsuranceQuote,
        scopes: all_days(&[Category::Mileage]),
        not_after: None,
        message: None,
    };
    let refused = owner.ask(Command::Share { vehicle, draft }).await.map(drop).unwrap_err();
    assert_eq!(name(&refused), "proof.quorum");
    owner.wire.honest();
    owner.confirmed(vehicle).await;
    owner.share(vehicle, Audience::Member(role), all_days(&[Category::Mileage])).await;
}

fn waiting(person: &Person) -> Vec<(Table, Vec<u8>, Vec<u8>)> {
    person.store.dump().into_iter().filter(|(table, ..)| *table == Table::Outbox).collect()
}
