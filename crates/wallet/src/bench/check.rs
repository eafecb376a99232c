//! The whole check of a car's sealed records, part by part, each part over all records, so that each has a time.
//!
//! It is what a reader does with delivered records: hash each, rebuild the tree over the leaves, unwrap the content
//! keys, open the bodies, verify the sources. The wallet does the same record by record, in `open.rs`.

use crate::{
    command::Answer,
    error::WalletError,
    marks::{mark, take},
    open::{Opener, StreamKeys},
    row::Space,
    store::{Rows, Store, Table},
    transport::Transport,
    wallet::Wallet,
};
use carnet_crypto::{
    hash::digest,
    header::BoundHeader,
    record::{commitment, open_body},
    signature::verify_by,
};
use carnet_protocol::{
    domain::Domain,
    encoding,
    id::{Hash32, RecordId, StreamId},
    payload::Payload,
    record::{RecordWrap, SealedRecord},
    signed::Signed,
};
use std::collections::HashMap;

/// Rows read at once.
const SCAN: usize = 2_048;

/// Records on the first screen.
const FIRST: usize = 50;

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Answers with the marks of the parts, and of nothing else.
    pub(crate) async fn check_bench_vehicle(&mut self, stream: StreamId) -> Result<Answer, WalletError> {
        let keys = StreamKeys::own(self.session.unlocked()?.keyring.vehicle(stream)?)?;
        let space = Space::from(stream);
        take();
        mark("start");
        let records = self.all_rows(Table::Records, space).await?;
        let wraps = self.all_rows(Table::Wraps, space).await?;
        mark("read");
        let wraps = decode_wraps(&wraps)?;
        let mut sealed: Vec<SealedRecord> = records
            .iter()
            .map(|(_, bytes)| encoding::decode(bytes).map_err(|_| WalletError::Damaged))
            .collect::<Result<_, _>>()?;
        mark("decode");
        sealed.sort_by_key(|record| record.header.day);
        mark("sort");
        let leaves: Vec<Hash32> = records.iter().map(|(_, bytes)| commitment(bytes)).collect();
        mark("hash");
        root(leaves);
        mark("tree");
        open(keys.opener(), &sealed[..FIRST.min(sealed.len())], &wraps)?;
        mark("open the first 50");
        let plain = open(keys.opener(), &sealed, &wraps)?;
        mark("open");
        for (record, plain) in sealed.iter().zip(&plain) {
            let signed: Signed<Payload> = encoding::decode(plain).map_err(|_| WalletError::Damaged)?;
            verify_by(&signed, &record.header.source).map_err(|_| WalletError::Damaged)?;
        }
        mark("verify");
        Ok(Answer::Marks(take()))
    }

    async fn all_rows(&self, table: Table, space: Space) -> Result<Rows, WalletError> {
        let mut all = Rows::new();
        loop {
            let after = all.last().map(|(key, _)| key.as_slice());
            let rows = self.store.scan(table, &space.0, after, SCAN).await?;
            let last = rows.len() < SCAN;
            all.extend(rows);
            if last {
                return Ok(all);
            }
        }
    }
}

fn decode_wraps(rows: &Rows) -> Result<HashMap<RecordId, RecordWrap>, WalletError> {
    rows.iter()
        .map(|(_, bytes)| encoding::decode::<RecordWrap>(bytes).map_err(|_| WalletError::Damaged))
        .map(|wrap| wrap.map(|wrap| (wrap.record, wrap)))
        .collect()
}

/// The root of a tree over leaves as in RFC 6962: a hash for each leaf, one for each pair.
fn root(leaves: Vec<Hash32>) -> Hash32 {
    let mut level: Vec<Hash32> = leaves.iter().map(|leaf| digest(Domain::HASH_RECORD, leaf.as_bytes())).collect();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => digest(Domain::HASH_RECORD, &[left.0, right.0].concat()),
                [alone] => *alone,
                _ => unreachable!("chunks of at most two"),
            })
            .collect();
    }
    level.pop().unwrap_or(Hash32([0; 32]))
}

/// Opens in the order of days, as records are delivered.
fn open(
    mut opener: Opener<'_>,
    sealed: &[SealedRecord],
    wraps: &HashMap<RecordId, RecordWrap>,
) -> Result<Vec<Vec<u8>>, WalletError> {
    let one = |record: &SealedRecord| {
        let bound = BoundHeader::new(&record.header);
        let (_, key) = opener.content_key(&bound, wraps.get(&record.header.record).map(core::slice::from_ref)?)?;
        open_body(&bound, &record.body, &key).ok()
    };
    sealed.iter().map(one).collect::<Option<_>>().ok_or(WalletError::Damaged)
}
