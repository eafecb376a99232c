use crate::{golden, record::device_entry};
use carnet_protocol::{
    category::Category,
    day::{Day, Timestamp},
    device::DeviceChange,
    encoding,
    erasure::{
        ErasedRecord, ErasedStream, ErasureReceipt, ErasureScope, ErasureStatement, Removal, Removed, Rewrapped,
        WalletErasure,
    },
    id::{GrantId, Hash32, RecordId, StreamId},
    key::{Signature, VerifyingKey},
    signed::Signed,
};

const AT: Timestamp = Timestamp(1_795_000_000_000);

fn statement(removed: Removed) -> ErasureStatement {
    ErasureStatement { removed, at: AT, records_until: AT.plus(30), keyrings_until: AT.plus(7) }
}

#[test]
fn removals() {
    let rewrapped = vec![Rewrapped { record: RecordId([2; 16]), generation: 3 }];
    golden("removal_records", &Removal::Records { records: vec![RecordId([1; 16])], rewrapped });
    golden("removal_stream", &Removal::Stream);
}

#[test]
fn statements() {
    let stream = StreamId([3; 16]);
    golden("erasure_statement", &statement(Removed::Records { stream, records: vec![RecordId([1; 16])] }));
    golden("erasure_statement_stream", &statement(Removed::Stream(stream)));
    golden("erasure_statement_archive", &statement(Removed::Archive(stream)));
    golden("erasure_statement_keyring", &statement(Removed::Keyring(VerifyingKey([4; 32]))));
    let entry = encoding::encode(&device_entry(DeviceChange::Remove { device: VerifyingKey([4; 32]) }));
    let entry = Signed::from_parts(entry, VerifyingKey([2; 32]), Signature([3; 64]));
    golden("wallet_erasure", &WalletErasure { account: VerifyingKey([4; 32]), devices: vec![entry], at: AT });
}

#[test]
fn receipts() {
    let record = |commitment| ErasedRecord {
        record: RecordId([1; 16]),
        category: Category::Finance,
        day: Day(20_000),
        commitment,
    };
    let stream = ErasedStream {
        stream: StreamId([3; 16]),
        records: vec![record(Some(Hash32([5; 32]))), record(None)],
        grants: vec![GrantId([6; 16])],
    };
    let signed = Signed::from_parts(
        encoding::encode(&statement(Removed::Stream(StreamId([3; 16])))),
        VerifyingKey([7; 32]),
        Signature([8; 64]),
    );
    let scope = ErasureScope::Category(Category::Finance);
    golden("erasure_receipt", &ErasureReceipt { scope, at: AT, streams: vec![stream], statements: vec![signed] });
    for (name, scope) in
        [("record", ErasureScope::Record), ("vehicle", ErasureScope::Vehicle), ("everything", ErasureScope::Everything)]
    {
        golden(&format!("erasure_scope_{name}"), &scope);
    }
}
