//! One car's passport over all its owners: the newest part, and what earlier ones handed over. Each part is opened,
//! counted and proved by itself; here they are read as one.

use crate::{
    command::Subject,
    directory::Members,
    error::WalletError,
    journal::{Entry, Opened},
    row::Space,
    store::Store,
    transport::Transport,
    view::{BothSigned, Completeness, OwnersView, ProofState, ProofView},
    wallet::{Context, Wallet},
};
use carnet_crypto::signature::verify_by;
use carnet_passport::OpenedRecord;
use carnet_protocol::{
    id::{GrantId, Hash32, RecordId, StreamId},
    ledger::{Leaf, StreamStatus},
    payload::Fact,
};
use rand_core::CryptoRng;
use std::cell::OnceCell;

/// A passport with those it continues, the newest first.
pub(crate) struct History<'a> {
    parts: Vec<&'a Opened>,
    /// The records of all parts, where there are several.
    merged: OnceCell<Vec<OpenedRecord>>,
}

impl<'a> History<'a> {
    /// A passport and what it holds of earlier ones.
    pub fn of(newest: &'a Opened, handed_over: Option<&'a Opened>) -> Self {
        let mut parts = Vec::with_capacity(1);
        for part in [Some(newest), handed_over].into_iter().flatten() {
            parts.extend(part.with_earlier());
        }
        Self { parts, merged: OnceCell::new() }
    }

    /// The part that its present owner writes.
    pub fn newest(&self) -> &'a Opened {
        self.parts[0]
    }

    /// All parts, the newest first.
    pub fn parts(&self) -> &[&'a Opened] {
        &self.parts
    }

    /// The records of all parts. Views want them one after the other, the earliest owner's first.
    pub fn records(&self) -> &[OpenedRecord] {
        let merged = |parts: &[&Opened]| parts.iter().rev().flat_map(|part| part.records.iter().cloned()).collect();
        match self.parts.as_slice() {
            [only] => &only.records,
            parts => self.merged.get_or_init(|| merged(parts)),
        }
    }

    /// A record that stands, with the part that it is in.
    ///
    /// # Errors
    /// [`WalletError::NotFound`].
    pub fn record(&self, record: RecordId) -> Result<(usize, &'a OpenedRecord), WalletError> {
        let found = self.parts.iter().enumerate().find_map(|(part, opened)| Some((part, opened.record(record).ok()?)));
        found.ok_or(WalletError::NotFound)
    }

    /// The leaf of a record.
    pub fn leaf(&self, record: RecordId) -> Option<&'a Leaf> {
        self.parts.iter().find_map(|part| part.leaves.get(&record))
    }

    /// The record with this commitment.
    pub fn committed(&self, commitment: Hash32) -> Option<RecordId> {
        let mut leaves = self.parts.iter().flat_map(|part| part.leaves.values());
        leaves.find(|leaf| leaf.entry.commitment == commitment).map(|leaf| leaf.entry.record)
    }

    /// What was delivered as this record in a part.
    pub fn entry(&self, part: usize, record: RecordId) -> Option<&'a Entry> {
        self.parts.get(part)?.entries.get(&record)
    }

    /// What of it is here, in figures over all parts.
    pub fn completeness(&self) -> Completeness {
        let mut sum = Completeness { committed: 0, opened: 0, withdrawn: 0, missing: 0, uncommitted: 0 };
        for figures in self.parts.iter().map(|part| part.completeness()) {
            sum.committed += figures.committed;
            sum.opened += figures.opened;
            sum.withdrawn += figures.withdrawn;
            sum.missing += figures.missing;
            sum.uncommitted += figures.uncommitted;
        }
        sum
    }

    /// Whether every part is proved. A proof of a passport in which no record is confirmed yet says nothing of those here.
    pub fn is_proved(&self) -> bool {
        let proof = self.proof_view();
        proof.state == ProofState::Proved && proof.records > 0
    }

    /// How far it is proved: as far as its least proved part.
    pub fn proof_view(&self) -> ProofView {
        let mut view = self.newest().proof_view();
        for earlier in self.parts[1..].iter().map(|part| part.proof_view()) {
            view.records += earlier.records;
            view.newer += earlier.newer;
            if earlier.state == ProofState::Pending {
                view.state = ProofState::Pending;
            }
        }
        view
    }

    /// The owners before the present one, as the proved head has them.
    pub fn owners(&self) -> OwnersView {
        let owners = self.newest().proof.as_ref().map(|proved| proved.verified.head.standing.owners.clone());
        let owners = owners.unwrap_or_default();
        let read = self.parts.len() as u64 - 1;
        OwnersView { before: owners.before.max(read), changes: owners.changes, read }
    }

    /// Whether both sides signed the odometer of a sale: the buyer as the record's source, which opening has checked, the
    /// seller inside, by the key that the ledger names as owner of the earlier part.
    pub fn both_signed(&self, part: usize, fact: &Fact) -> Option<BothSigned> {
        let Fact::Handover(handover) = fact else { return None };
        let Some(earlier) = self.parts.get(part + 1) else { return Some(BothSigned::Unknown) };
        let terms = verify_by(&handover.agreed, &earlier.owner).ok();
        let good = terms.is_some_and(|terms| terms.stream == earlier.stream && terms.odometer == handover.odometer);
        Some(if good { BothSigned::Yes } else { BothSigned::No })
    }
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// A passport with all that is to be had of it, brought into memory.
    pub(crate) async fn history<R: CryptoRng>(
        &mut self,
        subject: &Subject,
        cx: &mut Context<'_, R>,
    ) -> Result<History<'_>, WalletError> {
        self.subject(subject, cx).await?;
        if let Subject::Own(stream) = subject
            && let Some(takeover) = &self.session.unlocked()?.keyring.vehicle(*stream)?.takeover
        {
            let sale = takeover.sale;
            // On the heap: what reading another's passport takes would be in the state of every command that shows one.
            Box::pin(self.load_handed_over(sale, cx)).await?;
        }
        self.history_of(subject)
    }

    /// A passport with what of it is in memory.
    pub(crate) fn history_of(&self, subject: &Subject) -> Result<History<'_>, WalletError> {
        match subject {
            Subject::Own(stream) => {
                let takeover = self.session.unlocked()?.keyring.vehicle(*stream)?.takeover.as_ref();
                let handed_over = takeover.and_then(|takeover| self.opened(Space::from(takeover.sale)).ok());
                Ok(History::of(self.opened(Space::from(*stream))?, handed_over))
            }
            Subject::Granted(grant) => Ok(History::of(self.opened(Space::from(*grant))?, None)),
            Subject::Link => {
                let opened = self.open_link.as_ref().and_then(|link| link.opened.as_ref());
                Ok(History::of(opened.ok_or(WalletError::NotFound)?, None))
            }
        }
    }

    /// A passport brought into memory, with the sources of its records looked up in the directory.
    pub(crate) async fn classified<R: CryptoRng>(
        &mut self,
        subject: &Subject,
        members: &Members,
        cx: &mut Context<'_, R>,
    ) -> Result<History<'_>, WalletError> {
        self.history(subject, cx).await?;
        self.each_part(subject, |_, part| part.classify(members))?;
        self.history_of(subject)
    }

    /// [`Self::classified`] of a car of one's own by what lies here, asking nobody.
    pub(crate) async fn classified_here(
        &mut self,
        stream: StreamId,
        members: &Members,
    ) -> Result<History<'_>, WalletError> {
        self.load_own(stream).await?;
        if let Some(takeover) = &self.session.unlocked()?.keyring.vehicle(stream)?.takeover {
            let sale = takeover.sale;
            Box::pin(self.load_kept(sale)).await?;
        }
        let subject = Subject::Own(stream);
        self.each_part(&subject, |_, part| part.classify(members))?;
        self.history_of(&subject)
    }

    /// Visits the parts in memory, the newest first, each with where its rows stand; those behind a link stand nowhere.
    pub(crate) fn each_part(
        &mut self,
        subject: &Subject,
        mut visit: impl FnMut(Option<Space>, &mut Opened),
    ) -> Result<(), WalletError> {
        let mut walk = |space: Option<Space>, grant: Option<GrantId>, opened: &mut Opened| {
            visit(space, opened);
            for part in &mut opened.earlier {
                visit(grant.map(|grant| Space::earlier(grant, part.stream)), part);
            }
        };
        match *subject {
            Subject::Link => {
                let opened = self.open_link.as_mut().and_then(|link| link.opened.as_mut());
                walk(None, None, opened.ok_or(WalletError::NotFound)?);
            }
            Subject::Granted(grant) => {
                let space = Space::from(grant);
                walk(Some(space), Some(grant), self.opened_mut(space)?);
            }
            Subject::Own(stream) => {
                let takeover = self.session.unlocked()?.keyring.vehicle(stream)?.takeover.as_ref();
                let sale = takeover.map(|takeover| takeover.sale);
                walk(Some(Space::from(stream)), None, self.opened_mut(Space::from(stream))?);
                if let Some(sale) = sale
                    && let Ok(opened) = self.opened_mut(Space::from(sale))
                {
                    walk(Some(Space::from(sale)), Some(sale), opened);
                }
            }
        }
        Ok(())
    }

    /// What lies here of what a seller handed over, brought into memory.
    pub(crate) async fn load_kept(&mut self, sale: GrantId) -> Result<(), WalletError> {
        if self.opened(Space::from(sale)).is_ok() {
            return Ok(());
        }
        let (Ok(received), Ok(reader)) = (self.received(sale).await, self.reader(sale).await) else { return Ok(()) };
        match self.load_granted(sale, received.owner, reader).await {
            Ok(()) | Err(WalletError::Offline) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Brings what a seller handed over into memory. It changes no more once the seller's passport is closed, so it is
    /// fetched until then and kept for good; a relay that withholds it takes nothing away that is here.
    pub(crate) async fn load_handed_over<R: CryptoRng>(
        &mut self,
        sale: GrantId,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let space = Space::from(sale);
        self.load_kept(sale).await?;
        let closed = |opened: &Opened| {
            opened.proof.as_ref().is_some_and(|proved| proved.verified.head.status == StreamStatus::Closed)
        };
        if self.opened(space).is_ok_and(|opened| opened.with_earlier().all(closed)) {
            return Ok(());
        }
        match self.fetch_granted(sale, cx).await {
            Ok(())
            | Err(
                WalletError::Offline | WalletError::Busy { .. } | WalletError::AccessEnded | WalletError::AccessRevoked,
            ) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// [`Self::fetch_handover`] of every car.
    pub(crate) async fn fetch_handovers<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        for stream in self.streams()? {
            self.fetch_handover(stream, cx).await?;
        }
        Ok(())
    }

    /// Fetches the grant of what a seller handed over, where another device took the car over: without it nothing of the
    /// car can be shared or taken back here.
    pub(crate) async fn fetch_handover<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let Some(takeover) = &self.session.unlocked()?.keyring.vehicle(vehicle)?.takeover else { return Ok(()) };
        let sale = takeover.sale;
        match self.received(sale).await {
            Err(WalletError::NotFound) => {}
            other => return other.map(drop),
        }
        match self.refresh_envelope(sale, cx).await {
            // Not claimed yet by the device that takes it over.
            Err(WalletError::AccessEnded | WalletError::AccessRevoked) => Ok(()),
            other => other,
        }
    }
}
