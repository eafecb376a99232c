-- Version 7. When each device of an account asked for its keyring last, and mailboxes in which two devices meet.

CREATE TABLE devices_seen (
    account  BLOB    NOT NULL,
    device   BLOB    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (account, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE mailboxes (
    mailbox     BLOB    NOT NULL PRIMARY KEY,
    token_hash  BLOB    NOT NULL,
    until       INTEGER NOT NULL,
    request     BLOB,
    hello       BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX mailboxes_by_end ON mailboxes (until);
