//! What is seldom asked of an event: worked out when it is asked, from the text that came.
//!
//! An event in JavaScript has no native part, so there is nothing to free, and it can go wherever values go. A record is read
//! again for each question; that takes about a microsecond.

use napi_derive::napi;
use serde_json::{Map, Value};
use voicecall_core::webhook::{Cdr, Event, Tariff};

use super::receiver::{Message, read_again};
use crate::failure::Failure;

/// The natural JSON form of a message.
#[napi(catch_unwind)]
pub fn event_natural(message: Message) -> napi::Result<String> {
    Ok(Value::Object(read_again(&message)?.to_json()).to_string())
}

/// The undocumented fields of a message; of a status event those of its record.
#[napi(catch_unwind)]
pub fn event_extra(message: Message) -> napi::Result<String> {
    let extra = match read_again(&message)? {
        Event::Status(event) => event.extra(),
        Event::Fee(event) => event.extra(),
        Event::Unknown(event) => event.extra(),
        _ => Map::new(),
    };
    Ok(Value::Object(extra).to_string())
}

/// A message for people: numbers masked, nothing secret.
#[napi(catch_unwind)]
pub fn event_shown(message: Message) -> napi::Result<String> {
    Ok(format!("{:?}", read_again(&message)?))
}

/// The JSON text of a field of a status event's record, as it came.
#[napi(catch_unwind)]
pub fn event_raw_field(message: Message, name: String) -> napi::Result<Option<String>> {
    Ok(match read_again(&message)? {
        Event::Status(event) => event.raw_field(&name).map(str::to_owned),
        _ => None,
    })
}

/// What a status event says when its fields are taken together.
#[napi(catch_unwind)]
pub fn event_summary(message: Message) -> napi::Result<String> {
    let summary = match read_again(&message)? {
        Event::Status(event) => event.summary().to_json(),
        _ => Map::new(),
    };
    Ok(Value::Object(summary).to_string())
}

/// The mark that the library added to the user data of a status event's request.
#[napi(catch_unwind)]
pub fn event_attempt_tag(message: Message) -> napi::Result<Option<String>> {
    Ok(match read_again(&message)? {
        Event::Status(event) => event.attempt_tag().map(|tag| tag.as_str().to_owned()),
        _ => None,
    })
}

/// The same of a record's request.
#[napi(catch_unwind)]
pub fn cdr_attempt_tag(record: String) -> napi::Result<Option<String>> {
    Ok(cdr(&record)?.attempt_tag().map(|tag| tag.as_str().to_owned()))
}

/// The natural JSON form of a record.
#[napi(catch_unwind)]
pub fn cdr_natural(record: String) -> napi::Result<String> {
    Ok(Value::Object(cdr(&record)?.to_json()).to_string())
}

/// The undocumented fields of a record.
#[napi(catch_unwind)]
pub fn cdr_extra(record: String) -> napi::Result<String> {
    Ok(Value::Object(cdr(&record)?.extra()).to_string())
}

/// A record for people: numbers masked, nothing secret.
#[napi(catch_unwind)]
pub fn cdr_shown(record: String) -> napi::Result<String> {
    Ok(format!("{:?}", cdr(&record)?))
}

/// The JSON text of a record's field, as it came.
#[napi(catch_unwind)]
pub fn cdr_raw_field(record: String, name: String) -> napi::Result<Option<String>> {
    Ok(cdr(&record)?.raw_field(&name).map(str::to_owned))
}

/// What a record says when its fields are taken together.
#[napi(catch_unwind)]
pub fn cdr_summary(record: String) -> napi::Result<String> {
    Ok(Value::Object(cdr(&record)?.summary(None).to_json()).to_string())
}

/// What the call costs; `null` when the record does not tell.
#[napi(catch_unwind)]
pub fn cdr_price(record: String, per_minute: String, currency: String) -> napi::Result<String> {
    let tariff = Tariff::new(&per_minute, &currency).map_err(Failure::from)?;
    let price = cdr(&record)?.price(&tariff);
    Ok(price
        .map_or(Value::Null, |price| Value::Object(price.to_json()))
        .to_string())
}

fn cdr(record: &str) -> Result<Cdr, Failure> {
    Ok(Cdr::from_raw(record)?)
}
