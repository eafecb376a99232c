//! Letting a source write: the owner's side. Format: `docs/formats/pairing.md`.
//!
//! A pairing code is of use only while the relay keeps its offer, so making one needs the relay; ending one does not.

use crate::{
    command::{Answer, Notice, PairingDraft},
    directory::Members,
    error::WalletError,
    keyring::{Pairing, Seed, VehicleKeys},
    outbox::{self, Item},
    relay::Auth,
    row::Space,
    store::{Batch, Store},
    transport::{Method, Transport},
    view::{PairingStatus, PairingView},
    wallet::{Context, Wallet},
};
use carnet_protocol::{
    api::{ProblemCode, path},
    encoding,
    id::{PairingId, StreamId},
    ledger::Action,
    limits::PAIRING_CODE_MS,
    pairing::{OfferedCategory, PairingOffer, PairingState, SealedOffer, WriteGrant, WriteScope},
};
use rand_core::CryptoRng;

/// Characters of a name.
const NAME_MAX: usize = 100;

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn pair_source<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        draft: PairingDraft,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.session.unlocked()?.keyring.vehicle(vehicle)?.expect_own()?;
        let pairing = new_pairing(draft, cx)?;
        let id = pairing.pairing;
        self.meet(cx).await?;
        // The ledger must know the stream before anyone can be paired with it.
        self.push_lane(Space::from(vehicle), cx).await?;
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        let keys = next.vehicle_mut(vehicle)?;
        let (path, body) = sealed_offer(keys, &pairing, cx)?;
        let sign = keys.signing_key();
        keys.pairings.push(pairing);
        let sent = self.relay(cx.now).send(Method::Put, &path, Auth::Key(&sign), Some(body), cx.rng).await;
        self.note_connection(sent)?;
        self.commit_keyring(next, Batch::default(), cx).await?;
        self.publish_seal_keys(vehicle, cx).await?;
        self.tell_waiting(cx).await?;
        cx.tell(Notice::Changed(Some(vehicle)));
        let views = self.pairing_views(vehicle, cx).await?;
        let view = views.into_iter().find(|view| view.pairing == id).ok_or(WalletError::NotFound)?;
        Ok(Answer::Pairing(Box::new(view)))
    }

    pub(crate) async fn pairings<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.pairing_views(vehicle, cx).await.map(Answer::Pairings)
    }

    /// The pairings of a car, newest first. Who has used a code stands on the ledger.
    async fn pairing_views<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<Vec<PairingView>, WalletError> {
        match self.fetch_directory(cx).await {
            Ok(()) | Err(WalletError::Offline | WalletError::Busy { .. }) => {}
            Err(error) => return Err(error),
        }
        let members = self.directory().await?;
        let ids: Vec<PairingId> = {
            let pairings = &self.session.unlocked()?.keyring.vehicle(vehicle)?.pairings;
            pairings.iter().rev().map(|pairing| pairing.pairing).collect()
        };
        let mut views = Vec::with_capacity(ids.len());
        for id in ids {
            let path = path::fill(path::PAIRING_STATE, &[&vehicle, &id]);
            let state = match self.relay(cx.now).get::<PairingState>(&path, Auth::Open, cx.rng).await {
                Ok(state) => Some(state),
                // Nobody has used the code, or the ledger cannot be asked now.
                Err(error) if error.is(ProblemCode::NotFound) => None,
                other => match self.note_connection(other) {
                    Ok(state) => Some(state),
                    Err(WalletError::Offline | WalletError::Busy { .. }) => None,
                    Err(error) => return Err(error),
                },
            };
            let pairings = &self.session.unlocked()?.keyring.vehicle(vehicle)?.pairings;
            let pairing = pairings.iter().find(|pairing| pairing.pairing == id).ok_or(WalletError::NotFound)?;
            views.push(view(pairing, state.as_ref(), &members, cx)?);
        }
        Ok(views)
    }

    pub(crate) async fn end_pairing<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        pairing: PairingId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        let keys = next.vehicle_mut(vehicle)?;
        keys.expect_own()?;
        let ours = keys.pairings.iter_mut().find(|ours| ours.pairing == pairing).ok_or(WalletError::NotFound)?;
        if ours.ended_at.is_none() {
            ours.ended_at = Some(cx.now);
            let items = vec![Item::Act(Action::EndPairing { stream: vehicle, pairing })];
            let mut batch = Batch::default();
            outbox::enqueue(&self.store, Space::from(vehicle), items, &mut batch).await?;
            self.commit_keyring(next, batch, cx).await?;
            self.tell_waiting(cx).await?;
            cx.tell(Notice::Changed(Some(vehicle)));
        }
        self.pairing_views(vehicle, cx).await.map(Answer::Pairings)
    }
}

fn new_pairing<R: CryptoRng>(draft: PairingDraft, cx: &mut Context<'_, R>) -> Result<Pairing, WalletError> {
    let PairingDraft { name, mut categories, days, not_after } = draft;
    let name = name.trim().to_owned();
    categories.sort();
    categories.dedup();
    let good = !name.is_empty() && name.chars().count() <= NAME_MAX && !categories.is_empty() && not_after > cx.now;
    if !good {
        return Err(WalletError::BadInput);
    }
    let mut pairing = PairingId([0; PairingId::LEN]);
    cx.rng.fill_bytes(&mut pairing.0);
    Ok(Pairing {
        pairing,
        code: Seed::generate(cx.rng),
        name,
        categories,
        days,
        issued_at: cx.now,
        claim_before: cx.now.plus(PAIRING_CODE_MS),
        not_after,
        ended_at: None,
    })
}

/// Where the offer goes, and the body that takes it there.
fn sealed_offer<R: CryptoRng>(
    keys: &VehicleKeys,
    pairing: &Pairing,
    cx: &mut Context<'_, R>,
) -> Result<(String, Vec<u8>), WalletError> {
    let code = pairing.code().map_err(|_| WalletError::Damaged)?.derive();
    let mut categories = Vec::with_capacity(pairing.categories.len());
    for category in &pairing.categories {
        let of = keys.category(*category)?;
        categories.push(OfferedCategory { category: *category, label: of.label, generation: of.generation() });
    }
    let grant = WriteGrant {
        pairing: pairing.pairing,
        stream: keys.stream,
        claim: code.claim.verifying_key(),
        scopes: categories.iter().map(|of| WriteScope { label: of.label, days: pairing.days }).collect(),
        issued_at: pairing.issued_at,
        claim_before: pairing.claim_before,
        not_after: pairing.not_after,
    };
    let grant = keys.signing_key().sign(&grant);
    let offer = PairingOffer { grant, vehicle_name: keys.name.clone(), categories };
    let sealed = code.seal(&offer, cx.rng);
    let body = SealedOffer { stream: keys.stream, expires: pairing.claim_before, sealed };
    Ok((path::fill(path::OFFER, &[&code.offer]), encoding::encode(&body)))
}

fn view<R>(
    pairing: &Pairing,
    state: Option<&PairingState>,
    members: &Members,
    cx: &Context<'_, R>,
) -> Result<PairingView, WalletError> {
    let source = state.and_then(|state| state.source);
    let ended = pairing.ended_at.or(state.and_then(|state| state.ended_at)).is_some();
    let status = match source {
        _ if ended => PairingStatus::Ended,
        Some(_) if pairing.not_after <= cx.now => PairingStatus::Ended,
        Some(_) => PairingStatus::Paired,
        None if pairing.claim_before <= cx.now => PairingStatus::Unused,
        None => PairingStatus::Waiting,
    };
    let code = match status {
        PairingStatus::Waiting => Some(pairing.code().map_err(|_| WalletError::Damaged)?.to_text()),
        _ => None,
    };
    Ok(PairingView {
        pairing: pairing.pairing,
        name: pairing.name.clone(),
        categories: pairing.categories.clone(),
        issued_at: pairing.issued_at,
        claim_before: pairing.claim_before,
        not_after: pairing.not_after,
        status,
        source: source.map(|key| members.name_of(&key)),
        source_key: source,
        code,
    })
}
