-- Version 5. Nonces of proofs dated ahead, which would be good again after a restart; and for which stream the ledger has
-- issued a grant first.

CREATE TABLE nonces (
    name  BLOB    NOT NULL PRIMARY KEY,
    at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX nonces_by_time ON nonces (at);

CREATE TABLE issued_grants (
    grant_id  BLOB  NOT NULL PRIMARY KEY,
    stream    BLOB  NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX issued_grants_by_stream ON issued_grants (stream);
