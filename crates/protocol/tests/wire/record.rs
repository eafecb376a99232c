use crate::golden;
use carnet_protocol::{
    Blob,
    day::{Day, Timestamp},
    device::{DeviceChange, DeviceEntry, DeviceKeys},
    id::{CategoryLabel, Hash32, RecordId, StreamId},
    key::{AeadNonce, EncappedKey, SealingKey, VerifyingKey},
    keyring::{KeyringVersion, KeyringWrap},
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
    let [devices, wraps, sealed] = [7, 8, 9].map(|n| Hash32([n; 32]));
    let version = KeyringVersion { account: VerifyingKey([6; 32]), version: 5, devices, wraps, sealed };
    golden("keyring_version", &version);
    let wrap = KeyringWrap { to: SealingKey([1; 32]), enc: EncappedKey([2; 32]), sealed: Blob(vec![3; 48]) };
    golden("keyring_wrap", &wrap);
}

pub fn device_entry(change: DeviceChange) -> DeviceEntry {
    let (account, previous, at) = (VerifyingKey([1; 32]), Hash32([2; 32]), Timestamp(1_795_000_000_000));
    DeviceEntry { account, sequence: 4, previous, at, change }
}

#[test]
fn device_entries() {
    let keys = DeviceKeys { sign: VerifyingKey([3; 32]), seal: SealingKey([4; 32]) };
    golden("device_begin", &device_entry(DeviceChange::Begin { words: SealingKey([5; 32]) }));
    golden("device_add", &device_entry(DeviceChange::Add { device: keys }));
    golden("device_remove", &device_entry(DeviceChange::Remove { device: keys.sign }));
}
