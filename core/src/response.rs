//! Reads the platform's answer: pure. Decides by the result code, never by the text (contract requests.md 13.2).

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::calls::PlacedCall;
use crate::codes::{self, Code};
use crate::error::{Delivery, Error, ErrorKind, Retry};
use crate::operation::{AnswerKind, Operation};
use crate::url::{self, HttpUrl};

/// An answer as it came in.
#[derive(Debug, Clone, Copy)]
pub struct HttpAnswer<'a> {
    /// HTTP status.
    pub status: u16,
    /// The `Location` header.
    pub location: Option<&'a str>,
    /// The whole body.
    pub body: &'a [u8],
}

/// What a successful operation gives.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Success {
    /// The call was placed.
    Placed(PlacedCall),
    /// Done; the platform says no more.
    Done,
    /// The address of a recording.
    Url(String),
}

impl Success {
    /// Natural JSON form: `{"sessionId":…}`, `{}` or `{"url":…}`.
    pub fn to_json(&self) -> Map<String, Value> {
        match self {
            Success::Placed(call) => crate::record::wire::to_wire(call, &[]),
            Success::Done => Map::new(),
            Success::Url(url) => Map::from_iter([("url".to_owned(), Value::from(url.as_str()))]),
        }
    }
}

/// `resultcode` of success.
const SUCCESS: &str = "0";
/// The platform itself waited in vain: it does not know whether the call was placed (contract requests.md 13.4, D11).
const PLATFORM_TIMED_OUT: &str = "1023002";
/// Refused for its time: the one answer that the clock correction acts on (contract requests.md 2.3, D1).
const TIME_OUT_OF_LIMIT: &str = "1010013";

/// Turns the answer to `operation` into its outcome.
pub fn decode(operation: &Operation, answer: &HttpAnswer<'_>) -> Result<Success, Error> {
    decode_hiding(operation, answer, str::to_owned)
}

/// As [`decode`]; `hide` takes out of the platform's text what may not be shown.
pub(crate) fn decode_hiding(
    operation: &Operation,
    answer: &HttpAnswer<'_>,
    hide: impl Fn(&str) -> String,
) -> Result<Success, Error> {
    if operation.answer == AnswerKind::Location && answer.status == 301 {
        return location(answer);
    }
    let Some((body, code)) = result(answer.body) else {
        return Err(unreadable(
            operation,
            answer,
            "the answer is not the platform's JSON with a resultcode",
        ));
    };
    if code != SUCCESS {
        let text = body.get("resultdesc").and_then(Value::as_str).unwrap_or_default();
        return Err(refusal(operation, answer, &code, &hide(text)));
    }
    let ok = (200..300).contains(&answer.status);
    match operation.answer {
        AnswerKind::PlacedCall if ok => placed(answer, body),
        AnswerKind::Nothing if ok => Ok(Success::Done),
        _ => Err(protocol(
            answer,
            Delivery::Unknown,
            "resultcode 0 came with a status that contradicts it",
        )),
    }
}

/// Whether the platform refused the request for its time alone.
pub(crate) fn refused_for_time(error: &Error) -> bool {
    error.result_code() == Some(TIME_OUT_OF_LIMIT) && error.http_status() == Some(401)
}

/// The JSON object and its result code, which some deployments may send as a number.
fn result(body: &[u8]) -> Option<(Map<String, Value>, String)> {
    let Ok(Value::Object(body)) = serde_json::from_str(&text_of(body)) else {
        return None;
    };
    let code = match body.get("resultcode")? {
        Value::String(code) if !code.is_empty() => code.clone(),
        Value::Number(code) => code.to_string(),
        _ => return None,
    };
    Some((body, code))
}

/// The body as text. One that is not UTF-8 is taken for GBK, of which only what is ASCII is of use: code and session id.
fn text_of(body: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = str::from_utf8(body) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(body.len());
    let mut rest = body;
    loop {
        rest = match rest {
            [] => return Cow::Owned(text),
            [byte, after @ ..] if byte.is_ascii() => {
                text.push(char::from(*byte));
                after
            }
            // A character of GBK has two bytes, of which the second may look like a backslash; of GB 18030 also four.
            [_, b'0'..=b'9', third, _, after @ ..] if !third.is_ascii() => push_unknown(&mut text, after),
            [_, second, after @ ..] if *second >= 0x40 => push_unknown(&mut text, after),
            [_, after @ ..] => push_unknown(&mut text, after),
        };
    }
}

fn push_unknown<'a>(text: &mut String, after: &'a [u8]) -> &'a [u8] {
    text.push(char::REPLACEMENT_CHARACTER);
    after
}

fn placed(answer: &HttpAnswer<'_>, body: Map<String, Value>) -> Result<Success, Error> {
    let mut call = PlacedCall::new();
    for (name, value) in body {
        match (name.as_str(), value) {
            ("resultcode" | "resultdesc", _) => {}
            ("sessionId", Value::String(id)) if !id.is_empty() => call.session_id = Some(id),
            ("idlePort", value) if as_integer(&value).is_some() => call.idle_port = as_integer(&value),
            ("sessionId", _) | (_, Value::Null) => {}
            (_, value) => drop(call.extra.insert(name, value)),
        }
    }
    if call.session_id.is_none() {
        return Err(protocol(
            answer,
            Delivery::Unknown,
            "the platform reports success but names no session id",
        ));
    }
    Ok(Success::Placed(call))
}

fn as_integer(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn location(answer: &HttpAnswer<'_>) -> Result<Success, Error> {
    match answer.location {
        Some(url) if HttpUrl::parse(url).is_some() => Ok(Success::Url(url::encoded(url.as_bytes()))),
        _ => Err(protocol(
            answer,
            Delivery::Answered,
            "status 301 came without an http or https address in Location",
        )),
    }
}

/// The platform said no: its code decides what kind of no.
fn refusal(operation: &Operation, answer: &HttpAnswer<'_>, code: &str, text: &str) -> Error {
    let row = codes::result_code(code, Some(answer.status), Some(text));
    let delivery = if code == PLATFORM_TIMED_OUT {
        Delivery::Unknown
    } else {
        Delivery::Answered
    };
    let meaning = row.and_then(|row| row.meaning.as_deref());
    let retry = match delivery {
        // The table's "send again" would tell a program to ring a second time (D11).
        Delivery::Unknown => Retry::Never,
        // A platform that failed may have dialled before.
        _ if operation.rings && answer.status >= 500 => Retry::Never,
        _ => row.and_then(|row| row.retry).unwrap_or(Retry::Never),
    };
    let message = format!(
        "the platform refused with {code}: {}",
        meaning.unwrap_or("a code that is not documented")
    );
    Error::new(kind_of(code, row), delivery, message)
        .with_result_code(code)
        .with_result_desc(text)
        .with_http_status(answer.status)
        .with_meaning(meaning, row.and_then(|row| row.advice.as_deref()))
        .with_retry(retry)
}

/// Authentication failures must not be repeated, limits may pass; everything else is a refusal of this request.
fn kind_of(code: &str, row: Option<&Code>) -> ErrorKind {
    let digest_row = row.is_some_and(|row| row.http_status == Some(401));
    match code {
        "1010010" if digest_row => ErrorKind::Authentication,
        // D17 and the header failures of contract requests.md 2.6; 1020176 is the lock-out after too many of them.
        "1010003" | TIME_OUT_OF_LIMIT | "1020176" | "1023006" | "1023007" | "1023008" | "1023009" | "1023010"
        | "1023011" | "1023012" | "1023033" | "1023034" | "1023035" | "1023036" | "1023037" => {
            ErrorKind::Authentication
        }
        // Limits of calls, ports and flow (contract requests.md 13.3 and 14).
        "1010009" | "1010010" | "1011006" | "1013001" | "1013002" | "1013003" | "1013116" | "1013117" | "1013118"
        | "1020154" | "1020165" => ErrorKind::Throttled,
        _ => ErrorKind::Rejected,
    }
}

/// Not the platform's words. Some statuses say that the request was not acted on, whoever answers; behind any other the
/// call may have been placed.
fn unreadable(operation: &Operation, answer: &HttpAnswer<'_>, what: &str) -> Error {
    let refused = match answer.status {
        301 | 302 | 307 | 308 => true,
        // Neither a time-out (408), nor a conflict (409), nor a caller who left (499): those come while work goes on.
        400 | 401 | 403..=405 | 407 | 410 | 411 | 413..=415 | 417 | 421 | 426 | 428 | 429 | 431 | 451 => true,
        // What rings nobody needs no such care.
        status => !operation.rings && (300..500).contains(&status),
    };
    let delivery = if refused { Delivery::Answered } else { Delivery::Unknown };
    let error = protocol(answer, delivery, what);
    match answer.status {
        407 => error.with_retry(Retry::AfterFix),
        _ => error,
    }
}

fn protocol(answer: &HttpAnswer<'_>, delivery: Delivery, what: &str) -> Error {
    Error::new(ErrorKind::Protocol, delivery, format!("HTTP {}: {what}", answer.status)).with_http_status(answer.status)
}
