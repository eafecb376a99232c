//! Reading a policy: lines of words, names defined before they are used.

use super::{Cosigner, Policy, Quorum};
use crate::vkey::{NoteKeyKind, NoteVerifier, VkeyError};
use std::collections::{BTreeMap, BTreeSet};

/// Logs, cosigners or groups: what the standard asks for at least.
const EACH_MAX: usize = 32;

/// The text is no policy, or none that protects anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// A line that is not of the standard.
    #[error("line {line} of the policy is not understood")]
    Line {
        /// From 1.
        line: usize,
    },
    /// A key that cannot be used.
    #[error("line {line} of the policy: {error}")]
    Key {
        /// From 1.
        line: usize,
        /// What is wrong with it.
        error: VkeyError,
    },
    /// A key or name that is there already.
    #[error("line {line} of the policy names a key, a cosigner or a group a second time")]
    Twice {
        /// From 1.
        line: usize,
    },
    /// A name that no line before it defines.
    #[error("line {line} of the policy uses a name that is not defined before it")]
    UnknownName {
        /// From 1.
        line: usize,
    },
    /// More than can be asked of a group, or none.
    #[error("line {line} of the policy asks for an impossible number of signers")]
    Threshold {
        /// From 1.
        line: usize,
    },
    /// No log.
    #[error("the policy names no log")]
    NoLog,
    /// No quorum, or one of nobody: it would trust the log alone.
    #[error("the policy asks for no cosignature; it must have one quorum line")]
    NoQuorum,
    /// Too many lines.
    #[error("the policy has more than {EACH_MAX} logs, cosigners or groups")]
    TooLarge,
}

/// What was defined so far.
#[derive(Default)]
struct Draft {
    logs: Vec<NoteVerifier>,
    cosigners: Vec<Cosigner>,
    names: BTreeMap<String, Quorum>,
    members: BTreeSet<String>,
    quorum: Option<Quorum>,
}

pub(super) fn read(text: &str) -> Result<Policy, PolicyError> {
    let mut draft = Draft::default();
    for (at, content) in text.split('\n').enumerate() {
        let line = at + 1;
        if content.bytes().any(|byte| byte < 0x20 && byte != b'\t' || byte == 0x7f) {
            return Err(PolicyError::Line { line });
        }
        let words: Vec<_> = content.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
        match words.as_slice() {
            [] => {}
            [word, ..] if word.starts_with('#') => {}
            ["log", key] | ["log", key, _] => draft.log(key, line)?,
            ["witness", name, key] | ["witness", name, key, _] => draft.cosigner(name, key, line)?,
            ["group", name, needed, members @ ..] => draft.group(name, needed, members, line)?,
            ["quorum", "none"] => return Err(PolicyError::NoQuorum),
            ["quorum", name] if draft.quorum.is_none() => draft.quorum = Some(draft.named(name, line)?.clone()),
            _ => return Err(PolicyError::Line { line }),
        }
        if draft.logs.len() > EACH_MAX || draft.names.len() > 2 * EACH_MAX {
            return Err(PolicyError::TooLarge);
        }
    }
    if draft.logs.is_empty() {
        return Err(PolicyError::NoLog);
    }
    let quorum = draft.quorum.ok_or(PolicyError::NoQuorum)?;
    Ok(Policy { text: text.to_owned(), logs: draft.logs, cosigners: draft.cosigners, quorum })
}

impl Draft {
    fn log(&mut self, key: &str, line: usize) -> Result<(), PolicyError> {
        let verifier = parse_key(key, NoteKeyKind::Ed25519, line)?;
        if self.logs.iter().any(|known| known.key() == verifier.key()) {
            return Err(PolicyError::Twice { line });
        }
        self.logs.push(verifier);
        Ok(())
    }

    fn cosigner(&mut self, name: &str, key: &str, line: usize) -> Result<(), PolicyError> {
        let verifier = parse_key(key, NoteKeyKind::CosignatureV1, line)?;
        if self.cosigners.iter().any(|known| known.verifier.key() == verifier.key()) {
            return Err(PolicyError::Twice { line });
        }
        self.define(name, Quorum::Cosigner(self.cosigners.len()), line)?;
        self.cosigners.push(Cosigner { name: name.to_owned(), verifier });
        Ok(())
    }

    fn group(&mut self, name: &str, needed: &str, members: &[&str], line: usize) -> Result<(), PolicyError> {
        let needed = match needed {
            "any" => 1,
            "all" => members.len(),
            number if number.starts_with('+') => return Err(PolicyError::Threshold { line }),
            number => number.parse().map_err(|_| PolicyError::Threshold { line })?,
        };
        if needed == 0 || needed > members.len() {
            return Err(PolicyError::Threshold { line });
        }
        let mut found = Vec::with_capacity(members.len());
        for member in members {
            found.push(self.named(member, line)?.clone());
            // A name in two groups would count twice.
            if !self.members.insert((*member).to_owned()) {
                return Err(PolicyError::Twice { line });
            }
        }
        self.define(name, Quorum::Group { needed, members: found }, line)
    }

    fn define(&mut self, name: &str, quorum: Quorum, line: usize) -> Result<(), PolicyError> {
        if name == "none" || self.names.insert(name.to_owned(), quorum).is_some() {
            return Err(PolicyError::Twice { line });
        }
        Ok(())
    }

    fn named(&self, name: &str, line: usize) -> Result<&Quorum, PolicyError> {
        self.names.get(name).ok_or(PolicyError::UnknownName { line })
    }
}

fn parse_key(text: &str, kind: NoteKeyKind, line: usize) -> Result<NoteVerifier, PolicyError> {
    let verifier = NoteVerifier::parse(text).map_err(|error| PolicyError::Key { line, error })?;
    if verifier.kind() == kind { Ok(verifier) } else { Err(PolicyError::Key { line, error: VkeyError::Kind }) }
}
