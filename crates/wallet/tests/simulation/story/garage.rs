//! Sources write: a garage that owners let write, and an insurer that nobody let.

use super::{GARAGE, OWNERS, STAFF, Story, Sure, sure};
use carnet_protocol::{
    category::Category,
    day::{Day, DayRange, Timestamp},
    id::{PairingId, StreamId},
    payload::{Fact, Incident, IncidentKind, Maintenance, MaintenanceKind, StatementKind},
};
use carnet_wallet::{
    command::{Answer, Command, PairingDraft, SourceCommand, Subject, Via, WriteDraft},
    view::{PairedCarView, SourceName},
};

/// Leave to write, as its owner gave it.
pub struct Leave {
    pub pairing: PairingId,
    pub stream: StreamId,
    code: String,
}

/// A record as its source remembers it, by the note in it.
#[derive(Debug)]
pub struct Written {
    pub note: String,
    pub by: usize,
    pub written: Sure,
    /// What its car's owners answered.
    pub answers: Vec<(StatementKind, Sure)>,
}

/// What sources were let do and did.
#[derive(Default)]
pub struct Sources {
    pub leaves: Vec<Leave>,
    pub written: Vec<Written>,
}

impl Story {
    pub(super) async fn visit(&mut self) {
        let paired = !self.paired_cars().await.is_empty();
        match self.dice.roll(14) {
            _ if self.sources.leaves.is_empty() => self.pair().await,
            0..4 if !paired => self.open_pairing().await,
            0..4 => self.write_with_leave().await,
            4 | 5 => self.pair().await,
            6 | 7 => self.open_pairing().await,
            8 | 9 => self.write_without_leave().await,
            10..13 => self.answer_source().await,
            _ => self.end_pairing().await,
        }
    }

    async fn paired_cars(&mut self) -> Vec<PairedCarView> {
        match self.devices[GARAGE].ask(SourceCommand::PairedCars.into()).await {
            Ok(Answer::PairedCars(cars)) => cars,
            _ => panic!("cars"),
        }
    }

    async fn pair(&mut self) {
        let Some((device, car)) = self.device_with_car().await else { return };
        let stream = self.cars[car].stream;
        let draft = PairingDraft {
            name: "garage".into(),
            categories: vec![Category::Maintenance],
            days: DayRange::ALL,
            not_after: self.devices[device].now().plus(300 * Timestamp::DAY),
        };
        let command = SourceCommand::PairSource { vehicle: stream, draft };
        if let Some(Ok(Answer::Pairing(view))) = self.ask(device, command.into(), "lets a garage write").await
            && let Some(code) = view.code
        {
            self.sources.leaves.push(Leave { pairing: view.pairing, stream, code });
        }
    }

    async fn open_pairing(&mut self) {
        // A code is good for minutes; mostly it is the latest.
        let latest = self.sources.leaves.len().saturating_sub(if self.dice.percent(70) { 1 } else { 3 });
        let Some(code) = self.dice.pick(&self.sources.leaves[latest..]).map(|leave| leave.code.clone()) else { return };
        self.ask(GARAGE, SourceCommand::OpenPairing { code }.into(), "takes a pairing").await;
    }

    async fn write_with_leave(&mut self) {
        let cars = self.paired_cars().await;
        let Some(pairing) = self.dice.pick(&cars).map(|car| car.pairing) else { return };
        let fact = |description| {
            let kind = MaintenanceKind::Service;
            Fact::Maintenance(Maintenance { kind, description, odometer: None, cost: None, workshop: None })
        };
        self.write(GARAGE, Via::Paired(pairing), fact).await;
    }

    async fn write_without_leave(&mut self) {
        let shares = self.cars.iter().flat_map(|car| &car.shares);
        let readable = shares.filter(|share| share.member && share.categories.contains(&Category::Incident));
        let readable: Vec<_> = readable.map(|share| share.grant).collect();
        let Some(grant) = self.dice.pick(&readable).copied() else {
            if let Some(device) = self.share_of(true, vec![Category::Incident]).await {
                self.ask(device, Command::Sync, "syncs").await;
            }
            return;
        };
        self.ask(STAFF, Command::Inbox, "looks into the inbox").await;
        self.ask(STAFF, Command::AnswerGrant { grant, accept: true }, "accepts").await;
        let kind = IncidentKind::Accident;
        let fact = |description| Fact::Incident(Incident { kind, description, odometer: None, damage: None });
        self.write(STAFF, Via::Granted(grant), fact).await;
    }

    async fn write(&mut self, by: usize, via: Via, fact: impl FnOnce(String) -> Fact) {
        let note = format!("written {}", self.step);
        let today = self.devices[by].now().day();
        let day = if self.dice.percent(50) { today } else { Day(20_000 + u16::try_from(self.dice.roll(400)).unwrap()) };
        let (fact, note_too) = (fact(note.clone()), Some(note.clone()));
        let draft = WriteDraft { day, fact, note: note_too, files: Vec::new(), rectifies: None };
        let command = SourceCommand::WriteRecord { via, draft };
        let written = sure(self.ask(by, command.into(), &format!("writes {note}")).await.as_ref());
        self.sources.written.push(Written { note, by, written, answers: Vec::new() });
        if self.dice.percent(50) {
            self.ask(by, Command::Sync, "syncs").await;
        }
    }

    async fn answer_source(&mut self) {
        let written_to = self.cars.iter().filter(|car| {
            let paired = self.sources.leaves.iter().any(|leave| leave.stream == car.stream);
            paired || car.shares.iter().any(|share| share.member)
        });
        let owners: Vec<_> = written_to.map(|car| car.owner).collect();
        let Some(owner) = self.dice.pick(&owners).copied() else { return };
        let devices: Vec<_> = (0..OWNERS.len()).filter(|device| OWNERS[*device] == owner).collect();
        let device = devices[self.dice.roll(devices.len())];
        self.ask(device, Command::Sync, "syncs").await;
        let mut of_sources = Vec::new();
        for vehicle in self.vehicles(device).await {
            let entries = self.entries(device, Subject::Own(vehicle)).await.unwrap_or_default();
            let entries = entries.into_iter().filter(|entry| matches!(entry.source, SourceName::Member { .. }));
            of_sources.extend(entries.filter(|entry| !entry.earlier_owner).map(|entry| (vehicle, entry)));
        }
        let Some((vehicle, entry)) = self.dice.pick(&of_sources) else { return };
        let vehicle = *vehicle;
        let kinds =
            [StatementKind::Accepted, StatementKind::Accepted, StatementKind::Disputed, StatementKind::Rejected];
        let (record, kind, reason) = (entry.record, kinds[self.dice.roll(kinds.len())], Some("so it was".to_owned()));
        let note = entry.note.clone();
        let command = SourceCommand::AnswerRecord { vehicle, record, kind, reason };
        let done = sure(self.ask(device, command.into(), &format!("answers {note:?}: {kind:?}")).await.as_ref());
        let known = self.sources.written.iter_mut().find(|known| Some(&known.note) == note.as_ref());
        known.into_iter().for_each(|known| known.answers.push((kind, done)));
    }

    async fn end_pairing(&mut self) {
        let Some((device, car)) = self.device_with_car().await else { return };
        let vehicle = self.cars[car].stream;
        let of_car = self.sources.leaves.iter().filter(|leave| leave.stream == vehicle).map(|leave| leave.pairing);
        let of_car: Vec<_> = of_car.collect();
        let Some(pairing) = self.dice.pick(&of_car).copied() else { return };
        self.ask(device, SourceCommand::EndPairing { vehicle, pairing }.into(), "ends a pairing").await;
    }
}
