//! Random lives in a small world, where everything meets everything.

use super::{
    host::{Batch, Host, MemoryHost},
    world::{self, START, World},
};
use carnet_crypto::signature::SigningKey;
use carnet_ledger::memory::MemoryState;
use carnet_protocol::{day::Timestamp, id::Hash32, ledger::Action, member::Member};
use proptest::prelude::*;

/// What somebody tries.
#[derive(Debug, Clone)]
pub enum Attempt {
    Act {
        signer: u16,
        kind: u8,
        stream: u16,
        a: u16,
        b: u16,
    },
    /// An earlier transaction, again.
    Repeat(prop::sample::Index),
}

pub fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let act = (0..6_u16, 0..8_u8, 0..2_u16, 0..3_u16, 0..3_u16).prop_map(|(signer, kind, stream, a, b)| Attempt::Act {
        signer,
        kind,
        stream,
        a,
        b,
    });
    let repeat = any::<prop::sample::Index>().prop_map(Attempt::Repeat);
    prop::collection::vec(prop_oneof![8 => act, 1 => repeat], 1..60)
}

fn signer(n: u16) -> SigningKey {
    match n {
        0 => world::authority(),
        1 => world::source(1),
        2 => world::acceptor(1),
        n => world::owner(n % 2),
    }
}

fn action(kind: u8, stream: u16, a: u16, b: u16) -> Action {
    let stream = world::stream(stream);
    let content = u8::from(b == 2);
    match kind {
        0 => Action::AdmitMember(Member { base_quality: content, ..world::member(a) }),
        1 => Action::OpenStream { stream },
        3 if a == b => Action::AdmitHolder { stream, holder: world::acceptor(1).verifying_key() },
        4 if a == b => Action::RemoveHolder { stream, holder: world::acceptor(1).verifying_key() },
        2 | 3 => {
            Action::AppendRecords { stream, entries: vec![world::entry(a, content), world::entry(a + b, content)] }
        }
        4 => Action::WithdrawRecords { stream, records: vec![world::record(a)] },
        5 => Action::IssueGrant {
            stream,
            grant: world::grant(a),
            hash: Hash32([content; 32]),
            acceptor: Some(world::acceptor_hash(&stream, &world::grant(a), &world::acceptor(1))),
            not_after: START.plus(Timestamp::DAY),
        },
        6 if b == 1 => Action::RenewGrant {
            stream,
            grant: world::grant(a),
            hash: Hash32([9; 32]),
            not_after: START.plus(2 * Timestamp::DAY),
        },
        6 => Action::AcceptGrant { stream, grant: world::grant(a) },
        // Closing is rarer: it ends most of what can be tried.
        _ if a == b => Action::CloseStream { stream },
        _ => Action::RevokeGrant { stream, grant: world::grant(a) },
    }
}

/// The attempts as transactions.
fn transactions<H: Host>(world: &World<H>, attempts: &[Attempt]) -> Batch {
    let mut transactions: Batch = Vec::new();
    for attempt in attempts {
        match attempt {
            Attempt::Act { signer: by, kind, stream, a, b } => {
                // Whoever may do it is likely to be the one who tries.
                let by = if *kind == 0 { 0 } else { *by };
                transactions.push(world.sign(&signer(by), action(*kind, *stream, *a, *b)));
            }
            Attempt::Repeat(index) if !transactions.is_empty() => transactions.push(index.get(&transactions).clone()),
            Attempt::Repeat(_) => {}
        }
    }
    transactions
}

/// In batches of one to three.
fn batches(transactions: Batch) -> Vec<Batch> {
    let mut batches = Vec::new();
    let mut rest = transactions.as_slice();
    while !rest.is_empty() {
        let (batch, after) = rest.split_at(rest.len().min(1 + batches.len() % 3));
        batches.push(batch.to_vec());
        rest = after;
    }
    batches
}

/// Lives the attempts on a ledger in memory and on other hosts; all must say and keep the same.
pub fn agree(attempts: &[Attempt], others: &mut [&mut dyn Host]) {
    live(|world| transactions(world, attempts), others);
}

/// Lives these transactions on a ledger in memory and on other hosts; all must say and keep the same. The state in the end.
pub fn live(make: impl FnOnce(&World<MemoryHost>) -> Batch, others: &mut [&mut dyn Host]) -> MemoryState {
    let mut world = World::new(MemoryHost::default());
    for other in others.iter_mut() {
        other.set_now(START);
        assert!(world::is_accepted(&other.submit(vec![world::genesis(START)])[0]));
    }
    for batch in batches(make(&world)) {
        let receipts = world.host.submit(batch.clone());
        for other in others.iter_mut() {
            assert!(other.submit(batch.clone()) == receipts);
        }
    }
    for other in others.iter() {
        assert!(other.state() == world.host.state());
        assert!(other.log() == world.host.log());
    }
    world::assert_replays(&world.host);
    world.host.state()
}
