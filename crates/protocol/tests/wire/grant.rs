use crate::golden;
use carnet_protocol::{
    Blob,
    category::{Category, CategoryNumber},
    day::{Day, DayRange, Timestamp},
    grant::{EarlierScopes, Grant, GrantEnvelope, GrantScope, GrantSecret, GrantTerms, Grantee, Purpose, SealedGrant},
    id::{CategoryLabel, GrantId, Hash32, LinkId, StreamId},
    key::{EncappedKey, SealingKey, Signature, VerifyingKey},
    link::{Argon2Params, Claim, Link},
    quantity::{Metres, Money},
    record::Suite,
    sale::{SaleClaim, SaleOffer, SaleOutcome, SaleState, SaleTerms},
    signed::Signed,
};

fn grant() -> Grant {
    let days = DayRange::new(Day(19_000), Day(20_778)).unwrap();
    Grant {
        suite: Suite::Classic,
        grant: GrantId([1; 16]),
        stream: StreamId([2; 16]),
        grantee: Grantee { seal: SealingKey([3; 32]), sign: Some(VerifyingKey([4; 32])) },
        scopes: vec![GrantScope { label: CategoryLabel([5; 8]), days, generation: 1 }],
        earlier: Vec::new(),
        issued_at: Timestamp(1_795_000_000_000),
        not_after: Timestamp(1_800_000_000_000),
        sealed_hash: Hash32([6; 32]),
        checkpoint: Some("carnet.example/log\n1\n".into()),
    }
}

pub fn envelope() -> GrantEnvelope {
    let body = carnet_protocol::encoding::encode(&grant());
    GrantEnvelope {
        grant: Signed::from_parts(body, VerifyingKey([7; 32]), Signature([8; 64])),
        sealed: SealedGrant { enc: EncappedKey([9; 32]), sealed: Blob(vec![10; 20]) },
    }
}

pub fn link() -> Link {
    Link {
        link: LinkId([1; 16]),
        stream: StreamId([2; 16]),
        grant: GrantId([3; 16]),
        token_hash: Hash32([4; 32]),
        expires: Timestamp(1_800_000_000_000),
        max_opens: Some(10),
        pin: Some(Argon2Params { memory_kib: 65_536, passes: 3, lanes: 1 }),
    }
}

#[test]
fn grants() {
    golden("grant", &grant());
    let to_link = Grantee { seal: SealingKey([3; 32]), sign: None };
    golden("grant_link", &Grant { grantee: to_link, scopes: Vec::new(), ..grant() });
    golden("grant_envelope", &envelope());
    let earlier = vec![EarlierScopes { stream: StreamId([11; 16]), scopes: grant().scopes }];
    golden("grant_earlier", &Grant { earlier, ..grant() });
}

#[test]
fn what_a_grant_seals() {
    for (purpose, name) in [
        (Purpose::Purchase, "purchase"),
        (Purpose::InsuranceQuote, "insurance_quote"),
        (Purpose::InsuranceClaim, "insurance_claim"),
        (Purpose::Financing, "financing"),
        (Purpose::Service, "service"),
        (Purpose::Other, "other"),
    ] {
        golden(&format!("grant_purpose_{name}"), &purpose);
    }
    let keys = Category::ALL.map(|category| (CategoryNumber(category), Blob(vec![6; 32])));
    let terms = GrantTerms {
        vehicle_name: "Blaue Limousine 藍色".into(),
        audience: "Maria".into(),
        purpose: Purpose::Purchase,
        message: Some("Rufen Sie an.".into()),
        not_shared: vec![Category::Finance],
        sample: false,
        shared_at: Timestamp(1_700_000_000_000),
        renewed: false,
    };
    let plain = GrantSecret {
        terms,
        keys: Vec::from(keys),
        earlier: Vec::new(),
        acceptance: Some(Blob(vec![7; 32])),
        offer: None,
        sale_code: None,
    };
    golden("grant_secret", &plain);
    let link = GrantSecret { keys: Vec::new(), acceptance: None, sale_code: Some(Blob(vec![8; 48])), ..plain.clone() };
    golden("grant_secret_link", &link);
    let offer = SaleOffer {
        terms: terms_signed(),
        price: Some(Money { minor: 1_250_000, currency: "EUR".into() }),
        until: Timestamp(1_795_000_000_000),
    };
    let earlier = vec![plain.keys.clone()];
    golden("grant_secret_handover", &GrantSecret { earlier, offer: Some(offer), ..plain });
}

pub fn sale_terms() -> SaleTerms {
    SaleTerms {
        stream: StreamId([2; 16]),
        sale: GrantId([1; 16]),
        day: Day(20_778),
        odometer: Metres(123_456_789),
        salt: Hash32([12; 32]),
    }
}

pub fn terms_signed() -> Signed<SaleTerms> {
    let body = carnet_protocol::encoding::encode(&sale_terms());
    Signed::from_parts(body, VerifyingKey([7; 32]), Signature([8; 64]))
}

#[test]
fn sales() {
    let (stream, sale) = (StreamId([2; 16]), GrantId([1; 16]));
    golden("sale_terms", &sale_terms());
    golden("sale_claim", &SaleClaim { stream, sale, next: StreamId([13; 16]), owner: VerifyingKey([14; 32]) });
    let at = Timestamp(1_795_000_000_000);
    let state = SaleState {
        sale,
        terms: Hash32([15; 32]),
        not_after: at,
        offered_at: at,
        outcome: SaleOutcome::Sold { next: StreamId([13; 16]), at },
    };
    golden("sale_state", &state);
    golden("sale_state_offered", &SaleState { outcome: SaleOutcome::Offered, ..state });
}

#[test]
fn links() {
    golden("link", &link());
    golden("link_plain", &Link { max_opens: None, pin: None, ..link() });
    golden("claim", &Claim { link: LinkId([1; 16]), claimer: VerifyingKey([2; 32]) });
}
