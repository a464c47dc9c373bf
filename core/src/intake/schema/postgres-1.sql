-- Schema 1 of the intake's store, for PostgreSQL. The tables are the library's; read the views, which stay as they are when
-- the tables change. SCHEMA.md, beside this folder, describes them.

CREATE TABLE intake_meta (
    name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE intake_call (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    session_id TEXT COLLATE "C" NOT NULL UNIQUE,
    state      BIGINT NOT NULL,
    opened_at  BIGINT NOT NULL,
    last_at    BIGINT NOT NULL,
    user_data  TEXT COLLATE "C",
    tag        TEXT COLLATE "C"
);
CREATE INDEX intake_call_opened ON intake_call (opened_at);
CREATE INDEX intake_call_unbilled ON intake_call (opened_at) WHERE state < 70;
CREATE INDEX intake_call_user_data ON intake_call ((id >> 8), user_data) WHERE user_data IS NOT NULL;
CREATE INDEX intake_call_tag ON intake_call (tag) WHERE tag IS NOT NULL;

-- In the order of the key, so that what a call's story needs lies together.
CREATE TABLE intake_event (
    call_id     BIGINT NOT NULL,
    type        TEXT COLLATE "C" NOT NULL,
    at          BIGINT NOT NULL,
    party       TEXT COLLATE "C" NOT NULL,
    caller      TEXT COLLATE "C",
    state_code  BIGINT,
    party_type  TEXT COLLATE "C",
    digits      TEXT COLLATE "C",
    received_at BIGINT NOT NULL,
    verdict     TEXT COLLATE "C" NOT NULL,
    raw         TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (call_id, type, at, party)
);

CREATE TABLE intake_cdr (
    id             BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    call_id        BIGINT NOT NULL,
    icid           TEXT COLLATE "C" NOT NULL,
    app_key        TEXT COLLATE "C",
    scene          TEXT COLLATE "C" NOT NULL,
    user_data      TEXT COLLATE "C",
    end_at         BIGINT NOT NULL,
    fail_at        BIGINT,
    release_reason BIGINT,
    sip_status     BIGINT,
    answered       BIGINT NOT NULL,
    talk_seconds   BIGINT,
    minutes        BIGINT,
    inferred       BIGINT,
    recording      TEXT COLLATE "C",
    a_number       TEXT COLLATE "C",
    a_display      TEXT COLLATE "C",
    a_start        BIGINT,
    a_ringing      BIGINT,
    a_answer       BIGINT,
    a_reason       BIGINT,
    b_number       TEXT COLLATE "C",
    b_display      TEXT COLLATE "C",
    b_start        BIGINT,
    b_ringing      BIGINT,
    b_answer       BIGINT,
    b_reason       BIGINT,
    received_at    BIGINT NOT NULL,
    verdict        TEXT COLLATE "C" NOT NULL,
    beside         TEXT COLLATE "C",
    raw            TEXT COLLATE "C" NOT NULL,
    UNIQUE (call_id, icid)
);
CREATE INDEX intake_cdr_end ON intake_cdr (end_at);

-- By segments of 256 calls: entries of calls that came together lie together.
CREATE TABLE intake_number (
    segment BIGINT NOT NULL,
    number  TEXT COLLATE "C" NOT NULL,
    call_id BIGINT NOT NULL,
    PRIMARY KEY (segment, number, call_id)
);

CREATE TABLE intake_conflict (
    call_id     BIGINT NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    party       TEXT COLLATE "C",
    received_at BIGINT NOT NULL,
    verdict     TEXT COLLATE "C" NOT NULL,
    raw         TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (call_id, kind, fingerprint)
);

CREATE TABLE intake_attempt (
    tag TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    at  BIGINT NOT NULL,
    raw TEXT COLLATE "C" NOT NULL
);

CREATE TABLE intake_rejected (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    class       TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    position    BIGINT,
    field       TEXT COLLATE "C",
    reason      TEXT COLLATE "C" NOT NULL,
    verdict     TEXT COLLATE "C" NOT NULL,
    size        BIGINT NOT NULL,
    raw         BYTEA NOT NULL,
    UNIQUE (class, fingerprint)
);
CREATE INDEX intake_rejected_age ON intake_rejected (class, id);

CREATE TABLE intake_rejected_count (
    class         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    entries       BIGINT NOT NULL DEFAULT 0,
    bytes         BIGINT NOT NULL DEFAULT 0,
    dropped       BIGINT NOT NULL DEFAULT 0,
    dropped_bytes BIGINT NOT NULL DEFAULT 0,
    settled       BIGINT NOT NULL DEFAULT 0
);
INSERT INTO intake_rejected_count (class) VALUES ('record'), ('malformed'), ('refused');

CREATE VIEW cdrs AS
SELECT call.session_id,
       nullif(cdr.icid, '')                                     AS icid,
       cdr.app_key,
       cdr.scene,
       cdr.user_data,
       to_timestamp(nullif(cdr.end_at, 0))  AS ended_at,
       to_timestamp(cdr.fail_at) AS failed_at,
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
       to_timestamp(cdr.received_at / 1000) AS received_at,
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
       to_timestamp(cdr.a_start)   AS calling_at,
       to_timestamp(cdr.a_ringing) AS ringing_at,
       to_timestamp(cdr.a_answer)  AS answered_at,
       to_timestamp(nullif(cdr.end_at, 0))    AS ended_at,
       CASE WHEN cdr.a_answer IS NULL THEN 0 ELSE greatest(nullif(cdr.end_at, 0) - cdr.a_answer, 0) END AS talk_seconds,
       cdr.a_reason                                               AS unanswered_reason
FROM intake_cdr AS cdr
JOIN intake_call AS call ON call.id = cdr.call_id
UNION ALL
SELECT call.session_id,
       'b',
       cdr.b_number,
       cdr.b_display,
       to_timestamp(cdr.b_start),
       to_timestamp(cdr.b_ringing),
       to_timestamp(cdr.b_answer),
       to_timestamp(nullif(cdr.end_at, 0)),
       CASE WHEN cdr.b_answer IS NULL THEN 0 ELSE greatest(nullif(cdr.end_at, 0) - cdr.b_answer, 0) END,
       cdr.b_reason
FROM intake_cdr AS cdr
JOIN intake_call AS call ON call.id = cdr.call_id
WHERE cdr.scene = 'callback';

CREATE VIEW events AS
SELECT call.session_id,
       event.type,
       to_timestamp(nullif(event.at, 0)) AS at,
       event.caller,
       CASE WHEN event.type IN ('callout', 'alerting', 'answer', 'collectInfo', 'disconnect')
            THEN nullif(event.party, '') END                           AS called,
       event.state_code,
       event.party_type,
       event.digits,
       to_timestamp(event.received_at / 1000) AS received_at,
       event.verdict,
       event.raw
FROM intake_event AS event
LEFT JOIN intake_call AS call ON call.id = event.call_id;

CREATE VIEW calls AS
SELECT call.session_id,
       CASE call.state WHEN 20 THEN 'placed' WHEN 30 THEN 'calling' WHEN 40 THEN 'ringing' WHEN 50 THEN 'answered'
                       WHEN 60 THEN 'ended' WHEN 70 THEN 'billed' END   AS state,
       to_timestamp(call.opened_at)      AS opened_at,
       to_timestamp(nullif(cdr.end_at, 0))          AS ended_at,
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
       to_timestamp(conflict.received_at / 1000) AS received_at,
       conflict.verdict,
       conflict.raw
FROM intake_conflict AS conflict
LEFT JOIN intake_call AS call ON call.id = conflict.call_id;

CREATE VIEW rejected AS
SELECT class,
       to_timestamp(received_at / 1000) AS received_at,
       position,
       field,
       reason,
       verdict,
       size,
       raw
FROM intake_rejected;

CREATE VIEW attempts AS
SELECT attempt.tag,
       to_timestamp(attempt.at) AS at,
       call.session_id,
       attempt.raw
FROM intake_attempt AS attempt
LEFT JOIN intake_call AS call ON call.tag = attempt.tag;
