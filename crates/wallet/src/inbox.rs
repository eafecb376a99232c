//! Grants addressed to the member that this wallet acts for.

use crate::{
    command::Answer,
    error::WalletError,
    outbox::{self, Item},
    reader::{Received, goes_back},
    relay::Auth,
    row::{self, Space},
    store::{Batch, Store, Table},
    transport::Transport,
    view::{InboxState, InboxView, fingerprint},
    wallet::{Context, Wallet},
};
use carnet_crypto::{member::MemberKeys, signature::SigningKey};
use carnet_protocol::{
    api::{body::Inbox, path},
    encoding,
    grant::GrantEnvelope,
    id::GrantId,
    ledger::Action,
};
use rand_core::CryptoRng;

/// Rows read at once.
const SCAN: usize = 256;

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn inbox<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        if self.session.unlocked()?.keyring.staff.is_some() {
            match self.fetch_inbox(cx).await {
                Ok(_) | Err(WalletError::Offline | WalletError::Busy { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        self.inbox_list(cx).await
    }

    /// The inbox as it lies in the store.
    async fn inbox_list<R>(&self, cx: &Context<'_, R>) -> Result<Answer, WalletError> {
        let keyring = &self.session.unlocked()?.keyring;
        let (mut views, mut after) = (Vec::new(), None::<Vec<u8>>);
        loop {
            let rows = self.store.scan(Table::Grants, row::RECEIVED, after.as_deref(), SCAN).await?;
            for (_, row) in &rows {
                let received: Received = encoding::decode(row).map_err(|_| WalletError::Damaged)?;
                // What was sealed to another key opens no more: to a member role given up since, say.
                let Ok(reader) = self.open_received(&received) else { continue };
                if keyring.saved(reader.grant.grant).is_some() {
                    continue;
                }
                let state = match received.accepted {
                    _ if received.revoked => InboxState::Revoked,
                    _ if reader.grant.not_after <= cx.now => InboxState::Ended,
                    None => InboxState::New,
                    Some(true) => InboxState::Accepted,
                    Some(false) => InboxState::Declined,
                };
                views.push(InboxView { terms: reader.terms, state, owner_fingerprint: fingerprint(&received.owner) });
            }
            let Some((last, _)) = rows.last().filter(|_| rows.len() == SCAN) else { break };
            after = Some(last.clone());
        }
        views.sort_by_key(|view| (core::cmp::Reverse(view.terms.issued_at), view.terms.grant));
        Ok(Answer::Inbox(views))
    }

    /// Fetches the inbox; says whether anything is new. A grant that does not verify is left out, it is nobody's.
    pub(crate) async fn fetch_inbox<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<bool, WalletError> {
        let Some(staff) = &self.session.unlocked()?.keyring.staff else { return Ok(false) };
        let sign = MemberKeys::from_seed(staff.seed.secret()).sign;
        let inbox = self.relay(cx.now).get::<Inbox>(path::INBOX, Auth::Key(&sign), cx.rng).await;
        let inbox = self.note_connection(inbox)?;
        let mut batch = Batch::default();
        for item in inbox.grants {
            let Ok(verified) = carnet_crypto::grant::verify_grant(&item.envelope) else { continue };
            let before = match self.received(verified.grant).await {
                Ok(before) => Some(before),
                Err(WalletError::NotFound) => None,
                Err(error) => return Err(error),
            };
            let owner = match &before {
                // An older version of what is here already.
                Some(before) if goes_back(&before.envelope, &verified) => continue,
                Some(before) => before.owner,
                // Anyone can address a grant to a member; one that does not open costs no request.
                None if !self.opens_by_its_signer(&item.envelope) => continue,
                None => self.stream_head(verified.stream, cx).await?.owner,
            };
            let waiting = before.as_ref().and_then(|before| before.accepted);
            let accepted = waiting.or(item.answer.map(|answer| answer.accept));
            let received = Received { envelope: item.envelope, owner, accepted, revoked: item.revoked };
            if before.as_ref() == Some(&received) || self.open_received(&received).is_err() {
                continue;
            }
            batch.put(Table::Grants, row::received(verified.grant), encoding::encode(&received));
        }
        let changed = !batch.changes.is_empty();
        if changed {
            self.store.commit(batch).await?;
        }
        Ok(changed)
    }

    fn opens_by_its_signer(&self, envelope: &GrantEnvelope) -> bool {
        let (envelope, owner) = (envelope.clone(), envelope.grant.key);
        self.open_received(&Received { envelope, owner, accepted: None, revoked: false }).is_ok()
    }

    pub(crate) async fn answer_grant<R: CryptoRng>(
        &mut self,
        grant: GrantId,
        accept: bool,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let before = self.received(grant).await?;
        let reader = self.open_received(&before)?;
        if before.revoked {
            return Err(WalletError::AccessRevoked);
        }
        if reader.grant.not_after <= cx.now {
            return Err(WalletError::AccessEnded);
        }
        let mut items = vec![Item::Answer { grant, accept }];
        if accept {
            items.push(Item::Act(Action::AcceptGrant { stream: reader.grant.stream, grant }));
        }
        let received = Received { accepted: Some(accept), ..before };
        let mut batch = Batch::default();
        batch.put(Table::Grants, row::received(grant), encoding::encode(&received));
        outbox::enqueue(&self.store, Space::from(grant), items, &mut batch).await?;
        self.store.commit(batch).await?;
        // The passport is likely to be opened next, and the relay serves it only once it has the answer.
        match self.push_lane(Space::from(grant), cx).await {
            Ok(()) | Err(WalletError::Offline | WalletError::Busy { .. }) => {}
            Err(error) => return Err(error),
        }
        self.tell_waiting(cx).await?;
        self.inbox_list(cx).await
    }

    /// The key that signs an acceptance: one of this grant alone, found inside it.
    pub(crate) async fn acceptance_key(&self, action: &Action) -> Result<Option<SigningKey>, WalletError> {
        match action {
            Action::AcceptGrant { grant, .. } => Ok(self.reader(*grant).await?.acceptance),
            _ => Ok(None),
        }
    }
}
