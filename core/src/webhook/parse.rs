//! Bytes of a push → typed event. Pure; whatever the bytes are, the answer is an event or a `malformed_webhook` error.
//!
//! Where the fault lies decides who suffers: a text that is no JSON, too large, too deep or not built like a push fails
//! as a whole; a fault inside one record of a CDR push costs that record alone (contract pushes.md 5, D7).

use std::sync::Arc;

use super::layout::{Content, Item, Layout, Records};
use super::pushed::{self, Message, Place, Pushed};
use super::scan::{Fault, Span};
use super::{Cdr, EVENT_TYPE, Event, EventType, FeeEvent, RejectedRecord, StatusEvent, UnknownEvent};
use super::{fee_event, status_event};
use crate::descriptor::FieldType;
use crate::error::{Error, Measured};
use crate::pointer::Pointer;

/// Largest body that is read.
pub const MAX_BYTES: usize = 1024 * 1024;

/// Reads the body of a push. Give it the raw bytes of the HTTP request.
///
/// # Errors
///
/// `malformed_webhook`, with the position: more than 1 MiB, more than 32 levels of nesting, more than 1000 records, no
/// JSON object in UTF-8, no `eventType`, or without what this kind of event has to hold.
pub fn parse(body: &[u8]) -> Result<Event, Error> {
    if body.len() > MAX_BYTES {
        let message = format!("the body has {} bytes; at most {MAX_BYTES} are read", body.len());
        let measured = Measured::Number(i64::try_from(body.len()).unwrap_or(i64::MAX));
        return Err(Error::malformed_webhook(message).with_measured(measured));
    }
    let text = std::str::from_utf8(body).map_err(|error| {
        let fault = Fault {
            offset: error.valid_up_to(),
            reason: "not UTF-8",
        };
        fault_error(body, &fault)
    })?;
    let layout = Layout::scan(text).map_err(|fault| fault_error(body, &fault))?;
    if let Some(offset) = layout.unreadable {
        return Err(fault_error(
            body,
            &Fault {
                offset,
                reason: NO_TEXT,
            },
        ));
    }
    let event_type = layout.event_type.and_then(|span| pushed::text(span.of(text)));
    match event_type.map(|text| EventType::from(text.as_ref())) {
        Some(EventType::Fee) => fee_event(text, layout),
        Some(EventType::Unknown(event_type)) => Ok(unknown_event(text, layout, event_type)),
        Some(event_type) => status_event(text, layout, event_type),
        None => Err(shape_error(
            &Pointer::root().member(EVENT_TYPE),
            "missing, empty or not a text",
        )),
    }
}

/// Why a string of correct JSON grammar can still not be read.
const NO_TEXT: &str = "an escape that is half of a surrogate pair stands for no character";

fn status_event(text: &str, mut layout: Layout, event_type: EventType) -> Result<Event, Error> {
    let at = Pointer::root().member(status_event::CONTENT);
    let records = required(text, layout.status.take(), &at, "not an object")?;
    let Some((item, place)) = records.items.first().and_then(|item| Some((item, item.place?))) else {
        return Err(shape_error(&at, "not an object"));
    };
    if let Err(complaint) = check(text, &records, item, place) {
        return Err(shape_error(&complaint.pointer(&at), complaint.reason));
    }
    let message = message(text, layout, event_type, records.fields, records.extra);
    Ok(Event::Status(StatusEvent(Pushed::new(
        message,
        StatusEvent::RECORD,
        place,
    ))))
}

fn fee_event(text: &str, mut layout: Layout) -> Result<Event, Error> {
    let at = Pointer::root().member(fee_event::CONTENT);
    let mut records = required(text, layout.fees.take(), &at, "not a list")?;
    let items = std::mem::take(&mut records.items);
    if items.is_empty() {
        return Err(shape_error(&at, "empty; at least one record belongs here"));
    }
    let verdicts: Vec<_> = items
        .iter()
        .map(|item| match item.place {
            Some(place) => check(text, &records, item, place).map(|()| place),
            None => Err(Complaint {
                field: None,
                reason: "not an object",
            }),
        })
        .collect();
    let message = message(text, layout, EventType::Fee, records.fields, records.extra);
    let mut cdrs = Vec::with_capacity(items.len());
    let mut rejected = Vec::new();
    for (index, (item, verdict)) in items.iter().zip(verdicts).enumerate() {
        match verdict {
            Ok(place) => cdrs.push(Cdr(Pushed::new(Arc::clone(&message), Cdr::RECORD, place))),
            Err(complaint) => rejected.push(RejectedRecord {
                message: Arc::clone(&message),
                index,
                field: complaint.pointer(&at.index(index)).as_str().to_owned(),
                reason: complaint.reason,
                whole: item.whole,
            }),
        }
    }
    Ok(Event::Fee(FeeEvent {
        message,
        cdrs: cdrs.into(),
        rejected: rejected.into(),
    }))
}

fn unknown_event(text: &str, layout: Layout, event_type: String) -> Event {
    let session_id = layout.status.as_ref().and_then(|content| {
        let records = content.records.as_ref()?;
        let index = StatusEvent::RECORD
            .fields
            .iter()
            .position(|field| matches!(field.ty, FieldType::SessionId))?;
        records
            .fields
            .get(records.items.first()?.place?.fields + index)
            .copied()
    });
    let message = message(text, layout, EventType::Unknown(event_type), Vec::new(), Vec::new());
    Event::Unknown(UnknownEvent { message, session_id })
}

/// The records of the field that this kind of event has to have. Absent, `null` and `""` are alike.
fn required(text: &str, content: Option<Content>, at: &Pointer, otherwise: &str) -> Result<Records, Error> {
    match content {
        Some(Content {
            records: Some(records), ..
        }) => Ok(records),
        Some(content) if !pushed::is_absent(content.whole.of(text)) => Err(shape_error(at, otherwise)),
        _ => Err(shape_error(at, "missing; this kind of event has to have it")),
    }
}

/// What is wrong with a record.
struct Complaint {
    /// The field at fault; `None` for the record as a whole.
    field: Option<String>,
    reason: &'static str,
}

impl Complaint {
    fn pointer(&self, record: &Pointer) -> Pointer {
        self.field
            .as_ref()
            .map_or_else(|| record.clone(), |field| record.member(field))
    }
}

/// Whether every declared field can be read. Only the session id has to be there: a record that says so little that it
/// lacks a mandatory field is still worth more than none.
fn check(text: &str, records: &Records, item: &Item, place: Place) -> Result<(), Complaint> {
    if let Some(offset) = item.unreadable {
        return Err(Complaint {
            field: records.field_at(text, place, offset),
            reason: NO_TEXT,
        });
    }
    let spans = records.fields.get(place.fields..).unwrap_or_default();
    for (field, span) in records.descriptor.fields.iter().zip(spans) {
        let token = span.of(text);
        let outcome = match field.ty {
            FieldType::SessionId if pushed::is_absent(token) => Err("missing; no call can be told from this record"),
            _ => pushed::check(&field.ty, token),
        };
        outcome.map_err(|reason| Complaint {
            field: Some(field.name.to_owned()),
            reason,
        })?;
    }
    Ok(())
}

/// The shared part of an event. What belongs to another kind of event is kept like an undocumented field.
fn message(
    text: &str,
    layout: Layout,
    event_type: EventType,
    fields: Vec<Span>,
    extra: Vec<(Span, Span)>,
) -> Arc<Message> {
    let mut beside = layout.beside;
    beside.extend(
        [layout.status, layout.fees]
            .into_iter()
            .flatten()
            .map(|content| (content.name, content.whole)),
    );
    Arc::new(Message {
        text: text.into(),
        event_type,
        beside,
        fields,
        extra,
    })
}

fn shape_error(at: &Pointer, reason: &str) -> Error {
    Error::malformed_webhook(format!("{at}: {reason}")).with_field(at)
}

/// Names the place in three ways: editors count lines, programs count bytes.
fn fault_error(body: &[u8], fault: &Fault) -> Error {
    let before = body.get(..fault.offset).unwrap_or(body);
    let line_start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |newline| newline + 1);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = String::from_utf8_lossy(before.get(line_start..).unwrap_or_default())
        .chars()
        .count()
        + 1;
    let Fault { offset, reason } = fault;
    Error::malformed_webhook(format!("{reason} at byte {offset} (line {line}, column {column})"))
}

#[cfg(test)]
mod tests;
