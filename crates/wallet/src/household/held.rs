//! The other side: answering an invitation, taking the car's keys over, following them, and letting go.

use super::rewrapping::Stale;
use crate::{
    command::{Answer, Notice},
    error::{Distrust, WalletError},
    keyring::{Joining, Seed, VehicleKeys},
    relay::{Auth, RelayError},
    row::Space,
    store::{Batch, Store, Table},
    transport::Transport,
    view::{JoiningView, OfferView},
    wallet::{Context, Wallet},
};
use carnet_crypto::{
    holder::{OpenedBundle, open_bundle},
    sealing::SealingSecret,
    secret::Secret,
    signature::SigningKey,
};
use carnet_protocol::{
    api::{ProblemCode, body::Stored, path},
    holder::{BundleEnvelope, InvitationCode, Join},
    id::StreamId,
};
use rand_core::CryptoRng;

/// What the relay's answer to asking for a bundle means.
enum Found {
    /// There is one, and it is the owner's.
    Bundle(u64, OpenedBundle),
    /// Not yet.
    Nothing,
    /// No longer.
    Ended,
}

fn parse(code: &str) -> Result<InvitationCode, WalletError> {
    InvitationCode::parse(code).map_err(|_| WalletError::LinkMangled)
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// What an invitation offers, by its code alone. Works without a wallet.
    pub(super) fn read_invitation<R>(&self, code: &str, cx: &Context<'_, R>) -> Result<Answer, WalletError> {
        let code = parse(code)?;
        let keyring = self.session.unlocked().ok().map(|unlocked| &unlocked.keyring);
        Ok(Answer::Offer(OfferView {
            known: keyring.is_some_and(|keyring| keyring.vehicle(code.stream).is_ok()),
            over: code.expires <= cx.now,
            vehicle_name: code.vehicle_name,
            private: code.private,
            expires: code.expires,
        }))
    }

    pub(super) async fn join_vehicle<R: CryptoRng>(
        &mut self,
        code: &str,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let code = parse(code)?;
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        if next.vehicle(code.stream).is_ok() {
            return Err(WalletError::BadInput);
        }
        if code.expires <= cx.now {
            return Err(WalletError::LinkEnded);
        }
        if next.joining.iter().all(|joining| joining.stream != code.stream) {
            next.joining.push(Joining {
                stream: code.stream,
                owner: code.owner,
                secret: Seed::from(Secret::from_slice(&code.secret).map_err(|_| WalletError::LinkMangled)?),
                sign: Seed::generate(cx.rng),
                seal: Seed::generate(cx.rng),
                vehicle_name: code.vehicle_name,
                private: code.private,
                expires: code.expires,
                at: cx.now,
            });
            self.commit_keyring(next, Batch::default(), cx).await?;
        }
        match self.answer_invitation(code.stream, cx).await {
            Ok(()) | Err(WalletError::Offline | WalletError::Busy { .. }) => {}
            Err(error) => return Err(error),
        }
        self.tell_waiting(cx).await?;
        self.joinings()
    }

    /// Invitations that were answered and wait for their owner.
    pub(super) fn joinings(&self) -> Result<Answer, WalletError> {
        let joining = &self.session.unlocked()?.keyring.joining;
        let views = joining.iter().map(|joining| JoiningView {
            vehicle: joining.stream,
            vehicle_name: joining.vehicle_name.clone(),
            private: joining.private,
            at: joining.at,
        });
        Ok(Answer::Joinings(views.collect()))
    }

    /// Sends the answer. Repeating it is harmless; where it is refused for good, it is forgotten.
    async fn answer_invitation<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let joining = self.session.unlocked()?.keyring.joining.iter().find(|joining| joining.stream == stream);
        let Some(joining) = joining else { return Ok(()) };
        let key = joining.invitation_key();
        let join = Join {
            stream,
            sign: SigningKey::from_seed(joining.sign.secret()).verifying_key(),
            seal: SealingSecret::derive(joining.seal.secret()).public(),
        };
        let path = path::fill(path::JOIN, &[&key.verifying_key()]);
        let signed = key.sign(&join);
        let answer = self.relay(cx.now).post::<_, Stored>(&path, Auth::Open, &signed, cx.rng).await;
        match answer {
            Ok(_) => Ok(()),
            // The owner was offline when making it and has not sent it yet, or has seen the answer and tidied up.
            Err(RelayError::Refused { code: ProblemCode::NotFound, .. }) => Ok(()),
            Err(RelayError::Refused { code: ProblemCode::Gone, .. }) => {
                self.forget_joining(stream, cx).await?;
                Err(WalletError::LinkEnded)
            }
            Err(error) => self.note_connection(Err(error)),
        }
    }

    async fn forget_joining<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        next.joining.retain(|joining| joining.stream != stream);
        self.commit_keyring(next, Batch::default(), cx).await
    }

    /// Asks for the keys of cars that are held together, or are to be.
    pub(crate) async fn follow_held<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        let keyring = &self.session.unlocked()?.keyring;
        let joining: Vec<StreamId> = keyring.joining.iter().map(|joining| joining.stream).collect();
        let held = keyring.vehicles.iter().filter(|keys| keys.held.is_some());
        let held = held.filter(|keys| keys.expect_standing().is_ok() || !self.sync.is_gone(keys.stream));
        let held: Vec<StreamId> = held.map(|keys| keys.stream).collect();
        for stream in joining {
            self.follow_joining(stream, cx).await?;
        }
        for stream in held {
            self.follow_bundle(stream, cx).await?;
        }
        Ok(())
    }

    async fn follow_joining<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        let Some(at) = next.joining.iter().position(|joining| joining.stream == stream) else { return Ok(()) };
        let joining = &next.joining[at];
        let (sign, seal) = (SigningKey::from_seed(joining.sign.secret()), SealingSecret::derive(joining.seal.secret()));
        match self.fetch_bundle(stream, &sign, &seal, joining.owner, cx).await? {
            Found::Bundle(version, bundle) => {
                let joining = next.joining.remove(at);
                next.vehicles.push(VehicleKeys::held(joining, version, &bundle, cx.rng)?);
                self.commit_keyring(next, Batch::default(), cx).await?;
                cx.tell(Notice::Changed(None));
                Ok(())
            }
            Found::Ended => self.forget_joining(stream, cx).await,
            Found::Nothing if next.joining[at].is_over(cx.now) => self.forget_joining(stream, cx).await,
            Found::Nothing => match self.answer_invitation(stream, cx).await {
                // Somebody else was faster: the code was in two hands.
                Err(WalletError::LinkEnded) => Ok(()),
                other => other,
            },
        }
    }

    async fn follow_bundle<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        let keys = next.vehicle_mut(stream)?;
        let Some(held) = &keys.held else { return Ok(()) };
        let (sign, seal) = (keys.signing_key(), SealingSecret::derive(held.seal.secret()));
        let (owner, version, ended) = (held.owner, held.version, held.ended);
        let found = self.fetch_bundle(stream, &sign, &seal, owner, cx).await?;
        if matches!(found, Found::Ended) {
            self.sync.note_gone(stream);
        }
        let mut batch = Batch::default();
        match found {
            Found::Bundle(newer, bundle) if newer > version => {
                let stale = Stale::of(keys);
                keys.take_roots(&bundle)?;
                self.rewrap_stale(keys, &stale, &mut batch, cx).await?;
                if self.session.unlocked()?.keyring.vehicle(stream)?.loses_days(keys) {
                    self.fetch_wraps(stream, &sign, &mut batch, cx).await?;
                }
                keys.held.as_mut().into_iter().for_each(|held| (held.version, held.ended) = (newer, false));
            }
            Found::Bundle(same, _) if same == version && ended => {
                keys.held.as_mut().into_iter().for_each(|held| held.ended = false);
            }
            Found::Bundle(same, _) if same == version => return Ok(()),
            // An older one: somebody wants this wallet to go on writing under keys that were taken back.
            Found::Bundle(..) => return Err(WalletError::Untrusted { what: Distrust::Grant }),
            Found::Nothing | Found::Ended if ended => return Ok(()),
            Found::Nothing | Found::Ended => {
                keys.held.as_mut().into_iter().for_each(|held| held.ended = true);
            }
        }
        self.commit_keyring(next, batch, cx).await?;
        cx.tell(Notice::Changed(Some(stream)));
        Ok(())
    }

    async fn fetch_bundle<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        sign: &SigningKey,
        seal: &SealingSecret,
        owner: carnet_protocol::key::VerifyingKey,
        cx: &mut Context<'_, R>,
    ) -> Result<Found, WalletError> {
        let holder = sign.verifying_key();
        let path = path::fill(path::HOLDER, &[&stream, &holder]);
        let answer = self.relay(cx.now).get::<BundleEnvelope>(&path, Auth::Key(sign), cx.rng).await;
        match answer {
            Err(error) if error.is(ProblemCode::NotFound) => Ok(Found::Nothing),
            Err(error) if error.is(ProblemCode::Gone) => Ok(Found::Ended),
            answer => {
                let envelope = self.note_connection(answer)?;
                let opened = open_bundle(&envelope, seal, &stream, &holder, &owner);
                let (version, bundle) = opened.map_err(|_| WalletError::Untrusted { what: Distrust::Grant })?;
                Ok(Found::Bundle(version, bundle))
            }
        }
    }

    /// Removes a car whose holding together has ended, with all that is kept of it here.
    pub(super) async fn forget_held<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        if !next.vehicle(vehicle)?.held.as_ref().is_some_and(|held| held.ended) {
            return Err(WalletError::BadInput);
        }
        next.left.push(next.vehicle(vehicle)?.signing_key().verifying_key());
        next.vehicles.retain(|keys| keys.stream != vehicle);
        let space = Space::from(vehicle);
        let mut batch = Batch::default();
        for table in [Table::Records, Table::Wraps, Table::Index, Table::Leaves, Table::Outbox] {
            self.delete_rows(table, space, &mut batch).await?;
        }
        batch.delete(Table::Wallet, space.proof()).delete(Table::Wallet, space.shown());
        batch.delete(Table::Cursors, space.0);
        self.commit_keyring(next, batch, cx).await?;
        self.session.unlocked_mut()?.opened.remove(&space);
        cx.tell(Notice::Changed(None));
        Ok(Answer::Done)
    }
}
