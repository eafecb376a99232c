//! What sources wrote, and the owner's answers to it.

use crate::{
    backing::Backing,
    command::{Answer, FileData, Subject},
    error::WalletError,
    outbox::Item,
    passport::page_of,
    record::{
        check,
        sealing::{NewRecord, Sealer},
    },
    said::statement,
    store::Store,
    transport::Transport,
    wallet::{Context, Wallet},
};
use carnet_crypto::answer::seal_answer;
use carnet_passport::OpenedRecord;
use carnet_protocol::{
    day::Day,
    id::{RecordId, StreamId},
    payload::{Fact, Method, Origin, OriginKind, Statement, StatementKind},
};
use rand_core::CryptoRng;

impl<S: Store, T: Transport> Wallet<S, T> {
    /// What sources wrote without a pairing and the owner has not answered, newest first.
    pub(crate) async fn unanswered<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let subject = Subject::Own(vehicle);
        let members = self.members_for(&subject).await?;
        let history = self.classified(&subject, &members, cx).await?;
        let backing = Backing::of(&history);
        let waits = |record: &&OpenedRecord| {
            let said = backing.said(record.record);
            !record.owner_made && said.is_quarantined(record.record) && !said.is_answered(record.record)
        };
        // What an earlier owner left unanswered is nobody's to answer any more.
        let chosen = history.newest().records.iter().filter(waits).collect();
        Ok(Answer::Timeline(page_of(chosen, &history, &members, &backing, 0..u32::MAX)))
    }

    /// The owner's word on what a source wrote: a record of its own beside that one, and a copy for the source.
    pub(crate) async fn answer_record<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        record: RecordId,
        kind: StatementKind,
        reason: Option<String>,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let reason = reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        check(reason.as_deref(), &[])?;
        // Readers take the word of one person on what sources wrote.
        self.session.unlocked()?.keyring.writable(vehicle)?.expect_own()?;
        // To speak against somebody's word takes a reason.
        let needs_reason = matches!(kind, StatementKind::Disputed | StatementKind::Rejected);
        if kind == StatementKind::CounterSigned || needs_reason && reason.is_none() {
            return Err(WalletError::BadInput);
        }
        let opened = self.load_own(vehicle).await?;
        let (of, entry) = (opened.record(record)?, opened.entries.get(&record).ok_or(WalletError::NotFound)?);
        if of.owner_made || statement(of).is_some_and(|(_, said)| said.kind != StatementKind::CounterSigned) {
            return Err(WalletError::BadInput);
        }
        let (source, day) = (of.source, of.day);
        let fact = Statement { about: record, commitment: entry.commitment, category: of.category(), kind };
        let new = own(day, Fact::Statement(fact), reason, Vec::new());
        let member = self.directory().await?.find(&source).cloned();
        let vehicle_keys = self.session.unlocked()?.keyring.vehicle(vehicle)?;
        let mut sealer = Sealer::new(vehicle_keys, cx.now);
        sealer.add(new, cx.rng)?;
        let mut sealed = sealer.finish();
        let payload = sealed.segment.records.iter().rev().find_map(|entry| entry.payload.as_ref());
        if let (Some(member), Some(payload)) = (member, payload) {
            let signed = vehicle_keys.signing_key().sign(payload);
            let answer = seal_answer(&signed, &member.seal, &vehicle, &record, cx.rng);
            // A member whose key takes nothing hears of it on the next look at the passport.
            sealed.items.extend(answer.ok().map(|answer| Item::PutAnswer(record, answer)));
        }
        self.keep_records(vehicle, sealed, cx).await?;
        self.record(&Subject::Own(vehicle), record, cx).await
    }

    /// Writes a record that corrects another; that one stays as it is.
    #[expect(clippy::too_many_arguments, reason = "the fields of one command")]
    pub(crate) async fn rectify_record<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        record: RecordId,
        day: Day,
        fact: Fact,
        note: Option<String>,
        files: Vec<FileData>,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        check(note.as_deref(), &files)?;
        self.session.unlocked()?.keyring.writable(vehicle)?;
        let corrected = self.load_own(vehicle).await?.record(record)?;
        if corrected.category() != fact.category() || statement(corrected).is_some() {
            return Err(WalletError::BadInput);
        }
        let sealer = Sealer::new(self.session.unlocked()?.keyring.vehicle(vehicle)?, cx.now);
        let mut sealer = sealer.rectifying(Some(record));
        let record = sealer.add(own(day, fact, note, files), cx.rng)?;
        let sealed = sealer.finish();
        self.keep_records(vehicle, sealed, cx).await?;
        self.record(&Subject::Own(vehicle), record, cx).await
    }
}

fn own(day: Day, fact: Fact, note: Option<String>, files: Vec<FileData>) -> NewRecord {
    let origin = Origin { kind: OriginKind::Manual, import: None };
    NewRecord { day, at: None, method: Method::Typed, origin, fact, note, files }
}
