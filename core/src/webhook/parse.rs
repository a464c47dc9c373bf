//! Bytes of a push → typed event. Pure; whatever the bytes are, the answer is an event or a `malformed_webhook` error.
//!
//! Where the fault lies decides what suffers (contract pushes.md 5 and 6, D7): a value that cannot be read costs its field,
//! text that is damaged costs its record, and only what is no push at all fails as a whole.

use std::sync::Arc;

use super::layout::{Complaint, Content, Item, Layout, Records};
use super::pushed::{self, Message, Pushed};
use super::scan::{ENDS_EARLY, Fault, Span};
use super::text::Text;
use super::{Cdr, EVENT_TYPE, Event, EventType, FeeEvent, RejectedRecord, StatusEvent, UnknownEvent};
use super::{fee_event, status_event};
use crate::descriptor::FieldType;
use crate::error::{Error, Measured};
use crate::pointer::Pointer;

/// Largest body that is read.
pub const MAX_BYTES: usize = 1024 * 1024;

/// Reads the body of a push. Give it the raw bytes of the HTTP request.
///
/// Damage costs as little as possible: of a CDR push every record that can be read is there, and the others are
/// [`rejected`](FeeEvent::rejected). A byte order mark and gzip are taken off.
///
/// # Errors
///
/// `malformed_webhook`, with the position: more than 1 MiB, empty, no JSON object, no `eventType`, or without what this
/// kind of event has to hold.
pub fn parse(body: &[u8]) -> Result<Event, Error> {
    read(body).event
}

/// A body that was read.
pub(crate) struct Reading {
    pub(crate) event: Result<Event, Error>,
    pub(crate) state: BodyState,
}

/// What a body is worth, whatever is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyState {
    /// Nothing but blanks: whoever hands it over has lost it.
    Blank,
    /// It ends too early: what was sent has not arrived.
    Cut,
    /// Anything else.
    Whole,
}

/// [`parse`], and whether the body is worth being sent again.
pub(crate) fn read(body: &[u8]) -> Reading {
    if body.iter().all(u8::is_ascii_whitespace) {
        let message = "the body is empty: the HTTP server, or something before this call, has read it already";
        return Reading {
            event: Err(Error::malformed_webhook(message)),
            state: BodyState::Blank,
        };
    }
    if body.len() > MAX_BYTES {
        return Reading {
            event: Err(too_long(body.len())),
            state: BodyState::Whole,
        };
    }
    let text = Text::of(body);
    if text.length() > MAX_BYTES {
        return Reading {
            event: Err(too_long(text.length())),
            state: BodyState::Whole,
        };
    }
    read_text(&text)
}

/// Reads a message or a part of one that the library keeps: it was short enough when it came, and what was added since
/// (hashes of numbers) must not make it unreadable.
pub(crate) fn parse_kept(text: &str) -> Result<Event, Error> {
    read_kept(text.as_bytes()).event
}

/// The same of bytes, and whether they are worth being kept on.
pub(crate) fn read_kept(bytes: &[u8]) -> Reading {
    read_text(&Text::of(bytes))
}

fn too_long(bytes: usize) -> Error {
    let message = format!("the body has {bytes} bytes; at most {MAX_BYTES} are read");
    let measured = Measured::Number(i64::try_from(bytes).unwrap_or(i64::MAX));
    Error::malformed_webhook(message).with_measured(measured)
}

fn read_text(source: &Text<'_>) -> Reading {
    let text = source.text.as_ref();
    let layout = match Layout::scan(text).or_else(|_| Layout::salvage(text)) {
        Ok(layout) => layout,
        Err(fault) => {
            return Reading {
                event: Err(fault_error(text, &fault)),
                state: state(fault.reason == ENDS_EARLY),
            };
        }
    };
    let cut = layout.damage.is_cut();
    Reading {
        event: event(source, layout),
        state: state(cut),
    }
}

fn state(is_cut: bool) -> BodyState {
    if is_cut { BodyState::Cut } else { BodyState::Whole }
}

fn event(source: &Text<'_>, layout: Layout) -> Result<Event, Error> {
    let text = source.text.as_ref();
    let event_type = layout.event_type.and_then(|span| pushed::text(span.of(text)));
    let event_type = event_type.map(|text| EventType::read(&text));
    if let Some(EventType::Fee) = event_type {
        return fee_event(source, layout);
    }
    // Only a list has neighbours that are worth keeping.
    if let Some(fault) = &layout.damage.fault {
        return Err(fault_error(text, fault));
    }
    match event_type {
        Some(EventType::Unknown(event_type)) => Ok(unknown_event(text, layout, event_type)),
        Some(event_type) => status_event(text, layout, event_type),
        None => Err(shape_error(
            &Pointer::root().member(EVENT_TYPE),
            "missing, empty or not a text",
        )),
    }
}

fn status_event(text: &str, mut layout: Layout, event_type: EventType) -> Result<Event, Error> {
    let at = Pointer::root().member(status_event::CONTENT);
    let records = required(text, layout.status.take(), &at, "not an object")?;
    let place = match records.items.first().map(|item| item.outcome) {
        Some(Ok(place)) => place,
        Some(Err(complaint)) => return Err(shape_error(&pointer(&at, complaint), complaint.reason)),
        None => return Err(shape_error(&at, "not an object")),
    };
    let message = message(text, layout, event_type, records.fields, records.extra);
    Ok(Event::Status(StatusEvent(Pushed::new(
        message,
        StatusEvent::RECORD,
        place,
    ))))
}

fn fee_event(source: &Text<'_>, mut layout: Layout) -> Result<Event, Error> {
    let text = source.text.as_ref();
    let at = Pointer::root().member(fee_event::CONTENT);
    let records = match (
        required(text, layout.fees.take(), &at, "not a list"),
        &layout.damage.fault,
    ) {
        (Ok(records), _) => records,
        // What is missing is probably in what is damaged.
        (Err(_), Some(fault)) => return Err(fault_error(text, fault)),
        (Err(error), None) => return Err(error),
    };
    let count = records.count();
    let pieces = std::mem::take(&mut layout.damage.pieces);
    let is_cut = pieces.last().is_some_and(|piece| piece.reason == ENDS_EARLY);
    let pieces = pieces.into_iter().filter(|piece| !piece.span.is_empty());
    let pieces: Vec<_> = pieces
        .enumerate()
        .map(|(index, piece)| Item {
            index: count + index,
            whole: piece.span,
            outcome: Err(Complaint::whole(piece.reason)),
        })
        .collect();
    if count == 0 {
        return Err(match &layout.damage.fault {
            Some(fault) => fault_error(text, fault),
            None => shape_error(&at, "empty; at least one record belongs here"),
        });
    }
    let message = message(text, layout, EventType::Fee, records.fields, records.extra);
    let mut cdrs = Vec::with_capacity(records.items.len());
    let mut rejected = Vec::new();
    for item in records.items.into_iter().chain(pieces) {
        match item.outcome {
            Ok(place) => cdrs.push(Cdr(Pushed::new(Arc::clone(&message), Cdr::RECORD, place))),
            Err(complaint) => rejected.push(RejectedRecord {
                message: Arc::clone(&message),
                index: item.index,
                field: pointer(&at.index(item.index), complaint).as_str().to_owned(),
                reason: complaint.reason,
                whole: item.whole,
                original: source.original(item.whole.start(), item.whole.end()).map(Arc::from),
            }),
        }
    }
    Ok(Event::Fee(FeeEvent {
        message,
        cdrs: cdrs.into(),
        rejected: rejected.into(),
        is_cut,
    }))
}

fn unknown_event(text: &str, layout: Layout, event_type: String) -> Event {
    let session_id = layout.status.as_ref().and_then(|content| {
        let records = content.records.as_ref()?;
        let place = records.items.first()?.outcome.ok()?;
        let index = records
            .descriptor
            .fields
            .iter()
            .position(|field| matches!(field.ty, FieldType::SessionId))?;
        records.fields.get(place.fields + index).copied()
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

fn pointer(record: &Pointer, complaint: Complaint) -> Pointer {
    complaint
        .field
        .map_or_else(|| record.clone(), |field| record.member(field))
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
fn fault_error(text: &str, fault: &Fault) -> Error {
    let text = text.as_bytes();
    let before = text.get(..fault.offset).unwrap_or(text);
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
