//! What was read of a push, on its way to JavaScript: numbers into an array that JavaScript owns, the rest as JSON text.

use serde_json::{Map, Value, json};
use voicecall_core::webhook::{Event, EventType, FeeEvent, Pushed, UnknownEvent};

use super::cells::Cells;

/// The first integers of the array.
const HEADER: usize = 5;
/// What kind of event it is; the first integer. 0: none.
const STATUS: i32 = 1;
const FEE: i32 = 2;
const UNKNOWN: i32 = 3;

/// Writes an event into `out`: kind of event, position of its type in `EventType`, number of records, number of integers
/// of a record, 1 for a message in ASCII; then the records. What does not fit goes into `details`, and the text that was read
/// where it is not the body's: packed, with a byte order mark, or with damaged characters.
pub(super) fn write(event: &Event, body: &[u8], out: &mut [i32], details: &mut Map<String, Value>) {
    let records = records(event);
    let mut cells = Cells::of(event.raw());
    cells.reserve(&records);
    records.iter().for_each(|record| cells.push(record));
    let header = [
        kind(event),
        position(event.event_type()),
        records.len().try_into().unwrap_or_default(),
        records
            .first()
            .map_or(0, |record| Cells::stride(record))
            .try_into()
            .unwrap_or_default(),
        cells.is_ascii().into(),
    ];
    put(out.get_mut(..HEADER), &header);
    let (cells, others) = cells.into_parts();
    if !put(out.get_mut(HEADER..HEADER + cells.len()), &cells) {
        details.insert("cells".to_owned(), json!(cells));
    }
    if !others.is_empty() {
        details.insert("others".to_owned(), Value::from(others));
    }
    if event.raw().as_bytes() != body {
        details.insert("text".to_owned(), Value::from(event.raw()));
    }
    match event {
        Event::Fee(event) => rejected(event, details),
        Event::Unknown(event) => unknown(event, details),
        _ => {}
    }
}

/// There is no event.
pub(super) fn write_none(out: &mut [i32]) {
    if let Some(kind) = out.first_mut() {
        *kind = 0;
    }
}

fn put(place: Option<&mut [i32]>, values: &[i32]) -> bool {
    place.map(|place| place.copy_from_slice(values)).is_some()
}

fn records(event: &Event) -> Vec<&Pushed> {
    match event {
        Event::Status(event) => vec![event.pushed()],
        Event::Fee(event) => event.cdrs().iter().map(|cdr| cdr.pushed()).collect(),
        _ => Vec::new(),
    }
}

fn kind(event: &Event) -> i32 {
    match event {
        Event::Status(_) => STATUS,
        Event::Fee(_) => FEE,
        _ => UNKNOWN,
    }
}

/// -1 for a type that is not listed.
fn position(event_type: &str) -> i32 {
    let mut values = EventType::ENUMERATION.values.iter();
    let position = values.position(|value| value.wire == event_type);
    position.and_then(|position| position.try_into().ok()).unwrap_or(-1)
}

fn rejected(event: &FeeEvent, details: &mut Map<String, Value>) {
    if event.rejected().is_empty() {
        return;
    }
    let rejected = event.rejected().iter().map(|record| {
        let mut told = record.to_json();
        told.insert("raw".to_owned(), Value::from(record.raw()));
        Value::Object(told)
    });
    details.insert("rejected".to_owned(), rejected.collect());
}

fn unknown(event: &UnknownEvent, details: &mut Map<String, Value>) {
    details.insert("event_type".to_owned(), Value::from(event.event_type()));
    if let Some(session_id) = event.session_id() {
        details.insert("session_id".to_owned(), Value::from(session_id.as_ref()));
    }
}
