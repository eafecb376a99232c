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
    erasure::{ErasedRecord, ErasedStream, ErasureReceipt, ErasureScope, Removal},
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
        let handovers: Vec<GrantId> = vehicles.iter().filter_map(|vehicle| self.takeover_of(*vehicle)).collect();
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
        for sale in handovers {
            unlocked.opened.remove(&Space::from(sale));
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
        let removal = Item::Removal { receipt, removal: Removal::Stream };
        let keys = self.session.unlocked()?.keyring.vehicle(vehicle)?;
        let (erased, items) = match keys.sale.as_ref().filter(|_| keys.is_sold()) {
            // Its passport is closed and its shares have ended; what was handed over stays.
            Some(sale) => {
                let handed = |record: &ErasedRecord| {
                    let scopes = &sale.handover.scopes;
                    scopes.iter().any(|scope| scope.category == record.category && scope.days.contains(record.day))
                };
                let records = records.into_iter().filter(|record| !handed(record)).collect();
                (ErasedStream { stream: vehicle, records, grants: Vec::new() }, vec![removal])
            }
            None => {
                let live = keys.shares.iter().filter(|share| share.is_live(cx.now));
                let grants: Vec<GrantId> = live.map(|share| share.grant).collect();
                let mut items = self.withdrawals(vehicle, &records)?;
                if !grants.is_empty() {
                    items.splice(0..0, self.opening(vehicle)?);
                }
                let revoke = |grant: &GrantId| Item::Act(Action::RevokeGrant { stream: vehicle, grant: *grant });
                items.extend(grants.iter().map(revoke));
                items.extend([removal, Item::Act(Action::CloseStream { stream: vehicle })]);
                (ErasedStream { stream: vehicle, records, grants }, items)
            }
        };
        let space = Space::from(vehicle);
        let end = outbox::end_of(&self.store, space).await?;
        self.forget_car(vehicle, batch).await?;
        outbox::put_from(end, space, items, batch);
        Ok(erased)
    }

    /// The sale by which a car came to this wallet.
    fn takeover_of(&self, vehicle: StreamId) -> Option<GrantId> {
        Some(self.session.unlocked().ok()?.keyring.vehicle(vehicle).ok()?.takeover.as_ref()?.sale)
    }

    /// Adds the removal of every row of a car of this wallet, with what its seller handed over.
    pub(super) async fn forget_car(&self, vehicle: StreamId, batch: &mut Batch) -> Result<(), WalletError> {
        let keys = self.session.unlocked()?.keyring.vehicle(vehicle)?;
        let shares = keys.shares.iter().chain(keys.sale.as_ref().map(|sale| &sale.handover));
        let grants: Vec<GrantId> = shares.map(|share| share.grant).collect();
        if let Some(sale) = self.takeover_of(vehicle) {
            self.delete_granted(sale, batch).await?;
            self.delete_rows(Table::Outbox, Space::from(sale), batch).await?;
            batch.delete(Table::Grants, row::received(sale));
        }
        self.forget_rows(Space::from(vehicle), &grants, batch).await
    }

    /// Adds the removal of every row of a car.
    async fn forget_rows(&self, space: Space, grants: &[GrantId], batch: &mut Batch) -> Result<(), WalletError> {
        for table in OF_A_CAR {
            self.delete_rows(table, space, batch).await?;
        }
        for key in [space.proof(), space.shown(), space.receipts(), space.published()] {
            batch.delete(Table::Wallet, key);
        }
        for grant in grants {
            batch.delete(Table::Grants, row::given(*grant));
        }
        Ok(())
    }
}
