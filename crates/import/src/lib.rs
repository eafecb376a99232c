//! Turns files that people have into draft records. Format: `docs/imports.md`.
//!
//! An import is a pure function of the file, the answers given so far and what the car already has. It reads
//! leniently and reports exactly: what was understood, what was passed over and why, what is there already. Where a
//! column can mean two things it asks instead of guessing, and withholds what depends on the answer. It never
//! panics, whatever the bytes, and its work grows with the size of the file, not with its square.

mod answers;
pub mod carnet_export;
mod dates;
mod decimal;
mod draft;
mod dry_run;
mod error;
mod fingerprint;
pub mod format;
mod histovec;
mod json;
pub mod limits;
mod lubelogger;
mod question;
mod source;
mod tesla;
mod text;

pub use answers::{Answers, DateOrder, DecimalMark, VolumeUnit};
pub use carnet_passport::units::DistanceUnit;
pub use draft::{Draft, Duplicate, DuplicateOf, ImportNote, Place, SkipReason, Skipped};
use dry_run::Findings;
pub use dry_run::{DryRun, dry_run};
pub use error::{FileKind, ImportError};
pub use fingerprint::{ExistingFact, Fingerprint, fingerprint};
pub use format::{Format, LubeLoggerKind, detect};
pub use question::Question;
pub use source::SourceFile;
