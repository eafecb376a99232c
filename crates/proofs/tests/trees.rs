//! Both trees against published vectors and against a second implementation.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, dead_code)]
#![cfg(not(target_family = "wasm"))]

#[path = "support/consortium.rs"]
mod consortium;

use carnet_proofs::{
    map::{self, Subject},
    tree::{self, Peaks},
};
use carnet_protocol::{
    domain::Domain,
    id::{Hash32, StreamId},
    proof::{Committed, MapEntry, MapProof},
};
use consortium::{map_proof, map_root, tree_consistency, tree_path, tree_root};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

/// The entries and roots of the Certificate Transparency reference tests.
const ENTRIES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn published() -> Vec<Hash32> {
    let hash = |entry: &&str| Sha256::digest([vec![0], hex::decode(entry).unwrap()].concat()).into();
    ENTRIES.iter().map(|entry| Hash32(hash(entry))).collect()
}

#[test]
fn published_roots() {
    let entries = published();
    for (count, root) in ROOTS.iter().enumerate() {
        let peaks = Peaks::over(entries[..count].iter().copied());
        assert_eq!(hex::encode(peaks.root().0), *root);
        assert_eq!(peaks.root(), tree_root(&entries[..count]));
    }
}

#[test]
fn published_consistency_proofs_hold_and_no_other() {
    let entries = published();
    let at = |count: usize| Committed { count: count as u64, root: tree_root(&entries[..count]) };
    let proofs = [
        (1, 1, ""),
        (
            1,
            8,
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7\
             5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e\
             6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ),
        (
            2,
            5,
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e\
             bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ),
        (
            6,
            8,
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a\
             ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0\
             d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ),
    ];
    for (old, new, proof) in proofs {
        let proof: Vec<_> =
            hex::decode(proof).unwrap().chunks(32).map(|hash| Hash32(hash.try_into().unwrap())).collect();
        assert_eq!(tree_consistency(old, &entries[..new]), proof);
        assert_eq!(tree::verify_consistency(&at(old), &at(new), &proof), Ok(()));
        must_fail(&at(old), &at(new), &proof);
    }
    // From nothing to anything there is nothing to prove, and nothing else proves it.
    assert_eq!(tree::verify_consistency(&at(0), &at(5), &[]), Ok(()));
    assert!(tree::verify_consistency(&at(0), &at(5), &[entries[0]]).is_err());
    assert!(tree::verify_consistency(&Committed { count: 0, ..at(1) }, &at(5), &[]).is_err());
}

fn must_fail(old: &Committed, new: &Committed, proof: &[Hash32]) {
    let fails = |old: &Committed, new: &Committed, proof: &[Hash32]| {
        assert!(tree::verify_consistency(old, new, proof).is_err(), "{old:?} {new:?} {proof:?}");
    };
    let other = Hash32([7; 32]);
    for at in 0..proof.len() {
        let mut changed = proof.to_vec();
        changed[at].0[31] ^= 1;
        fails(old, new, &changed);
        fails(old, new, &proof[..at]);
    }
    fails(old, new, &[proof, &[other]].concat());
    fails(old, &Committed { root: other, ..*new }, proof);
    fails(&Committed { root: other, ..*old }, new, proof);
    for count in [0, 1 << 48, (1 << 48) + 1, u64::MAX] {
        let _ = tree::verify_consistency(old, &Committed { count, ..*new }, proof);
        let _ = tree::verify_consistency(&Committed { count, ..*old }, new, proof);
        let _ = tree::verify_inclusion(&Committed { count, ..*new }, u64::MAX, Domain::LOG_RECORD, &[], proof);
    }
    fails(old, &Committed { count: u64::MAX, ..*new }, proof);
}

#[test]
fn a_word_by_word_reading_of_the_standard_agrees_with_the_library_at_every_size() {
    let data: Vec<Vec<u8>> = (0..70_u8).map(|n| [Domain::LOG_RECORD.as_bytes(), &[n]].concat()).collect();
    let entries: Vec<_> = (0..70_u8).map(|n| tree::entry_hash(Domain::LOG_RECORD, &[n])).collect();
    let mut library = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    for new in 1..=entries.len() {
        library.push(data[new - 1].clone());
        let at = |count: usize| Committed { count: count as u64, root: tree_root(&entries[..count]) };
        assert_eq!(library.root().as_bytes().as_slice(), at(new).root.0);
        for old in 1..=new {
            let proof = tree_consistency(old, &entries[..new]);
            assert_eq!(library.prove_consistency(new - old).as_bytes(), flat(&proof));
            assert_eq!(tree::verify_consistency(&at(old), &at(new), &proof), Ok(()));
        }
        for index in 0..new {
            let (path, one) = (tree_path(index, &entries[..new]), u8::try_from(index).unwrap());
            assert_eq!(library.prove_inclusion(index).as_bytes(), flat(&path));
            let holds =
                |index, byte| tree::verify_inclusion(&at(new), index, Domain::LOG_RECORD, &[byte], &path).is_ok();
            assert!(holds(index as u64, one));
            assert!(!holds(index as u64, one ^ 1) && !holds(index as u64 + 1, one));
            assert!(tree::verify_inclusion(&at(new), index as u64, Domain::LOG_GRANT, &[one], &path).is_err());
        }
    }
}

fn flat(hashes: &[Hash32]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

fn keys() -> impl Strategy<Value = Vec<(Hash32, Hash32)>> {
    // Few bits differ, so that keys share long beginnings.
    let key = prop_oneof![
        any::<[u8; 32]>(),
        (0..32_usize, 0..8_u8).prop_map(|(byte, bit)| {
            let mut key = [0; 32];
            key[byte] = 1 << bit;
            key
        })
    ];
    prop::collection::vec((key.prop_map(Hash32), any::<[u8; 32]>().prop_map(Hash32)), 0..24)
}

proptest! {
    #[test]
    fn the_map_proves_what_is_in_it_and_what_is_not(pairs in keys(), asked in keys(), flip in any::<(usize, u8)>()) {
        let pairs: std::collections::BTreeMap<_, _> = pairs.into_iter().collect();
        let entries: Vec<_> = pairs.iter().map(|(key, value)| MapEntry { key: *key, value: *value }).collect();
        let root = map_root(&entries, 0);
        for key in pairs.keys().chain(asked.iter().map(|(key, _)| key)) {
            let proof = map_proof(&entries, key);
            prop_assert_eq!(map::verify(&root, key, &proof), Ok(pairs.get(key).copied()));
            let mut other = root;
            other.0[0] ^= 1;
            prop_assert!(map::verify(&other, key, &proof).is_err());
            if !proof.siblings.is_empty() {
                let mut changed = proof.clone();
                let at = flip.0 % changed.siblings.len();
                changed.siblings[at].0[usize::from(flip.1) % 32] ^= 1 << (flip.1 % 8);
                prop_assert!(map::verify(&root, key, &changed).is_err());
                let shorter = MapProof { siblings: proof.siblings[1..].to_vec(), ..proof.clone() };
                prop_assert!(map::verify(&root, key, &shorter).is_err());
            }
            if let Some(entry) = proof.entry {
                let mut changed = proof.clone();
                changed.entry = Some(MapEntry { value: root, ..entry });
                prop_assert!(map::verify(&root, key, &changed).is_err());
            }
        }
    }
}

#[test]
fn subjects_have_keys_of_their_own() {
    let streams: Vec<_> = (0..50).map(|n| Subject::Stream(&StreamId([n; 16])).key()).collect();
    let mut all = [streams, vec![Subject::Directory.key()]].concat();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 51);
}
