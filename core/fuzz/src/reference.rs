//! The plain reader of pushes: the whole message into `serde_json::Value`, then the contract's rules word by word
//! (contract pushes.md 5 to 8, D7). Slow and obvious; what the core reads is compared with it.

use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};
use voicecall_core::descriptor::{Field, FieldType, Record};
use voicecall_core::split_user_data;
use voicecall_core::webhook::{Cdr, EventType, MAX_BYTES, StatusEvent};

use crate::calendar;

/// Levels of nesting that every reader reads.
pub(crate) const MAX_DEPTH: usize = 32;
/// Records that cannot be read are told one by one up to here.
pub(crate) const MAX_RECORDS: usize = 1000;
pub(crate) const BYTE_ORDER_MARK: &[u8] = &[0xef, 0xbb, 0xbf];
const GZIP: &[u8] = &[0x1f, 0x8b];

/// What the plain reader makes of a body.
#[derive(Debug)]
pub(crate) enum Reading {
    /// An event in natural form; rejected records without their reason.
    Event(Value),
    Malformed,
    /// The body is damaged or packed, or serde_json holds no such value (half a surrogate pair, a number beyond all doubles,
    /// a whole number written with a fraction), so it has no opinion.
    NoOpinion,
}

/// Why there is no event.
enum Stop {
    Malformed,
    NoOpinion,
}

pub(crate) fn read(body: &[u8]) -> Reading {
    match message(body).and_then(event) {
        Ok(natural) => Reading::Event(natural),
        Err(Stop::Malformed) => Reading::Malformed,
        Err(Stop::NoOpinion) => Reading::NoOpinion,
    }
}

fn message(body: &[u8]) -> Result<Map<String, Value>, Stop> {
    if body.len() > MAX_BYTES {
        return Err(Stop::Malformed);
    }
    if body.starts_with(GZIP) {
        return Err(Stop::NoOpinion);
    }
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(Stop::Malformed);
    }
    let text = std::str::from_utf8(body).map_err(|_| Stop::NoOpinion)?;
    // What is damaged may be read, what is deep is told as text, and of many bad records some are told together.
    let is_plain = serde_json::from_str::<IgnoredAny>(text).is_ok()
        && depth_of_any(text) < MAX_DEPTH
        && text.matches(',').count() < MAX_RECORDS;
    match serde_json::from_str(text) {
        Ok(message) if is_plain => Ok(message),
        _ => Err(Stop::NoOpinion),
    }
}

/// Deepest nesting of a text that is JSON.
pub(crate) fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// The same where brackets in strings count, too.
pub(crate) fn depth_of_any(text: &str) -> usize {
    let brackets = text.bytes().scan(0_usize, |depth, byte| {
        match byte {
            b'{' | b'[' => *depth += 1,
            b'}' | b']' => *depth = depth.saturating_sub(1),
            _ => {}
        }
        Some(*depth)
    });
    brackets.max().unwrap_or(0)
}

/// A kind of event as the contract writes it, however it was written.
fn usual(kind: &str) -> &str {
    let mut known = EventType::ENUMERATION.values.iter().map(|value| value.wire);
    known.find(|wire| wire.eq_ignore_ascii_case(kind)).unwrap_or(kind)
}

fn event(mut message: Map<String, Value>) -> Result<Value, Stop> {
    let kind = match message.shift_remove("eventType") {
        Some(Value::String(kind)) if !kind.is_empty() => usual(&kind).to_owned(),
        _ => return Err(Stop::Malformed),
    };
    match EventType::from(kind.as_str()) {
        EventType::Fee => fee(message),
        EventType::Unknown(_) => Ok(json!({ "eventType": kind, "unknown": true })),
        _ => status(kind, message),
    }
}

fn status(kind: String, mut message: Map<String, Value>) -> Result<Value, Stop> {
    let Some(Value::Object(info)) = message.shift_remove("statusInfo") else {
        return Err(Stop::Malformed);
    };
    let mut natural = record(StatusEvent::RECORD, &info)?.ok_or(Stop::Malformed)?;
    // What stands outside never hides what stands inside, and neither the kind of the event.
    for (name, value) in message {
        natural.entry(name).or_insert(value);
    }
    natural.insert("eventType".to_owned(), Value::from(kind));
    Ok(Value::Object(natural))
}

fn fee(mut message: Map<String, Value>) -> Result<Value, Stop> {
    let items = match message.shift_remove("feeLst") {
        Some(Value::Array(items)) if !items.is_empty() => items,
        _ => return Err(Stop::Malformed),
    };
    let (mut read, mut rejected) = (Vec::new(), Vec::new());
    for (index, item) in items.iter().enumerate() {
        let (outcome, field) = match item {
            Value::Object(info) => (record(Cdr::RECORD, info)?, "/sessionId"),
            _ => (None, ""),
        };
        match outcome {
            Some(natural) => read.push(Value::Object(natural)),
            None => rejected.push(json!({ "index": index, "field": format!("/feeLst/{index}{field}") })),
        }
    }
    let mut natural = message;
    // What the library says of records is not for the sender to say.
    natural.shift_remove("rejected");
    natural.shift_remove("incomplete");
    if !rejected.is_empty() {
        natural.insert("rejected".to_owned(), Value::from(rejected));
    }
    natural.insert("eventType".to_owned(), Value::from("fee"));
    natural.insert("feeLst".to_owned(), Value::from(read));
    Ok(Value::Object(natural))
}

/// The natural form of a record; `None` where no call can be told from it.
fn record(descriptor: &'static Record, info: &Map<String, Value>) -> Result<Option<Map<String, Value>>, Stop> {
    let (mut natural, mut unreadable) = (Map::new(), Map::new());
    for field in descriptor.fields {
        let value = info.get(field.name).unwrap_or(&Value::Null);
        let absent = value.is_null() || value == "";
        if matches!(field.ty, FieldType::SessionId) && (absent || !value.is_string()) {
            return Ok(None);
        }
        if absent {
            continue;
        }
        match natural_value(field, value)? {
            Some(Some(value)) => drop(natural.insert(field.name.to_owned(), value)),
            Some(None) => {}
            None => drop(unreadable.insert(field.name.to_owned(), value.clone())),
        }
    }
    let undeclared = info.iter().filter(|(name, _)| descriptor.field(name).is_none());
    natural.extend(undeclared.map(|(name, value)| (name.clone(), value.clone())));
    if !unreadable.is_empty() {
        natural.insert("unreadable".to_owned(), Value::Object(unreadable));
    }
    Ok(Some(natural))
}

/// `None`: cannot be read. `Some(None)`: is there, and the user's part of it is empty.
fn natural_value(field: &Field, value: &Value) -> Result<Option<Option<Value>>, Stop> {
    let read = match (&field.ty, value) {
        (FieldType::Integer, Value::Number(number)) => match number.as_f64() {
            _ if number.is_i64() || number.is_u64() => number.as_i64().map(Value::from),
            // The text of the number is not there any more, and another number may have become this one.
            Some(float) if float.fract() == 0.0 => return Err(Stop::NoOpinion),
            _ => None,
        },
        (FieldType::Integer, Value::String(text)) => whole(text).map(Value::from),
        (FieldType::Integer, _) => None,
        (FieldType::Time, Value::String(text)) => time(text).map(Value::from),
        (FieldType::UserData, Value::String(text)) => return Ok(Some(split_user_data(text).0.map(Value::from))),
        (FieldType::Time, _) => None,
        (_, Value::String(text)) => Some(json!(text)),
        _ => None,
    };
    Ok(read.map(Some))
}

/// A decimal number of 64 bits without anything behind its point, also as `12.0` and `1.2e1`.
fn whole(text: &str) -> Option<i64> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => ("-", unsigned),
        None => ("", text),
    };
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], &unsigned[at + 1..]),
        None => (unsigned, "0"),
    };
    let (before, after) = match mantissa.find('.') {
        Some(at) => (&mantissa[..at], &mantissa[at + 1..]),
        None => (mantissa, "0"),
    };
    let size = exponent.trim_start_matches(['-', '+']);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(before) || !is_number(after) || !is_number(size) || exponent.len() > size.len() + 1 {
        return None;
    }
    let mut digits = format!("{before}{after}").trim_start_matches('0').to_owned();
    if digits.is_empty() {
        return Some(0);
    }
    // No number of 64 bits has an exponent of more digits.
    let exponent: i64 = (size.len() <= 3).then(|| exponent.parse().ok())??;
    for _ in 0..(after.len() as i64 - exponent).max(0) {
        digits.pop().filter(|digit| *digit == '0')?;
    }
    digits.extend((0..(exponent - after.len() as i64).max(0)).map(|_| '0'));
    format!("{sign}{digits}").parse().ok()
}

/// `yyyy-MM-dd HH:mm:ss` in UTC as RFC 3339; blanks around it, and more than one between, are accepted.
fn time(text: &str) -> Option<String> {
    let mut words = text.split([' ', '\t']).filter(|word| !word.is_empty());
    let (date, clock) = (words.next()?, words.next()?);
    calendar::unix_seconds(date, clock)?;
    words.next().is_none().then(|| format!("{date}T{clock}Z"))
}
