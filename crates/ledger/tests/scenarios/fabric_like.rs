//! A host that treats the rules as Hyperledger Fabric does: a batch is simulated against what is committed, where reads
//! do not see its own writes; what it read and scanned is checked for changes when its turn to commit comes; if anything
//! changed, it is simulated again.

use super::host::{Batch, Host};
use carnet_ledger::{
    Applied, ApplyError, CheckedTransaction, Entry, Overlay, ReadState, State, TimeBounds, apply, memory::MemoryState,
};
use carnet_protocol::{
    day::Timestamp,
    id::Hash32,
    ledger::{Outcome, Receipt},
};
use std::{cell::RefCell, collections::BTreeMap, convert::Infallible, ops::Bound};

/// As many batches are simulated side by side.
const SIDE_BY_SIDE: usize = 16;

/// A value and the number of the commit that wrote it.
type Versioned = (u64, Vec<u8>);

/// What is committed.
#[derive(Default)]
pub struct Committed {
    entries: BTreeMap<Vec<u8>, Versioned>,
    commits: u64,
}

impl Committed {
    fn range(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Vec<(Vec<u8>, Versioned)> {
        let from = match after {
            Some(key) if key >= prefix => Bound::Excluded(key),
            _ => Bound::Included(prefix),
        };
        let range = self.entries.range::<[u8], _>((from, Bound::Unbounded));
        let found = range.take_while(|(key, _)| key.starts_with(prefix)).take(limit);
        found.map(|(key, value)| (key.clone(), value.clone())).collect()
    }

    fn version(&self, key: &[u8]) -> Option<u64> {
        self.entries.get(key).map(|(version, _)| *version)
    }

    /// Commits what was simulated, unless anything it read has changed since.
    pub fn commit(&mut self, simulated: Simulated) -> bool {
        let unread = |(key, version): &(Vec<u8>, Option<u64>)| self.version(key) == *version;
        let no_phantom = |scan: &Scan| {
            let now = self.range(&scan.prefix, scan.after.as_deref(), scan.limit);
            now.into_iter().map(|(key, (version, _))| (key, version)).eq(scan.found.iter().cloned())
        };
        if !simulated.reads.iter().all(unread) || !simulated.scans.iter().all(no_phantom) {
            return false;
        }
        self.commits += 1;
        for (key, value) in simulated.writes {
            match value {
                Some(value) => drop(self.entries.insert(key, (self.commits, value))),
                None => drop(self.entries.remove(&key)),
            }
        }
        true
    }
}

/// A scan and what it saw.
struct Scan {
    prefix: Vec<u8>,
    after: Option<Vec<u8>>,
    limit: usize,
    found: Vec<(Vec<u8>, u64)>,
}

/// The state as chaincode sees it.
pub struct Stub<'a> {
    committed: &'a Committed,
    reads: RefCell<Vec<(Vec<u8>, Option<u64>)>>,
    scans: RefCell<Vec<Scan>>,
    writes: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
}

/// The result of a simulation: what was read at which version, and what is to be written.
pub struct Simulated {
    reads: Vec<(Vec<u8>, Option<u64>)>,
    scans: Vec<Scan>,
    writes: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
}

impl<'a> Stub<'a> {
    pub fn new(committed: &'a Committed) -> Self {
        Self { committed, reads: RefCell::default(), scans: RefCell::default(), writes: BTreeMap::new() }
    }

    pub fn simulated(self) -> Simulated {
        Simulated { reads: self.reads.into_inner(), scans: self.scans.into_inner(), writes: self.writes }
    }
}

impl ReadState for Stub<'_> {
    type Error = Infallible;

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Infallible> {
        self.reads.borrow_mut().push((key.to_vec(), self.committed.version(key)));
        Ok(self.committed.entries.get(key).map(|(_, value)| value.clone()))
    }

    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, Infallible> {
        let found = self.committed.range(prefix, after, limit);
        self.scans.borrow_mut().push(Scan {
            prefix: prefix.to_vec(),
            after: after.map(<[u8]>::to_vec),
            limit,
            found: found.iter().map(|(key, (version, _))| (key.clone(), *version)).collect(),
        });
        Ok(found.into_iter().map(|(key, (_, value))| (key, value)).collect())
    }
}

impl State for Stub<'_> {
    fn put(&mut self, key: Vec<u8>, value: Vec<u8>) -> Result<(), Infallible> {
        assert!(!value.is_empty(), "Fabric takes an empty value for none");
        self.writes.insert(key, Some(value));
        Ok(())
    }

    fn delete(&mut self, key: &[u8]) -> Result<(), Infallible> {
        self.writes.insert(key.to_vec(), None);
        Ok(())
    }
}

/// The host: committed state, and the order in which transactions were committed.
#[derive(Default)]
pub struct FabricLike {
    committed: Committed,
    log: Batch,
    sequences: BTreeMap<Hash32, u64>,
    latest: Option<Timestamp>,
    now: Timestamp,
    /// How often a batch had to be simulated again.
    pub retries: u64,
}

/// What the rules said of each transaction of a batch.
type Said = Vec<Result<(CheckedTransaction, Applied), Receipt>>;

impl FabricLike {
    fn simulate(&self, batch: &Batch) -> (Said, Simulated) {
        let bounds = TimeBounds::of_host(self.latest, self.now);
        let mut stub = Stub::new(&self.committed);
        let mut overlay = Overlay::new(&stub);
        let said = batch
            .iter()
            .map(|signed| {
                let checked = CheckedTransaction::check(signed.clone())?;
                match apply(&mut overlay, &checked, bounds) {
                    Ok(applied) => Ok((checked, applied)),
                    Err(ApplyError::Rejected(rejection)) => {
                        Err(Receipt { transaction: checked.hash(), outcome: Outcome::Rejected(rejection) })
                    }
                    Err(ApplyError::Fault(fault)) => panic!("{fault}"),
                }
            })
            .collect();
        for (key, value) in overlay.into_writes() {
            match value {
                Some(value) => stub.put(key, value).unwrap(),
                None => stub.delete(&key).unwrap(),
            }
        }
        (said, stub.simulated())
    }

    fn receipts(&mut self, said: Said) -> Vec<Receipt> {
        said.into_iter()
            .map(|said| said.map_or_else(|refused| refused, |(checked, applied)| self.place(checked, applied)))
            .collect()
    }

    fn place(&mut self, checked: CheckedTransaction, applied: Applied) -> Receipt {
        if applied == Applied::New {
            self.sequences.insert(checked.hash(), self.log.len() as u64);
            self.log.push(checked.signed().clone());
            self.latest = self.latest.max(Some(checked.transaction().at));
        }
        Receipt {
            transaction: checked.hash(),
            outcome: Outcome::Accepted { sequence: self.sequences[&checked.hash()] },
        }
    }
}

impl Host for FabricLike {
    fn set_now(&mut self, now: Timestamp) {
        self.now = now;
    }

    fn submit(&mut self, batch: Batch) -> Vec<Receipt> {
        let (said, simulated) = self.simulate(&batch);
        assert!(self.committed.commit(simulated), "alone, nothing changes meanwhile");
        self.receipts(said)
    }

    /// Each round simulates some batches against one committed state and commits them in reverse, so that the order is
    /// never that of submission.
    fn submit_concurrently(&mut self, batches: Vec<Batch>) -> Vec<Vec<Receipt>> {
        let mut receipts = vec![Vec::new(); batches.len()];
        let mut waiting: Vec<usize> = (0..batches.len()).collect();
        while !waiting.is_empty() {
            let round: Vec<_> = waiting.drain(..waiting.len().min(SIDE_BY_SIDE)).collect();
            let simulations: Vec<_> = round.iter().map(|index| (*index, self.simulate(&batches[*index]))).collect();
            for (index, (said, simulated)) in simulations.into_iter().rev() {
                if self.committed.commit(simulated) {
                    receipts[index] = self.receipts(said);
                } else {
                    self.retries += 1;
                    waiting.push(index);
                }
            }
        }
        receipts
    }

    fn state(&self) -> MemoryState {
        self.committed.entries.iter().map(|(key, (_, value))| (key.clone(), value.clone())).collect()
    }

    fn log(&self) -> Batch {
        self.log.clone()
    }
}
