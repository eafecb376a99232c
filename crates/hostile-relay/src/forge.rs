//! Checkpoints as only those can make them who have the keys of the log and its cosigners; the demo's are public.

use carnet_proofs::{
    Checkpoint, cosign,
    note::{Note, NoteSignature},
    sign_checkpoint,
};
use carnet_protocol::day::Timestamp;
use carnet_transparency::demo::{COSIGNERS, cosigner_key, log_key};

/// What a note says.
pub(crate) fn checkpoint(note: &str) -> Option<Checkpoint> {
    Checkpoint::parse(Note::parse(note).ok()?.text()).ok()
}

/// When a note was cosigned last.
fn cosigned_at(note: &Note) -> Timestamp {
    let cosigned = note.signatures().iter().filter(|line| COSIGNERS.contains(&line.name.as_str()));
    let seconds = cosigned.filter_map(|line| line.bytes.first_chunk()).map(|at| u64::from_be_bytes(*at)).max();
    Timestamp(seconds.unwrap_or_default() * 1_000)
}

/// The checkpoint of a note, changed and signed by the log and all cosigners, so many milliseconds before they did.
pub(crate) fn signed_anew(note: &str, change: impl Fn(&mut Checkpoint), earlier_ms: u64) -> Option<String> {
    let before = Note::parse(note).ok()?;
    let mut said = Checkpoint::parse(before.text()).ok()?;
    change(&mut said);
    let mut forged = sign_checkpoint(&said, &log_key())?;
    let at = Timestamp(cosigned_at(&before).0.saturating_sub(earlier_ms));
    for name in COSIGNERS {
        forged.put(cosign(&forged, name, &cosigner_key(name), at)?);
    }
    Some(forged.to_string())
}

/// The note with other lines of signatures.
pub(crate) fn with_lines(note: &str, change: impl Fn(&mut Vec<NoteSignature>)) -> Option<String> {
    let note = Note::parse(note).ok()?;
    let mut lines = note.signatures().to_vec();
    change(&mut lines);
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    Some(format!("{}\n{lines}", note.text()))
}

/// Whether a line is by a cosigner, not by the log.
pub(crate) fn is_cosignature(line: &NoteSignature) -> bool {
    COSIGNERS.contains(&line.name.as_str())
}
