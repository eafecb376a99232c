//! Shares and looks as their owner sees them.

use super::seen::seen;
use crate::{
    command::Answer,
    error::WalletError,
    journal::Opened,
    keyring::{Share, VehicleKeys},
    outbox::{self, Unsent},
    row::Space,
    store::Store,
    transport::Transport,
    view::{LookView, ShareState, ShareView},
    wallet::{Context, Wallet},
};
use carnet_protocol::{
    api::body::{View, ViewKind},
    day::Timestamp,
    id::{GrantId, StreamId},
};
use rand_core::CryptoRng;

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn shares<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.look_again(vehicle, cx).await?;
        let unsent = outbox::unsent(&self.store, Space::from(vehicle)).await?;
        let opened = self.opened(Space::from(vehicle))?;
        let keys = self.session.unlocked()?.keyring.vehicle(vehicle)?;
        let views = keys.shares.iter().rev().map(|share| view(share, keys, opened, &unsent, cx.now));
        Ok(Answer::Shares(views.collect()))
    }

    pub(crate) async fn share_view<R>(
        &mut self,
        vehicle: StreamId,
        grant: GrantId,
        cx: &mut Context<'_, R>,
    ) -> Result<ShareView, WalletError> {
        self.load_own(vehicle).await?;
        let unsent = outbox::unsent(&self.store, Space::from(vehicle)).await?;
        let opened = self.opened(Space::from(vehicle))?;
        let keys = self.session.unlocked()?.keyring.vehicle(vehicle)?;
        let share = keys.share(grant)?;
        Ok(view(share, keys, opened, &unsent, cx.now))
    }

    /// A share that was just written here, so that all of it waits.
    pub(crate) fn view_of_new(
        &self,
        vehicle: StreamId,
        grant: GrantId,
        now: Timestamp,
    ) -> Result<ShareView, WalletError> {
        let keys = self.session.unlocked()?.keyring.vehicle(vehicle)?;
        let unsent = Unsent { grants: vec![grant], ..Unsent::default() };
        Ok(view(keys.share(grant)?, keys, self.opened(Space::from(vehicle))?, &unsent, now))
    }

    pub(crate) async fn looks<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.look_again(vehicle, cx).await?;
        let keys = self.session.unlocked()?.keyring.vehicle(vehicle)?;
        let mut views = self.opened(Space::from(vehicle))?.views.clone();
        views.sort_by_key(|view| core::cmp::Reverse(view.sequence));
        let looks = views.into_iter().map(|view| LookView {
            grant: view.grant,
            audience: keys.share(view.grant).map(|share| share.audience.clone()).unwrap_or_default(),
            of_sale: keys.sale.as_ref().is_some_and(|sale| sale.handover.grant == view.grant),
            at: view.at,
            kind: view.kind,
        });
        Ok(Answer::Looks(looks.collect()))
    }

    /// Asks the relay for new looks; where it cannot be reached, those known are shown.
    async fn look_again<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        self.load_own(vehicle).await?;
        if self.session.unlocked()?.keyring.vehicle(vehicle)?.expect_own().is_err() {
            return Ok(());
        }
        match self.pull_views(vehicle, cx).await {
            Ok(_) | Err(WalletError::Offline | WalletError::Busy { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn view(share: &Share, keys: &VehicleKeys, opened: &Opened, unsent: &Unsent, now: Timestamp) -> ShareView {
    let looks = || opened.views.iter().filter(|view| view.grant == share.grant);
    let count = |is: &dyn Fn(&View) -> bool| u32::try_from(looks().filter(|view| is(view)).count()).unwrap_or(u32::MAX);
    // Whoever opens a link also fetches: that is one look, not two. What is fetched after the claim, the keeper fetches.
    let claim = looks().filter(|view| view.kind == ViewKind::LinkClaimed).map(|view| view.sequence).min();
    let alone = if share.link.is_some() { claim } else { Some(0) };
    let fetched = |view: &View| view.kind == ViewKind::Fetched && alone.is_some_and(|alone| view.sequence > alone);
    // The latest answer counts: a grantee may change it.
    let last = looks()
        .filter(|view| matches!(view.kind, ViewKind::LinkClaimed | ViewKind::Accepted | ViewKind::Declined))
        .max_by_key(|view| view.sequence);
    let state = match last.map(|view| view.kind) {
        _ if share.revoked_at.is_some() => ShareState::Revoked,
        // With the car all its shares ended.
        _ if keys.is_sold() || share.not_after <= now => ShareState::Ended,
        _ if unsent.grants.contains(&share.grant) => ShareState::Waiting,
        Some(ViewKind::LinkClaimed) => ShareState::Claimed,
        Some(ViewKind::Accepted) => ShareState::Accepted,
        Some(ViewKind::Declined) => ShareState::Declined,
        _ => ShareState::Open,
    };
    ShareView {
        grant: share.grant,
        audience: share.audience.clone(),
        by_link: share.link.is_some(),
        purpose: share.purpose,
        scopes: share.scopes.iter().map(|scope| (scope.category, scope.days)).collect(),
        issued_at: share.issued_at,
        renewed: share.renewed,
        not_after: share.not_after,
        revoked_at: share.revoked_at,
        max_opens: share.link.as_ref().and_then(|link| link.max_opens),
        pin: share.link.as_ref().is_some_and(|link| link.pin),
        can_show: share.link.as_ref().is_some_and(|link| link.secret.is_some()),
        state,
        openings: count(&|view| view.kind == ViewKind::LinkOpened),
        days_looked: count(&fetched),
        seen: seen(share, keys, opened),
    }
}
