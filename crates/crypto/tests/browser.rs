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
    hash::digest,
    header::BoundHeader,
    keyring::{KeyringKey, KeyringPlace},
    link::{derive_link, generate_fragment},
    normal::{self, Form},
    passphrase::{open_passphrase, seal_passphrase},
    record::{commitment, commitments, open_bodies, open_record, seal_record},
    request::{check_request, prove_request},
    sealing::SealingSecret,
    secret::Secret,
    signature::SigningKey,
    words::RecoveryWords,
    wrap::{unwrap_day, unwrap_days, unwrap_inbox, wrap_day, wrap_day_seal, wrap_inbox},
};
use carnet_protocol::{
    category::Category,
    day::{Day, Timestamp},
    domain::Domain,
    encoding,
    id::Nonce16,
    link::Argon2Params,
    record::WrappedKey,
};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, aead::AeadInOut};
use hkdf::Hkdf;
use js_sys::JsString;
use rng::TestRng;
use sample::{content_key, days, draft, header, tree};
use sha2::{Digest, Sha256};
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

/// Side by side as each alone; one that is damaged fails alone.
#[wasm_bindgen_test]
fn many_records_together() {
    let rng = &mut TestRng::new(6);
    let headers: Vec<_> = (0..10).map(header).collect();
    let days: Vec<_> = headers.iter().map(|header| tree(1).day_keys(header.day)).collect();
    let mut wraps: Vec<_> = (0..10)
        .zip(headers.iter().zip(&days))
        .map(|(n, (header, day))| wrap_day(&content_key(n), &day.wrap, header, 1, rng))
        .collect();
    let WrappedKey::Day { sealed, .. } = &mut wraps[1].key else { unreachable!("made so") };
    sealed.0[0] ^= 1;
    let texts: Vec<Vec<u8>> = (0..10_u8).map(|n| vec![n; usize::from(n) * 40]).collect();
    let mut records: Vec<_> = (0..10)
        .zip(headers.iter().zip(&texts))
        .map(|(n, (header, text))| seal_record(header.clone(), text, &content_key(n)))
        .collect();
    records[6].body.0[50] ^= 1;
    let bound = BoundHeader::each(&headers);
    let asked: Vec<_> = (0..10).map(|n| (&wraps[n], &days[n], &bound[n])).collect();
    let keys = unwrap_days(&asked);
    assert!(keys.iter().enumerate().all(|(n, key)| key.is_ok() == (n != 1)));
    let keys: Vec<_> = keys.into_iter().zip(0..).map(|(key, n)| key.unwrap_or_else(|_| content_key(n))).collect();
    let sealed: Vec<_> = (0..10).map(|n| (&bound[n], records[n].body.0.as_slice(), &keys[n])).collect();
    for (n, (opened, text)) in open_bodies(&sealed).into_iter().zip(texts).enumerate() {
        assert_eq!(opened.ok(), (n != 6).then_some(text), "{n}");
    }
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

/// The browser's own normal forms, as the app's worker provides them.
fn normalise(text: &str, form: Form) -> String {
    let form = match form {
        Form::Nfc => "NFC",
        Form::Nfkd => "NFKD",
    };
    JsString::from(text).normalize(form).into()
}

#[wasm_bindgen_test]
fn passphrases_words_and_keyrings() {
    normal::provide(normalise);
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

/// What the browser computes four at a time, against the plain crates in the same browser: the public ways that lead there.
#[wasm_bindgen_test]
fn four_at_a_time_are_what_each_is_alone() {
    let plain = |bytes: &[u8]| -> [u8; 32] {
        Sha256::new().chain_update(Domain::HASH_RECORD.as_bytes()).chain_update(bytes).finalize().into()
    };
    for len in 0..300_usize {
        let messages: Vec<Vec<u8>> = (0..7).map(|lane| vec![lane as u8; (len * (lane + 1)) % 577]).collect();
        let messages: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
        let found = commitments(&messages);
        assert!(found.iter().zip(&messages).all(|(found, message)| found.0 == plain(message)), "{len}");
    }
    let asked: Vec<Day> = (0..400).map(|n| Day(19_000 + (n * 37) % 997)).collect();
    let cover = tree(1).cover(days(19_100, 19_900));
    for keys in cover.keys_of_days(asked) {
        let alone = tree(1).day_keys(keys.day);
        let wrap = wrap_day(&content_key(1), &alone.wrap, &on_day(keys.day), 1, &mut TestRng::new(1));
        assert!(unwrap_day(&wrap, &keys, &on_day(keys.day)).unwrap() == content_key(1));
    }
}

fn on_day(day: Day) -> carnet_protocol::record::RecordHeader {
    carnet_protocol::record::RecordHeader { day, ..header(1) }
}

/// ChaCha20-Poly1305 in lanes against the plain crate, through what a record's body is.
#[wasm_bindgen_test]
fn bodies_of_every_length_open_with_the_plain_cipher() {
    let key = content_key(1);
    for len in (0..1_200).step_by(7).chain([16_380, 16_384, 40_000]) {
        let (head, text) = (header(1), vec![0x5a; len]);
        let sealed = seal_record(head.clone(), &text, &key);
        let mut keys = [0; 64];
        let bytes = encoding::encode(&head);
        let hash = digest(Domain::HASH_HEADER, &bytes);
        let hkdf = Hkdf::<Sha256>::from_prk(key.secret().expose()).unwrap();
        hkdf.expand_multi_info(&[Domain::DERIVE_CONTENT.as_bytes(), &hash.0], &mut keys).unwrap();
        let (body_key, commitment) = keys.split_at(32);
        assert_eq!(sealed.body[..32], *commitment);
        let cipher = ChaCha20Poly1305::new(body_key.try_into().unwrap());
        let chunks: Vec<&[u8]> = sealed.body[32..].chunks(16_384 + 16).collect();
        for (number, chunk) in chunks.iter().enumerate() {
            let mut nonce = [0; 12];
            nonce[3..11].copy_from_slice(&(number as u64).to_be_bytes());
            nonce[11] = u8::from(number + 1 == chunks.len());
            let (text, tag) = chunk.split_at(chunk.len() - 16);
            let mut text = text.to_vec();
            let opened = cipher.decrypt_inout_detached(
                &nonce.into(),
                &bytes,
                text.as_mut_slice().into(),
                tag.try_into().unwrap(),
            );
            assert!(opened.is_ok(), "{len}");
        }
        assert!(open_record(&sealed, &key).unwrap() == text);
    }
}
