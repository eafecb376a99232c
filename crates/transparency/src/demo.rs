//! The keys of the demo consortium's log and cosigners: public, and the same everywhere, so that an app that was built
//! with the demo's policy (`carnet_proofs::demo`) can be tried with any demo relay. They prove nothing to anybody.

use carnet_crypto::{hash::digest, note::NoteKey, secret::Secret};
use carnet_protocol::domain::Domain;

/// The log.
pub const ORIGIN: &str = "carnet.example/demo";

/// Names of the cosigners, as in the policy.
pub const COSIGNERS: [&str; 3] = [
    "carnet.example/demo/garage-du-parc",
    "carnet.example/demo/lakeside-insurance",
    "carnet.example/demo/harbour-bank",
];

/// The log's key.
pub fn log_key() -> NoteKey {
    key(ORIGIN)
}

/// The key of a cosigner.
pub fn cosigner_key(name: &str) -> NoteKey {
    key(name)
}

fn key(name: &str) -> NoteKey {
    let seed = digest(Domain::DERIVE_NOTE_KEY, name.as_bytes());
    NoteKey::from_seed(&Secret::from_slice(seed.as_bytes()).expect("a hash has 32 bytes"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use carnet_proofs::{
        Policy, demo,
        vkey::{NoteKeyKind, NoteVerifier},
    };

    /// `CARNET_WRITE_GOLDEN=1 cargo test -p carnet-transparency demo` writes the policy anew.
    #[test]
    fn the_policy_is_written_from_these_keys() {
        let log = NoteVerifier::new(ORIGIN, NoteKeyKind::Ed25519, log_key().verifying_key()).unwrap();
        let mut text = format!(
            "# Carnet's demo. Everybody knows the secret keys of this log and of these cosigners: they prove nothing.\n\
             log {log}\n"
        );
        for (label, name) in ["Garage-du-Parc", "Lakeside-Insurance", "Harbour-Bank"].iter().zip(COSIGNERS) {
            let key = cosigner_key(name).verifying_key();
            let key = NoteVerifier::new(name, NoteKeyKind::CosignatureV1, key).unwrap();
            text += &format!("witness {label} {key}\n");
        }
        text += "group demo-members 2 Garage-du-Parc Lakeside-Insurance Harbour-Bank\nquorum demo-members\n";
        if std::env::var_os("CARNET_WRITE_GOLDEN").is_some() {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/../proofs/src/demo/policy.txt"), &text).unwrap();
        } else {
            assert_eq!(demo::POLICY, text);
        }
    }

    #[test]
    fn the_policy_names_these_keys() {
        let policy = Policy::parse(demo::POLICY).unwrap();
        let log = NoteVerifier::new(ORIGIN, NoteKeyKind::Ed25519, log_key().verifying_key()).unwrap();
        let cosigner = |name| NoteVerifier::new(name, NoteKeyKind::CosignatureV1, cosigner_key(name).verifying_key());
        let expected: Vec<_> = COSIGNERS.iter().map(|name| cosigner(name).unwrap()).collect();
        let named: Vec<_> = policy.cosigners().iter().map(|one| one.verifier.clone()).collect();
        let as_text = |keys: &[NoteVerifier]| keys.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(as_text(policy.logs()), as_text(&[log]));
        assert_eq!(as_text(&named), as_text(&expected));
        assert_eq!(policy.needed(), 2);
    }
}
