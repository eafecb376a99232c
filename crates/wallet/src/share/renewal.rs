//! Shares without an end of their own: given for a bounded time, renewed while the owner's wallet is in use.
//!
//! So no key opens anything for ever by neglect: where the owner stops using the wallet, the share ends by itself.

use crate::{
    command::Notice,
    error::WalletError,
    grant::seal_share,
    journal::Opened,
    keyring::{Share, VehicleKeys},
    outbox::{self, Item},
    row::{self, Space},
    store::{Batch, Store, Table},
    transport::Transport,
    wallet::{Context, Wallet},
};
use carnet_crypto::grant::grant_hash;
use carnet_protocol::{api::body::ViewKind, day::Timestamp, encoding, id::StreamId, ledger::Action};
use rand_core::CryptoRng;

/// How long a share without an end is given for each time, in milliseconds: 90 days.
const TERM_MS: u64 = 90 * Timestamp::DAY;

/// It is renewed once less than this is left, in milliseconds: 60 days, so at most once a month.
const RENEW_MS: u64 = 60 * Timestamp::DAY;

/// When a share without an end, given or renewed now, ends.
pub(super) fn next_end(now: Timestamp) -> Timestamp {
    now.plus(TERM_MS)
}

/// Whether a share is to be renewed. What its grantee declined is not: nobody waits for it.
fn is_due(share: &Share, opened: &Opened, now: Timestamp) -> bool {
    let answers = opened.views.iter().filter(|view| view.grant == share.grant);
    let last = answers.filter(|view| matches!(view.kind, ViewKind::Accepted | ViewKind::Declined));
    let declined = last.max_by_key(|view| view.sequence).is_some_and(|view| view.kind == ViewKind::Declined);
    expires_soon(share, now) && !declined
}

fn expires_soon(share: &Share, now: Timestamp) -> bool {
    share.renewed && share.is_live(now) && share.not_after < now.plus(RENEW_MS)
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Renews what is due, in one commit per car: two requests for all of it.
    pub(crate) async fn renew_shares<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        // What is for sale is frozen, and with what was sold all shares ended.
        let due = |vehicle: &&VehicleKeys| {
            vehicle.sale.is_none() && vehicle.shares.iter().any(|share| expires_soon(share, cx.now))
        };
        let vehicles = &self.session.unlocked()?.keyring.vehicles;
        let streams: Vec<StreamId> = vehicles.iter().filter(due).map(|vehicle| vehicle.stream).collect();
        for stream in streams {
            self.renew_shares_of(stream, cx).await?;
        }
        Ok(())
    }

    async fn renew_shares_of<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        self.load_own(stream).await?;
        let (checkpoint, held) = (self.seen_note().await?, self.held(stream).await?);
        let opened = self.opened(Space::from(stream))?;
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        let keys = next.vehicle_mut(stream)?;
        let mut renewed = Vec::new();
        for share in keys.shares.iter_mut().filter(|share| is_due(share, opened, cx.now)) {
            share.not_after = next_end(cx.now);
            renewed.push(share.grant);
        }
        if renewed.is_empty() {
            return Ok(());
        }
        let (mut batch, mut items, mut acts) = (Batch::default(), Vec::new(), Vec::new());
        for grant in renewed {
            let share = keys.share(grant)?;
            let envelope = seal_share(keys, share, &held, checkpoint.clone(), cx.now, cx.rng)?;
            batch.put(Table::Grants, row::given(grant), encoding::encode(&envelope));
            items.push(Item::ReplaceGrant(grant));
            let (hash, not_after) = (grant_hash(&envelope), share.not_after);
            acts.push(Item::Act(Action::RenewGrant { stream, grant, hash, not_after }));
        }
        items.extend(acts);
        outbox::enqueue(&self.store, Space::from(stream), items, &mut batch).await?;
        self.commit_keyring(next, batch, cx).await?;
        cx.tell(Notice::Changed(Some(stream)));
        Ok(())
    }
}
