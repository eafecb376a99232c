//! A ledger in memory: the plainest host, against which the others are compared, and what replays a ledger's
//! transactions.

use crate::{
    apply::{Applied, TimeBounds, apply},
    fault::{ApplyError, Fault},
    state::{Entry, ReadState, State},
    transaction::CheckedTransaction,
};
use carnet_protocol::{
    day::Timestamp,
    id::Hash32,
    ledger::{Outcome, Receipt, Transaction},
    signed::Signed,
};
use core::convert::Infallible;
use std::{collections::BTreeMap, ops::Bound};

/// A state in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoryState(BTreeMap<Vec<u8>, Vec<u8>>);

impl MemoryState {
    /// All entries in the order of keys.
    pub fn entries(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.0.iter().map(|(key, value)| (key.as_slice(), value.as_slice()))
    }
}

impl FromIterator<Entry> for MemoryState {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

impl ReadState for MemoryState {
    type Error = Infallible;

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.0.get(key).cloned())
    }

    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, Infallible> {
        let from = match after {
            Some(key) if key >= prefix => Bound::Excluded(key),
            _ => Bound::Included(prefix),
        };
        let range = self.0.range::<[u8], _>((from, Bound::Unbounded));
        let found = range.take_while(|(key, _)| key.starts_with(prefix)).take(limit);
        Ok(found.map(|(key, value)| (key.clone(), value.clone())).collect())
    }
}

impl State for MemoryState {
    fn put(&mut self, key: Vec<u8>, value: Vec<u8>) -> Result<(), Infallible> {
        self.0.insert(key, value);
        Ok(())
    }

    fn delete(&mut self, key: &[u8]) -> Result<(), Infallible> {
        self.0.remove(key);
        Ok(())
    }
}

/// A ledger in memory: a state, and the accepted transactions in order.
#[derive(Debug, Clone, Default)]
pub struct MemoryLedger {
    state: MemoryState,
    log: Vec<Signed<Transaction>>,
    sequences: BTreeMap<Hash32, u64>,
    latest: Option<Timestamp>,
}

impl MemoryLedger {
    /// The ledger that these accepted transactions make, in this order.
    ///
    /// # Errors
    /// The position of the first one that the rules do not accept, or that repeats another.
    pub fn replay(log: impl IntoIterator<Item = Signed<Transaction>>) -> Result<Self, u64> {
        let mut ledger = Self::default();
        for (position, signed) in (0..).zip(log) {
            let receipt = ledger.take(signed, TimeBounds::of_replay(ledger.latest));
            if receipt.outcome != (Outcome::Accepted { sequence: position }) {
                return Err(position);
            }
        }
        Ok(ledger)
    }

    /// Submits a transaction at the time `now`.
    pub fn submit(&mut self, signed: Signed<Transaction>, now: Timestamp) -> Receipt {
        self.take(signed, TimeBounds::of_host(self.latest, now))
    }

    /// The state.
    pub fn state(&self) -> &MemoryState {
        &self.state
    }

    /// The accepted transactions in order.
    pub fn log(&self) -> &[Signed<Transaction>] {
        &self.log
    }

    fn take(&mut self, signed: Signed<Transaction>, bounds: TimeBounds) -> Receipt {
        match CheckedTransaction::check(signed) {
            Ok(checked) => Receipt { transaction: checked.hash(), outcome: self.order(checked, bounds) },
            Err(refused) => refused,
        }
    }

    fn order(&mut self, checked: CheckedTransaction, bounds: TimeBounds) -> Outcome {
        match apply(&mut self.state, &checked, bounds) {
            Ok(Applied::New) => {
                let sequence = self.log.len() as u64;
                self.latest = self.latest.max(Some(checked.transaction().at));
                self.sequences.insert(checked.hash(), sequence);
                self.log.push(checked.signed().clone());
                Outcome::Accepted { sequence }
            }
            Ok(Applied::Repeated) => {
                let sequence = self.sequences.get(&checked.hash()).copied();
                Outcome::Accepted { sequence: sequence.expect("a marked transaction has a place in the log") }
            }
            Err(ApplyError::Rejected(rejection)) => Outcome::Rejected(rejection),
            Err(ApplyError::Fault(Fault::Host(never))) => match never {},
            Err(ApplyError::Fault(Fault::Damaged(what))) => {
                unreachable!("a {what} that only the rules have written is readable")
            }
        }
    }
}
