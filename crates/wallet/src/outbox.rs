//! What waits to be sent. Order and retries: `docs/sync.md`.
//!
//! Items stand in lanes, one per car (or per grant that one received); within a lane their order is kept, lanes do not
//! wait for each other. An item names what is to be sent, the bytes lie in their own tables; transactions are signed
//! when they are sent, because the ledger bounds their time. Nothing in an item is secret.

mod search;

pub(crate) use search::{Ahead, Unsent, ahead, revocations, strike, strike_grant, unsent};

use crate::{
    error::WalletError,
    row::{self, Space},
    store::{Batch, Store, Table},
};
use carnet_protocol::{
    api::body::SealedAnswer,
    encoding,
    erasure::{Removal, Rewrapped},
    holder::Invitation,
    id::{GrantId, LinkId, RecordId},
    key::VerifyingKey,
    ledger::Action,
    link::Link,
    signed::Signed,
};
use search::Pages;
use serde::{Deserialize, Serialize};

/// One thing to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Item {
    /// Records that travel in batches, at most `BATCH_MAX`.
    Upload(Vec<Part>),
    /// A record that travels by itself.
    UploadLarge(Part),
    /// A ledger transaction, signed by the lane's key when it is sent.
    Act(Action),
    /// A record written as a source; it lies with its content key in the table `wallet`.
    Write(RecordId),
    /// The owner's answer to who wrote a record.
    PutAnswer(RecordId, SealedAnswer),
    /// Records to be removed from the relay, at most `BATCH_MAX`.
    Remove(Vec<RecordId>),
    /// Records whose wraps were made anew, at most `BATCH_MAX`. Sent before the keyring that they go with.
    Rewrap(Vec<Rewrapped>),
    /// What is to be removed from the relay for good; its answer goes into a receipt.
    Removal {
        /// The receipt's number.
        receipt: u64,
        /// What.
        removal: Removal,
    },
    /// A grant one gave; the envelope lies in the table of grants.
    PutGrant(GrantId),
    /// The same grant again, with the keys of a further generation or a later end.
    ReplaceGrant(GrantId),
    /// A grant to be taken back from the relay.
    RemoveGrant(GrantId),
    /// A link.
    PutLink(Signed<Link>),
    /// A link to be removed.
    RemoveLink(LinkId),
    /// A link taken over; its keys lie in the keyring.
    Claim(GrantId),
    /// An invitation to hold a car together.
    PutInvitation(Signed<Invitation>),
    /// An invitation that is over.
    RemoveInvitation(VerifyingKey),
    /// A co-holder's keys; the bundle lies in the table of grants.
    PutBundle(VerifyingKey),
    /// A co-holder's keys, to be removed.
    RemoveBundle(VerifyingKey),
    /// An answer to a grant one received.
    Answer {
        /// The grant.
        grant: GrantId,
        /// Accept or decline.
        accept: bool,
    },
}

/// A record to be uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    /// The record.
    pub record: RecordId,
    /// The generation under which it is wrapped.
    pub generation: u16,
    /// Bytes on the wire, with its wraps: what batches are measured by.
    pub bytes: u64,
}

/// An item in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// Its row's key.
    pub key: Vec<u8>,
    /// Its row as read: only that row is ever removed, not one that another tab put in its place.
    pub row: Vec<u8>,
    /// The item.
    pub item: Item,
}

impl Waiting {
    fn read((key, row): (Vec<u8>, Vec<u8>)) -> Result<Self, WalletError> {
        let item = encoding::decode(&row).map_err(|_| WalletError::Damaged)?;
        Ok(Self { key, row, item })
    }

    fn lane(&self) -> Result<Space, WalletError> {
        row::space_of(&self.key).ok_or(WalletError::Damaged)
    }
}

/// Rows of the outbox read at once: more than one request ever takes.
pub(crate) const SCAN: usize = 128;

/// Adds items at the end of a lane.
///
/// # Errors
/// [`WalletError::Damaged`] when the lane cannot be read.
pub(crate) async fn enqueue<S: Store>(
    store: &S,
    lane: Space,
    items: Vec<Item>,
    batch: &mut Batch,
) -> Result<(), WalletError> {
    let end = end_of(store, lane).await?;
    put_from(end, lane, items, batch);
    Ok(())
}

/// Adds items behind what stood in a lane, whether or not the batch removes that.
pub(crate) fn put_from(end: u64, lane: Space, items: Vec<Item>, batch: &mut Batch) {
    for (next, item) in (end..).zip(items) {
        let key = lane.numbered(next);
        // Another tab that wrote to this lane meanwhile must come first.
        batch.expect(Table::Outbox, key.clone(), None);
        batch.put(Table::Outbox, key, encoding::encode(&item));
    }
}

/// The number behind a lane's last item.
///
/// # Errors
/// [`WalletError::Damaged`].
pub(crate) async fn end_of<S: Store>(store: &S, lane: Space) -> Result<u64, WalletError> {
    let mut next = 0;
    loop {
        let after = lane.numbered(next);
        let after = (next > 0).then_some(after.as_slice());
        let rows = store.scan(Table::Outbox, &lane.0, after, SCAN).await?;
        let Some((last, _)) = rows.last() else { return Ok(if next == 0 { 0 } else { next + 1 }) };
        next = row::number_of(last).ok_or(WalletError::Damaged)?;
        if rows.len() < SCAN {
            return Ok(next + 1);
        }
    }
}

/// The first items of a lane.
///
/// # Errors
/// [`WalletError::Damaged`].
pub(crate) async fn first_of<S: Store>(store: &S, lane: Space) -> Result<Vec<Waiting>, WalletError> {
    let rows = store.scan(Table::Outbox, &lane.0, None, SCAN).await?;
    rows.into_iter().map(Waiting::read).collect()
}

/// All items of a lane.
///
/// # Errors
/// [`WalletError::Damaged`].
pub(crate) async fn all_of<S: Store>(store: &S, lane: Space) -> Result<Vec<Waiting>, WalletError> {
    let (mut items, mut pages) = (Vec::new(), Pages::of(store, &lane.0));
    while let Some(page) = pages.next().await? {
        items.extend(page);
    }
    Ok(items)
}

/// How many changes an item stands for, as its owner counts them: a record, a share, an answer. One change may take
/// several items; it counts with the one that settles it.
fn changes(item: &Item) -> u32 {
    match item {
        Item::Act(Action::AppendRecords { entries, .. } | Action::AppendPaired { entries, .. }) => {
            u32::try_from(entries.len()).unwrap_or(u32::MAX)
        }
        // With its first record, with the removals that follow it, with the answer that it is part of.
        Item::Act(Action::OpenStream { .. } | Action::WithdrawRecords { .. } | Action::AcceptGrant { .. }) => 0,
        // What the wallet does by itself.
        Item::Act(Action::RenewGrant { .. } | Action::CancelSale { .. }) => 0,
        Item::Remove(records) => u32::try_from(records.len()).unwrap_or(u32::MAX),
        // With the record's commitment, with the grant's issue or revocation.
        Item::Upload(_)
        | Item::UploadLarge(_)
        | Item::Write(_)
        | Item::PutAnswer(..)
        | Item::PutGrant(_)
        | Item::Rewrap(_)
        | Item::ReplaceGrant(_)
        | Item::RemoveGrant(_)
        | Item::PutLink(_)
        | Item::RemoveLink(_)
        | Item::RemoveInvitation(_)
        | Item::PutBundle(_)
        | Item::RemoveBundle(_) => 0,
        Item::Act(_) | Item::Removal { .. } | Item::Claim(_) | Item::PutInvitation(_) | Item::Answer { .. } => 1,
    }
}

/// The lanes in which something waits, and how many changes in all; at least one while anything waits.
///
/// # Errors
/// [`WalletError::Damaged`].
pub(crate) async fn lanes<S: Store>(store: &S) -> Result<(Vec<Space>, u32), WalletError> {
    let (mut lanes, mut waiting, mut pages) = (Vec::new(), 0_u32, Pages::of(store, &[]));
    while let Some(page) = pages.next().await? {
        for one in page {
            lanes.push(one.lane()?);
            waiting = waiting.saturating_add(changes(&one.item));
        }
        lanes.dedup();
    }
    let least = u32::from(!lanes.is_empty());
    Ok((lanes, waiting.max(least)))
}
