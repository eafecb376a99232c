//! What a front end may ask about sources that write: on the owner's side, and on the source's own.

#[cfg(doc)]
use super::Answer;
use super::{Command, FileData, PairingDraft, Via, WriteDraft};
use carnet_protocol::{
    day::Day,
    id::{GrantId, PairingId, RecordId, StreamId},
    payload::{Fact, StatementKind},
};
use serde::{Deserialize, Serialize};

/// One thing to do.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceCommand {
    /// Lets a source write, and shows a code for it; needs the relay: [`Answer::Pairing`].
    PairSource {
        /// The car.
        vehicle: StreamId,
        /// Whom and what.
        draft: PairingDraft,
    },
    /// Sources that may write to a car, newest first: [`Answer::Pairings`].
    Pairings {
        /// The car.
        vehicle: StreamId,
    },
    /// Ends a pairing, used or not: [`Answer::Pairings`].
    EndPairing {
        /// The car.
        vehicle: StreamId,
        /// The pairing.
        pairing: PairingId,
    },
    /// What sources wrote without leave and the owner has not answered: [`Answer::Timeline`].
    Unanswered {
        /// The car.
        vehicle: StreamId,
    },
    /// Accepts, disputes or rejects what a source wrote; it stays as it is: [`Answer::Record`].
    AnswerRecord {
        /// The car.
        vehicle: StreamId,
        /// The record.
        record: RecordId,
        /// Accepted, disputed or rejected.
        kind: StatementKind,
        /// Why; needed for the last two.
        reason: Option<String>,
    },
    /// Writes a record that corrects another of the same category; that one stays as it is: [`Answer::Record`].
    RectifyRecord {
        /// The car.
        vehicle: StreamId,
        /// The record to correct.
        record: RecordId,
        /// The day it speaks of.
        day: Day,
        /// What happened.
        fact: Fact,
        /// Free text.
        note: Option<String>,
        /// Files, at most `ATTACHMENT_MAX` bytes each.
        files: Vec<FileData>,
    },
    /// As a member's staff, takes an owner's leave to write; needs the relay: [`Answer::PairedCars`].
    OpenPairing {
        /// The code, or a link with it.
        code: String,
    },
    /// Cars that this member's staff may write to, newest first: [`Answer::PairedCars`].
    PairedCars,
    /// Writes a record as a source: [`Answer::Written`].
    WriteRecord {
        /// By which way.
        via: Via,
        /// What.
        draft: WriteDraft,
    },
    /// What was written as a source, newest first, with what became of it: [`Answer::Written`].
    Written,
    /// Seals a record that was not taken anew and sends it another way: [`Answer::Written`].
    ResendWritten {
        /// The record.
        record: RecordId,
        /// The other way.
        via: Via,
    },
    /// Forgets a record that was not taken: [`Answer::Written`].
    DiscardWritten {
        /// The record.
        record: RecordId,
    },
    /// As a member's staff, signs a record of another as well: [`Answer::Done`].
    CounterSign {
        /// The grant under which it was read.
        grant: GrantId,
        /// The record.
        record: RecordId,
    },
}

impl From<SourceCommand> for Command {
    fn from(command: SourceCommand) -> Self {
        Self::Source(command)
    }
}
