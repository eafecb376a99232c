//! What a stream's head is made from, as it grows.

use super::file::{STREAMS, WITHDRAWALS, WITHDRAWN};
use crate::error::BooksError;
use carnet_proofs::tree::Peaks;
use carnet_protocol::{
    encoding,
    id::{Hash32, StreamId},
};
use redb::{ReadTransaction, ReadableTable, Table, WriteTransaction};
use serde::{Deserialize, Serialize};

/// The growing parts of a stream.
#[derive(Debug, Clone, Default)]
pub(crate) struct Growth {
    pub records: Peaks,
    pub withdrawn: Peaks,
    pub grants: Peaks,
}

/// [`Growth`] as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    records: (u64, Vec<Hash32>),
    withdrawn: (u64, Vec<Hash32>),
    grants: (u64, Vec<Hash32>),
}

/// The streams inside a write transaction.
pub(crate) struct Streams<'txn> {
    streams: Table<'txn, &'static [u8; 16], &'static [u8]>,
    withdrawals: Table<'txn, (&'static [u8; 16], u64), u64>,
    withdrawn: Table<'txn, (&'static [u8; 16], u64), ()>,
}

impl<'txn> Streams<'txn> {
    pub(crate) fn begin(write: &'txn WriteTransaction) -> Result<Self, BooksError> {
        Ok(Self {
            streams: write.open_table(STREAMS)?,
            withdrawals: write.open_table(WITHDRAWALS)?,
            withdrawn: write.open_table(WITHDRAWN)?,
        })
    }

    pub(crate) fn growth(&self, stream: &StreamId) -> Result<Growth, BooksError> {
        let damaged = || BooksError::Damaged("stream");
        let Some(kept) = self.streams.get(stream.as_bytes())? else { return Ok(Growth::default()) };
        let kept: Kept = encoding::decode(kept.value()).map_err(|_| damaged())?;
        let peaks = |(count, hashes)| Peaks::from_parts(count, hashes).ok_or_else(damaged);
        Ok(Growth { records: peaks(kept.records)?, withdrawn: peaks(kept.withdrawn)?, grants: peaks(kept.grants)? })
    }

    pub(crate) fn put(&mut self, stream: &StreamId, growth: &Growth) -> Result<(), BooksError> {
        let parts = |peaks: &Peaks| (peaks.count(), peaks.hashes().to_vec());
        let kept = Kept {
            records: parts(&growth.records),
            withdrawn: parts(&growth.withdrawn),
            grants: parts(&growth.grants),
        };
        self.streams.insert(stream.as_bytes(), encoding::encode(&kept).as_slice())?;
        Ok(())
    }

    /// Notes the withdrawal of a leaf as number `number`; `false` when it was withdrawn before.
    pub(crate) fn withdraw(&mut self, stream: &StreamId, number: u64, index: u64) -> Result<bool, BooksError> {
        if self.withdrawn.insert((stream.as_bytes(), index), ())?.is_some() {
            return Ok(false);
        }
        self.withdrawals.insert((stream.as_bytes(), number), index)?;
        Ok(true)
    }
}

/// The first `count` withdrawals of a stream.
pub(crate) fn withdrawals(read: &ReadTransaction, stream: &StreamId, count: u64) -> Result<Vec<u64>, BooksError> {
    let table = read.open_table(WITHDRAWALS)?;
    let range = table.range((stream.as_bytes(), 0)..(stream.as_bytes(), count))?;
    Ok(range.map(|entry| entry.map(|(_, index)| index.value())).collect::<Result<_, _>>()?)
}
