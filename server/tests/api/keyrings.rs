use crate::relay::{By, TestRelay};
use carnet_crypto::{
    device::{DeviceList, DeviceSecret},
    keyring::{KeyringKey, sign_keyring},
    root::Root,
    secret::Secret,
    signature::SigningKey,
};
use carnet_protocol::{
    Blob,
    api::{
        ProblemCode as Code,
        body::{DeviceRegister, KeyringUpload, Stored, StoredKeyring},
        path,
    },
    day::Timestamp,
    device::DeviceChange,
    key::{Signature, VerifyingKey},
    limits::KEYRING_MAX,
};
use getrandom::{SysRng, rand_core::UnwrapErr};

/// An account with its words and a list of devices.
pub struct Account {
    pub words: SigningKey,
    pub list: DeviceList,
}

pub fn device(number: u8) -> DeviceSecret {
    DeviceSecret::from_secret(Secret::from_slice(&[number; 32]).unwrap())
}

fn name(number: u8) -> VerifyingKey {
    device(number).keys().sign
}

impl Account {
    pub fn new(number: u8, first: u8) -> Self {
        let root = Root::from_secret(Secret::from_slice(&[number; 32]).unwrap());
        let (words, seal) = (root.account_key(), root.sealing_secret().public());
        let list = DeviceList::begin(&words, seal, device(first).keys(), Timestamp(1)).unwrap();
        Self { words, list }
    }

    pub fn path(&self, path: &str) -> String {
        path::fill(path, &[&self.words.verifying_key()])
    }

    fn change(&mut self, by: u8, change: DeviceChange) {
        self.list.append(self.list.entry(&device(by).signing_key(), change, Timestamp(2))).unwrap();
    }

    /// The next version, written by a device.
    pub fn upload(&self, replaces: u64, by: u8, fill: u8, size: usize) -> KeyringUpload {
        let rng = &mut UnwrapErr(SysRng);
        let (key, place) = (KeyringKey::generate(rng), (&self.list).into());
        let mut keyring = StoredKeyring {
            version: replaces + 1,
            devices: self.list.entries().to_vec(),
            wraps: self.list.recipients().map(|to| key.wrap(place, to, rng).unwrap()).collect(),
            sealed: Blob(vec![fill; size]),
            by: VerifyingKey([0; 32]),
            signature: Signature([0; 64]),
        };
        sign_keyring(&self.list, &mut keyring, &device(by).signing_key());
        KeyringUpload { replaces, keyring }
    }
}

#[tokio::test]
async fn a_keyring_is_replaced_only_by_who_has_seen_the_newest() {
    let relay = TestRelay::start().await;
    let account = Account::new(1, 11);
    let (path, key) = (account.path(path::KEYRING), device(11).signing_key());
    let by = By::Key(&key);
    assert_eq!(relay.get(&path, By::Key(&account.words)).await.code(), Code::NotFound);
    assert_eq!(relay.get(&path, by).await.code(), Code::Forbidden, "whether there is one is for the words to know");
    let [first, other, second] =
        [(0, 1), (0, 2), (1, 3)].map(|(replaces, fill)| account.upload(replaces, 11, fill, 50));
    assert_eq!(relay.put(&path, by, &second).await.code(), Code::Conflict);
    assert_eq!(relay.put(&path, by, &first).await.value::<Stored>().new, 1);
    assert_eq!(relay.put(&path, by, &first).await.value::<Stored>().new, 0);
    assert_eq!(relay.put(&path, by, &other).await.code(), Code::Conflict);
    assert_eq!(relay.put(&path, by, &second).await.value::<Stored>().new, 1);
    assert_eq!(relay.put(&path, by, &first).await.code(), Code::Conflict);
    let newest: StoredKeyring = relay.get(&path, by).await.value();
    assert_eq!((newest.version, newest.sealed.0[0]), (2, 3));
}

#[tokio::test]
async fn a_keyring_is_for_its_words_and_the_devices_on_its_list_alone() {
    let relay = TestRelay::start().await;
    let mut account = Account::new(1, 11);
    let (path, first, thief) = (account.path(path::KEYRING), device(11).signing_key(), device(12).signing_key());
    relay.put(&path, By::Key(&first), &account.upload(0, 11, 1, 50)).await.value::<Stored>();
    assert_eq!(relay.get(&path, By::Key(&account.words)).await.status, 200);
    assert_eq!(relay.get(&path, By::Key(&thief)).await.code(), Code::Forbidden);
    // Who is on no list is told the same, whether there is such an account or not.
    for account in [&account, &Account::new(2, 21)] {
        let register: DeviceRegister = relay.get(&account.path(path::DEVICES), By::Key(&thief)).await.value();
        assert!(register.devices.is_empty() && register.seen.is_empty());
    }
    assert_eq!(relay.get(&path, By::Nobody).await.code(), Code::Unauthenticated);
    let good = account.upload(1, 11, 1, 50);
    assert_eq!(relay.put(&path, By::Key(&thief), &good).await.code(), Code::Forbidden);
    let anothers = Account::new(2, 12).upload(1, 12, 1, 50);
    assert_eq!(relay.put(&path, By::Key(&first), &anothers).await.code(), Code::BadRequest);
    let mut changed = good.clone();
    changed.keyring.sealed.0[0] ^= 1;
    assert_eq!(relay.put(&path, By::Key(&first), &changed).await.code(), Code::BadRequest);
    let mut skips = good.clone();
    skips.replaces = 5;
    assert_eq!(relay.put(&path, By::Key(&first), &skips).await.code(), Code::BadRequest);
    let large = account.upload(1, 11, 1, KEYRING_MAX + 1);
    assert_eq!(relay.put(&path, By::Key(&first), &large).await.code(), Code::TooLarge);

    // A device puts itself on a list that is not there yet at the relay.
    let stranger = Account::new(1, 12).upload(1, 12, 1, 50);
    assert_eq!(relay.put(&path, By::Key(&first), &stranger).await.code(), Code::BadRequest, "another beginning");
    account.change(11, DeviceChange::Add { device: device(12).keys() });
    let joined = account.upload(1, 11, 2, 50);
    assert_eq!(relay.put(&path, By::Key(&thief), &joined).await.code(), Code::Forbidden);
    relay.put(&path, By::Key(&first), &joined).await.value::<Stored>();
    assert_eq!(relay.get(&path, By::Key(&thief)).await.status, 200);
}

#[tokio::test]
async fn a_removed_device_is_refused_at_once_and_learns_why() {
    let relay = TestRelay::start().await;
    let mut account = Account::new(1, 11);
    let (path, devices) = (account.path(path::KEYRING), account.path(path::DEVICES));
    let (first, second) = (device(11).signing_key(), device(12).signing_key());
    account.change(11, DeviceChange::Add { device: device(12).keys() });
    relay.put(&path, By::Key(&first), &account.upload(0, 11, 1, 50)).await.value::<Stored>();
    assert_eq!(relay.get(&path, By::Key(&second)).await.status, 200);
    let before = account.upload(1, 12, 2, 50);

    account.change(11, DeviceChange::Remove { device: name(12) });
    relay.put(&path, By::Key(&first), &account.upload(1, 11, 3, 50)).await.value::<Stored>();
    assert_eq!(relay.get(&path, By::Key(&second)).await.code(), Code::Forbidden);
    let writes = [before, account.upload(2, 12, 4, 50), account.upload(2, 11, 4, 50)];
    for upload in writes {
        assert_eq!(relay.put(&path, By::Key(&second), &upload).await.code(), Code::Forbidden);
    }
    // Whoever sends it, the list only ever goes on, and only who is on it signs.
    let mut shorter = Account::new(1, 11);
    shorter.change(11, DeviceChange::Add { device: device(12).keys() });
    assert_eq!(relay.put(&path, By::Key(&first), &shorter.upload(2, 12, 5, 50)).await.code(), Code::BadRequest);
    assert_eq!(relay.put(&path, By::Key(&first), &account.upload(2, 12, 5, 50)).await.code(), Code::BadRequest);

    let register: DeviceRegister = relay.get(&devices, By::Key(&second)).await.value();
    assert_eq!(register.devices, account.list.entries());
    let seen: Vec<_> = register.seen.iter().map(|seen| seen.device).collect();
    assert!(seen.contains(&name(11)) && seen.contains(&name(12)));
    let register: DeviceRegister = relay.get(&devices, By::Key(&device(13).signing_key())).await.value();
    assert!(register.devices.is_empty() && register.seen.is_empty());
}
