#![allow(clippy::unwrap_used)]

use super::*;
use crate::{
    link::{LinkKeys, derive_link, generate_fragment},
    member::MemberKeys,
    record::ContentKey,
    rng::TestRng,
    sealing::SealingSecret,
    signature::SigningKey,
    tree::TreeRoot,
    words::RecoveryWords,
};
use carnet_protocol::day::{Day, DayRange};

#[test]
fn a_secret_has_exactly_its_length() {
    assert_eq!(Secret::<32>::from_slice(&[0; 31]), Err(KeyError::Length { expected: 32, found: 31 }));
    assert_eq!(Secret::<32>::from_slice(&[0; 33]), Err(KeyError::Length { expected: 32, found: 33 }));
    let secret = Secret::<32>::generate(&mut TestRng::new(1));
    assert_eq!(secret, secret.duplicate());
    assert_ne!(secret, Secret::generate(&mut TestRng::new(2)));
}

/// What Debug shows of everything that holds a secret, word for word: never a byte of it.
#[test]
fn debug_output_is_redacted() {
    let rng = &mut TestRng::new(1);
    let seed = Secret::<32>::from_slice(&[0xab; 32]).unwrap();
    let tree = TreeRoot::from_secret(&seed);
    let range = DayRange::new(Day(1), Day(2)).unwrap();
    let words = RecoveryWords::generate(rng);
    let root = words.to_root();
    let fragment = generate_fragment(rng);
    let link: LinkKeys = derive_link(&fragment, None).unwrap();
    let shown = [
        format!("{seed:?}"),
        format!("{:?}", SigningKey::from_seed(&seed)),
        format!("{:?}", SealingSecret::derive(&seed)),
        format!("{:?}", ContentKey::from_secret(seed.duplicate())),
        format!("{tree:?}"),
        format!("{:?}", tree.cover(range)),
        format!("{:?}", tree.day_keys(Day(1))),
        format!("{words:?}"),
        format!("{root:?}"),
        format!("{:?}", crate::device::DeviceSecret::from_secret(Secret::from_slice(&[1; 32]).unwrap()).local_key()),
        format!("{:?}", MemberKeys::from_seed(&seed)),
        format!("{link:?}").replace(&fragment.link.to_string(), "<id>"),
        format!("{fragment:?}").replace(&fragment.link.to_string(), "<id>"),
    ];
    assert_eq!(shown.join("\n"), include_str!("../../tests/golden/debug.txt").trim_end());
}
