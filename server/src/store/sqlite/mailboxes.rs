//! Mailboxes in SQLite.

use super::{
    SqliteTables,
    value::{count, id, integer},
};
use crate::store::{MailboxRow, MailboxTable, StoreError};
use carnet_protocol::{day::Timestamp, id::MailboxId};
use rusqlite::params;

impl MailboxTable for SqliteTables<'_> {
    fn mailbox(&self, mailbox: MailboxId) -> Result<Option<MailboxRow>, StoreError> {
        let mut statement =
            self.db.prepare_cached("SELECT token_hash, until, request, hello FROM mailboxes WHERE mailbox = ?1")?;
        let mut rows = statement.query([&mailbox.0[..]])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(Some(MailboxRow {
            token_hash: id(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?, "mailbox")?,
            until: Timestamp(count(row.get(1)?)),
            request: row.get(2)?,
            hello: row.get(3)?,
        }))
    }

    fn mailboxes(&self) -> Result<u64, StoreError> {
        let mut statement = self.db.prepare_cached("SELECT COUNT(*) FROM mailboxes")?;
        Ok(count(statement.query_row([], |row| row.get(0))?))
    }

    fn put_mailbox(&mut self, mailbox: MailboxId, row: &MailboxRow) -> Result<(), StoreError> {
        let MailboxRow { token_hash, until, request, hello } = row;
        self.db
            .prepare_cached(
                "INSERT INTO mailboxes (mailbox, token_hash, until, request, hello) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (mailbox) DO UPDATE SET request = excluded.request, hello = excluded.hello",
            )?
            .execute(params![&mailbox.0[..], &token_hash.0[..], integer(until.0), request, hello])?;
        Ok(())
    }

    fn purge_mailboxes(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM mailboxes WHERE until <= ?1")?.execute([integer(now.0)])?;
        Ok(())
    }
}
