use crate::{
    golden,
    grant::{envelope, link},
    ledger::{leaf, member, signed},
    record::{device_entry, header, wrap},
};
use carnet_protocol::{
    Blob,
    api::{
        auth::{RequestClaim, RequestProof},
        body::{
            DemoMember, DemoMembers, DeviceRegister, DeviceSeen, EventTicket, EventTopics, GrantAnswer, GrantBatch,
            Inbox, InboxItem, KeyringUpload, LeafPage, LinkClaim, LinkNotice, LinkOpen, LinkOpened, MailboxMessage,
            MailboxOpen, MailboxPost, MailboxRead, Receipts, RecordBatch, RecordPage, RecordUpload, RelayInfo,
            Removals, Retention, Stored, StoredKeyring, StoredRecord, Transactions, View, ViewKind, ViewPage, Wraps,
        },
        receipt::{KeptReceipt, KeptReceipts, ReceiptClaim, ReceiptProof},
    },
    day::Timestamp,
    device::{DeviceChange, DeviceKeys},
    encoding,
    id::{GrantId, Hash32, LinkId, Nonce16, RecordId, StreamId},
    key::{EncappedKey, SealingKey, Signature, VerifyingKey},
    keyring::KeyringWrap,
    ledger::{Action, Outcome, Receipt},
    link::Claim,
    meeting::{MailboxPlace, MeetingHello, MeetingRequest},
    signed::Signed,
};

const AT: Timestamp = Timestamp(1_795_000_000_000);

#[test]
fn request_proofs() {
    let (at, nonce) = (AT, Nonce16([1; 16]));
    let claim = RequestClaim {
        method: "POST".into(),
        authority: "relay.example:443".into(),
        path: "/v1/streams/AQ/records?after=3".into(),
        body: Hash32([2; 32]),
        at,
        nonce,
    };
    golden("request_claim", &claim);
    golden("request_proof", &RequestProof { key: VerifyingKey([3; 32]), at, nonce, signature: Signature([4; 64]) });
}

#[test]
fn receipts() {
    let claim = ReceiptClaim {
        method: "POST".into(),
        path: "/v1/streams/AQ/records".into(),
        authorization: Hash32([1; 32]),
        body: Hash32([2; 32]),
        status: 200,
        answer: Hash32([3; 32]),
        at: AT,
    };
    golden("receipt_claim", &claim);
    golden("receipt_proof", &ReceiptProof { at: AT, signature: Signature([4; 64]) });
    let (log, signature) = (VerifyingKey([5; 32]), Signature([4; 64]));
    let kept = KeptReceipt { claim, log, signature, answer: Blob(vec![6; 9]) };
    golden("kept_receipts", &KeptReceipts { receipts: vec![kept] });
}

#[test]
fn ledger_bodies() {
    let open = Action::OpenStream { stream: StreamId([1; 16]) };
    golden("body_transactions", &Transactions { transactions: vec![signed(open)] });
    let receipt = Receipt { transaction: Hash32([5; 32]), outcome: Outcome::Accepted { sequence: 1 } };
    golden("body_receipts", &Receipts { receipts: vec![receipt] });
    golden("body_leaf_page", &LeafPage { leaves: vec![leaf()], next: Some(7) });
}

#[test]
fn record_bodies() {
    let upload = RecordUpload { record: Blob(vec![1; 9]), wraps: vec![wrap()] };
    golden("body_record_upload", &upload);
    golden("body_record_batch", &RecordBatch { records: vec![upload] });
    let stored =
        StoredRecord { sequence: 3, header: header(), record: Some(Blob(vec![1; 9])), size: 9, wraps: vec![wrap()] };
    golden("body_record_page", &RecordPage { records: vec![stored], next: None });
    golden("body_wraps", &Wraps { wraps: vec![wrap()] });
    golden("body_removals", &Removals { records: vec![RecordId([1; 16])] });
    golden("body_stored", &Stored { new: 500 });
}

#[test]
fn views() {
    let kinds = [
        ViewKind::LinkOpened,
        ViewKind::LinkRefused,
        ViewKind::LinkClaimed,
        ViewKind::Fetched,
        ViewKind::Accepted,
        ViewKind::Declined,
    ];
    let views = kinds.map(|kind| View { sequence: 1, grant: GrantId([1; 16]), at: AT, kind });
    golden("body_view_page", &ViewPage { views: views.into(), next: Some(1) });
}

#[test]
fn grant_and_link_bodies() {
    golden("body_grant_batch", &GrantBatch { grants: vec![envelope()] });
    golden("body_grant_answer", &GrantAnswer { accept: true });
    let item = InboxItem { envelope: envelope(), answer: None, revoked: false };
    golden("body_inbox", &Inbox { grants: vec![item] });
    golden("body_link_notice", &LinkNotice { pin: link().pin, expires: AT, tries_left: 7 });
    golden("body_link_open", &LinkOpen { token: Blob(vec![1; 32]) });
    let opened = LinkOpened { envelope: envelope(), view_token: Blob(vec![2; 32]), expires: AT, opens_left: Some(3) };
    golden("body_link_opened", &opened);
    let claim = encoding::encode(&Claim { link: LinkId([1; 16]), claimer: VerifyingKey([2; 32]) });
    let claim = Signed::from_parts(claim, VerifyingKey([2; 32]), Signature([3; 64]));
    golden("body_link_claim", &LinkClaim { token: Blob(vec![1; 32]), claim });
}

#[test]
fn other_bodies() {
    let info = RelayInfo {
        version: "0.1.0".into(),
        ledger: Hash32([1; 32]),
        demo: true,
        now: AT,
        key: VerifyingKey([2; 32]),
        retention: Retention { records: 30, keyrings: 7 },
    };
    golden("body_relay_info", &info);
    let entry = encoding::encode(&device_entry(DeviceChange::Remove { device: VerifyingKey([4; 32]) }));
    let devices = vec![Signed::from_parts(entry, VerifyingKey([2; 32]), Signature([3; 64]))];
    let wrap = KeyringWrap { to: SealingKey([1; 32]), enc: EncappedKey([2; 32]), sealed: Blob(vec![3; 48]) };
    let keyring = StoredKeyring {
        version: 2,
        devices: devices.clone(),
        wraps: vec![wrap],
        sealed: Blob(vec![1; 9]),
        by: VerifyingKey([5; 32]),
        signature: Signature([2; 64]),
    };
    golden("body_keyring_upload", &KeyringUpload { replaces: 1, keyring });
    let seen = vec![DeviceSeen { device: VerifyingKey([6; 32]), at: AT }];
    golden("body_device_register", &DeviceRegister { devices, seen });
    golden("body_event_topics", &EventTopics { streams: vec![StreamId([1; 16])], inbox: true });
    golden("body_event_ticket", &EventTicket { ticket: Nonce16([1; 16]) });
    let demo = DemoMember { member: member(), seed: Blob(vec![1; 32]) };
    golden("body_demo_members", &DemoMembers { members: vec![demo] });
}

#[test]
fn mailboxes() {
    let (token, sealed) = (Blob(vec![1; 32]), Blob(vec![2; 40]));
    golden("body_mailbox_open", &MailboxOpen { token_hash: Hash32([3; 32]) });
    let place = MailboxPlace::Request;
    golden("body_mailbox_post", &MailboxPost { token: token.clone(), place, sealed: sealed.clone() });
    golden("body_mailbox_read", &MailboxRead { token, place: MailboxPlace::Hello });
    golden("body_mailbox_message", &MailboxMessage { sealed: Some(sealed) });
    let device = DeviceKeys { sign: VerifyingKey([4; 32]), seal: SealingKey([5; 32]) };
    golden("meeting_request", &MeetingRequest { device, name: "Phone".into() });
    golden("meeting_hello", &MeetingHello { account: VerifyingKey([6; 32]), nonce: Nonce16([7; 16]) });
}
