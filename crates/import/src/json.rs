//! JSON read leniently: values of the wrong type are missing values, unknown fields cost nothing.

mod first_fields;
mod lenient;

pub use first_fields::first_fields;
pub use lenient::{Block, Scalar};

use crate::ImportError;

/// The place of a JSON fault.
pub fn broken(error: &serde_json::Error) -> ImportError {
    ImportError::BrokenJson { line: crate::text::number(error.line()), column: crate::text::number(error.column()) }
}
