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
use carnet_crypto::{record::commitments, signature::verify_by};
use carnet_proofs::{head::leaf_hashes, tree::Peaks};
use carnet_protocol::{
    day::Timestamp,
    encoding,
    id::{Hash32, RecordId, StreamId},
    ledger::{Leaf, LeafEntry},
    limits::PAGE_MAX,
    payload::Payload,
    record::{RecordHeader, RecordWrap, SealedRecord},
    signed::Signed,
};
use std::collections::HashMap;

/// Rows read at once.
const SCAN: usize = 2_048;

/// Key commitment and tag of a body of one chunk.
const BESIDE_TEXT: u64 = 32 + 16;

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
        let bytes: Vec<&[u8]> = records.iter().map(|(_, bytes)| bytes.as_slice()).collect();
        let commitments = commitments(&bytes);
        mark("hash");
        let leaves: Vec<Leaf> = (0..).zip(&sealed).zip(commitments).map(leaf).collect();
        mark("leaves");
        Peaks::over(leaf_hashes(&leaves)).root();
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

    /// So that whatever is measured beside it works on as many bytes.
    pub(crate) async fn bench_record_sizes(&self, stream: StreamId) -> Result<Answer, WalletError> {
        let records = self.all_rows(Table::Records, Space::from(stream)).await?;
        let count = (records.len() as u64).max(1);
        let (mut sealed, mut header, mut text) = (0, 0, 0);
        for (_, bytes) in &records {
            let record: SealedRecord = encoding::decode(bytes).map_err(|_| WalletError::Damaged)?;
            sealed += bytes.len() as u64;
            header += encoding::encode(&record.header).len() as u64;
            text += (record.body.len() as u64).saturating_sub(BESIDE_TEXT);
        }
        Ok(Answer::RecordSizes { sealed: sealed / count, header: header / count, text: text / count })
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

/// What the ledger would say of a record.
fn leaf(((index, sealed), commitment): ((u64, &SealedRecord), Hash32)) -> Leaf {
    let RecordHeader { record, label, day, source, .. } = sealed.header;
    let entry = LeafEntry { record, label, day, commitment };
    Leaf { index, entry, source, base_quality: 0, at: Timestamp(0), quarantined: false, withdrawn: false }
}

/// Opens in the order of days, as records are delivered, and by as many as a page has.
fn open(
    mut opener: Opener<'_>,
    sealed: &[SealedRecord],
    wraps: &HashMap<RecordId, RecordWrap>,
) -> Result<Vec<Vec<u8>>, WalletError> {
    let mut plain = Vec::with_capacity(sealed.len());
    for page in sealed.chunks(PAGE_MAX) {
        let with_wraps = page.iter().map(|record| {
            let wrap = wraps.get(&record.header.record).map(core::slice::from_ref);
            (record, wrap.unwrap_or_default())
        });
        plain.extend(opener.unseal(&with_wraps.collect::<Vec<_>>()).into_iter().map(|one| one?.plain));
    }
    plain.into_iter().collect::<Option<_>>().ok_or(WalletError::Damaged)
}
