//! Publishing day seal keys ahead, for the categories to which somebody may write. Format: `docs/formats/seal-keys.md`.

use crate::{
    error::WalletError,
    keyring::VehicleKeys,
    relay::{Auth, RelayError},
    row::Space,
    store::{Batch, Store, Table},
    transport::{Method, Transport},
    wallet::{Context, Wallet},
};
use carnet_proofs::seal_keys::publish;
use carnet_protocol::{
    api::{ProblemCode, path},
    category::Category,
    day::{Day, Timestamp},
    encoding,
    id::StreamId,
    key::SealingKey,
    limits::{SEAL_KEYS_LOW, SEAL_KEYS_MAX},
    seal_keys::SealKeys,
};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

/// A batch that the relay is known to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Published {
    category: Category,
    generation: u16,
    /// The first day after it.
    end: u16,
    /// The inbox key in it.
    inbox: SealingKey,
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Publishes what is not published yet, has a new generation or inbox key, or runs low. Says whether the relay has now
    /// no other keys of ours that anybody may seal to.
    pub(crate) async fn publish_seal_keys<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<bool, WalletError> {
        let row = Space::from(vehicle).published();
        let mut known: Vec<Published> = match self.store.read(Table::Wallet, &row).await? {
            Some(bytes) => encoding::decode(&bytes).map_err(|_| WalletError::Damaged)?,
            None => Vec::new(),
        };
        let before = known.clone();
        let (sign, due) = {
            let keys = self.session.unlocked()?.keyring.vehicle(vehicle)?;
            (keys.signing_key(), due(keys, &known, cx.now)?)
        };
        for (published, keys) in due {
            let label = self.session.unlocked()?.keyring.vehicle(vehicle)?.category(published.category)?.label;
            let (path, body) = (path::fill(path::SEAL_KEYS, &[&vehicle, &label]), encoding::encode(&keys));
            let sent = self.relay(cx.now).send(Method::Put, &path, Auth::Key(&sign), Some(body), cx.rng).await;
            if let Err(RelayError::Refused { code, .. }) = &sent {
                // A passport that is not open yet, or no longer, takes neither keys nor records.
                return Ok(matches!(code, ProblemCode::NotFound | ProblemCode::Gone));
            }
            self.note_connection(sent)?;
            known.retain(|one| one.category != published.category);
            known.push(published);
        }
        if known != before {
            let mut batch = Batch::default();
            batch.put(Table::Wallet, row, encoding::encode(&known));
            self.store.commit(batch).await?;
        }
        Ok(true)
    }

    /// Forgets inbox keys that an erasure replaced, once nothing more can be sealed to them and what was is taken in.
    pub(crate) async fn settle_inboxes<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<(), WalletError> {
        // Forgotten meanwhile, because another device erased everything.
        let Ok(unlocked) = self.session.unlocked() else { return Ok(()) };
        let ending = unlocked.keyring.vehicles.iter().filter(|vehicle| vehicle.inboxes().is_ending());
        let ending: Vec<StreamId> = ending.map(|vehicle| vehicle.stream).collect();
        for stream in &ending {
            if self.publish_seal_keys(*stream, cx).await? {
                self.pull_stream(*stream, cx).await?;
                let mut next = self.session.unlocked()?.keyring.duplicate()?;
                next.vehicle_mut(*stream)?.end_inboxes();
                self.commit_keyring(next, Batch::default(), cx).await?;
            }
        }
        if ending.is_empty() { Ok(()) } else { self.exchange_keyring(cx).await }
    }
}

/// The batches that are due now.
fn due(keys: &VehicleKeys, known: &[Published], now: Timestamp) -> Result<Vec<(Published, SealKeys)>, WalletError> {
    let today = now.day();
    let inbox = keys.inboxes().current().ok_or(WalletError::Damaged)?.public();
    let mut due = Vec::new();
    for category in Category::ALL.into_iter().filter(|category| is_written_to(keys, *category, now)) {
        let generation = keys.category(category)?.generation();
        let enough = |one: &Published| {
            (one.category, one.generation, one.inbox) == (category, generation, inbox)
                && one.end.saturating_sub(today.0) >= SEAL_KEYS_LOW
        };
        if !known.iter().any(enough) {
            // A week back: what is written down in the evening, or after a trip, speaks of a day gone by.
            let first = Day(today.0.saturating_sub(7));
            let batch = batch(keys, category, first, inbox)?;
            if batch.keys.is_empty() {
                continue;
            }
            let end = first.0.saturating_add(u16::try_from(SEAL_KEYS_MAX).unwrap_or(u16::MAX));
            due.push((Published { category, generation, end, inbox }, batch));
        }
    }
    Ok(due)
}

/// Whether a source may write to a category: by a pairing, or, into quarantine, as a member that can read it.
fn is_written_to(keys: &VehicleKeys, category: Category, now: Timestamp) -> bool {
    let paired = |pairing: &crate::keyring::Pairing| pairing.is_live(now) && pairing.categories.contains(&category);
    let shared = |share: &crate::keyring::Share| {
        let to_member = share.link.is_none() && share.grantee.sign.is_some();
        to_member && share.is_live(now) && share.scopes.iter().any(|scope| scope.category == category)
    };
    keys.pairings.iter().any(paired) || keys.shares.iter().any(shared)
}

fn batch(keys: &VehicleKeys, category: Category, first: Day, inbox: SealingKey) -> Result<SealKeys, WalletError> {
    let of = keys.category(category)?;
    let generation = of.generation();
    let kept = of.generations().get(usize::from(generation)).ok_or(WalletError::Damaged)?.remains()?;
    let (mut walk, mut public, mut first) = (kept.walk(), Vec::with_capacity(SEAL_KEYS_MAX), first);
    for day in (first.0..Day::LAST.0).take(SEAL_KEYS_MAX) {
        match walk.day_keys(Day(day)) {
            Some(keys) => public.push(keys.seal.public()),
            // Erased: what a source writes of this day or one before it goes to the inbox.
            None => {
                public.clear();
                first = Day(day + 1);
            }
        }
    }
    Ok(publish(&keys.signing_key(), keys.stream, of.label, generation, first, public, inbox))
}
