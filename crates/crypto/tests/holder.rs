//! Bundles for co-holders, and what must not open.

#![allow(clippy::unwrap_used, missing_docs)]

#[path = "support/rng.rs"]
mod rng;

use carnet_crypto::{
    holder::{BundleError, BundleFor, invitation_key, open_bundle, seal_bundle, verify_bundle},
    sealing::SealingSecret,
    secret::Secret,
    signature::SigningKey,
};
use carnet_protocol::{
    Blob,
    category::Category,
    day::Day,
    encoding,
    holder::{BundleCategory, BundleEnvelope, BundleGeneration, BundleNode, BundleSecret},
    id::{CategoryLabel, StreamId},
    key::SealingKey,
};
use std::sync::atomic::{AtomicU64, Ordering};

const STREAM: StreamId = StreamId([1; 16]);

/// Another sequence each time.
fn fresh() -> rng::TestRng {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    rng::TestRng::new(NEXT.fetch_add(1, Ordering::Relaxed))
}

struct Scene {
    owner: SigningKey,
    holder: SigningKey,
    seal: SealingSecret,
}

impl Scene {
    fn new() -> Self {
        let mut rng = fresh();
        Self {
            owner: SigningKey::generate(&mut rng),
            holder: SigningKey::generate(&mut rng),
            seal: SealingSecret::generate(&mut rng),
        }
    }

    fn to(&self) -> BundleFor {
        BundleFor { stream: STREAM, holder: self.holder.verifying_key(), seal: self.seal.public(), version: 7 }
    }

    fn bundle(&self) -> BundleEnvelope {
        seal_bundle(&self.to(), secret(), &self.owner, &mut fresh()).unwrap()
    }

    fn open(&self, envelope: &BundleEnvelope) -> Result<u64, BundleError> {
        let opened =
            open_bundle(envelope, &self.seal, &STREAM, &self.holder.verifying_key(), &self.owner.verifying_key());
        opened.map(|(version, bundle)| {
            assert!(*bundle.secret() == secret());
            version
        })
    }
}

fn secret() -> BundleSecret {
    let node = BundleNode { first: Day::FIRST, height: 16, key: Blob(vec![3; 32]) };
    let generations = vec![BundleGeneration { id: 1, nodes: vec![node] }];
    let keys = BundleCategory { category: Category::Mileage, label: CategoryLabel([2; 8]), generations };
    BundleSecret { vehicle_name: "car".into(), sample: false, categories: vec![keys] }
}

#[test]
fn a_bundle_opens_for_its_co_holder_and_nobody_else() {
    let (one, two) = (Scene::new(), Scene::new());
    let bundle = one.bundle();
    assert_eq!(one.open(&bundle), Ok(7));
    assert!(verify_bundle(&bundle, &one.owner.verifying_key()).is_ok());
    let (holder, owner) = (one.holder.verifying_key(), one.owner.verifying_key());
    assert_eq!(
        open_bundle(&bundle, &two.seal, &STREAM, &holder, &owner).err(),
        Some(BundleError::Other),
        "another's sealing key"
    );
    let elsewhere = StreamId([9; 16]);
    assert_eq!(open_bundle(&bundle, &one.seal, &elsewhere, &holder, &owner).err(), Some(BundleError::Other));
    let other = two.holder.verifying_key();
    assert_eq!(open_bundle(&bundle, &one.seal, &STREAM, &other, &owner).err(), Some(BundleError::Other));
    let foreign = two.owner.verifying_key();
    assert!(matches!(
        open_bundle(&bundle, &one.seal, &STREAM, &holder, &foreign).err(),
        Some(BundleError::Signature(_))
    ));
}

#[test]
fn no_part_of_a_bundle_goes_into_another() {
    let scene = Scene::new();
    let (first, second) = (scene.bundle(), scene.bundle());
    let mixed = BundleEnvelope { sealed: second.sealed.clone(), enc: second.enc, ..first.clone() };
    assert_eq!(scene.open(&mixed), Err(BundleError::OtherSealedPart));
    // Signed by somebody else as their own: the sealed part is bound to the owner.
    let thief = SigningKey::generate(&mut fresh());
    let stolen = verify_bundle(&first, &scene.owner.verifying_key()).unwrap();
    let resigned = BundleEnvelope { bundle: thief.sign(&stolen), ..first.clone() };
    let opened = open_bundle(&resigned, &scene.seal, &STREAM, &scene.holder.verifying_key(), &thief.verifying_key());
    assert!(matches!(opened.err(), Some(BundleError::Open(_))));
}

#[test]
fn any_flipped_bit_is_found() {
    let scene = Scene::new();
    let bytes = encoding::encode(&scene.bundle());
    for bit in (0..bytes.len() * 8).step_by(7) {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let Ok(envelope) = encoding::decode::<BundleEnvelope>(&changed) else { continue };
        assert!(scene.open(&envelope).is_err(), "bit {bit}");
    }
}

#[test]
fn nothing_is_sealed_to_a_key_of_small_order() {
    let scene = Scene::new();
    let to = BundleFor { seal: SealingKey([0; 32]), ..scene.to() };
    let sealed = seal_bundle(&to, secret(), &scene.owner, &mut fresh());
    assert!(matches!(sealed.err(), Some(BundleError::HolderKey(_))));
}

#[test]
fn an_invitations_key_is_of_its_secret_and_stream() {
    let key = |secret: u8, stream: u8| {
        invitation_key(&Secret::from_slice(&[secret; 32]).unwrap(), &StreamId([stream; 16])).verifying_key()
    };
    assert_eq!(key(1, 1), key(1, 1));
    assert_ne!(key(1, 1), key(2, 1));
    assert_ne!(key(1, 1), key(1, 2));
}
