//! The first screen of a car, kept as it was shown last, so that a car of which nothing has changed is on the screen before
//! its records are opened.
//!
//! Kept is the passport of a car of one's own while the consortium has confirmed all that the ledger has of it. It lies sealed
//! beside the journal and says what it was made from; where any of that is another now, it counts for nothing and the records
//! are opened. Before it is shown, the kept proof is checked and all leaves are held against it, as when records are opened.
//! Why: `docs/decisions/first-screen.md`.

use crate::{
    command::{Answer, Subject},
    error::WalletError,
    journal::{Opened, are_proved},
    marks::mark,
    row::{self, Space},
    store::{Batch, Store, StoreError, Table},
    transport::Transport,
    vehicle::CardFacts,
    view::PassportView,
    wallet::{Context, Wallet},
};
use carnet_crypto::hash::digest;
use carnet_proofs::head::head_hash;
use carnet_protocol::{
    day::Timestamp,
    domain::Domain,
    encoding,
    id::{Hash32, StreamId},
    ledger::Leaf,
};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use serde_bytes::Bytes;
use std::collections::HashMap;

/// Bytes that say in a row's place that it was dropped.
const DROPPED: usize = 16;

/// What an open wallet knows of first screens.
#[derive(Default)]
pub(crate) struct FirstScreens {
    /// The car whose passport was asked for last.
    pub last: Option<StreamId>,
    /// Those that were found to be true, of cars that are not in memory.
    found: HashMap<Space, Shown>,
    /// What those are made from that were shown as they were kept, until the car is opened and compared.
    answered: HashMap<Space, Basis>,
    /// What the ones in the store are made from.
    kept: HashMap<Space, Basis>,
}

impl FirstScreens {
    /// Its car is opened: what is in memory is newer from now on.
    pub fn forget(&mut self, space: Space) {
        self.found.remove(&space);
    }

    /// What is shown was opened: there is nothing to compare any more.
    pub fn opened(&mut self, space: Space) {
        self.answered.remove(&space);
    }

    /// Another tab changed something; what was found is looked at again.
    pub fn doubt(&mut self) {
        self.found.clear();
    }
}

/// A first screen.
#[derive(Serialize, Deserialize)]
pub(crate) struct Shown {
    basis: Basis,
    passport: PassportView,
    /// For the list of cars.
    pub card: CardFacts,
}

/// What one was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Basis {
    /// Over build, keyring and directory.
    around: Hash32,
    /// The head that is proved: what the ledger says of the car, the roots over its leaves and withdrawals.
    head: Hash32,
    /// How many leaves there are.
    leaves: u64,
    /// The number of the journal's next segment.
    next_segment: u64,
}

impl Basis {
    /// Of a car in memory; `None` while anything in it is not confirmed, or not written down. A synchronisation that was broken
    /// off may have taken over a proof and not yet what it says was withdrawn.
    fn of(opened: &Opened, around: Hash32) -> Option<Self> {
        let proved = opened.proof.as_ref()?;
        let (leaves, next_segment) = (opened.next_leaf, opened.next_segment);
        let as_proved = |leaf: &Leaf| leaf.withdrawn == proved.verified.withdrawn.contains(&leaf.index);
        let confirmed = leaves == proved.bundle.leaves.len() as u64
            && !opened.proof_refused
            && opened.leaves.values().chain(&opened.foreign).all(as_proved);
        let basis = Self { around, head: head_hash(&proved.verified.head), leaves, next_segment };
        (confirmed && opened.is_written_down()).then_some(basis)
    }
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// The first screen of a car of one's own that is not in memory, where it is still what opening the car would show.
    ///
    /// # Errors
    /// [`WalletError::NotFound`] for a car of someone else; the store's.
    pub(crate) async fn shown(&mut self, stream: StreamId) -> Result<Option<&Shown>, WalletError> {
        let space = Space::from(stream);
        if self.opened(space).is_ok() {
            return Ok(None);
        }
        let Some(around) = self.around(stream).await? else { return Ok(None) };
        if !self.session.unlocked()?.shown.found.contains_key(&space) {
            let Some(found) = self.find(space, around).await? else { return Ok(None) };
            self.session.unlocked_mut()?.shown.found.insert(space, found);
        }
        let basis = self.session.unlocked()?.shown.found.get(&space).map(|shown| shown.basis);
        // Another tab may have gone on.
        let still = match basis {
            Some(basis) => basis.around == around && self.ends_with(space, basis).await?,
            None => false,
        };
        let shown = &mut self.session.unlocked_mut()?.shown;
        match basis.filter(|_| still) {
            Some(basis) => drop(shown.answered.insert(space, basis)),
            None => shown.forget(space),
        }
        mark("kept screen");
        Ok(shown.found.get(&space))
    }

    /// Whether a car that was shown as it was kept was opened since, and is another. Says so once.
    pub(crate) fn was_shown_otherwise(&mut self, stream: StreamId) -> Result<bool, WalletError> {
        let space = Space::from(stream);
        let unlocked = self.session.unlocked_mut()?;
        let Some(opened) = unlocked.opened.get(&space) else { return Ok(false) };
        let shown = unlocked.shown.answered.remove(&space);
        Ok(shown.is_some_and(|basis| Basis::of(opened, basis.around) != Some(basis)))
    }

    /// Has what was shown as it was kept looked at again, since another tab has changed something. Proofs and marks of
    /// withdrawal are changed in their place.
    pub fn doubt_first_screens(&mut self) {
        if let Ok(unlocked) = self.session.unlocked_mut() {
            unlocked.shown.doubt();
        }
    }

    /// The passport of a car of one's own: as it was kept, on today's day, where that is still true; else the car is opened.
    pub(crate) async fn own_passport<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.session.unlocked_mut()?.shown.last = Some(stream);
        if let Some(shown) = self.shown(stream).await? {
            let mut passport = shown.passport.clone();
            passport.synthesis.on(cx.now.day());
            mark("views");
            return Ok(Answer::Passport(Box::new(passport)));
        }
        self.session.unlocked_mut()?.shown.opened(Space::from(stream));
        self.passport(&Subject::Own(stream), cx).await
    }

    /// The one in the store, where it is of the proof and the leaves beside it. What does not open is as good as none.
    async fn find(&mut self, space: Space, around: Hash32) -> Result<Option<Shown>, WalletError> {
        let shown = self.read_shown(space).await?.1.filter(|shown| shown.basis.around == around);
        let Some(mut shown) = shown else { return Ok(None) };
        // Before the proof and all leaves are read.
        if !self.ends_with(space, shown.basis).await? {
            return Ok(None);
        }
        let proved = self.kept_proof(space).await?;
        let Some(proved) = proved.filter(|proved| head_hash(&proved.verified.head) == shown.basis.head) else {
            return Ok(None);
        };
        // The same head may be proved by another checkpoint than then.
        shown.passport.proof = proved.view(shown.basis.leaves);
        if !are_proved(&self.store, space, proved).await? {
            return Ok(None);
        }
        self.session.unlocked_mut()?.shown.kept.insert(space, shown.basis);
        Ok(Some(shown))
    }

    /// The row as it is in the store, and what it says.
    async fn read_shown(&self, space: Space) -> Result<(Option<Vec<u8>>, Option<Shown>), WalletError> {
        let key = space.shown();
        let row = self.store.read(Table::Wallet, &key).await?;
        mark("read screen");
        let local = &self.session.unlocked()?.local;
        let opened = row.as_ref().and_then(|row| local.open_row(Table::Wallet.name(), &key, row).ok());
        let shown = opened.and_then(|bytes| encoding::read(&bytes).ok());
        mark("decode screen");
        Ok((row, shown))
    }

    /// Whether the last rows of journal and leaves are those that one was made from.
    async fn ends_with(&self, space: Space, basis: Basis) -> Result<bool, WalletError> {
        for (table, next) in [(Table::Index, basis.next_segment), (Table::Leaves, basis.leaves)] {
            let before = next.checked_sub(2).map(|before| space.numbered(before));
            let last: Vec<Vec<u8>> = next.checked_sub(1).map(|last| space.numbered(last)).into_iter().collect();
            if self.store.keys(table, &space.0, before.as_deref(), 2).await? != last {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Names what a first screen depends on besides the car's own rows: who makes it, the keyring as it lies in the store, the
    /// directory. `None` where none is kept: nobody asked for it, or the car has earlier owners, whose passports have journals
    /// and proofs of their own.
    async fn around(&self, stream: StreamId) -> Result<Option<Hash32>, WalletError> {
        let unlocked = self.session.unlocked()?;
        let (Some(build), None) = (&self.build, &unlocked.keyring.vehicle(stream)?.takeover) else { return Ok(None) };
        let directory = self.store.read(Table::Wallet, row::DIRECTORY).await?;
        let made_from = (build, Bytes::new(&unlocked.row), directory.as_deref().map(Bytes::new));
        Ok(Some(digest(Domain::HASH_SHOWN, &encoding::encode(&made_from))))
    }

    /// Keeps the first screen of the car whose passport was asked for last, unless it is kept as it is now. For a front end
    /// that has nothing else to do; what comes of it changes no answer.
    ///
    /// # Errors
    /// As of [`Command::Passport`](crate::command::Command::Passport).
    pub async fn keep_first_screen<R: CryptoRng>(&mut self, now: Timestamp, rng: &mut R) -> Result<(), WalletError> {
        self.refresh().await?;
        let Ok(unlocked) = self.session.unlocked() else { return Ok(()) };
        let Some(stream) = unlocked.shown.last.filter(|stream| unlocked.keyring.vehicle(*stream).is_ok()) else {
            return Ok(());
        };
        let space = Space::from(stream);
        if !unlocked.opened.contains_key(&space) {
            return Ok(());
        }
        let Some(around) = self.around(stream).await? else { return Ok(()) };
        let basis = Basis::of(self.load_own(stream).await?, around);
        if basis.is_none() || self.session.unlocked()?.shown.kept.get(&space) == basis.as_ref() {
            return Ok(());
        }
        let (before, shown) = self.read_shown(space).await?;
        // Once more: whoever takes something out of the journal from here on puts something else in the row's place.
        let subject = Subject::Own(stream);
        let members = self.members_for(&subject).await?;
        self.classified_here(stream, &members).await?;
        let Some(basis) = Basis::of(self.opened(space)?, around) else { return Ok(()) };
        if shown.is_some_and(|shown| shown.basis == basis) {
            self.session.unlocked_mut()?.shown.kept.insert(space, basis);
            return Ok(());
        }
        let card = CardFacts::of(&self.history_of(&subject)?);
        let shown = Shown { basis, passport: self.passport_view(&subject, &members, now)?, card };
        let unlocked = self.session.unlocked_mut()?;
        let (key, table) = (space.shown(), Table::Wallet);
        let row = unlocked.local.seal_row(table.name(), &key, &encoding::encode(&shown), rng);
        let mut batch = Batch::default();
        batch.expect(table, key.clone(), before).put(table, key, row);
        batch.expect(Table::Keyring, row::KEYRING, Some(unlocked.row.clone()));
        batch.expect(Table::Index, space.numbered(basis.next_segment), None);
        match self.store.commit(batch).await {
            Ok(()) => unlocked.shown.kept.insert(space, basis),
            // Something was changed at this moment; there will be another.
            Err(StoreError::Conflict) => None,
            Err(error) => return Err(error.into()),
        };
        mark("keep screen");
        Ok(())
    }

    /// Adds to a batch that takes something out of a car's journal that its first screen goes as well. What is put in its place is
    /// never twice the same, so that one that was made before is not kept after.
    pub(crate) fn drop_first_screen<R: CryptoRng>(&self, space: Space, batch: &mut Batch, rng: &mut R) {
        let mut dropped = [0; DROPPED];
        rng.fill_bytes(&mut dropped);
        batch.put(Table::Wallet, space.shown(), dropped);
    }
}
