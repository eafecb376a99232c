use crate::rng::TestRng;
use carnet_crypto::{
    export::{MAGIC, is_sealed, open_export, seal_export},
    passphrase::PassphraseError,
};
use carnet_protocol::{limits::CHUNK_LEN, link::Argon2Params};

/// The cheapest cost there is.
const COST: Argon2Params = Argon2Params { memory_kib: 19 * 1024, passes: 2, lanes: 1 };

fn plain(size: usize) -> Vec<u8> {
    (0..size).map(|n| (n % 251) as u8).collect()
}

#[test]
fn an_export_opens_with_its_passphrase_byte_for_byte_and_shows_nothing() {
    for size in [0, 1, CHUNK_LEN, 3 * CHUNK_LEN + 7] {
        let sealed = seal_export(&plain(size), "a passphrase", COST, &mut TestRng::new(1)).unwrap();
        assert!(is_sealed(&sealed) && !is_sealed(&plain(size)));
        assert_eq!(*open_export(&sealed, "a passphrase").unwrap(), plain(size));
        assert!(size < 8 || !sealed.windows(8).any(|window| window == &plain(size)[..8]));
    }
}

#[test]
fn a_wrong_passphrase_a_flipped_bit_and_a_cut_open_nothing() {
    let sealed = seal_export(&plain(40_000), "a passphrase", COST, &mut TestRng::new(2)).unwrap();
    assert!(matches!(open_export(&sealed, "another one"), Err(PassphraseError::Open(_))));
    // The envelope's own bits are tried with the passphrase's tests; here one in each part of the body.
    for at in [sealed.len() - 1, sealed.len() - 20_000, sealed.len() - 39_000] {
        let mut flipped = sealed.clone();
        flipped[at] ^= 1;
        assert!(open_export(&flipped, "a passphrase").is_err(), "byte {at}");
    }
    for length in [0, MAGIC.len(), sealed.len() - 16_400, sealed.len() - 1] {
        assert!(open_export(&sealed[..length], "a passphrase").is_err());
    }
    let weak = Argon2Params { memory_kib: 1_024, ..COST };
    assert!(seal_export(b"x", "a passphrase", weak, &mut TestRng::new(3)).is_err());
}
