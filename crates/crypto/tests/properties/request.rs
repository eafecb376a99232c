use crate::rng::TestRng;
use carnet_crypto::{
    request::{RequestError, check_request, prove_request},
    signature::SigningKey,
};
use carnet_protocol::{day::Timestamp, id::Nonce16, limits::REQUEST_SKEW_MS};

const NOW: Timestamp = Timestamp(1_700_000_000_000);
const NONCE: Nonce16 = Nonce16([6; 16]);

fn key() -> SigningKey {
    SigningKey::generate(&mut TestRng::new(1))
}

#[test]
fn a_proof_is_good_for_its_own_request_alone() {
    let key = key();
    let header = prove_request(&key, "POST", "host:1", "/v1/x?after=3", b"body", NOW, NONCE);
    let checked = check_request(&header, "POST", "host:1", "/v1/x?after=3", b"body", NOW).unwrap();
    assert_eq!((checked.key, checked.at, checked.nonce), (key.verifying_key(), NOW, NONCE));
    for (method, authority, path, body) in [
        ("PUT", "host:1", "/v1/x?after=3", &b"body"[..]),
        ("POST", "host:2", "/v1/x?after=3", b"body"),
        ("POST", "host:1", "/v1/x?after=4", b"body"),
        ("POST", "host:1", "/v1/x", b"body"),
        ("POST", "host:1", "/v1/x?after=3", b"bodies"),
        ("POST", "host:1", "/v1/x?after=3", b""),
        // Borders between fields are fixed.
        ("POSThost", ":1", "/v1/x?after=3", b"body"),
        ("POST", "host:1/v1", "/x?after=3", b"body"),
    ] {
        let refused = check_request(&header, method, authority, path, body, NOW);
        assert_eq!(refused, Err(RequestError::Signature), "{method} {authority}{path}");
    }
}

#[test]
fn the_clock_may_be_off_by_the_skew_and_no_more() {
    let header = prove_request(&key(), "GET", "host", "/", b"", NOW, NONCE);
    let at = |now| check_request(&header, "GET", "host", "/", b"", Timestamp(now)).map(drop);
    for off in [0, 1, REQUEST_SKEW_MS] {
        assert_eq!(at(NOW.0 + off), Ok(()));
        assert_eq!(at(NOW.0 - off), Ok(()));
    }
    let off_ms = REQUEST_SKEW_MS + 1;
    assert_eq!(at(NOW.0 + off_ms), Err(RequestError::ClockSkew { off_ms }));
    assert_eq!(at(NOW.0 - off_ms), Err(RequestError::ClockSkew { off_ms }));
    assert_eq!(at(0), Err(RequestError::ClockSkew { off_ms: NOW.0 }));
}

#[test]
fn any_changed_character_of_the_header_is_refused() {
    let header = prove_request(&key(), "GET", "host", "/", b"", NOW, NONCE);
    for place in 0..header.len() {
        for replacement in ['A', 'b', '7', '-', '_', '=', '+', '/', ' ', '.', '\u{e9}'] {
            let mut changed: Vec<char> = header.chars().collect();
            if changed[place] == replacement {
                continue;
            }
            changed[place] = replacement;
            let changed: String = changed.into_iter().collect();
            assert!(check_request(&changed, "GET", "host", "/", b"", NOW).is_err(), "{place} {replacement}");
        }
    }
    for bad in ["", "Carnet-Key", "Carnet-Key ", "Carnet-View abc", "Bearer x", &format!("{header} "), &header[1..]] {
        assert_eq!(check_request(bad, "GET", "host", "/", b"", NOW), Err(RequestError::Malformed), "{bad}");
    }
    let long = format!("Carnet-Key {}", "A".repeat(100_000));
    assert_eq!(check_request(&long, "GET", "host", "/", b"", NOW), Err(RequestError::Malformed));
}
