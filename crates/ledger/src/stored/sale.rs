//! The newest offer of a stream's car, and what became of it.

use super::{StoredGrant, grant, put_grant, read, write};
use crate::{
    fault::Fault,
    key,
    state::{ReadState, State},
};
use carnet_protocol::{
    day::Timestamp,
    id::{GrantId, Hash32, StreamId},
    sale::{SaleOutcome, SaleState},
};
use serde::{Deserialize, Serialize};

/// An offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredSale {
    pub sale: GrantId,
    pub hash: Hash32,
    pub terms: Hash32,
    pub code: Hash32,
    pub not_after: Timestamp,
    pub offered_at: Timestamp,
    pub outcome: SaleOutcome,
}

impl StoredSale {
    pub(crate) fn state(self) -> SaleState {
        let StoredSale { sale, terms, not_after, offered_at, outcome, .. } = self;
        SaleState { sale, terms, not_after, offered_at, outcome }
    }

    /// Whether it freezes its stream at this time.
    pub(crate) fn is_open(&self, at: Timestamp) -> bool {
        self.outcome == SaleOutcome::Offered && at <= self.not_after
    }
}

pub(crate) fn sale<S: ReadState>(state: &S, stream: &StreamId) -> Result<Option<StoredSale>, Fault<S::Error>> {
    read(state, &key::sale(stream), "sale")
}

pub(crate) fn put_sale<S: State>(state: &mut S, stream: &StreamId, sale: &StoredSale) -> Result<(), Fault<S::Error>> {
    write(state, key::sale(stream), sale)
}

/// Ends a grant that stands.
pub(crate) fn revoke_grant<S: State>(
    state: &mut S,
    stream: &StreamId,
    id: &GrantId,
    at: Timestamp,
) -> Result<(), Fault<S::Error>> {
    match grant(state, stream, id)? {
        Some(known) if known.revoked_at.is_none() => {
            put_grant(state, stream, id, &StoredGrant { revoked_at: Some(at), ..known })
        }
        _ => Ok(()),
    }
}
