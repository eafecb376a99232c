//! What each parser of bytes from outside must hold, shared by the fuzz targets and by the replay of their corpus.

use carnet_proofs::{Checkpoint, Policy, bundle, note::Note, vkey::NoteVerifier};
use carnet_protocol::encoding;

/// A note that is read is written as it was, and so is the checkpoint in it.
pub fn proof_note(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(note) = Note::parse(text) {
        assert_eq!(note.to_string(), text);
        if let Ok(checkpoint) = Checkpoint::parse(note.text()) {
            assert_eq!(checkpoint.text(), note.text());
        }
    }
}

/// A policy that is read asks for somebody, and its keys are written as they were.
pub fn proof_policy(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(policy) = Policy::parse(text) {
        assert!(policy.needed() > 0 && policy.needed() <= policy.cosigners().len());
        for key in policy.logs().iter().chain(policy.cosigners().iter().map(|one| &one.verifier)) {
            assert_eq!(NoteVerifier::parse(&key.to_string()).as_ref(), Ok(key));
        }
    }
}

/// A bundle that is read is written as it was; checking it ends.
pub fn proof_bundle(data: &[u8]) {
    if let Ok(read) = bundle::parse(data) {
        assert_eq!(encoding::encode(&read), data);
        let _ = bundle::verify(&read, None);
    }
}
