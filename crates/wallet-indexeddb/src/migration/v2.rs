//! Rows that version 1's wallets cannot read (packed leaves) or do not know of (first screens, which must go with what is
//! erased). The tables stay; a tab of before gives the database up, and says that it is to be loaded anew.

use indexed_db_futures::{Result, database::Database};

#[expect(clippy::unnecessary_wraps, reason = "as every step")]
pub(super) fn migrate(_database: &Database) -> Result<()> {
    Ok(())
}
