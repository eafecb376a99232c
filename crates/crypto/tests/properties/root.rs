use crate::rng::TestRng;
use carnet_crypto::{
    KdfError, OpenError,
    device::DeviceSecret,
    member::MemberKeys,
    passkey::{CREDENTIAL_MAX, PRF_SALT_LEN, PasskeyEnvelope, open_passkey, seal_passkey},
    passphrase::{PassphraseEnvelope, PassphraseError, open_passphrase, seal_passphrase},
    secret::Secret,
    words::RecoveryWords,
};
use carnet_protocol::{Blob, encoding, link::Argon2Params};

/// The cheapest cost that is accepted: these tests are not about cost.
const COST: Argon2Params = Argon2Params { memory_kib: 19 * 1024, passes: 2, lanes: 1 };

fn device(number: u8) -> DeviceSecret {
    DeviceSecret::from_secret(Secret::from_slice(&[number; 32]).unwrap())
}

#[test]
fn words_bring_back_the_account() {
    let rng = &mut TestRng::new(1);
    let words = RecoveryWords::generate(rng);
    let written: Vec<_> = words.words().collect();
    let (before, after) = (words.to_root(), RecoveryWords::parse(&written.join(" ")).unwrap().to_root());
    assert_eq!(before.account_key().verifying_key(), after.account_key().verifying_key());
    assert_eq!(before.sealing_secret().public(), after.sealing_secret().public());
}

#[test]
fn a_row_opens_in_its_own_place_alone() {
    let rng = &mut TestRng::new(3);
    let key = device(1).local_key();
    let row = key.seal_row("records", b"one", b"row", rng);
    assert_eq!(key.open_row("records", b"one", &row).unwrap(), b"row");
    // The last two: the border between table and key is fixed.
    for (table, place) in [("records", &b"two"[..]), ("grants", b"one"), ("record", b"sone"), ("recordso", b"ne")] {
        assert_eq!(key.open_row(table, place, &row), Err(OpenError));
    }
    assert_eq!(device(2).local_key().open_row("records", b"one", &row), Err(OpenError));
    for bit in 0..row.len() * 8 {
        let mut changed = row.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(key.open_row("records", b"one", &changed), Err(OpenError), "bit {bit}");
    }
    for length in 0..row.len() {
        assert_eq!(key.open_row("records", b"one", &row[..length]), Err(OpenError));
    }
}

#[test]
fn a_passphrase_brings_the_secret_back() {
    let rng = &mut TestRng::new(4);
    let envelope = seal_passphrase(&device(1), "passé composé", COST, rng).unwrap();
    let stored: PassphraseEnvelope = encoding::decode(&encoding::encode(&envelope)).unwrap();
    assert_eq!(open_passphrase(&stored, "passé composé").unwrap(), device(1));
    assert_eq!(
        open_passphrase(&stored, "passe\u{301} compose\u{301}").unwrap(),
        device(1),
        "typed on another keyboard"
    );
    for wrong in ["", "passe compose", "Passé composé", "passé composé "] {
        assert_eq!(open_passphrase(&stored, wrong), Err(PassphraseError::Open(OpenError)), "{wrong}");
    }
}

#[test]
fn a_changed_passphrase_envelope_does_not_open() {
    let rng = &mut TestRng::new(5);
    let envelope = seal_passphrase(&device(1), "passphrase", COST, rng).unwrap();
    let refused = |envelope: PassphraseEnvelope| assert!(open_passphrase(&envelope, "passphrase").is_err());
    let flip = |bytes: &mut [u8]| bytes[0] ^= 1;
    let mut changed = envelope.clone();
    flip(&mut changed.salt.0);
    refused(changed);
    let mut changed = envelope.clone();
    flip(&mut changed.nonce.0);
    refused(changed);
    let mut changed = envelope.clone();
    flip(&mut changed.commitment.0);
    refused(changed);
    let mut changed = envelope.clone();
    flip(&mut changed.sealed.0);
    refused(changed);
    refused(PassphraseEnvelope { cost: Argon2Params { passes: 3, ..COST }, ..envelope.clone() });
    refused(PassphraseEnvelope { salt: Blob(vec![0; 17]), ..envelope.clone() });
    refused(PassphraseEnvelope { salt: Blob(Vec::new()), ..envelope });
}

#[test]
fn costs_chosen_by_someone_else_are_bounded_before_anything_is_computed() {
    let rng = &mut TestRng::new(6);
    let envelope = seal_passphrase(&device(1), "passphrase", COST, rng).unwrap();
    let with = |cost| open_passphrase(&PassphraseEnvelope { cost, ..envelope.clone() }, "passphrase").unwrap_err();
    let weak = with(Argon2Params { memory_kib: 1_024, ..COST });
    assert!(matches!(weak, PassphraseError::Kdf(KdfError::TooWeak { memory_kib: 1_024, .. })));
    let costly = with(Argon2Params { memory_kib: u32::MAX, ..COST });
    assert!(matches!(costly, PassphraseError::Kdf(KdfError::TooCostly { .. })));
    assert!(seal_passphrase(&device(1), "x", Argon2Params { passes: 1, ..COST }, rng).is_err());
}

#[test]
fn a_passkey_brings_the_secret_back() {
    let rng = &mut TestRng::new(7);
    let envelope = seal_passkey(&device(1), b"credential", &[3; PRF_SALT_LEN], &output(9), rng).unwrap();
    let stored: PasskeyEnvelope = encoding::decode(&encoding::encode(&envelope)).unwrap();
    assert_eq!(open_passkey(&stored, &output(9)).unwrap(), device(1));
    assert_eq!(open_passkey(&stored, &output(8)), Err(OpenError));
}

#[test]
fn a_changed_passkey_envelope_does_not_open() {
    let rng = &mut TestRng::new(8);
    let envelope = seal_passkey(&device(1), b"credential", &[3; PRF_SALT_LEN], &output(9), rng).unwrap();
    let bytes = encoding::encode(&envelope);
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let opened = encoding::decode::<PasskeyEnvelope>(&changed).ok().and_then(|e| open_passkey(&e, &output(9)).ok());
        assert_eq!(opened, None, "bit {bit}");
    }
}

#[test]
fn a_passkey_needs_a_credential_and_a_whole_salt() {
    let rng = &mut TestRng::new(9);
    for (credential, salt) in [(0, 32), (CREDENTIAL_MAX + 1, 32), (10, 31), (10, 0)] {
        let sealed = seal_passkey(&device(1), &vec![1; credential], &vec![1; salt], &output(9), rng);
        assert_eq!(sealed, Err(OpenError), "{credential} {salt}");
    }
}

fn output(number: u8) -> Secret<32> {
    Secret::from_slice(&[number; 32]).unwrap()
}

#[test]
fn every_key_of_a_device_and_of_a_member_is_another() {
    let seed = Secret::from_slice(&[1; 32]).unwrap();
    let member = MemberKeys::from_seed(&seed);
    let account = device(1).signing_key();
    assert_ne!(account.seed(), seed);
    assert_ne!(member.sign.seed(), seed);
    assert_ne!(member.sign.seed(), account.seed());
    assert_ne!(member.seal.material(), &member.sign.seed());
}
