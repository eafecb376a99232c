#![allow(clippy::unwrap_used)]

use super::*;
use crate::{
    rng::TestRng,
    secret::Secret,
    vectors::{array, bytes, cases, wycheproof},
};
use core::convert::Infallible;
use rand_core::{TryCryptoRng, TryRng};

/// Gives out one vector's ephemeral key material.
struct Fixed([u8; 32]);

impl TryRng for Fixed {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("HPKE draws bytes")
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("HPKE draws bytes")
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        out.copy_from_slice(&self.0);
        Ok(())
    }
}

impl TryCryptoRng for Fixed {}

#[test]
fn rfc_9180_seals_and_opens_byte_for_byte() {
    let cases = cases(include_str!("../../tests/vectors/rfc9180.json"));
    assert_eq!(cases.len(), 2, "base and psk");
    for case in cases {
        let (info, aad) = (bytes(&case, "info"), bytes(&case, "aad"));
        let (psk, psk_id) = (bytes(&case, "psk"), bytes(&case, "psk_id"));
        let shared = (!psk.is_empty()).then_some(Shared { key: &psk, name: &psk_id });
        let context = Context { info: &info, aad: &aad, shared };
        let secret = derive_key_pair(&Secret::from_slice(&bytes(&case, "ikmR")).unwrap());
        // The RFC prints scalars before they are clamped (section 7.1.2).
        let scalar = PrivateKey::from_bytes(&bytes(&case, "skRm")).unwrap();
        assert!(secret == scalar);
        let public = public_key(&secret);
        assert_eq!(public.0, array(&case, "pkRm"));

        let (enc, sealed) = seal(&bytes(&case, "pt"), &public, context, &mut Fixed(array(&case, "ikmE"))).unwrap();
        assert_eq!(enc.0, array(&case, "enc"));
        assert_eq!(sealed.0, bytes(&case, "ct"));
        assert_eq!(open(&enc, &sealed, &secret, context).unwrap(), bytes(&case, "pt"));

        for other in [
            Context { info: b"other", ..context },
            Context { aad: b"other", ..context },
            Context { shared: Some(Shared { key: &[7; 32], name: b"other" }), ..context },
        ] {
            assert_eq!(open(&enc, &sealed, &secret, other), Err(OpenError));
        }
    }
}

#[test]
fn rfc_7748_products() {
    let file: serde_json::Value = serde_json::from_str(include_str!("../../tests/vectors/rfc7748.json")).unwrap();
    for case in file["products"].as_array().unwrap() {
        assert_eq!(x25519_dalek::x25519(array(case, "scalar"), array(case, "u")), array::<32>(case, "output"));
    }
    let mut nine = [0; 32];
    nine[0] = 9;
    let (mut k, mut u) = (nine, nine);
    for round in 1..=1_000 {
        (k, u) = (x25519_dalek::x25519(k, u), k);
        if let Some(expected) = file["iterated"][round.to_string()].as_str() {
            assert_eq!(hex::encode(k), expected, "{round}");
        }
    }
}

#[test]
fn wycheproof_x25519() {
    let cases = wycheproof(include_str!("../../tests/vectors/wycheproof_x25519.json"));
    for (_, case) in &cases {
        let public: [u8; 32] = array(case, "public");
        let shared = x25519_dalek::x25519(array(case, "private"), public);
        assert_eq!(shared, array::<32>(case, "shared"), "{case}");
        let flagged = |flag: &str| case["flags"].as_array().unwrap().iter().any(|f| f == flag);
        if flagged("ZeroSharedSecret") || flagged("NonCanonicalPublic") {
            assert_eq!(check_point(&SealingKey(public)), Err(KeyError::WeakPoint), "{case}");
        } else if case["result"] == "valid" {
            assert_eq!(check_point(&SealingKey(public)), Ok(()), "{case}");
        }
    }
}

#[test]
fn nothing_is_sealed_to_or_opened_from_a_weak_point() {
    let context = Context { info: b"info", aad: b"", shared: None };
    let mut rng = TestRng::new(1);
    let secret = derive_key_pair(&Secret::generate(&mut rng));
    let (_, sealed) = seal(b"text", &public_key(&secret), context, &mut rng).unwrap();
    for case in cases(include_str!("../../tests/vectors/x25519_edge.json")) {
        let point = array(&case, "key");
        let is_valid = case["valid"] == true;
        assert_eq!(check_point(&SealingKey(point)).is_ok(), is_valid, "{case}");
        assert_eq!(seal(b"text", &SealingKey(point), context, &mut rng).is_ok(), is_valid, "{case}");
        assert_eq!(open(&EncappedKey(point), &sealed, &secret, context), Err(OpenError), "{case}");
    }
}
