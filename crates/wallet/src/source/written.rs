//! What was written as a source, kept here with its content key until it is where it belongs, and after that as a list.

use crate::{
    command::{Answer, Via},
    error::WalletError,
    keyring::Seed,
    outbox::{self, Item},
    relay::Auth,
    row::{self, Space},
    store::{Batch, Store, Table},
    transport::Transport,
    view::{AnswerView, WrittenState, WrittenView},
    wallet::{Context, Wallet},
};
use carnet_crypto::{answer::open_answer, member::MemberKeys, signature::verify_by};
use carnet_protocol::{
    api::{
        ProblemCode,
        body::{SealedAnswer, SourceReceipt},
        path,
    },
    encoding,
    id::{Hash32, PairingId, RecordId},
    key::VerifyingKey,
    ledger::{Action, StreamStatus},
    pairing::PairingState,
    payload::{Fact, Payload, StatementKind},
    record::RecordHeader,
};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

/// Rows read at once.
const SCAN: usize = 256;

/// A record written as a source. Holds its content key, so this type has no Debug; its row is sealed.
#[derive(Serialize, Deserialize)]
pub(crate) struct Written {
    pub via: Via,
    /// What the car was called.
    pub car: String,
    pub owner: VerifyingKey,
    pub pairing: Option<PairingId>,
    pub header: RecordHeader,
    pub commitment: Hash32,
    /// Wrapped anew at each attempt to send, to the keys that are in force then.
    pub content: Seed,
    /// The least generation of seal keys that is taken.
    pub generation: u16,
    /// `None` for files.
    pub payload: Option<Payload>,
    /// What the ledger noted, once it is committed.
    pub committed: Option<Committed>,
    /// The owner's latest answer.
    pub answer: Option<AnswerView>,
}

/// What the ledger noted.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Committed {
    pub quarantined: bool,
    pub withdrawn: bool,
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// What was written, newest first, with what became of it.
    pub(crate) async fn written<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        match self.ask_receipts(cx).await {
            Ok(()) | Err(WalletError::Offline | WalletError::Busy { .. }) => {}
            Err(error) => return Err(error),
        }
        let mut views = Vec::new();
        for (lane, written) in self.all_written().await? {
            let Some(payload) = &written.payload else { continue };
            let state = self.state_of(lane, &written, cx).await?;
            views.push(view(&written, payload, state));
        }
        views.sort_by_key(|view| (core::cmp::Reverse(view.written_at), view.record));
        Ok(Answer::Written(views))
    }

    async fn state_of<R: CryptoRng>(
        &mut self,
        lane: Space,
        written: &Written,
        cx: &mut Context<'_, R>,
    ) -> Result<WrittenState, WalletError> {
        if let Some(committed) = written.committed {
            return Ok(match committed {
                Committed { withdrawn: true, .. } => WrittenState::Withdrawn,
                Committed { quarantined: true, .. } => WrittenState::Quarantined,
                Committed { .. } => WrittenState::Committed,
            });
        }
        let (mut uploads, mut commits) = (false, false);
        for waiting in outbox::first_of(&self.store, lane).await? {
            match &waiting.item {
                Item::Write(record) => uploads |= *record == written.header.record,
                Item::Act(Action::AppendRecords { entries, .. } | Action::AppendPaired { entries, .. }) => {
                    commits |= entries.iter().any(|entry| entry.record == written.header.record);
                }
                _ => {}
            }
        }
        if (uploads || commits) && self.sync.stands(lane) {
            return self.why(written, cx).await;
        }
        Ok(if uploads { WrittenState::Waiting } else { WrittenState::Sent })
    }

    /// Why a record is not taken, as far as the ledger can tell.
    async fn why<R: CryptoRng>(
        &mut self,
        written: &Written,
        cx: &mut Context<'_, R>,
    ) -> Result<WrittenState, WalletError> {
        let stream = written.header.stream;
        match self.stream_head(stream, cx).await {
            Ok(head) if head.status == StreamStatus::Closed => {
                self.hear_closed(stream, cx);
                return Ok(WrittenState::Closed);
            }
            Ok(_) | Err(WalletError::Offline | WalletError::Busy { .. }) => {}
            Err(error) => return Err(error),
        }
        let Some(pairing) = written.pairing else { return Ok(WrittenState::Refused) };
        let path = path::fill(path::PAIRING_STATE, &[&stream, &pairing]);
        let state = self.relay(cx.now).get::<PairingState>(&path, Auth::Open, cx.rng).await;
        let ended = state.is_ok_and(|state| state.ended_at.is_some() || state.not_after < cx.now);
        Ok(if ended { WrittenState::PairingEnded } else { WrittenState::Refused })
    }

    /// Asks what became of the records that have left the outbox.
    async fn ask_receipts<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        let Some(staff) = &self.session.unlocked()?.keyring.staff else { return Ok(()) };
        let keys = MemberKeys::from_seed(staff.seed.secret());
        for (lane, mut written) in self.all_written().await? {
            let waits = outbox::first_of(&self.store, lane).await?;
            let waits = waits.iter().any(|waiting| waiting.item == Item::Write(written.header.record));
            if written.payload.is_none() || waits {
                continue;
            }
            let (stream, record) = (written.header.stream, written.header.record);
            let path = path::fill(path::WRITTEN, &[&stream, &record]);
            let receipt = match self.relay(cx.now).get::<SourceReceipt>(&path, Auth::Key(&keys.sign), cx.rng).await {
                Err(error) if error.is(ProblemCode::NotFound) => continue,
                other => self.note_connection(other)?,
            };
            let committed = receipt.leaf.filter(|leaf| leaf.entry.commitment == written.commitment);
            let committed =
                committed.map(|leaf| Committed { quarantined: leaf.quarantined, withdrawn: leaf.withdrawn });
            let answer = receipt.answer.and_then(|answer| read_answer(&answer, &keys, &written));
            if (committed, &answer) != (written.committed, &written.answer) {
                (written.committed, written.answer) = (committed.or(written.committed), answer.or(written.answer));
                let mut batch = Batch::default();
                self.put_written(lane, &written, &mut batch, cx)?;
                self.store.commit(batch).await?;
            }
        }
        Ok(())
    }

    /// Adds a row to a batch.
    pub(super) fn put_written<R: CryptoRng>(
        &self,
        lane: Space,
        written: &Written,
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let key = lane.written(written.header.record);
        let local = &self.session.unlocked()?.local;
        let plain = zeroize::Zeroizing::new(encoding::encode(written));
        batch.put(Table::Wallet, key.clone(), local.seal_row(Table::Wallet.name(), &key, &plain, cx.rng));
        Ok(())
    }

    /// A record that was written as a source.
    pub(crate) async fn written_record(&self, lane: Space, record: RecordId) -> Result<Option<Written>, WalletError> {
        let key = lane.written(record);
        match self.store.read(Table::Wallet, &key).await? {
            Some(row) => self.open_written(&key, &row).map(Some),
            None => Ok(None),
        }
    }

    fn open_written(&self, key: &[u8], row: &[u8]) -> Result<Written, WalletError> {
        let local = &self.session.unlocked()?.local;
        let plain = local.open_row(Table::Wallet.name(), key, row).map_err(|_| WalletError::Damaged)?;
        encoding::decode(&zeroize::Zeroizing::new(plain)).map_err(|_| WalletError::Damaged)
    }

    pub(super) async fn all_written(&self) -> Result<Vec<(Space, Written)>, WalletError> {
        let (mut all, mut after) = (Vec::new(), None::<Vec<u8>>);
        loop {
            let rows = self.store.scan(Table::Wallet, row::WRITTEN, after.as_deref(), SCAN).await?;
            for (key, row) in &rows {
                let (lane, _) = row::written_of(key).ok_or(WalletError::Damaged)?;
                all.push((lane, self.open_written(key, row)?));
            }
            let Some((last, _)) = rows.last().filter(|_| rows.len() == SCAN) else { return Ok(all) };
            after = Some(last.clone());
        }
    }
}

/// The owner's answer, when it is the owner's and about this very record.
fn read_answer(answer: &SealedAnswer, keys: &MemberKeys, written: &Written) -> Option<AnswerView> {
    let (stream, record) = (written.header.stream, written.header.record);
    let signed = open_answer(answer, &keys.seal, &stream, &record).ok()?;
    let payload = verify_by(&signed, &written.owner).ok()?;
    let Fact::Statement(said) = payload.fact else { return None };
    let about = (payload.stream, said.about, said.commitment) == (stream, record, written.commitment);
    (about && said.kind != StatementKind::CounterSigned).then_some(AnswerView { kind: said.kind, reason: payload.note })
}

fn view(written: &Written, payload: &Payload, state: WrittenState) -> WrittenView {
    WrittenView {
        record: written.header.record,
        via: written.via,
        car: written.car.clone(),
        day: written.header.day,
        category: payload.fact.category(),
        fact: payload.fact.clone(),
        note: payload.note.clone(),
        files: u32::try_from(payload.attachments.len()).unwrap_or(u32::MAX),
        written_at: payload.written_at,
        rectifies: payload.rectifies,
        state,
        answer: written.answer.clone(),
    }
}
