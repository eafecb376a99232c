//! Two wallets and one car: inviting, writing by both, losing nothing, and what is left to who was removed.

use crate::{
    adversary::Database,
    desk::{answer, inbox, staff},
    sale,
    world::*,
};
use carnet_crypto::grant::OpenedScope;
use carnet_protocol::{
    api::path,
    category::Category,
    day::{Day, DayRange},
    id::{RecordId, StreamId},
    key::VerifyingKey,
    member::MemberClass,
    payload::{Fact, OriginKind, Refuelling},
};
use carnet_wallet::{
    command::{Answer, Audience, Command, DeviceCommand, EraseTarget, HouseholdCommand, Subject, TimelineFilter},
    error::WalletError,
    view::{HolderState, HolderView, Holding, InvitationView, JoiningView, RecordRight, SourceName, WalletState},
};
use std::collections::BTreeSet;

async fn invite(owner: &mut Person, vehicle: StreamId, private: bool) -> InvitationView {
    let command = Command::Household(HouseholdCommand::Invite { vehicle, name: "Canary partner".into(), private });
    match owner.ask(command).await.unwrap() {
        Answer::Invitation(view) => view,
        _ => panic!("an invitation"),
    }
}

async fn join(person: &mut Person, code: &str) -> Result<Vec<JoiningView>, WalletError> {
    match person.ask(Command::Household(HouseholdCommand::Join { code: code.into() })).await? {
        Answer::Joinings(views) => Ok(views),
        _ => panic!("what waits"),
    }
}

async fn holders(owner: &mut Person, vehicle: StreamId) -> Vec<HolderView> {
    let Answer::Holders(views) = owner.ask(Command::Household(HouseholdCommand::Holders { vehicle })).await.unwrap()
    else {
        panic!("people")
    };
    views
}

async fn remove(owner: &mut Person, vehicle: StreamId, holder: VerifyingKey) {
    owner.ask(Command::Household(HouseholdCommand::Remove { vehicle, holder })).await.unwrap();
}

async fn records(person: &mut Person, vehicle: StreamId) -> BTreeSet<RecordId> {
    let (subject, filter) = (Subject::Own(vehicle), TimelineFilter::default());
    let command = Command::Timeline { subject, filter, offset: 0, limit: 500 };
    let Answer::Timeline(page) = person.ask(command).await.unwrap() else { panic!("a timeline") };
    page.entries.iter().map(|entry| entry.record).collect()
}

async fn written_by(person: &mut Person, vehicle: StreamId, day: Day) -> SourceName {
    let entries = person.passport(Subject::Own(vehicle)).await.unwrap().timeline.entries;
    entries.into_iter().find(|entry| entry.day == day).unwrap().source
}

async fn holding(person: &mut Person, vehicle: StreamId) -> Option<Holding> {
    person.vehicles().await.into_iter().find(|card| card.vehicle == vehicle).map(|card| card.holding)
}

fn refuelling() -> Fact {
    Fact::Refuelling(Refuelling { odometer: None, volume_ml: 40_000, cost: None, full: true, missed: false })
}

async fn add_private(person: &mut Person, vehicle: StreamId) -> Result<(), WalletError> {
    let fact = refuelling();
    let command = Command::AddRecord { vehicle, day: Day(20_000), fact, note: None, files: Vec::new() };
    person.ask(command).await.map(drop)
}

/// An owner with a car of a few records, and a partner who holds it together.
async fn household(world: &World, private: bool) -> (Person, Person, StreamId, VerifyingKey) {
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.add_odometer(car, Day(20_000), 20_000).await;
    add_private(&mut owner, car).await.unwrap();
    owner.settle().await;
    let invitation = invite(&mut owner, car, private).await;
    owner.settle().await;
    let mut partner = world.owner().await;
    assert_eq!(join(&mut partner, &invitation.link).await.unwrap().len(), 1);
    owner.settle().await;
    partner.settle().await;
    (owner, partner, car, invitation.holder.holder)
}

#[tokio::test]
async fn both_read_and_write_and_lose_nothing_though_never_online_together() {
    let world = World::new().await;
    let (mut owner, mut partner, car, person) = household(&world, true).await;
    assert_eq!(holders(&mut owner, car).await[0].state, HolderState::Joined);
    assert_eq!(holding(&mut owner, car).await, Some(Holding::Shared(1)));
    assert_eq!(holding(&mut partner, car).await, Some(Holding::Together { private: true }));
    assert_eq!(records(&mut partner, car).await, records(&mut owner, car).await, "all that was there before");

    // Each writes while the other is away.
    partner.wire.cut(true);
    owner.add_odometer(car, Day(20_010), 20_500).await;
    owner.settle().await;
    owner.wire.cut(true);
    partner.add_odometer(car, Day(20_020), 21_000).await;
    add_private(&mut partner, car).await.unwrap();
    partner.wire.cut(false);
    partner.settle().await;
    partner.wire.cut(true);
    owner.wire.cut(false);
    owner.settle().await;
    partner.wire.cut(false);
    partner.settle().await;
    let all = records(&mut owner, car).await;
    assert_eq!((all.len(), records(&mut partner, car).await), (6, all));
    let (ours, theirs) = (owner.confirmed(car).await, partner.confirmed(car).await);
    assert_eq!((ours.completeness.missing, theirs.completeness.missing), (0, 0));
    assert_eq!(ours.summary, theirs.summary);

    // Each is told which of the two wrote what; the owner by the name in which the partner was invited.
    let (ours, theirs) = (Day(20_010), Day(20_020));
    let own = SourceName::Own(OriginKind::Manual);
    let other = |name: Option<&str>| SourceName::Holder { name: name.map(Into::into), origin: OriginKind::Manual };
    assert_eq!(written_by(&mut owner, car, ours).await, own);
    assert_eq!(written_by(&mut owner, car, theirs).await, other(Some("Canary partner")));
    assert_eq!(written_by(&mut partner, car, theirs).await, own);
    assert_eq!(written_by(&mut partner, car, ours).await, other(None));

    // Readers see the partner's records as the owner's side, proved.
    let shared = owner.share(car, by_link(), all_days(&Category::ALL)).await;
    owner.settle().await;
    let mut buyer = world.person();
    buyer.open(&shared.link.unwrap(), None).await.unwrap();
    let passport = buyer.passport(Subject::Link).await.unwrap();
    assert_eq!((passport.timeline.total, passport.completeness.missing), (6, 0));
    assert!(passport.timeline.entries.iter().all(|entry| matches!(entry.source, SourceName::Owner(_))));

    // The invitation was for one answer.
    assert!(matches!(
        owner.ask(Command::Household(HouseholdCommand::ShowInvitation { vehicle: car, holder: person })).await.err(),
        Some(WalletError::AccessEnded)
    ));
}

#[tokio::test]
async fn an_invitation_is_answered_once_in_time_and_by_who_has_the_code() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.settle().await;
    let invitation = invite(&mut owner, car, false).await;
    owner.settle().await;
    let Answer::Offer(offer) = world
        .person()
        .ask(Command::Household(HouseholdCommand::ReadInvitation { code: invitation.link.clone() }))
        .await
        .unwrap()
    else {
        panic!("an offer")
    };
    assert_eq!((offer.vehicle_name.as_str(), offer.private, offer.over), ("Canary's car", false, false));
    let cut_off = &invitation.link[..invitation.link.len() - 3];
    let mangled =
        world.person().ask(Command::Household(HouseholdCommand::ReadInvitation { code: cut_off.into() })).await;
    assert_eq!(mangled.err(), Some(WalletError::LinkMangled));

    let (mut first, mut second) = (world.owner().await, world.owner().await);
    join(&mut first, &invitation.link).await.unwrap();
    assert_eq!(join(&mut second, &invitation.link).await.err(), Some(WalletError::LinkEnded));
    owner.settle().await;
    first.settle().await;
    second.settle().await;
    assert_eq!((first.vehicles().await.len(), second.vehicles().await.len()), (1, 0));

    let late = invite(&mut owner, car, false).await;
    owner.settle().await;
    world.pass(2, &mut [&mut owner, &mut second]).await;
    assert_eq!(join(&mut second, &late.link).await.err(), Some(WalletError::LinkEnded));
    assert!(holders(&mut owner, car).await.iter().any(|person| person.state == HolderState::Expired));

    let taken_back = invite(&mut owner, car, false).await;
    remove(&mut owner, car, taken_back.holder.holder).await;
    owner.settle().await;
    join(&mut second, &taken_back.link).await.unwrap();
    owner.settle().await;
    second.settle().await;
    assert!(second.vehicles().await.is_empty());
}

#[tokio::test]
async fn an_invitation_made_and_answered_offline_is_carried_out_later() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.wire.cut(true);
    let invitation = invite(&mut owner, car, true).await;
    let mut partner = world.owner().await;
    partner.wire.cut(true);
    assert_eq!(join(&mut partner, &invitation.link).await.unwrap().len(), 1);
    // The partner is back first and finds nothing yet.
    partner.wire.cut(false);
    partner.sync().await;
    owner.wire.cut(false);
    owner.settle().await;
    partner.sync().await;
    owner.settle().await;
    partner.settle().await;
    assert_eq!(holding(&mut partner, car).await, Some(Holding::Together { private: true }));
}

#[tokio::test]
async fn only_the_owner_shares_invites_and_takes_back() {
    let world = World::new().await;
    let (mut owner, mut partner, car, person) = household(&world, true).await;
    let shared = owner.share(car, by_link(), all_days(&[Category::Mileage])).await;
    owner.settle().await;
    partner.settle().await;
    for command in [
        Command::Household(HouseholdCommand::Invite { vehicle: car, name: "somebody".into(), private: false }),
        Command::Household(HouseholdCommand::Remove { vehicle: car, holder: person }),
        Command::Revoke { vehicle: car, grant: shared.share.grant },
    ] {
        assert_eq!(partner.ask(command).await.err(), Some(WalletError::OwnerOnly));
    }
    // What the other wrote is the other's to withdraw; the owner may withdraw all.
    let before = records(&mut owner, car).await;
    let command = |record| Command::WithdrawRecord { vehicle: car, record };
    assert_eq!(partner.ask(command(*before.first().unwrap())).await.err(), Some(WalletError::OwnerOnly));
    partner.add_odometer(car, Day(20_030), 22_000).await;
    partner.settle().await;
    owner.settle().await;
    let written = *records(&mut owner, car).await.difference(&before).next().unwrap();
    owner.ask(command(written)).await.unwrap();
    owner.confirmed(car).await;
    partner.confirmed(car).await;
    assert!(!records(&mut partner, car).await.contains(&written));
}

/// All keys of a person's wallet to a car, as they lie in its memory.
fn roots(person: &mut Person, vehicle: StreamId) -> Vec<OpenedScope> {
    let found = person.wallet.category_roots(vehicle);
    let scopes = found.into_iter().flat_map(|(category, label, roots)| {
        (0..).zip(roots).map(move |(generation, root)| OpenedScope {
            category,
            label,
            generation,
            days: DayRange::ALL,
            cover: root.cover(DayRange::ALL),
        })
    });
    scopes.collect()
}

#[tokio::test]
async fn who_was_removed_signs_nothing_more_and_opens_nothing_written_later() {
    let world = World::new().await;
    let (mut owner, mut partner, car, person) = household(&world, true).await;
    partner.add_odometer(car, Day(20_001), 20_100).await;
    partner.settle().await;
    let (mut insurer, role) = staff(&world, MemberClass::Insurer).await;
    let audience = Audience::Member(role.member.sign);
    let grant = owner.share(car, audience, all_days(&Category::ALL)).await.share.grant;
    owner.settle().await;
    inbox(&mut insurer).await;
    answer(&mut insurer, grant, true).await;
    let before = records(&mut owner, car).await;
    let keys = roots(&mut partner, car);

    remove(&mut owner, car, person).await;
    owner.add_odometer(car, Day(20_001), 20_200).await;
    add_private(&mut owner, car).await.unwrap();
    owner.settle().await;
    // What the partner still writes goes nowhere, here and at the relay.
    partner.wire.take_requests();
    partner.add_odometer(car, Day(20_002), 20_300).await;
    partner.sync().await;
    assert_eq!(holding(&mut partner, car).await, Some(Holding::Ended));
    assert!(!partner.wire.take_requests().iter().any(|line| line.ends_with(path::TRANSACTIONS)));
    let denied =
        Command::AddRecord { vehicle: car, day: Day(20_003), fact: refuelling(), note: None, files: Vec::new() };
    assert_eq!(partner.ask(denied).await.err(), Some(WalletError::AccessEnded));
    // Those who stay have the new keys.
    assert_eq!(insurer.passport(Subject::Granted(grant)).await.unwrap().completeness.missing, 0);
    let all = records(&mut owner, car).await;
    partner.ask(Command::Household(HouseholdCommand::Forget { vehicle: car })).await.unwrap();
    assert!(partner.vehicles().await.is_empty());
    partner.settle().await;

    let folder = world.end().await;
    let database = Database::read(folder.path(), car, &[grant]).await;
    let opened = database.opened_with(&keys);
    assert!(before.is_subset(&opened), "the attack is a real one");
    assert!(opened.is_disjoint(&all.difference(&before).copied().collect()), "nothing written later");
    assert_eq!(database.bundles, 0, "nothing is left that the removed key opens");
}

#[tokio::test]
async fn who_is_let_in_on_one_device_while_another_ends_the_invitation_is_shut_out_when_they_meet() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.settle().await;
    let invitation = invite(&mut owner, car, true).await;
    owner.settle().await;
    let mut tablet = Person::restore(&world, &owner.words, PASSPHRASE).await;
    tablet.settle().await;
    owner.settle().await;
    let mut partner = world.owner().await;
    join(&mut partner, &invitation.link).await.unwrap();
    tablet.wire.cut(true);
    remove(&mut tablet, car, invitation.holder.holder).await;
    owner.settle().await;
    partner.settle().await;
    assert_eq!(holding(&mut partner, car).await, Some(Holding::Together { private: true }), "the phone let them in");
    tablet.wire.cut(false);
    tablet.settle().await;
    owner.settle().await;
    for device in [&mut owner, &mut tablet] {
        assert_eq!(holders(device, car).await[0].state, HolderState::Removed);
    }
    owner.add_odometer(car, Day(20_100), 30_000).await;
    owner.settle().await;
    partner.settle().await;
    assert_eq!(holding(&mut partner, car).await, Some(Holding::Ended), "the ledger knows the key no more");
    assert!(add_private(&mut partner, car).await.is_err());
    // What is over for good is asked for no more.
    partner.wire.take_requests();
    partner.settle().await;
    assert!(partner.wire.take_requests().iter().all(|request| !request.contains("/holders/")));
}

#[tokio::test]
async fn a_removed_device_answers_no_invitation_that_it_knew() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.settle().await;
    let invitation = invite(&mut owner, car, true).await;
    owner.settle().await;
    let tablet = Person::restore(&world, &owner.words, PASSPHRASE).await;
    owner.settle().await;
    let Answer::Devices(devices) = owner.ask(Command::Device(DeviceCommand::List)).await.unwrap() else {
        panic!("devices")
    };
    let other = devices.devices.iter().find(|device| !device.this).unwrap().device;
    let command = DeviceCommand::Remove { device: other, passphrase: PASSPHRASE.into() };
    owner.ask(Command::Device(command)).await.unwrap();
    owner.settle().await;
    let ended = holders(&mut owner, car).await.remove(0);
    assert!(ended.state == HolderState::Removed && ended.removed_at.is_some(), "the list says when it ended");
    let mut thief = world.owner().await;
    let _refused = join(&mut thief, &invitation.link).await;
    owner.settle().await;
    thief.settle().await;
    assert_eq!(holding(&mut thief, car).await, None);
    drop(tablet);
}

#[tokio::test]
async fn without_the_private_categories_not_one_private_record_opens() {
    let world = World::new().await;
    let (mut owner, mut partner, car, _) = household(&world, false).await;
    partner.add_odometer(car, Day(20_010), 20_100).await;
    assert_eq!(add_private(&mut partner, car).await.err(), Some(WalletError::NotShared));
    partner.settle().await;
    owner.settle().await;
    let passport = partner.confirmed(car).await;
    assert_eq!((passport.timeline.total, passport.completeness.missing), (3, 0), "what is private is not missed");
    let (all, theirs) = (records(&mut owner, car).await, records(&mut partner, car).await);
    let private: BTreeSet<RecordId> = all.difference(&theirs).copied().collect();
    assert_eq!((all.len(), private.len()), (4, 1));
    let keys = roots(&mut partner, car);
    assert!(keys.iter().all(|scope| !scope.category.is_private()));
    let folder = world.end().await;
    let database = Database::read(folder.path(), car, &[]).await;
    assert_eq!(database.opened_with(&keys), theirs);
}

#[tokio::test]
async fn what_a_partner_wrote_offline_does_not_open_for_who_was_shut_out_meanwhile() {
    let world = World::new().await;
    let (mut owner, mut partner, car, _) = household(&world, true).await;
    let keys = roots(&mut partner, car);
    let shared = owner.share(car, by_link(), all_days(&Category::ALL)).await;
    owner.settle().await;
    partner.wire.cut(true);
    let before = records(&mut partner, car).await;
    partner.add_odometer(car, Day(20_050), 23_000).await;
    owner.ask(Command::Revoke { vehicle: car, grant: shared.share.grant }).await.unwrap();
    owner.settle().await;
    partner.wire.cut(false);
    partner.settle().await;
    owner.settle().await;
    let all = records(&mut owner, car).await;
    assert_eq!(all, records(&mut partner, car).await);
    let written: BTreeSet<RecordId> = all.difference(&before).copied().collect();
    assert_eq!(written.len(), 1);
    let folder = world.end().await;
    // The keys of before the revocation are those that the shut-out reader has.
    let database = Database::read(folder.path(), car, &[]).await;
    assert!(database.opened_with(&keys).is_disjoint(&written));
}

/// The private record that is not this one.
async fn private_record(person: &mut Person, vehicle: StreamId, other: RecordId) -> RecordId {
    let (subject, filter) = (Subject::Own(vehicle), TimelineFilter::default());
    let command = Command::Timeline { subject, filter, offset: 0, limit: 500 };
    let Answer::Timeline(page) = person.ask(command).await.unwrap() else { panic!("a timeline") };
    let found = page.entries.iter().find(|entry| entry.category == Category::Driving && entry.record != other);
    found.unwrap().record
}

async fn erase(person: &mut Person, target: EraseTarget) -> Result<Answer, WalletError> {
    let passphrase = Some(PASSPHRASE.to_owned());
    person.ask(Command::Erase { target, passphrase }).await
}

/// What the owner erases goes from the partner's wallet as well; what is left of the same day still opens.
#[tokio::test]
async fn a_partner_erases_nothing_and_lets_go_of_what_the_owner_erases() {
    let world = World::new().await;
    let (mut owner, mut partner, car, _) = household(&world, true).await;
    let fact = refuelling();
    let files = vec![text_file("receipt.txt", b"canary receipt")];
    let kept = Command::AddRecord { vehicle: car, day: Day(20_000), fact, note: None, files };
    let Answer::Record(kept) = owner.ask(kept).await.unwrap() else { panic!("a record") };
    owner.settle().await;
    partner.settle().await;
    let gone = private_record(&mut owner, car, kept.record).await;
    for target in [
        EraseTarget::Record { vehicle: car, record: gone },
        EraseTarget::Category { vehicle: car, category: Category::Driving },
        EraseTarget::Vehicle { vehicle: car },
    ] {
        assert_eq!(erase(&mut partner, target).await.err(), Some(WalletError::OwnerOnly));
    }

    erase(&mut owner, EraseTarget::Record { vehicle: car, record: gone }).await.unwrap();
    owner.confirmed(car).await;
    // A withdrawal counts once a checkpoint has it.
    while records(&mut partner, car).await.contains(&gone) {
        partner.confirmed(car).await;
    }
    assert!(records(&mut partner, car).await.contains(&kept.record));
    let (record, attachment) = (kept.record, kept.attachments[0].record);
    let file = Command::Attachment { subject: Subject::Own(car), record, attachment };
    let Answer::File(file) = partner.ask(file).await.unwrap() else { panic!("a file") };
    assert_eq!(file.bytes, b"canary receipt");
    // Both go on.
    add_private(&mut partner, car).await.unwrap();
    partner.settle().await;
    owner.settle().await;
    assert_eq!(records(&mut owner, car).await, records(&mut partner, car).await);

    // With the car gone for good nobody holds it; the partner reads what is there until it is removed.
    erase(&mut owner, EraseTarget::Vehicle { vehicle: car }).await.unwrap();
    owner.settle().await;
    partner.sync().await;
    assert_eq!(holding(&mut partner, car).await, Some(Holding::Ended));
    assert!(partner.passport(Subject::Own(car)).await.is_ok());
    partner.ask(Command::Household(HouseholdCommand::Forget { vehicle: car })).await.unwrap();
    partner.settle().await;
    assert!(partner.vehicles().await.is_empty());
    let folder = world.end().await;
    let database = Database::read(folder.path(), car, &[]).await;
    assert_eq!((database.records.len(), database.bundles), (0, 0), "the relay keeps nothing of the car");
}

/// A partner who erases everything forgets the car; the owner's passport stays whole.
#[tokio::test]
async fn a_partner_who_erases_everything_leaves_the_owners_car_alone() {
    let world = World::new().await;
    let (mut owner, mut partner, car, _) = household(&world, true).await;
    partner.add_odometer(car, Day(20_010), 20_100).await;
    partner.settle().await;
    owner.settle().await;
    let all = records(&mut owner, car).await;
    // One more that never goes out must not keep the rest from ending.
    partner.add_odometer(car, Day(20_011), 20_200).await;
    erase(&mut partner, EraseTarget::Everything).await.unwrap();
    for _ in 0..3 {
        if partner.ask(Command::Sync).await.is_err() {
            break;
        }
    }
    let Answer::Status(status) = partner.ask(Command::Status).await.unwrap() else { panic!("a status") };
    assert_eq!(status.state, WalletState::Absent);
    owner.settle().await;
    assert_eq!(records(&mut owner, car).await, all);
    assert_eq!(owner.confirmed(car).await.completeness.missing, 0);
}

/// A partner's own export holds what is shared, with the signature of whoever wrote it.
#[tokio::test]
async fn a_partner_exports_what_is_shared_and_not_what_is_private() {
    let world = World::new().await;
    let (mut owner, mut partner, car, _) = household(&world, false).await;
    partner.add_odometer(car, Day(20_010), 20_100).await;
    partner.settle().await;
    owner.settle().await;
    let command = Command::Export { vehicle: Some(car), passphrase: PASSPHRASE.into(), protect: None, files: true };
    let Answer::File(file) = partner.ask(command).await.unwrap() else { panic!("a file") };
    let export = carnet_import::carnet_export::parse(&file.bytes, |_, _| {}).unwrap();
    let theirs = records(&mut partner, car).await;
    let exported: BTreeSet<RecordId> = export.cars[0].records.iter().map(|record| record.payload.record).collect();
    assert_eq!(exported, theirs);
    let signers: BTreeSet<VerifyingKey> = export.cars[0].records.iter().map(|record| record.signed.key).collect();
    assert_eq!(signers.len(), 2);
    assert!(export.cars[0].records.iter().all(|record| carnet_crypto::signature::verify(&record.signed).is_ok()));
}

/// With the sale the partner is out as everybody is whom the seller let in: the buyer's keys are others.
#[tokio::test]
async fn a_sale_ends_holding_together_and_opens_nothing_later_to_a_co_holder() {
    let world = World::new().await;
    let (mut owner, mut partner, car, _) = household(&world, true).await;
    partner.add_odometer(car, Day(20_001), 20_100).await;
    partner.settle().await;
    owner.settle().await;
    let refused = sale::offer(&mut partner, car, sale::draft(sale::KM)).await;
    assert_eq!(refused.err(), Some(WalletError::OwnerOnly));
    let waiting = invite(&mut owner, car, true).await;
    owner.settle().await;
    let code = sale::offer(&mut owner, car, sale::draft(sale::KM)).await.unwrap().code.unwrap();
    // While the offer stands nobody is let in, and what the partner writes waits.
    let command = HouseholdCommand::Invite { vehicle: car, name: "somebody".into(), private: false };
    assert_eq!(owner.ask(Command::Household(command)).await.err(), Some(WalletError::SaleOpen));
    let mut late = world.owner().await;
    join(&mut late, &waiting.link).await.unwrap();
    owner.sync().await;
    partner.add_odometer(car, Day(20_002), 20_200).await;
    partner.sync().await;

    let mut buyer = world.owner().await;
    buyer.open(&code, None).await.unwrap();
    let bought = sale::accept(&mut buyer, sale::KM).await.unwrap().vehicle;
    buyer.add_odometer(bought, buyer.now().day(), sale::KM + 10).await;
    buyer.settle().await;
    sale::hears_of_it(&mut owner, car).await;
    owner.settle().await;
    assert_eq!(holding(&mut owner, car).await, Some(Holding::Own));
    assert!(holders(&mut owner, car).await.iter().all(|person| person.state == HolderState::Removed));
    for person in [&mut partner, &mut late] {
        person.sync().await;
    }
    assert_eq!(holding(&mut partner, car).await, Some(Holding::Ended));
    for person in [&mut owner, &mut partner] {
        let entries = person.passport(Subject::Own(car)).await.unwrap().timeline.entries;
        assert!(!entries.is_empty(), "what was read stays readable");
        assert!(entries.iter().all(|entry| entry.right == RecordRight::Reader), "and no more is offered");
    }
    assert!(late.vehicles().await.is_empty());
    let Answer::Joinings(waiting) = late.ask(Command::Household(HouseholdCommand::Joinings)).await.unwrap() else {
        panic!("what waits")
    };
    assert!(waiting.is_empty(), "nobody waits for what will not come");

    // The buyer reads what the partner wrote as the seller's side's.
    let entries = buyer.passport(Subject::Own(bought)).await.unwrap().timeline.entries;
    assert!(entries.iter().all(|entry| matches!(entry.source, SourceName::Owner(_) | SourceName::Own(_))));
    assert!(entries.iter().any(|e| e.day == Day(20_001) && matches!(e.source, SourceName::Owner(_))));
    assert!(entries.iter().any(|entry| entry.day == Day(20_001)) && entries.iter().all(|e| e.day != Day(20_002)));
    let keys = roots(&mut partner, car);
    // A car that has ended keeps nobody from erasing everything.
    erase(&mut partner, EraseTarget::Everything).await.unwrap();
    let folder = world.end().await;
    assert!(!Database::read(folder.path(), car, &[]).await.opened_with(&keys).is_empty(), "the attack is a real one");
    let later = Database::read(folder.path(), bought, &[]).await;
    assert!(later.records.len() >= 2 && later.opened_with(&keys).is_empty());
}
