//! Erasing whole cars.

use crate::{
    error::WalletError,
    outbox::{self, Item},
    row::{self, Space},
    store::{Batch, Store, Table},
    transport::Transport,
    wallet::{Context, Wallet},
};
use carnet_protocol::{
    erasure::{ErasedStream, ErasureReceipt, ErasureScope, Removal},
    id::{GrantId, RecordId, StreamId},
    ledger::Action,
};
use rand_core::CryptoRng;
use std::collections::HashSet;

/// Tables in which a car has rows of its own.
const OF_A_CAR: [Table; 6] = [Table::Records, Table::Wraps, Table::Leaves, Table::Index, Table::Outbox, Table::Cursors];

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Erases cars with everything of theirs; answers the receipt's number.
    pub(super) async fn erase_vehicles<R: CryptoRng>(
        &mut self,
        scope: ErasureScope,
        vehicles: &[StreamId],
        cx: &mut Context<'_, R>,
    ) -> Result<u64, WalletError> {
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        if scope == ErasureScope::Everything {
            next.erase_readings();
        }
        let number = self.erasure_receipts().await?.next;
        let (mut batch, mut streams) = (Batch::default(), Vec::new());
        for vehicle in vehicles {
            streams.push(self.strip_vehicle(*vehicle, number, &mut batch, cx).await?);
            next.erase_vehicle(*vehicle, cx.now)?;
        }
        let awaited = u32::try_from(vehicles.len()).unwrap_or(u32::MAX);
        let awaited = awaited + u32::from(scope == ErasureScope::Everything);
        let receipt = ErasureReceipt { scope, at: cx.now, streams, statements: Vec::new() };
        let held = if scope == ErasureScope::Everything { self.held_streams()? } else { Vec::new() };
        for vehicle in &held {
            // What waits to be sent to somebody else's car would keep the rest from ending.
            self.forget_rows(Space::from(*vehicle), &[], &mut batch).await?;
        }
        self.keep_erasure_receipt(number, &receipt, awaited, &mut batch, cx)?;
        self.commit_keyring(next, batch, cx).await?;
        let unlocked = self.session.unlocked_mut()?;
        for vehicle in vehicles.iter().chain(&held) {
            unlocked.opened.remove(&Space::from(*vehicle));
        }
        Ok(number)
    }

    /// Adds the removal of everything of a car here, and of what the relay and the ledger are to do instead of all that
    /// waited to be sent.
    async fn strip_vehicle<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        receipt: u64,
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<ErasedStream, WalletError> {
        let all: HashSet<RecordId> = self.load_own(vehicle).await?.entries.keys().copied().collect();
        let records = self.erased_records(vehicle, &all).await?;
        let space = Space::from(vehicle);
        let shares = &self.session.unlocked()?.keyring.vehicle(vehicle)?.shares;
        let grants: Vec<GrantId> =
            shares.iter().filter(|share| share.is_live(cx.now)).map(|share| share.grant).collect();
        let known: Vec<GrantId> = shares.iter().map(|share| share.grant).collect();
        let mut items = self.withdrawals(vehicle, &records)?;
        items.extend(grants.iter().map(|grant| Item::Act(Action::RevokeGrant { stream: vehicle, grant: *grant })));
        items.push(Item::Removal { receipt, removal: Removal::Stream });
        items.push(Item::Act(Action::CloseStream { stream: vehicle }));
        let end = outbox::end_of(&self.store, space).await?;
        self.forget_rows(space, &known, batch).await?;
        outbox::put_from(end, space, items, batch);
        Ok(ErasedStream { stream: vehicle, records, grants })
    }

    /// Adds the removal of every row of a car.
    pub(super) async fn forget_rows(
        &self,
        space: Space,
        grants: &[GrantId],
        batch: &mut Batch,
    ) -> Result<(), WalletError> {
        for table in OF_A_CAR {
            self.delete_rows(table, space, batch).await?;
        }
        batch.delete(Table::Wallet, space.proof()).delete(Table::Wallet, space.receipts());
        for grant in grants {
            batch.delete(Table::Grants, row::given(*grant));
        }
        Ok(())
    }
}
