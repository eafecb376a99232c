//! Who writes the readings down, and how well: inspections, garages, owners with a pen, log books and connected cars.

use super::{car::Car, numbers::Numbers};
use carnet_passport::OpenedRecord;
use carnet_protocol::{
    day::{Day, Timestamp},
    id::{RecordId, StreamId},
    key::VerifyingKey,
    member::MemberClass,
    payload::{
        ClusterReplacement, Fact, Inspection, InspectionNature, InspectionResult, Maintenance, MaintenanceKind, Method,
        OdometerReading, Origin, OriginKind, OwnershipEvent, OwnershipKind, Payload, Refuelling,
    },
    quantity::Metres,
};

/// A hand that writes readings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Hand {
    /// An inspection, known from a register's report that the owner brought.
    RegisterInspection,
    /// An inspection centre that is a member.
    MemberInspection,
    /// A garage that is a member.
    MemberGarage,
    /// The owner, from a garage's invoice.
    Invoice,
    /// The owner, from the instrument.
    Owner,
    /// The owner's fuel log, brought as a file.
    FuelLog,
    /// The car itself.
    Connected,
}

/// A reading on its way into the passport.
#[derive(Clone, Copy)]
pub struct Line {
    pub day: Day,
    pub hand: Hand,
    /// What the instrument really showed.
    pub shown: u64,
    /// What was written, in metres.
    pub written: u64,
    pub time: Option<u64>,
}

#[derive(Default)]
pub struct Log {
    pub lines: Vec<Line>,
    extra: Vec<(Day, Fact, Hand)>,
}

/// How a car's life is written down.
#[derive(Clone, Copy)]
pub struct Habits {
    /// Days between inspections and age at the first; register or member.
    pub inspections: Option<(u64, u64, Hand)>,
    /// Days between services, and who writes them.
    pub services: Option<(u64, Hand)>,
    /// Days between the owner's own readings, on average.
    pub own: Option<u64>,
    /// Kilometres between two fills of a log that is kept.
    pub fuel: Option<u64>,
    /// Days between readings of the car itself.
    pub connected: Option<u64>,
}

/// Habits as they come.
pub fn habits(n: &mut Numbers) -> Habits {
    let inspector = if n.chance(600) { Hand::RegisterInspection } else { Hand::MemberInspection };
    let inspections = match n.between(0, 2) {
        0 => (730, 1_460, inspector),
        1 => (365, 1_095, inspector),
        _ => (365, 1_825, inspector),
    };
    let garage = if n.chance(500) { Hand::MemberGarage } else { Hand::Invoice };
    Habits {
        inspections: Some(inspections),
        services: n.chance(800).then(|| (n.between(300, 700), garage)),
        own: n.chance(500).then(|| n.between(20, 200)),
        fuel: n.chance(250).then(|| n.between(350, 750)),
        connected: n.chance(120).then(|| n.between(1, 30)),
    }
}

impl Log {
    /// Writes down a car's life from one day to another.
    pub fn keep(&mut self, n: &mut Numbers, car: &Car, habits: Habits, from: Day, to: Day) {
        if let Some((every, first, hand)) = habits.inspections {
            let mut age = first;
            while u64::from(car.first.0) + age <= u64::from(to.0) {
                let day = Day((u64::from(car.first.0) + age - n.between(0, 25)) as u16);
                if day >= from {
                    self.write(n, car, day, hand);
                }
                age += every - n.between(0, 20);
            }
        }
        if let Some((every, hand)) = habits.services {
            self.each(n, car, hand, every, from, to);
        }
        if let Some(every) = habits.own {
            self.each(n, car, Hand::Owner, every, from, to);
        }
        if let Some(every) = habits.connected {
            self.each(n, car, Hand::Connected, every, from, to);
        }
        if let Some(km) = habits.fuel {
            let mut next = car.driven(from);
            for day in (from.0..=to.0).map(Day) {
                if car.driven(day) >= next {
                    self.write(n, car, day, Hand::FuelLog);
                    next = car.driven(day) + n.between(km * 700, km * 1_200);
                }
            }
        }
    }

    fn each(&mut self, n: &mut Numbers, car: &Car, hand: Hand, every: u64, from: Day, to: Day) {
        let mut day = u64::from(from.0) + n.between(1, every);
        while day <= u64::from(to.0) {
            self.write(n, car, Day(day as u16), hand);
            day += n.between(every / 2 + 1, every * 3 / 2 + 1);
        }
    }

    /// One reading, with the small liberties of its hand.
    pub fn write(&mut self, n: &mut Numbers, car: &Car, day: Day, hand: Hand) {
        let shown = car.shown(day);
        let km = shown / 1_000;
        let rough = |n: &mut Numbers, to: u64| (km + if n.chance(500) { to / 2 } else { 0 }) / to * to;
        let kilometres = match (hand, n.between(0, 99)) {
            (Hand::Owner, 0) => rough(n, 1_000),
            (Hand::Owner, 1..=9) => rough(n, 100),
            _ => km,
        };
        let written = if hand == Hand::Connected { shown } else { kilometres * 1_000 };
        // An invoice is written some days after the car was brought.
        let late = if hand == Hand::Invoice && n.chance(300) { n.between(1, 6) } else { 0 };
        let day = Day((day.0 + late as u16).min(car.last.0));
        let time = (n.chance(300) || hand == Hand::Connected)
            .then(|| u64::from(day.0) * Timestamp::DAY + n.between(6, 20) * 3_600_000);
        self.lines.push(Line { day, hand, shown, written, time });
        // One slip of the pen in 400, of a professional one in 2,500.
        let slip = match hand {
            Hand::Owner | Hand::Invoice | Hand::FuelLog => n.between(0, 399) == 0,
            Hand::Connected => false,
            _ => n.between(0, 2_499) == 0,
        };
        if slip {
            let last = self.lines.len() - 1;
            self.slip(n, last);
        }
    }

    /// The pen slips: two digits change places, one is left out, written twice, or is another.
    pub fn slip(&mut self, n: &mut Numbers, line: usize) {
        let line = &mut self.lines[line];
        let mut digits: Vec<u8> = (line.shown / 1_000).to_string().into_bytes();
        let last = digits.len() as u64 - 1;
        match n.between(0, 3) {
            0 if last > 0 => {
                let at = n.between(0, last - 1) as usize;
                digits.swap(at, at + 1);
            }
            1 if last > 1 => {
                digits.remove(n.between(0, last) as usize);
            }
            2 => {
                let at = n.between(0, last) as usize;
                digits.insert(at, digits[at]);
            }
            _ => digits[n.between(0, last) as usize] = b'0' + n.between(0, 9) as u8,
        }
        let km: u64 = String::from_utf8(digits).unwrap().parse().unwrap();
        line.written = km * 1_000;
    }

    /// Lines that hands of people wrote.
    pub fn by_people(&self) -> Vec<usize> {
        self.indices(|line| line.hand != Hand::Connected)
    }

    pub fn indices(&self, wanted: impl Fn(&Line) -> bool) -> Vec<usize> {
        (0..self.lines.len()).filter(|index| wanted(&self.lines[*index])).collect()
    }

    pub fn event(&mut self, day: Day, kind: OwnershipKind) {
        let event = OwnershipEvent { kind, code: None, label: None, owners: None };
        self.extra.push((day, Fact::Ownership(event), Hand::RegisterInspection));
    }

    pub fn declare_cluster(&mut self, day: Day, removed: Option<u64>, fitted: u64, hand: Hand) {
        let declared = ClusterReplacement { removed: removed.map(Metres), fitted: Metres(fitted) };
        self.extra.push((day, Fact::ClusterReplacement(declared), hand));
    }

    /// The largest step back between what the instrument showed at two readings, in metres. No reader of readings can
    /// know of more.
    pub fn visible_drop(&self) -> u64 {
        // A figure that was not written as it stood bears no witness.
        let mut lines: Vec<&Line> = self.lines.iter().filter(|l| l.shown.abs_diff(l.written) < 1_000).collect();
        lines.sort_by_key(|line| line.day);
        let mut highest = (0_u64, Day(0));
        let mut drop = 0;
        for line in lines {
            if line.day > highest.1 {
                drop = drop.max(highest.0.saturating_sub(line.shown));
            }
            if line.shown > highest.0 {
                highest = (line.shown, line.day);
            }
        }
        drop
    }

    /// The records, in the order in which they happened to come in.
    pub fn records(&self, n: &mut Numbers) -> Vec<OpenedRecord> {
        let readings = self.lines.iter().map(|line| (line.day, fact(line), line.hand, line.time));
        let extra = self.extra.iter().map(|(day, fact, hand)| (*day, fact.clone(), *hand, None));
        let mut records: Vec<OpenedRecord> = readings
            .chain(extra)
            .enumerate()
            .map(|(id, (day, fact, hand, time))| record(id as u32, day, fact, hand, time))
            .collect();
        for i in (1..records.len()).rev() {
            records.swap(i, n.between(0, i as u64) as usize);
        }
        records
    }
}

fn fact(line: &Line) -> Fact {
    let odometer = Some(Metres(line.written));
    match line.hand {
        Hand::RegisterInspection | Hand::MemberInspection => Fact::Inspection(Inspection {
            nature: InspectionNature::Periodic,
            result: InspectionResult::Pass,
            label: None,
            odometer,
            centre: None,
        }),
        Hand::MemberGarage | Hand::Invoice => Fact::Maintenance(Maintenance {
            kind: MaintenanceKind::Service,
            description: "Service".into(),
            odometer,
            cost: None,
            workshop: None,
        }),
        Hand::FuelLog => {
            Fact::Refuelling(Refuelling { odometer, volume_ml: 40_000, cost: None, full: true, missed: false })
        }
        Hand::Owner | Hand::Connected => Fact::Odometer(OdometerReading { odometer: Metres(line.written) }),
    }
}

/// A record as this hand makes it.
pub fn record(id: u32, day: Day, fact: Fact, hand: Hand, time: Option<u64>) -> OpenedRecord {
    let (method, kind, class) = match hand {
        Hand::RegisterInspection => (Method::Imported, OriginKind::HistoVec, None),
        Hand::MemberInspection => (Method::ReadByProfessional, OriginKind::Manual, Some(MemberClass::Expert)),
        Hand::MemberGarage => (Method::ReadByProfessional, OriginKind::Manual, Some(MemberClass::Garage)),
        Hand::Invoice | Hand::Owner => (Method::Typed, OriginKind::Manual, None),
        Hand::FuelLog => (Method::Imported, OriginKind::LubeLogger, None),
        Hand::Connected => (Method::ReadFromCar, OriginKind::TeslaVehicleData, None),
    };
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&id.to_be_bytes());
    OpenedRecord {
        record: RecordId(bytes),
        day,
        source: VerifyingKey([class.map_or(1, |class| 2 + class as u8); 32]),
        source_class: class,
        owner_made: class.is_none(),
        payload: Payload {
            stream: StreamId([1; 16]),
            record: RecordId(bytes),
            at: time.map(Timestamp),
            written_at: Timestamp(0),
            method,
            origin: Origin { kind, import: None },
            fact,
            note: None,
            attachments: Vec::new(),
            rectifies: None,
        },
    }
}
