//! Sales: one passport ends where the next begins.

use super::{
    flags,
    host::Host,
    world::{self, START, World, is_accepted},
};
use carnet_crypto::{sale, signature::SigningKey};
use carnet_ledger::query;
use carnet_protocol::{
    day::Timestamp,
    id::{GrantId, Hash32, StreamId},
    ledger::{Action, FlagKind, Outcome, OwnerChangeKind, Rejection, StandingChange, StreamStatus},
    limits::SALE_MS,
    member::MemberClass::{self, Bank, Expert, Garage, Insurer},
    sale::{SaleAcceptance, SaleClaim, SaleOutcome},
};

const TERMS: Hash32 = Hash32([40; 32]);

/// The sale of number `n`: the grant of its handover, and the key that is the code.
pub fn id(n: u16) -> GrantId {
    world::grant(1_000 + n)
}

fn code(n: u16) -> SigningKey {
    world::key(41, n)
}

pub fn offer(stream: StreamId, n: u16) -> Action {
    Action::OfferSale {
        stream,
        sale: id(n),
        hash: Hash32([42; 32]),
        terms: TERMS,
        code: world::acceptor_hash(&stream, &id(n), &code(n)),
        not_after: START.plus(Timestamp::DAY),
    }
}

fn cancel(stream: StreamId, n: u16) -> Action {
    Action::CancelSale { stream, sale: id(n) }
}

/// Sale `n` accepted by owner `buyer` into stream `buyer`.
fn acceptance(stream: StreamId, n: u16, buyer: u16) -> SaleAcceptance {
    let (next, owner) = (world::stream(buyer), world::owner(buyer).verifying_key());
    sale::accept(SaleClaim { stream, sale: id(n), next, owner }, &code(n), TERMS, Vec::new())
}

pub fn accept(stream: StreamId, n: u16, buyer: u16) -> Action {
    Action::AcceptSale(acceptance(stream, n, buyer))
}

fn attest(stream: u16, car: u16, record: u16) -> Action {
    Action::AttestVin { stream: world::stream(stream), sighting: world::sighting(car, record) }
}

pub fn a_sale_closes_one_passport_and_opens_the_next(host: impl Host) {
    let mut world = World::with_members(host);
    let (one, two, seller) = (world::stream(1), world::stream(2), world::owner(1));
    world.accepts(&seller, world::issue(one, 1));
    world.accepts(&seller, offer(one, 1));
    world.accepts_without_effect(&seller, offer(one, 1));
    assert_eq!(world.sale(&one).outcome, SaleOutcome::Offered);
    world.accepts(&world::owner(2), accept(one, 1, 2));

    let (old, new) = (world.head(&one), world.head(&two));
    assert_eq!((old.status, new.status, new.leaves), (StreamStatus::Closed, StreamStatus::Open, 0));
    assert_eq!(new.owner, world::owner(2).verifying_key());
    let (before, after) = (world.standing(&one), world.standing(&two));
    assert_eq!((before.next, after.previous, after.next), (Some(two), Some(one), None));
    assert!(matches!(world.sale(&one).outcome, SaleOutcome::Sold { next, .. } if next == two));
    let events = query::standing_events(&world.host.state(), &two, None, 9).unwrap().unwrap().events;
    assert!(
        matches!(events[0].change, StandingChange::Continues { previous, evidence } if previous == one && evidence == TERMS)
    );

    // The seller has nothing left to give, to write or to sell; what was granted before has ended.
    for action in [world::append(one, &[9]), world::issue(one, 9), Action::CloseStream { stream: one }] {
        world.refuses(&seller, action, Rejection::StreamClosed);
    }
    let accept_grant = Action::AcceptGrant { stream: one, grant: world::grant(1) };
    world.refuses(&world::acceptor(1), accept_grant, Rejection::StreamClosed);
    world.refuses(&seller, offer(one, 2), Rejection::SaleDone);
    world.refuses(&seller, cancel(one, 1), Rejection::SaleDone);
    world.refuses(&seller, Action::RevokeGrant { stream: one, grant: id(1) }, Rejection::SaleDone);
    world.refuses(&seller, world::append(two, &[9]), Rejection::NotAllowed);
    assert_eq!(world.grant_state(&one, &id(1)).revoked_at, None, "the handover is the buyer's");
    // Said again, it stands; said for another passport, it is too late.
    world.accepts_without_effect(&world::owner(2), accept(one, 1, 2));
    world.refuses(&world::owner(3), accept(one, 1, 3), Rejection::SaleDone);
    world.accepts(&world::owner(2), world::append(two, &[1]));
    world::assert_replays(&world.host);
}

pub fn what_stands_against_the_car_goes_along(host: impl Host) {
    let mut world = World::with_members(host);
    let (one, two) = (world::stream(1), world::stream(2));
    world.accepts(&world::actor(Garage, 1), attest(1, 1, 1));
    world.accepts(&world::actor(Expert, 1), flags::declare(one, 1, FlagKind::Wreck));
    world.accepts(&world::owner(1), offer(one, 1));
    world.accepts(&world::owner(2), accept(one, 1, 2));
    let (before, after) = (world.standing(&one), world.standing(&two));
    assert_eq!((&after.flags, after.vin), (&before.flags, before.vin));
    assert_eq!(query::tag_holder(&world.host.state(), &world::tag(1)).unwrap().unwrap().stream, two);
    // What is said from now on is said of the new passport, and the old one can no more be had for the car.
    world.refuses(&world::actor(Insurer, 1), flags::declare(one, 2, FlagKind::Wreck), Rejection::PassportContinued);
    world.refuses(&world::actor(Insurer, 1), flags::declare(two, 1, FlagKind::Wreck), Rejection::FlagConflict);
    world.accepts(&world::actor(Garage, 1), flags::report(two, 1));
    world.accepts(&world::actor(Expert, 2), flags::lift(two, 1));
    world.accepts(&world::owner(3), Action::OpenStream { stream: world::stream(3) });
    world.accepts(&world::owner(3), world::append(world::stream(3), &[3]));
    world.refuses(&world::actor(Garage, 1), attest(3, 1, 3), Rejection::PassportExists);
    world::assert_replays(&world.host);
}

pub fn an_offer_freezes_the_owner_and_nobody_else(host: impl Host) {
    let mut world = World::with_members(host);
    let (one, seller) = (world::stream(1), world::owner(1));
    world.accepts(&seller, world::issue(one, 1));
    world.accepts(&seller, offer(one, 1));
    let withdraw = Action::WithdrawRecords { stream: one, records: vec![world::record(1)] };
    for action in [world::append(one, &[2]), withdraw, world::issue(one, 2), Action::CloseStream { stream: one }] {
        world.refuses(&seller, action, Rejection::SaleOffered);
    }
    world.refuses(&seller, Action::RevokeGrant { stream: one, grant: id(1) }, Rejection::SaleOffered);
    world.refuses(&seller, offer(one, 2), Rejection::SaleOffered);
    // A source goes on, a reader may still be shut out, and a theft is told at once.
    world.accepts(&world::source(1), world::append(one, &[2]));
    world.accepts(&seller, Action::RevokeGrant { stream: one, grant: world::grant(1) });
    world.accepts(&seller, flags::declare(one, 1, FlagKind::Theft));
    world.refuses(&world::owner(2), accept(one, 1, 2), Rejection::CarStolen);
    world.accepts(&seller, cancel(one, 1));
    world.accepts(&seller, world::append(one, &[3]));
    world.accepts(&seller, Action::CloseStream { stream: one });
}

pub fn an_offer_is_taken_back_or_lapses(host: impl Host) {
    let mut world = World::with_members(host);
    let (one, seller, buyer) = (world::stream(1), world::owner(1), world::owner(2));
    // Taken back before it came: when it comes after all, it is none.
    world.refuses(&buyer, cancel(one, 9), Rejection::NotAllowed);
    world.accepts(&seller, cancel(one, 9));
    world.refuses(&seller, offer(one, 9), Rejection::SaleConflict);
    world.refuses(&seller, cancel(one, 9), Rejection::SaleUnknown);
    world.accepts(&seller, offer(one, 1));
    world.refuses(&buyer, cancel(one, 1), Rejection::NotAllowed);
    world.accepts(&seller, cancel(one, 1));
    world.accepts_without_effect(&seller, cancel(one, 1));
    assert!(world.grant_state(&one, &id(1)).revoked_at.is_some());
    world.refuses(&buyer, accept(one, 1, 2), Rejection::SaleUnknown);
    world.refuses(&seller, offer(one, 1), Rejection::SaleUnknown);
    world.accepts(&seller, offer(one, 2));
    world.refuses(&buyer, accept(one, 1, 2), Rejection::SaleUnknown);
    let too_long = match offer(one, 3) {
        Action::OfferSale { stream, sale, hash, terms, code, .. } => {
            let not_after = world.now.plus(SALE_MS + Timestamp::DAY);
            Action::OfferSale { stream, sale, hash, terms, code, not_after }
        }
        _ => unreachable!("an offer"),
    };
    world.refuses(&seller, too_long, Rejection::SaleLapsed);
    world.set_now(START.plus(2 * Timestamp::DAY));
    world.refuses(&buyer, accept(one, 2, 2), Rejection::SaleLapsed);
    world.refuses(&seller, offer(one, 3), Rejection::SaleLapsed);
    // Lapsed, it freezes nothing; a new offer ends the handover of the old one.
    world.accepts(&seller, world::append(one, &[2]));
    let again = match offer(one, 4) {
        Action::OfferSale { stream, sale, hash, terms, code, .. } => {
            Action::OfferSale { stream, sale, hash, terms, code, not_after: world.now.plus(Timestamp::DAY) }
        }
        _ => unreachable!("an offer"),
    };
    world.accepts(&seller, again);
    assert!(world.grant_state(&one, &id(2)).revoked_at.is_some());
    world.accepts(&buyer, accept(one, 4, 2));
    world::assert_replays(&world.host);
}

pub fn only_who_has_the_code_accepts_what_was_offered(host: impl Host) {
    let mut world = World::with_members(host);
    let (one, buyer) = (world::stream(1), world::owner(2));
    world.refuses(&buyer, accept(world::stream(9), 1, 2), Rejection::StreamUnknown);
    world.refuses(&buyer, accept(one, 1, 2), Rejection::SaleUnknown);
    world.accepts(&world::owner(1), offer(one, 1));
    let good = acceptance(one, 1, 2);
    // Another's acceptance, seen on its way and signed as one's own.
    world.refuses(&world::owner(3), Action::AcceptSale(good.clone()), Rejection::NotAllowed);
    let other_code = SaleAcceptance { code: code(2).verifying_key(), ..good.clone() };
    world.refuses(&buyer, Action::AcceptSale(other_code), Rejection::NotAllowed);
    let other_stream = SaleAcceptance { next: world::stream(3), ..good.clone() };
    world.refuses(&buyer, Action::AcceptSale(other_stream), Rejection::NotAllowed);
    let other_terms = SaleAcceptance { terms: Hash32([9; 32]), ..good.clone() };
    world.refuses(&buyer, Action::AcceptSale(other_terms), Rejection::SaleConflict);
    let itself = SaleAcceptance { next: one, ..good.clone() };
    world.refuses(&buyer, Action::AcceptSale(itself), Rejection::BadField);
    let twice = SaleAcceptance { liens: vec![world::flag(1), world::flag(1)], ..good.clone() };
    world.refuses(&buyer, Action::AcceptSale(twice), Rejection::BadList);
    let many = SaleAcceptance { liens: (0..17).map(world::flag).collect(), ..good.clone() };
    world.refuses(&buyer, Action::AcceptSale(many), Rejection::BadList);
    world.accepts(&world::owner(3), Action::OpenStream { stream: world::stream(3) });
    world.refuses(&world::owner(3), accept(one, 1, 3), Rejection::StreamExists);
    world.accepts(&buyer, Action::AcceptSale(good));
}

pub fn a_stolen_car_is_not_sold_and_a_lien_is_acknowledged(host: impl Host) {
    let mut world = World::with_members(host);
    let (one, seller, buyer) = (world::stream(1), world::owner(1), world::owner(2));
    world.accepts(&world::actor(Insurer, 1), flags::declare(one, 1, FlagKind::Theft));
    world.refuses(&seller, offer(one, 1), Rejection::CarStolen);
    world.accepts(&world::actor(Insurer, 1), flags::lift(one, 1));
    world.accepts(&seller, offer(one, 1));
    world.accepts(&world::actor(Bank, 1), flags::declare(one, 2, FlagKind::Lien));
    world.accepts(&world::actor(Bank, 2), flags::declare(one, 3, FlagKind::Lien));
    let with = |liens: &[u16]| {
        let liens = liens.iter().map(|n| world::flag(*n)).collect();
        Action::AcceptSale(SaleAcceptance { liens, ..acceptance(one, 1, 2) })
    };
    for liens in [&[][..], &[2], &[3, 4]] {
        world.refuses(&buyer, with(liens), Rejection::LienUnacknowledged);
    }
    world.accepts(&buyer, with(&[2, 3, 9]));
    assert_eq!(world.standing(&world::stream(2)).flags.len(), 2);
    world.accepts(&world::actor(Bank, 1), flags::lift(world::stream(2), 2));
}

pub fn the_chain_of_owners_grows_and_names_nobody(host: impl Host) {
    let mut world = World::with_members(host);
    world.accepts(&world::actor(Garage, 1), attest(1, 1, 1));
    assert_eq!(world.standing(&world::stream(1)).owners.before, 0);
    for n in 1..=3 {
        world.accepts(&world::owner(n), offer(world::stream(n), n));
        world.accepts(&world::owner(n + 1), accept(world::stream(n), n, n + 1));
    }
    world.accepts(&world::owner(9), Action::OpenStream { stream: world::stream(9) });
    world.accepts(&world::owner(9), world::append(world::stream(9), &[9]));
    let (stream, previous, sighting) = (world::stream(9), world::stream(4), world::sighting(1, 9));
    let reopen = Action::ReopenPassport { stream, previous, sighting, evidence: Hash32([5; 32]) };
    world.accepts(&world::actor(Expert, 1), reopen);
    let owners = world.standing(&stream).owners;
    let kinds: Vec<_> = owners.changes.iter().map(|change| change.kind).collect();
    let sales = [OwnerChangeKind::Sale; 3];
    assert_eq!((owners.before, kinds), (4, [&sales[..], &[OwnerChangeKind::Reopened]].concat()));
    assert!(owners.changes.is_sorted_by_key(|change| change.at));
}

/// A thousand buyers with the same code at once, among cancellings: one passport follows, or none.
pub fn of_a_thousand_concurrent_acceptances_one_wins(host: impl Host) {
    let mut world = World::with_members(host);
    let one = world::stream(1);
    world.accepts(&world::owner(1), offer(one, 1));
    let transactions = (2..1_002).map(|n| world.sign(&world::owner(n), accept(one, 1, n))).collect();
    let receipts: Vec<_> = world.host.submit_concurrently(world::batches(transactions)).into_iter().flatten().collect();
    let (won, lost): (Vec<_>, Vec<_>) = receipts.iter().partition(|receipt| is_accepted(receipt));
    assert_eq!((won.len(), lost.len()), (1, 999));
    assert!(lost.iter().all(|receipt| receipt.outcome == Outcome::Rejected(Rejection::SaleDone)));
    let opened = (2..1_002).filter(|n| query::stream_head(&world.host.state(), &world::stream(*n)).unwrap().is_some());
    assert_eq!(opened.count(), 1);
    world::assert_replays(&world.host);
}

/// The seller offers the car to five hundred buyers at once, and each accepts: one sale.
pub fn of_many_concurrent_offers_one_stands(host: impl Host) {
    let mut world = World::with_members(host);
    let (one, seller) = (world::stream(1), world::owner(1));
    let mut transactions = Vec::new();
    for n in 2..502 {
        transactions.push(world.sign(&seller, offer(one, n)));
        transactions.push(world.sign(&world::owner(n), accept(one, n, n)));
    }
    let receipts: Vec<_> = world.host.submit_concurrently(world::batches(transactions)).into_iter().flatten().collect();
    let accepted = |from| receipts.iter().skip(from).step_by(2).filter(|receipt| is_accepted(receipt)).count();
    assert_eq!(accepted(0), 1, "one offer");
    assert!(accepted(1) <= 1, "at most one sale");
    world::assert_replays(&world.host);
}

/// Stream 11 is sold, 12 is offered, on 13 an offer has lapsed by then, 14 is stolen after its offer, 15 has a lien.
pub fn before_refusals<H: Host>(world: &mut World<H>) {
    for n in 11..=15 {
        world.accepts(&world::owner(n), Action::OpenStream { stream: world::stream(n) });
        let offered = match offer(world::stream(n), n) {
            Action::OfferSale { stream, sale, hash, terms, code, not_after } => {
                let not_after = if n == 13 { START.plus(60_000) } else { not_after };
                Action::OfferSale { stream, sale, hash, terms, code, not_after }
            }
            _ => unreachable!("an offer"),
        };
        world.accepts(&world::owner(n), offered);
    }
    world.accepts(&world::owner(21), accept(world::stream(11), 11, 21));
    world.accepts(&world::owner(14), flags::declare(world::stream(14), 14, FlagKind::Theft));
    world.accepts(&world::actor(MemberClass::Bank, 1), flags::declare(world::stream(15), 15, FlagKind::Lien));
}

/// What meets each refusal after [`before_refusals`].
pub fn provoke(rejection: Rejection) -> (SigningKey, Action) {
    let by = world::owner;
    match rejection {
        Rejection::SaleDone => (by(22), accept(world::stream(11), 11, 22)),
        Rejection::SaleOffered => (by(12), world::append(world::stream(12), &[1])),
        Rejection::SaleUnknown => (by(22), accept(world::stream(12), 13, 22)),
        Rejection::SaleLapsed => (by(22), accept(world::stream(13), 13, 22)),
        Rejection::CarStolen => (by(22), accept(world::stream(14), 14, 22)),
        Rejection::LienUnacknowledged => (by(22), accept(world::stream(15), 15, 22)),
        _ => {
            let terms = Hash32([9; 32]);
            (by(22), Action::AcceptSale(SaleAcceptance { terms, ..acceptance(world::stream(12), 12, 22) }))
        }
    }
}
