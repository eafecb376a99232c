#![allow(clippy::unwrap_used)]

use super::*;
use crate::vectors::{array, bytes, cases, wycheproof};

#[test]
fn rfc_8439_seals_and_opens_byte_for_byte() {
    for case in cases(include_str!("../../tests/vectors/rfc8439.json")) {
        let cipher = Cipher::new(&array(&case, "key"));
        let (nonce, aad) = (array(&case, "nonce"), bytes(&case, "aad"));
        assert_eq!(cipher.seal(&nonce, &aad, &bytes(&case, "text")), bytes(&case, "sealed"));
        assert_eq!(cipher.open(&nonce, &aad, &bytes(&case, "sealed")).unwrap(), bytes(&case, "text"));
    }
}

#[test]
fn wycheproof_chacha20_poly1305() {
    let cases = wycheproof(include_str!("../../tests/vectors/wycheproof_chacha20_poly1305.json"));
    for (_, case) in &cases {
        // Nonces of other lengths are no nonces here: the type has 12 bytes.
        let Ok(nonce) = <[u8; NONCE_LEN]>::try_from(bytes(case, "iv")) else {
            assert_eq!(case["result"], "invalid");
            continue;
        };
        let cipher = Cipher::new(&array(case, "key"));
        let sealed = [bytes(case, "ct"), bytes(case, "tag")].concat();
        let opened = cipher.open(&nonce, &bytes(case, "aad"), &sealed);
        if case["result"] == "valid" {
            assert_eq!(opened, Ok(bytes(case, "msg")), "{case}");
            assert_eq!(cipher.seal(&nonce, &bytes(case, "aad"), &bytes(case, "msg")), sealed, "{case}");
        } else {
            assert_eq!(opened, Err(OpenError), "{case}");
        }
    }
}

#[test]
fn what_is_shorter_than_a_tag_does_not_open() {
    let cipher = Cipher::new(&[1; 32]);
    for length in 0..TAG_LEN {
        assert_eq!(cipher.open(&[0; 12], b"", &vec![0; length]), Err(OpenError));
    }
}
