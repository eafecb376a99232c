//! Limits of an import, each in one place with its arithmetic.

/// The largest file, in bytes: ten years of one Tesla sample of 8 KiB a day are 30 MiB.
pub const FILE_MAX: usize = 32 * 1024 * 1024;

/// The largest export, in bytes, also when it is written: four attachments of the largest size in base64. What is larger
/// is written without its files.
pub const EXPORT_MAX: usize = 120 * 1024 * 1024;

/// The largest file of an export: under a passphrase it is padded by at most 1/16, with a tag for each 16 KiB.
pub const EXPORT_FILE_MAX: usize = 128 * 1024 * 1024;

/// The largest HistoVec report, in bytes: a report of 200 events is about 40 KiB.
pub const REPORT_MAX: usize = 2 * 1024 * 1024;

/// The most rows, lines or samples of one file.
pub const ROWS_MAX: usize = 200_000;

/// The largest signed payload taken over from an export, in bytes: padded by 1/16 and sealed it stays below the 64 KiB that
/// travel inside a page (`INLINE_RECORD_MAX`).
pub const SIGNED_MAX: usize = 56 * 1024;

/// Cars of an export that can be chosen from.
pub const CARS_MAX: usize = 100;

/// The longest text taken over into one field or note, in characters; the rest is cut.
pub const TEXT_MAX: usize = 10_000;

/// The highest odometer believed, in metres: ten million kilometres.
pub const ODOMETER_MAX_M: u64 = 10_000_000_000;

/// Examples shown with a question.
pub const EXAMPLES_MAX: usize = 5;

/// Passed-over places that are listed one by one; beyond that only their number grows.
pub const SKIPPED_LISTED_MAX: usize = 1_000;
