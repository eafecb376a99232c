#![allow(clippy::unwrap_used)]

use super::*;
use crate::vectors::{bytes, cases, wycheproof};
use argon2::ParamsBuilder;

#[test]
fn rfc_5869_hkdf() {
    for case in cases(include_str!("../../tests/vectors/rfc5869.json")) {
        let prk = extract(&bytes(&case, "salt"), &bytes(&case, "ikm"));
        assert_eq!(prk.expose().as_slice(), bytes(&case, "prk"));
        let mut okm = vec![0; bytes(&case, "okm").len()];
        Hkdf::<Sha256>::from_prk(prk.expose()).unwrap().expand(&bytes(&case, "info"), &mut okm).unwrap();
        assert_eq!(okm, bytes(&case, "okm"));
    }
}

#[test]
fn wycheproof_hkdf_sha256() {
    for (_, case) in wycheproof(include_str!("../../tests/vectors/wycheproof_hkdf_sha256.json")) {
        let prk = extract(&bytes(&case, "salt"), &bytes(&case, "ikm"));
        let mut okm = vec![0; usize::try_from(case["size"].as_u64().unwrap()).unwrap()];
        let done = Hkdf::<Sha256>::from_prk(prk.expose()).unwrap().expand(&bytes(&case, "info"), &mut okm);
        assert_eq!(done.is_ok(), case["result"] == "valid", "{case}");
        if done.is_ok() {
            assert_eq!(okm, bytes(&case, "okm"), "{case}");
        }
    }
}

#[test]
fn expanding_puts_the_label_before_the_context() {
    let prk = Secret::from_slice(&[3; 32]).unwrap();
    let derived: Secret<64> = expand(&prk, Domain::DERIVE_CONTENT, &[b"con", b"text"]);
    let mut expected = [0; 64];
    let info = [Domain::DERIVE_CONTENT.as_bytes(), b"context"].concat();
    Hkdf::<Sha256>::from_prk(prk.expose()).unwrap().expand(&info, &mut expected).unwrap();
    assert_eq!(derived.expose(), &expected);
}

#[test]
fn rfc_9106_argon2id() {
    for case in cases(include_str!("../../tests/vectors/rfc9106.json")) {
        let number = |field: &str| u32::try_from(case[field].as_u64().unwrap()).unwrap();
        let mut params = ParamsBuilder::new();
        params.m_cost(number("memory_kib")).t_cost(number("passes")).p_cost(number("lanes"));
        let data = bytes(&case, "data");
        if !data.is_empty() {
            params.data(argon2::AssociatedData::new(&data).unwrap());
        }
        let secret = bytes(&case, "secret");
        let params = params.output_len(bytes(&case, "output").len()).build().unwrap();
        let argon2 = Argon2::new_with_secret(&secret, Algorithm::Argon2id, Version::V0x13, params).unwrap();
        let mut out = vec![0; bytes(&case, "output").len()];
        argon2.hash_password_into(&bytes(&case, "passphrase"), &bytes(&case, "salt"), &mut out).unwrap();
        assert_eq!(out, bytes(&case, "output"), "{case}");
    }
}

/// Figures of the reference implementation in C (argon2-cffi).
#[test]
fn stretching_agrees_with_the_reference_implementation() {
    let salt = core::array::from_fn(|i| i as u8);
    for (text, expected) in [
        ("correct horse battery staple", "818259b6310026a8e0dbac5d2e6927abcfdb07b32258fac4f61b18b80f929085"),
        ("passé composé", "72350d83d8a313d316deda692dbfa6a5e649add1619a97d3a3a0c04772e57a3d"),
        // The same with accents as characters of their own, as some keyboards send them.
        ("passe\u{301} compose\u{301}", "72350d83d8a313d316deda692dbfa6a5e649add1619a97d3a3a0c04772e57a3d"),
        ("中文", "a2581246a9dbd68524fb39322592b81b18bd33cd8cc0712d30ced0c46907acd4"),
    ] {
        assert_eq!(hex::encode(stretch(text, &salt, FLOOR).unwrap().expose()), expected, "{text}");
    }
}

#[test]
fn costs_outside_the_bounds_are_refused() {
    for cost in [FLOOR, CEILING, argon2_default()] {
        assert_eq!(check_cost(cost), Ok(()));
    }
    for weak in [
        Argon2Params { memory_kib: FLOOR.memory_kib - 1, ..FLOOR },
        Argon2Params { passes: FLOOR.passes - 1, ..FLOOR },
        Argon2Params { lanes: 0, ..FLOOR },
        Argon2Params { memory_kib: 0, passes: 0, lanes: 0 },
    ] {
        assert!(matches!(stretch("x", &[0; 16], weak), Err(KdfError::TooWeak { .. })), "{weak:?}");
    }
    for costly in [
        Argon2Params { memory_kib: CEILING.memory_kib + 1, ..CEILING },
        Argon2Params { passes: CEILING.passes + 1, ..CEILING },
        Argon2Params { lanes: CEILING.lanes + 1, ..CEILING },
        Argon2Params { memory_kib: u32::MAX, passes: u32::MAX, lanes: u32::MAX },
    ] {
        assert!(matches!(stretch("x", &[0; 16], costly), Err(KdfError::TooCostly { .. })), "{costly:?}");
    }
}
