-- Version 6. Cars held together: invitations with their one answer, and the bundles of keys of co-holders.

CREATE TABLE invitations (
    invitation_key  BLOB PRIMARY KEY,
    stream          BLOB NOT NULL,
    invitation      BLOB NOT NULL,
    answer          BLOB
) STRICT, WITHOUT ROWID;

CREATE INDEX invitations_of_stream ON invitations (stream);

CREATE TABLE bundles (
    stream    BLOB    NOT NULL,
    holder    BLOB    NOT NULL,
    version   INTEGER NOT NULL,
    envelope  BLOB    NOT NULL,
    PRIMARY KEY (stream, holder)
) STRICT, WITHOUT ROWID;
