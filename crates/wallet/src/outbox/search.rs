//! Looking through what waits: one walk over the rows, and what is searched for on it.

use super::{Item, SCAN, Waiting};
use crate::{
    error::WalletError,
    row::Space,
    store::{Batch, Store, Table},
};
use carnet_protocol::{
    encoding,
    id::{GrantId, LinkId, RecordId},
    ledger::Action,
    link::Link,
};
use std::collections::HashSet;

/// The items of a lane, or of all lanes where the prefix is empty, in order and by as many as are read at once.
pub(super) struct Pages<'a, S> {
    store: &'a S,
    prefix: &'a [u8],
    after: Option<Vec<u8>>,
    is_over: bool,
}

impl<'a, S: Store> Pages<'a, S> {
    pub(super) fn of(store: &'a S, prefix: &'a [u8]) -> Self {
        Self { store, prefix, after: None, is_over: false }
    }

    /// The next of them; `None` behind the last.
    ///
    /// # Errors
    /// [`WalletError::Damaged`].
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Waiting>>, WalletError> {
        if self.is_over {
            return Ok(None);
        }
        let rows = self.store.scan(Table::Outbox, self.prefix, self.after.as_deref(), SCAN).await?;
        self.is_over = rows.len() < SCAN;
        self.after = rows.last().map(|(key, _)| key.clone());
        rows.into_iter().map(Waiting::read).collect::<Result<_, _>>().map(Some)
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
    if records.is_empty() {
        return Ok(());
    }
    let mut pages = Pages::of(store, &lane.0);
    while let Some(page) = pages.next().await? {
        for Waiting { key, row, item } in page {
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
    let mut pages = Pages::of(store, &lane.0);
    while let Some(page) = pages.next().await? {
        for Waiting { key, row, item } in page {
            let about = match item {
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
    Ok(())
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
    let (mut found, mut lane, mut pages) = (Vec::new(), None, Pages::of(store, &[]));
    while let Some(page) = pages.next().await? {
        for waiting in page {
            let space = waiting.lane()?;
            let first = lane.replace(space) != Some(space);
            let is_wanted = match (wanted, &waiting.item) {
                (Ahead::Rewraps, Item::Rewrap(_)) => true,
                (Ahead::Openings, Item::Act(Action::OpenStream { .. })) => !first,
                _ => false,
            };
            if is_wanted {
                found.push((space, waiting));
            }
        }
    }
    Ok(found)
}

/// What shuts readers and co-holders out in a lane, in order: of grants, links, invitations and people that the relay and
/// the ledger have heard of: to end what is still to begin is for its place in the lane, behind its beginning.
///
/// # Errors
/// [`WalletError::Damaged`].
pub(crate) async fn revocations<S: Store>(store: &S, lane: Space) -> Result<Vec<Waiting>, WalletError> {
    let (mut found, mut unsent, mut links, mut invitations) = (Vec::new(), HashSet::new(), false, false);
    let (mut unadmitted, mut bundles) = (HashSet::new(), HashSet::new());
    let mut pages = Pages::of(store, &lane.0);
    while let Some(page) = pages.next().await? {
        for waiting in page {
            let shuts_out = match &waiting.item {
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
                found.push(waiting);
            }
        }
    }
    Ok(found)
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
    let (mut unsent, mut pages) = (Unsent::default(), Pages::of(store, &lane.0));
    while let Some(page) = pages.next().await? {
        for waiting in page {
            match waiting.item {
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
    }
    Ok(unsent)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{outbox::enqueue, store::memory::MemoryStore};
    use carnet_protocol::{
        day::Timestamp,
        id::{Hash32, StreamId},
        key::VerifyingKey,
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
