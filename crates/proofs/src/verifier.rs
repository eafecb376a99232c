//! The reader's check, from a checkpoint to every leaf.

mod leaves;

use crate::{
    checkpoint::Checkpoint,
    finding::{Evidence, Finding},
    head::{directory_hash, head_hash, withdrawals_root},
    map::{self, Subject},
    policy::{Freshness, Policy, Witnessed},
    tree::verify_consistency,
};
use carnet_protocol::{
    id::{Hash32, StreamId},
    ledger::Leaf,
    member::GenesisHash,
    proof::{CheckpointProof, CommittedHead, DirectoryProof, MapProof, StreamProof},
};
pub use leaves::Leaves;
use std::collections::BTreeSet;

/// Whom a reader trusts, what it has seen, and what time it is.
#[derive(Debug, Clone, Copy)]
pub struct Verifier<'a> {
    /// Logs, cosigners, quorum.
    pub policy: &'a Policy,
    /// The ledger that the wallet has pinned; `None` before it has one.
    pub ledger: Option<GenesisHash>,
    /// The last checkpoint seen, out of [`Witnessed::note`]; `None` for the first look.
    pub seen: Option<&'a Witnessed>,
    /// Whether cosignatures must be fresh, and when "now" is.
    pub freshness: Freshness,
}

/// A stream's state and leaves, proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The checkpoint it is proved by: the next [`Verifier::seen`].
    pub witnessed: Witnessed,
    /// The head.
    pub head: CommittedHead,
    /// Indices of the leaves that were withdrawn, as proved; a leaf's own mark says nothing.
    pub withdrawn: BTreeSet<u64>,
}

impl Verifier<'_> {
    /// Checks a checkpoint: log, quorum, age, ledger, and that it continues the last one seen.
    ///
    /// # Errors
    /// The [`Finding`].
    pub fn checkpoint(&self, proof: &CheckpointProof) -> Result<Witnessed, Finding> {
        self.witness(&proof.checkpoint, &proof.consistency)
    }

    /// Checks a stream's proof and all its leaves, `leaves` in the order of the ledger. A relay that knows more leaves
    /// than its checkpoint serves them too: cut them off with [`split`] before and show them as not yet confirmed.
    ///
    /// # Errors
    /// The [`Finding`]. On [`Finding::UnknownStream`] the absence is proved.
    pub fn stream(&self, stream: &StreamId, proof: &StreamProof, leaves: Leaves<'_>) -> Result<Verified, Finding> {
        let verified = self.head(stream, proof)?;
        leaves.check(&verified.head.records)?;
        Ok(verified)
    }

    /// [`Verifier::stream`] without the leaves: for a glance at the status, such as a wreck's.
    ///
    /// # Errors
    /// The [`Finding`].
    pub fn head(&self, stream: &StreamId, proof: &StreamProof) -> Result<Verified, Finding> {
        let witnessed = self.witness(&proof.checkpoint, &proof.consistency)?;
        if let Some(head) = proof.head.as_ref().filter(|head| head.stream != *stream) {
            return Err(Finding::OtherStream { served: head.stream });
        }
        let value = entry(&witnessed, Subject::Stream(stream), &proof.map)?;
        let head = match (value, &proof.head) {
            (None, None) => return Err(Finding::UnknownStream),
            (Some(value), Some(head)) if head_hash(head) == value => head.clone(),
            _ => return Err(Finding::WrongHead),
        };
        let withdrawn: BTreeSet<u64> = proof.withdrawn.iter().copied().collect();
        let count = proof.withdrawn.len() as u64;
        let known = count == head.withdrawn.count && withdrawals_root(&proof.withdrawn) == head.withdrawn.root;
        if known { Ok(Verified { witnessed, head, withdrawn }) } else { Err(Finding::WrongWithdrawals) }
    }

    /// Checks that the directory of members in a proof is the one that the ledger holds. Its signatures are verified
    /// elsewhere; this shows that nobody is left out.
    ///
    /// # Errors
    /// The [`Finding`].
    pub fn directory(&self, proof: &DirectoryProof) -> Result<Witnessed, Finding> {
        let witnessed = self.witness(&proof.checkpoint, &proof.consistency)?;
        let value = entry(&witnessed, Subject::Directory, &proof.map)?;
        if value == Some(directory_hash(&proof.directory)) { Ok(witnessed) } else { Err(Finding::WrongDirectory) }
    }

    fn witness(&self, note: &str, consistency: &[Hash32]) -> Result<Witnessed, Finding> {
        let witnessed = self.policy.witness(note, self.freshness)?;
        if self.ledger.is_some_and(|pinned| pinned != witnessed.checkpoint.ledger) {
            return Err(Finding::OtherLedger);
        }
        match self.seen {
            Some(seen) => compare(seen, &witnessed, consistency).map(|()| witnessed),
            None => Ok(witnessed),
        }
    }
}

/// Checks that `served` continues `seen`, both of them witnessed: the relay's next checkpoint after the last one, or two
/// that readers have exchanged, the shorter one first.
///
/// # Errors
/// [`Finding::Fork`], [`Finding::Rollback`] or [`Finding::Inconsistent`], with the evidence.
pub fn compare(seen: &Witnessed, served: &Witnessed, consistency: &[Hash32]) -> Result<(), Finding> {
    let (old, new) = (&seen.checkpoint, &served.checkpoint);
    let evidence = || {
        let (seen, served) = (seen.note.clone(), served.note.clone());
        Box::new(Evidence { seen, served, consistency: consistency.to_vec() })
    };
    if is_fork(old, new) {
        Err(Finding::Fork(evidence()))
    } else if new.log.count < old.log.count {
        Err(Finding::Rollback(evidence()))
    } else if old == new {
        Ok(())
    } else {
        verify_consistency(&old.log, &new.log, consistency).map_err(|_| Finding::Inconsistent(evidence()))
    }
}

/// Whether no proof can join them.
fn is_fork(old: &Checkpoint, new: &Checkpoint) -> bool {
    let roots = |one: &Checkpoint| (one.log.root, one.map);
    (&old.origin, old.ledger) != (&new.origin, new.ledger) || old.log.count == new.log.count && roots(old) != roots(new)
}

/// Cuts the leaves that a relay has served into those that the head speaks of and those that are newer.
pub fn split<'a>(head: &CommittedHead, leaves: &'a [Leaf]) -> (&'a [Leaf], &'a [Leaf]) {
    let proved = usize::try_from(head.records.count).unwrap_or(usize::MAX);
    leaves.split_at(proved.min(leaves.len()))
}

fn entry(witnessed: &Witnessed, subject: Subject<'_>, proof: &MapProof) -> Result<Option<Hash32>, Finding> {
    map::verify(&witnessed.checkpoint.map, &subject.key(), proof).map_err(|_| Finding::WrongMapProof)
}
