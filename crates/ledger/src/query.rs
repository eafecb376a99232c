//! What can be asked of a state. All of one answer comes from one reading of the state, so give these a snapshot.

mod standing;

pub use standing::{class_indices, standing, standing_events, tag_holder, vin_key};

use crate::{
    fault::Fault,
    key,
    state::{Entry, ReadState},
    stored,
};
use carnet_protocol::{
    api::body::LeafPage,
    id::{GrantId, PairingId, RecordId, StreamId},
    key::VerifyingKey,
    ledger::{GrantState, HolderState, Leaf, MemberDirectory, StreamHead, Transaction},
    limits::PAGE_MAX,
    member::{GenesisHash, Member},
    pairing::PairingState,
    sale::SaleState,
    signed::Signed,
};
use serde::{Serialize, de::DeserializeOwned};

/// The ledger's identity; `None` before its first transaction.
///
/// # Errors
/// [`Fault`] when the state fails.
pub fn genesis_hash<S: ReadState>(state: &S) -> Result<Option<GenesisHash>, Fault<S::Error>> {
    Ok(stored::ledger(state)?.map(|ledger| ledger.hash))
}

/// The head of a stream.
///
/// # Errors
/// [`Fault`] when the state fails.
pub fn stream_head<S: ReadState>(state: &S, stream: &StreamId) -> Result<Option<StreamHead>, Fault<S::Error>> {
    Ok(stored::stream(state, stream)?.map(|stored| stored.head(*stream)))
}

/// At most `limit` leaves of a stream (and at most `PAGE_MAX`), those after the index `after`; `None` when there is no
/// such stream.
///
/// # Errors
/// [`Fault`] when the state fails.
pub fn leaves<S: ReadState>(
    state: &S,
    stream: &StreamId,
    after: Option<u64>,
    limit: usize,
) -> Result<Option<LeafPage>, Fault<S::Error>> {
    let Some(head) = stored::stream(state, stream)? else { return Ok(None) };
    let after = after.map(|index| key::leaf(stream, index));
    let found = state
        .scan(&key::leaves(stream), after.as_deref(), limit.min(PAGE_MAX))
        .map_err(Fault::Host)?
        .iter()
        .map(|(key, value)| stored::scanned_leaf(key, value))
        .collect::<Result<Vec<_>, _>>()?;
    let next = found.last().map(|leaf| leaf.index).filter(|index| index + 1 < head.leaves);
    Ok(Some(LeafPage { leaves: found, next }))
}

/// The leaf of a record.
///
/// # Errors
/// [`Fault`] when the state fails.
pub fn leaf<S: ReadState>(state: &S, stream: &StreamId, record: &RecordId) -> Result<Option<Leaf>, Fault<S::Error>> {
    stored::leaf_of(state, stream, record)
}

/// The state of a grant.
///
/// # Errors
/// [`Fault`] when the state fails.
pub fn grant_state<S: ReadState>(
    state: &S,
    stream: &StreamId,
    grant: &GrantId,
) -> Result<Option<GrantState>, Fault<S::Error>> {
    Ok(stored::grant(state, stream, grant)?.map(stored::StoredGrant::state))
}

/// The newest offer to sell a stream's car, and what became of it.
///
/// # Errors
/// [`Fault`] when the state fails.
pub fn sale<S: ReadState>(state: &S, stream: &StreamId) -> Result<Option<SaleState>, Fault<S::Error>> {
    Ok(stored::sale(state, stream)?.map(stored::StoredSale::state))
}

/// The state of a pairing.
///
/// # Errors
/// [`Fault`] when the state fails.
pub fn pairing<S: ReadState>(
    state: &S,
    stream: &StreamId,
    pairing: &PairingId,
) -> Result<Option<PairingState>, Fault<S::Error>> {
    stored::pairing(state, stream, pairing)
}

/// A co-holder of a stream.
///
/// # Errors
/// [`Fault`] when the state fails.
pub fn holder<S: ReadState>(
    state: &S,
    stream: &StreamId,
    holder: &VerifyingKey,
) -> Result<Option<HolderState>, Fault<S::Error>> {
    Ok(stored::holder(state, stream, holder)?.map(stored::StoredHolder::state))
}

/// A member by its signing key.
///
/// # Errors
/// [`Fault`] when the state fails.
pub fn member<S: ReadState>(state: &S, sign: &VerifyingKey) -> Result<Option<Member>, Fault<S::Error>> {
    stored::member(state, sign)
}

/// All members, in the order of their signing keys.
///
/// # Errors
/// [`Fault`] when the state fails.
pub fn members<S: ReadState>(state: &S) -> Result<Vec<Member>, Fault<S::Error>> {
    all(state, key::MEMBERS, "member")
}

/// The directory with its proofs, admissions in the order of their members' keys; `None` before the first transaction.
///
/// # Errors
/// [`Fault`] when the state fails.
pub fn directory<S: ReadState>(state: &S) -> Result<Option<MemberDirectory>, Fault<S::Error>> {
    let Some(genesis) = stored::genesis(state)? else { return Ok(None) };
    let admissions: Vec<Signed<Transaction>> = all(state, key::ADMISSIONS, "admission")?;
    Ok(Some(MemberDirectory { genesis, admissions }))
}

/// Everything under a prefix, page by page.
fn all<T: Serialize + DeserializeOwned, S: ReadState>(
    state: &S,
    prefix: &[u8],
    what: &'static str,
) -> Result<Vec<T>, Fault<S::Error>> {
    let mut values = Vec::new();
    let mut after: Option<Vec<u8>> = None;
    loop {
        let page: Vec<Entry> = state.scan(prefix, after.as_deref(), PAGE_MAX).map_err(Fault::Host)?;
        for (_, value) in &page {
            values.push(stored::decode(value, what)?);
        }
        let full = page.len() == PAGE_MAX;
        after = page.into_iter().next_back().map(|(key, _)| key);
        if !full {
            return Ok(values);
        }
    }
}
