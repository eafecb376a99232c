use crate::{
    car::key,
    relay::{By, TestRelay},
};
use carnet_crypto::{keyring::sign_keyring, signature::SigningKey};
use carnet_protocol::{
    Blob,
    api::{
        ProblemCode as Code,
        body::{KeyringUpload, Stored, StoredKeyring},
        path,
    },
    limits::KEYRING_MAX,
};

fn upload(account: &SigningKey, replaces: u64, fill: u8, size: usize) -> KeyringUpload {
    let sealed = vec![fill; size];
    let signature = sign_keyring(account, replaces + 1, &sealed);
    KeyringUpload { replaces, keyring: StoredKeyring { version: replaces + 1, sealed: Blob(sealed), signature } }
}

#[tokio::test]
async fn a_keyring_is_replaced_only_by_who_has_seen_the_newest() {
    let relay = TestRelay::start().await;
    let account = key(1);
    let path = path::fill(path::KEYRING, &[&account.verifying_key()]);
    let by = By::Key(&account);
    assert_eq!(relay.get(&path, by).await.code(), Code::NotFound);
    assert_eq!(relay.put(&path, by, &upload(&account, 1, 1, 50)).await.code(), Code::Conflict);
    assert_eq!(relay.put(&path, by, &upload(&account, 0, 1, 50)).await.value::<Stored>().new, 1);
    assert_eq!(relay.put(&path, by, &upload(&account, 0, 1, 50)).await.value::<Stored>().new, 0);
    assert_eq!(relay.put(&path, by, &upload(&account, 0, 2, 50)).await.code(), Code::Conflict);
    assert_eq!(relay.put(&path, by, &upload(&account, 1, 3, 50)).await.value::<Stored>().new, 1);
    assert_eq!(relay.put(&path, by, &upload(&account, 0, 1, 50)).await.code(), Code::Conflict);
    let newest: StoredKeyring = relay.get(&path, by).await.value();
    assert_eq!((newest.version, newest.sealed.0[0]), (2, 3));
}

#[tokio::test]
async fn a_keyring_is_its_accounts_alone() {
    let relay = TestRelay::start().await;
    let (account, thief) = (key(1), key(2));
    let path = path::fill(path::KEYRING, &[&account.verifying_key()]);
    relay.put(&path, By::Key(&account), &upload(&account, 0, 1, 50)).await.value::<Stored>();
    assert_eq!(relay.get(&path, By::Key(&thief)).await.code(), Code::Forbidden);
    assert_eq!(relay.get(&path, By::Nobody).await.code(), Code::Unauthenticated);
    assert_eq!(relay.put(&path, By::Key(&thief), &upload(&account, 1, 1, 50)).await.code(), Code::Forbidden);
    assert_eq!(relay.put(&path, By::Key(&account), &upload(&thief, 1, 1, 50)).await.code(), Code::BadRequest);
    let mut skips = upload(&account, 1, 1, 50);
    skips.replaces = 5;
    assert_eq!(relay.put(&path, By::Key(&account), &skips).await.code(), Code::BadRequest);
    let large = upload(&account, 1, 1, KEYRING_MAX + 1);
    assert_eq!(relay.put(&path, By::Key(&account), &large).await.code(), Code::TooLarge);
}
