//! What sources were told of their records is true, and their records are where they say.

use crate::{
    story::{Car, GARAGE, STAFF, Story, Sure, Written},
    tally::Tally,
};
use carnet_protocol::{id::StreamId, ledger::StreamStatus, payload::StatementKind};
use carnet_wallet::{
    command::{Answer, SourceCommand, Via},
    view::{RecordState, RecordView, WrittenState, WrittenView},
};

/// What a source's wallet says of its records.
async fn said_by(story: &mut Story, source: usize) -> Vec<WrittenView> {
    let answer = story.devices[source].ask(SourceCommand::Written.into()).await;
    let Ok(Answer::Written(views)) = answer else { panic!("written") };
    views
}

/// Whether a source says that a record is on the ledger.
fn is_committed(view: &WrittenView) -> bool {
    matches!(view.state, WrittenState::Committed | WrittenState::Quarantined)
}

/// Whatever a source's wallet has said it wrote it has once; and it is on the ledger, or was refused for a reason.
pub async fn sources_are_told_the_truth(story: &mut Story, cars: &[Car]) -> Vec<WrittenView> {
    let (seed, mut tally, mut committed) = (story.seed, Tally::default(), Vec::new());
    for source in [GARAGE, STAFF] {
        let views = said_by(story, source).await;
        for written in story.sources.written.iter().filter(|written| written.by == source) {
            let found: Vec<_> = views.iter().filter(|view| view.note.as_ref() == Some(&written.note)).collect();
            match written.written {
                Sure::Yes => assert_eq!(found.len(), 1, "seed {seed}: {written:?} is lost"),
                Sure::No => assert_eq!(found.len(), 0, "seed {seed}: {written:?} was refused"),
                Sure::Perhaps => assert!(found.len() <= 1, "seed {seed}: {written:?} is there twice"),
            }
            for view in found {
                is_true(story, cars, view, written).await;
                tally.taken_in += u64::from(is_committed(view));
                tally.quarantined += u64::from(view.state == WrittenState::Quarantined);
                tally.not_taken += u64::from(!is_committed(view));
                tally.answered += u64::from(view.answer.is_some());
            }
        }
        committed.extend(views.into_iter().filter(is_committed));
    }
    story.tally += tally;
    committed
}

async fn is_true(story: &Story, cars: &[Car], view: &WrittenView, written: &Written) {
    let (seed, state) = (story.seed, view.state);
    let stream = stream_of(story, cars, view.via);
    let app = story.network.relay().app().clone();
    let leaf = app.ledger.leaf(stream, view.record).await.unwrap();
    let closed = app.ledger.stream_head(stream).await.unwrap().unwrap().status == StreamStatus::Closed;
    let good = match (state, view.via) {
        (WrittenState::Committed, _) => leaf.as_ref().is_some_and(|leaf| !leaf.quarantined),
        (WrittenState::Quarantined, _) => leaf.as_ref().is_some_and(|leaf| leaf.quarantined),
        (WrittenState::Closed, _) => leaf.is_none() && closed,
        (WrittenState::PairingEnded, Via::Paired(pairing)) => {
            let pairing = app.ledger.pairing(stream, pairing).await.unwrap().unwrap();
            leaf.is_none() && pairing.ended_at.is_some()
        }
        // Who reads no longer finds no key to write with.
        (WrittenState::Refused, Via::Granted(grant)) => {
            let share = cars.iter().flat_map(|car| &car.shares).find(|share| share.grant == grant);
            leaf.is_none() && share.is_some_and(|share| share.revoked != Sure::No)
        }
        _ => false,
    };
    assert!(good, "seed {seed}: {written:?} is said to be {state:?} by {:?}, {leaf:?}", view.via);
}

fn stream_of(story: &Story, cars: &[Car], via: Via) -> StreamId {
    match via {
        Via::Paired(pairing) => story.sources.leaves.iter().find(|leave| leave.pairing == pairing).unwrap().stream,
        Via::Granted(grant) => {
            let car = cars.iter().find(|car| car.shares.iter().any(|share| share.grant == grant));
            car.unwrap().stream
        }
    }
}

/// What a source committed to is with the car's owner, once; and it counts if there was leave, or the owner accepted it.
pub fn owner_has_what_was_written(
    story: &Story,
    car: &Car,
    sold: bool,
    committed: &[WrittenView],
    entries: &[RecordView],
) {
    let seed = story.seed;
    let of_car = committed.iter().filter(|view| match view.via {
        Via::Paired(pairing) => {
            story.sources.leaves.iter().any(|leave| (leave.pairing, leave.stream) == (pairing, car.stream))
        }
        Via::Granted(grant) => car.shares.iter().any(|share| share.grant == grant),
    });
    for view in of_car {
        let found: Vec<_> = entries.iter().filter(|entry| entry.record == view.record).collect();
        assert_eq!(found.len(), 1, "seed {seed}: {:?} is not with the owner once", view.note);
        assert_eq!(found[0].state, RecordState::Committed, "seed {seed}: {:?}", view.note);
        let answers = story.sources.written.iter().find(|written| Some(&written.note) == view.note.as_ref());
        let answers = answers.map(|written| written.answers.as_slice()).unwrap_or_default();
        let accepts = answers.iter().filter(|(kind, _)| *kind == StatementKind::Accepted);
        let accepted = accepts.clone().any(|(_, sure)| *sure == Sure::Yes) && accepts.count() == answers.len();
        let never = answers.iter().all(|(kind, sure)| *kind != StatementKind::Accepted || *sure == Sure::No);
        if view.state == WrittenState::Committed || accepted && !sold {
            assert!(!found[0].quarantined, "seed {seed}: {:?} does not count", view.note);
        } else if never {
            assert!(found[0].quarantined, "seed {seed}: {:?} counts, which nobody accepted", view.note);
        }
    }
}
