-- Schema 1 of the intake's store, for SQLite. The tables are the library's; read the views, which stay as they are when
-- the tables change. SCHEMA.md, beside this folder, describes them.

CREATE TABLE intake_meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE intake_call (
    id         INTEGER PRIMARY KEY,
    session_id TEXT NOT NULL UNIQUE,
    state      INTEGER NOT NULL,
    opened_at  INTEGER NOT NULL,
    last_at    INTEGER NOT NULL,
    user_data  TEXT,
    tag        TEXT
);
CREATE INDEX intake_call_opened ON intake_call (opened_at);
CREATE INDEX intake_call_unbilled ON intake_call (opened_at) WHERE state < 70;
CREATE INDEX intake_call_user_data ON intake_call ((id >> 8), user_data) WHERE user_data IS NOT NULL;
CREATE INDEX intake_call_tag ON intake_call (tag) WHERE tag IS NOT NULL;

-- In the order of the key, so that what a call's story needs lies together.
CREATE TABLE intake_event (
    call_id     INTEGER NOT NULL,
    type        TEXT NOT NULL,
    at          INTEGER NOT NULL,
    party       TEXT NOT NULL,
    caller      TEXT,
    state_code  INTEGER,
    party_type  TEXT,
    digits      TEXT,
    received_at INTEGER NOT NULL,
    verdict     TEXT NOT NULL,
    raw         TEXT NOT NULL,
    PRIMARY KEY (call_id, type, at, party)
) WITHOUT ROWID;

CREATE TABLE intake_cdr (
    id             INTEGER PRIMARY KEY,
    call_id        INTEGER NOT NULL,
    icid           TEXT NOT NULL,
    app_key        TEXT,
    scene          TEXT NOT NULL,
    user_data      TEXT,
    end_at         INTEGER NOT NULL,
    fail_at        INTEGER,
    release_reason INTEGER,
    sip_status     INTEGER,
    answered       INTEGER NOT NULL,
    talk_seconds   INTEGER,
    minutes        INTEGER,
    inferred       INTEGER,
    recording      TEXT,
    a_number       TEXT,
    a_display      TEXT,
    a_start        INTEGER,
    a_ringing      INTEGER,
    a_answer       INTEGER,
    a_reason       INTEGER,
    b_number       TEXT,
    b_display      TEXT,
    b_start        INTEGER,
    b_ringing      INTEGER,
    b_answer       INTEGER,
    b_reason       INTEGER,
    received_at    INTEGER NOT NULL,
    verdict        TEXT NOT NULL,
    beside         TEXT,
    raw            TEXT NOT NULL,
    UNIQUE (call_id, icid)
);
CREATE INDEX intake_cdr_end ON intake_cdr (end_at);

-- By segments of 256 calls: entries of calls that came together lie together.
CREATE TABLE intake_number (
    segment INTEGER NOT NULL,
    number  TEXT NOT NULL,
    call_id INTEGER NOT NULL,
    PRIMARY KEY (segment, number, call_id)
) WITHOUT ROWID;

CREATE TABLE intake_conflict (
    call_id     INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    party       TEXT,
    received_at INTEGER NOT NULL,
    verdict     TEXT NOT NULL,
    raw         TEXT NOT NULL,
    PRIMARY KEY (call_id, kind, fingerprint)
) WITHOUT ROWID;

CREATE TABLE intake_attempt (
    tag TEXT NOT NULL PRIMARY KEY,
    at  INTEGER NOT NULL,
    raw TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE intake_rejected (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    class       TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    position    INTEGER,
    field       TEXT,
    reason      TEXT NOT NULL,
    verdict     TEXT NOT NULL,
    size        INTEGER NOT NULL,
    raw         BLOB NOT NULL,
    UNIQUE (class, fingerprint)
);
CREATE INDEX intake_rejected_age ON intake_rejected (class, id);

CREATE TABLE intake_rejected_count (
    class         TEXT NOT NULL PRIMARY KEY,
    entries       INTEGER NOT NULL DEFAULT 0,
    bytes         INTEGER NOT NULL DEFAULT 0,
    dropped       INTEGER NOT NULL DEFAULT 0,
    dropped_bytes INTEGER NOT NULL DEFAULT 0,
    settled       INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
INSERT INTO intake_rejected_count (class) VALUES ('record'), ('malformed'), ('refused');

CREATE VIEW cdrs AS
SELECT call.session_id,
       nullif(cdr.icid, '')                                     AS icid,
       cdr.app_key,
       cdr.scene,
       cdr.user_data,
       strftime('%Y-%m-%dT%H:%M:%SZ', nullif(cdr.end_at, 0), 'unixepoch')  AS ended_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', cdr.fail_at, 'unixepoch') AS failed_at,
       cdr.answered,
       cdr.talk_seconds,
       cdr.minutes                                              AS billable_minutes,
       cdr.inferred,
       cdr.release_reason,
       cdr.sip_status,
       cdr.recording,
       cdr.a_number,
       cdr.a_display                                            AS a_display_number,
       cdr.b_number,
       cdr.b_display                                            AS b_display_number,
       strftime('%Y-%m-%dT%H:%M:%SZ', cdr.received_at / 1000, 'unixepoch') AS received_at,
       cdr.verdict,
       cdr.beside,
       cdr.raw
FROM intake_cdr AS cdr
JOIN intake_call AS call ON call.id = cdr.call_id;

CREATE VIEW legs AS
SELECT call.session_id,
       'a'                                                        AS leg,
       cdr.a_number                                               AS number,
       cdr.a_display                                              AS display_number,
       strftime('%Y-%m-%dT%H:%M:%SZ', cdr.a_start, 'unixepoch')   AS calling_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', cdr.a_ringing, 'unixepoch') AS ringing_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', cdr.a_answer, 'unixepoch')  AS answered_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', nullif(cdr.end_at, 0), 'unixepoch')    AS ended_at,
       CASE WHEN cdr.a_answer IS NULL THEN 0 ELSE max(nullif(cdr.end_at, 0) - cdr.a_answer, 0) END AS talk_seconds,
       cdr.a_reason                                               AS unanswered_reason
FROM intake_cdr AS cdr
JOIN intake_call AS call ON call.id = cdr.call_id
UNION ALL
SELECT call.session_id,
       'b',
       cdr.b_number,
       cdr.b_display,
       strftime('%Y-%m-%dT%H:%M:%SZ', cdr.b_start, 'unixepoch'),
       strftime('%Y-%m-%dT%H:%M:%SZ', cdr.b_ringing, 'unixepoch'),
       strftime('%Y-%m-%dT%H:%M:%SZ', cdr.b_answer, 'unixepoch'),
       strftime('%Y-%m-%dT%H:%M:%SZ', nullif(cdr.end_at, 0), 'unixepoch'),
       CASE WHEN cdr.b_answer IS NULL THEN 0 ELSE max(nullif(cdr.end_at, 0) - cdr.b_answer, 0) END,
       cdr.b_reason
FROM intake_cdr AS cdr
JOIN intake_call AS call ON call.id = cdr.call_id
WHERE cdr.scene = 'callback';

CREATE VIEW events AS
SELECT call.session_id,
       event.type,
       strftime('%Y-%m-%dT%H:%M:%SZ', nullif(event.at, 0), 'unixepoch') AS at,
       event.caller,
       CASE WHEN event.type IN ('callout', 'alerting', 'answer', 'collectInfo', 'disconnect')
            THEN nullif(event.party, '') END                           AS called,
       event.state_code,
       event.party_type,
       event.digits,
       strftime('%Y-%m-%dT%H:%M:%SZ', event.received_at / 1000, 'unixepoch') AS received_at,
       event.verdict,
       event.raw
FROM intake_event AS event
LEFT JOIN intake_call AS call ON call.id = event.call_id;

CREATE VIEW calls AS
SELECT call.session_id,
       CASE call.state WHEN 20 THEN 'placed' WHEN 30 THEN 'calling' WHEN 40 THEN 'ringing' WHEN 50 THEN 'answered'
                       WHEN 60 THEN 'ended' WHEN 70 THEN 'billed' END   AS state,
       strftime('%Y-%m-%dT%H:%M:%SZ', call.opened_at, 'unixepoch')      AS opened_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', nullif(cdr.end_at, 0), 'unixepoch')          AS ended_at,
       cdr.scene,
       cdr.answered,
       cdr.talk_seconds,
       cdr.minutes                                                      AS billable_minutes,
       cdr.a_number,
       cdr.b_number,
       cdr.app_key,
       call.user_data,
       call.tag                                                         AS attempt_tag
FROM intake_call AS call
LEFT JOIN intake_cdr AS cdr
       ON cdr.id = (SELECT first.id FROM intake_cdr AS first WHERE first.call_id = call.id ORDER BY first.icid LIMIT 1);

CREATE VIEW conflicts AS
SELECT call.session_id,
       conflict.kind,
       conflict.party,
       strftime('%Y-%m-%dT%H:%M:%SZ', conflict.received_at / 1000, 'unixepoch') AS received_at,
       conflict.verdict,
       conflict.raw
FROM intake_conflict AS conflict
LEFT JOIN intake_call AS call ON call.id = conflict.call_id;

CREATE VIEW rejected AS
SELECT class,
       strftime('%Y-%m-%dT%H:%M:%SZ', received_at / 1000, 'unixepoch') AS received_at,
       position,
       field,
       reason,
       verdict,
       size,
       raw
FROM intake_rejected;

CREATE VIEW attempts AS
SELECT attempt.tag,
       strftime('%Y-%m-%dT%H:%M:%SZ', attempt.at, 'unixepoch') AS at,
       call.session_id,
       attempt.raw
FROM intake_attempt AS attempt
LEFT JOIN intake_call AS call ON call.tag = attempt.tag;
