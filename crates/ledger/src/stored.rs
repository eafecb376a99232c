//! The values of the state, and their typed reading and writing.
//!
//! Values are canonical CBOR. Leaves, of which there may be millions, are lists without field names: about 115 bytes.

mod holder;
mod pairing;
mod sale;
mod standing;
mod vote;

pub(crate) use holder::{StoredHolder, count_holders, holder, put_holder};
pub(crate) use pairing::{Quarantine, pairing, put_pairing, put_quarantine, quarantine};
pub(crate) use sale::{StoredSale, put_sale, revoke_grant, sale};
pub(crate) use standing::{
    StoredTag, is_used, mark_used, note, put_standing, put_tag, put_vin_key, scanned_event, standing, tag, vin_key,
};
pub(crate) use vote::{
    StoredProposal, class_index, count_members, proposal, put_class_index, put_proposal, put_vote, scanned_class_index,
    scanned_proposal, vote,
};

use crate::{
    fault::Fault,
    key,
    state::{ReadState, State},
};
use carnet_protocol::{
    day::{Day, Timestamp},
    encoding,
    id::{CategoryLabel, GrantId, Hash32, RecordId, StreamId},
    key::VerifyingKey,
    ledger::{GrantState, Leaf, LeafEntry, StreamHead, StreamStatus, Transaction},
    member::{GenesisHash, Member},
    signed::Signed,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Identity and authority of the ledger; written once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredLedger {
    /// Hash of the transaction that made it.
    pub hash: GenesisHash,
    /// Who admits members.
    pub authority: VerifyingKey,
}

/// The head of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredStream {
    pub owner: VerifyingKey,
    pub status: StreamStatus,
    pub leaves: u64,
    pub opened_at: Timestamp,
}

impl StoredStream {
    pub(crate) fn head(self, stream: StreamId) -> StreamHead {
        let StoredStream { owner, status, leaves, opened_at } = self;
        StreamHead { stream, owner, status, leaves, opened_at }
    }
}

/// A grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredGrant {
    pub hash: Hash32,
    pub acceptor: Option<Hash32>,
    pub not_after: Timestamp,
    pub accepted_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

impl StoredGrant {
    /// What stands under the name of one that was taken back before it was heard of, once it is revoked.
    pub(crate) fn unheard(at: Timestamp) -> Self {
        let hash = Hash32([0; Hash32::LEN]);
        Self { hash, acceptor: None, not_after: at, accepted_at: None, revoked_at: None }
    }

    pub(crate) fn state(self) -> GrantState {
        let StoredGrant { hash, not_after, accepted_at, revoked_at, .. } = self;
        GrantState { hash, not_after, accepted_at, revoked_at }
    }
}

/// A leaf but for its index, which stands in the key.
#[derive(Serialize, Deserialize)]
struct StoredLeaf(RecordId, CategoryLabel, Day, Hash32, VerifyingKey, u8, Timestamp, bool, bool);

pub(crate) fn ledger<S: ReadState>(state: &S) -> Result<Option<StoredLedger>, Fault<S::Error>> {
    read(state, &key::ledger(), "ledger identity")
}

pub(crate) fn put_ledger<S: State>(state: &mut S, ledger: &StoredLedger) -> Result<(), Fault<S::Error>> {
    write(state, key::ledger(), ledger)
}

pub(crate) fn genesis<S: ReadState>(state: &S) -> Result<Option<Signed<Transaction>>, Fault<S::Error>> {
    read(state, &key::genesis(), "first transaction")
}

pub(crate) fn put_genesis<S: State>(state: &mut S, signed: &Signed<Transaction>) -> Result<(), Fault<S::Error>> {
    write(state, key::genesis(), signed)
}

pub(crate) fn member<S: ReadState>(state: &S, sign: &VerifyingKey) -> Result<Option<Member>, Fault<S::Error>> {
    read(state, &key::member(sign), "member")
}

pub(crate) fn put_member<S: State>(
    state: &mut S,
    member: &Member,
    admission: &Signed<Transaction>,
) -> Result<(), Fault<S::Error>> {
    write(state, key::member(&member.sign), member)?;
    write(state, key::admission(&member.sign), admission)
}

pub(crate) fn stream<S: ReadState>(state: &S, stream: &StreamId) -> Result<Option<StoredStream>, Fault<S::Error>> {
    read(state, &key::stream(stream), "stream")
}

pub(crate) fn put_stream<S: State>(
    state: &mut S,
    stream: &StreamId,
    stored: &StoredStream,
) -> Result<(), Fault<S::Error>> {
    write(state, key::stream(stream), stored)
}

pub(crate) fn grant<S: ReadState>(
    state: &S,
    stream: &StreamId,
    grant: &GrantId,
) -> Result<Option<StoredGrant>, Fault<S::Error>> {
    read(state, &key::grant(stream, grant), "grant")
}

pub(crate) fn put_grant<S: State>(
    state: &mut S,
    stream: &StreamId,
    grant: &GrantId,
    stored: &StoredGrant,
) -> Result<(), Fault<S::Error>> {
    write(state, key::grant(stream, grant), stored)
}

/// The leaf of a record.
pub(crate) fn leaf_of<S: ReadState>(
    state: &S,
    stream: &StreamId,
    record: &RecordId,
) -> Result<Option<Leaf>, Fault<S::Error>> {
    let Some(index) = read::<u64, S>(state, &key::record(stream, record), "record")? else { return Ok(None) };
    let stored = read(state, &key::leaf(stream, index), "leaf")?.ok_or(Fault::Damaged("leaf"))?;
    Ok(Some(leaf(index, stored)))
}

/// Reads a leaf as it came from a scan.
pub(crate) fn scanned_leaf<E>(key: &[u8], value: &[u8]) -> Result<Leaf, Fault<E>> {
    let index = key.last_chunk().map(|bytes| u64::from_be_bytes(*bytes)).ok_or(Fault::Damaged("leaf"))?;
    Ok(leaf(index, decode(value, "leaf")?))
}

/// Writes a leaf; that of a new record makes the record known.
pub(crate) fn put_leaf<S: State>(state: &mut S, stream: &StreamId, leaf: &Leaf) -> Result<(), Fault<S::Error>> {
    let Leaf { index, entry, source, base_quality, at, quarantined, withdrawn } = *leaf;
    let LeafEntry { record, label, day, commitment } = entry;
    let stored = StoredLeaf(record, label, day, commitment, source, base_quality, at, quarantined, withdrawn);
    write(state, key::leaf(stream, index), &stored)?;
    write(state, key::record(stream, &record), &index)
}

fn leaf(index: u64, stored: StoredLeaf) -> Leaf {
    let StoredLeaf(record, label, day, commitment, source, base_quality, at, quarantined, withdrawn) = stored;
    let entry = LeafEntry { record, label, day, commitment };
    Leaf { index, entry, source, base_quality, at, quarantined, withdrawn }
}

pub(crate) fn is_marked<S: ReadState>(state: &S, transaction: &Hash32) -> Result<bool, Fault<S::Error>> {
    Ok(state.get(&key::transaction(transaction)).map_err(Fault::Host)?.is_some())
}

pub(crate) fn mark<S: State>(state: &mut S, transaction: &Hash32) -> Result<(), Fault<S::Error>> {
    write(state, key::transaction(transaction), &true)
}

pub(crate) fn decode<T: Serialize + DeserializeOwned, E>(value: &[u8], what: &'static str) -> Result<T, Fault<E>> {
    encoding::decode(value).map_err(|_| Fault::Damaged(what))
}

fn read<T: Serialize + DeserializeOwned, S: ReadState>(
    state: &S,
    key: &[u8],
    what: &'static str,
) -> Result<Option<T>, Fault<S::Error>> {
    state.get(key).map_err(Fault::Host)?.map(|value| decode(&value, what)).transpose()
}

fn write<T: Serialize, S: State>(state: &mut S, key: Vec<u8>, value: &T) -> Result<(), Fault<S::Error>> {
    state.put(key, encoding::encode(value)).map_err(Fault::Host)
}
