use crate::rng::TestRng;
use carnet_crypto::{
    device::{DeviceError, DeviceList, DeviceSecret},
    root::Root,
    secret::Secret,
    signature::SigningKey,
};
use carnet_protocol::{
    day::Timestamp,
    device::{DeviceChange, DeviceEntry, DeviceKeys},
    id::Hash32,
    key::{SealingKey, VerifyingKey},
    limits::{DEVICE_ENTRIES_MAX, DEVICES_BY_DEVICES_MAX, DEVICES_EVER_MAX, DEVICES_MAX},
    signed::Signed,
};

pub fn root(number: u8) -> Root {
    Root::from_secret(Secret::from_slice(&[number; 32]).unwrap())
}

pub fn device(number: u8) -> DeviceSecret {
    DeviceSecret::from_secret(Secret::from_slice(&[number; 32]).unwrap())
}

/// The list of account 1 with device 101.
pub fn list() -> DeviceList {
    let root = root(1);
    DeviceList::begin(&root.account_key(), root.sealing_secret().public(), device(101).keys(), Timestamp(1)).unwrap()
}

pub fn add(list: &mut DeviceList, by: &SigningKey, number: u8) -> Result<(), DeviceError> {
    list.append(list.entry(by, DeviceChange::Add { device: device(number).keys() }, Timestamp(2)))
}

pub fn remove(list: &mut DeviceList, by: &SigningKey, number: u8) -> Result<(), DeviceError> {
    list.append(list.entry(by, DeviceChange::Remove { device: name(number) }, Timestamp(3)))
}

fn name(number: u8) -> VerifyingKey {
    device(number).keys().sign
}

fn key(number: u8) -> SigningKey {
    device(number).signing_key()
}

#[test]
fn a_device_on_the_list_adds_and_removes_others_and_the_words_do_as_well() {
    let mut list = list();
    add(&mut list, &key(101), 102).unwrap();
    add(&mut list, &key(102), 103).unwrap();
    remove(&mut list, &key(103), 101).unwrap();
    add(&mut list, &root(1).account_key(), 104).unwrap();
    remove(&mut list, &root(1).account_key(), 102).unwrap();
    let active: Vec<_> = list.active().map(|device| device.keys.sign).collect();
    assert_eq!(active, [name(103), name(104)]);
    assert_eq!(list.epoch(), 2);
    assert_eq!(list.recipients().count(), 3);
    assert_eq!(list.device(name(101)).unwrap().removed_at, Some(Timestamp(3)));
    let again = DeviceList::verify(list.account(), list.entries().to_vec()).unwrap();
    assert_eq!(again, list);
    assert!(list.continues(&list.entries()[..3]));
}

#[test]
fn who_was_removed_or_never_was_there_changes_nothing() {
    let mut list = list();
    add(&mut list, &key(101), 102).unwrap();
    remove(&mut list, &key(101), 102).unwrap();
    let before = list.clone();
    assert_eq!(add(&mut list, &key(102), 103), Err(DeviceError::Signer), "removed");
    assert_eq!(remove(&mut list, &key(102), 101), Err(DeviceError::Signer), "removed");
    assert_eq!(add(&mut list, &key(104), 104), Err(DeviceError::Signer), "never there");
    assert_eq!(add(&mut list, &root(2).account_key(), 103), Err(DeviceError::Signer), "another account's words");
    // A device stays removed, also for the words.
    assert_eq!(add(&mut list, &root(1).account_key(), 102), Err(DeviceError::Keys));
    assert_eq!(remove(&mut list, &key(101), 102), Err(DeviceError::Unknown));
    assert_eq!(list, before);
}

#[test]
fn keys_that_are_used_or_unusable_are_not_added() {
    let mut list = list();
    let (good, root) = (device(102).keys(), root(1));
    let with = |change: DeviceKeys| DeviceChange::Add { device: change };
    for refused in [
        DeviceKeys { sign: name(101), ..good },
        DeviceKeys { seal: device(101).keys().seal, ..good },
        DeviceKeys { sign: root.account_key().verifying_key(), ..good },
        DeviceKeys { seal: root.sealing_secret().public(), ..good },
        DeviceKeys { sign: VerifyingKey([0; 32]), ..good },
        DeviceKeys { seal: SealingKey([0; 32]), ..good },
    ] {
        assert_eq!(list.append(list.entry(&key(101), with(refused), Timestamp(2))), Err(DeviceError::Keys));
    }
    let begin = DeviceChange::Begin { words: good.seal };
    assert_eq!(list.append(list.entry(&root.account_key(), begin, Timestamp(2))), Err(DeviceError::Beginning));
}

#[test]
fn a_list_that_was_cut_put_together_or_changed_does_not_verify() {
    let mut long = list();
    add(&mut long, &key(101), 102).unwrap();
    remove(&mut long, &key(101), 102).unwrap();
    let (account, entries) = (long.account(), long.entries().to_vec());
    let refused = |entries: Vec<Signed<DeviceEntry>>| DeviceList::verify(account, entries).unwrap_err();
    assert_eq!(refused(Vec::new()), DeviceError::Beginning);
    for missing in 0..entries.len() - 1 {
        let mut changed = entries.clone();
        changed.remove(missing);
        refused(changed);
    }
    for other in 1..entries.len() {
        let mut changed = entries.clone();
        changed.swap(other - 1, other);
        refused(changed);
    }
    for entry in 0..entries.len() {
        for bit in 0..entries[entry].body.len() * 8 {
            let mut changed = entries.clone();
            changed[entry].body.0[bit / 8] ^= 1 << (bit % 8);
            refused(changed);
        }
    }
    assert!(DeviceList::verify(root(2).account_key().verifying_key(), entries.clone()).is_err());
    // The relay begins a list of its own under the account's name.
    let (relay, at) = (root(9).account_key(), Timestamp(1));
    let change = DeviceChange::Begin { words: root(9).sealing_secret().public() };
    let begin = DeviceEntry { account, sequence: 0, previous: Hash32([0; 32]), at, change };
    assert_eq!(refused(vec![relay.sign(&begin)]), DeviceError::Signer);
    // What one list says does not fit another that parted from it.
    let mut parted = list();
    add(&mut parted, &key(101), 103).unwrap();
    assert_eq!(parted.append(entries[3].clone()), Err(DeviceError::OutOfPlace));
    assert!(!parted.continues(&entries[..3]));
}

#[test]
fn a_list_has_bounds_and_neither_a_removal_nor_the_words_are_shut_out_by_them() {
    let mut list = list();
    let mut rng = TestRng::new(1);
    let mut grow = |list: &mut DeviceList, by: &SigningKey| {
        let new = DeviceSecret::generate(&mut rng).keys();
        list.append(list.entry(by, DeviceChange::Add { device: new }, Timestamp(2))).map(|()| new.sign)
    };
    let remove = |list: &mut DeviceList, device| {
        list.append(list.entry(&key(101), DeviceChange::Remove { device }, Timestamp(3)))
    };
    for _ in 1..DEVICES_MAX {
        grow(&mut list, &key(101)).unwrap();
    }
    assert_eq!(grow(&mut list, &key(101)), Err(DeviceError::Full), "so many at a time");
    grow(&mut list, &root(1).account_key()).expect("the words find room");
    let mut ever = DEVICES_MAX + 1;
    while ever < DEVICES_BY_DEVICES_MAX {
        while list.active().count() >= DEVICES_MAX {
            let last = list.active().last().unwrap().keys.sign;
            remove(&mut list, last).unwrap();
        }
        grow(&mut list, &key(101)).unwrap();
        ever += 1;
    }
    let last = list.active().last().unwrap().keys.sign;
    remove(&mut list, last).expect("however long the list is");
    assert_eq!(grow(&mut list, &key(101)), Err(DeviceError::Full), "so many ever");
    for _ in ever..DEVICES_EVER_MAX {
        grow(&mut list, &root(1).account_key()).expect("the words find room");
    }
    assert_eq!(grow(&mut list, &root(1).account_key()), Err(DeviceError::Full));
    let others: Vec<_> = list.active().map(|device| device.keys.sign).filter(|other| *other != name(101)).collect();
    for other in others {
        remove(&mut list, other).unwrap();
    }
    assert!(list.entries().len() < DEVICE_ENTRIES_MAX);
    assert!(DeviceList::verify(list.account(), list.entries().to_vec()).is_ok());
}
