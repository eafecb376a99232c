//! Every refusal, reached at least once.

use super::{
    flags,
    host::Host,
    pairings, sales,
    transactions::too_late,
    world::{self, START, World},
};
use carnet_crypto::signature::SigningKey;
use carnet_protocol::{
    day::Timestamp,
    id::{Hash32, StreamId},
    key::{Signature, VinKey},
    ledger::{Action, FlagKind, Rejection, Transaction},
    member::{Member, MemberClass},
    signed::Signed,
};

/// Every reason is asked for; one without a transaction that meets it fails here or in [`said_of_cars`].
fn provoke<H: Host>(world: &World<H>, rejection: Rejection) -> Signed<Transaction> {
    let (owner, stream) = (world::owner(1), world::stream(1));
    let accept = |n| Action::AcceptGrant { stream, grant: world::grant(n) };
    let (key, action) = match rejection {
        Rejection::BadSignature => {
            let good = world.sign(&owner, world::append(stream, &[5]));
            return Signed::from_parts(good.body.0, good.key, Signature([1; 64]));
        }
        Rejection::WrongLedger => {
            let action = world::append(stream, &[5]);
            return owner.sign(&Transaction { ledger: Some(Hash32([9; 32])), at: world.now, action });
        }
        Rejection::GenesisExists => return world::genesis(world.now.plus(1)),
        Rejection::TimeOutOfBounds => {
            let action = world::append(stream, &[5]);
            return owner.sign(&Transaction { ledger: Some(world.ledger), at: too_late(world.now), action });
        }
        Rejection::NotAllowed => (world::stranger(), Action::AdmitMember(world::member(5))),
        Rejection::BadList => (owner, world::append(stream, &[])),
        Rejection::BadField => {
            (world::authority(), Action::AdmitMember(Member { base_quality: 255, ..world::member(5) }))
        }
        Rejection::MemberExists => {
            (world::authority(), Action::AdmitMember(Member { base_quality: 0, ..world::member(1) }))
        }
        Rejection::StreamExists => (world::stranger(), Action::OpenStream { stream }),
        Rejection::StreamUnknown => (owner, world::append(world::stream(9), &[1])),
        Rejection::StreamClosed => (world::owner(2), world::append(world::stream(2), &[1])),
        Rejection::RecordConflict => (owner, Action::AppendRecords { stream, entries: vec![world::entry(1, 9)] }),
        Rejection::RecordUnknown => (owner, Action::WithdrawRecords { stream, records: vec![world::record(5)] }),
        Rejection::HolderUnknown => (owner, Action::RemoveHolder { stream, holder: world::stranger().verifying_key() }),
        Rejection::HolderRemoved => (owner, Action::AdmitHolder { stream, holder: world::acceptor(4).verifying_key() }),
        Rejection::TooManyHolders => {
            (owner, Action::AdmitHolder { stream, holder: world::acceptor(99).verifying_key() })
        }
        Rejection::GrantConflict => {
            let not_after = START.plus(Timestamp::DAY);
            let (grant, hash) = (world::grant(1), Hash32([9; 32]));
            (owner, Action::IssueGrant { stream, grant, hash, acceptor: None, not_after })
        }
        Rejection::GrantUnknown => (owner, accept(5)),
        Rejection::GrantRevoked => (world::acceptor(2), accept(2)),
        Rejection::GrantExpired => (world::acceptor(3), accept(3)),
        Rejection::SaleOffered
        | Rejection::SaleConflict
        | Rejection::SaleUnknown
        | Rejection::SaleLapsed
        | Rejection::SaleDone
        | Rejection::CarStolen
        | Rejection::LienUnacknowledged => sales::provoke(rejection),
        other => said_of_cars(other, stream),
    };
    world.sign(&key, action)
}

/// The reasons that concern votes and what members say of cars.
fn said_of_cars(rejection: Rejection, stream: StreamId) -> (SigningKey, Action) {
    let garage = || world::actor(MemberClass::Garage, 1);
    let (expert, bank) = (world::actor(MemberClass::Expert, 1), world::actor(MemberClass::Bank, 1));
    let propose = |index| Action::ProposeClassIndex { proposal: world::proposal(1), class: MemberClass::Garage, index };
    let vote = |n, approve| Action::VoteClassIndex { proposal: world::proposal(n), approve };
    let attest =
        |n, car, record| Action::AttestVin { stream: world::stream(n), sighting: world::sighting(car, record) };
    match rejection {
        Rejection::ProposalConflict => (garage(), propose(41)),
        Rejection::ProposalUnknown => (garage(), vote(5, true)),
        Rejection::ProposalClosed => (world::actor(MemberClass::Garage, 2), vote(2, true)),
        Rejection::VoteConflict => (garage(), vote(1, false)),
        Rejection::VinKeyExists => (world::authority(), Action::PublishVinKey { key: VinKey([2; 32]) }),
        Rejection::VinConflict => (garage(), attest(1, 2, 1)),
        Rejection::PassportExists => (garage(), attest(3, 1, 3)),
        Rejection::PassportUnknown => {
            let (previous, sighting) = (world::stream(2), world::sighting(1, 3));
            let stream = world::stream(3);
            (expert, Action::ReopenPassport { stream, previous, sighting, evidence: Hash32([1; 32]) })
        }
        Rejection::PassportContinued => (bank, flags::declare(world::stream(4), 9, FlagKind::Lien)),
        Rejection::FlagConflict => (world::actor(MemberClass::Expert, 2), flags::declare(stream, 1, FlagKind::Wreck)),
        Rejection::FlagUnknown => (expert, flags::lift(stream, 9)),
        Rejection::FlagStands => (expert, flags::declare(stream, 9, FlagKind::Wreck)),
        Rejection::SecondReportNeeded => (expert, flags::lift(stream, 1)),
        other => of_pairings(other, stream),
    }
}

/// The reasons that concern writing as a source.
fn of_pairings(rejection: Rejection, stream: StreamId) -> (SigningKey, Action) {
    let garage = world::actor(MemberClass::Garage, 1);
    let other = world::actor(MemberClass::Garage, 2);
    match rejection {
        Rejection::PairingUnknown => (garage, pairings::append_paired(9, &[5])),
        Rejection::PairingTaken => {
            let action = pairings::pair(1, &other);
            (other, action)
        }
        Rejection::PairingEnded => (garage, pairings::append_paired(2, &[5])),
        Rejection::OutsidePairing => {
            let entries = vec![world::entry(5, 9)];
            (garage, Action::AppendPaired { stream, pairing: pairings::pairing(1), entries })
        }
        Rejection::QuarantineFull => {
            let many: Vec<u16> = (100..200).collect();
            (other, world::append(stream, &many))
        }
        earlier => unreachable!("{earlier} is provoked above"),
    }
}

/// Pairing 1 with a garage; pairing 2 ended.
fn pair<H: Host>(world: &mut World<H>) {
    let garage = world::actor(MemberClass::Garage, 1);
    for n in 1..=2 {
        world.accepts(&garage, pairings::pair(n, &garage));
    }
    world.accepts(&garage, Action::EndPairing { stream: world::stream(1), pairing: pairings::pairing(2) });
}

/// One proposal open, one decided; car 1 attested in stream 1 with a wreck; stream 4 continued by stream 5.
fn speak_of_cars<H: Host>(world: &mut World<H>) {
    for class in MemberClass::ALL {
        for n in 1..=2 {
            world.accepts(&world::authority(), Action::AdmitMember(world::member_of(class, n)));
        }
    }
    let garage = world::actor(MemberClass::Garage, 1);
    for n in 1..=2 {
        let (proposal, class) = (world::proposal(n), MemberClass::Garage);
        world.accepts(&garage, Action::ProposeClassIndex { proposal, class, index: 40 });
    }
    for class in [MemberClass::Manufacturer, MemberClass::Insurer, MemberClass::Bank] {
        for n in 1..=2 {
            let vote = Action::VoteClassIndex { proposal: world::proposal(2), approve: false };
            world.accepts(&world::actor(class, n), vote);
        }
    }
    for n in 3..=5 {
        world.accepts(&world::owner(n), Action::OpenStream { stream: world::stream(n) });
        world.accepts(&world::owner(n), world::append(world::stream(n), &[n]));
    }
    let attest = |n, car| Action::AttestVin { stream: world::stream(n), sighting: world::sighting(car, n) };
    world.accepts(&garage, attest(1, 1));
    world.accepts(&garage, attest(4, 4));
    let (stream, previous, sighting) = (world::stream(5), world::stream(4), world::sighting(4, 5));
    let expert = world::actor(MemberClass::Expert, 1);
    world.accepts(&expert, Action::ReopenPassport { stream, previous, sighting, evidence: Hash32([1; 32]) });
    world.accepts(&expert, flags::declare(world::stream(1), 1, FlagKind::Wreck));
    world.accepts(&world::authority(), Action::PublishVinKey { key: VinKey([1; 32]) });
}

pub fn every_refusal_is_reached_and_changes_nothing(host: impl Host) {
    let mut world = World::with_stream(host);
    let (owner, stream) = (world::owner(1), world::stream(1));
    world.accepts(&world::owner(2), Action::OpenStream { stream: world::stream(2) });
    world.accepts(&world::owner(2), Action::CloseStream { stream: world::stream(2) });
    world.accepts(&owner, world::append(stream, &[1]));
    speak_of_cars(&mut world);
    sales::before_refusals(&mut world);
    pair(&mut world);
    for n in 1..=2 {
        world.accepts(&owner, world::issue(stream, n));
    }
    for n in 4..36 {
        world.accepts(&owner, Action::AdmitHolder { stream, holder: world::acceptor(n).verifying_key() });
    }
    let holder = world::acceptor(4).verifying_key();
    world.accepts(&owner, Action::RemoveHolder { stream, holder });
    world.accepts(&owner, Action::RevokeGrant { stream, grant: world::grant(2) });
    let short = Action::IssueGrant {
        stream,
        grant: world::grant(3),
        hash: Hash32([8; 32]),
        acceptor: Some(world::acceptor_hash(&stream, &world::grant(3), &world::acceptor(3))),
        not_after: START.plus(60_000),
    };
    world.accepts(&owner, short.clone());
    world.set_now(START.plus(120_000));
    for rejection in Rejection::ALL {
        let signed = provoke(&world, rejection);
        world.refuses_signed(signed, rejection);
    }
    world.refuses(&owner, short, Rejection::GrantExpired);
}
