-- From schema 1 to schema 2, for SQLite: nonces of pushes are kept in the store, and what could not be taken has an id by
-- which it can be taken after all.

-- A nonce belongs to the body that it came with first.
CREATE TABLE intake_nonce (
    app_key    TEXT NOT NULL,
    nonce      TEXT NOT NULL,
    body       TEXT NOT NULL,
    kept_until INTEGER NOT NULL,
    PRIMARY KEY (app_key, nonce)
) WITHOUT ROWID;
CREATE INDEX intake_nonce_until ON intake_nonce (kept_until);

DROP VIEW rejected;
CREATE VIEW rejected AS
SELECT class,
       strftime('%Y-%m-%dT%H:%M:%SZ', received_at / 1000, 'unixepoch') AS received_at,
       position,
       field,
       reason,
       verdict,
       size,
       raw,
       id
FROM intake_rejected;
