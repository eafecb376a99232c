//! Money spent on the car.

use crate::quantity::Money;
use serde::{Deserialize, Serialize};

/// One expense.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Expense {
    /// Kind of expense.
    pub kind: ExpenseKind,
    /// What for.
    pub description: String,
    /// How much.
    pub cost: Money,
}

/// Kinds of expenses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpenseKind {
    /// Tax.
    Tax,
    /// Insurance premium.
    Insurance,
    /// Credit or lease.
    Finance,
    /// Anything else.
    Other,
}
