//! Sending: one lane after the other, one request after the other.

use super::plan::{self, BODY_ROOM, Step, Verdict};
use crate::{
    error::WalletError,
    keyring::Keyring,
    outbox::{self, Ahead, Item, Part, Waiting},
    receipt::Delivered,
    relay::{Auth, RelayError, decode},
    row::{self, Space},
    store::{Batch, Store, Table},
    transport::{Method, Transport},
    wallet::{Context, Wallet},
};
use carnet_crypto::{hash::digest, member::MemberKeys, signature::SigningKey};
use carnet_protocol::{
    Blob,
    api::{
        body::{
            GrantAnswer, GrantBatch, LinkClaim, Receipts, RecordBatch, RecordUpload, Removals, Transactions, Wraps,
        },
        path,
        receipt::KeptReceipt,
    },
    domain::Domain,
    encoding,
    grant::GrantEnvelope,
    id::{GrantId, Hash32, StreamId},
    ledger::{Action, Transaction},
    link::Claim,
    record::RecordWrap,
    signed::Signed,
};
use rand_core::CryptoRng;

/// A request, built from a step.
struct Call {
    method: Method,
    path: String,
    body: Option<Vec<u8>>,
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Sends a lane until it is empty, the relay refuses, or it cannot be reached.
    ///
    /// # Errors
    /// [`WalletError::Offline`] and [`WalletError::Busy`] when there is no point in trying the next lane either;
    /// [`crate::error::ProofFault::Fork`] while two checkpoints clash.
    pub(crate) async fn push_lane<R: CryptoRng>(
        &mut self,
        lane: Space,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        self.expect_no_evidence().await?;
        loop {
            let waiting = outbox::first_of(&self.store, lane).await?;
            let Some((step, taken)) = plan::next(&waiting) else { return Ok(()) };
            let (verdict, receipt) = match (&waiting[0].item, self.lane_key(lane)?) {
                (Item::Removal { receipt, removal }, Some(key)) => {
                    (self.send_removal(lane, &waiting[0], (*receipt, removal), &key, cx).await?, None)
                }
                _ => self.carry_out(lane, &step, taken, cx).await?,
            };
            let Verdict::Done { items, refused } = verdict else {
                let Verdict::Later(error) = verdict else { return Ok(()) };
                return self.note_connection(Err(error));
            };
            self.acknowledge(lane, &waiting[..items.min(waiting.len())], receipt).await?;
            if let Some(reason) = refused {
                self.sync.refuse(lane, reason);
                return Box::pin(self.push_revocations(lane, cx)).await;
            }
        }
    }

    /// Sends what shuts readers out past what was refused: a lane that stands must not keep a reader in.
    async fn push_revocations<R: CryptoRng>(
        &mut self,
        lane: Space,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        for waiting in outbox::revocations(&self.store, lane).await? {
            let step = match &waiting.item {
                Item::Act(action) => Step::Submit(vec![action.clone()]),
                item => Step::Single(item.clone()),
            };
            let (verdict, receipt) = self.carry_out(lane, &step, 1, cx).await?;
            match verdict {
                Verdict::Done { items: 1, .. } => self.acknowledge(lane, &[waiting], receipt).await?,
                Verdict::Done { .. } => {}
                Verdict::Later(error) => return self.note_connection(Err(error)),
            }
        }
        Ok(())
    }

    /// Sends the wraps that were made anew, before the keyring with their keys, and before anything that stands in front of
    /// them: a keyring without the old keys must never be at the relay while the new wraps are here alone.
    pub(super) async fn push_rewraps<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        self.push_ahead(Ahead::Rewraps, cx).await
    }

    /// Sends what stands behind other things that cannot go without it.
    pub(super) async fn push_ahead<R: CryptoRng>(
        &mut self,
        wanted: Ahead,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        for (lane, waiting) in outbox::ahead(&self.store, wanted).await? {
            let step = match &waiting.item {
                Item::Act(action) => Step::Submit(vec![action.clone()]),
                item => Step::Single(item.clone()),
            };
            let (verdict, receipt) = self.carry_out(lane, &step, 1, cx).await?;
            match verdict {
                Verdict::Done { items: 1, .. } => self.acknowledge(lane, &[waiting], receipt).await?,
                Verdict::Done { refused, .. } => self.sync.refused = refused,
                Verdict::Later(error) => return self.note_connection(Err(error)),
            }
        }
        Ok(())
    }

    /// Removes what was sent, and keeps the receipt in its place. A tab that did so at the same moment is no harm.
    async fn acknowledge(
        &self,
        lane: Space,
        done: &[Waiting],
        receipt: Option<KeptReceipt>,
    ) -> Result<(), WalletError> {
        if done.is_empty() {
            return Ok(());
        }
        let mut batch = Batch::default();
        if let Some(receipt) = receipt {
            self.keep_acknowledgement(lane, receipt, &mut batch).await?;
        }
        for waiting in done {
            batch.expect(Table::Outbox, waiting.key.clone(), Some(waiting.row.clone()));
            batch.delete(Table::Outbox, waiting.key.clone());
        }
        Ok(self.store.commit(batch).await?)
    }

    async fn carry_out<R: CryptoRng>(
        &mut self,
        lane: Space,
        step: &Step,
        taken: usize,
        cx: &mut Context<'_, R>,
    ) -> Result<(Verdict, Option<KeptReceipt>), WalletError> {
        let nothing_to_send = (Verdict::Done { items: taken, refused: None }, None);
        // The car or the grant this was for is gone from the keyring: nothing can be signed for it any more.
        let Some(key) = self.lane_key(lane)? else { return Ok(nothing_to_send) };
        match step {
            Step::Submit(actions) => return self.submit(actions, &key, cx).await,
            Step::Reissue(grants) => return self.reissue_all(lane, step, grants, &key, cx).await,
            Step::Upload(_) | Step::Single(_) => {}
        }
        if let Step::Single(Item::Write(record)) = step {
            return self.send_written(lane, *record, step, &key, cx).await;
        }
        let Some(call) = self.call(lane, step, &key).await? else { return Ok(nothing_to_send) };
        let view = self.open_link.as_ref().filter(|link| Space::from(link.grant()) == lane);
        let auth = match (step, view) {
            // Signed inside; the view token shows that this reader has opened the link, should its openings be used up.
            (Step::Single(Item::Claim(_)), Some(link)) => Auth::View(link.view_token.expose()),
            (Step::Single(Item::Claim(_)), None) => Auth::Open,
            _ => Auth::Key(&key),
        };
        let logs = self.receipt_keys();
        let request = (call.method, call.path.as_str());
        let Delivered { outcome, receipt } = self.relay(cx.now).deliver(request, auth, call.body, &logs, cx.rng).await;
        let verdict = plan::judge(step, outcome.map(drop), taken).receipted(receipt.is_some());
        Ok((verdict, receipt))
    }

    async fn submit<R: CryptoRng>(
        &mut self,
        actions: &[Action],
        key: &SigningKey,
        cx: &mut Context<'_, R>,
    ) -> Result<(Verdict, Option<KeptReceipt>), WalletError> {
        let ledger = self.session.unlocked()?.keyring.ledger;
        let mut transactions = Vec::with_capacity(actions.len());
        for action in actions {
            let transaction = Transaction { ledger, at: cx.now, action: action.clone() };
            match self.acceptance_key(action).await? {
                Some(acceptance) => transactions.push(acceptance.sign(&transaction)),
                None => transactions.push(key.sign(&transaction)),
            }
        }
        let (names, logs) = (transactions.iter().map(name_of).collect::<Vec<_>>(), self.receipt_keys());
        let body = Some(encoding::encode(&Transactions { transactions }));
        let request = (Method::Post, path::TRANSACTIONS);
        let Delivered { outcome, receipt } = self.relay(cx.now).deliver(request, Auth::Open, body, &logs, cx.rng).await;
        let verdict = match outcome.and_then(|body| decode::<Receipts>(&body)) {
            Ok(receipts)
                if !receipts.receipts.iter().zip(&names).all(|(receipt, name)| receipt.transaction == *name) =>
            {
                Verdict::Later(RelayError::Malformed)
            }
            Ok(receipts) => plan::judge_receipts(actions, &receipts),
            Err(RelayError::Refused { sentence, .. }) => Verdict::Done { items: 0, refused: Some(sentence) },
            Err(error) => Verdict::Later(error),
        };
        Ok((verdict.receipted(receipt.is_some()), receipt))
    }

    /// Gives as many grants again as fit into one request.
    async fn reissue_all<R: CryptoRng>(
        &mut self,
        lane: Space,
        step: &Step,
        grants: &[GrantId],
        key: &SigningKey,
        cx: &mut Context<'_, R>,
    ) -> Result<(Verdict, Option<KeptReceipt>), WalletError> {
        let rows: Vec<_> = grants.iter().map(|grant| row::given(*grant)).collect();
        let (mut envelopes, mut bytes) = (Vec::new(), 0);
        for envelope in self.store.read_all(Table::Grants, &rows).await? {
            let envelope = envelope.ok_or(WalletError::Damaged)?;
            bytes += envelope.len() as u64;
            if !envelopes.is_empty() && bytes > BODY_ROOM {
                break;
            }
            envelopes.push(encoding::decode::<GrantEnvelope>(&envelope).map_err(|_| WalletError::Damaged)?);
        }
        let taken = envelopes.len();
        let path = path::fill(path::GRANTS, &[&StreamId(lane.0)]);
        let (body, logs) = (Some(encoding::encode(&GrantBatch { grants: envelopes })), self.receipt_keys());
        let request = (Method::Post, path.as_str());
        let Delivered { outcome, receipt } =
            self.relay(cx.now).deliver(request, Auth::Key(key), body, &logs, cx.rng).await;
        let verdict = plan::judge(step, outcome.map(drop), taken).receipted(receipt.is_some());
        Ok((verdict, receipt))
    }

    /// The key that signs for a lane; `None` when it is not in the keyring (any more).
    fn lane_key(&self, lane: Space) -> Result<Option<SigningKey>, WalletError> {
        let keyring = &self.session.unlocked()?.keyring;
        Ok(signer(keyring, lane))
    }

    /// The request that carries a step; `None` when what it is about is no longer there.
    async fn call(&self, lane: Space, step: &Step, key: &SigningKey) -> Result<Option<Call>, WalletError> {
        let stream = StreamId(lane.0);
        let call = |method, path, body| Ok(Some(Call { method, path, body }));
        let item = match step {
            Step::Upload(parts) => {
                let records = self.uploads(lane, parts).await?;
                if records.is_empty() {
                    return Ok(None);
                }
                let path = path::fill(path::RECORDS, &[&stream]);
                return call(Method::Post, path, Some(encoding::encode(&RecordBatch { records })));
            }
            Step::Submit(_) | Step::Reissue(_) => return Ok(None),
            Step::Single(item) => item,
        };
        match item {
            Item::UploadLarge(part) => {
                let Some(upload) = self.uploads(lane, &[*part]).await?.pop() else { return Ok(None) };
                let path = path::fill(path::RECORD, &[&stream, &part.record]);
                call(Method::Put, path, Some(encoding::encode(&upload)))
            }
            Item::PutAnswer(record, answer) => {
                let path = path::fill(path::WRITTEN_ANSWER, &[&stream, record]);
                call(Method::Put, path, Some(encoding::encode(answer)))
            }
            Item::Remove(records) => {
                let body = encoding::encode(&Removals { records: records.clone() });
                call(Method::Post, path::fill(path::REMOVALS, &[&stream]), Some(body))
            }
            Item::PutGrant(grant) => {
                let envelope = self.store.read(Table::Grants, &row::given(*grant)).await?;
                let envelope = envelope.ok_or(WalletError::Damaged)?;
                call(Method::Put, path::fill(path::GRANT, &[grant]), Some(envelope))
            }
            Item::RemoveGrant(grant) => call(Method::Delete, path::fill(path::GRANT, &[grant]), None),
            Item::PutLink(link) => {
                let id = carnet_crypto::signature::verify(link).map_err(|_| WalletError::Damaged)?.link;
                call(Method::Put, path::fill(path::LINK, &[&id]), Some(encoding::encode(link)))
            }
            Item::RemoveLink(link) => call(Method::Delete, path::fill(path::LINK, &[link]), None),
            Item::PutInvitation(invitation) => {
                let key = carnet_crypto::signature::verify(invitation).map_err(|_| WalletError::Damaged)?.key;
                let path = path::fill(path::INVITATION, &[&stream, &key]);
                call(Method::Put, path, Some(encoding::encode(invitation)))
            }
            Item::RemoveInvitation(key) => call(Method::Delete, path::fill(path::INVITATION, &[&stream, key]), None),
            Item::PutBundle(holder) => {
                let envelope = self.store.read(Table::Grants, &row::bundle(*holder)).await?;
                let envelope = envelope.ok_or(WalletError::Damaged)?;
                call(Method::Put, path::fill(path::HOLDER, &[&stream, holder]), Some(envelope))
            }
            Item::RemoveBundle(holder) => call(Method::Delete, path::fill(path::HOLDER, &[&stream, holder]), None),
            Item::Answer { grant, accept } => {
                let body = encoding::encode(&GrantAnswer { accept: *accept });
                call(Method::Post, path::fill(path::GRANT_ANSWER, &[grant]), Some(body))
            }
            Item::Claim(grant) => self.claim_call(*grant, key),
            Item::Rewrap(kept) => {
                let keys: Vec<_> = kept.iter().map(|kept| lane.wrap(kept.record, kept.generation)).collect();
                let wraps = self.store.read_all(Table::Wraps, &keys).await?;
                // One that was erased or wrapped anew since goes another way.
                let wraps = wraps.into_iter().flatten().map(|row| encoding::decode(&row));
                let wraps: Vec<RecordWrap> = wraps.collect::<Result<_, _>>().map_err(|_| WalletError::Damaged)?;
                if wraps.is_empty() {
                    return Ok(None);
                }
                call(Method::Post, path::fill(path::WRAPS, &[&stream]), Some(encoding::encode(&Wraps { wraps })))
            }
            Item::Upload(_) | Item::Write(_) | Item::Act(_) | Item::ReplaceGrant(_) | Item::Removal { .. } => Ok(None),
        }
    }

    fn claim_call(&self, grant: GrantId, key: &SigningKey) -> Result<Option<Call>, WalletError> {
        let Some(saved) = self.session.unlocked()?.keyring.saved(grant) else { return Ok(None) };
        let claim = key.sign(&Claim { link: saved.link, claimer: key.verifying_key() });
        let body = LinkClaim { token: Blob(saved.token.secret().expose().to_vec()), claim };
        let path = path::fill(path::LINK_CLAIM, &[&saved.link]);
        Ok(Some(Call { method: Method::Post, path, body: Some(encoding::encode(&body)) }))
    }

    /// Records with their wraps as they are sent. Those withdrawn meanwhile are left out.
    async fn uploads(&self, space: Space, parts: &[Part]) -> Result<Vec<RecordUpload>, WalletError> {
        let record_keys: Vec<_> = parts.iter().map(|part| space.record(part.record)).collect();
        let wrap_keys: Vec<_> = parts.iter().map(|part| space.wrap(part.record, part.generation)).collect();
        let records = self.store.read_all(Table::Records, &record_keys).await?;
        let wraps = self.store.read_all(Table::Wraps, &wrap_keys).await?;
        let mut uploads = Vec::with_capacity(parts.len());
        for (part, (record, wrap)) in parts.iter().zip(records.into_iter().zip(wraps)) {
            let Some(record) = record else { continue };
            let wraps = match wrap {
                Some(wrap) => vec![encoding::decode(&wrap).map_err(|_| WalletError::Damaged)?],
                // Wrapped anew since it was put here.
                None => self.wraps_of(space, part.record).await?,
            };
            if wraps.is_empty() {
                return Err(WalletError::Damaged);
            }
            uploads.push(RecordUpload { record: Blob(record), wraps });
        }
        Ok(uploads)
    }
}

/// The name that a transaction has in its receipt.
pub(crate) fn name_of(transaction: &Signed<Transaction>) -> Hash32 {
    digest(Domain::HASH_TRANSACTION, &encoding::encode(transaction))
}

/// The key that signs for a lane.
fn signer(keyring: &Keyring, lane: Space) -> Option<SigningKey> {
    if let Ok(vehicle) = keyring.vehicle(StreamId(lane.0)) {
        return Some(vehicle.signing_key());
    }
    if let Some(erased) = keyring.erased.iter().find(|erased| Space::from(erased.stream) == lane) {
        return erased.signing_key();
    }
    if let Some(saved) = keyring.saved(GrantId(lane.0)) {
        return Some(SigningKey::from_seed(saved.sign.secret()));
    }
    keyring.staff.as_ref().map(|staff| MemberKeys::from_seed(staff.seed.secret()).sign)
}
