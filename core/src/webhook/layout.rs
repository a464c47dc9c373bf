//! What stands where in a message, before it is known what kind of event it is: `eventType` may come last.

use super::pushed::{self, Place};
use super::salvage::Damage;
use super::scan::{Fault, Scanner, Span};
use super::{Cdr, EVENT_TYPE, StatusEvent};
use super::{fee_event, json, status_event};
use crate::descriptor::{Field, FieldType, Record};

/// Depths of containers, the outermost being 1.
const MESSAGE: usize = 1;
const STATUS_INFO: usize = 2;
const FEE_LIST: usize = 2;
const FEE_INFO: usize = 3;
/// Records of one push that are told one by one though they cannot be read. What cannot be read after them is told
/// together: a body of a million commas must not fill the memory.
const MOST_REJECTED: usize = 1000;

/// The outermost object. Of a field that came twice the last one counts.
#[derive(Default)]
pub(super) struct Layout {
    pub(super) event_type: Option<Span>,
    pub(super) status: Option<Content>,
    pub(super) fees: Option<Content>,
    /// The other fields: name without quotes, value.
    pub(super) beside: Vec<(Span, Span)>,
    /// What of the text belongs to no field.
    pub(super) damage: Damage,
}

/// `statusInfo` or `feeLst`.
pub(super) struct Content {
    /// Without quotes.
    pub(super) name: Span,
    pub(super) whole: Span,
    /// `None`: the value has not the JSON type that belongs there.
    pub(super) records: Option<Records>,
}

/// Records of one type, and where their fields stand.
pub(super) struct Records {
    pub(super) descriptor: &'static Record,
    pub(super) items: Vec<Item>,
    /// The declared fields of each record, in the order of the descriptor.
    pub(super) fields: Vec<Span>,
    /// The other fields of each record: name without quotes, value.
    pub(super) extra: Vec<(Span, Span)>,
    /// How many records there are; those that are told together count one by one.
    count: usize,
    rejected: usize,
    session: usize,
    order: Order,
}

/// One record of a list.
pub(super) struct Item {
    pub(super) index: usize,
    pub(super) whole: Span,
    pub(super) outcome: Result<Place, Complaint>,
}

/// Why a record cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Complaint {
    /// The field at fault; `None` for the record as a whole.
    pub(super) field: Option<&'static str>,
    pub(super) reason: &'static str,
}

impl Complaint {
    pub(super) fn whole(reason: &'static str) -> Complaint {
        Complaint { field: None, reason }
    }
}

impl Layout {
    /// Of a text that is JSON.
    pub(super) fn scan(text: &str) -> Result<Layout, Fault> {
        let mut layout = Layout::default();
        let mut scanner = Scanner::new(text);
        scanner.start();
        scanner.object(MESSAGE, |scanner, name| layout.member(scanner, name))?;
        scanner.finish()?;
        Ok(layout)
    }

    pub(super) fn member(&mut self, scanner: &mut Scanner<'_>, name: Span) -> Result<(), Fault> {
        match json::name(name.of(scanner.text())).as_ref() {
            EVENT_TYPE => self.event_type = Some(scanner.value(MESSAGE)?),
            status_event::CONTENT => self.status = Some(Content::status(scanner, name)?),
            fee_event::CONTENT => {
                let start = scanner.position();
                let (records, read) = Content::fees(scanner);
                self.fees = Some(Content {
                    name,
                    whole: scanner.since(start),
                    records,
                });
                // A list that ends too early has good records all the same.
                read?;
            }
            _ => {
                let value = scanner.value(MESSAGE)?;
                self.beside.push((name, value));
            }
        }
        Ok(())
    }
}

impl Content {
    fn status(scanner: &mut Scanner<'_>, name: Span) -> Result<Content, Fault> {
        let start = scanner.position();
        let records = if scanner.peek() == b'{' {
            let mut records = Records::new(StatusEvent::RECORD, 1);
            records.record(scanner, STATUS_INFO)?;
            Some(records)
        } else {
            scanner.value(MESSAGE)?;
            None
        };
        Ok(Content {
            name,
            whole: scanner.since(start),
            records,
        })
    }

    fn fees(scanner: &mut Scanner<'_>) -> (Option<Records>, Result<(), Fault>) {
        if scanner.peek() != b'[' {
            return (None, scanner.value(MESSAGE).map(drop));
        }
        let mut records = Records::new(Cdr::RECORD, scanner.text().len() / USUAL_CDR_BYTES + 1);
        let read = if scanner.is_lenient() {
            records.salvage(scanner)
        } else {
            scanner.list(FEE_LIST, |scanner| records.item(scanner))
        };
        (Some(records), read)
    }
}

/// Of a CDR with few fields; the guess only saves the growing of lists.
const USUAL_CDR_BYTES: usize = 700;

impl Records {
    fn new(descriptor: &'static Record, expected: usize) -> Records {
        let is_session = |field: &Field| matches!(field.ty, FieldType::SessionId);
        Records {
            descriptor,
            items: Vec::with_capacity(expected),
            fields: Vec::with_capacity(expected * descriptor.fields.len()),
            extra: Vec::new(),
            count: 0,
            rejected: 0,
            session: descriptor.fields.iter().position(is_session).unwrap_or_default(),
            order: Order::new(descriptor.fields),
        }
    }

    /// The JSON text of a record's session id; empty where there is none.
    pub(super) fn session_token<'a>(&self, text: &'a str, place: Place) -> &'a str {
        let span = self.fields.get(place.fields + self.session);
        span.copied().unwrap_or_default().of(text)
    }

    /// How many records have been seen.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    #[inline]
    pub(super) fn item(&mut self, scanner: &mut Scanner<'_>) -> Result<(), Fault> {
        if scanner.peek() == b'{' {
            return self.record(scanner, FEE_INFO);
        }
        let whole = scanner.value(FEE_LIST)?;
        self.reject(whole, Complaint::whole("not an object"));
        Ok(())
    }

    /// A record that can be read, or not: only one whose call can be told is of use (D7).
    #[inline]
    fn record(&mut self, scanner: &mut Scanner<'_>, depth: usize) -> Result<(), Fault> {
        let place = self.object(scanner, depth)?;
        let token = self.session_token(scanner.text(), place);
        if pushed::text(token).is_none() {
            let complaint = Complaint {
                field: self.descriptor.fields.get(self.session).map(|field| field.name),
                reason: no_session(token),
            };
            self.forget(place);
            self.reject(place.whole, complaint);
            return Ok(());
        }
        self.items.push(Item {
            index: self.count,
            whole: place.whole,
            outcome: Ok(place),
        });
        self.count += 1;
        Ok(())
    }

    /// Whether a record that can be read begins here, and how far it goes. Changes nothing.
    pub(super) fn try_record(&mut self, scanner: &mut Scanner<'_>) -> bool {
        let Ok(place) = self.object(scanner, FEE_INFO) else {
            return false;
        };
        let readable = pushed::text(self.session_token(scanner.text(), place)).is_some();
        self.forget(place);
        readable
    }

    /// Takes back the record that was read last.
    pub(super) fn take_back(&mut self, items: usize, count: usize) {
        if self.items.len() > items {
            if let Some(Item { outcome: Ok(place), .. }) = self.items.pop() {
                self.forget(place);
            } else {
                self.rejected -= 1;
            }
        }
        self.count = count;
    }

    fn forget(&mut self, place: Place) {
        self.fields.truncate(place.fields);
        self.extra.truncate(place.extra.0);
    }

    pub(super) fn reject(&mut self, whole: Span, complaint: Complaint) {
        let index = self.count;
        self.count += 1;
        match self.items.last_mut() {
            Some(Item {
                whole: last,
                outcome: Err(_),
                ..
            }) if self.rejected >= MOST_REJECTED => {
                *last = Span::between(last.start(), whole.end());
            }
            _ => {
                self.rejected += 1;
                self.items.push(Item {
                    index,
                    whole,
                    outcome: Err(complaint),
                });
            }
        }
    }

    #[inline]
    fn object(&mut self, scanner: &mut Scanner<'_>, depth: usize) -> Result<Place, Fault> {
        let start = scanner.position();
        let (first, extra_start) = (self.fields.len(), self.extra.len());
        self.fields
            .resize(first + self.descriptor.fields.len(), Span::default());
        let spans = self.fields.get_mut(first..).unwrap_or_default();
        let (order, extra) = (&mut self.order, &mut self.extra);
        order.restart();
        let read = scanner.object(depth, |scanner, name| {
            let value = scanner.value(depth)?;
            match order
                .index_of(name.of(scanner.text()))
                .and_then(|index| spans.get_mut(index))
            {
                Some(span) => *span = value,
                None => extra.push((name, value)),
            }
            Ok(())
        });
        let place = Place {
            whole: scanner.since(start),
            fields: first,
            extra: (extra_start, self.extra.len()),
        };
        read.inspect_err(|_| self.forget(place))?;
        Ok(place)
    }
}

#[cold]
fn no_session(token: &str) -> &'static str {
    if pushed::is_absent(token) {
        "missing; no call can be told from this record"
    } else if token.starts_with('"') {
        "an escape in it stands for no character"
    } else {
        "not a text"
    }
}

/// Which declared field follows which. A sender writes all its records in one order, so after the first record a guess
/// and one comparison replace a search for each name.
struct Order {
    fields: &'static [Field],
    /// For each field, and at the end for the start of a record: the field that came next last time.
    after: Vec<usize>,
    last: usize,
}

impl Order {
    fn new(fields: &'static [Field]) -> Order {
        let start = fields.len();
        let mut after: Vec<usize> = (1..=start).collect();
        after.push(0);
        Order {
            fields,
            after,
            last: start,
        }
    }

    fn restart(&mut self) {
        self.last = self.fields.len();
    }

    #[inline]
    fn index_of(&mut self, name: &str) -> Option<usize> {
        let guess = self.after.get_mut(self.last)?;
        if self.fields.get(*guess).is_none_or(|field| field.name != name) {
            let name = json::name(name);
            *guess = self.fields.iter().position(|field| field.name == name)?;
        }
        self.last = *guess;
        Some(self.last)
    }
}
