//! The exact bytes of every format and derivation, from fixed keys and repeatable randomness: what was sealed once must
//! open for good, and another implementation can check itself against these files.
//!
//! `CARNET_WRITE_GOLDEN=1 cargo test -p carnet-crypto --test golden` writes what changed on purpose.

#![allow(clippy::unwrap_used, missing_docs)]
#![cfg(not(target_family = "wasm"))]

#[path = "support/rng.rs"]
mod rng;
#[path = "support/sample.rs"]
#[allow(dead_code)]
mod sample;

use carnet_crypto::{
    device::{DeviceList, DeviceSecret},
    grant::{acceptance_key, acceptor_hash, grant_hash, open_grant, open_link_grant, seal_grant, seal_link_grant},
    hash::digest,
    keyring::{KeyringKey, KeyringPlace, sign_keyring, verify_keyring},
    link::{derive_link, token_hash},
    meeting::{derive_meeting, mailbox_of, meeting_code, meeting_token_hash},
    member::MemberKeys,
    note::NoteKey,
    passkey::{PRF_SALT_LEN, PasskeyEnvelope, open_passkey, seal_passkey},
    passphrase::{PassphraseEnvelope, open_passphrase, seal_passphrase},
    receipt::{Exchange, body_hash, check_receipt, sign_receipt},
    record::{commitment, open_record, seal_record},
    request::{check_request, prove_request},
    root::Root,
    sealing::SealingSecret,
    secret::Secret,
    signature::SigningKey,
    words::RecoveryWords,
    wrap::{unwrap_day, unwrap_inbox, wrap_day, wrap_day_seal, wrap_inbox},
};
use carnet_protocol::{
    Blob,
    api::body::StoredKeyring,
    category::Category,
    day::{Day, Timestamp},
    device::DeviceChange,
    domain::Domain,
    encoding,
    grant::GrantEnvelope,
    id::{GrantId, LinkId, Nonce16, StreamId},
    key::Signature,
    link::{Argon2Params, LinkFragment},
    meeting::{MailboxPlace, MeetingFragment, MeetingHello, MeetingRequest},
    record::{RecordWrap, SealedRecord},
};
use rng::TestRng;
use sample::{content_key, days, draft, header, tree};
use serde::{Serialize, de::DeserializeOwned};
use std::path::Path;

/// Compares text with its golden file.
#[track_caller]
fn golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("CARNET_WRITE_GOLDEN").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_else(|error| unreachable!("{}: {error}", path.display()));
    assert_eq!(found, kept, "{name}");
}

/// Compares a value's encoding with its golden file and hands out what that file decodes to.
#[track_caller]
fn golden_value<T: Serialize + DeserializeOwned>(name: &str, value: &T) -> T {
    let bytes = encoding::encode(value);
    golden(&format!("{name}.hex"), &(hex::encode(&bytes) + "\n"));
    encoding::decode(&bytes).unwrap()
}

fn secret(number: u8) -> Secret<32> {
    Secret::from_slice(&[number; 32]).unwrap()
}

fn lines(lines: &[(&str, &[u8])]) -> String {
    lines.iter().map(|(name, bytes)| format!("{name} = {}\n", hex::encode(bytes))).collect()
}

/// A label that was used once stays as it is; new ones may come.
#[test]
fn labels() {
    let shown: Vec<_> =
        Domain::ALL.iter().map(|domain| String::from_utf8_lossy(domain.as_bytes()).replace('\0', "\\0")).collect();
    for kept in include_str!("golden/labels.txt").lines() {
        assert!(shown.iter().any(|label| label == kept), "{kept}");
    }
    assert_eq!(
        hex::encode(digest(Domain::HASH_BODY, b"").0),
        hex::encode(<sha2::Sha256 as sha2::Digest>::digest(b"carnet/v1/hash/body\0"))
    );
}

#[test]
fn derivations() {
    let root = RecoveryWords::parse(&["abandon ".repeat(23), "art".into()].concat()).unwrap().to_root();
    let member = MemberKeys::from_seed(&secret(1));
    let owner = SigningKey::from_seed(&secret(2));
    let (stream, grant) = (StreamId([1; 16]), GrantId([4; 16]));
    let acceptance = acceptance_key(&owner, &stream, &grant).verifying_key();
    let day = tree(1).day_keys(Day(20_778));
    let cover = tree(1).cover(days(20_777, 20_780)).keys();
    let shown = lines(&[
        ("root of 'abandon ... art'", root.secret().expose()),
        ("account key", &root.account_key().verifying_key().0),
        ("member signing key of 01..", &member.sign.verifying_key().0),
        ("member sealing key of 01..", &member.seal.public().0),
        ("sealing key of 01..", &SealingSecret::derive(&secret(1)).public().0),
        ("acceptance key of owner 02.., stream 01.., grant 04..", &acceptance.0),
        ("acceptor hash", &acceptor_hash(&stream, &grant, &acceptance).0),
        ("day seal key of tree 01.., day 20778", &day.seal.public().0),
        ("cover of days 20777 to 20780, first key", &cover[0]),
        ("cover of days 20777 to 20780, second key", &cover[1]),
        ("cover of days 20777 to 20780, third key", &cover[2]),
    ]);
    assert_eq!(cover.len(), 3);
    golden("derivations.txt", &shown);
}

#[test]
fn sealed_records_and_wraps() {
    let rng = &mut TestRng::new(1);
    let sealed = golden_value("sealed_record", &seal_record(header(1), b"42,195 km", &content_key(1)));
    assert_eq!(open_record(&sealed, &content_key(1)).unwrap(), b"42,195 km");
    golden("commitment.txt", &lines(&[("commitment", &commitment(&encoding::encode(&sealed)).0)]));
    let long: Vec<u8> = (0..40_000u32).map(|i| (i * i) as u8).collect();
    let long_sealed: SealedRecord = seal_record(header(1), &long, &content_key(1));
    let hash = commitment(&encoding::encode(&long_sealed));
    golden("long_record.txt", &lines(&[("commitment of 40,000 bytes in three chunks", &hash.0)]));

    let (keys, inbox) = (tree(1).day_keys(header(1).day), SealingSecret::derive(&secret(3)));
    let wrap: RecordWrap = wrap_day(&content_key(1), &keys.wrap, &header(1), 1, rng);
    assert_eq!(unwrap_day(&golden_value("wrap_day", &wrap), &keys, &header(1)), Ok(content_key(1)));
    let wrap = wrap_day_seal(&content_key(1), &keys.seal.public(), &header(1), 1, rng).unwrap();
    assert_eq!(unwrap_day(&golden_value("wrap_day_seal", &wrap), &keys, &header(1)), Ok(content_key(1)));
    let wrap = wrap_inbox(&content_key(1), &inbox.public(), &header(1), 0, rng).unwrap();
    assert_eq!(unwrap_inbox(&golden_value("wrap_inbox", &wrap), &inbox, &header(1)), Ok(content_key(1)));
}

#[test]
fn grants_and_links() {
    let rng = &mut TestRng::new(2);
    let (owner, grantee) = (SigningKey::from_seed(&secret(2)), SealingSecret::derive(&secret(3)));
    let scope = || (&[Category::Mileage][..], days(20_777, 20_780));
    let sealed = seal_grant(draft(grantee.public(), scope().0, scope().1), &owner, rng).unwrap();
    let envelope: GrantEnvelope = golden_value("grant_envelope", &sealed);
    assert!(open_grant(&envelope, &grantee, &owner.verifying_key()).is_ok());

    let fragment = LinkFragment { link: LinkId([5; 16]), secret: [6; 32] };
    let cost = Argon2Params { memory_kib: 19 * 1024, passes: 2, lanes: 1 };
    let mut shown = lines(&[("grant hash", &grant_hash(&envelope).0)]);
    for (name, pin) in [("without a PIN", None), ("with PIN 1234", Some(("1234", cost)))] {
        let keys = derive_link(&fragment, pin).unwrap();
        shown += &format!("link {} {name}\n", fragment.to_text());
        shown += &lines(&[
            ("token", keys.token.expose()),
            ("token hash", &token_hash(keys.token.expose()).0),
            ("sealing key", &keys.seal.public().0),
            ("binding", keys.binding.secret().expose()),
        ]);
    }
    golden("links.txt", &shown);
    let keys = derive_link(&fragment, None).unwrap();
    let sealed = seal_link_grant(draft(keys.seal.public(), scope().0, scope().1), &keys.binding, &owner, rng).unwrap();
    let opened = open_link_grant(&golden_value("link_grant_envelope", &sealed), &keys).unwrap();
    assert_eq!(opened.owner, owner.verifying_key());
}

#[test]
fn envelopes_of_a_device() {
    let rng = &mut TestRng::new(3);
    let device = DeviceSecret::from_secret(secret(1));
    let cost = Argon2Params { memory_kib: 19 * 1024, passes: 2, lanes: 1 };
    let envelope: PassphraseEnvelope =
        golden_value("passphrase_envelope", &seal_passphrase(&device, "passé composé", cost, rng).unwrap());
    assert_eq!(open_passphrase(&envelope, "passé composé"), Ok(DeviceSecret::from_secret(secret(1))));
    let sealed = seal_passkey(&device, b"credential", &[2; PRF_SALT_LEN], &secret(3), &mut TestRng::new(1)).unwrap();
    let envelope: PasskeyEnvelope = golden_value("passkey_envelope", &sealed);
    assert_eq!(open_passkey(&envelope, &secret(3)), Ok(DeviceSecret::from_secret(secret(1))));
    let row = device.local_key().seal_row("records", b"key", b"row", rng);
    golden("row.txt", &lines(&[("row 'row' at 'key' in 'records'", &row)]));
}

#[test]
fn a_keyring_for_words_and_two_devices() {
    let rng = &mut TestRng::new(4);
    let (root, at) = (Root::from_secret(secret(1)), Timestamp(1_795_000_000_000));
    let [first, second] = [2, 3].map(|number| DeviceSecret::from_secret(secret(number)));
    let mut list = DeviceList::begin(&root.account_key(), root.sealing_secret().public(), first.keys(), at).unwrap();
    let change = DeviceChange::Add { device: second.keys() };
    list.append(list.entry(&first.signing_key(), change, at)).unwrap();
    let (key, place) = (KeyringKey::generate(rng), KeyringPlace::from(&list));
    let mut stored = StoredKeyring {
        version: 7,
        devices: list.entries().to_vec(),
        wraps: list.recipients().map(|to| key.wrap(place, to, rng).unwrap()).collect(),
        sealed: Blob(key.seal(place, 7, b"keys", rng)),
        by: second.keys().sign,
        signature: Signature([0; 64]),
    };
    sign_keyring(&list, &mut stored, &second.signing_key());
    let stored = golden_value("stored_keyring", &stored);
    let list = DeviceList::verify(list.account(), stored.devices.clone()).unwrap();
    assert_eq!(verify_keyring(&list, &stored), Ok(()));
    for opener in [root.sealing_secret(), first.sealing_secret(), second.sealing_secret()] {
        let key = KeyringKey::unwrap(place, &stored.wraps, &opener).unwrap();
        assert_eq!(key.open(place, 7, &stored.sealed).unwrap().as_slice(), b"keys");
    }
    golden(
        "devices.txt",
        &lines(&[
            ("sealing key of the words of root 01..", &root.sealing_secret().public().0),
            ("signing key of device 02..", &first.keys().sign.0),
            ("sealing key of device 02..", &first.keys().seal.0),
            ("head of the list", &list.head().0),
        ]),
    );
}

#[test]
fn a_meeting() {
    let (account, nonce) = (SigningKey::from_seed(&secret(1)).verifying_key(), Nonce16([2; 16]));
    let hello = MeetingHello { account, nonce };
    let fragment = MeetingFragment { mailbox: mailbox_of(&hello), secret: [3; 32] };
    let keys = derive_meeting(&fragment);
    let device = DeviceSecret::from_secret(secret(4)).keys();
    let request = MeetingRequest { device, name: "Phone".into() };
    let sealed = keys.seal(MailboxPlace::Request, &request, &mut TestRng::new(1));
    assert_eq!(keys.open::<MeetingRequest>(MailboxPlace::Request, &sealed), Ok(request.clone()));
    let shown = lines(&[
        ("mailbox", fragment.mailbox.as_bytes()),
        ("token", keys.token.expose()),
        ("token hash", &meeting_token_hash(keys.token.expose()).0),
        ("request", &sealed),
        ("digits, as text", meeting_code(&hello, &request).as_bytes()),
    ]);
    golden("meeting.txt", &shown);
}

#[test]
fn receipts() {
    let log = NoteKey::from_seed(&Secret::from_slice(&[1; 32]).unwrap());
    let exchange = Exchange {
        method: "POST",
        path: "/v1/x?after=3",
        authorization: "Carnet-Key abc",
        body: body_hash(b"body"),
        status: 200,
        answer: b"answer",
    };
    let header = sign_receipt(&log, &exchange, Timestamp(1_795_000_000_000));
    assert!(check_receipt(&header, &exchange, &[log.verifying_key()]).is_ok());
    golden("receipt.txt", &(header + "\n"));
}

#[test]
fn request_proofs() {
    let (key, at) = (SigningKey::from_seed(&secret(1)), Timestamp(1_795_000_000_000));
    let header = prove_request(&key, "POST", "relay.example:443", "/v1/x?after=3", b"body", at, Nonce16([2; 16]));
    assert!(check_request(&header, "POST", "relay.example:443", "/v1/x?after=3", b"body", at).is_ok());
    golden("request_proof.txt", &(header + "\n"));
}
