//! What was granted, kept for when the relay cannot be reached; and forgotten again.

use super::{Read, Reader, Received};
use crate::{
    error::WalletError,
    journal::{Opened, write_leaves},
    open::StreamKeys,
    row::{self, Space},
    store::{Batch, Store, Table},
    transport::Transport,
    view::TermsView,
    wallet::{Context, Wallet},
};
use carnet_protocol::{
    encoding,
    id::{GrantId, StreamId},
    key::VerifyingKey,
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

    /// What was shared goes when its owner takes it back; what was handed over at a sale is the buyer's, and stays.
    /// That its owner took it back is noted, for the lists to say so.
    pub(super) async fn access_ended(&mut self, grant: GrantId, error: WalletError) -> Result<(), WalletError> {
        let over = matches!(error, WalletError::AccessEnded | WalletError::AccessRevoked);
        if over && !self.session.unlocked()?.keyring.saved(grant).is_some_and(|saved| saved.handed_over) {
            if error == WalletError::AccessRevoked
                && let Ok(received) = self.received(grant).await
            {
                let mut batch = Batch::default();
                let received = Received { revoked: true, ..received };
                batch.put(Table::Grants, row::received(grant), encoding::encode(&received));
                self.store.commit(batch).await?;
            }
            self.forget_granted(grant).await?;
        }
        Err(error)
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
