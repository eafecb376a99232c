use crate::{Held, on_every_backend};
use carnet_protocol::{
    Blob,
    api::body::{DeviceSeen, StoredKeyring},
    day::Timestamp,
    key::{Signature, VerifyingKey},
};

on_every_backend!(a_version_takes_the_place_of_the_one_before, a_device_was_there_when_it_was_noted_last);

const ACCOUNT: VerifyingKey = VerifyingKey([1; 32]);

fn keyring(version: u64) -> StoredKeyring {
    StoredKeyring {
        version,
        devices: Vec::new(),
        wraps: Vec::new(),
        sealed: Blob(vec![version as u8; 50]),
        by: VerifyingKey([3; 32]),
        signature: Signature([1; 64]),
    }
}

async fn a_version_takes_the_place_of_the_one_before(held: Held) {
    assert_eq!(held.read(|tables| tables.keyring(ACCOUNT)).await, None);
    for version in 1..=5 {
        held.write(move |tables| tables.replace_keyring(ACCOUNT, &keyring(version))).await;
    }
    held.write(|tables| tables.replace_keyring(VerifyingKey([2; 32]), &keyring(9))).await;
    assert_eq!(held.read(|tables| tables.keyring(ACCOUNT)).await, Some(keyring(5)));
    assert_eq!(held.read(|tables| tables.keyring(VerifyingKey([2; 32]))).await, Some(keyring(9)));
}

async fn a_device_was_there_when_it_was_noted_last(held: Held) {
    let [first, second] = [5, 6].map(|number| VerifyingKey([number; 32]));
    assert_eq!(held.read(move |tables| tables.device_seen(ACCOUNT, first)).await, None);
    for (device, at) in [(second, 7), (first, 8), (first, 9)] {
        held.write(move |tables| tables.set_device_seen(ACCOUNT, device, Timestamp(at))).await;
    }
    held.write(move |tables| tables.set_device_seen(VerifyingKey([2; 32]), first, Timestamp(99))).await;
    assert_eq!(held.read(move |tables| tables.device_seen(ACCOUNT, first)).await, Some(Timestamp(9)));
    let seen = [(first, 9), (second, 7)].map(|(device, at)| DeviceSeen { device, at: Timestamp(at) });
    assert_eq!(held.read(|tables| tables.devices_seen(ACCOUNT)).await, seen);
}
