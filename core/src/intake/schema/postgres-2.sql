-- From schema 1 to schema 2, for PostgreSQL: nonces of pushes are kept in the store, and what could not be taken has an id
-- by which it can be taken after all.

-- A nonce belongs to the body that it came with first.
CREATE TABLE intake_nonce (
    app_key    TEXT COLLATE "C" NOT NULL,
    nonce      TEXT COLLATE "C" NOT NULL,
    body       TEXT COLLATE "C" NOT NULL,
    kept_until BIGINT NOT NULL,
    PRIMARY KEY (app_key, nonce)
);
CREATE INDEX intake_nonce_until ON intake_nonce (kept_until);

-- Replaced and not made anew: who may read it stays as it is.
CREATE OR REPLACE VIEW rejected AS
SELECT class,
       to_timestamp(received_at / 1000) AS received_at,
       position,
       field,
       reason,
       verdict,
       size,
       raw,
       id
FROM intake_rejected;
