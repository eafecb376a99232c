//! The cars of a wallet.

use crate::{
    command::{Answer, Notice, Subject},
    error::WalletError,
    history::History,
    keyring::VehicleKeys,
    outbox::{self, Item},
    record::sealing::{NewRecord, Sealer},
    row::Space,
    sale,
    store::{Batch, Store},
    transport::Transport,
    view::{Holding, VehicleCard},
    wallet::{Context, Wallet},
};
use carnet_passport::{identity, odometer, sample};
use carnet_protocol::{
    day::Day,
    id::StreamId,
    ledger::Action,
    payload::{Fact, Method, Origin, OriginKind, VehicleIdentity},
};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

/// Characters of a car's name.
const NAME_MAX: usize = 80;

/// What a card says of a car's records.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct CardFacts {
    model: Option<String>,
    odometer_km: Option<u64>,
    records: u32,
    last_day: Option<Day>,
    sample: bool,
}

impl CardFacts {
    /// Of a car with all that is to be had of it.
    pub fn of(history: &History<'_>) -> Self {
        let records = history.records();
        let identity = identity::view(records).identity;
        let model = [identity.make, identity.model].into_iter().flatten().collect::<Vec<_>>().join(" ");
        Self {
            model: (!model.is_empty()).then_some(model),
            odometer_km: odometer::latest(records).map(|point| point.odometer.km()),
            records: u32::try_from(records.len()).unwrap_or(u32::MAX),
            last_day: records.iter().map(|record| record.day).max(),
            sample: sample::is_sample(records),
        }
    }
}

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn vehicles<R>(&mut self, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        let streams: Vec<StreamId> =
            self.session.unlocked()?.keyring.vehicles.iter().map(|vehicle| vehicle.stream).collect();
        let mut cards = Vec::with_capacity(streams.len());
        for stream in streams {
            cards.push(self.card(stream, cx).await?);
        }
        Ok(Answer::Vehicles(cards))
    }

    pub(crate) async fn card<R>(
        &mut self,
        stream: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<VehicleCard, WalletError> {
        let facts = match self.shown(stream).await? {
            Some(shown) => shown.card.clone(),
            None => {
                self.load_own(stream).await?;
                if let Some(takeover) = &self.session.unlocked()?.keyring.vehicle(stream)?.takeover {
                    let sale = takeover.sale;
                    self.load_kept(sale).await?;
                }
                CardFacts::of(&self.history_of(&Subject::Own(stream))?)
            }
        };
        let vehicle = self.session.unlocked()?.keyring.vehicle(stream)?;
        Ok(VehicleCard {
            vehicle: stream,
            name: vehicle.name.clone(),
            model: facts.model,
            odometer_km: facts.odometer_km,
            records: facts.records,
            last_day: facts.last_day,
            open_shares: u32::try_from(
                vehicle.shares.iter().filter(|share| !vehicle.is_sold() && share.is_live(cx.now)).count(),
            )
            .unwrap_or(u32::MAX),
            holding: holding(vehicle),
            sample: vehicle.sample || facts.sample,
            stage: sale::stage(vehicle),
        })
    }

    pub(crate) async fn add_vehicle<R: CryptoRng>(
        &mut self,
        name: String,
        identity: VehicleIdentity,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let first = NewRecord {
            day: cx.now.day(),
            at: None,
            method: Method::Typed,
            origin: Origin { kind: OriginKind::Manual, import: None },
            fact: Fact::Identity(identity),
            note: None,
            files: Vec::new(),
        };
        self.open_vehicle(check_name(&name)?, false, vec![first], cx).await
    }

    pub(crate) async fn add_sample_vehicle<R: CryptoRng>(
        &mut self,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let drafts = sample::car(cx.rng.next_u64(), cx.now.day());
        let origin = Origin { kind: OriginKind::Sample, import: None };
        let records = drafts.into_iter().map(|draft| NewRecord {
            day: draft.day,
            at: draft.at,
            method: draft.method,
            origin: origin.clone(),
            fact: draft.fact,
            note: draft.note,
            files: Vec::new(),
        });
        self.open_vehicle(sample::NAME.to_owned(), true, records.collect(), cx).await
    }

    /// Makes a car with its first records, in one commit.
    pub(crate) async fn open_vehicle<R: CryptoRng>(
        &mut self,
        name: String,
        sample: bool,
        records: Vec<NewRecord>,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        let mut vehicle = VehicleKeys::generate(name, sample, cx.now, cx.rng);
        vehicle.epoch = self.session.unlocked()?.ring.devices.epoch();
        let (stream, space) = (vehicle.stream, Space::from(vehicle.stream));
        let mut sealer = Sealer::new(&vehicle, cx.now);
        sealer.add_all(records, cx)?;
        let sealed = sealer.finish();
        let opened = vehicle.unopened();
        let mut batch = sealed.batch;
        opened.write(&sealed.segment, &self.session.unlocked()?.local, space, &mut batch, cx.rng);
        let mut items = vec![Item::Act(Action::OpenStream { stream })];
        items.extend(sealed.items);
        outbox::enqueue(&self.store, space, items, &mut batch).await?;
        next.vehicles.push(vehicle);
        self.commit_keyring(next, batch, cx).await?;
        self.tell_waiting(cx).await?;
        Ok(Answer::Vehicle(self.card(stream, cx).await?))
    }

    pub(crate) async fn rename_vehicle<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        name: String,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        next.vehicle_mut(vehicle)?.name = check_name(&name)?;
        self.commit_keyring(next, Batch::default(), cx).await?;
        self.tell_waiting(cx).await?;
        cx.tell(Notice::Changed(Some(vehicle)));
        Ok(Answer::Vehicle(self.card(vehicle, cx).await?))
    }
}

fn holding(vehicle: &VehicleKeys) -> Holding {
    let others = vehicle.holders.iter().filter(|holder| holder.stands()).count();
    match &vehicle.held {
        Some(held) if held.ended => Holding::Ended,
        Some(held) => Holding::Together { private: held.private },
        None if others == 0 || vehicle.is_sold() => Holding::Own,
        None => Holding::Shared(u32::try_from(others).unwrap_or(u32::MAX)),
    }
}

fn check_name(name: &str) -> Result<String, WalletError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX { Err(WalletError::BadInput) } else { Ok(name.to_owned()) }
}
