//! What must be true when all is quiet.

mod sale;
mod source;

use crate::story::{BUYER, Car, OWNERS, PHONE, Record, STAFF, Share, Story, Sure};
use carnet_crypto::{
    grant::{OpenedGrant, open_grant},
    member::MemberKeys,
    secret::Secret,
    wrap::unwrap_day,
};
use carnet_protocol::{
    id::{RecordId, StreamId},
    key::VerifyingKey,
    ledger::Leaf,
};
use carnet_server::store::{PageBound, RecordRow, StoreError};
use carnet_wallet::{
    audit::{Kept, all_that_a_device_opens},
    command::{Answer, Command, Subject},
    error::WalletError,
    view::{PassportView, ProofState, RecordState, RecordView, SourceName},
};
use std::collections::{BTreeMap, BTreeSet};

pub async fn hold(story: &mut Story) {
    let cars = core::mem::take(&mut story.cars);
    if story.trading {
        sale::all_are_told_the_truth(story, &cars).await;
    }
    let written = source::sources_are_told_the_truth(story, &cars).await;
    for car in &cars {
        let here = |device: &usize| OWNERS[*device] == car.owner && !(story.gone && *device == PHONE);
        let owners: Vec<usize> = (0..OWNERS.len()).filter(here).collect();
        let known = story.devices[owners[0]].ask(Command::Passport { subject: Subject::Own(car.stream) }).await;
        if story.gone && matches!(known, Err(WalletError::NotFound)) {
            assert!(car.records.iter().all(|record| record.by == PHONE), "seed {}: a car is lost", story.seed);
            continue;
        }
        let sold = sale::sold(story, car).await;
        let stored = stored(story, car.stream).await;
        let leaves = leaves(story, car.stream).await;
        let mut shown = Vec::new();
        for device in owners {
            let (seed, name) = (story.seed, story.devices[device].name);
            let passport = passport(story, device, Subject::Own(car.stream)).await.unwrap();
            let entries = story.entries(device, Subject::Own(car.stream)).await.unwrap();
            match sold {
                None => nothing_is_lost(story, car, device, &entries, &leaves),
                Some(_) => sale::nothing_vanishes(story, car, device, &entries, &leaves),
            }
            all_is_where_it_belongs(story, device, &entries, &stored, &leaves);
            let missing = passport.completeness.missing;
            let by_sources = if car.previous.is_some() { story.sources.written.len() } else { 0 };
            assert!(missing as usize <= by_sources, "seed {seed}: {name} misses records of {}", car.stream);
            let left_behind = entries.iter().filter(|entry| is_left_behind(story, car, entry, &leaves)).count();
            let uncommitted = passport.completeness.uncommitted as usize;
            assert!(sold.is_some() || uncommitted == left_behind, "seed {seed}: the ledger lacks some");
            // Of a car that the phone had added, whose records went with it, there is nothing to prove.
            if !story.gone || passport.completeness.committed > 0 {
                assert_eq!(passport.proof.state, ProofState::Proved, "seed {seed}: {name} has no proof");
            }
            assert_eq!(passport.proof.newer, 0, "seed {seed}: {name} has not all confirmed");
            shown.push((seen(passport), entries));
        }
        for (_, entries) in &shown {
            story.tally.too_late += entries.iter().filter(|entry| entry.state == RecordState::TooLate).count() as u64;
            source::owner_has_what_was_written(story, car, sold.is_some(), &written, entries);
        }
        if sold.is_some() {
            sale::the_archive_is_the_same(story, car, &shown);
        } else {
            // What the removed phone left behind is shown by whoever happened to fetch it.
            let left_behind = |entry: &RecordView| is_left_behind(story, car, entry, &leaves);
            let all_sent = !shown.iter().any(|(_, entries)| entries.iter().any(left_behind));
            let sent = |entries: &[RecordView]| -> Vec<RecordView> {
                entries.iter().filter(|entry| !left_behind(entry)).cloned().collect()
            };
            let same = shown
                .windows(2)
                .all(|two| if all_sent { two[0] == two[1] } else { sent(&two[0].1) == sent(&two[1].1) });
            assert!(same, "seed {}: two devices show two truths", story.seed);
        }
        let (passport, mut entries) = shown.pop().unwrap();
        // No reader is given what was never committed to.
        entries.retain(|entry| !is_left_behind(story, car, entry, &leaves));
        let owner_misses = passport.completeness.missing as usize;
        for share in &car.shares {
            let revoked = if sold.is_some() { Sure::Yes } else { share.revoked };
            reader_sees(story, car, share, revoked, &entries, owner_misses).await;
        }
        nothing_opens_that_was_not_granted(story, car, &stored, &entries).await;
        nothing_opens_to_the_removed_phone(story, car, &stored, &entries).await;
        if let Some(next) = sold {
            story.tally.sold += 1;
            story.tally.resold += u64::from(car.previous.is_some());
            sale::what_was_handed_over_is_there(story, &cars, car, next, &entries).await;
        }
    }
}

/// Whatever a wallet has said it wrote is on each of its owner's devices, once.
fn nothing_is_lost(story: &Story, car: &Car, device: usize, entries: &[RecordView], leaves: &[Leaf]) {
    let (seed, name) = (story.seed, story.devices[device].name);
    for record in &car.records {
        let found = entries.iter().filter(|entry| entry.note.as_deref() == Some(record.note.as_str()));
        let found: Vec<_> = found.filter(|entry| entry.state != RecordState::Withdrawn).collect();
        match (record.written, record.withdrawn) {
            (Sure::Yes, Sure::No) => assert_eq!(found.len(), 1, "seed {seed}: {name} has not {record:?} once"),
            (Sure::No, _) => assert_eq!(found.len(), 0, "seed {seed}: {name} shows {record:?}, which was refused"),
            (_, Sure::Yes) => assert_eq!(found.len(), 0, "seed {seed}: {name} shows {record:?}, which was withdrawn"),
            _ => assert!(found.len() <= 1, "seed {seed}: {name} shows {record:?} more than once"),
        }
        let mut sent = found.iter().filter(|entry| !is_left_behind(story, car, entry, leaves));
        let all_there = sent.all(|entry| entry.state == RecordState::Committed);
        assert!(all_there, "seed {seed}: {name} still waits with {record:?}");
    }
}

/// What the phone had uploaded when it was removed, and not committed to: the commitment went with it, and no other device
/// makes it in its place. So it is shown, and not as committed.
fn is_left_behind(story: &Story, car: &Car, entry: &RecordView, leaves: &[Leaf]) -> bool {
    let by_phone = |record: &Record| record.by == PHONE && Some(&record.note) == entry.note.as_ref();
    let is_out = matches!(entry.state, RecordState::Committed | RecordState::Withdrawn);
    let committed = leaves.iter().any(|leaf| leaf.entry.record == entry.record);
    // The first record of a car has no note.
    let first_of_phones = entry.note.is_none() && car.met_by == PHONE;
    story.gone && !is_out && !committed && (first_of_phones || car.records.iter().any(by_phone))
}

/// What is shown of an owner's own part is at the relay and on the ledger, once; what was withdrawn is nowhere.
fn all_is_where_it_belongs(
    story: &Story,
    device: usize,
    entries: &[RecordView],
    stored: &[RecordRow],
    leaves: &[Leaf],
) {
    let (seed, name) = (story.seed, story.devices[device].name);
    let mut on_ledger: BTreeMap<RecordId, usize> = BTreeMap::new();
    leaves.iter().for_each(|leaf| *on_ledger.entry(leaf.entry.record).or_default() += 1);
    assert!(on_ledger.values().all(|times| *times == 1), "seed {seed}: a record is on the ledger twice");
    let at_relay: BTreeSet<RecordId> = stored.iter().map(|row| row.meta.header.record).collect();
    let committed = entries.iter().filter(|entry| entry.state == RecordState::Committed && !entry.earlier_owner);
    for entry in committed {
        assert!(on_ledger.contains_key(&entry.record), "seed {seed}: {name}: {:?} is not on the ledger", entry.note);
        assert!(at_relay.contains(&entry.record), "seed {seed}: {name}: {:?} is not at the relay", entry.note);
    }
    let withdrawn = leaves.iter().filter(|leaf| leaf.withdrawn).map(|leaf| leaf.entry.record);
    for record in withdrawn {
        assert!(!at_relay.contains(&record), "seed {seed}: the relay still has what was withdrawn");
    }
}

/// Who was granted something sees just that of the owner's truth; who was shut out, nothing. What the owner misses of a car
/// that was bought, a reader may miss as well.
async fn reader_sees(
    story: &mut Story,
    car: &Car,
    share: &Share,
    revoked: Sure,
    owners: &[RecordView],
    owner_misses: usize,
) {
    let seed = story.seed;
    let (reader, subject) = if share.member {
        story.devices[STAFF].ask(Command::Inbox).await.unwrap();
        // Accepted before, or taken back since, it says so.
        let _ = story.devices[STAFF].ask(Command::AnswerGrant { grant: share.grant, accept: true }).await;
        story.devices[STAFF].ask(Command::Sync).await.unwrap();
        (STAFF, Subject::Granted(share.grant))
    } else if share.claimed == Sure::Yes {
        (BUYER, Subject::Granted(share.grant))
    } else if share.claimed == Sure::Perhaps {
        return;
    } else {
        let opened = story.devices[BUYER].ask(open(share)).await;
        match revoked {
            Sure::Yes => {
                assert!(opened.is_err(), "seed {seed}: a link that was taken back opens");
                return;
            }
            Sure::Perhaps => return,
            Sure::No => opened.map(drop).unwrap_or_else(|error| panic!("seed {seed}: a link does not open: {error}")),
        }
        (BUYER, Subject::Link)
    };
    let passport = passport(story, reader, subject.clone()).await;
    match (revoked, passport) {
        (Sure::Perhaps, _) => {}
        (Sure::Yes, Err(error)) => {
            assert!(!matches!(error, WalletError::Untrusted { .. }), "seed {seed}: shut out by distrust: {error}");
        }
        (Sure::No, Ok(passport)) => {
            let entries = story.entries(reader, subject).await.unwrap();
            let expected = owners.iter().filter(|entry| entry.state != RecordState::Withdrawn);
            let expected: BTreeSet<RecordId> =
                expected.filter(|entry| share.categories.contains(&entry.category)).map(|entry| entry.record).collect();
            let found = entries.iter().filter(|entry| entry.state != RecordState::Withdrawn);
            let found: BTreeSet<RecordId> = found.map(|entry| entry.record).collect();
            let missed =
                owners.iter().filter(|entry| expected.contains(&entry.record) && !found.contains(&entry.record));
            let missed: Vec<_> = missed.filter(|entry| !is_apart(car, share, entry)).map(|entry| &entry.note).collect();
            assert!(missed.is_empty(), "seed {seed}: a reader of {} misses {missed:?}; {share:?}", car.stream);
            assert!(found.is_subset(&expected), "seed {seed}: a reader of {} sees what is not shared", car.stream);
            assert_eq!(passport.proof.state, ProofState::Proved, "seed {seed}: a reader has no proof");
            let apart = expected.len() - found.len();
            let missing = passport.completeness.missing as usize;
            assert!(missing <= apart + owner_misses, "seed {seed}: a reader misses records");
        }
        (revoked, passport) => {
            let passport = passport.map(|passport| passport.completeness);
            panic!("seed {seed}: revoked {revoked:?}, member {}, yet {passport:?}", share.member)
        }
    }
}

/// What may not reach a reader, as `docs/decisions/sale.md` says under its limits. One of an owner's devices gave a share or
/// wrote a record while the other took an offer back, neither knowing of the other: the keys that the one began do not reach
/// the readers of the other. A source sealed to keys from before an offer was taken back, or to the inbox of an owner who
/// sold the car before looking into it.
fn is_apart(car: &Car, share: &Share, entry: &RecordView) -> bool {
    if matches!(entry.source, SourceName::Member { .. }) {
        return !car.turned_by.is_empty() || entry.earlier_owner;
    }
    let by = car.records.iter().find(|record| Some(&record.note) == entry.note.as_ref()).map(|record| record.by);
    car.turned_by.iter().any(|device| *device != share.revoked_by.0 || by.is_some_and(|by| by != *device))
}

/// With all that the relay has, and the keys of every grant the insurer was ever given, nothing opens but what those
/// grants are for; and of what was written by the device that took one back, after it did, nothing at all.
async fn nothing_opens_that_was_not_granted(story: &Story, car: &Car, stored: &[RecordRow], owners: &[RecordView]) {
    let seed = story.seed;
    for opened in insurers_grants(story, car.stream).await {
        let Some(share) = car.shares.iter().find(|share| share.grant == opened.grant.grant) else { continue };
        for record in stored.iter().filter(|record| is_readable(&opened, record)) {
            let header = &record.meta.header;
            let of = opened.scopes.iter().find(|scope| scope.label == header.label).map(|scope| scope.category);
            assert!(of.is_some_and(|category| share.categories.contains(&category)), "seed {seed}: out of scope");
            let note = owners.iter().find(|entry| entry.record == header.record).and_then(|entry| entry.note.clone());
            let written = car.records.iter().find(|known| Some(&known.note) == note.as_ref());
            let (device, when) = share.revoked_by;
            let too_late = written.is_some_and(|record| record.by == device && record.at > when);
            assert!(share.revoked != Sure::Yes || !too_late, "seed {seed}: {written:?} opens after the revocation");
        }
    }
}

/// With all that the phone had when it was removed, and all that the relay has, nothing opens that was written after by
/// the device that removed it.
async fn nothing_opens_to_the_removed_phone(story: &Story, car: &Car, stored: &[RecordRow], owners: &[RecordView]) {
    let (Some((by, at)), Some((device, keyring))) = (story.removed, &story.loot) else { return };
    let shares: Vec<_> = car.shares.iter().map(|share| share.grant).collect();
    let app = story.network.relay().app().clone();
    let grants: Result<_, StoreError> = app
        .store
        .read(move |tables| {
            let rows = shares.into_iter().map(|share| tables.grant(share)).collect::<Result<Vec<_>, _>>()?;
            Ok(rows.into_iter().flatten().map(|row| row.envelope).collect())
        })
        .await;
    let mut kept = Kept { keyrings: vec![keyring.clone()], grants: grants.unwrap(), records: Vec::new() };
    for row in stored {
        kept.records.extend(row.sealed.clone().map(|sealed| (sealed, row.wraps.clone())));
    }
    for record in all_that_a_device_opens(device, &kept).into_keys() {
        let note = owners.iter().find(|entry| entry.record == record).and_then(|entry| entry.note.clone());
        let written = car.records.iter().find(|known| Some(&known.note) == note.as_ref());
        let too_late = written.is_some_and(|record| record.by == by && record.at > at);
        assert!(!too_late, "seed {}: the removed phone opens {written:?}", story.seed);
    }
}

/// Every grant of a stream that the insurer was ever given, opened with its keys.
async fn insurers_grants(story: &Story, stream: StreamId) -> Vec<OpenedGrant> {
    let app = story.network.relay().app().clone();
    let (sign, member) = story.network.relay().insurer();
    let keys = MemberKeys::from_seed(&Secret::from_slice(&member).unwrap());
    let owner: VerifyingKey = app.ledger.stream_head(stream).await.unwrap().unwrap().owner;
    let grants: Result<_, StoreError> = app.store.read(move |tables| tables.inbox(sign, 1_000, 1 << 24)).await;
    grants.unwrap().iter().filter_map(|row| open_grant(&row.envelope, &keys.seal, &owner).ok()).collect()
}

fn is_readable(grant: &OpenedGrant, record: &RecordRow) -> bool {
    let header = &record.meta.header;
    grant.scopes.iter().any(|scope| {
        let wraps = record.wraps.iter().filter(|wrap| wrap.generation == scope.generation);
        let day = scope.cover.day_keys(header.day);
        day.is_some_and(|day| wraps.into_iter().any(|wrap| unwrap_day(wrap, &day, header).is_ok()))
    })
}

fn open(share: &Share) -> Command {
    Command::OpenLink { fragment: share.link.clone().unwrap(), pin: None }
}

/// A passport without what differs from one look to the next.
fn seen(mut passport: PassportView) -> PassportView {
    passport.proof.checked_at = None;
    passport.proof.cosigned.clear();
    // Each device verifies signatures at its own pace, after it has shown the passport.
    passport.signatures.checked = 0;
    passport
}

async fn passport(story: &mut Story, device: usize, subject: Subject) -> Result<PassportView, WalletError> {
    match story.devices[device].ask(Command::Passport { subject }).await? {
        Answer::Passport(passport) => Ok(*passport),
        _ => panic!("a passport"),
    }
}

async fn stored(story: &Story, stream: StreamId) -> Vec<RecordRow> {
    let app = story.network.relay().app().clone();
    let all = PageBound { records: 10_000, bytes: 1 << 24, inline: 1 << 20, looked_at: 10_000 };
    let read: Result<_, StoreError> = app.store.read(move |tables| tables.records(stream, 0, all, &|_| true)).await;
    read.unwrap().0
}

async fn leaves(story: &Story, stream: StreamId) -> Vec<Leaf> {
    let app = story.network.relay().app().clone();
    let page = app.ledger.leaves(stream, None).await.unwrap().unwrap();
    assert_eq!(page.next, None);
    page.leaves
}
