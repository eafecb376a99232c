use crate::{Held, on_every_backend};
use carnet_protocol::{
    Blob,
    api::body::StoredKeyring,
    key::{Signature, VerifyingKey},
};

on_every_backend!(a_version_takes_the_place_of_the_one_before);

const ACCOUNT: VerifyingKey = VerifyingKey([1; 32]);

fn keyring(version: u64) -> StoredKeyring {
    StoredKeyring { version, sealed: Blob(vec![version as u8; 50]), signature: Signature([1; 64]) }
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
