//! Writing to another's car as a member's staff: pairing, and the list of what was written. Format:
//! `docs/formats/pairing.md`, `docs/formats/seal-keys.md`.

mod sending;
mod writing;
mod written;

use crate::{
    command::{Answer, Notice, SourceCommand, Via},
    error::{Distrust, ProofFault, WalletError},
    keyring::PairedCar,
    proof::expect_to_continue,
    relay::{Auth, RelayError},
    row::Space,
    store::{Batch, Store},
    transport::Transport,
    view::{PairedCarView, fingerprint},
    wallet::{Context, Wallet},
};
use carnet_crypto::{
    pairing::{PairingCode, PairingKeys},
    signature::verify,
};
use carnet_protocol::{
    api::{ProblemCode, path},
    category::Category,
    day::{Day, DayRange, Timestamp},
    id::{CategoryLabel, PairingId, StreamId},
    key::VerifyingKey,
    ledger::{Action, CarStanding, StreamStatus},
    pairing::{PairingClaim, PairingOffer, SealedOffer, WriteGrant},
};
use rand_core::CryptoRng;
use std::collections::BTreeSet;

/// Where a record goes.
pub(crate) struct Target {
    pub stream: StreamId,
    pub owner: VerifyingKey,
    pub label: CategoryLabel,
    /// The least generation of seal keys that is taken.
    pub generation: u16,
    /// With the owner's leave; `None` into quarantine.
    pub pairing: Option<PairingId>,
    pub lane: Space,
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Carries out what was asked on either side.
    pub(crate) async fn source_command<R: CryptoRng>(
        &mut self,
        command: SourceCommand,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        use SourceCommand as C;
        match command {
            C::PairSource { vehicle, draft } => self.pair_source(vehicle, draft, cx).await,
            C::Pairings { vehicle } => self.pairings(vehicle, cx).await,
            C::EndPairing { vehicle, pairing } => self.end_pairing(vehicle, pairing, cx).await,
            C::Unanswered { vehicle } => self.unanswered(vehicle, cx).await,
            C::AnswerRecord { vehicle, record, kind, reason } => {
                self.answer_record(vehicle, record, kind, reason, cx).await
            }
            C::RectifyRecord { vehicle, record, day, fact, note, files } => {
                self.rectify_record(vehicle, record, day, fact, note, files, cx).await
            }
            C::OpenPairing { code } => self.open_pairing(&code, cx).await,
            C::PairedCars => self.paired_cars(cx),
            C::WriteRecord { via, draft } => self.write_record(via, draft, cx).await,
            C::Written => self.written(cx).await,
            C::ResendWritten { record, via } => self.resend_written(record, via, cx).await,
            C::DiscardWritten { record } => self.discard_written(record, cx).await,
            C::CounterSign { grant, record } => self.counter_sign(grant, record, cx).await,
        }
    }

    pub(crate) async fn open_pairing<R: CryptoRng>(
        &mut self,
        code: &str,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let sign = self.staff_key()?;
        let keys = PairingCode::parse(code).map_err(|_| WalletError::PairingCodeWrong)?.derive();
        self.meet(cx).await?;
        let path = path::fill(path::OFFER, &[&keys.offer]);
        let sealed: SealedOffer = match self.relay(cx.now).get(&path, Auth::Key(&sign), cx.rng).await {
            Err(RelayError::Refused { code: ProblemCode::NotFound | ProblemCode::Gone, .. }) => {
                return Err(WalletError::PairingCodeWrong);
            }
            other => self.note_connection(other)?,
        };
        let (offer, grant) = opened(&keys, &sealed)?;
        let owner = self.proved_owner(grant.stream, cx).await?;
        if offer.grant.key != owner {
            return Err(WalletError::Untrusted { what: Distrust::Grant });
        }
        let claim = keys.claim.sign(&PairingClaim { pairing: grant.pairing, source: sign.verifying_key() });
        let action =
            Action::PairSource { stream: grant.stream, grant: offer.grant.clone().into(), claim: claim.into() };
        self.submit_now(&sign, action, cx).await?;
        let stream = grant.stream;
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        let staff = next.staff.as_mut().ok_or(WalletError::NotFound)?;
        staff.cars.retain(|car| car.pairing != grant.pairing);
        staff.cars.push(paired_car(offer, grant, owner, cx.now));
        self.commit_keyring(next, Batch::default(), cx).await?;
        self.follow_car(stream, cx).await?;
        self.tell_waiting(cx).await?;
        self.paired_cars(cx)
    }

    /// The stream's owner, as far as it can be proved.
    async fn proved_owner<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<VerifyingKey, WalletError> {
        let leaves = self.fetch_leaves(stream, None, cx).await;
        let mut leaves = self.note_connection(leaves)?;
        match self.prove(stream, &mut leaves, None, cx).await? {
            Some(proved) => Ok(proved.verified.head.owner),
            // Opened a moment ago: the relay's word, until the members have confirmed it. The offer is the owner's all
            // the same, for nobody else knows the code.
            None => {
                let head = self.stream_head(stream, cx).await?;
                expect_to_continue(&[], &leaves)?;
                if leaves.len() as u64 >= head.leaves {
                    Ok(head.owner)
                } else {
                    Err(WalletError::Untrusted { what: Distrust::Proof(ProofFault::LeavesDropped) })
                }
            }
        }
    }

    pub(crate) fn paired_cars<R>(&self, cx: &Context<'_, R>) -> Result<Answer, WalletError> {
        let staff = self.session.unlocked()?.keyring.staff.as_ref();
        let cars = staff.map(|staff| staff.cars.as_slice()).unwrap_or_default();
        let view = |car: &PairedCar| car_view(car, self.sync.is_closed(car.stream), cx.now);
        Ok(Answer::PairedCars(cars.iter().rev().map(view).collect()))
    }

    /// What is new at the desk: what was shared with it, and which passports that it writes to were closed.
    pub(crate) async fn follow_desk<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        if self.fetch_inbox(cx).await? {
            cx.tell(Notice::Changed(None));
        }
        let staff = self.session.unlocked()?.keyring.staff.as_ref();
        let cars = staff.map(|staff| staff.cars.as_slice()).unwrap_or_default();
        let due = cars.iter().filter(|car| car.not_after > cx.now && self.sync.must_ask(car.stream, cx.now));
        let due: BTreeSet<StreamId> = due.map(|car| car.stream).collect();
        for stream in due {
            match self.stream_head(stream, cx).await {
                Ok(head) if head.status == StreamStatus::Closed => self.hear_closed(stream, cx),
                // What is only to be shown holds nothing up; whoever writes to it hears what is wrong.
                Err(WalletError::Offline | WalletError::Busy { .. }) => break,
                Ok(_) | Err(_) => {}
            }
            self.sync.note_asked(stream, cx.now);
        }
        Ok(())
    }

    /// Takes the relay's word that a passport is closed, for what is shown: whether a record is taken the ledger says.
    pub(super) fn hear_closed<R>(&mut self, stream: StreamId, cx: &mut Context<'_, R>) {
        if self.sync.note_closed(stream) {
            cx.tell(Notice::Changed(None));
        }
    }

    /// Where a record of a category and day goes by a way; with the owner's leave where there is one for the same car.
    pub(super) async fn target<R>(
        &self,
        via: Via,
        category: Category,
        day: Day,
        cx: &Context<'_, R>,
    ) -> Result<Target, WalletError> {
        let staff = self.session.unlocked()?.keyring.staff.as_ref().ok_or(WalletError::NotFound)?;
        match via {
            Via::Paired(pairing) => {
                let car = staff.cars.iter().find(|car| car.pairing == pairing).ok_or(WalletError::NotFound)?;
                by_leave(car, category, day).ok_or(WalletError::OutsidePairing)
            }
            Via::Granted(grant) => {
                let reader = self.reader(grant).await?;
                let stream = reader.grant.stream;
                let cars = staff.cars.iter().rev().filter(|car| car.stream == stream && car.not_after > cx.now);
                if let Some(target) = cars.filter_map(|car| by_leave(car, category, day)).next() {
                    return Ok(target);
                }
                let scopes = reader.keys.scopes.iter().filter(|scope| scope.category == category);
                let newest = scopes.max_by_key(|scope| scope.generation).ok_or(WalletError::OutsidePairing)?;
                let owner = self.received(grant).await?.owner;
                let (label, generation) = (newest.label, newest.generation);
                Ok(Target { stream, owner, label, generation, pairing: None, lane: Space::from(grant) })
            }
        }
    }

    /// The passport that continues a closed one, by the ledger's word; a sale and a re-opening both link it.
    ///
    /// # Errors
    /// When the relay cannot be asked.
    pub(super) async fn successor<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<Option<StreamId>, WalletError> {
        let path = path::fill(path::STANDING, &[&stream]);
        let standing = self.relay(cx.now).get::<CarStanding>(&path, Auth::Open, cx.rng).await;
        Ok(self.note_connection(standing)?.next)
    }
}

fn opened(keys: &PairingKeys, sealed: &SealedOffer) -> Result<(PairingOffer, WriteGrant), WalletError> {
    let untrusted = || WalletError::Untrusted { what: Distrust::Grant };
    let offer = keys.open(&sealed.sealed).map_err(|_| untrusted())?;
    let grant = verify(&offer.grant).map_err(|_| untrusted())?;
    let named = offer.categories.iter().map(|of| of.label).eq(grant.scopes.iter().map(|scope| scope.label));
    if grant.claim == keys.claim.verifying_key() && grant.stream == sealed.stream && named && !grant.scopes.is_empty() {
        Ok((offer, grant))
    } else {
        Err(untrusted())
    }
}

fn paired_car(offer: PairingOffer, grant: WriteGrant, owner: VerifyingKey, now: Timestamp) -> PairedCar {
    PairedCar {
        pairing: grant.pairing,
        stream: grant.stream,
        owner,
        name: offer.vehicle_name,
        categories: offer.categories,
        days: grant.scopes.first().map_or(DayRange::ALL, |scope| scope.days),
        paired_at: now,
        not_after: grant.not_after,
    }
}

fn by_leave(car: &PairedCar, category: Category, day: Day) -> Option<Target> {
    let of = car.categories.iter().find(|of| of.category == category).filter(|_| car.days.contains(day))?;
    Some(Target {
        stream: car.stream,
        owner: car.owner,
        label: of.label,
        generation: of.generation,
        pairing: Some(car.pairing),
        lane: Space::from(car.pairing),
    })
}

fn car_view(car: &PairedCar, closed: bool, now: Timestamp) -> PairedCarView {
    PairedCarView {
        pairing: car.pairing,
        name: car.name.clone(),
        owner_fingerprint: fingerprint(&car.owner),
        categories: car.categories.iter().map(|of| of.category).collect(),
        paired_at: car.paired_at,
        not_after: car.not_after,
        ended: car.not_after <= now,
        closed,
    }
}
