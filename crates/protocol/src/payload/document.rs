//! Papers that belong to no other category.

use serde::{Deserialize, Serialize};

/// A paper; its file is an attachment.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DocumentPaper {
    /// What it is.
    pub title: String,
}
