//! What happens in one story, and what its people were told of it.

mod garage;
mod sale;

use crate::{
    device::{Device, End, PASSPHRASE},
    dice::Dice,
    network::Network,
    relay::Template,
    tally::Tally,
    truth,
};
use carnet_crypto::device::DeviceSecret;
use carnet_protocol::{
    api::body::StoredKeyring,
    category::Category,
    day::{Day, DayRange, Timestamp},
    grant::Purpose,
    id::{GrantId, StreamId},
    key::VerifyingKey,
    payload::{Expense, ExpenseKind, Fact, OdometerReading, VehicleIdentity},
    quantity::{Metres, Money},
};
use carnet_wallet::{
    command::{Answer, Audience, Command, DeviceCommand, ShareDraft, ShareScope, Subject, TimelineFilter},
    error::WalletError,
    view::{RecordView, VehicleCard},
};
use garage::Sources;
pub use garage::Written;
use sale::Sales;

/// Things that happen before all is quiet.
const HAPPENINGS: usize = 30;
const HOUR: u64 = 60 * 60 * 1_000;

/// How sure one can be that something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sure {
    /// The wallet has said so.
    Yes,
    /// The browser died before it said anything.
    Perhaps,
    No,
}

/// A record as its owner remembers it, by the note in it.
#[derive(Debug)]
pub struct Record {
    pub note: String,
    pub written: Sure,
    pub withdrawn: Sure,
    /// The device that wrote it, and when in the story.
    pub by: usize,
    pub at: usize,
    /// The device that withdrew it.
    pub withdrawn_by: usize,
}

#[derive(Debug)]
pub struct Share {
    pub grant: GrantId,
    /// The device that gave it.
    pub by: usize,
    pub categories: Vec<Category>,
    /// For the insurer; else by link.
    pub member: bool,
    pub link: Option<String>,
    pub claimed: Sure,
    pub revoked: Sure,
    /// The device that took it back, and when in the story.
    pub revoked_by: (usize, usize),
}

#[derive(Debug)]
pub struct Car {
    pub stream: StreamId,
    /// The passport that this one continues.
    pub previous: Option<StreamId>,
    pub owner: usize,
    /// The device that had it first.
    pub met_by: usize,
    pub records: Vec<Record>,
    pub shares: Vec<Share>,
    /// Devices that took an offer or a share back, and so began a generation that the owner's other one had not heard of.
    pub turned_by: Vec<usize>,
}

pub struct Story {
    pub seed: u64,
    pub dice: Dice,
    pub network: Network,
    member: VerifyingKey,
    pub devices: Vec<Device>,
    pub cars: Vec<Car>,
    /// Whether cars are sold and sources write in this story; in the others the phone may be removed.
    pub trading: bool,
    /// The device that removed the phone, and when in the story, where it said so.
    pub removed: Option<(usize, usize)>,
    /// Whether the phone has learnt that it was removed.
    pub gone: bool,
    /// What was in the phone when it was removed.
    pub loot: Option<(DeviceSecret, StoredKeyring)>,
    pub sales: Sales,
    pub sources: Sources,
    pub tally: Tally,
    step: usize,
    told: bool,
}

/// Devices: three of the first owner, one of the second, the buyer's, who may come to own cars; an insurer's staff, a
/// garage's.
pub const OWNERS: [usize; 5] = [0, 0, 0, 1, 2];
/// The one of the first owner that may be removed.
pub const PHONE: usize = 2;
pub const BUYER: usize = 4;
pub const STAFF: usize = 5;
pub const GARAGE: usize = 6;
const NAMES: [&str; 7] = ["owner", "tablet", "phone", "neighbour", "buyer", "insurer", "garage"];

impl Story {
    pub async fn begin(seed: u64, template: &Template, told: bool) -> Self {
        let dice = Dice::new(seed);
        let network = Network::to(template.relay(), dice.clone());
        let mut devices = Vec::new();
        for (n, (name, store)) in (0..).zip(NAMES.into_iter().zip(&template.devices)) {
            devices.push(Device::new(name, n, seed * 16 + u64::from(n), store, &network).await);
        }
        Self {
            seed,
            dice,
            network,
            member: template.member,
            devices,
            cars: Vec::new(),
            trading: seed % 2 == 1,
            removed: None,
            gone: false,
            loot: None,
            sales: Sales::default(),
            sources: Sources::default(),
            tally: Tally::default(),
            step: 0,
            told,
        }
    }

    /// Plays it to its end, and looks at what is true then.
    pub async fn play(mut self) -> Tally {
        self.add_car().await;
        self.add_car().await;
        // Mostly a little, seldom much: a sale takes many requests.
        let tries = if self.trading { 3 } else { 1 };
        self.network.bad.set((0..tries).map(|_| self.dice.roll(45)).min().unwrap());
        for _ in 0..HAPPENINGS {
            self.step += 1;
            self.happen().await;
            self.look_anew().await;
        }
        if self.trading {
            self.settle_offers().await;
        }
        self.quiet().await;
        truth::hold(&mut self).await;
        self.tally
    }

    /// A browser starts on what one of an owner's devices has stored. It asks nobody anything, so the story goes on as it would.
    async fn look_anew(&mut self) {
        let turn = self.step + self.seed as usize;
        if !turn.is_multiple_of(3) {
            return;
        }
        let device = OWNERS.len() - 1 - turn % OWNERS.len();
        let known = self.vehicles(device).await;
        let without_past =
            |stream: &StreamId| self.cars.iter().any(|car| car.stream == *stream && car.previous.is_none());
        let known: Vec<StreamId> = known.into_iter().filter(without_past).collect();
        if known.is_empty() {
            return;
        }
        let vehicle = known[turn / OWNERS.len() % known.len()];
        self.tally.looked += 1;
        self.tally.kept += u64::from(self.devices[device].look(vehicle).await);
    }

    fn tell(&self, what: &str) {
        if self.told {
            println!("{:>3} {what}", self.step);
        }
    }

    async fn happen(&mut self) {
        match self.dice.roll(if self.trading { 44 } else { 26 }) {
            0 => self.add_car().await,
            1..6 => self.add_record().await,
            6 => self.withdraw().await,
            7..10 => self.share().await,
            10 => self.revoke().await,
            11..13 => self.read_link().await,
            13 => self.answer_inbox().await,
            14..20 => {
                let device = self.dice.roll(self.devices.len());
                self.ask(device, Command::Sync, "syncs").await;
                self.meet_cars(device).await;
            }
            23 if !self.trading => self.remove_phone().await,
            25..33 if self.trading => self.trade().await,
            33.. => self.visit().await,
            20 => {
                self.tell("the relay restarts");
                self.network.relay_mut().restart();
            }
            21 => {
                let hours = 1 + self.dice.roll(36) as u64;
                self.tell(&format!("{hours} hours go by"));
                self.network.relay().clock.pass(hours * HOUR);
                self.network.relay().checkpoint();
            }
            22 => {
                self.tell("the members confirm");
                self.network.relay().checkpoint();
            }
            _ => {
                self.tell("what was late arrives");
                self.network.deliver_late().await;
            }
        }
        // Time goes on, so that no two moments are the same.
        self.network.relay().clock.pass(1 + self.dice.roll(5_000) as u64);
    }

    /// Asks a wallet, in a browser that may die; `None` when it did.
    async fn ask(&mut self, device: usize, command: Command, what: &str) -> Option<Result<Answer, WalletError>> {
        let dice = self.dice.clone();
        let mortal = dice.percent(20);
        let done = if mortal {
            let end = match command {
                Command::Sync if self.step.is_multiple_of(2) => self.devices[device].sync_broken_off(&dice).await,
                command => self.devices[device].ask_mortally(command, &dice).await,
            };
            match end {
                End::Done(done) => Some(*done),
                End::Died => None,
            }
        } else {
            Some(self.devices[device].ask(command).await)
        };
        let came = match &done {
            None => "and dies".to_owned(),
            Some(Ok(_)) => String::new(),
            Some(Err(error)) => format!("but: {error}"),
        };
        self.tell(&format!("{} {what} {came}", self.devices[device].name));
        if let Some(Err(WalletError::DeviceRemoved)) = &done {
            assert_eq!(device, PHONE, "seed {}: {} was not removed", self.seed, self.devices[device].name);
            self.gone = true;
        }
        // A bad network is no reason for distrust: whatever an honest relay answers, however often, verifies.
        if let Some(Err(WalletError::Untrusted { what })) = &done {
            panic!("seed {}: an honest relay was not trusted: {what}", self.seed);
        }
        done
    }

    /// An owner's device, and one of the cars it knows.
    async fn device_with_car(&mut self) -> Option<(usize, usize)> {
        let first = self.owners_device();
        for device in (0..OWNERS.len()).map(|next| (first + next) % OWNERS.len()) {
            let known = self.vehicles(device).await;
            let own: Vec<usize> = (0..self.cars.len()).filter(|car| known.contains(&self.cars[*car].stream)).collect();
            if let Some(car) = self.dice.pick(&own) {
                return Some((device, *car));
            }
        }
        None
    }

    /// Any device of an owner; in the place of one that knows that it was removed, another.
    fn owners_device(&self) -> usize {
        let device = self.dice.roll(OWNERS.len());
        if self.gone && device == PHONE { 0 } else { device }
    }

    /// An owner's other device removes the phone; now and then.
    async fn remove_phone(&mut self) {
        let by = self.dice.roll(2);
        if self.removed.is_some() || !self.dice.percent(40) {
            return;
        }
        let loot = self.devices[PHONE].loot();
        let Ok(Answer::Devices(view)) = self.devices[PHONE].ask(Command::Device(DeviceCommand::List)).await else {
            return;
        };
        let Some(phone) = view.devices.into_iter().find(|device| device.this) else { return };
        let (device, passphrase) = (phone.device, PASSPHRASE.into());
        let command = Command::Device(DeviceCommand::Remove { device, passphrase });
        let done = self.ask(by, command, "removes the phone").await;
        if sure(done.as_ref()) == Sure::Yes {
            (self.removed, self.loot) = (Some((by, self.step)), loot);
        }
    }

    async fn vehicles(&mut self, device: usize) -> Vec<StreamId> {
        self.cards(device).await.into_iter().map(|card| card.vehicle).collect()
    }

    pub async fn cards(&mut self, device: usize) -> Vec<VehicleCard> {
        if self.gone && device == PHONE {
            return Vec::new();
        }
        let answer = self.devices[device].ask(Command::Vehicles).await;
        if device == PHONE && answer.is_err() {
            // It died while it was told.
            self.gone = true;
            return Vec::new();
        }
        let Ok(Answer::Vehicles(cards)) = answer else { panic!("vehicles") };
        cards
    }

    async fn add_car(&mut self) {
        let device = self.owners_device();
        let command = Command::AddVehicle { name: "car".into(), identity: VehicleIdentity::default() };
        self.ask(device, command, "adds a car").await;
        // Whether it said so or died: what its store has now it must keep.
        self.meet_cars(device).await;
    }

    async fn add_record(&mut self) {
        let Some((device, car)) = self.device_with_car().await else { return };
        let note = format!("record {}", self.step);
        let fact = match self.dice.roll(10) {
            0..6 => {
                let odometer = Metres::from_km(1_000 + self.step as u64);
                Fact::Odometer(OdometerReading { odometer })
            }
            6..8 => Fact::Identity(VehicleIdentity { make: Some(note.clone()), ..VehicleIdentity::default() }),
            _ => {
                let cost = Money { minor: 100, currency: "EUR".into() };
                Fact::Expense(Expense { kind: ExpenseKind::Tax, description: note.clone(), cost })
            }
        };
        let day = Day(20_000 + u16::try_from(self.dice.roll(400)).unwrap());
        let vehicle = self.cars[car].stream;
        let command = Command::AddRecord { vehicle, day, fact, note: Some(note.clone()), files: Vec::new() };
        let written = sure(self.ask(device, command, &format!("writes {note}")).await.as_ref());
        let record = Record { note, written, withdrawn: Sure::No, by: device, at: self.step, withdrawn_by: device };
        self.cars[car].records.push(record);
    }

    async fn withdraw(&mut self) {
        let Some((device, car)) = self.device_with_car().await else { return };
        let vehicle = self.cars[car].stream;
        let entries = self.entries(device, Subject::Own(vehicle)).await.unwrap_or_default();
        let Some((record, Some(note))) = self.dice.pick(&entries).map(|entry| (entry.record, entry.note.clone()))
        else {
            return;
        };
        let command = Command::WithdrawRecord { vehicle, record };
        let done = sure(self.ask(device, command, &format!("withdraws {note}")).await.as_ref());
        if let Some(known) = self.cars[car].records.iter_mut().find(|known| known.note == note) {
            if done == Sure::Yes && known.withdrawn != Sure::Yes {
                known.withdrawn_by = device;
            }
            known.withdrawn = firmer(known.withdrawn, done);
        }
    }

    async fn share(&mut self) {
        let member = self.dice.percent(50);
        // Of one category mostly: with 400 keys for each that a source may write to, it is these that a story costs.
        let categories = match self.dice.roll(4) {
            0 => vec![Category::Mileage],
            1 => vec![Category::Identity, Category::Mileage],
            2 => vec![Category::Mileage],
            _ => vec![Category::Maintenance],
        };
        self.share_of(member, categories).await;
    }

    /// Answers the device, where it said that it has.
    async fn share_of(&mut self, member: bool, categories: Vec<Category>) -> Option<usize> {
        let (device, car) = self.device_with_car().await?;
        let vehicle = self.cars[car].stream;
        let audience = if member {
            Audience::Member(self.member)
        } else {
            Audience::Link { name: "reader".into(), max_opens: None, pin: None }
        };
        let draft = ShareDraft {
            audience,
            purpose: Purpose::Purchase,
            scopes: categories.iter().map(|category| ShareScope { category: *category, days: DayRange::ALL }).collect(),
            not_after: Some(self.devices[device].now().plus(300 * Timestamp::DAY)),
            message: None,
        };
        let done = self.ask(device, Command::Share { vehicle, draft }, "shares").await;
        // One whose making was cut short gives its owner no link to hand on; a member's may arrive all the same.
        let Some(Ok(Answer::Shared(shared))) = done else { return None };
        self.cars[car].shares.push(Share {
            grant: shared.share.grant,
            by: device,
            categories,
            member,
            link: shared.link,
            claimed: Sure::No,
            revoked: Sure::No,
            revoked_by: (device, 0),
        });
        Some(device)
    }

    async fn revoke(&mut self) {
        let Some((device, car)) = self.device_with_car().await else { return };
        let vehicle = self.cars[car].stream;
        let shares: Vec<usize> = (0..self.cars[car].shares.len()).collect();
        let Some(share) = self.dice.pick(&shares).copied() else { return };
        let grant = self.cars[car].shares[share].grant;
        // Another device may not have heard of it yet: it says so, and nothing is done.
        let done = sure(self.ask(device, Command::Revoke { vehicle, grant }, "takes a share back").await.as_ref());
        let share = &mut self.cars[car].shares[share];
        if done == Sure::Yes && share.revoked != Sure::Yes {
            share.revoked_by = (device, self.step);
        }
        share.revoked = firmer(share.revoked, done);
        if done != Sure::No {
            self.cars[car].turned_by.push(device);
        }
    }

    async fn read_link(&mut self) {
        let links: Vec<(usize, usize)> = (0..self.cars.len())
            .flat_map(|car| (0..self.cars[car].shares.len()).map(move |share| (car, share)))
            .filter(|(car, share)| self.cars[*car].shares[*share].link.is_some())
            .collect();
        let Some((car, share)) = self.dice.pick(&links).copied() else { return };
        let fragment = self.cars[car].shares[share].link.clone().unwrap();
        let opened = self.ask(BUYER, Command::OpenLink { fragment, pin: None }, "opens a link").await;
        if matches!(opened, Some(Ok(_))) && self.dice.percent(60) {
            // Where it was not taken over, it may have been all the same: what said so was lost.
            let done = match self.ask(BUYER, Command::ClaimLink, "takes it over").await {
                Some(Ok(_)) => Sure::Yes,
                _ => Sure::Perhaps,
            };
            let share = &mut self.cars[car].shares[share];
            share.claimed = firmer(share.claimed, done);
        }
    }

    async fn answer_inbox(&mut self) {
        let Some(Ok(Answer::Inbox(inbox))) = self.ask(STAFF, Command::Inbox, "looks into the inbox").await else {
            return;
        };
        let Some(grant) = self.dice.pick(&inbox).map(|view| view.terms.grant) else { return };
        self.ask(STAFF, Command::AnswerGrant { grant, accept: true }, "accepts").await;
    }

    /// The entries that a device shows of a passport.
    pub async fn entries(&mut self, device: usize, subject: Subject) -> Result<Vec<RecordView>, WalletError> {
        let filter = TimelineFilter::default();
        match self.devices[device].ask(Command::Timeline { subject, filter, offset: 0, limit: 500 }).await? {
            Answer::Timeline(page) => Ok(page.entries),
            _ => panic!("a timeline"),
        }
    }

    /// The network is good, whatever was late arrives, and everybody syncs until nothing is left to send.
    async fn quiet(&mut self) {
        self.step += 1;
        self.network.bad.set(0);
        self.network.deliver_late().await;
        for round in 0..6 {
            self.network.relay().clock.pass(HOUR);
            self.network.relay().checkpoint();
            let mut waiting = 0;
            for device in 0..self.devices.len() {
                let name = self.devices[device].name;
                if device == PHONE && self.gone {
                    continue;
                }
                let answer = self.devices[device].ask(Command::Sync).await;
                if device == PHONE && matches!(answer, Err(WalletError::DeviceRemoved)) {
                    self.gone = true;
                    continue;
                }
                let Ok(Answer::Sync(view)) = answer else {
                    panic!("seed {}: {name} cannot sync: {:?}", self.seed, answer.map(drop))
                };
                // Who took over a link that was taken back meanwhile is told so, and so is a source that nobody lets write
                // any more; that stays on their list.
                if [BUYER, STAFF, GARAGE].contains(&device) && view.refused.is_some() {
                    continue;
                }
                if view.waiting > 0 || view.refused.is_some() {
                    self.tell(&format!("{name}: {} wait, refused: {:?}", view.waiting, view.refused));
                }
                // One device may write to a car before the other has sent that there is one: refused now, sent later.
                waiting += view.waiting + u32::from(view.refused.is_some());
            }
            self.tell(&format!("all sync, {waiting} wait"));
            // Twice more after the last was sent: a device hears of it, and then of its confirmation.
            if waiting == 0 && round >= 2 {
                self.network.relay().checkpoint();
                self.meet_all_cars().await;
                return self.doubt_the_phone();
            }
        }
        panic!("seed {}: it does not become quiet", self.seed);
    }

    /// What only a removed phone has said may be lost with it, and the links that it knew are taken back.
    fn doubt_the_phone(&mut self) {
        if !self.gone {
            assert!(self.removed.is_none(), "seed {}: the phone was removed, and does not know it", self.seed);
            return;
        }
        let doubt = |sure: &mut Sure| {
            if *sure == Sure::Yes {
                *sure = Sure::Perhaps;
            }
        };
        for car in &mut self.cars {
            for record in &mut car.records {
                if record.by == PHONE {
                    doubt(&mut record.written);
                }
                if record.withdrawn_by == PHONE {
                    doubt(&mut record.withdrawn);
                }
            }
            car.shares.retain(|share| share.by != PHONE);
            for share in &mut car.shares {
                if share.revoked_by.0 == PHONE {
                    doubt(&mut share.revoked);
                }
                if share.link.is_some() && share.revoked == Sure::No && car.owner == OWNERS[PHONE] {
                    share.revoked = Sure::Perhaps;
                }
            }
        }
    }
}

/// Whether something was done, by what the wallet said.
fn sure(done: Option<&Result<Answer, WalletError>>) -> Sure {
    match done {
        Some(Ok(_)) => Sure::Yes,
        Some(Err(_)) => Sure::No,
        None => Sure::Perhaps,
    }
}

fn firmer(before: Sure, now: Sure) -> Sure {
    match (before, now) {
        (Sure::Yes, _) | (_, Sure::Yes) => Sure::Yes,
        (Sure::Perhaps, _) | (_, Sure::Perhaps) => Sure::Perhaps,
        _ => Sure::No,
    }
}
