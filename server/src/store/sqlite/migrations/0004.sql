-- Version 4. What sources need and leave behind: day seal keys, offers to pair, what was written without a pairing, and
-- the owners' answers.

CREATE TABLE seal_keys (
    stream  BLOB NOT NULL,
    label   BLOB NOT NULL,
    keys    BLOB NOT NULL,
    PRIMARY KEY (stream, label)
) STRICT;

CREATE TABLE offers (
    offer    BLOB    NOT NULL PRIMARY KEY,
    stream   BLOB    NOT NULL,
    expires  INTEGER NOT NULL,
    sealed   BLOB    NOT NULL
) STRICT;
CREATE INDEX offers_by_stream ON offers (stream);
CREATE INDEX offers_by_end ON offers (expires);

CREATE TABLE unpaired (
    stream  BLOB    NOT NULL,
    source  BLOB    NOT NULL,
    at      INTEGER NOT NULL,
    bytes   INTEGER NOT NULL
) STRICT;
CREATE INDEX unpaired_by_source ON unpaired (stream, source, at);

CREATE TABLE answers (
    stream  BLOB NOT NULL,
    record  BLOB NOT NULL,
    answer  BLOB NOT NULL,
    PRIMARY KEY (stream, record)
) STRICT;
