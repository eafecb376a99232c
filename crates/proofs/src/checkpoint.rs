//! Checkpoints (C2SP tlog-checkpoint): the text of a note that commits to the log, to the map of heads and to the
//! ledger. Format: `docs/formats/checkpoint.md`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use carnet_protocol::{id::Hash32, limits::LOG_MAX, member::GenesisHash, proof::Committed};

/// The longest origin, in bytes: a host and a path.
const ORIGIN_MAX: usize = 255;

/// The state of the ledger after so many transactions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Checkpoint {
    /// Names the log.
    pub origin: String,
    /// Its transactions: how many, and the root over them.
    pub log: Committed,
    /// Root of the map of heads after them.
    pub map: Hash32,
    /// The ledger: the hash of its first transaction.
    pub ledger: GenesisHash,
}

/// The text is no checkpoint of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is no checkpoint: it must have origin, size, root, map root and ledger, each on a line of its own")]
pub struct CheckpointError;

impl Checkpoint {
    /// The text that is signed: three lines of the standard and two extensions.
    pub fn text(&self) -> String {
        let [root, map, ledger] =
            [&self.log.root, &self.map, &self.ledger].map(|hash| STANDARD.encode(hash.as_bytes()));
        format!("{}\n{}\n{root}\nmap {map}\nledger {ledger}\n", self.origin, self.log.count)
    }

    /// Reads the text of a note. Strict: no text but [`Checkpoint::text`] gives a checkpoint.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.split('\n');
        let mut next = || lines.next().ok_or(CheckpointError);
        let (origin, size, root) = (next()?, next()?, next()?);
        let map = next()?.strip_prefix("map ").ok_or(CheckpointError)?;
        let ledger = next()?.strip_prefix("ledger ").ok_or(CheckpointError)?;
        let count = size.parse().ok().filter(|count| *count <= LOG_MAX).ok_or(CheckpointError)?;
        let checkpoint = Self {
            origin: origin.to_owned(),
            log: Committed { count, root: hash(root)? },
            map: hash(map)?,
            ledger: hash(ledger)?,
        };
        // A leading zero or plus, another line: whatever is not as it would be written.
        let known = !origin.is_empty() && origin.len() <= ORIGIN_MAX && checkpoint.text() == text;
        if known { Ok(checkpoint) } else { Err(CheckpointError) }
    }
}

fn hash(base64: &str) -> Result<Hash32, CheckpointError> {
    let bytes = STANDARD.decode(base64).map_err(|_| CheckpointError)?;
    Hash32::try_from(bytes.as_slice()).map_err(|_| CheckpointError)
}
