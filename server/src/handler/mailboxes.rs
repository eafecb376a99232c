//! Mailboxes in which two devices meet. What lies in them is sealed; whoever knows the token writes and reads, each place
//! is written once, and after ten minutes all is gone.

use crate::{
    auth::{Anyone, Proven},
    error::ApiError,
    exchange::{Cbor, Ids},
    relay::App,
    store::{MailboxRow, Tables},
};
use axum::extract::State;
use carnet_crypto::meeting::meeting_token_hash;
use carnet_protocol::{
    Blob,
    api::body::{MailboxMessage, MailboxOpen, MailboxPost, MailboxRead, Stored},
    day::Timestamp,
    id::MailboxId,
    meeting::{MAILBOX_MS, MESSAGE_MAX},
};

/// Mailboxes at a time, of about 2 KiB each: more than any relay's owners open in ten minutes.
const MAILBOXES_MAX: u64 = 10_000;

/// Opens a mailbox, for ten minutes.
pub async fn open(
    State(app): State<App>,
    Proven(_): Proven,
    Ids(mailbox): Ids<MailboxId>,
    Cbor(body): Cbor<MailboxOpen>,
) -> Result<Cbor<Stored>, ApiError> {
    let until = app.clock.now().plus(MAILBOX_MS);
    let now = app.clock.now();
    let new = app.store.write(move |tables| keep(tables, mailbox, &body, until, now)).await?;
    Ok(Cbor(Stored { new }))
}

fn keep(
    tables: &mut dyn Tables,
    mailbox: MailboxId,
    body: &MailboxOpen,
    until: Timestamp,
    now: Timestamp,
) -> Result<u32, ApiError> {
    tables.purge_mailboxes(now)?;
    if let Some(there) = tables.mailbox(mailbox)? {
        let same = there.token_hash == body.token_hash;
        return if same { Ok(0) } else { Err(ApiError::Conflict("There is such a mailbox.")) };
    }
    if tables.mailboxes()? >= MAILBOXES_MAX {
        return Err(ApiError::Busy);
    }
    let row = MailboxRow { token_hash: body.token_hash, until, request: None, hello: None };
    tables.put_mailbox(mailbox, &row)?;
    Ok(1)
}

/// Puts a message into a place that is empty; the same again changes nothing.
pub async fn post(
    State(app): State<App>,
    _: Anyone,
    Ids(mailbox): Ids<MailboxId>,
    Cbor(body): Cbor<MailboxPost>,
) -> Result<Cbor<Stored>, ApiError> {
    if body.sealed.len() > MESSAGE_MAX {
        return Err(ApiError::TooLarge { max: MESSAGE_MAX });
    }
    let now = app.clock.now();
    let new = app
        .store
        .write(move |tables| {
            let mut row = known(tables, mailbox, &body.token, now)?;
            match row.place(body.place) {
                Some(there) if *there == body.sealed.0 => Ok(0),
                Some(_) => Err(ApiError::Conflict("There is another message in this place.")),
                place => {
                    *place = Some(body.sealed.0);
                    tables.put_mailbox(mailbox, &row)?;
                    Ok::<_, ApiError>(1)
                }
            }
        })
        .await?;
    Ok(Cbor(Stored { new }))
}

/// The message in a place, if there is one yet.
pub async fn read(
    State(app): State<App>,
    _: Anyone,
    Ids(mailbox): Ids<MailboxId>,
    Cbor(body): Cbor<MailboxRead>,
) -> Result<Cbor<MailboxMessage>, ApiError> {
    let now = app.clock.now();
    let sealed = app
        .store
        .read(move |tables| {
            let mut row = known(tables, mailbox, &body.token, now)?;
            Ok::<_, ApiError>(row.place(body.place).take().map(Blob))
        })
        .await?;
    Ok(Cbor(MailboxMessage { sealed }))
}

/// A mailbox that stands, for who knows its token. Its name is 128 random bits, so wrong tokens are not counted.
fn known(tables: &dyn Tables, mailbox: MailboxId, token: &[u8], now: Timestamp) -> Result<MailboxRow, ApiError> {
    let row = tables.mailbox(mailbox)?.filter(|row| now < row.until).ok_or(ApiError::NotFound)?;
    if meeting_token_hash(token) == row.token_hash { Ok(row) } else { Err(ApiError::WrongToken) }
}
