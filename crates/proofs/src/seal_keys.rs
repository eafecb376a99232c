//! Public day seal keys: what their owner signs, and what a source checks before it seals to one. Format:
//! `docs/formats/seal-keys.md`.

use crate::tree::{Peaks, branch_hash, entry_hash, verify_inclusion};
use carnet_crypto::{
    sealing::check_sealing_key,
    signature::{SigningKey, verify, verify_by},
};
use carnet_protocol::{
    day::Day,
    domain::Domain,
    id::{CategoryLabel, Hash32, StreamId},
    key::{SealingKey, VerifyingKey},
    limits::SEAL_KEYS_MAX,
    seal_keys::{DaySealKey, ProvedKey, SealKeyBatch, SealKeys},
};

/// Bytes of a key's entry in the tree: day and key.
const ENTRY_LEN: usize = 34;

/// What is served is not what the owner published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealKeyError {
    /// Not signed by the stream's owner.
    #[error("the day seal keys are not signed by the passport's owner")]
    Signature,
    /// Of another stream or category.
    #[error("the day seal keys are of another passport or category")]
    OtherPlace,
    /// Older than a batch that is known.
    #[error("the day seal keys are of generation {found}; {known} is known")]
    OldGeneration {
        /// Served.
        found: u16,
        /// The least that is taken.
        known: u16,
    },
    /// The proof does not lead to the root that is signed.
    #[error("the day seal key is not the one that was published for this day")]
    Proof,
    /// Nothing can be sealed to the key.
    #[error("nothing can be sealed to the day seal key")]
    WeakKey,
}

/// To whom a source seals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealTarget {
    /// Generation of the day tree.
    pub generation: u16,
    /// The key.
    pub key: TargetKey,
}

/// A key of one of two kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetKey {
    /// The day's.
    Day(SealingKey),
    /// The stream's inbox key: the day lies outside the batch.
    Inbox(SealingKey),
}

/// What a source expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected<'a> {
    /// The stream's owner, by the proved head.
    pub owner: &'a VerifyingKey,
    /// The stream.
    pub stream: &'a StreamId,
    /// The category.
    pub label: &'a CategoryLabel,
    /// The day.
    pub day: Day,
    /// The least generation that is taken.
    pub generation: u16,
}

/// Signs a batch of keys, one per day from `first` on.
pub fn publish(
    sign: &SigningKey,
    stream: StreamId,
    label: CategoryLabel,
    generation: u16,
    first: Day,
    keys: Vec<SealingKey>,
    inbox: SealingKey,
) -> SealKeys {
    let committed = Peaks::over(entries(first, &keys)).committed();
    let batch = SealKeyBatch { stream, label, generation, first, keys: committed, inbox };
    SealKeys { batch: sign.sign(&batch), keys }
}

/// Whether a batch is whole: signed, in bounds, and the keys those that are signed. What a relay checks before it keeps
/// one; who signed is for the caller to judge.
///
/// # Errors
/// [`SealKeyError`].
pub fn check(keys: &SealKeys) -> Result<SealKeyBatch, SealKeyError> {
    let batch = verify(&keys.batch).map_err(|_| SealKeyError::Signature)?;
    let fits = (1..=SEAL_KEYS_MAX).contains(&keys.keys.len()) && day_at(batch.first, keys.keys.len() - 1).is_some();
    if !fits || Peaks::over(entries(batch.first, &keys.keys)).committed() != batch.keys {
        return Err(SealKeyError::Proof);
    }
    keys.keys.iter().chain([&batch.inbox]).try_for_each(check_sealing_key).map_err(|_| SealKeyError::WeakKey)?;
    Ok(batch)
}

/// What a source is given of a batch for one day.
pub fn prove(keys: &SealKeys, batch: &SealKeyBatch, day: Day) -> DaySealKey {
    let index = usize::from(day.0).checked_sub(usize::from(batch.first.0)).filter(|index| *index < keys.keys.len());
    let key = index.map(|index| {
        let hashes: Vec<Hash32> = entries(batch.first, &keys.keys).collect();
        ProvedKey { key: keys.keys[index], path: path(&hashes, index) }
    });
    DaySealKey { batch: keys.batch.clone(), key }
}

/// Checks what is served for a day, and says to whom to seal.
///
/// # Errors
/// [`SealKeyError`], one variant per broken rule.
pub fn verify_day(served: &DaySealKey, expected: &Expected<'_>) -> Result<SealTarget, SealKeyError> {
    let batch = verify_by(&served.batch, expected.owner).map_err(|_| SealKeyError::Signature)?;
    if (batch.stream, batch.label) != (*expected.stream, *expected.label) {
        return Err(SealKeyError::OtherPlace);
    }
    let generation = batch.generation;
    if generation < expected.generation {
        return Err(SealKeyError::OldGeneration { found: generation, known: expected.generation });
    }
    let index = u64::from(expected.day.0).checked_sub(u64::from(batch.first.0));
    let index = index.filter(|index| *index < batch.keys.count);
    let (key, point) = match (index, &served.key) {
        (Some(index), Some(proved)) => {
            let entry = entry(expected.day, &proved.key);
            verify_inclusion(&batch.keys, index, Domain::LOG_SEAL_KEY, &entry, &proved.path)
                .map_err(|_| SealKeyError::Proof)?;
            (TargetKey::Day(proved.key), proved.key)
        }
        (None, None) => (TargetKey::Inbox(batch.inbox), batch.inbox),
        // A day of the batch without its key, or a key for a day that is not in it.
        _ => return Err(SealKeyError::Proof),
    };
    check_sealing_key(&point).map_err(|_| SealKeyError::WeakKey)?;
    Ok(SealTarget { generation, key })
}

fn entries(first: Day, keys: &[SealingKey]) -> impl Iterator<Item = Hash32> {
    // Bounded by the batch: a day beyond the last one is none of a batch that passed `check`.
    (0..).zip(keys).map(move |(at, key)| {
        let day = day_at(first, at).unwrap_or(Day::LAST);
        entry_hash(Domain::LOG_SEAL_KEY, &entry(day, key))
    })
}

fn entry(day: Day, key: &SealingKey) -> [u8; ENTRY_LEN] {
    let mut bytes = [0; ENTRY_LEN];
    bytes[..2].copy_from_slice(&day.0.to_be_bytes());
    bytes[2..].copy_from_slice(key.as_bytes());
    bytes
}

fn day_at(first: Day, index: usize) -> Option<Day> {
    u16::try_from(index).ok().and_then(|index| first.0.checked_add(index)).map(Day)
}

/// The hashes beside the way from an entry to the root, the nearest first (RFC 9162, section 2.1.3.1).
fn path(hashes: &[Hash32], index: usize) -> Vec<Hash32> {
    if hashes.len() <= 1 {
        return Vec::new();
    }
    let half = hashes.len().next_power_of_two() / 2;
    let (left, right) = hashes.split_at(half);
    let (mut below, beside) =
        if index < half { (path(left, index), root(right)) } else { (path(right, index - half), root(left)) };
    below.push(beside);
    below
}

fn root(hashes: &[Hash32]) -> Hash32 {
    match hashes {
        [one] => *one,
        _ => {
            let (left, right) = hashes.split_at((hashes.len().next_power_of_two() / 2).max(1).min(hashes.len()));
            branch_hash(&root(left), &root(right))
        }
    }
}
