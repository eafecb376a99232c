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

fn by<'a>(note: &'a Note, signer: &NoteVerifier) -> impl Iterator<Item = &'a NoteSignature> {
    let (name, id) = (signer.name().to_owned(), signer.id());
    note.signatures().iter().filter(move |line| line.name == name && line.id == id)
}

fn message(note: &Note, seconds: u64) -> String {
    format!("cosignature/v1\ntime {seconds}\n{}", note.text())
}
