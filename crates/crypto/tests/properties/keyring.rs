use crate::{
    device::{add, device, list, remove, root},
    rng::TestRng,
};
use carnet_crypto::{
    OpenError,
    device::DeviceList,
    keyring::{KeyringKey, KeyringPlace, sign_keyring, verify_keyring},
    signature::SignatureError,
};
use carnet_protocol::{
    Blob,
    api::body::StoredKeyring,
    key::{Signature, VerifyingKey},
    keyring::KeyringWrap,
};

fn wraps(list: &DeviceList, key: &KeyringKey, rng: &mut TestRng) -> Vec<KeyringWrap> {
    list.recipients().map(|to| key.wrap(list.into(), to, rng).unwrap()).collect()
}

fn stored(list: &DeviceList, by: u8, rng: &mut TestRng) -> StoredKeyring {
    let key = KeyringKey::generate(rng);
    let mut stored = StoredKeyring {
        version: 7,
        devices: list.entries().to_vec(),
        wraps: wraps(list, &key, rng),
        sealed: Blob(key.seal(list.into(), 7, b"keys", rng)),
        by: VerifyingKey([0; 32]),
        signature: Signature([0; 64]),
    };
    sign_keyring(list, &mut stored, &device(by).signing_key());
    stored
}

#[test]
fn a_keyring_opens_as_its_own_version_in_its_own_place_alone() {
    let rng = &mut TestRng::new(2);
    let (key, place) = (KeyringKey::generate(rng), KeyringPlace::from(&list()));
    let sealed = key.seal(place, 7, b"keys of all cars", rng);
    assert_eq!(key.open(place, 7, &sealed).unwrap().as_slice(), b"keys of all cars");
    for version in [0, 6, 8, u64::MAX] {
        assert_eq!(key.open(place, version, &sealed), Err(OpenError));
    }
    assert_eq!(key.open(KeyringPlace { epoch: 1, ..place }, 7, &sealed), Err(OpenError));
    assert_eq!(key.open(KeyringPlace { account: VerifyingKey([1; 32]), ..place }, 7, &sealed), Err(OpenError));
    assert_eq!(KeyringKey::generate(rng).open(place, 7, &sealed), Err(OpenError));
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(key.open(place, 7, &changed), Err(OpenError), "bit {bit}");
    }
    for length in 0..sealed.len() {
        assert_eq!(key.open(place, 7, &sealed[..length]), Err(OpenError), "cut to {length}");
    }
}

#[test]
fn words_and_devices_unwrap_the_key_and_nobody_else() {
    let rng = &mut TestRng::new(3);
    let mut list = list();
    add(&mut list, &device(101).signing_key(), 102).unwrap();
    let (key, place) = (KeyringKey::generate(rng), KeyringPlace::from(&list));
    let sealed = key.seal(place, 1, b"keys", rng);
    let wraps = wraps(&list, &key, rng);
    let openers = || [root(1).sealing_secret(), device(101).sealing_secret(), device(102).sealing_secret()];
    for opener in openers() {
        let key = KeyringKey::unwrap(place, &wraps, &opener).unwrap();
        assert_eq!(key.open(place, 1, &sealed).unwrap().as_slice(), b"keys");
        let elsewhere = KeyringPlace { epoch: 1, ..place };
        assert!(KeyringKey::unwrap(elsewhere, &wraps, &opener).is_err(), "of another epoch");
    }
    for stranger in [root(2).sealing_secret(), device(103).sealing_secret()] {
        assert!(KeyringKey::unwrap(place, &wraps, &stranger).is_err());
    }
    // One's wrap under another's name.
    let mut exchanged = wraps;
    (exchanged[1].to, exchanged[2].to) = (exchanged[2].to, exchanged[1].to);
    for opener in [device(101), device(102)] {
        assert!(KeyringKey::unwrap(place, &exchanged, &opener.sealing_secret()).is_err());
    }
}

#[test]
fn the_key_after_a_removal_is_not_for_who_was_removed() {
    let rng = &mut TestRng::new(4);
    let mut list = list();
    add(&mut list, &device(101).signing_key(), 102).unwrap();
    remove(&mut list, &device(101).signing_key(), 102).unwrap();
    let (key, place) = (KeyringKey::generate(rng), KeyringPlace::from(&list));
    let wraps = wraps(&list, &key, rng);
    assert_eq!(place.epoch, 1);
    assert!(KeyringKey::unwrap(place, &wraps, &device(102).sealing_secret()).is_err());
    assert!(KeyringKey::unwrap(place, &wraps, &device(101).sealing_secret()).is_ok());
}

#[test]
fn a_version_is_signed_over_all_of_it_by_a_device_on_its_list() {
    let rng = &mut TestRng::new(5);
    let mut list = list();
    add(&mut list, &device(101).signing_key(), 102).unwrap();
    let good = stored(&list, 102, rng);
    assert_eq!(verify_keyring(&list, &good), Ok(()));
    let refused = |changed: StoredKeyring| assert!(verify_keyring(&list, &changed).is_err());
    refused(StoredKeyring { version: 8, ..good.clone() });
    refused(StoredKeyring { sealed: Blob(b"other".to_vec()), ..good.clone() });
    refused(StoredKeyring { by: device(101).keys().sign, ..good.clone() });
    refused(StoredKeyring { devices: good.devices[..2].to_vec(), ..good.clone() });
    let mut changed = good.clone();
    changed.wraps.pop();
    refused(changed);
    let mut changed = good.clone();
    changed.wraps.swap(0, 1);
    refused(changed);
    let mut changed = good.clone();
    changed.wraps[0].sealed.0[0] ^= 1;
    refused(changed);
    assert_eq!(verify_keyring(&list, &stored(&list, 103, rng)), Err(SignatureError::OtherSigner));

    remove(&mut list, &device(101).signing_key(), 102).unwrap();
    assert!(verify_keyring(&list, &good).is_err(), "written before the removal");
    assert_eq!(verify_keyring(&list, &stored(&list, 102, rng)), Err(SignatureError::OtherSigner), "by who was removed");
    assert_eq!(verify_keyring(&list, &stored(&list, 101, rng)), Ok(()));
}
