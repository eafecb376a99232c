//! A reader checks what an honest relay serves, and what a lying one does: each lie ends in a finding of its own.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, dead_code)]

#[path = "support/consortium.rs"]
mod consortium;

use carnet_proofs::{
    Evidence, Finding, Verifier,
    bundle::{self, BundleError},
    finding::Finding as F,
    head::leaf_hash,
    policy::{Freshness, Policy},
    verifier::{Leaves, compare, split},
};
use carnet_protocol::{
    day::Timestamp,
    encoding,
    id::Hash32,
    ledger::Leaf,
    proof::{CheckpointProof, DirectoryProof, StreamProof},
};
use consortium::{Consortium, NOW, check, cosigner_name, key, policy, stream, tree_consistency};

#[test]
fn an_honest_passport_is_verified() {
    let consortium = Consortium::new(20);
    let found = check(None, 5, &consortium.proof(5, 0), &consortium.leaves(5)).unwrap();
    assert_eq!(found.head.records.count, 5);
    assert_eq!(found.withdrawn, [3, 4].into());
    assert_eq!(found.witnessed.cosigned.len(), 3);
    assert_eq!(found.witnessed.checkpoint, consortium.checkpoint());
    let mut later = consortium.clone();
    later.grow(9);
    check(Some(&found.witnessed), 5, &later.proof(5, 20), &later.leaves(5)).unwrap();
}

#[test]
fn two_of_three_are_enough_and_one_is_not() {
    let mut consortium = Consortium::new(3);
    consortium.cosigners = vec![3, 1];
    check(None, 1, &consortium.proof(1, 0), &consortium.leaves(1)).unwrap();
    consortium.cosigners = vec![2];
    let found = check(None, 1, &consortium.proof(1, 0), &consortium.leaves(1));
    assert_eq!(found, Err(F::NoQuorum { found: 1, needed: 2 }));
}

#[test]
fn a_note_is_handed_on_with_all_whom_the_policy_knows_and_nobody_else() {
    let mut consortium = Consortium::new(3);
    consortium.cosigners = vec![3, 1];
    let honest = consortium.note();
    let mut note = carnet_proofs::note::Note::parse(&honest).unwrap();
    note.put(carnet_proofs::cosign(&note, "example.org/stranger", &key(9), NOW).unwrap());
    note.put(carnet_proofs::cosign(&note, &cosigner_name(1), &key(9), NOW).unwrap());
    let policy = policy();
    let witnessed = policy.witness(&note.to_string(), Freshness::At(NOW)).unwrap();
    let handed_on = policy.known(&witnessed);
    assert_eq!(handed_on, honest);
    assert_eq!(policy.witness(&handed_on, Freshness::At(NOW)).unwrap().cosigned, witnessed.cosigned);
}

#[test]
fn one_signer_counts_once() {
    let mut consortium = Consortium::new(3);
    consortium.cosigners = vec![2];
    let mut proof = consortium.proof(1, 0);
    // The same line again, another time by the same key, and the key under another name.
    let note = carnet_proofs::note::Note::parse(&proof.checkpoint).unwrap();
    let again = carnet_proofs::cosign(&note, &cosigner_name(2), &key(2), Timestamp(NOW.0 - 5_000)).unwrap();
    let other_name = carnet_proofs::cosign(&note, &cosigner_name(1), &key(2), NOW).unwrap();
    let last = proof.checkpoint.lines().last().unwrap().to_owned();
    proof.checkpoint += &format!("{last}\n{again}\n{other_name}\n");
    assert_eq!(check(None, 1, &proof, &consortium.leaves(1)), Err(F::NoQuorum { found: 1, needed: 2 }));
}

#[test]
fn absence_is_proved_and_so_is_the_directory() {
    let consortium = Consortium::new(7);
    assert_eq!(check(None, 99, &consortium.proof(99, 0), &[]), Err(F::UnknownStream));
    let policy = policy();
    let verifier = Verifier { policy: &policy, ledger: None, seen: None, freshness: Freshness::At(NOW) };
    let map = consortium::map_proof(&consortium.entries(), &carnet_proofs::map::Subject::Directory.key());
    let directory = consortium.directory.clone();
    let mut proof = DirectoryProof { checkpoint: consortium.note(), consistency: Vec::new(), map, directory };
    verifier.directory(&proof).unwrap();
    proof.directory.admissions.push(proof.directory.genesis.clone());
    assert_eq!(verifier.directory(&proof), Err(F::WrongDirectory));
}

/// What a lie changes, and the name of what is found.
type Lie = (&'static str, fn(&mut Consortium, &mut StreamProof, &mut Vec<Leaf>));

fn swap_text(proof: &mut StreamProof, old: &str, new: &str) {
    proof.checkpoint = proof.checkpoint.replacen(old, new, 1);
}

const LIES: &[Lie] = &[
    ("malformed_note", |_, proof, _| proof.checkpoint = proof.checkpoint.trim_end().into()),
    ("malformed_note", |_, proof, _| proof.checkpoint.push_str("and more\n")),
    ("malformed_checkpoint", |_, proof, _| swap_text(proof, "\n20\n", "\n020\n")),
    ("malformed_checkpoint", |_, proof, _| swap_text(proof, "ledger ", "ledgers ")),
    ("unknown_log", |_, proof, _| swap_text(proof, "example.org/carnet/test\n20", "example.org/other\n20")),
    ("wrong_log_signature", |_, proof, _| swap_text(proof, "\n20\n", "\n21\n")),
    ("no_log_signature", |_, proof, _| swap_text(proof, "— example.org/carnet/test ", "— example.org/x ")),
    ("wrong_cosignature", |_, proof, _| {
        let mut note = carnet_proofs::note::Note::parse(&proof.checkpoint).unwrap();
        let mut line = note.signatures()[2].clone();
        line.bytes[40] ^= 1;
        note.put(line);
        proof.checkpoint = note.to_string();
    }),
    ("no_quorum", |books, proof, _| {
        books.cosigners = vec![];
        proof.checkpoint = books.note();
    }),
    ("stale_cosignatures", |books, proof, _| {
        books.signed_at = Timestamp(NOW.0 - 24 * 3_600_000 - 1_000);
        proof.checkpoint = books.note();
    }),
    ("stale_cosignatures", |books, proof, _| {
        books.signed_at = NOW.plus(3_600_000);
        proof.checkpoint = books.note();
    }),
    ("rollback", |books, proof, _| {
        books.log.truncate(15);
        *proof = books.proof(5, 0);
    }),
    ("fork", |books, proof, _| {
        books.log[3] = Hash32([99; 32]);
        *proof = books.proof(5, 18);
    }),
    ("fork", |books, proof, _| {
        books.set_stream(6, 2, Vec::new());
        *proof = books.proof(5, 18);
    }),
    ("inconsistent", |books, proof, _| {
        books.log[3] = Hash32([99; 32]);
        books.grow(3);
        *proof = books.proof(5, 20);
    }),
    ("inconsistent", |books, proof, _| {
        books.grow(3);
        *proof = books.proof(5, 20);
        proof.consistency[0].0[0] ^= 1;
    }),
    ("inconsistent", |books, proof, _| {
        books.grow(3);
        *proof = books.proof(5, 0);
    }),
    ("wrong_map_proof", |_, proof, _| proof.map.siblings[0].0[0] ^= 1),
    ("wrong_map_proof", |_, proof, _| proof.map.siblings.truncate(1)),
    ("wrong_map_proof", |_, proof, _| proof.map.siblings = vec![Hash32([0; 32]); 257]),
    ("wrong_map_proof", |books, proof, _| proof.map = books.proof(6, 0).map),
    ("wrong_map_proof", |_, proof, _| proof.map.entry = None),
    ("other_stream", |books, proof, leaves| {
        *proof = books.proof(6, 20);
        *leaves = books.leaves(6);
    }),
    ("other_stream", |books, proof, _| proof.head = books.proof(6, 0).head),
    ("wrong_head", |_, proof, _| proof.head = None),
    ("wrong_head", |_, proof, _| {
        let head = proof.head.as_mut().unwrap();
        head.standing.previous = Some(stream(9));
    }),
    ("wrong_head", |books, proof, leaves| {
        books.set_stream(5, 4, Vec::new());
        proof.head = books.proof(5, 0).head;
        leaves.pop();
    }),
    ("leaves_dropped", |_, _, leaves| leaves.retain(|leaf| leaf.index != 2)),
    ("leaves_dropped", |_, _, leaves| leaves.truncate(4)),
    ("leaves_dropped", |_, _, leaves| leaves.clear()),
    ("leaves_added", |books, _, leaves| {
        books.set_stream(5, 6, Vec::new());
        *leaves = books.leaves(5);
    }),
    ("leaf_duplicated", |_, _, leaves| leaves.push(leaves[1])),
    ("leaf_duplicated", |_, _, leaves| {
        let (record, index) = (leaves[1].entry.record, 5);
        leaves.push(Leaf { index, ..leaves[1] });
        leaves[2].entry.record = record;
    }),
    ("leaves_reordered", |_, _, leaves| leaves.swap(1, 3)),
    ("leaf_altered", |_, _, leaves| {
        leaves.swap(1, 3);
        (leaves[1].index, leaves[3].index) = (1, 3);
    }),
    ("leaf_altered", |_, _, leaves| leaves[0].entry.commitment.0[0] ^= 1),
    ("leaf_altered", |_, _, leaves| leaves[0].base_quality += 1),
    ("leaf_altered", |_, _, leaves| leaves[4].at.0 += 1),
    ("leaf_altered", |_, _, leaves| leaves[4].source.0[3] ^= 1),
    ("leaf_altered", |_, _, leaves| leaves[4].entry.day.0 += 1),
    ("leaf_altered", |_, _, leaves| leaves[4].entry.label.0[0] += 1),
    ("wrong_withdrawals", |_, proof, _| proof.withdrawn.truncate(1)),
    ("wrong_withdrawals", |_, proof, _| proof.withdrawn.push(0)),
    ("wrong_withdrawals", |_, proof, _| proof.withdrawn.reverse()),
];

#[test]
fn each_lie_has_its_name() {
    let honest = Consortium::new(20);
    let seen = honest.witnessed();
    for (at, (code, lie)) in LIES.iter().enumerate() {
        let mut books = honest.clone();
        let (mut proof, mut leaves) = (books.proof(5, 20), books.leaves(5));
        check(Some(&seen), 5, &proof, &leaves).unwrap();
        lie(&mut books, &mut proof, &mut leaves);
        match check(Some(&seen), 5, &proof, &leaves) {
            Ok(_) => panic!("lie {at}, {code}, was believed"),
            Err(finding) => assert_eq!(finding.code(), *code, "lie {at}: {finding}"),
        }
    }
    let every_finding_but = ["other_ledger", "unknown_stream", "wrong_directory"];
    let named: std::collections::BTreeSet<_> = LIES.iter().map(|(code, _)| *code).collect();
    assert_eq!(named.len() + every_finding_but.len(), 23, "a finding without a lie: {named:?}");
}

#[test]
fn another_ledger_than_the_pinned_one_is_found() {
    let (books, policy) = (Consortium::new(2), policy());
    let ledger = Some(Hash32([1; 32]));
    let verifier = Verifier { policy: &policy, ledger, seen: None, freshness: Freshness::At(NOW) };
    let proof = CheckpointProof { checkpoint: books.note(), consistency: Vec::new() };
    assert_eq!(verifier.checkpoint(&proof), Err(F::OtherLedger));
}

#[test]
fn a_lie_about_the_past_leaves_evidence() {
    let (honest, mut forked) = (Consortium::new(20), Consortium::new(20));
    forked.log[0] = Hash32([9; 32]);
    let seen = honest.witnessed();
    let finding = check(Some(&seen), 5, &forked.proof(5, 20), &forked.leaves(5)).unwrap_err();
    let evidence = finding.evidence().unwrap();
    let read: Evidence = encoding::decode(&evidence.export()).unwrap();
    assert_eq!((&read.seen, &read.served), (&honest.note(), &forked.note()));
    // Whoever gets the file needs no wallet to see that the log has signed both.
    for note in [&read.seen, &read.served] {
        policy().witness(note, Freshness::Any).unwrap();
    }
}

#[test]
fn two_readers_who_meet_find_a_split_view() {
    let (mine, mut theirs) = (Consortium::new(20), Consortium::new(20));
    assert_eq!(compare(&mine.witnessed(), &theirs.witnessed(), &[]), Ok(()));
    theirs.log[19] = Hash32([9; 32]);
    theirs.grow(4);
    // Whatever the relay serves to join the two, it does not.
    for proof in [tree_consistency(20, &theirs.log), Vec::new()] {
        let found = compare(&mine.witnessed(), &theirs.witnessed(), &proof);
        assert!(matches!(found, Err(Finding::Inconsistent(_))));
    }
    let found = compare(&theirs.witnessed(), &mine.witnessed(), &[]);
    assert!(matches!(found, Err(Finding::Rollback(_))), "the longer one was given first");
}

#[test]
fn leaves_newer_than_the_checkpoint_are_set_aside() {
    let books = Consortium::new(20);
    let mut leaves = books.leaves(5);
    leaves.push(Leaf { index: 5, ..consortium::leaves(5, 6)[5] });
    let proof = books.proof(5, 0);
    let (proved, newer) = split(proof.head.as_ref().unwrap(), &leaves);
    assert_eq!((proved.len(), newer.len()), (5, 1));
    check(None, 5, &proof, proved).unwrap();
}

#[test]
fn a_bundle_is_checked_without_anything_else() {
    let (books, policy) = (Consortium::new(20), policy());
    let (proof, leaves) = (books.proof(5, 20), books.leaves(5));
    let verified = check(Some(&books.witnessed()), 5, &proof, &leaves).unwrap();
    let made = bundle::make(&policy, &verified, &proof, &leaves, NOW);
    let file = encoding::encode(&made);
    let read = bundle::parse(&file).unwrap();
    assert_eq!(bundle::verify(&read, None), Ok(verified.clone()));
    assert_eq!(bundle::verify(&read, Some(&policy)), Ok(verified));
    // A policy of one's own that does not know these signers is not overruled by the one inside.
    let own = policy.text().replace(&consortium::vkey(1).to_string(), &consortium::vkey(7).to_string());
    let own = own.replace(&consortium::vkey(2).to_string(), &consortium::vkey(8).to_string());
    let own = Policy::parse(&own).unwrap();
    let refused = Err(BundleError::Finding(F::NoQuorum { found: 1, needed: 2 }));
    assert_eq!(bundle::verify(&read, Some(&own)), refused);
    let mut short = read.clone();
    short.leaves.pop();
    let dropped = F::LeavesDropped { proved: 5, missing: 1, first: 4 };
    assert_eq!(bundle::verify(&short, None), Err(BundleError::Finding(dropped)));
    let mut later = read.clone();
    later.version = 2;
    assert_eq!(bundle::parse(&encoding::encode(&later)), Err(BundleError::Version(2)));
    assert_eq!(stream(5), read.stream);
}

#[test]
fn a_proof_of_ten_thousand_records_is_as_large_as_one_of_a_single_record() {
    let mut books = Consortium::new(20);
    let small = encoding::encode(&books.proof(1, 20)).len();
    books.set_stream(1, 10_000, Vec::new());
    let large = encoding::encode(&books.proof(1, 20)).len();
    assert!(large < 4_096 && large <= small + 2, "{small} and {large} bytes");
    check(None, 1, &books.proof(1, 0), &books.leaves(1)).unwrap();
}

/// What is signed, and how much of it there is, is the same; the rest is the hash tree of RFC 9162 over the leaves.
#[test]
fn checking_one_record_and_ten_thousand_differs_only_by_hashing() {
    let mut books = Consortium::new(20);
    let policy = policy();
    let verifier = Verifier { policy: &policy, ledger: None, seen: None, freshness: Freshness::At(NOW) };
    let mut keyed = Vec::new();
    for records in [1, 10_000] {
        books.set_stream(1, records, Vec::new());
        let proof = books.proof(1, 20);
        let signatures = carnet_proofs::note::Note::parse(&proof.checkpoint).unwrap().signatures().len();
        keyed.push((signatures, proof.map.siblings.len(), proof.consistency.len()));
        // All that a key has a part in, before a single leaf was looked at.
        let found = verifier.head(&stream(1), &proof).unwrap();
        let leaves: Vec<_> = books.leaves(1).iter().map(leaf_hash).collect();
        assert_eq!((leaves.len() as u64, consortium::tree_root(&leaves)), (records, found.head.records.root));
        assert_eq!(verifier.stream(&stream(1), &proof, Leaves::Hashes(&leaves)), Ok(found));
    }
    assert_eq!(keyed[0], keyed[1]);
}
