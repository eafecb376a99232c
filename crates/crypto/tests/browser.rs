//! The same round trips inside a browser, where wallets run: WebAssembly, 32-bit arithmetic, SIMD.

#![allow(clippy::unwrap_used, missing_docs)]
#![cfg(target_family = "wasm")]

#[path = "support/rng.rs"]
mod rng;
#[path = "support/sample.rs"]
mod sample;

use carnet_crypto::{
    device::{DeviceList, DeviceSecret},
    grant::{open_grant, open_link_grant, seal_grant, seal_link_grant},
    keyring::{KeyringKey, KeyringPlace},
    link::{derive_link, generate_fragment},
    passphrase::{open_passphrase, seal_passphrase},
    record::{commitment, open_record, seal_record},
    request::{check_request, prove_request},
    sealing::SealingSecret,
    secret::Secret,
    signature::SigningKey,
    words::RecoveryWords,
    wrap::{unwrap_day, unwrap_inbox, wrap_day, wrap_day_seal, wrap_inbox},
};
use carnet_protocol::{category::Category, day::Timestamp, encoding, id::Nonce16, link::Argon2Params};
use rng::TestRng;
use sample::{content_key, days, draft, header, tree};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn records_and_their_wraps() {
    let rng = &mut TestRng::new(1);
    let (header, text) = (header(1), vec![0x42; 40_000]);
    let sealed = seal_record(header.clone(), &text, &content_key(1));
    let (keys, inbox) = (tree(1).day_keys(header.day), SealingSecret::generate(rng));
    let day = wrap_day(&content_key(1), &keys.wrap, &header, 1, rng);
    let day_seal = wrap_day_seal(&content_key(1), &keys.seal.public(), &header, 1, rng).unwrap();
    let in_inbox = wrap_inbox(&content_key(1), &inbox.public(), &header, 1, rng).unwrap();
    let covered = tree(1).cover(days(19_000, 21_000)).day_keys(header.day).unwrap();
    for content in [
        unwrap_day(&day, &covered, &header).unwrap(),
        unwrap_day(&day_seal, &covered, &header).unwrap(),
        unwrap_inbox(&in_inbox, &inbox, &header).unwrap(),
    ] {
        assert!(open_record(&sealed, &content).unwrap() == text);
    }
    assert!(open_record(&sealed, &content_key(2)).is_err());
}

/// The bytes are those of every other machine.
#[wasm_bindgen_test]
fn the_golden_bytes() {
    let sealed = seal_record(header(1), b"42,195 km", &content_key(1));
    let bytes = encoding::encode(&sealed);
    assert_eq!(hex::encode(&bytes), include_str!("golden/sealed_record.hex").trim());
    assert!(include_str!("golden/commitment.txt").contains(&hex::encode(commitment(&bytes).0)));
    let day = tree(1).day_keys(carnet_protocol::day::Day(20_778)).seal.public();
    assert!(include_str!("golden/derivations.txt").contains(&hex::encode(day.0)));
    let root = RecoveryWords::parse(&["abandon ".repeat(23), "art".into()].concat()).unwrap().to_root();
    assert!(include_str!("golden/derivations.txt").contains(&hex::encode(root.account_key().verifying_key().0)));
}

#[wasm_bindgen_test]
fn grants_and_links() {
    let rng = &mut TestRng::new(2);
    let (owner, grantee) = (SigningKey::generate(rng), SealingSecret::generate(rng));
    let to_key = draft(grantee.public(), &Category::ALL, days(19_000, 20_778));
    let envelope = seal_grant(to_key, &owner, rng).unwrap();
    assert_eq!(open_grant(&envelope, &grantee, &owner.verifying_key()).unwrap().scopes.len(), 11);
    let keys = derive_link(&generate_fragment(rng), None).unwrap();
    let to_link = draft(keys.seal.public(), &[Category::Mileage], days(19_000, 20_778));
    let envelope = seal_link_grant(to_link, &keys.binding, &owner, rng).unwrap();
    assert_eq!(open_link_grant(&envelope, &keys).unwrap().owner, owner.verifying_key());
}

#[wasm_bindgen_test]
fn passphrases_words_and_keyrings() {
    let rng = &mut TestRng::new(3);
    let words = RecoveryWords::generate(rng);
    let typed: Vec<_> = words.words().collect();
    let root = RecoveryWords::parse(&typed.join(" ")).unwrap().to_root();
    let cost = Argon2Params { memory_kib: 19 * 1024, passes: 2, lanes: 1 };
    let device = DeviceSecret::generate(rng);
    let envelope = seal_passphrase(&device, "passé composé", cost, rng).unwrap();
    assert!(open_passphrase(&envelope, "passé composé").unwrap() == device);
    assert!(open_passphrase(&envelope, "passe compose").is_err());
    let words = root.sealing_secret();
    let list = DeviceList::begin(&root.account_key(), words.public(), device.keys(), Timestamp(1)).unwrap();
    let (key, place) = (KeyringKey::generate(rng), KeyringPlace::from(&list));
    let keyring = key.seal(place, 1, b"keys", rng);
    let wraps: Vec<_> = list.recipients().map(|to| key.wrap(place, to, rng).unwrap()).collect();
    for opener in [words, device.sealing_secret()] {
        let key = KeyringKey::unwrap(place, &wraps, &opener).unwrap();
        assert_eq!(key.open(place, 1, &keyring).unwrap().as_slice(), b"keys");
    }
}

#[wasm_bindgen_test]
fn request_proofs() {
    let key = SigningKey::from_seed(&Secret::from_slice(&[1; 32]).unwrap());
    let at = Timestamp(1_795_000_000_000);
    let header = prove_request(&key, "GET", "host", "/v1/inbox", b"", at, Nonce16([2; 16]));
    assert_eq!(check_request(&header, "GET", "host", "/v1/inbox", b"", at).unwrap().key, key.verifying_key());
}
