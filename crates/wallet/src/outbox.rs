//! What waits to be sent. Order and retries: `docs/sync.md`.
//!
//! Items stand in lanes, one per car (or per grant that one received); within a lane their order is kept, lanes do not
//! wait for each other. An item names what is to be sent, the bytes lie in their own tables; transactions are signed
//! when they are sent, because the ledger bounds their time. Nothing in an item is secret.

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
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

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
    rows.into_iter()
        .map(|(key, row)| {
            let item = encoding::decode(&row).map_err(|_| WalletError::Damaged)?;
            Ok(Waiting { key, row, item })
        })
        .collect()
}

/// All items of a lane.
///
/// # Errors
/// [`WalletError::Damaged`].
pub(crate) async fn all_of<S: Store>(store: &S, lane: Space) -> Result<Vec<Waiting>, WalletError> {
    let (mut items, mut after) = (Vec::new(), None::<Vec<u8>>);
    loop {
        let rows = store.scan(Table::Outbox, &lane.0, after.as_deref(), SCAN).await?;
        after = rows.last().map(|(key, _)| key.clone());
        let full = rows.len() == SCAN;
        for (key, row) in rows {
            let item = encoding::decode(&row).map_err(|_| WalletError::Damaged)?;
            items.push(Waiting { key, row, item });
        }
        if !full {
            return Ok(items);
        }
    }
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
    let (mut lanes, mut waiting, mut after) = (Vec::new(), 0_u32, None::<Vec<u8>>);
    loop {
        let rows = store.scan(Table::Outbox, &[], after.as_deref(), SCAN).await?;
        for (key, row) in &rows {
            lanes.push(row::space_of(key).ok_or(WalletError::Damaged)?);
            waiting = waiting.saturating_add(changes(&encoding::decode(row).map_err(|_| WalletError::Damaged)?));
        }
        lanes.dedup();
        if rows.len() < SCAN {
            let least = u32::from(!lanes.is_empty());
            return Ok((lanes, waiting.max(least)));
        }
        after = rows.into_iter().last().map(|(key, _)| key);
    }
}

/// Takes the commitments of records out of what waits in a lane: what was never sent leaves no trace.
///
/// # Errors
/// [`WalletError::Damaged`].
pub(crate) async fn strike<S: Store>(
    store: &S,
    lane: Space,
    records: &HashSet<RecordId>,
    batch: &mut Batch,
) -> Result<(), WalletError> {
    let mut after = None::<Vec<u8>>;
    while !records.is_empty() {
        let rows = store.scan(Table::Outbox, &lane.0, after.as_deref(), SCAN).await?;
        let Some((last, _)) = rows.last() else { break };
        after = Some(last.clone());
        for (key, row) in rows {
            let item = encoding::decode(&row).map_err(|_| WalletError::Damaged)?;
            let Item::Act(Action::AppendRecords { stream, mut entries }) = item else { continue };
            let before = entries.len();
            entries.retain(|entry| !records.contains(&entry.record));
            if entries.len() < before {
                batch.expect(Table::Outbox, key.clone(), Some(row));
                match entries.is_empty() {
                    true => batch.delete(Table::Outbox, key),
                    false => {
                        let item = Item::Act(Action::AppendRecords { stream, entries });
                        batch.put(Table::Outbox, key, encoding::encode(&item))
                    }
                };
            }
        }
    }
    Ok(())
}

/// Takes a grant and its link out of what waits in a lane: what is taken back before it was sent need not be.
///
/// # Errors
/// [`WalletError::Damaged`].
pub(crate) async fn strike_grant<S: Store>(
    store: &S,
    lane: Space,
    grant: GrantId,
    link: Option<LinkId>,
    batch: &mut Batch,
) -> Result<(), WalletError> {
    let mut after = None::<Vec<u8>>;
    loop {
        let rows = store.scan(Table::Outbox, &lane.0, after.as_deref(), SCAN).await?;
        let Some((last, _)) = rows.last() else { return Ok(()) };
        after = Some(last.clone());
        for (key, row) in rows {
            let about = match encoding::decode(&row).map_err(|_| WalletError::Damaged)? {
                Item::PutGrant(put) => put == grant,
                Item::PutLink(put) => encoding::decode::<Link>(&put.body).is_ok_and(|put| Some(put.link) == link),
                _ => false,
            };
            if about {
                batch.expect(Table::Outbox, key.clone(), Some(row));
                batch.delete(Table::Outbox, key);
            }
        }
    }
}

/// What goes before everything that stands in front of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ahead {
    /// Records that were wrapped anew.
    Rewraps,
    /// Openings of streams behind other items: a device that was removed should have sent them.
    Openings,
}

/// Such items, of all lanes.
///
/// # Errors
/// [`WalletError::Damaged`].
pub(crate) async fn ahead<S: Store>(store: &S, wanted: Ahead) -> Result<Vec<(Space, Waiting)>, WalletError> {
    let (mut found, mut after, mut lane) = (Vec::new(), None::<Vec<u8>>, None);
    loop {
        let rows = store.scan(Table::Outbox, &[], after.as_deref(), SCAN).await?;
        let Some((last, _)) = rows.last() else { return Ok(found) };
        after = Some(last.clone());
        for (key, row) in rows {
            let item = encoding::decode(&row).map_err(|_| WalletError::Damaged)?;
            let space = row::space_of(&key).ok_or(WalletError::Damaged)?;
            let first = lane.replace(space) != Some(space);
            let is_wanted = match (wanted, &item) {
                (Ahead::Rewraps, Item::Rewrap(_)) => true,
                (Ahead::Openings, Item::Act(Action::OpenStream { .. })) => !first,
                _ => false,
            };
            if is_wanted {
                found.push((space, Waiting { key, row, item }));
            }
        }
    }
}

/// What shuts readers and co-holders out in a lane, in order: of grants, links, invitations and people that the relay and
/// the ledger have heard of, for to revoke what is still to be issued would be forgotten before it counts.
///
/// # Errors
/// [`WalletError::Damaged`].
pub(crate) async fn revocations<S: Store>(store: &S, lane: Space) -> Result<Vec<Waiting>, WalletError> {
    let (mut found, mut unsent, mut links, mut invitations) = (Vec::new(), HashSet::new(), false, false);
    let (mut unadmitted, mut bundles) = (HashSet::new(), HashSet::new());
    let mut after = None::<Vec<u8>>;
    loop {
        let rows = store.scan(Table::Outbox, &lane.0, after.as_deref(), SCAN).await?;
        let Some((last, _)) = rows.last() else { return Ok(found) };
        after = Some(last.clone());
        for (key, row) in rows {
            let item = encoding::decode(&row).map_err(|_| WalletError::Damaged)?;
            let shuts_out = match &item {
                Item::Act(Action::IssueGrant { grant, .. }) | Item::PutGrant(grant) => {
                    unsent.insert(*grant);
                    false
                }
                Item::PutLink(_) => {
                    links = true;
                    false
                }
                Item::Act(Action::RevokeGrant { grant, .. }) | Item::RemoveGrant(grant) => !unsent.contains(grant),
                Item::RemoveLink(_) => !links,
                Item::PutInvitation(_) => {
                    invitations = true;
                    false
                }
                Item::Act(Action::AdmitHolder { holder, .. }) => {
                    unadmitted.insert(*holder);
                    false
                }
                Item::PutBundle(holder) => {
                    bundles.insert(*holder);
                    false
                }
                Item::RemoveInvitation(_) => !invitations,
                Item::Act(Action::RemoveHolder { holder, .. }) => !unadmitted.contains(holder),
                Item::RemoveBundle(holder) => !bundles.contains(holder),
                _ => false,
            };
            if shuts_out {
                found.push(Waiting { key, row, item });
            }
        }
    }
}

/// The grants and records of a lane that were not sent yet, for showing them as waiting.
#[derive(Default)]
pub(crate) struct Unsent {
    pub records: Vec<RecordId>,
    pub grants: Vec<GrantId>,
}

/// What of a lane was not sent yet.
///
/// # Errors
/// [`WalletError::Damaged`].
pub(crate) async fn unsent<S: Store>(store: &S, lane: Space) -> Result<Unsent, WalletError> {
    let (mut unsent, mut after) = (Unsent::default(), None::<Vec<u8>>);
    loop {
        let rows = store.scan(Table::Outbox, &lane.0, after.as_deref(), SCAN).await?;
        for (_, row) in &rows {
            match encoding::decode(row).map_err(|_| WalletError::Damaged)? {
                Item::Act(Action::AppendRecords { entries, .. }) => {
                    unsent.records.extend(entries.iter().map(|entry| entry.record));
                }
                Item::PutGrant(grant) => unsent.grants.push(grant),
                // A grant by link is there for its reader once the link is.
                Item::PutLink(link) => {
                    let link: Link = encoding::decode(&link.body).map_err(|_| WalletError::Damaged)?;
                    unsent.grants.push(link.grant);
                }
                _ => {}
            }
        }
        if rows.len() < SCAN {
            return Ok(unsent);
        }
        after = rows.into_iter().last().map(|(key, _)| key);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::store::memory::MemoryStore;
    use carnet_protocol::{
        day::Timestamp,
        id::{Hash32, StreamId},
    };

    #[tokio::test]
    async fn what_shuts_a_reader_out_is_found_behind_what_stands_but_not_before_its_own_issue() {
        let (store, stream) = (MemoryStore::new(), StreamId([1; 16]));
        let (known, new) = (GrantId([2; 16]), GrantId([3; 16]));
        let revoke = |grant| Item::Act(Action::RevokeGrant { stream, grant });
        let (partner, newcomer) = (VerifyingKey([7; 32]), VerifyingKey([8; 32]));
        let shut_out = |holder| Item::Act(Action::RemoveHolder { stream, holder });
        let issue =
            Action::IssueGrant { stream, grant: new, hash: Hash32([4; 32]), acceptor: None, not_after: Timestamp(5) };
        let refused = Item::Act(Action::AppendRecords { stream, entries: Vec::new() });
        let items = vec![
            refused,
            Item::Act(issue),
            Item::PutGrant(new),
            revoke(known),
            Item::RemoveGrant(known),
            revoke(new),
            Item::RemoveGrant(new),
            Item::RemoveLink(LinkId([6; 16])),
            Item::Act(Action::AdmitHolder { stream, holder: newcomer }),
            Item::PutBundle(newcomer),
            shut_out(partner),
            Item::RemoveBundle(partner),
            shut_out(newcomer),
            Item::RemoveBundle(newcomer),
        ];
        let mut batch = Batch::default();
        enqueue(&store, Space::from(stream), items, &mut batch).await.unwrap();
        store.commit(batch).await.unwrap();
        let found = revocations(&store, Space::from(stream)).await.unwrap();
        let found: Vec<Item> = found.into_iter().map(|waiting| waiting.item).collect();
        let gone = [revoke(known), Item::RemoveGrant(known), Item::RemoveLink(LinkId([6; 16]))];
        assert_eq!(found, [gone.as_slice(), &[shut_out(partner), Item::RemoveBundle(partner)]].concat());
    }
}
