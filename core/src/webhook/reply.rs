//! What to answer to a push (contract pushes.md 4 and 5).

use super::Event;

/// The answer to a push, ready to be sent: status, headers, body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Header names and values.
    pub headers: &'static [(&'static str, &'static str)],
    /// JSON text, or empty.
    pub body: &'static str,
}

const JSON: &[(&str, &str)] = &[("Content-Type", "application/json;charset=UTF-8")];

impl Reply {
    /// "Received": 200, with the result code that a CDR push may have. Answer so only when what came is stored: the
    /// platform does not send it again.
    pub const fn accepted(event: &Event) -> Reply {
        match event {
            Event::Fee(_) => Reply {
                status: 200,
                headers: JSON,
                body: r#"{"resultcode":"0","resultdesc":"Success"}"#,
            },
            Event::Status(_) | Event::Unknown(_) => Reply {
                status: 200,
                headers: JSON,
                body: "",
            },
        }
    }

    /// "Please send it again": what came could not be stored. The platform sends CDRs again after an hour, at most six
    /// times; status pushes are never sent again.
    pub const fn retry() -> Reply {
        Reply {
            status: 503,
            headers: JSON,
            body: r#"{"resultcode":"1","resultdesc":"Not stored, send again"}"#,
        }
    }

    /// The signature was refused.
    pub const fn refused() -> Reply {
        Reply {
            status: 401,
            headers: JSON,
            body: r#"{"resultcode":"1","resultdesc":"Signature refused"}"#,
        }
    }

    /// The body ends too early: "Please send the whole again". The whole records that are in it may be stored; they are
    /// recognised when they come again.
    pub const fn cut() -> Reply {
        Reply {
            status: 500,
            headers: JSON,
            body: r#"{"resultcode":"1","resultdesc":"Incomplete body, send again"}"#,
        }
    }

    /// The body is empty or could not be read. Not 200, although the same bytes will not get better: the usual cause is a body cut
    /// short on its way, which comes whole the next time, and a failure makes the platform keep the CDRs (six more
    /// tries, then a file), while 200 would make it forget them. A receiver that keeps
    /// raw bodies may answer 200 when the same bytes come again.
    pub const fn malformed() -> Reply {
        Reply {
            status: 400,
            headers: JSON,
            body: r#"{"resultcode":"1","resultdesc":"Unreadable body"}"#,
        }
    }
}
