//! The plain reader of pushes: the whole message into `serde_json::Value`, then the contract's rules word by word
//! (contract pushes.md 5 to 8, D7). Slow and obvious; what the core reads is compared with it.

use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};
use voicecall_core::descriptor::{Field, FieldType, Record};
use voicecall_core::split_user_data;
use voicecall_core::webhook::{Cdr, EventType, MAX_BYTES, StatusEvent};

use crate::calendar;

/// Levels of nesting that are read.
const MAX_DEPTH: usize = 32;
const MAX_RECORDS: usize = 1000;

/// What the plain reader makes of a body.
#[derive(Debug)]
pub(crate) enum Reading {
    /// An event in natural form; rejected records without their reason.
    Event(Value),
    Malformed,
    /// serde_json holds no such value (half a surrogate pair, a number beyond all doubles), so it has no opinion.
    NoOpinion,
}

pub(crate) fn read(body: &[u8]) -> Reading {
    let Ok(text) = std::str::from_utf8(body) else {
        return Reading::Malformed;
    };
    let grammatical = serde_json::from_str::<IgnoredAny>(text).is_ok();
    if body.len() > MAX_BYTES || !grammatical || depth(text) > MAX_DEPTH {
        return Reading::Malformed;
    }
    // Of a list that comes twice the second one counts, but both have to be short enough.
    if text.matches(',').count() >= MAX_RECORDS {
        return Reading::NoOpinion;
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(message)) => event(message).map_or(Reading::Malformed, Reading::Event),
        Ok(_) => Reading::Malformed,
        Err(_) if text.trim_start_matches([' ', '\t', '\r', '\n']).starts_with('{') => Reading::NoOpinion,
        Err(_) => Reading::Malformed,
    }
}

/// Deepest nesting of a text that is JSON.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !quoted => depth -= 1,
            _ => {}
        }
    }
    deepest
}

fn event(mut message: Map<String, Value>) -> Option<Value> {
    let kind = match message.shift_remove("eventType") {
        Some(Value::String(kind)) if !kind.is_empty() => kind,
        _ => return None,
    };
    match EventType::from(kind.as_str()) {
        EventType::Fee => fee(message),
        EventType::Unknown(_) => Some(json!({ "eventType": kind, "unknown": true })),
        _ => status(kind, message),
    }
}

fn status(kind: String, mut message: Map<String, Value>) -> Option<Value> {
    let Some(Value::Object(info)) = message.shift_remove("statusInfo") else {
        return None;
    };
    let mut natural = record(StatusEvent::RECORD, &info).ok()?;
    // What stands outside never hides what stands inside, and neither the kind of the event.
    for (name, value) in message {
        natural.entry(name).or_insert(value);
    }
    natural.insert("eventType".to_owned(), Value::from(kind));
    Some(Value::Object(natural))
}

fn fee(mut message: Map<String, Value>) -> Option<Value> {
    let items = match message.shift_remove("feeLst") {
        Some(Value::Array(items)) if !items.is_empty() => items,
        _ => return None,
    };
    let (mut read, mut rejected) = (Vec::new(), Vec::new());
    for (index, item) in items.iter().enumerate() {
        let outcome = match item {
            Value::Object(info) => record(Cdr::RECORD, info).map_err(|field| format!("/{}", escaped(field))),
            _ => Err(String::new()),
        };
        match outcome {
            Ok(natural) => read.push(Value::Object(natural)),
            Err(field) => rejected.push(json!({ "index": index, "field": format!("/feeLst/{index}{field}") })),
        }
    }
    let mut natural = message;
    // What the library says of records is not for the sender to say.
    natural.shift_remove("rejected");
    if !rejected.is_empty() {
        natural.insert("rejected".to_owned(), Value::from(rejected));
    }
    natural.insert("eventType".to_owned(), Value::from("fee"));
    natural.insert("feeLst".to_owned(), Value::from(read));
    Some(Value::Object(natural))
}

/// A step of a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The natural form of a record, or the first declared field that cannot be read.
fn record(descriptor: &'static Record, info: &Map<String, Value>) -> Result<Map<String, Value>, &'static str> {
    let mut natural = Map::new();
    for field in descriptor.fields {
        let value = info.get(field.name).unwrap_or(&Value::Null);
        let absent = value.is_null() || value == "";
        match natural_value(field, value) {
            _ if absent && !matches!(field.ty, FieldType::SessionId) => {}
            Some(Some(value)) if !absent => drop(natural.insert(field.name.to_owned(), value)),
            Some(None) if !absent => {}
            _ => return Err(field.name),
        }
    }
    let undeclared = info.iter().filter(|(name, _)| descriptor.field(name).is_none());
    natural.extend(undeclared.map(|(name, value)| (name.clone(), value.clone())));
    Ok(natural)
}

/// `None`: cannot be read. `Some(None)`: is there, and the user's part of it is empty.
fn natural_value(field: &Field, value: &Value) -> Option<Option<Value>> {
    Some(match (&field.ty, value) {
        (FieldType::Integer, Value::Number(number)) => Some(json!(whole(&number.to_string())?)),
        (FieldType::Integer, Value::String(text)) => Some(json!(whole(text)?)),
        (FieldType::Integer, _) => return None,
        (FieldType::Time, Value::String(text)) => Some(json!(time(text)?)),
        (FieldType::UserData, Value::String(text)) => split_user_data(text).0.map(Value::from),
        (FieldType::Time, _) => return None,
        (_, Value::String(text)) => Some(json!(text)),
        _ => return None,
    })
}

/// Digits with an optional minus sign, 64 bits.
fn whole(text: &str) -> Option<i64> {
    // serde_json keeps a minus zero as a fraction; as digits it is zero.
    let text = if text == "-0.0" { "-0" } else { text };
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

/// `yyyy-MM-dd HH:mm:ss` in UTC as RFC 3339; blanks around it, and more than one between, are accepted.
fn time(text: &str) -> Option<String> {
    let mut words = text.split([' ', '\t']).filter(|word| !word.is_empty());
    let (date, clock) = (words.next()?, words.next()?);
    calendar::unix_seconds(date, clock)?;
    words.next().is_none().then(|| format!("{date}T{clock}Z"))
}
