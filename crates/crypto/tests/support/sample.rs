//! Things to seal.

use carnet_crypto::{
    grant::{GrantDraft, ScopeKeys},
    record::ContentKey,
    secret::Secret,
    tree::TreeRoot,
};
use carnet_protocol::{
    category::Category,
    day::{Day, DayRange, Timestamp},
    grant::{GrantTerms, Grantee, Purpose},
    id::{CategoryLabel, GrantId, RecordId, StreamId},
    key::{SealingKey, VerifyingKey},
    record::{RecordHeader, Schema, Suite},
};

/// A header that differs from others by `number` alone.
pub fn header(number: u8) -> RecordHeader {
    RecordHeader {
        suite: Suite::Classic,
        schema: Schema::Payload,
        stream: StreamId([1; 16]),
        record: RecordId([number; 16]),
        label: CategoryLabel([2; 8]),
        day: Day(20_000),
        source: VerifyingKey([3; 32]),
    }
}

pub fn content_key(number: u8) -> ContentKey {
    ContentKey::from_secret(Secret::from_slice(&[number; 32]).unwrap())
}

pub fn tree(number: u8) -> TreeRoot {
    TreeRoot::from_secret(&Secret::from_slice(&[number; 32]).unwrap())
}

pub fn days(first: u16, last: u16) -> DayRange {
    DayRange::new(Day(first), Day(last)).unwrap()
}

/// A draft with one scope per category given.
pub fn draft(seal: SealingKey, categories: &[Category], range: DayRange) -> GrantDraft {
    let scopes = categories.iter().enumerate().map(|(number, category)| ScopeKeys {
        category: *category,
        label: CategoryLabel([number as u8; 8]),
        generation: 1,
        days: range,
        cover: tree(number as u8).cover(range).keys(),
    });
    GrantDraft {
        grant: GrantId([4; 16]),
        stream: StreamId([1; 16]),
        grantee: Grantee { seal, sign: None },
        scopes: scopes.collect(),
        earlier: Vec::new(),
        offer: None,
        sale_code: None,
        terms: GrantTerms {
            vehicle_name: "Blue estate".into(),
            audience: "Maria".into(),
            purpose: Purpose::Purchase,
            message: None,
            not_shared: vec![Category::Finance],
            sample: false,
            shared_at: Timestamp(1_700_000_000_000),
            renewed: false,
        },
        issued_at: Timestamp(1_700_000_000_000),
        not_after: Timestamp(1_800_000_000_000),
        checkpoint: Some("a checkpoint".into()),
    }
}
