//! Signatures on checkpoints: the log's on the text as it is, cosigners' with a time (C2SP tlog-cosignature v1).
//!
//! An Ed25519 cosignature does not bind its cosigner's name, so each cosigner has a key of its own for each log.

use crate::{
    checkpoint::Checkpoint,
    note::{Note, NoteSignature},
    vkey::{NoteKeyKind, NoteVerifier},
};
use carnet_crypto::note::{NoteKey, verify};
use carnet_protocol::{day::Timestamp, key::Signature};

/// A signature is not the key's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotByKey;

/// Signs a checkpoint as its log, whose name is the origin. `None` for an origin that cannot stand in a note.
pub fn sign_checkpoint(checkpoint: &Checkpoint, key: &NoteKey) -> Option<Note> {
    let verifier = NoteVerifier::new(&checkpoint.origin, NoteKeyKind::Ed25519, key.verifying_key()).ok()?;
    let text = checkpoint.text();
    let bytes = key.sign(text.as_bytes()).0.to_vec();
    let signature = NoteSignature { name: checkpoint.origin.clone(), id: verifier.id(), bytes };
    Some(Note::new(text, vec![signature]))
}

/// Cosigns the text of a note at the time `at`, in whole seconds. `None` for a name that cannot stand in a note.
pub fn cosign(note: &Note, name: &str, key: &NoteKey, at: Timestamp) -> Option<NoteSignature> {
    let verifier = NoteVerifier::new(name, NoteKeyKind::CosignatureV1, key.verifying_key()).ok()?;
    let seconds = at.0 / 1_000;
    let signature = key.sign(message(note, seconds).as_bytes());
    let bytes = [seconds.to_be_bytes().as_slice(), signature.as_bytes()].concat();
    Some(NoteSignature { name: name.to_owned(), id: verifier.id(), bytes })
}

/// The log's signature on a note; `None` when there is none by this key.
pub(crate) fn check_log(note: &Note, log: &NoteVerifier) -> Option<Result<(), NotByKey>> {
    by(note, log).next().map(|line| {
        let signature = Signature::try_from(line.bytes.as_slice()).map_err(|_| NotByKey)?;
        verify(note.text().as_bytes(), log.key(), &signature).map_err(|_| NotByKey)
    })
}

/// When a cosigner signed a note, the latest of its signatures; `None` when it has not.
pub(crate) fn check_cosigner(note: &Note, cosigner: &NoteVerifier) -> Result<Option<Timestamp>, NotByKey> {
    let times = by(note, cosigner).map(|line| {
        let (seconds, signature) = line.bytes.split_first_chunk().ok_or(NotByKey)?;
        let signature = Signature::try_from(signature).map_err(|_| NotByKey)?;
        let seconds = u64::from_be_bytes(*seconds);
        verify(message(note, seconds).as_bytes(), cosigner.key(), &signature).map_err(|_| NotByKey)?;
        Ok(Timestamp(seconds.saturating_mul(1_000)))
    });
    times.collect::<Result<Vec<_>, _>>().map(|times| times.into_iter().max())
}

fn by<'a>(note: &'a Note, signer: &'a NoteVerifier) -> impl Iterator<Item = &'a NoteSignature> {
    note.signatures().iter().filter(|line| line.names(signer))
}

fn message(note: &Note, seconds: u64) -> String {
    format!("cosignature/v1\ntime {seconds}\n{}", note.text())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A checkpoint of a public Certificate Transparency log with what public witnesses put under it in May 2026, and
    /// the keys that these witnesses publish.
    const PUBLISHED: &str = "arche2025h1.staging.ct.transparency.dev\n1432088532\n\
        U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n\
        — arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g\
        8Ei59RA23oHP7Ry1k3ZFWwQ=\n\
        — transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4\
        AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==\n\
        — witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbq\
        mNWVuE0tgh0XwzdZsDsUAQ==\n\
        — remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxt\
        qB0DrAWfBw==\n\
        — witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUi\
        OvKFYe/TmN9DAg==\n";
    const LOG: &str = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f";
    const WITNESSES: [&str; 4] = [
        "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM",
        "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
        "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
    ];
    const SIGNED_AT: Timestamp = Timestamp(1_779_573_024_000);

    fn verifier(vkey: &str) -> NoteVerifier {
        NoteVerifier::parse(vkey).expect("a published key")
    }

    #[test]
    fn published_cosignatures_verify_with_their_time() {
        let note = Note::parse(PUBLISHED).expect("a published note");
        assert_eq!(check_log(&note, &verifier(LOG)), Some(Ok(())));
        for witness in WITNESSES {
            assert_eq!(check_cosigner(&note, &verifier(witness)), Ok(Some(SIGNED_AT)), "{witness}");
        }
    }

    #[test]
    fn a_changed_text_time_or_signature_is_not_by_the_witness() {
        for witness in WITNESSES.map(verifier) {
            let smaller = Note::parse(&PUBLISHED.replacen("1432088532", "1432088531", 1)).expect("a note");
            assert_eq!(check_cosigner(&smaller, &witness), Err(NotByKey));
            let note = Note::parse(PUBLISHED).expect("a published note");
            let line = by(&note, &witness).next().expect("its line");
            // The time's last bit, the signature's first and last, and one byte less.
            let changed = [7, 8, 71].map(|at| {
                let mut line = line.clone();
                line.bytes[at] ^= 1;
                line
            });
            let short = NoteSignature { bytes: line.bytes[..71].to_vec(), ..line.clone() };
            for line in changed.into_iter().chain([short]) {
                let note = Note::new(note.text().to_owned(), vec![line]);
                assert_eq!(check_cosigner(&note, &witness), Err(NotByKey));
            }
        }
    }

    #[test]
    fn a_plain_signature_is_no_cosignature_and_the_other_way_round() {
        let note = Note::parse(PUBLISHED).expect("a published note");
        let witness = verifier(WITNESSES[2]);
        let as_log = NoteVerifier::new(witness.name(), NoteKeyKind::Ed25519, *witness.key()).expect("a key");
        assert_eq!(check_log(&note, &as_log), None);
        let log = verifier(LOG);
        let as_witness = NoteVerifier::new(log.name(), NoteKeyKind::CosignatureV1, *log.key()).expect("a key");
        assert_eq!(check_cosigner(&note, &as_witness), Ok(None));
    }
}
