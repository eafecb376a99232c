-- Version 1. Never edited once released; changes come as a file of their own.

CREATE TABLE streams (
    stream       BLOB    NOT NULL PRIMARY KEY,
    last_record  INTEGER NOT NULL DEFAULT 0,
    last_view    INTEGER NOT NULL DEFAULT 0,
    records      INTEGER NOT NULL DEFAULT 0,
    bytes        INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- `sealed` stands last: what is read without it never touches its overflow pages.
CREATE TABLE records (
    stream      BLOB    NOT NULL REFERENCES streams (stream),
    sequence    INTEGER NOT NULL,
    record      BLOB    NOT NULL,
    commitment  BLOB    NOT NULL,
    size        INTEGER NOT NULL,
    header      BLOB    NOT NULL,
    sealed      BLOB    NOT NULL,
    PRIMARY KEY (stream, sequence),
    UNIQUE (stream, record)
) STRICT;

CREATE TABLE wraps (
    stream      BLOB    NOT NULL,
    record      BLOB    NOT NULL,
    generation  INTEGER NOT NULL,
    wrap        BLOB    NOT NULL,
    PRIMARY KEY (stream, record, generation),
    FOREIGN KEY (stream, record) REFERENCES records (stream, record) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- `sequence` is the order of arrival, for inboxes.
CREATE TABLE grants (
    sequence  INTEGER PRIMARY KEY AUTOINCREMENT,
    grant_id  BLOB    NOT NULL UNIQUE,
    stream    BLOB    NOT NULL,
    grantee   BLOB,
    claimer   BLOB,
    accepted  INTEGER,
    revoked   INTEGER NOT NULL DEFAULT 0,
    envelope  BLOB    NOT NULL
) STRICT;
CREATE INDEX grants_by_grantee ON grants (grantee, sequence) WHERE grantee IS NOT NULL;
CREATE INDEX grants_by_claimer ON grants (claimer, sequence) WHERE claimer IS NOT NULL;
CREATE INDEX grants_by_stream ON grants (stream);

-- `state`: 0 live, 1 claimed, 2 ended.
CREATE TABLE links (
    link      BLOB    NOT NULL PRIMARY KEY,
    grant_id  BLOB    NOT NULL REFERENCES grants (grant_id),
    opens     INTEGER NOT NULL DEFAULT 0,
    failures  INTEGER NOT NULL DEFAULT 0,
    state     INTEGER NOT NULL DEFAULT 0,
    signed    BLOB    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX links_by_grant ON links (grant_id);

CREATE TABLE view_tokens (
    token_hash  BLOB    NOT NULL PRIMARY KEY,
    link        BLOB    NOT NULL REFERENCES links (link),
    grant_id    BLOB    NOT NULL,
    stream      BLOB    NOT NULL,
    until       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX view_tokens_by_link ON view_tokens (link);
CREATE INDEX view_tokens_by_end ON view_tokens (until);

CREATE TABLE keyrings (
    account  BLOB    NOT NULL,
    version  INTEGER NOT NULL,
    stored   BLOB    NOT NULL,
    PRIMARY KEY (account, version)
) STRICT;

-- `kind` is the canonical encoding of the protocol's `ViewKind`.
CREATE TABLE views (
    stream    BLOB    NOT NULL,
    sequence  INTEGER NOT NULL,
    grant_id  BLOB    NOT NULL,
    at        INTEGER NOT NULL,
    kind      BLOB    NOT NULL,
    PRIMARY KEY (stream, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX views_by_grant ON views (stream, grant_id, kind, at);
