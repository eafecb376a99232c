-- Version 3. Of a keyring only the newest version is kept, and an account's word that it is erased takes its place.

DELETE FROM keyrings AS old
WHERE version < (SELECT MAX(version) FROM keyrings WHERE account = old.account);

CREATE TABLE keyring_erasures (
    account  BLOB  NOT NULL PRIMARY KEY,
    signed   BLOB  NOT NULL
) STRICT, WITHOUT ROWID;
