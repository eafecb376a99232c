//! What every parser must hold for any bytes: it does not panic, and what it accepts it gives back unchanged.

#![allow(dead_code, clippy::unwrap_used)]

use carnet_crypto::{
    device::DeviceList,
    grant::verify_grant,
    keyring::verify_keyring,
    note::NoteKey,
    passphrase::{PassphraseEnvelope, PassphraseError, open_passphrase},
    receipt::{Exchange, body_hash, check_receipt},
    record::{ContentKey, open_record},
    request::check_request,
    root::Root,
    secret::Secret,
    signature::verify,
    words::RecoveryWords,
};
use carnet_protocol::{
    api::{auth, body, receipt as api_receipt},
    day::Timestamp,
    device, encoding, erasure, grant,
    holder::{self, InvitationCode},
    keyring, ledger,
    link::{self, LinkFragment},
    meeting, member, pairing, payload, record, seal_keys,
    signed::{Signable, Signed},
    vin,
};
use serde::{Serialize, de::DeserializeOwned};

/// What decodes has exactly one encoding: the one that came in.
fn strict<T: Serialize + DeserializeOwned>(data: &[u8]) -> Option<T> {
    let value: T = encoding::decode(data).ok()?;
    assert_eq!(encoding::encode(&value), data);
    Some(value)
}

fn strict_signed<T: Signable>(data: &[u8]) {
    if let Some(signed) = strict::<Signed<T>>(data)
        && let Ok(value) = verify(&signed)
    {
        assert_eq!(encoding::encode(&value), signed.body.0);
    }
}

macro_rules! strict_all {
    ($data:expr; $($kind:ty),* $(,)?) => { $(let _ = strict::<$kind>($data);)* };
}

pub fn wire_record(data: &[u8]) {
    strict_all!(data; record::RecordHeader, record::SealedRecord, record::RecordWrap);
    strict_all!(data; keyring::KeyringVersion, keyring::KeyringWrap, device::DeviceEntry);
    strict_signed::<device::DeviceEntry>(data);
}

pub fn wire_grant(data: &[u8]) {
    strict_all!(data; grant::Grant, grant::GrantSecret, grant::GrantTerms, link::Link, link::Claim);
    strict_all!(data; holder::Bundle, holder::BundleEnvelope, holder::BundleSecret, holder::Invitation, holder::Join);
    strict_signed::<holder::Join>(data);
    strict_signed::<grant::Grant>(data);
    strict_signed::<link::Link>(data);
    if let Some(envelope) = strict::<grant::GrantEnvelope>(data) {
        let _ = verify_grant(&envelope);
    }
}

pub fn wire_ledger(data: &[u8]) {
    strict_all!(data; ledger::CarStanding, ledger::StandingEvent, ledger::ClassIndex, ledger::Proposal);
    strict_all!(data; ledger::Transaction, ledger::Leaf, ledger::StreamHead, ledger::GrantState, ledger::Receipt);
    strict_all!(data; ledger::MemberDirectory, member::Member);
    strict_signed::<ledger::Transaction>(data);
}

pub fn wire_payload(data: &[u8]) {
    strict_all!(data; payload::Payload, seal_keys::SealKeys, seal_keys::DaySealKey);
    strict_all!(data; pairing::WriteGrant, pairing::PairingOffer);
    strict_signed::<payload::Payload>(data);
}

pub fn wire_api(data: &[u8]) {
    strict_all!(data; body::EventPage, body::ClassIndices, vin::VinQuestion, vin::VinAnswer, vin::TagLookup);
    strict_all!(data; body::Transactions, body::Receipts, body::LeafPage, body::RecordBatch, body::RecordPage);
    strict_all!(data; body::Wraps, body::ViewPage, body::GrantAnswer, body::Inbox, body::LinkNotice, body::LinkOpen);
    strict_all!(data; body::LinkOpened, body::LinkClaim, body::KeyringUpload, body::EventTopics, body::EventTicket);
    strict_all!(data; body::SourceUpload, body::SourceReceipt, pairing::SealedOffer, pairing::PairingState);
    strict_all!(data; body::DeviceRegister, body::MailboxOpen, body::MailboxPost, body::MailboxRead);
    strict_all!(data; body::MailboxMessage, meeting::MeetingRequest, meeting::MeetingHello);
    strict_all!(data; erasure::Removal, erasure::ErasureReceipt);
    strict_signed::<erasure::ErasureStatement>(data);
    strict_signed::<erasure::WalletErasure>(data);
    strict_all!(data; body::Joins, body::Removals, body::GrantBatch);
    strict_all!(data; body::RelayInfo, body::DemoMembers, body::Stored, auth::RequestClaim, auth::RequestProof);
    strict_all!(data; api_receipt::ReceiptClaim, api_receipt::ReceiptProof, api_receipt::KeptReceipts);
}

pub fn link_fragment(data: &[u8]) {
    if let Ok(fragment) = LinkFragment::parse(&String::from_utf8_lossy(data)) {
        assert_eq!(LinkFragment::parse(&fragment.to_text()).unwrap(), fragment);
    }
}

pub fn invitation_code(data: &[u8]) {
    if let Ok(code) = InvitationCode::parse(&String::from_utf8_lossy(data)) {
        assert!(InvitationCode::parse(&code.to_text()).unwrap() == code);
    }
}

pub fn authorization(data: &[u8]) {
    let header = String::from_utf8_lossy(data);
    // Corpus and golden file hold one proof that is good for this request; whatever else is accepted is that one.
    let now = Timestamp(1_795_000_000_000);
    if check_request(&header, "POST", "relay.example:443", "/v1/x?after=3", b"body", now).is_ok() {
        assert_eq!(header, include_str!("../golden/request_proof.txt").trim_end());
    }
}

pub fn receipt(data: &[u8]) {
    let header = String::from_utf8_lossy(data);
    // Corpus and golden file hold the one receipt that this log has signed for this exchange.
    let log = NoteKey::from_seed(&Secret::from_slice(&[1; 32]).unwrap()).verifying_key();
    let exchange = Exchange {
        method: "POST",
        path: "/v1/x?after=3",
        authorization: "Carnet-Key abc",
        body: body_hash(b"body"),
        status: 200,
        answer: b"answer",
    };
    if check_receipt(&header, &exchange, &[log]).is_ok() {
        assert_eq!(header, include_str!("../golden/receipt.txt").trim_end());
    }
}

pub fn passphrase(data: &[u8]) {
    // Costs within the bounds take seconds and say nothing new about parsing.
    let Some(envelope) = strict::<PassphraseEnvelope>(data) else { return };
    let is_cheap = envelope.cost.memory_kib < 19 * 1024 || envelope.cost.memory_kib > 1024 * 1024;
    if is_cheap {
        assert!(matches!(open_passphrase(&envelope, "passphrase"), Err(PassphraseError::Kdf(_))));
    }
}

pub fn words(data: &[u8]) {
    if let Ok(words) = RecoveryWords::parse(&String::from_utf8_lossy(data)) {
        let written: Vec<_> = words.words().collect();
        assert!(RecoveryWords::parse(&written.join(" ")).unwrap() == words);
    }
}

pub fn sealed_record(data: &[u8]) {
    let content = ContentKey::from_secret(Secret::from_slice(&[1; 32]).unwrap());
    if let Some(sealed) = strict::<record::SealedRecord>(data)
        && open_record(&sealed, &content).is_ok()
    {
        assert_eq!(hex(data), include_str!("../golden/sealed_record.hex").trim());
    }
}

pub fn keyring(data: &[u8]) {
    let Some(stored) = strict::<body::StoredKeyring>(data) else { return };
    let account = Root::from_secret(Secret::from_slice(&[1; 32]).unwrap()).account_key().verifying_key();
    let Ok(list) = DeviceList::verify(account, stored.devices.clone()) else { return };
    if verify_keyring(&list, &stored).is_ok() {
        assert_eq!(hex(data), include_str!("../golden/stored_keyring.hex").trim());
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
