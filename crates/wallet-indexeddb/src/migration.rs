//! How the database came to its present shape: one file per version.
//!
//! A migration that was released is never edited; a change of shape is a new one. Whatever rows mean is the wallet's
//! business, not the database's: only tables come and go here.

use indexed_db_futures::{Result, database::Database};

mod v1;
mod v2;

/// A step from one version to the next, inside the version change transaction.
type Migration = fn(&Database) -> Result<()>;

/// All steps in order; the first makes version 1 of an empty database.
const MIGRATIONS: [Migration; 2] = [v1::migrate, v2::migrate];

/// The version that this build works with.
pub(crate) const VERSION: u32 = MIGRATIONS.len() as u32;

/// Brings a database from `old` to [`VERSION`].
pub(crate) fn run(database: &Database, old: u32) -> Result<()> {
    MIGRATIONS.iter().skip(old as usize).try_for_each(|migrate| migrate(database))
}
