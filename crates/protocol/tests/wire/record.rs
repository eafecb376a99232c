use crate::golden;
use carnet_protocol::{
    Blob,
    day::Day,
    id::{CategoryLabel, Hash32, RecordId, StreamId},
    key::{AeadNonce, EncappedKey, VerifyingKey},
    keyring::KeyringVersion,
    record::{RecordHeader, RecordWrap, Schema, SealedRecord, Suite, WrappedKey},
};

pub fn header() -> RecordHeader {
    RecordHeader {
        suite: Suite::Classic,
        schema: Schema::Payload,
        stream: StreamId([1; 16]),
        record: RecordId([2; 16]),
        label: CategoryLabel([3; 8]),
        day: Day(20_778),
        source: VerifyingKey([4; 32]),
    }
}

pub fn wrap() -> RecordWrap {
    let key = WrappedKey::Day { nonce: AeadNonce([5; 12]), sealed: Blob(vec![6; 48]) };
    RecordWrap { record: RecordId([2; 16]), generation: 300, key }
}

#[test]
fn records() {
    golden("record_header", &header());
    golden("record_header_attachment", &RecordHeader { schema: Schema::Attachment, ..header() });
    golden("sealed_record", &SealedRecord { header: header(), body: Blob(vec![7; 40]) });
}

#[test]
fn wraps() {
    golden("record_wrap_day", &wrap());
    let (enc, sealed) = (EncappedKey([8; 32]), Blob(vec![6; 48]));
    let key = WrappedKey::DaySeal { enc, sealed: sealed.clone() };
    golden("record_wrap_day_seal", &RecordWrap { key, ..wrap() });
    golden("record_wrap_inbox", &RecordWrap { key: WrappedKey::Inbox { enc, sealed }, ..wrap() });
}

#[test]
fn keyring_versions() {
    golden("keyring_version", &KeyringVersion { version: 5, hash: Hash32([9; 32]) });
}
