-- Version 2. How many VINs a member had evaluated on a day; days gone by are removed with the next count.

CREATE TABLE vin_evaluations (
    member       BLOB    NOT NULL,
    day          INTEGER NOT NULL,
    evaluations  INTEGER NOT NULL,
    PRIMARY KEY (member, day)
) STRICT, WITHOUT ROWID;
