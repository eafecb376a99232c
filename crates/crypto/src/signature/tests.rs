#![allow(clippy::unwrap_used)]

use super::*;
use crate::vectors::{array, bytes, cases, wycheproof};
use carnet_protocol::{api::auth::RequestClaim, id::LinkId, link::Claim};

fn verifies(key: &VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    // A signature of another length is no `Signature` at all.
    Signature::try_from(signature).is_ok_and(|signature| verify_bytes(message, key, &signature).is_ok())
}

#[test]
fn rfc_8032_signs_and_verifies_byte_for_byte() {
    for case in cases(include_str!("../../tests/vectors/rfc8032.json")) {
        use ed25519_dalek::Signer as _;
        let key = SigningKey::from_seed(&Secret::from_slice(&bytes(&case, "seed")).unwrap());
        assert_eq!(key.verifying_key().0, array(&case, "key"), "{case}");
        let message = bytes(&case, "message");
        assert_eq!(key.0.sign(&message).to_bytes(), array::<64>(&case, "signature"), "{case}");
        assert!(verifies(&key.verifying_key(), &message, &bytes(&case, "signature")), "{case}");
        assert_eq!(key.seed().expose().as_slice(), bytes(&case, "seed"));
    }
}

#[test]
fn wycheproof_ed25519() {
    for (group, case) in wycheproof(include_str!("../../tests/vectors/wycheproof_ed25519.json")) {
        let key = VerifyingKey(array(&group["publicKey"], "pk"));
        let expected = case["result"] == "valid";
        assert_eq!(verifies(&key, &bytes(&case, "msg"), &bytes(&case, "sig")), expected, "{case}");
    }
}

#[test]
fn edge_cases_follow_the_one_strict_rule() {
    let file: serde_json::Value = serde_json::from_str(include_str!("../../tests/vectors/ed25519_edge.json")).unwrap();
    for case in file["signatures"].as_array().unwrap() {
        let key = VerifyingKey(array(case, "key"));
        let expected = case["valid"] == true;
        assert_eq!(verifies(&key, &bytes(case, "message"), &bytes(case, "signature")), expected, "{case}");
    }
    for case in file["keys"].as_array().unwrap() {
        let key = VerifyingKey(array(case, "key"));
        assert_eq!(check_verifying_key(&key).is_ok(), case["valid"] == true, "{case}");
    }
}

fn claim() -> Claim {
    Claim { link: LinkId([7; 16]), claimer: VerifyingKey([8; 32]) }
}

#[test]
fn a_signature_is_good_under_its_own_label_alone() {
    use carnet_protocol::domain::Domain;
    use ed25519_dalek::Signer as _;
    let key = SigningKey::from_seed(&Secret::from_slice(&[5; 32]).unwrap());
    let body = encoding::encode(&claim());
    for domain in Domain::ALL {
        let signature = Signature(key.0.sign(&[domain.as_bytes(), &body].concat()).to_bytes());
        let signed: Signed<Claim> = Signed::from_parts(body.clone(), key.verifying_key(), signature);
        let expected = if *domain == Claim::DOMAIN { Ok(claim()) } else { Err(SignatureError::Invalid) };
        assert_eq!(verify(&signed), expected, "{domain:?}");
    }
}

#[test]
fn a_signed_value_must_be_canonical_and_of_its_type() {
    use ed25519_dalek::Signer as _;
    let key = SigningKey::from_seed(&Secret::from_slice(&[5; 32]).unwrap());
    let sign = |body: &[u8]| {
        let signature = Signature(key.0.sign(&labelled::<Claim>(body)).to_bytes());
        Signed::<Claim>::from_parts(body.to_vec(), key.verifying_key(), signature)
    };
    let body = encoding::encode(&claim());
    assert_eq!(verify(&sign(&body)), Ok(claim()));
    let longer = [body.as_slice(), &[0]].concat();
    let other_type = encoding::encode(&RequestClaim {
        method: "GET".into(),
        authority: "host".into(),
        path: "/".into(),
        body: carnet_protocol::id::Hash32([0; 32]),
        at: carnet_protocol::day::Timestamp(0),
        nonce: carnet_protocol::id::Nonce16([0; 16]),
    });
    for bad in [b"".as_slice(), &body[1..], &longer, &other_type] {
        assert!(matches!(verify(&sign(bad)), Err(SignatureError::Encoding(_))));
    }
}

#[test]
fn another_signer_is_named_as_such() {
    let key = SigningKey::from_seed(&Secret::from_slice(&[1; 32]).unwrap());
    let other = SigningKey::from_seed(&Secret::from_slice(&[2; 32]).unwrap());
    let signed = key.sign(&claim());
    assert_eq!(verify_by(&signed, &key.verifying_key()), Ok(claim()));
    assert_eq!(verify_by(&signed, &other.verifying_key()), Err(SignatureError::OtherSigner));
    let detached = key.sign_detached(&claim());
    assert_eq!(detached, signed.signature);
    assert_eq!(verify_detached(&claim(), &key.verifying_key(), &detached), Ok(()));
    assert_eq!(verify_detached(&claim(), &other.verifying_key(), &detached), Err(SignatureError::Invalid));
}
