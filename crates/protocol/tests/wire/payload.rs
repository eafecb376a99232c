use crate::golden;
use carnet_protocol::{
    category::Category,
    day::{Day, Timestamp},
    id::{CategoryLabel, Hash32, ImportId, RecordId, StreamId},
    key::{SealingKey, VerifyingKey},
    payload::{
        Attachment, BatteryReading, ChargeReading, ChargeState, ClusterReplacement, DocumentPaper, DrivingSegment,
        Expense, ExpenseKind, Fact, Incident, IncidentKind, Inspection, InspectionNature, InspectionResult,
        LocationFix, Maintenance, MaintenanceKind, Method, OdometerReading, Origin, OriginKind, OwnershipEvent,
        OwnershipKind, Payload, Refuelling, SealKeyBatch, VehicleIdentity,
    },
    quantity::{Metres, Money, Percent, WattHours},
};

fn payload(fact: Fact) -> Payload {
    Payload {
        stream: StreamId([1; 16]),
        record: RecordId([2; 16]),
        at: Some(Timestamp(1_795_000_000_000)),
        written_at: Timestamp(1_795_000_100_000),
        method: Method::Typed,
        origin: Origin { kind: OriginKind::Manual, import: None },
        fact,
        note: None,
        attachments: Vec::new(),
    }
}

fn money() -> Money {
    Money { minor: -12_345, currency: "EUR".into() }
}

fn odometer() -> Option<Metres> {
    Some(Metres::from_km(123_456))
}

fn percent(value: u8) -> Percent {
    Percent::new(value).unwrap()
}

fn car() -> Vec<(&'static str, Fact)> {
    vec![
        (
            "identity",
            Fact::Identity(VehicleIdentity {
                vin: Some("5YJ3E7EB0KF000000".into()),
                plate: None,
                make: Some("Tesla".into()),
                model: Some("Model 3".into()),
                variant: None,
                year: Some(2019),
                colour: Some("blau".into()),
                energy: None,
                power_kw: Some(190),
                displacement_cm3: None,
                co2_g_per_km: Some(0),
                seats: Some(5),
                first_registration: Some(Day(17_900)),
                software: None,
            }),
        ),
        ("odometer", Fact::Odometer(OdometerReading { odometer: Metres(123_456_789) })),
        (
            "maintenance",
            Fact::Maintenance(Maintenance {
                kind: MaintenanceKind::Service,
                description: "Inspection".into(),
                odometer: odometer(),
                cost: Some(money()),
                workshop: None,
            }),
        ),
        (
            "inspection",
            Fact::Inspection(Inspection {
                nature: InspectionNature::Periodic,
                result: InspectionResult::FailMajor,
                label: None,
                odometer: odometer(),
                centre: None,
            }),
        ),
        (
            "incident",
            Fact::Incident(Incident {
                kind: IncidentKind::Accident,
                description: "Rear bumper".into(),
                odometer: None,
                damage: Some(money()),
            }),
        ),
        (
            "ownership",
            Fact::Ownership(OwnershipEvent {
                kind: OwnershipKind::OwnerChange,
                code: Some("12".into()),
                label: None,
                owners: Some(2),
            }),
        ),
    ]
}

fn use_of_the_car() -> Vec<(&'static str, Fact)> {
    vec![
        (
            "battery",
            Fact::Battery(BatteryReading {
                charge: percent(80),
                usable_charge: Some(percent(79)),
                rated_range: Some(Metres(400_000)),
                estimated_range: None,
                health: None,
                odometer: odometer(),
            }),
        ),
        (
            "charge",
            Fact::Charge(ChargeReading {
                state: ChargeState::Charging,
                charge: Some(percent(50)),
                added: Some(WattHours(12_000)),
                rated_range_added: None,
                power_w: Some(11_000),
                fast: Some(false),
            }),
        ),
        (
            "driving",
            Fact::Driving(DrivingSegment {
                start: Timestamp(1_795_000_000_000),
                time_ms: vec![0, 1_000],
                odometer_m: vec![123_456_789, 25],
                speed_m_per_h: vec![90_000, -500],
                power_w: vec![-1, i64::MAX],
            }),
        ),
        (
            "refuelling",
            Fact::Refuelling(Refuelling {
                odometer: odometer(),
                volume_ml: 45_000,
                cost: None,
                full: true,
                missed: false,
            }),
        ),
        ("location", Fact::Location(LocationFix { latitude_e7: -488_566_000, longitude_e7: 23_522_000 })),
        ("document", Fact::Document(DocumentPaper { title: "Rechnung".into() })),
        ("expense", Fact::Expense(Expense { kind: ExpenseKind::Tax, description: "2026".into(), cost: money() })),
        (
            "cluster_replacement",
            Fact::ClusterReplacement(ClusterReplacement { removed: odometer(), fitted: Metres(12_000) }),
        ),
        (
            "cluster_replacement_unread",
            Fact::ClusterReplacement(ClusterReplacement { removed: None, fitted: Metres(0) }),
        ),
    ]
}

#[test]
fn facts() {
    for (name, fact) in car().into_iter().chain(use_of_the_car()) {
        golden(&format!("payload_{name}"), &payload(fact));
    }
}

#[test]
fn a_full_payload() {
    let attachment = Attachment {
        record: RecordId([3; 16]),
        name: "rechnung.pdf".into(),
        media_type: "application/pdf".into(),
        size: 1_000_000,
        hash: Hash32([4; 32]),
    };
    let full = Payload {
        at: None,
        method: Method::Imported,
        origin: Origin { kind: OriginKind::LubeLogger, import: Some(ImportId([5; 16])) },
        note: Some("Notiz".into()),
        attachments: vec![attachment],
        ..payload(Fact::Document(DocumentPaper { title: "Rechnung".into() }))
    };
    golden("payload_full", &full);
}

#[test]
fn small_enumerations() {
    golden("categories", &Category::ALL.to_vec());
    let methods = [Method::ReadFromCar, Method::ReadByProfessional, Method::Imported, Method::Typed, Method::Sample];
    golden("methods", &methods.to_vec());
    let origins = [
        OriginKind::Manual,
        OriginKind::TeslaVehicleData,
        OriginKind::LubeLogger,
        OriginKind::HistoVec,
        OriginKind::Sample,
        OriginKind::CarnetExport,
    ];
    golden("origin_kinds", &origins.to_vec());
}

#[test]
fn published_seal_keys() {
    let batch = SealKeyBatch {
        stream: StreamId([1; 16]),
        label: CategoryLabel([2; 8]),
        generation: 1,
        first: Day(20_778),
        keys: vec![SealingKey([3; 32]), SealingKey([4; 32])],
        inbox: SealingKey([5; 32]),
        owner: VerifyingKey([6; 32]),
    };
    golden("seal_key_batch", &batch);
}
