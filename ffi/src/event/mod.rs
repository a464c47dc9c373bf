//! `voicecall_event`: what a push says, read in place.

mod columns;
mod texts;

use std::ffi::c_char;
use std::mem::MaybeUninit;
use std::ptr;

use serde_json::{Map, Value, json};
use voicecall_core::webhook::{self, Cdr, Event, Pushed, PushedValue, StatusEvent, Tariff};

use crate::arguments::{array, array_out, bytes, c_text, given, invalid, optional_c_text};
use crate::boundary::{Failure, answer, release, run};
use crate::error::voicecall_error;
use crate::numbers::{EventKind, voicecall_status};
use crate::text::Text;
use crate::value::voicecall_value;
use columns::Columns;
use texts::Texts;

/// As a record's position: the whole message.
pub const VOICECALL_WHOLE_MESSAGE: usize = usize::MAX;
/// As an integer: the field is not there.
pub const VOICECALL_NO_INTEGER: i64 = i64::MIN;

/// What a push of the platform says. A status event has one record, a CDR push any number, an event of an unknown kind
/// none. Never changes; any number of threads may read it at once.
pub struct voicecall_event {
    event: Event,
    event_type: Text,
    texts: Texts,
}

/// One record, with its own type.
enum Record<'a> {
    Status(&'a StatusEvent),
    Cdr(&'a Cdr),
}

impl voicecall_event {
    /// A new event, owned by the caller from now on.
    pub(crate) fn hand_over(event: Event) -> *mut voicecall_event {
        let event_type = Text::new(event.event_type());
        Box::into_raw(Box::new(voicecall_event {
            event,
            event_type,
            texts: Texts::default(),
        }))
    }

    fn record_count(&self) -> usize {
        match &self.event {
            Event::Status(_) => 1,
            Event::Fee(fee) => fee.cdrs().len(),
            _ => 0,
        }
    }

    /// Fails with `Absent` behind the last record.
    fn record(&self, index: usize) -> Result<Record<'_>, Failure> {
        let record = match &self.event {
            Event::Status(event) if index == 0 => Some(Record::Status(event)),
            Event::Fee(fee) => fee.cdrs().get(index).map(Record::Cdr),
            _ => None,
        };
        record.ok_or(Failure::Absent)
    }

    /// What a caller reads of a value as text.
    fn text(&self, record: usize, field: usize, value: &PushedValue<'_>) -> (*const c_char, usize) {
        match value {
            PushedValue::Text(text) => self.texts.of(self.event.raw(), (record, field), text),
            PushedValue::Time(time) => self.texts.of(self.event.raw(), (record, field), time.text()),
            PushedValue::Integer(number) => self.texts.of(self.event.raw(), (record, field), &number.to_string()),
            _ => (ptr::null(), 0),
        }
    }
}

impl Record<'_> {
    fn pushed(&self) -> &Pushed {
        match self {
            Record::Status(event) => event.pushed(),
            Record::Cdr(cdr) => cdr.pushed(),
        }
    }
}

/// The position of a declared field. A name that is none is a mistake of the program, not of the platform.
fn field_index(pushed: &Pushed, name: &str) -> Result<usize, Failure> {
    let record = pushed.record();
    record
        .index_of(name)
        .ok_or_else(|| invalid(format!("{} has no field of this name", record.name)))
}

/// Reads the body of a push, without looking at its signature; see voicecall_webhook_receive() for both.
///
/// `body`, `length`: the raw bytes of the HTTP request, copied before return.
/// `event`: gets the new event, owned by the caller, free with voicecall_event_free().
///
/// Returns VOICECALL_MALFORMED_WEBHOOK for what cannot be read. A faulty record of a CDR push does not fail its
/// neighbours, see voicecall_event_rejected().
///
/// # Safety
/// `body` is NULL or has `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_event_parse(
    body: *const c_char,
    length: usize,
    event: Option<&mut MaybeUninit<*mut voicecall_event>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        // SAFETY: this function's contract.
        let body = unsafe { bytes(body.cast(), length, "body") }?;
        given(event, "event")?.write(voicecall_event::hand_over(webhook::parse(body)?));
        Ok(())
    })
}

/// The kind of event: one of VOICECALL_EVENT_STATUS and so on. 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_event_kind(event: Option<&voicecall_event>) -> i32 {
    answer(0, || match event.map(|event| &event.event) {
        Some(Event::Status(_)) => EventKind::Status.number(),
        Some(Event::Fee(_)) => EventKind::Fee.number(),
        Some(_) => EventKind::Unknown.number(),
        None => 0,
    })
}

/// The type of the event as the platform names it, e.g. "disconnect" or "fee"; "" for NULL.
///
/// Returns a text that is borrowed until the event is freed. Never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_event_type(event: Option<&voicecall_event>) -> *const c_char {
    answer(c"".as_ptr(), || {
        event.map_or(c"".as_ptr(), |event| event.event_type.as_ptr())
    })
}

/// The number of records: 1 for a status event, that of the CDRs for a CDR push, 0 otherwise and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_event_record_count(event: Option<&voicecall_event>) -> usize {
    answer(0, || event.map_or(0, voicecall_event::record_count))
}

/// Reads a field of a record as text: texts as they are, times as the platform wrote them, whole numbers in decimal.
///
/// `record`: position of the record, from 0.
/// `field`: wire name of a documented field, e.g. "sessionId". Others are in voicecall_event_value().
/// `text`: gets a text that is borrowed until the event is freed.
/// `length`: gets the number of bytes; may be NULL.
///
/// Returns VOICECALL_ABSENT behind the last record, and when the field did not come, or came as null or "".
///
/// # Safety
/// `field` is NULL or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_event_get_text(
    event: Option<&voicecall_event>,
    record: usize,
    field: *const c_char,
    text: Option<&mut MaybeUninit<*const c_char>>,
    length: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let event = given(event, "event")?;
        // SAFETY: this function's contract.
        let name = unsafe { c_text(field, "field") }?;
        let out = given(text, "text")?;
        let found = event.record(record)?;
        let field = field_index(found.pushed(), name)?;
        let value = found.pushed().value(field).ok_or(Failure::Absent)?;
        let (text, bytes) = event.text(record, field, &value);
        out.write(text);
        if let Some(length) = length {
            length.write(bytes);
        }
        Ok(())
    })
}

/// Reads a field of a record as integer: whole numbers as they are, times as seconds since 1970-01-01T00:00:00Z.
///
/// `record`, `field`: as for voicecall_event_get_text().
///
/// Returns VOICECALL_ABSENT behind the last record, and when the field did not come, or came as null or "";
/// VOICECALL_INVALID_ARGUMENT for a field that holds text.
///
/// # Safety
/// `field` is NULL or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_event_get_integer(
    event: Option<&voicecall_event>,
    record: usize,
    field: *const c_char,
    integer: Option<&mut MaybeUninit<i64>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let event = given(event, "event")?;
        // SAFETY: this function's contract.
        let name = unsafe { c_text(field, "field") }?;
        let out = given(integer, "integer")?;
        let found = event.record(record)?;
        let value = found
            .pushed()
            .value(field_index(found.pushed(), name)?)
            .ok_or(Failure::Absent)?;
        out.write(match value {
            PushedValue::Integer(number) => number,
            PushedValue::Time(time) => time.unix_seconds(),
            _ => return Err(invalid("`field` holds text")),
        });
        Ok(())
    })
}

/// Reads many fields of many records at once: for languages in which each call into C costs, and for structures.
///
/// `first`, `record_count`: the records; all of them must be there.
/// `fields`, `field_count`: wire names, as for voicecall_event_get_text().
/// `texts`, `lengths`: arrays of `record_count` * `field_count` items, the fields of the first record first; each may
/// be NULL. A text or time gets address and length, a text that is borrowed until the event is freed; anything else
/// NULL and 0.
/// `integers`: as before. A whole number gets itself, a time its seconds since 1970-01-01T00:00:00Z, anything else
/// VOICECALL_NO_INTEGER.
///
/// Returns VOICECALL_ABSENT when there are fewer records.
///
/// # Safety
/// `fields` is NULL or has `field_count` items, each NULL or ending with a NUL. `texts`, `lengths` and
/// `integers` are NULL or have `record_count` * `field_count` items, and do not overlap.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_event_read(
    event: Option<&voicecall_event>,
    first: usize,
    record_count: usize,
    fields: *const *const c_char,
    field_count: usize,
    texts: *mut *const c_char,
    lengths: *mut usize,
    integers: *mut i64,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let event = given(event, "event")?;
        // SAFETY: this function's contract.
        let names = unsafe { array(fields, field_count, "fields") }?;
        // SAFETY: this function's contract.
        let names = names
            .iter()
            .map(|name| unsafe { c_text(*name, "fields") })
            .collect::<Result<Vec<_>, _>>()?;
        let behind = first
            .checked_add(record_count)
            .filter(|behind| *behind <= event.record_count());
        let behind = behind.ok_or(Failure::Absent)?;
        let cells = record_count
            .checked_mul(field_count)
            .ok_or_else(|| invalid("`field_count` is too large"))?;
        // SAFETY: this function's contract.
        let columns = unsafe {
            Columns {
                texts: array_out(texts, cells, "texts")?,
                lengths: array_out(lengths, cells, "lengths")?,
                integers: array_out(integers, cells, "integers")?,
            }
        };
        columns.fill(event, first..behind, &names)
    })
}

/// The event, or one of its records, as a value: an object under wire names, whole numbers as numbers, times in RFC
/// 3339, undocumented fields as they came, absent ones left out. The whole of a CDR push also tells the rejected
/// records.
///
/// `record`: position of the record, from 0, or VOICECALL_WHOLE_MESSAGE.
/// `value`: gets a new value, owned by the caller, free with voicecall_value_free().
///
/// Returns VOICECALL_ABSENT behind the last record.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_event_value(
    event: Option<&voicecall_event>,
    record: usize,
    value: Option<&mut MaybeUninit<*mut voicecall_value>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let event = given(event, "event")?;
        let out = given(value, "value")?;
        let object = match record {
            VOICECALL_WHOLE_MESSAGE => event.event.to_json(),
            index => event.record(index)?.pushed().to_json(),
        };
        out.write(voicecall_value::hand_over(Value::Object(object)));
        Ok(())
    })
}

/// The JSON text of the event, or of one of its records, as it came: what to store. Holds personal data.
///
/// `record`: position of the record, from 0, or VOICECALL_WHOLE_MESSAGE.
/// `json`: gets a text that is borrowed until the event is freed.
/// `length`: gets the number of bytes; may be NULL.
///
/// Returns VOICECALL_ABSENT behind the last record.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_event_raw(
    event: Option<&voicecall_event>,
    record: usize,
    json: Option<&mut MaybeUninit<*const c_char>>,
    length: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let event = given(event, "event")?;
        let out = given(json, "json")?;
        let (text, bytes) = match record {
            VOICECALL_WHOLE_MESSAGE => event.texts.copy((VOICECALL_WHOLE_MESSAGE, 0), event.event.raw()),
            index => event
                .texts
                .copy((index, texts::WHOLE_RECORD), event.record(index)?.pushed().raw()),
        };
        out.write(text);
        if let Some(length) = length {
            length.write(bytes);
        }
        Ok(())
    })
}

/// The records of a CDR push that could not be read. Acknowledge the push all the same and store them: they are CDRs
/// too, and the platform would send the whole message again every hour.
///
/// `rejected`: gets a list of objects with the members index, field (JSON pointer into the message), reason, and raw
/// (the record as it came; holds personal data); empty for other events. A new value, owned by the caller, free with
/// voicecall_value_free().
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_event_rejected(
    event: Option<&voicecall_event>,
    rejected: Option<&mut MaybeUninit<*mut voicecall_value>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let event = given(event, "event")?;
        let out = given(rejected, "rejected")?;
        let rejected = match &event.event {
            Event::Fee(fee) => fee.rejected(),
            _ => &[],
        };
        let list = rejected.iter().map(|record| {
            let mut object: Map<String, Value> = record.to_json();
            object.insert("raw".to_owned(), json!(record.raw()));
            Value::Object(object)
        });
        out.write(voicecall_value::hand_over(list.collect()));
        Ok(())
    })
}

/// What a record says when its fields are taken together.
///
/// For a CDR an object with the members scene ("callback", "play" or "unknown"), answered, talk_seconds, legs (a list
/// of objects with leg, number, display_number, answered, talk_seconds, billable_minutes, inferred), billable_minutes,
/// inferred, price (amount, currency, inferred), recording (for voicecall_client_download_recording()) and explanation
/// (why the call ended: succeeded, cause and details; a cause has field, code, table, name_zh, meaning and advice). For
/// a status event explanation alone. Absent values are left out. A leg number is personal data.
///
/// `record`: position of the record, from 0.
/// `price_per_minute`: price of a minute of one leg as decimal text, e.g. "0.18"; NULL: no price is told.
/// `summary`: gets a new value, owned by the caller, free with voicecall_value_free().
///
/// Returns VOICECALL_ABSENT behind the last record.
///
/// # Safety
/// `price_per_minute` is NULL or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_event_summary(
    event: Option<&voicecall_event>,
    record: usize,
    price_per_minute: *const c_char,
    summary: Option<&mut MaybeUninit<*mut voicecall_value>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let event = given(event, "event")?;
        // SAFETY: this function's contract.
        let price = unsafe { optional_c_text(price_per_minute, "price_per_minute") }?;
        let out = given(summary, "summary")?;
        let object = match event.record(record)? {
            Record::Status(status) => status.summary().to_json(),
            // The amount is the caller's to give a currency.
            Record::Cdr(cdr) => cdr
                .summary(
                    price
                        .map(|price| Tariff::new(price, Tariff::CURRENCY))
                        .transpose()?
                        .as_ref(),
                )
                .to_json(),
        };
        out.write(voicecall_value::hand_over(Value::Object(object)));
        Ok(())
    })
}

/// Frees an event. NULL is fine. Must not be called twice with the same event.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_event_free(event: Option<Box<voicecall_event>>) {
    release(event);
}
