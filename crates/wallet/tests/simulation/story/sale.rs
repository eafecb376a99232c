//! Cars change hands: offers, codes that go round for good, and whoever tries to take a car by one.

use super::{BUYER, Car, OWNERS, Record, Story, Sure, sure};
use carnet_protocol::{
    day::Day,
    id::StreamId,
    payload::{Fact, OdometerReading},
    quantity::Metres,
};
use carnet_wallet::{
    command::{Answer, Command, SaleDraft},
    error::WalletError,
    view::VehicleStage,
};

/// What the odometer shows in every offer.
const ODOMETER: Metres = Metres(90_000_000);

/// A code, as anybody may have it.
struct Code {
    code: String,
    /// Its seller was told that the offer is taken back.
    taken_back: bool,
}

/// A car that somebody was told is theirs.
pub struct Bought {
    pub next: StreamId,
    pub device: usize,
}

/// What was said of sales.
#[derive(Default)]
pub struct Sales {
    codes: Vec<Code>,
    pub bought: Vec<Bought>,
}

impl Story {
    pub(super) async fn trade(&mut self) {
        self.hand_out_codes().await;
        match self.dice.roll(16) {
            _ if self.sales.codes.is_empty() => self.offer().await,
            0..5 => self.offer().await,
            5..14 => self.take().await,
            _ => self.take_back().await,
        }
    }

    async fn offer(&mut self) {
        let Some((device, car)) = self.device_with_car().await else { return };
        let vehicle = self.cars[car].stream;
        let shares: Vec<_> = self.cars[car].shares.iter().map(|share| share.grant).collect();
        let reader = if self.dice.percent(20) { self.dice.pick(&shares).copied() } else { None };
        let days = 1 + u8::try_from(self.dice.roll(10)).unwrap();
        let draft = SaleDraft { odometer: ODOMETER, price: None, days, reader };
        let verification = self.devices[device].verification();
        self.ask(device, Command::OfferSale { vehicle, verification, draft }, "offers a car").await;
    }

    /// Codes that the owners' devices show now come into the world.
    async fn hand_out_codes(&mut self) {
        for device in 0..OWNERS.len() {
            for card in self.cards(device).await.into_iter().filter(|card| card.stage == VehicleStage::Offered) {
                if let Some(code) = self.code(device, card.vehicle).await
                    && self.sales.codes.iter().all(|known| known.code != code)
                {
                    self.sales.codes.push(Code { code, taken_back: false });
                }
            }
        }
    }

    async fn code(&mut self, device: usize, vehicle: StreamId) -> Option<String> {
        let Ok(Answer::Sale(sale)) = self.devices[device].ask(Command::Sale { vehicle }).await else {
            panic!("a sale")
        };
        sale?.code
    }

    /// Somebody opens a code, perhaps an old one, perhaps of a car of their own, and takes the car.
    async fn take(&mut self) {
        let device = [1, 2, 2, BUYER, BUYER][self.dice.roll(5)];
        let claimed: Vec<_> =
            self.cars.iter().flat_map(|car| &car.shares).filter(|share| share.claimed == Sure::Yes).collect();
        let claimed: Vec<_> = claimed.into_iter().map(|share| share.grant).collect();
        let (taken_back, opened) = match self.dice.pick(&claimed) {
            Some(grant) if device == BUYER && self.dice.percent(15) => {
                (false, self.ask(device, Command::OpenOffer { grant: *grant }, "opens what it is offered").await)
            }
            _ => {
                let codes = self.sales.codes.len();
                // Mostly one of the latest.
                let codes = &self.sales.codes[if self.dice.percent(70) { codes.saturating_sub(2) } else { 0 }..];
                let Some(Code { code, taken_back }) = self.dice.pick(codes) else { return };
                let (fragment, taken_back) = (code.clone(), *taken_back);
                (taken_back, self.ask(device, Command::OpenLink { fragment, pin: None }, "opens a code").await)
            }
        };
        use WalletError::{LinkClaimed, LinkEnded, LinkRevoked, LinkUsedUp};
        if let Some(Err(LinkEnded | LinkRevoked | LinkClaimed | LinkUsedUp)) = opened {
            self.tally.too_slow += 1;
        }
        if !matches!(opened, Some(Ok(_))) {
            return;
        }
        if self.dice.percent(30) {
            self.ask(device, Command::Takeover, "looks at what comes along").await;
        }
        let accept = Command::AcceptSale { odometer: ODOMETER, liens: Vec::new() };
        let answer = self.ask(device, accept, "takes a car").await;
        if let Some(Ok(Answer::Vehicle(card))) = &answer
            && card.stage == VehicleStage::Own
        {
            assert!(!taken_back, "seed {}: a car was sold by an offer that was taken back", self.seed);
            self.sales.bought.push(Bought { next: card.vehicle, device });
        } else if let Some(Err(WalletError::Rejected { .. } | LinkClaimed | LinkRevoked | LinkEnded)) = answer {
            self.tally.too_slow += 1;
        }
        self.meet_cars(device).await;
    }

    async fn take_back(&mut self) {
        let mut offered = Vec::new();
        for device in 0..OWNERS.len() {
            let cards = self.cards(device).await;
            offered.extend(
                cards.iter().filter(|card| card.stage == VehicleStage::Offered).map(|card| (device, card.vehicle)),
            );
        }
        let Some((device, vehicle)) = self.dice.pick(&offered).copied() else { return };
        let code = self.code(device, vehicle).await;
        let answer = self.ask(device, Command::CancelSale { vehicle }, "takes an offer back").await;
        if !matches!(answer, Some(Err(_))) {
            self.turned(vehicle, device);
        }
        if let Some(Ok(Answer::Sale(None))) = answer {
            self.tally.taken_back += 1;
            let code = self.sales.codes.iter_mut().find(|known| Some(&known.code) == code.as_ref());
            code.into_iter().for_each(|code| code.taken_back = true);
        }
    }

    fn turned(&mut self, vehicle: StreamId, device: usize) {
        let car = self.cars.iter_mut().find(|car| car.stream == vehicle);
        car.into_iter().for_each(|car| car.turned_by.push(device));
    }

    /// Notes the cars that a device has, whether it said so or died: what its store has it must keep. Those that are on their
    /// way it may still lose to somebody else.
    pub(super) async fn meet_cars(&mut self, device: usize) {
        if device >= OWNERS.len() {
            return;
        }
        for card in self.cards(device).await {
            let (stream, owner) = (card.vehicle, OWNERS[device]);
            if card.stage != VehicleStage::Arriving && self.cars.iter().all(|car| car.stream != stream) {
                let app = self.network.relay().app().clone();
                let standing = app.ledger.standing(stream).await.unwrap();
                let previous = standing.and_then(|standing| standing.previous);
                self.cars.push(Car {
                    stream,
                    previous,
                    owner,
                    met_by: device,
                    records: Vec::new(),
                    shares: Vec::new(),
                    turned_by: Vec::new(),
                });
            }
        }
    }

    pub(super) async fn meet_all_cars(&mut self) {
        for device in 0..OWNERS.len() {
            self.meet_cars(device).await;
        }
    }

    /// The network is good, and whoever still offers a car mostly takes it back. What is not sold or offered then is its
    /// owner's as before, who goes on writing.
    pub(super) async fn settle_offers(&mut self) {
        self.step += 1;
        self.network.bad.set(0);
        self.network.deliver_late().await;
        let waiting = self.all_hear().await;
        for (device, owner) in OWNERS.into_iter().enumerate() {
            for vehicle in self.vehicles(device).await {
                let stage =
                    self.cards(device).await.into_iter().find(|card| card.vehicle == vehicle).map(|card| card.stage);
                // Some stand to the end; behind an offer nothing may wait for ever.
                if stage != Some(VehicleStage::Offered) || !waiting && self.dice.percent(75) {
                    continue;
                }
                self.tell(&format!("{} takes what it still offers back", self.devices[device].name));
                let taken_back = self.devices[device].ask(Command::CancelSale { vehicle }).await;
                assert!(taken_back.is_ok(), "seed {}: {:?}", self.seed, taken_back.map(drop));
                self.turned(vehicle, device);
                for other in (0..OWNERS.len()).rev().filter(|other| OWNERS[*other] == owner).chain([device]) {
                    self.devices[other].ask(Command::Sync).await.unwrap();
                }
            }
        }
        self.go_on().await;
    }

    /// All owners sync until each has heard of all, and of its confirmation.
    /// Answers whether something still waits.
    async fn all_hear(&mut self) -> bool {
        let mut waiting = false;
        for _ in 0..2 {
            waiting = false;
            self.network.relay().clock.pass(1_000);
            self.network.relay().checkpoint();
            for device in 0..OWNERS.len() {
                let synced = self.devices[device].ask(Command::Sync).await;
                let Ok(Answer::Sync(view)) = synced else { panic!("seed {}: {:?}", self.seed, synced.map(drop)) };
                waiting |= view.refused.is_some();
            }
        }
        self.meet_all_cars().await;
        waiting
    }

    /// Whoever has a car writes to it, rather to one that was not sold after all.
    async fn go_on(&mut self) {
        for device in 0..OWNERS.len() {
            let cards = self.cards(device).await;
            let own: Vec<_> =
                cards.iter().filter(|card| card.stage == VehicleStage::Own).map(|card| card.vehicle).collect();
            let turned =
                |stream: &&StreamId| self.cars.iter().any(|car| car.stream == **stream && !car.turned_by.is_empty());
            let Some(vehicle) = own.iter().find(turned).or(own.first()).copied() else { continue };
            self.step += 1;
            let note = format!("record {}", self.step);
            let fact = Fact::Odometer(OdometerReading { odometer: ODOMETER });
            let command =
                Command::AddRecord { vehicle, day: Day(20_600), fact, note: Some(note.clone()), files: Vec::new() };
            let answer = self.ask(device, command, &format!("writes {note}")).await;
            assert!(!matches!(answer, Some(Err(_))), "seed {}: a car of one's own takes no records", self.seed);
            let written = sure(answer.as_ref());
            let record = Record { note, written, withdrawn: Sure::No, by: device, at: self.step, withdrawn_by: device };
            self.cars.iter_mut().find(|car| car.stream == vehicle).unwrap().records.push(record);
        }
    }
}
