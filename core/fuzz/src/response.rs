//! The platform's answer. An input is a line `operation status [location]` and then the body.
//!
//! The promise at stake: what cannot be read is never taken for "placed" and never for "not placed".

use serde_json::{Map, Value, json};
use voicecall_core::calls::{OPERATIONS, operation};
use voicecall_core::operation::{AnswerKind, Operation};
use voicecall_core::response::{HttpAnswer, Success, decode};
use voicecall_core::{Delivery, Error, ErrorKind, Retry};

use crate::{Seed, privacy, vectors};

/// The code of the platform's own time-out: it does not know itself whether the call was placed (D11).
const PLATFORM_TIMED_OUT: &str = "1023002";

/// Panics when a property does not hold.
pub fn check(input: &[u8]) {
    let Some((operation, answer)) = split(input) else {
        return;
    };
    match decode(operation, &answer) {
        Ok(success) => success_is_earned(operation, &answer, &success),
        Err(error) => error_is_honest(operation, &answer, &error),
    }
}

fn split(input: &[u8]) -> Option<(&'static Operation, HttpAnswer<'_>)> {
    let end = input.iter().position(|byte| *byte == b'\n')?;
    let (first, body) = (std::str::from_utf8(&input[..end]).ok()?, &input[end + 1..]);
    let mut words = first.splitn(3, ' ');
    let operation = operation(words.next()?)?;
    let status = words
        .next()?
        .parse()
        .ok()
        .filter(|status| (100..1000).contains(status))?;
    let location = words.next();
    Some((operation, HttpAnswer { status, location, body }))
}

/// The members of the platform's JSON and its result code, read by hand.
fn said(body: &[u8]) -> Option<(Map<String, Value>, String)> {
    let Ok(Value::Object(members)) = serde_json::from_str(&text(body)) else {
        return None;
    };
    let code = match members.get("resultcode")? {
        Value::String(code) if !code.is_empty() => code.clone(),
        Value::Number(code) => code.to_string(),
        _ => return None,
    };
    Some((members, code))
}

/// A body in UTF-8, or else in GBK, of which each character that is not ASCII stands for itself alone: it has two bytes, or
/// four with a digit as the second.
fn text(body: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(body) {
        return text.to_owned();
    }
    let (mut text, mut at) = (String::new(), 0);
    while at < body.len() {
        let byte = |after: usize| body.get(at + after).copied();
        let (shown, length) = match (body[at], byte(1), byte(2), byte(3)) {
            (ascii, ..) if ascii < 0x80 => (char::from(ascii), 1),
            (_, Some(b'0'..=b'9'), Some(0x80..), Some(_)) => ('\u{fffd}', 4),
            (_, Some(0x40..), ..) => ('\u{fffd}', 2),
            _ => ('\u{fffd}', 1),
        };
        text.push(shown);
        at += length;
    }
    text
}

/// An address of which everything is encoded that no address holds.
fn encoded(address: &str) -> String {
    let byte = |byte: u8| match byte {
        b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => format!("%{byte:02X}"),
        b'!'..=b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    address.bytes().map(byte).collect()
}

fn success_is_earned(operation: &Operation, answer: &HttpAnswer<'_>, success: &Success) {
    if operation.answer == AnswerKind::Location {
        let Success::Url(url) = success else {
            panic!("a recording without an address: {success:?}")
        };
        let wanted = answer.location.map(encoded);
        assert_eq!((answer.status, wanted.as_deref()), (301, Some(url.as_str())));
        let scheme = url.split("://").next().unwrap_or_default().to_ascii_lowercase();
        assert!(scheme == "http" || scheme == "https", "{url}");
        return;
    }
    let (members, code) = said(answer.body).expect("success needs words that can be read");
    assert!(
        code == "0" && (200..300).contains(&answer.status),
        "{code} {}",
        answer.status
    );
    if operation.rings {
        placed_call_is_whole(operation, answer, members, success);
    } else {
        assert_eq!(*success, Success::Done);
    }
}

/// Nothing of the answer is lost, and the same answer written down anew reads the same.
fn placed_call_is_whole(
    operation: &Operation,
    answer: &HttpAnswer<'_>,
    members: Map<String, Value>,
    success: &Success,
) {
    let natural = success.to_json();
    assert_eq!(natural.get("sessionId"), members.get("sessionId"));
    for (name, value) in members {
        let answered = natural.get(&name);
        match name.as_str() {
            "resultcode" | "resultdesc" | "sessionId" => {}
            "idlePort" if whole(&value).is_some() => assert_eq!(answered, whole(&value).map(Value::from).as_ref()),
            _ if value.is_null() => assert_eq!(answered, None),
            _ => assert_eq!(answered, Some(&value), "{name}"),
        }
    }
    let mut again = natural;
    again.insert("resultcode".to_owned(), json!("0"));
    let body = serde_json::to_vec(&again).unwrap();
    let answer = HttpAnswer { body: &body, ..*answer };
    assert_eq!(decode(operation, &answer).as_ref().ok(), Some(success));
}

/// A whole number, or the text of one.
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_i64(),
    }
}

/// Statuses that say, whoever sent them, that a call was not placed: redirections that keep the method, and refusals before
/// anything was done.
const REFUSALS: [u16; 22] = [
    301, 302, 307, 308, 400, 401, 403, 404, 405, 407, 410, 411, 413, 414, 415, 417, 421, 426, 428, 429, 431, 451,
];

fn error_is_honest(operation: &Operation, answer: &HttpAnswer<'_>, error: &Error) {
    assert_ne!(error.delivery(), Delivery::NotSent, "an answer came");
    assert_eq!(error.http_status(), Some(answer.status));
    assert!(
        privacy::longest_number(error.result_desc().unwrap_or_default()) < 7,
        "a number is shown"
    );
    let redirected = operation.answer == AnswerKind::Location && answer.status == 301;
    match said(answer.body).filter(|_| !redirected) {
        None => {
            let refused_before_it_was_read = match operation.rings {
                true => REFUSALS.contains(&answer.status),
                false => (300..500).contains(&answer.status),
            };
            assert_eq!((error.kind(), error.result_code()), (ErrorKind::Protocol, None));
            assert_eq!(error.delivery() == Delivery::Answered, refused_before_it_was_read);
        }
        Some((_, code)) if code == "0" => {
            assert_eq!(
                (error.kind(), error.delivery()),
                (ErrorKind::Protocol, Delivery::Unknown)
            );
        }
        Some((_, code)) => refusal_is_told(&code, error),
    }
    if operation.rings && (error.delivery() == Delivery::Unknown || answer.status >= 500) {
        assert_eq!(error.retry(), Retry::Never, "a phone may be ringing");
    }
}

fn refusal_is_told(code: &str, error: &Error) {
    assert_eq!(error.result_code(), Some(code));
    assert!(matches!(
        error.kind(),
        ErrorKind::Rejected | ErrorKind::Authentication | ErrorKind::Throttled
    ));
    assert_eq!(error.delivery() == Delivery::Unknown, code == PLATFORM_TIMED_OUT);
}

/// The answers of the vectors.
pub fn seeds() -> Vec<Seed> {
    let cases = vectors::cases("responses.json");
    let inputs = cases.iter().filter_map(|case| {
        let given = &case["given"];
        let headers = given["headers"].as_object()?;
        let location = headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("location"))
            .map_or(String::new(), |(_, value)| {
                format!(" {}", value.as_str().unwrap_or_default())
            });
        let mut input = format!("{} {}{location}\n", given["operation"].as_str()?, given["http_status"]).into_bytes();
        input.extend(vectors::body(given)?);
        Some((vectors::name(case), input))
    });
    inputs.collect()
}

/// Operations, members and codes.
pub fn words() -> Vec<String> {
    let operations = OPERATIONS.iter().map(|operation| format!("{} ", operation.name));
    let members = ["resultcode", "resultdesc", "sessionId", "idlePort"].map(|name| format!("\"{name}\":"));
    let codes = [
        "\"0\"",
        "\"1023002\"",
        "\"1010013\"",
        "200 ",
        "301 https://a.example.com/",
        "401 ",
    ]
    .map(str::to_owned);
    operations.chain(members).chain(codes).collect()
}
