//! Is it whole?

use super::{Answer, Checked};
use crate::summary::MonthGap;
use carnet_protocol::{category::Category, day::Day};
use serde::{Deserialize, Serialize};

/// What became of the records of one shared category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CategoryCount {
    /// The category.
    pub category: Category,
    /// Opened, and as committed.
    pub opened: u32,
    /// There by the ledger, outside what was shared.
    pub withheld: u32,
    /// There by the ledger and shared, but not delivered.
    pub missing: u32,
    /// Delivered, but they do not open or are not as committed.
    pub damaged: u32,
}

/// What the proof of the whole came to, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofStanding {
    /// A fresh checkpoint with its quorum of cosignatures holds all that was delivered.
    Proved,
    /// Proved, by a checkpoint older than it should be.
    Stale,
    /// Nothing was proved: no quorum, or not looked at.
    Unproved,
    /// The proof contradicts what was delivered, or an earlier checkpoint.
    Contradicted,
}

impl ProofStanding {
    /// A stable name, for message ids.
    pub fn code(self) -> &'static str {
        match self {
            ProofStanding::Proved => "proved",
            ProofStanding::Stale => "stale",
            ProofStanding::Unproved => "unproved",
            ProofStanding::Contradicted => "contradicted",
        }
    }
}

/// Whether the passport is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whole {
    /// The answer.
    pub answer: Answer,
    /// What the proof came to.
    pub proof: ProofStanding,
    /// The shared categories, in the order of [`Category::ALL`].
    pub categories: Vec<CategoryCount>,
    /// Day of the earliest record.
    pub first_day: Option<Day>,
    /// Day of the latest record.
    pub last_day: Option<Day>,
    /// Half years and more without any record, earliest first.
    pub gaps: Vec<MonthGap>,
}

/// Months without a word that are worth asking about; shorter pauses are how cars live.
pub(super) const GAP_MONTHS: u16 = 6;

pub(super) fn whole(checked: &Checked<'_>) -> Whole {
    let mut categories = checked.categories.to_vec();
    categories.sort_by_key(|count| (count.category, count.opened, count.withheld, count.missing, count.damaged));
    let any = |of: fn(&CategoryCount) -> u32| categories.iter().any(|count| of(count) > 0);
    let gaps: Vec<MonthGap> =
        checked.views.summary.gaps.iter().filter(|gap| gap.months >= GAP_MONTHS).copied().collect();
    let answer = if any(|c| c.missing) || any(|c| c.damaged) || checked.proof == ProofStanding::Contradicted {
        Answer::No
    } else if any(|c| c.withheld) || checked.proof != ProofStanding::Proved || !gaps.is_empty() {
        Answer::Partly
    } else {
        Answer::Yes
    };
    let (first_day, last_day) = (checked.views.summary.first_day, checked.views.summary.last_day);
    Whole { answer, proof: checked.proof, categories, first_day, last_day, gaps }
}
