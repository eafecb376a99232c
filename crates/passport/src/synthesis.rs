//! A passport for a stranger: is it whole, is it true, what should I ask.
//!
//! A pure view over opened records and over what was checked around them. Everything is typed; the words are the front
//! end's, by the codes. Rules: `docs/synthesis.md`.

mod ages;
mod question;
mod questions;
mod truth;
mod whole;

pub use ages::{Ages, Dated};
pub use question::{Question, QuestionKind, Severity};
pub use truth::{Flag, FlagKind, QualitySpread, Truth, VinStanding};
pub use whole::{CategoryCount, ProofStanding, Whole};

use crate::{OpenedRecord, Views, quality::Quality};
use carnet_protocol::{day::Day, id::RecordId};
use serde::{Deserialize, Serialize};

/// Version of the rules; it rises with every change that can change an answer or a question.
pub const SYNTHESIS_RULES_VERSION: u16 = 2;

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reader {
    /// Wants to buy the car.
    PrivateBuyer,
    /// Insures it, or settles a claim.
    Insurer,
    /// Finances it.
    Bank,
    /// Works on it.
    Garage,
    /// Holds it: sees what others would ask, in order to mend it before they do.
    Owner,
}

impl Reader {
    /// All readers.
    pub const ALL: [Reader; 5] = [Reader::PrivateBuyer, Reader::Insurer, Reader::Bank, Reader::Garage, Reader::Owner];

    /// A stable name, for message ids.
    pub fn code(self) -> &'static str {
        match self {
            Reader::PrivateBuyer => "private_buyer",
            Reader::Insurer => "insurer",
            Reader::Bank => "bank",
            Reader::Garage => "garage",
            Reader::Owner => "owner",
        }
    }
}

/// The answer to one of the two first questions, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Yes, as far as can be checked.
    Yes,
    /// In part: something is open.
    Partly,
    /// No.
    No,
}

impl Answer {
    /// A stable name, for message ids.
    pub fn code(self) -> &'static str {
        match self {
            Answer::Yes => "yes",
            Answer::Partly => "partly",
            Answer::No => "no",
        }
    }
}

/// What a synthesis is made from.
#[derive(Debug, Clone, Copy)]
pub struct Checked<'a> {
    /// The opened records.
    pub records: &'a [OpenedRecord],
    /// What they say together.
    pub views: &'a Views,
    /// Of each shared category, what became of its records.
    pub categories: &'a [CategoryCount],
    /// What the proof of the whole came to.
    pub proof: ProofStanding,
    /// What is known of the VIN.
    pub vin: VinStanding,
    /// Flags that stand in the proved stream head.
    pub flags: &'a [Flag],
    /// The quality index of each record, as [`crate::quality::view`] gives it.
    pub quality: &'a [(RecordId, Quality)],
    /// Records that somebody disputes.
    pub disputed: &'a [RecordId],
    /// The reader's day.
    pub today: Day,
    /// Who reads.
    pub reader: Reader,
}

/// A passport on one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synthesis {
    /// The rules that were applied.
    pub version: u16,
    /// Who reads.
    pub reader: Reader,
    /// Is it whole?
    pub whole: Whole,
    /// Is it true?
    pub truth: Truth,
    /// What should I ask? The gravest first.
    pub questions: Vec<Question>,
    /// What of it is raised by the day on which it is read.
    pub ages: Ages,
}

impl Synthesis {
    /// As it is on another day: nothing else of it depends on when it is read.
    pub fn on(&mut self, today: Day) {
        let mut raised = Vec::new();
        ages::of_age(&self.ages, today, &mut raised);
        self.questions.retain(|question| !ages::is_of_age(&question.kind));
        self.questions.extend(questions::asked(raised, self.reader));
        questions::sort(&mut self.questions);
    }
}

/// The synthesis for one reader.
pub fn view(checked: &Checked<'_>) -> Synthesis {
    let ages = Ages::of(checked);
    Synthesis {
        version: SYNTHESIS_RULES_VERSION,
        reader: checked.reader,
        whole: whole::whole(checked),
        truth: truth::truth(checked),
        questions: questions::questions(checked, &ages),
        ages,
    }
}
