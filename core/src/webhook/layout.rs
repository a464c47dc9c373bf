//! What stands where in a message, before it is known what kind of event it is: `eventType` may come last.

use super::pushed::Place;
use super::scan::{Fault, Scanner, Span};
use super::{Cdr, EVENT_TYPE, StatusEvent};
use super::{fee_event, json, status_event};
use crate::descriptor::{Field, Record};

/// Most records in one CDR push. 50 are documented.
const MAX_RECORDS: usize = 1000;
/// Depths of containers, the outermost being 1.
const MESSAGE: usize = 1;
const STATUS_INFO: usize = 2;
const FEE_LIST: usize = 2;
const FEE_INFO: usize = 3;

/// The outermost object. Of a field that came twice the last one counts.
#[derive(Default)]
pub(super) struct Layout {
    pub(super) event_type: Option<Span>,
    pub(super) status: Option<Content>,
    pub(super) fees: Option<Content>,
    /// The other fields: name without quotes, value.
    pub(super) beside: Vec<(Span, Span)>,
    /// Where a string outside the records of a CDR push is no text.
    pub(super) unreadable: Option<usize>,
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
    order: Order,
}

/// One record of a list.
pub(super) struct Item {
    pub(super) whole: Span,
    /// `None`: not an object.
    pub(super) place: Option<Place>,
    /// Where a string in it is no text.
    pub(super) unreadable: Option<usize>,
}

impl Layout {
    pub(super) fn scan(text: &str) -> Result<Layout, Fault> {
        let mut layout = Layout::default();
        let mut scanner = Scanner::new(text);
        scanner.start();
        scanner.object(MESSAGE, |scanner, name| layout.member(scanner, name))?;
        scanner.finish()?;
        layout.note_unreadable(&mut scanner);
        Ok(layout)
    }

    fn member(&mut self, scanner: &mut Scanner<'_>, name: Span) -> Result<(), Fault> {
        match json::name(name.of(scanner.text())).as_ref() {
            EVENT_TYPE => self.event_type = Some(scanner.value(MESSAGE)?),
            status_event::CONTENT => self.status = Some(Content::status(scanner, name)?),
            fee_event::CONTENT => {
                // What is unreadable up to here is outside the records; each record answers for itself.
                self.note_unreadable(scanner);
                self.fees = Some(Content::fees(scanner, name)?);
            }
            _ => {
                let value = scanner.value(MESSAGE)?;
                self.beside.push((name, value));
            }
        }
        Ok(())
    }

    fn note_unreadable(&mut self, scanner: &mut Scanner<'_>) {
        let found = scanner.take_unreadable();
        self.unreadable = self.unreadable.or(found);
    }
}

impl Content {
    fn status(scanner: &mut Scanner<'_>, name: Span) -> Result<Content, Fault> {
        let start = scanner.position();
        let records = if scanner.peek() == b'{' {
            let mut records = Records::new(StatusEvent::RECORD, 1);
            let place = records.object(scanner, STATUS_INFO)?;
            records.items.push(Item {
                whole: place.whole,
                place: Some(place),
                unreadable: None,
            });
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

    fn fees(scanner: &mut Scanner<'_>, name: Span) -> Result<Content, Fault> {
        let start = scanner.position();
        let records = if scanner.peek() == b'[' {
            let mut records = Records::new(Cdr::RECORD, scanner.text().len() / USUAL_CDR_BYTES + 1);
            scanner.list(FEE_LIST, |scanner| records.item(scanner))?;
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
}

/// Of a CDR with few fields; the guess only saves the growing of lists.
const USUAL_CDR_BYTES: usize = 700;

impl Records {
    fn new(descriptor: &'static Record, expected: usize) -> Records {
        Records {
            descriptor,
            items: Vec::with_capacity(expected),
            fields: Vec::with_capacity(expected * descriptor.fields.len()),
            extra: Vec::new(),
            order: Order::new(descriptor.fields),
        }
    }

    /// The name of the field, declared or not, that a byte of the message belongs to.
    pub(super) fn field_at(&self, text: &str, place: Place, offset: usize) -> Option<String> {
        let spans = self.fields.get(place.fields..).unwrap_or_default();
        let mut declared = self.descriptor.fields.iter().zip(spans);
        if let Some((field, _)) = declared.find(|(_, span)| span.contains(offset)) {
            return Some(field.name.to_owned());
        }
        let (start, end) = place.extra;
        let mut extra = self.extra.get(start..end).unwrap_or_default().iter();
        let (name, _) = extra.find(|(_, span)| span.contains(offset))?;
        Some(json::name(name.of(text)).into_owned())
    }

    #[inline]
    fn item(&mut self, scanner: &mut Scanner<'_>) -> Result<(), Fault> {
        if self.items.len() == MAX_RECORDS {
            return Err(scanner.fault("more than 1000 records"));
        }
        let start = scanner.position();
        let place = if scanner.peek() == b'{' {
            Some(self.object(scanner, FEE_INFO)?)
        } else {
            scanner.value(FEE_LIST)?;
            None
        };
        let (whole, unreadable) = (scanner.since(start), scanner.take_unreadable());
        self.items.push(Item {
            whole,
            place,
            unreadable,
        });
        Ok(())
    }

    fn object(&mut self, scanner: &mut Scanner<'_>, depth: usize) -> Result<Place, Fault> {
        let start = scanner.position();
        let (first, extra_start) = (self.fields.len(), self.extra.len());
        self.fields
            .resize(first + self.descriptor.fields.len(), Span::default());
        let spans = self.fields.get_mut(first..).unwrap_or_default();
        let (order, extra) = (&mut self.order, &mut self.extra);
        order.restart();
        scanner.object(depth, |scanner, name| {
            let value = scanner.value(depth)?;
            match order
                .index_of(name.of(scanner.text()))
                .and_then(|index| spans.get_mut(index))
            {
                Some(span) => *span = value,
                None => extra.push((name, value)),
            }
            Ok(())
        })?;
        Ok(Place {
            whole: scanner.since(start),
            fields: first,
            extra: (extra_start, self.extra.len()),
        })
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
