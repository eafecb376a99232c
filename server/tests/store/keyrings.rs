use crate::{Held, on_every_backend};
use carnet_protocol::{
    Blob,
    api::body::StoredKeyring,
    key::{Signature, VerifyingKey},
};

on_every_backend!(the_newest_version_is_read_and_the_oldest_are_forgotten);

const ACCOUNT: VerifyingKey = VerifyingKey([1; 32]);

fn keyring(version: u64) -> StoredKeyring {
    StoredKeyring { version, sealed: Blob(vec![version as u8; 50]), signature: Signature([1; 64]) }
}

async fn the_newest_version_is_read_and_the_oldest_are_forgotten(held: Held) {
    assert_eq!(held.read(|tables| tables.keyring(ACCOUNT)).await, None);
    for version in 1..=5 {
        held.write(move |tables| tables.insert_keyring(ACCOUNT, &keyring(version), 3)).await;
    }
    held.write(|tables| tables.insert_keyring(VerifyingKey([2; 32]), &keyring(9), 3)).await;
    assert_eq!(held.read(|tables| tables.keyring(ACCOUNT)).await, Some(keyring(5)));
    assert_eq!(held.read(|tables| tables.keyring_versions(ACCOUNT)).await, 3);
    assert_eq!(held.read(|tables| tables.keyring_versions(VerifyingKey([2; 32]))).await, 1);
}
