//! What was granted, kept for when the relay cannot be reached; and forgotten again.

use super::{Read, Reader, Received, grant_of};
use crate::{
    command::{Answer, Notice},
    error::WalletError,
    journal::{Extent, Opened, write_leaves},
    open::StreamKeys,
    relay::Auth,
    row::{self, Space},
    store::{Batch, Store, Table},
    transport::Transport,
    view::TermsView,
    wallet::{Context, Wallet},
};
use carnet_protocol::{
    api::path,
    day::Timestamp,
    encoding,
    id::{GrantId, StreamId},
    key::VerifyingKey,
    ledger::GrantState,
};
use rand_core::CryptoRng;

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Keeps a granted passport, for when the relay cannot be reached.
    pub(super) async fn keep_granted<R: CryptoRng>(
        &mut self,
        grant: GrantId,
        mut read: Vec<Read>,
        terms: TermsView,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let mut batch = Batch::default();
        let before = self.opened(Space::from(grant)).ok();
        for (place, Read { opened, segment, leaves }) in read.iter_mut().enumerate() {
            let mut known = before.into_iter().flat_map(Opened::with_earlier);
            if let Some(before) = known.find(|before| before.stream == opened.stream) {
                before.hand_on_verified(segment);
            }
            let space = space_of(grant, place, opened.stream);
            self.delete_rows(Table::Index, space, &mut batch).await?;
            self.delete_rows(Table::Leaves, space, &mut batch).await?;
            write_leaves(leaves, space, &mut batch);
            opened.rewrite(segment, &self.session.unlocked()?.local, space, &mut batch, cx.rng);
            match &opened.proof {
                Some(proved) => batch.put(Table::Wallet, space.proof(), encoding::encode(&proved.bundle)),
                None => batch.delete(Table::Wallet, space.proof()),
            };
        }
        self.store.commit(batch).await?;
        let mut parts = read.into_iter().map(|Read { mut opened, segment, .. }| {
            opened.written(segment);
            opened
        });
        let Some(mut opened) = parts.next() else { return Ok(()) };
        (opened.terms, opened.earlier) = (Some(terms), parts.collect());
        self.session.unlocked_mut()?.opened.insert(Space::from(grant), opened);
        Ok(())
    }

    /// Opens what was kept of a granted passport.
    pub(crate) async fn load_granted(
        &mut self,
        grant: GrantId,
        owner: VerifyingKey,
        reader: Reader,
    ) -> Result<(), WalletError> {
        let mut opened = self.load_part(Space::from(grant), &reader.keys, Some(owner)).await?;
        opened.terms = Some(reader.terms);
        for keys in &reader.earlier {
            match self.load_part(Space::earlier(grant, keys.stream), keys, None).await {
                Ok(part) => opened.earlier.push(part),
                // Those before it are read only together with it.
                Err(WalletError::Offline) => break,
                Err(error) => return Err(error),
            }
        }
        self.session.unlocked_mut()?.opened.insert(Space::from(grant), opened);
        Ok(())
    }

    /// One part of what was kept. An earlier owner's key is the one that was proved.
    async fn load_part(
        &self,
        space: Space,
        keys: &StreamKeys,
        owner: Option<VerifyingKey>,
    ) -> Result<Opened, WalletError> {
        let proof = self.kept_proof(space).await?;
        let owner = owner.or(proof.as_ref().map(|proved| proved.verified.head.owner)).ok_or(WalletError::Offline)?;
        let mut opened = Opened::new(keys.stream, owner);
        opened.scopes = keys.ranges();
        let proof = proof.map(|proof| (proof, Extent::Part));
        opened.load(&self.store, &self.session.unlocked()?.local, space, proof).await?;
        if opened.next_segment == 0 { Err(WalletError::Offline) } else { Ok(opened) }
    }

    /// Removes what was kept of a granted passport.
    pub(crate) async fn forget_granted(&mut self, grant: GrantId) -> Result<(), WalletError> {
        let mut batch = Batch::default();
        self.delete_granted(grant, &mut batch).await?;
        self.store.commit(batch).await?;
        self.session.unlocked_mut()?.opened.remove(&Space::from(grant));
        Ok(())
    }

    /// Asks what became of the passports that are kept, of each as it is asked when it is opened. Nothing of them is
    /// fetched, so that no look is noted. What cannot be asked, or is answered with nonsense, stays as it is known.
    pub(crate) async fn ask_saved<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        let saved = self.session.unlocked()?.keyring.saved.iter();
        let grants: Vec<GrantId> = saved.filter(|saved| !saved.handed_over).map(|saved| saved.grant).collect();
        for grant in grants {
            // One that is not here yet is asked for by the list, and one that is over has nothing more to tell.
            let Ok(reader) = self.reader(grant).await else { continue };
            if reader.grant.not_after <= cx.now {
                continue;
            }
            let was_revoked = self.received(grant).await?.revoked;
            match self.refresh_envelope(grant, cx).await {
                Err(WalletError::AccessRevoked) => self.note_ended(grant, &WalletError::AccessRevoked, cx).await?,
                Err(WalletError::Offline | WalletError::Busy { .. }) => break,
                // The relay's word alone had it taken back.
                Ok(()) if was_revoked => {
                    let mut batch = Batch::default();
                    batch.delete(Table::Grants, row::taken_back(grant));
                    self.store.commit(batch).await?;
                    cx.tell(Notice::Changed(None));
                }
                Ok(()) | Err(WalletError::AccessEnded | WalletError::Untrusted { .. } | WalletError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        self.saved(cx).await
    }

    /// What was shared goes when its owner takes it back; what was handed over at a sale is the buyer's, and stays.
    pub(super) async fn access_ended<R: CryptoRng>(
        &mut self,
        grant: GrantId,
        error: WalletError,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        self.note_ended(grant, &error, cx).await?;
        Err(error)
    }

    /// That its owner took it back is noted, for the lists to say so.
    async fn note_ended<R: CryptoRng>(
        &mut self,
        grant: GrantId,
        error: &WalletError,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let over = matches!(error, WalletError::AccessEnded | WalletError::AccessRevoked);
        if !over || self.session.unlocked()?.keyring.saved(grant).is_some_and(|saved| saved.handed_over) {
            return Ok(());
        }
        if *error == WalletError::AccessRevoked
            && let Ok(received) = self.received(grant).await
            && !received.revoked
        {
            let mut batch = Batch::default();
            if let Some(at) = self.taken_back_at(&received, cx).await {
                batch.put(Table::Grants, row::taken_back(grant), at.0.to_be_bytes());
            }
            batch.put(Table::Grants, row::received(grant), encoding::encode(&Received { revoked: true, ..received }));
            self.store.commit(batch).await?;
            cx.tell(Notice::Changed(None));
        }
        self.forget_granted(grant).await
    }

    /// When the owner took a grant back, as the relay's ledger has it; `None` where it does not say.
    async fn taken_back_at<R: CryptoRng>(&self, received: &Received, cx: &mut Context<'_, R>) -> Option<Timestamp> {
        let grant = grant_of(&received.envelope).ok()?;
        let path = path::fill(path::GRANT_STATE, &[&grant.stream, &grant.grant]);
        let state = self.relay(cx.now).get::<GrantState>(&path, Auth::Open, cx.rng).await;
        state.ok()?.revoked_at
    }

    /// When the owner took a kept passport back, as far as it was told when that was found out.
    pub(crate) async fn noted_taken_back(&self, grant: GrantId) -> Result<Option<Timestamp>, WalletError> {
        let at = self.store.read(Table::Grants, &row::taken_back(grant)).await?;
        Ok(at.and_then(|at| at.try_into().ok()).map(|at| Timestamp(u64::from_be_bytes(at))))
    }

    /// Adds the removal of what was kept of a granted passport.
    pub(crate) async fn delete_granted(&self, grant: GrantId, batch: &mut Batch) -> Result<(), WalletError> {
        let earlier = self.reader(grant).await.map(|reader| reader.earlier).unwrap_or_default();
        let earlier = earlier.iter().map(|keys| Space::earlier(grant, keys.stream));
        for space in core::iter::once(Space::from(grant)).chain(earlier) {
            self.delete_rows(Table::Index, space, batch).await?;
            self.delete_rows(Table::Leaves, space, batch).await?;
            batch.delete(Table::Wallet, space.proof()).delete(Table::Wallet, space.receipts());
        }
        Ok(())
    }
}

/// Where the parts of a granted passport stand: the first under the grant's name.
fn space_of(grant: GrantId, place: usize, stream: StreamId) -> Space {
    if place == 0 { Space::from(grant) } else { Space::earlier(grant, stream) }
}
