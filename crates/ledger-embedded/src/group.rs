//! A group of transactions inside one write transaction of the file.

use crate::{
    commit::Commit,
    error::ReadError,
    file::{LATEST, LOG, META, SEQUENCES, STATE},
    table_state::TableState,
};
use carnet_ledger::{Applied, ApplyError, CheckedTransaction, TimeBounds, apply};
use carnet_protocol::{day::Timestamp, encoding, id::StreamId, ledger::Outcome};
use redb::{ReadableTable, Table, WriteTransaction};
use std::collections::BTreeSet;

/// Transactions being put in order.
pub(crate) struct Group<'txn> {
    state: TableState<'txn>,
    log: Table<'txn, u64, &'static [u8]>,
    sequences: Table<'txn, &'static [u8; 32], u64>,
    meta: Table<'txn, &'static str, u64>,
    now: Timestamp,
    latest: Option<Timestamp>,
    first: u64,
    next: u64,
    streams: BTreeSet<StreamId>,
}

impl<'txn> Group<'txn> {
    /// An empty group; `now` is the host's time for all of it.
    pub(crate) fn begin(write: &'txn WriteTransaction, now: Timestamp) -> Result<Self, ReadError> {
        let log = write.open_table(LOG)?;
        let meta = write.open_table(META)?;
        let next = log.last()?.map_or(0, |(sequence, _)| sequence.value() + 1);
        let latest = meta.get(LATEST)?.map(|latest| Timestamp(latest.value()));
        Ok(Self {
            state: TableState(write.open_table(STATE)?),
            log,
            sequences: write.open_table(SEQUENCES)?,
            meta,
            now,
            latest,
            first: next,
            next,
            streams: BTreeSet::new(),
        })
    }

    /// Applies one transaction.
    ///
    /// # Errors
    /// The file or its content fails; the whole group must then be given up.
    pub(crate) fn take(&mut self, transaction: &CheckedTransaction) -> Result<Outcome, ReadError> {
        match apply(&mut self.state, transaction, TimeBounds::of_host(self.latest, self.now)) {
            Ok(Applied::New) => self.append(transaction),
            Ok(Applied::Repeated) => {
                let known = self.sequences.get(transaction.hash().as_bytes())?;
                let sequence = known.ok_or(ReadError::Damaged("place of a transaction"))?.value();
                Ok(Outcome::Accepted { sequence })
            }
            Err(ApplyError::Rejected(rejection)) => Ok(Outcome::Rejected(rejection)),
            Err(ApplyError::Fault(fault)) => Err(ReadError::from_fault(fault)),
        }
    }

    fn append(&mut self, transaction: &CheckedTransaction) -> Result<Outcome, ReadError> {
        let sequence = self.next;
        self.log.insert(sequence, encoding::encode(transaction.signed()).as_slice())?;
        self.sequences.insert(transaction.hash().as_bytes(), sequence)?;
        self.latest = self.latest.max(Some(transaction.transaction().at));
        let action = &transaction.transaction().action;
        self.streams.extend([action.stream(), action.other_stream()].into_iter().flatten());
        self.next += 1;
        Ok(Outcome::Accepted { sequence })
    }

    /// Closes the group; `None` when nothing in it was new.
    pub(crate) fn end(mut self) -> Result<Option<Commit>, ReadError> {
        if self.next == self.first {
            return Ok(None);
        }
        if let Some(latest) = self.latest {
            self.meta.insert(LATEST, latest.0)?;
        }
        Ok(Some(Commit { sequences: self.first..self.next, streams: self.streams.into_iter().collect() }))
    }
}
