use crate::golden;
use carnet_protocol::{
    Blob,
    api::body::{RecordUpload, SealedAnswer, SourceReceipt, SourceUpload},
    category::Category,
    day::{Day, DayRange, Timestamp},
    encoding,
    id::{CategoryLabel, Hash32, PairingId, StreamId},
    key::{EncappedKey, SealingKey, Signature, VerifyingKey},
    pairing::{OfferedCategory, PairingClaim, PairingOffer, PairingState, SealedOffer, WriteGrant, WriteScope},
    proof::Committed,
    seal_keys::{DaySealKey, ProvedKey, SealKeyBatch, SealKeys},
    signed::Signed,
};

const AT: Timestamp = Timestamp(1_795_000_000_000);
const STREAM: StreamId = StreamId([1; 16]);
const LABEL: CategoryLabel = CategoryLabel([2; 8]);
const PAIRING: PairingId = PairingId([3; 16]);

fn signed<T: serde::Serialize>(value: &T) -> Signed<T> {
    Signed::from_parts(encoding::encode(value), VerifyingKey([5; 32]), Signature([6; 64]))
}

pub fn grant() -> WriteGrant {
    WriteGrant {
        pairing: PAIRING,
        stream: STREAM,
        claim: VerifyingKey([4; 32]),
        scopes: vec![WriteScope { label: LABEL, days: DayRange::from(Day(20_778)) }],
        issued_at: AT,
        claim_before: AT,
        not_after: AT,
    }
}

pub fn claim() -> PairingClaim {
    PairingClaim { pairing: PAIRING, source: VerifyingKey([7; 32]) }
}

#[test]
fn pairings() {
    golden("write_grant", &grant());
    golden("pairing_claim", &claim());
    let category = OfferedCategory { category: Category::Maintenance, label: LABEL, generation: 1 };
    let offer = PairingOffer { grant: signed(&grant()), vehicle_name: "Auto".into(), categories: vec![category] };
    golden("pairing_offer", &offer);
    golden("sealed_offer", &SealedOffer { stream: STREAM, expires: AT, sealed: Blob(vec![1, 2]) });
    let state = PairingState {
        source: Some(VerifyingKey([7; 32])),
        scopes: grant().scopes,
        since: AT,
        not_after: AT,
        ended_at: None,
    };
    golden("pairing_state", &state);
}

#[test]
fn published_seal_keys() {
    let batch = SealKeyBatch {
        stream: STREAM,
        label: LABEL,
        generation: 1,
        first: Day(20_778),
        keys: Committed { count: 2, root: Hash32([8; 32]) },
        inbox: SealingKey([5; 32]),
    };
    golden("seal_key_batch", &batch);
    let keys = vec![SealingKey([3; 32]), SealingKey([4; 32])];
    golden("seal_keys", &SealKeys { batch: signed(&batch), keys });
    let proved = ProvedKey { key: SealingKey([3; 32]), path: vec![Hash32([9; 32])] };
    golden("day_seal_key", &DaySealKey { batch: signed(&batch), key: Some(proved) });
    golden("day_seal_key_beyond", &DaySealKey { batch: signed(&batch), key: None });
}

#[test]
fn what_a_source_sends_and_gets() {
    let record = RecordUpload { record: Blob(vec![1]), wraps: Vec::new() };
    golden("source_upload", &SourceUpload { pairing: Some(PAIRING), record });
    let answer = SealedAnswer { enc: EncappedKey([9; 32]), sealed: Blob(vec![2]) };
    golden("source_receipt", &SourceReceipt { leaf: Some(crate::ledger::leaf()), answer: Some(answer) });
}
