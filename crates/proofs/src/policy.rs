//! Whom a reader trusts: logs, cosigners, and how many of them must have signed (C2SP tlog-policy).
//!
//! A policy reaches the reader with the app or from its own hand, never from a relay: `docs/decisions/policy.md`.

mod read;

use crate::{
    checkpoint::Checkpoint,
    cosignature::{check_cosigner, check_log},
    finding::Finding,
    note::{Note, NoteSignature},
    vkey::NoteVerifier,
};
use carnet_protocol::{
    day::Timestamp,
    limits::{COSIGNATURE_AGE_MAX_MS, TRANSACTION_SKEW_MS},
};
pub use read::PolicyError;

/// Logs, cosigners and a quorum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    text: String,
    logs: Vec<NoteVerifier>,
    cosigners: Vec<Cosigner>,
    quorum: Quorum,
}

/// A cosigner under the name that the policy has for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigner {
    /// The policy's name.
    pub name: String,
    /// Its key.
    pub verifier: NoteVerifier,
}

/// Who must have signed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Quorum {
    Cosigner(usize),
    Group { needed: usize, members: Vec<Quorum> },
}

impl Quorum {
    fn is_met(&self, signed: &impl Fn(usize) -> bool) -> bool {
        match self {
            Quorum::Cosigner(at) => signed(*at),
            Quorum::Group { needed, members } => {
                members.iter().filter(|member| member.is_met(signed)).count() >= *needed
            }
        }
    }

    /// The fewest cosigners that meet it.
    fn least(&self) -> usize {
        match self {
            Quorum::Cosigner(_) => 1,
            Quorum::Group { needed, members } => {
                let mut each: Vec<_> = members.iter().map(Quorum::least).collect();
                each.sort_unstable();
                each.iter().take(*needed).sum()
            }
        }
    }
}

/// Whether the age of cosignatures counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// A quorum of them is of the last 24 hours before this time.
    At(Timestamp),
    /// Any age will do: for a checkpoint that somebody kept, to compare with.
    Any,
}

impl Freshness {
    fn allows(self, at: Timestamp) -> bool {
        match self {
            Freshness::Any => true,
            Freshness::At(now) => {
                now.0.saturating_sub(COSIGNATURE_AGE_MAX_MS) <= at.0 && at <= now.plus(TRANSACTION_SKEW_MS)
            }
        }
    }
}

/// A cosigner's word for a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigned {
    /// The policy's name for the cosigner.
    pub by: String,
    /// When it signed last.
    pub at: Timestamp,
}

/// A checkpoint that its log and a quorum have signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnessed {
    /// The note, to keep and to hand on.
    pub note: String,
    /// What it says.
    pub checkpoint: Checkpoint,
    /// Who has cosigned it and when; at least a quorum.
    pub cosigned: Vec<Cosigned>,
}

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    /// [`PolicyError`], with the number of the line.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        read::read(text)
    }

    /// The text it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The logs, any of which may have made a checkpoint.
    pub fn logs(&self) -> &[NoteVerifier] {
        &self.logs
    }

    /// The cosigners, in the policy's order.
    pub fn cosigners(&self) -> &[Cosigner] {
        &self.cosigners
    }

    /// How many cosigners are enough at the least.
    pub fn needed(&self) -> usize {
        self.quorum.least()
    }

    /// The cosigner that a line on a note is by; `None` when it is by nobody known, or wrong.
    pub fn cosigner_of(&self, note: &Note, line: &NoteSignature) -> Option<&Cosigner> {
        let alone = Note::new(note.text().to_owned(), vec![line.clone()]);
        self.cosigners.iter().find(|one| matches!(check_cosigner(&alone, &one.verifier), Ok(Some(_))))
    }

    /// Verifies that a note is a checkpoint of a known log with a quorum of cosignatures.
    ///
    /// # Errors
    /// The [`Finding`] that says what is wrong with it: not readable, unknown log, a signature missing or wrong, no
    /// quorum, or none that is fresh.
    pub fn witness(&self, note: &str, freshness: Freshness) -> Result<Witnessed, Finding> {
        let parsed = Note::parse(note)?;
        let checkpoint = Checkpoint::parse(parsed.text())?;
        self.check_log(&parsed, &checkpoint)?;
        let mut times = Vec::with_capacity(self.cosigners.len());
        for cosigner in &self.cosigners {
            let time = check_cosigner(&parsed, &cosigner.verifier);
            times.push(time.map_err(|_| Finding::WrongCosignature { by: cosigner.name.clone() })?);
        }
        let met = |allows: &dyn Fn(Timestamp) -> bool| self.quorum.is_met(&|at| times[at].is_some_and(allows));
        let found = times.iter().flatten().count();
        if !met(&|_| true) {
            return Err(Finding::NoQuorum { found, needed: self.needed() });
        }
        if !met(&|at| freshness.allows(at)) {
            let newest = times.iter().flatten().max().copied().unwrap_or_default();
            return Err(Finding::StaleCosignatures { newest });
        }
        let cosigned = self.cosigners.iter().zip(times);
        let cosigned = cosigned.filter_map(|(one, at)| Some(Cosigned { by: one.name.clone(), at: at? })).collect();
        Ok(Witnessed { note: note.to_owned(), checkpoint, cosigned })
    }

    /// The note of a checkpoint with the signatures of those whom this policy knows and of nobody else, for what is to stay
    /// small. All of them: whoever reads it may have a policy with other members.
    pub fn known(&self, witnessed: &Witnessed) -> String {
        let Ok(mut note) = Note::parse(&witnessed.note) else { return witnessed.note.clone() };
        let cosigners = self.cosigners.iter().map(|cosigner| &cosigner.verifier);
        let signers: Vec<&NoteVerifier> = self.logs.iter().chain(cosigners).collect();
        note.retain(|line| signers.iter().any(|signer| line.names(signer)));
        note.to_string()
    }

    fn check_log(&self, note: &Note, checkpoint: &Checkpoint) -> Result<(), Finding> {
        let mut known = self.logs.iter().filter(|log| log.name() == checkpoint.origin).peekable();
        if known.peek().is_none() {
            return Err(Finding::UnknownLog { origin: checkpoint.origin.clone() });
        }
        match known.find_map(|log| check_log(note, log)) {
            Some(Ok(())) => Ok(()),
            Some(Err(_)) => Err(Finding::WrongLogSignature),
            None => Err(Finding::NoLogSignature),
        }
    }
}
