//! What has to come of each fault, once for all languages: argued from the rules below, not copied from what happens.
//!
//! 1. A request that rings somebody goes out once when a byte of it may have arrived (contract requests.md 13.4, D11), and
//!    again only after `not_sent`. What rings nobody may be repeated; a client makes two repetitions where nobody says
//!    otherwise, so that three requests reach the platform.
//! 2. Nobody repeats what would end in the same way: an answer that is no HTTP, a handshake that was refused (a handshake
//!    that broke off may succeed next time), an answer that was read.
//! 3. Delivery is `not_sent` before the first byte of the request, `answered` when the platform's own answer was read,
//!    `unknown` otherwise; a proxy's 5xx says nothing about what the platform has done, its 4xx and its redirection say that
//!    the request went no further.
//! 4. The whole call has one time-out, and what it cuts off may have arrived.
//! 5. A refusal for the request's time is corrected and sent again once, as a rejected request was never placed (D15).

use std::fmt;

/// A fault and what comes of it for each class of operations.
pub(super) struct Row {
    /// What the matrix calls it.
    pub(super) name: &'static str,
    /// The fault without its target, as the admin API takes it.
    pub(super) fault: &'static str,
    pub(super) over: Over,
    pub(super) timeout_ms: u64,
    /// The three operations that ring somebody.
    pub(super) rings: Expected,
    /// `terminate_call`: rings nobody, and ends what it names at the first request that is carried out.
    pub(super) stops: Expected,
    /// `get_recording_download_url`: rings nobody, and is answered by a header without a body.
    pub(super) fetches: Expected,
}

/// Which connections a row is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    Plain,
    Tls,
    Both,
}

/// What a call comes to, and what the platform has seen of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expected {
    /// `ok`, or the error's kind.
    pub(super) kind: &'static str,
    /// Of an error.
    pub(super) delivery: &'static str,
    /// How many requests the fault has struck; connections, where it strikes before a request is read.
    pub(super) struck: usize,
    /// How many calls were placed, so that phones ring.
    pub(super) placed: usize,
}

/// Longer than anything takes here.
const PATIENT: u64 = 20_000;
/// For what never comes. Long enough for a request to arrive on a machine that has much to do.
const HASTY: u64 = 500;

const fn ok(struck: usize) -> Expected {
    fails("ok", "", struck)
}

const fn fails(kind: &'static str, delivery: &'static str, struck: usize) -> Expected {
    Expected {
        kind,
        delivery,
        struck,
        placed: 0,
    }
}

const fn lost(struck: usize) -> Expected {
    fails("connection_lost", "unknown", struck)
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind)?;
        if !self.delivery.is_empty() {
            write!(f, "/{}", self.delivery)?;
        }
        write!(f, " {}", self.struck)?;
        if self.placed > 0 {
            f.write_str(" rings")?;
        }
        Ok(())
    }
}

impl Over {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Over::Plain => "plain",
            Over::Tls => "tls",
            Over::Both => "both",
        }
    }
}

impl Expected {
    /// And a phone rings.
    const fn rung(mut self) -> Expected {
        self.placed = 1;
        self
    }
}

/// The same for every class.
const fn all(
    name: &'static str,
    fault: &'static str,
    kind: &'static str,
    delivery: &'static str,
    struck: usize,
) -> Row {
    each(
        name,
        fault,
        [
            fails(kind, delivery, struck),
            fails(kind, delivery, struck),
            fails(kind, delivery, struck),
        ],
    )
}

const fn each(name: &'static str, fault: &'static str, [rings, stops, fetches]: [Expected; 3]) -> Row {
    Row {
        name,
        fault,
        over: Over::Both,
        timeout_ms: PATIENT,
        rings,
        stops,
        fetches,
    }
}

impl Row {
    const fn over(mut self, over: Over) -> Row {
        self.over = over;
        self
    }

    const fn hasty(mut self) -> Row {
        self.timeout_ms = HASTY;
        self
    }

    /// What is expected of an operation.
    pub(super) fn expected(&self, operation: &str) -> &Expected {
        match operation {
            "terminate_call" => &self.stops,
            "get_recording_download_url" => &self.fetches,
            _ => &self.rings,
        }
    }
}

/// Every fault that strikes answers; `once` where it strikes the first request alone.
pub(super) const ROWS: &[Row] = &[
    // Rule 3. It would be tried again, but for its time: the platform's door opens after two seconds.
    all("refuse", r#"{"fault":"refuse","seconds":2}"#, "connect", "not_sent", 0)
        .over(Over::Plain)
        .hasty(),
    // Rule 1: the platform has read nothing, and no client can know that.
    each(
        "reset_before_reading",
        r#"{"fault":"reset_before_reading"}"#,
        [lost(1), lost(3), lost(3)],
    )
    .over(Over::Plain),
    each(
        "reset_before_reading once",
        r#"{"fault":"reset_before_reading","count":1}"#,
        [lost(1), ok(1), ok(1)],
    )
    .over(Over::Plain),
    // Rule 2: here it breaks the handshake off, before a byte of the request.
    all(
        "reset_before_reading",
        r#"{"fault":"reset_before_reading"}"#,
        "tls",
        "not_sent",
        3,
    )
    .over(Over::Tls),
    each(
        "reset_before_reading once",
        r#"{"fault":"reset_before_reading","count":1}"#,
        [ok(1).rung(), ok(1), ok(1)],
    )
    .over(Over::Tls),
    // Rule 2.
    all("tls_failure", r#"{"fault":"tls_failure"}"#, "tls", "not_sent", 1).over(Over::Tls),
    // Rule 1.
    each(
        "reset_after_reading",
        r#"{"fault":"reset_after_reading"}"#,
        [lost(1), lost(3), lost(3)],
    ),
    each(
        "reset_after_reading once",
        r#"{"fault":"reset_after_reading","count":1}"#,
        [lost(1), ok(1), ok(1)],
    ),
    each(
        "answer_lost",
        r#"{"fault":"answer_lost"}"#,
        [lost(1).rung(), lost(3), lost(3)],
    ),
    // Rule 3: the second request finds the call ended by the first, and the platform says so.
    each(
        "answer_lost once",
        r#"{"fault":"answer_lost","count":1}"#,
        [lost(1).rung(), fails("rejected", "answered", 1), ok(1)],
    ),
    // The answer was whole: how the connection ends afterwards matters to nobody.
    each(
        "silent_close",
        r#"{"fault":"silent_close"}"#,
        [ok(1).rung(), ok(1), ok(1)],
    ),
    // Rule 4.
    all("silence", r#"{"fault":"silence"}"#, "timeout", "unknown", 1).hasty(),
    each(
        "delay, in time",
        r#"{"fault":"delay","millis":20}"#,
        [ok(1).rung(), ok(1), ok(1)],
    ),
    each(
        "delay, too late",
        r#"{"fault":"delay","millis":60000}"#,
        [
            fails("timeout", "unknown", 1).rung(),
            fails("timeout", "unknown", 1),
            fails("timeout", "unknown", 1),
        ],
    )
    .hasty(),
    each(
        "slow_body, in time",
        r#"{"fault":"slow_body","millis":1}"#,
        [ok(1).rung(), ok(1), ok(1)],
    ),
    // What has no body is not slowed down.
    each(
        "slow_body, too late",
        r#"{"fault":"slow_body","millis":60000}"#,
        [
            fails("timeout", "unknown", 1).rung(),
            fails("timeout", "unknown", 1),
            ok(1),
        ],
    )
    .hasty(),
    // Rule 1; and what has no body is whole.
    each(
        "truncated_body",
        r#"{"fault":"truncated_body"}"#,
        [lost(1).rung(), lost(3), ok(1)],
    ),
    // Rule 2.
    each(
        "garbage",
        r#"{"fault":"garbage"}"#,
        [
            fails("protocol", "unknown", 1).rung(),
            fails("protocol", "unknown", 1),
            fails("protocol", "unknown", 1),
        ],
    ),
    // Rule 2: a body without its last byte was announced so, and is no JSON.
    each(
        "content_length, short",
        r#"{"fault":"wrong_content_length","bytes":-1}"#,
        [
            fails("protocol", "unknown", 1).rung(),
            fails("protocol", "unknown", 1),
            ok(1),
        ],
    ),
    // Rule 1: the end comes before the announced end.
    each(
        "content_length, long",
        r#"{"fault":"wrong_content_length","bytes":7}"#,
        [lost(1).rung(), lost(3), lost(3)],
    ),
    // Rule 3.
    all("status 503", r#"{"fault":"status"}"#, "protocol", "unknown", 1),
    all(
        "status 404",
        r#"{"fault":"status","status":404}"#,
        "protocol",
        "answered",
        1,
    ),
    all("redirect", r#"{"fault":"redirect"}"#, "protocol", "answered", 1),
    all("refusal", r#"{"fault":"refusal"}"#, "rejected", "answered", 1),
    // Flow control (contract requests.md 13.3).
    all(
        "refusal, busy",
        r#"{"fault":"refusal","code":"1010009"}"#,
        "throttled",
        "answered",
        1,
    ),
    // D17; repeating it would provoke the lock-out (contract requests.md 2.5).
    all(
        "refusal, digest",
        r#"{"fault":"refusal","code":"1010003"}"#,
        "authentication",
        "answered",
        1,
    ),
    // Rule 5.
    all(
        "refusal, time",
        r#"{"fault":"refusal","code":"1010013"}"#,
        "authentication",
        "answered",
        2,
    ),
    // The platform itself timed out: nobody knows what became of it (contract requests.md 13.4).
    all(
        "refusal, timed out",
        r#"{"fault":"refusal","code":"1023002"}"#,
        "rejected",
        "unknown",
        1,
    ),
];

#[cfg(test)]
mod tests {
    use super::ROWS;

    #[test]
    fn no_row_lets_a_request_that_rings_be_repeated_after_it_may_have_arrived() {
        for row in ROWS.iter().filter(|row| row.rings.delivery == "unknown") {
            assert_eq!(row.rings.struck, 1, "{}", row.name);
        }
        assert!(ROWS.iter().all(|row| row.rings.placed <= 1));
        assert!(ROWS.iter().all(|row| row.stops.placed + row.fetches.placed == 0));
    }

    #[test]
    fn every_row_is_another_fault_or_another_connection() {
        for (position, row) in ROWS.iter().enumerate() {
            let is_the_same = |other: &super::Row| other.name == row.name && other.over == row.over;
            assert!(!ROWS[..position].iter().any(is_the_same), "{}", row.name);
            assert!(
                serde_json::from_str::<serde_json::Value>(row.fault).is_ok(),
                "{}",
                row.name
            );
        }
    }
}
