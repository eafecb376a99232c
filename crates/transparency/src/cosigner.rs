//! A member's cosigner: signs what it has worked out itself, and nothing else.

use crate::{
    books::{self, META, Recorder},
    error::{BooksError, OpenError},
};
use carnet_crypto::note::{NoteKey, verify};
use carnet_ledger::{Applied, ApplyError, CheckedTransaction, Fault, TimeBounds, apply, query};
use carnet_ledger_embedded::TableState;
use carnet_proofs::{
    Checkpoint, cosign,
    note::Note,
    tree::verify_consistency,
    vkey::{NoteKeyKind, NoteVerifier},
};
use carnet_protocol::{
    day::Timestamp,
    encoding,
    key::Signature,
    ledger::{Outcome, Rejection},
    proof::{CosignAnswer, CosignRequest},
};
use redb::{Database, ReadableTable, TableDefinition, WriteTransaction};
use std::path::Path;

/// The state of the ledger's rules, as this cosigner has applied them.
const STATE: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("state");
/// In [`META`]: the latest time of an accepted transaction.
const LATEST: &str = "latest";
/// In [`META`]: the note signed last.
const SIGNED: &str = "signed";

/// How far ahead of this cosigner's clock a transaction may be dated: further than any clock is off that anybody tends.
const AHEAD_MAX: u64 = Timestamp::DAY;

/// Why a cosigner does not sign. Each but the first three says that the log, or whoever speaks for it, does wrong.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The note is not readable, or has no checkpoint.
    #[error("the request has no readable checkpoint")]
    Malformed,
    /// Another log than the one this cosigner is for.
    #[error("this cosigner does not know the log {0}")]
    UnknownLog(String),
    /// The books fail.
    #[error(transparent)]
    Books(#[from] BooksError),
    /// The log has not signed the checkpoint.
    #[error("the checkpoint is not signed by its log")]
    NotByLog,
    /// More transactions than the checkpoint has.
    #[error("the request has more transactions than its checkpoint")]
    TooMany,
    /// A transaction that the rules do not accept, or accept as a repetition only.
    #[error("the rules of the ledger do not accept transaction {sequence}: {}", rejection.map_or("it repeats another".into(), |one| one.to_string()))]
    AgainstTheRules {
        /// Its place.
        sequence: u64,
        /// Why; `None` for a repetition.
        rejection: Option<Rejection>,
    },
    /// The checkpoint is not the continuation of what this cosigner has seen.
    #[error("the checkpoint does not continue the log of {size} transactions that this cosigner knows: a fork")]
    Fork {
        /// Transactions it has.
        size: u64,
    },
    /// The map, or the ledger named, is not what the transactions lead to.
    #[error("the checkpoint's map or ledger is not what its transactions lead to")]
    WrongState,
}

/// A cosigner for one log.
pub struct Cosigner {
    database: Database,
    log: NoteVerifier,
    name: String,
    key: NoteKey,
}

impl Cosigner {
    /// Opens a cosigner's books at `path`, making them when there are none. `log` is whose checkpoints it signs, `name`
    /// and `key` are its own; the key must sign for this log only.
    ///
    /// # Errors
    /// [`OpenError`], which says what to do.
    pub fn open(path: &Path, log: NoteVerifier, name: &str, key: NoteKey) -> Result<Self, OpenError> {
        let database = books::open(path, log.name(), |write| write.open_table(STATE).map(drop).map_err(Into::into))?;
        Ok(Self { database, log, name: name.to_owned(), key })
    }

    /// The public half of its key, as policies have it; `None` for a name that cannot stand in a note.
    pub fn verifier(&self) -> Option<NoteVerifier> {
        NoteVerifier::new(&self.name, NoteKeyKind::CosignatureV1, self.key.verifying_key()).ok()
    }

    /// Transactions it has seen.
    ///
    /// # Errors
    /// [`BooksError`].
    pub fn size(&self) -> Result<u64, BooksError> {
        books::recorded(&books::begin_read(&self.database)?)
    }

    /// The note it signed last, without its own line; `None` before the first.
    ///
    /// # Errors
    /// [`BooksError`].
    pub fn signed(&self) -> Result<Option<String>, BooksError> {
        let read = books::begin_read(&self.database)?;
        let kept = read.open_table(META)?.get(SIGNED)?.map(|kept| String::from_utf8_lossy(kept.value()).into_owned());
        Ok(kept)
    }

    /// Takes transactions in and signs the checkpoint when they lead up to it.
    ///
    /// Checking and storing are one write transaction of the file, of which there is one at a time; so of two requests
    /// that conflict one finds the other's outcome. The checkpoint is durable before the signature is handed out.
    ///
    /// # Errors
    /// [`Refusal`]; then nothing was taken in.
    pub fn cosign(&self, request: &CosignRequest, now: Timestamp) -> Result<CosignAnswer, Refusal> {
        let (note, checkpoint) = self.authenticate(&request.checkpoint)?;
        let items = check_signatures(request)?;
        let write = books::begin_write(&self.database)?;
        let answer = self.take(&write, request, items, (&note, &checkpoint), now)?;
        match answer {
            Step::Nothing(answer) => {
                write.abort().map_err(BooksError::from)?;
                Ok(answer)
            }
            Step::Taken(answer) => {
                write.commit().map_err(BooksError::from)?;
                Ok(answer)
            }
            Step::Sign => {
                write.commit().map_err(BooksError::from)?;
                let line = cosign(&note, &self.name, &self.key, now).ok_or(Refusal::Malformed)?;
                Ok(CosignAnswer::Cosigned { line: line.to_string() })
            }
        }
    }

    /// The checkpoint, which must be the log's.
    fn authenticate(&self, note: &str) -> Result<(Note, Checkpoint), Refusal> {
        let note = Note::parse(note).map_err(|_| Refusal::Malformed)?;
        let checkpoint = Checkpoint::parse(note.text()).map_err(|_| Refusal::Malformed)?;
        if checkpoint.origin != self.log.name() {
            return Err(Refusal::UnknownLog(checkpoint.origin));
        }
        let line = note.signatures().iter().find(|line| line.name == self.log.name() && line.id == self.log.id());
        let signature =
            line.and_then(|line| Signature::try_from(line.bytes.as_slice()).ok()).ok_or(Refusal::NotByLog)?;
        verify(note.text().as_bytes(), self.log.key(), &signature).map_err(|_| Refusal::NotByLog)?;
        Ok((note, checkpoint))
    }

    fn take(
        &self,
        write: &WriteTransaction,
        request: &CosignRequest,
        items: Vec<CheckedTransaction>,
        (note, checkpoint): (&Note, &Checkpoint),
        now: Timestamp,
    ) -> Result<Step, Refusal> {
        let mut latest = latest(write)?;
        let mut recorder = Recorder::begin(write)?;
        let before = recorder.log();
        if request.from != before.count {
            return Ok(Step::Nothing(CosignAnswer::Elsewhere { size: before.count }));
        }
        if checkpoint.log.count.checked_sub(before.count).is_none_or(|missing| missing < items.len() as u64) {
            return Err(Refusal::TooMany);
        }
        let mut state = TableState(write.open_table(STATE).map_err(BooksError::from)?);
        for (sequence, item) in (before.count..).zip(&items) {
            let refused = |rejection| Refusal::AgainstTheRules { sequence, rejection };
            match apply(&mut state, item, bounds(latest, now)) {
                Ok(Applied::New) => {}
                Ok(Applied::Repeated) => return Err(refused(None)),
                Err(ApplyError::Rejected(rejection)) => return Err(refused(Some(rejection))),
                Err(ApplyError::Fault(fault)) => return Err(BooksError::ledger(fault).into()),
            }
            latest = latest.max(Some(item.transaction().at));
            recorder.take(item.signed(), &state)?;
        }
        let reached = recorder.finish(&state, &[])?;
        verify_consistency(&reached.log, &checkpoint.log, &request.consistency)
            .map_err(|_| Refusal::Fork { size: before.count })?;
        store(write, LATEST, &encoding::encode(&latest))?;
        if reached.log.count < checkpoint.log.count {
            return Ok(Step::Taken(CosignAnswer::More { size: reached.log.count }));
        }
        let ledger = query::genesis_hash(&state).map_err(|fault: Fault<_>| BooksError::ledger(fault))?;
        if reached.map != checkpoint.map || ledger != Some(checkpoint.ledger) {
            return Err(Refusal::WrongState);
        }
        store(write, SIGNED, note.to_string().as_bytes())?;
        Ok(Step::Sign)
    }
}

/// Between which times a transaction may have been made, by what this cosigner can know. A host's clock is its own
/// affair, but one transaction from a far future would have all later ones refused for good.
fn bounds(latest: Option<Timestamp>, now: Timestamp) -> TimeBounds {
    TimeBounds { not_after: now.plus(AHEAD_MAX), ..TimeBounds::of_replay(latest) }
}

/// What follows from a request.
enum Step {
    /// Nothing changes.
    Nothing(CosignAnswer),
    /// Transactions were taken in.
    Taken(CosignAnswer),
    /// And lead to the checkpoint.
    Sign,
}

/// The expensive part, before the books are taken hold of.
fn check_signatures(request: &CosignRequest) -> Result<Vec<CheckedTransaction>, Refusal> {
    let refused = |sequence, receipt: carnet_protocol::ledger::Receipt| {
        let rejection = match receipt.outcome {
            Outcome::Rejected(rejection) => Some(rejection),
            Outcome::Accepted { .. } => None,
        };
        Refusal::AgainstTheRules { sequence, rejection }
    };
    let in_order = (request.from..).zip(&request.transactions);
    in_order
        .map(|(sequence, signed)| {
            CheckedTransaction::check(signed.clone()).map_err(|receipt| refused(sequence, receipt))
        })
        .collect()
}

fn latest(write: &WriteTransaction) -> Result<Option<Timestamp>, BooksError> {
    let meta = write.open_table(META)?;
    let kept = meta.get(LATEST)?.map(|kept| encoding::decode(kept.value()));
    kept.transpose().map(Option::flatten).map_err(|_| BooksError::Damaged("time"))
}

fn store(write: &WriteTransaction, name: &str, value: &[u8]) -> Result<(), BooksError> {
    write.open_table(META)?.insert(name, value)?;
    Ok(())
}
