//! How a car stands: whether a member confirmed its VIN, and what stands against it. Said by members, and for a theft by
//! the owner.

use crate::{
    command::{Answer, Subject},
    directory::Members,
    error::{Distrust, WalletError},
    history::History,
    relay::{Auth, decode},
    store::Store,
    sync::name_of,
    transport::{Method, Transport},
    view::{FlagView, ShownVin, StandingView, StatementView, VinConfirmation},
    wallet::{Context, Wallet},
};
use carnet_crypto::{member::MemberKeys, signature::SigningKey};
use carnet_passport::identity;
use carnet_protocol::{
    api::{
        body::{Receipts, Transactions},
        path,
    },
    day::Day,
    encoding,
    id::{FlagId, Hash32, RecordId, StreamId},
    ledger::{Action, CarStanding, Flag, FlagKind, Outcome, Statement, Transaction, VinAttestation},
    payload::Fact,
};
use carnet_vin_tag::Vin;
use rand_core::CryptoRng;

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn standing<R: CryptoRng>(
        &mut self,
        subject: &Subject,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let stream = self.subject(subject, cx).await?.stream;
        let path = path::fill(path::STANDING, &[&stream]);
        let standing = self.relay(cx.now).get::<CarStanding>(&path, Auth::Open, cx.rng).await;
        let standing = self.note_connection(standing)?;
        let members = self.members_for(subject).await?;
        let history = self.history(subject, cx).await?;
        Ok(Answer::Standing(Box::new(standing_view(&standing, &history, &members))))
    }

    pub(crate) async fn declare_flag<R: CryptoRng>(
        &mut self,
        subject: &Subject,
        kind: FlagKind,
        day: Day,
        evidence: RecordId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let (stream, evidence) = self.evidence(subject, evidence, cx).await?;
        let mut flag = FlagId([0; FlagId::LEN]);
        cx.rng.fill_bytes(&mut flag.0);
        self.say(subject, Action::DeclareFlag { stream, flag, kind, day, evidence }, cx).await?;
        self.standing(subject, cx).await
    }

    pub(crate) async fn report_flag<R: CryptoRng>(
        &mut self,
        subject: &Subject,
        flag: FlagId,
        day: Day,
        evidence: RecordId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let (stream, evidence) = self.evidence(subject, evidence, cx).await?;
        self.say(subject, Action::ReportFlag { stream, flag, day, evidence }, cx).await?;
        self.standing(subject, cx).await
    }

    pub(crate) async fn lift_flag<R: CryptoRng>(
        &mut self,
        subject: &Subject,
        flag: FlagId,
        day: Day,
        evidence: RecordId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let (stream, evidence) = self.evidence(subject, evidence, cx).await?;
        self.say(subject, Action::LiftFlag { stream, flag, day, evidence }, cx).await?;
        self.standing(subject, cx).await
    }

    /// The stream, and the commitment of a record that shows something.
    pub(crate) async fn evidence<R: CryptoRng>(
        &mut self,
        subject: &Subject,
        record: RecordId,
        cx: &mut Context<'_, R>,
    ) -> Result<(StreamId, Hash32), WalletError> {
        let opened = self.subject(subject, cx).await?;
        let leaf = opened.leaves.get(&record).ok_or(WalletError::NotFound)?;
        Ok((opened.stream, leaf.entry.commitment))
    }

    /// Says something of a car on the ledger, now: as its owner of one's own, as the member of another's. What members
    /// say is no matter for an outbox: it is either on the ledger or was not said.
    pub(crate) async fn say<R: CryptoRng>(
        &mut self,
        subject: &Subject,
        action: Action,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let key = match subject {
            Subject::Own(stream) => {
                let keys = self.session.unlocked()?.keyring.vehicle(*stream)?;
                keys.expect_own()?;
                keys.signing_key()
            }
            Subject::Granted(_) => self.staff_key()?,
            Subject::Link => return Err(WalletError::NotFound),
        };
        self.submit_now(&key, action, cx).await
    }

    /// Submits one transaction and waits for the log's signed word on what became of it.
    pub(crate) async fn submit_now<R: CryptoRng>(
        &mut self,
        key: &SigningKey,
        action: Action,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        self.expect_no_evidence().await?;
        let ledger = self.session.unlocked()?.keyring.ledger;
        let signed = key.sign(&Transaction { ledger, at: cx.now, action });
        let (name, logs) = (name_of(&signed), self.receipt_keys());
        let body = Some(encoding::encode(&Transactions { transactions: vec![signed] }));
        let request = (Method::Post, path::TRANSACTIONS);
        let delivered = self.relay(cx.now).deliver(request, Auth::Open, body, &logs, cx.rng).await;
        let answer = delivered.receipted().and_then(|body| decode::<Receipts>(&body));
        match self.note_connection(answer)?.receipts.as_slice() {
            [receipt] if receipt.transaction == name => match receipt.outcome {
                Outcome::Accepted { .. } => Ok(()),
                Outcome::Rejected(reason) => Err(WalletError::Rejected { reason }),
            },
            _ => Err(WalletError::Untrusted { what: Distrust::Malformed }),
        }
    }

    /// The key of the member that this wallet acts for.
    pub(crate) fn staff_key(&self) -> Result<SigningKey, WalletError> {
        let staff = self.session.unlocked()?.keyring.staff.as_ref().ok_or(WalletError::NotFound)?;
        Ok(MemberKeys::from_seed(staff.seed.secret()).sign)
    }
}

/// A car's standing as it is shown. The one place where what the ledger says of a car becomes what people see.
pub(crate) fn standing_view(standing: &CarStanding, opened: &History<'_>, members: &Members) -> StandingView {
    StandingView {
        vin: standing
            .vin
            .as_ref()
            .map_or(VinConfirmation::NotConfirmed, |attestation| confirmation(attestation, opened, members)),
        flags: standing.flags.iter().map(|flag| flag_view(flag, opened, members)).collect(),
        continues_another: standing.previous.is_some(),
        continued_by_another: standing.next.is_some(),
    }
}

fn confirmation(attestation: &VinAttestation, opened: &History<'_>, members: &Members) -> VinConfirmation {
    let VinAttestation { sighting, by, class, at } = *attestation;
    let name = members.find(&by).map(|member| member.name.clone());
    VinConfirmation::Confirmed { class, name, at, shown: shown_vin(sighting.record, opened) }
}

/// Whether the VIN that the passport shows is the one that was confirmed: a member vouches for what one record states,
/// and the owner may have written another since.
fn shown_vin(attested: RecordId, opened: &History<'_>) -> ShownVin {
    let Some(shown) = identity::view(opened.records()).identity.vin else { return ShownVin::NotShared };
    if opened.leaf(attested).is_none() {
        return ShownVin::NotShared;
    }
    match opened.record(attested).ok().and_then(|(_, record)| stated_vin(&record.payload.fact)) {
        Some(vin) if Vin::parse(&shown) == Ok(vin) => ShownVin::Confirmed,
        _ => ShownVin::Another,
    }
}

/// The complete VIN that a record states.
pub(crate) fn stated_vin(fact: &Fact) -> Option<Vin> {
    let Fact::Identity(identity) = fact else { return None };
    Vin::parse(identity.vin.as_deref()?).ok()
}

pub(crate) fn flag_view(flag: &Flag, opened: &History<'_>, members: &Members) -> FlagView {
    FlagView {
        flag: flag.flag,
        kind: flag.kind,
        declared: statement_view(&flag.declared, opened, members),
        report: flag.report.as_ref().map(|report| statement_view(report, opened, members)),
    }
}

fn statement_view(statement: &Statement, opened: &History<'_>, members: &Members) -> StatementView {
    let Statement { by, class, day, evidence, at } = *statement;
    StatementView {
        class,
        name: members.find(&by).map(|member| member.name.clone()),
        day,
        at,
        evidence: opened.committed(evidence),
    }
}
