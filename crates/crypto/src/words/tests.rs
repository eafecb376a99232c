#![allow(clippy::unwrap_used)]

use super::*;
use crate::{
    rng::TestRng,
    vectors::{bytes, cases},
};

#[test]
fn the_published_vectors_give_the_same_words_and_back() {
    let mut long = 0;
    for case in cases(include_str!("../../tests/vectors/bip39.json")) {
        let (entropy, words) = (bytes(&case, "entropy"), case["words"].as_str().unwrap());
        let mnemonic = Mnemonic::from_entropy_in(Language::English, &entropy).unwrap();
        assert_eq!(mnemonic.to_string(), words);
        // Carnet does not use BIP-39's seed; this shows that the library is the one the vectors speak of.
        assert_eq!(hex::encode(mnemonic.to_seed_normalized("TREZOR")), case["seed"].as_str().unwrap());
        if entropy.len() == 32 {
            long += 1;
            let parsed = RecoveryWords::parse(words).unwrap();
            assert_eq!(parsed.0.expose().as_slice(), entropy);
            assert_eq!(parsed.words().collect::<Vec<_>>().join(" "), words);
        } else {
            let found = words.split(' ').count();
            assert_eq!(RecoveryWords::parse(words), Err(WordsError::Count { found }));
        }
    }
    assert_eq!(long, 8);
}

#[test]
fn words_are_read_as_people_type_and_paste_them() {
    let words = RecoveryWords::generate(&mut TestRng::new(1));
    let list: Vec<_> = words.words().collect();
    let numbered: Vec<_> = list.iter().enumerate().map(|(i, word)| format!("{}. {word}", i + 1)).collect();
    for text in [
        list.join(" "),
        list.join("\n"),
        list.join(", "),
        format!("  {}\t", list.join("   ").to_uppercase()),
        numbered.join("\r\n"),
    ] {
        assert_eq!(RecoveryWords::parse(&text).unwrap(), words, "{text}");
    }
}

#[test]
fn the_wrong_word_is_named() {
    let words = RecoveryWords::generate(&mut TestRng::new(2));
    let list: Vec<_> = words.words().collect();
    for position in 1..=WORD_COUNT {
        let mut typed = list.clone();
        typed[position - 1] = "carnet";
        assert_eq!(RecoveryWords::parse(&typed.join(" ")), Err(WordsError::UnknownWord { position }));
    }
    assert_eq!(RecoveryWords::parse(&list[..23].join(" ")), Err(WordsError::Count { found: 23 }));
    assert_eq!(RecoveryWords::parse(""), Err(WordsError::Count { found: 0 }));
    let mut exchanged = list.clone();
    exchanged.swap(0, 1);
    assert_ne!(exchanged[0], exchanged[1]);
    assert!(RecoveryWords::parse(&exchanged.join(" ")).ok() != Some(words));
    assert!(is_known_word("Abandon") && !is_known_word("carnet"));
}

#[test]
fn the_root_is_not_the_words_entropy() {
    let words = RecoveryWords::generate(&mut TestRng::new(3));
    assert_ne!(words.to_root().secret(), &words.0);
    assert_eq!(words.to_root(), words.to_root());
}
