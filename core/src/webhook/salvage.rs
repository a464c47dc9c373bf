//! What can be read of a message that is damaged: its good records (contract pushes.md 5, D7).
//!
//! Where a record begins and ends is found again behind each damage. A good neighbour is recognised by itself: an object
//! behind a comma that can be read and names a call. No text inside a string looks like one, because its quotes are escaped.
//! The work is bounded by the length of the text, whatever stands in it.

use super::layout::{Complaint, Layout, Records};
use super::scan::{ENDS_EARLY, Fault, Scanner, Span};
use super::{EVENT_TYPE, fee_event, status_event};

/// What of a damaged text belongs to no field and no record.
#[derive(Default)]
pub(super) struct Damage {
    /// Pieces of the text, in its order.
    pub(super) pieces: Vec<Piece>,
    /// The first fault.
    pub(super) fault: Option<Fault>,
}

/// A piece that nothing can be made of.
pub(super) struct Piece {
    pub(super) span: Span,
    pub(super) reason: &'static str,
}

impl Damage {
    /// Whether the text ends too early, so that something that was sent may not have arrived.
    pub(super) fn is_cut(&self) -> bool {
        self.pieces.last().is_some_and(|piece| piece.reason == ENDS_EARLY)
    }

    fn add(&mut self, text: &str, (start, end): (usize, usize), fault: Fault) {
        let piece = text.get(start..end).unwrap_or_default();
        let trimmed = piece.trim_end_matches([',', ' ', '\t', '\r', '\n']);
        self.fault.get_or_insert(fault);
        // A text that ends too early has this piece even where nothing is in it.
        if !trimmed.is_empty() || fault.reason == ENDS_EARLY {
            self.pieces.push(Piece {
                span: Span::between(start, start + trimmed.len()),
                reason: fault.reason,
            });
        }
    }
}

/// How often a damaged message is gone on with at the next field that counts.
const MOST_RESUMPTIONS: usize = 8;

impl Layout {
    /// Of a text that is no JSON. An error means that it is no object.
    pub(super) fn salvage(text: &str) -> Result<Layout, Fault> {
        let mut layout = Layout::default();
        let mut scanner = Scanner::lenient(text);
        scanner.start();
        if scanner.peek() != b'{' {
            return Err(scanner.fault("expected an object"));
        }
        let mut ends = scanner.comma(b'}');
        let mut resumptions = 0;
        loop {
            let start = scanner.position();
            if ends {
                scanner.blanks();
                let at = scanner.position();
                if scanner.is_at_end() {
                    return Ok(layout);
                }
                // Damage may have closed what is still open: a field that counts is looked for behind it.
                resumptions += 1;
                let fault = scanner.fault("text after the end of the JSON value");
                let next =
                    next_field(text, at).filter(|_| resumptions <= MOST_RESUMPTIONS && layout.event_type.is_none());
                layout.damage.add(text, (at, next.unwrap_or(text.len())), fault);
                let Some(next) = next else { return Ok(layout) };
                scanner.go_to(next);
                ends = false;
                continue;
            }
            let read = scanner.member(|scanner, name| layout.member(scanner, name));
            let fault = match read.and_then(|()| object_goes_on(&mut scanner)) {
                Ok(goes_on) => {
                    ends = !goes_on;
                    continue;
                }
                Err(fault) => fault,
            };
            resumptions += 1;
            // Behind records that could be read nothing is looked for in them; what ended their list may begin a field.
            let (from, behind) = match layout.fees.as_ref() {
                Some(fees) if fees.whole.start() > start => (scanner.position(), scanner.position()),
                _ => (start, start + 1),
            };
            let next = next_field(text, behind).filter(|_| resumptions <= MOST_RESUMPTIONS);
            layout.damage.add(text, (from, next.unwrap_or(text.len())), fault);
            let Some(next) = next else { return Ok(layout) };
            scanner.go_to(next);
        }
    }
}

/// Goes behind the comma after a member, or behind the closing bracket; tells whether another member follows.
fn object_goes_on(scanner: &mut Scanner<'_>) -> Result<bool, Fault> {
    scanner.blanks();
    match scanner.peek() {
        b',' => Ok(!scanner.comma(b'}')),
        b'}' => {
            scanner.go_to(scanner.position() + 1);
            Ok(false)
        }
        _ => Err(scanner.fault("expected , or }")),
    }
}

/// Where the next field stands that tells of events.
fn next_field(text: &str, from: usize) -> Option<usize> {
    let found = [EVENT_TYPE, status_event::CONTENT, fee_event::CONTENT].map(|name| {
        let key = format!("\"{name}\"");
        let mut at = text.get(from..)?.match_indices(&key).map(|(at, _)| from + at);
        at.find(|at| {
            let after = text.get(at + key.len()..).unwrap_or_default();
            after.trim_start().starts_with(':')
        })
    });
    found.into_iter().flatten().min()
}

/// Work of one list that may be in vain: bytes that are read to find out that they are no good record.
const VAIN_WORK: usize = 64;

/// Where good records of a list are looked for.
struct Search {
    /// What is left of the work that may be in vain.
    budget: usize,
    /// The good record that was found last; `None`: there is none any more.
    next: Option<usize>,
}

impl Records {
    /// The list at the cursor, with every record of it that can be read. An error means that it ends too early; the cursor
    /// then stands where the last record begins.
    pub(super) fn salvage(&mut self, scanner: &mut Scanner<'_>) -> Result<(), Fault> {
        let mut search = Search {
            budget: scanner.text().len().saturating_mul(VAIN_WORK),
            next: Some(0),
        };
        scanner.go_to(scanner.position() + 1);
        loop {
            scanner.blanks();
            let start = scanner.position();
            if scanner.peek() == b']' {
                let Some(next) = self.next_behind_bracket(scanner, &mut search) else {
                    scanner.go_to(start + 1);
                    return Ok(());
                };
                self.set_aside(scanner.text(), (start, next), "a bracket that closes nothing");
                scanner.go_to(next);
                continue;
            }
            if scanner.is_at_end() {
                return Err(scanner.fault(ENDS_EARLY));
            }
            let (items, count) = (self.items.len(), self.count());
            // A list in the place of a record is rather a bracket too many, with good records behind it.
            let begins = match scanner.peek() {
                b'[' => Err(scanner.fault("not an object")),
                _ => Ok(()),
            };
            let read = begins.and_then(|()| self.item(scanner)).and_then(|()| {
                scanner.blanks();
                // An object may follow at once: nobody doubts where it begins.
                match scanner.peek() {
                    b',' | b']' | b'{' => Ok(()),
                    _ if scanner.is_at_end() => Ok(()),
                    _ => Err(scanner.fault("expected , or ]")),
                }
            });
            if let Err(fault) = read {
                self.take_back(items, count);
                self.damaged(scanner, &mut search, start, fault)?;
            }
            if scanner.peek() == b',' {
                scanner.go_to(scanner.position() + 1);
            }
        }
    }

    /// The good record behind the closing bracket at the cursor; `None` where the bracket ends the list.
    fn next_behind_bracket(&mut self, scanner: &Scanner<'_>, search: &mut Search) -> Option<usize> {
        let start = scanner.position();
        let mut rest = Scanner::lenient(scanner.text());
        rest.go_to(start + 1);
        if search.budget == 0 || message_ends(&mut rest) {
            return None;
        }
        search.spend(rest.position() - start);
        self.next_record(scanner.text(), search, start + 1)
    }

    /// Keeps a piece of the list as a record that cannot be read.
    fn set_aside(&mut self, text: &str, (start, end): (usize, usize), reason: &'static str) {
        let whole = text.get(start..end).unwrap_or_default();
        let whole = whole.trim_end_matches([',', ' ', '\t', '\r', '\n']);
        if !whole.is_empty() {
            self.reject(Span::between(start, start + whole.len()), Complaint::whole(reason));
        }
    }

    /// Sets the damaged record that begins at `start` aside, and goes to its end.
    fn damaged(
        &mut self,
        scanner: &mut Scanner<'_>,
        search: &mut Search,
        start: usize,
        fault: Fault,
    ) -> Result<(), Fault> {
        let text = scanner.text();
        let next = self.next_record(text, search, start + 1);
        let end = balanced_end(text.as_bytes(), start, next.unwrap_or(text.len()));
        let closing = || text.rfind(']').filter(|at| *at > start && fault.reason != ENDS_EARLY);
        let Some(end) = end.or(next).or_else(closing) else {
            scanner.go_to(start);
            return Err(Fault {
                reason: ENDS_EARLY,
                ..fault
            });
        };
        self.set_aside(text, (start, end), fault.reason);
        scanner.go_to(end);
        Ok(())
    }

    /// Where the next record begins that can be read.
    fn next_record(&mut self, text: &str, search: &mut Search, from: usize) -> Option<usize> {
        if search.next? >= from {
            return search.next;
        }
        let bytes = text.as_bytes();
        let brackets = bytes.iter().enumerate().skip(from).filter(|(_, byte)| **byte == b'{');
        search.next = None;
        for (at, _) in brackets {
            let before = bytes.get(..at).unwrap_or_default().trim_ascii_end().last();
            if !matches!(before, Some(b',' | b'}')) {
                continue;
            }
            let mut trial = Scanner::lenient(text);
            trial.go_to(at);
            let good = self.try_record(&mut trial) && {
                trial.blanks();
                trial.is_at_end() || matches!(trial.peek(), b',' | b']' | b'{')
            };
            if good {
                search.next = Some(at);
                break;
            }
            if !search.spend(trial.position() - at) {
                break;
            }
        }
        search.next
    }
}

impl Search {
    /// Whether work is left.
    fn spend(&mut self, bytes: usize) -> bool {
        self.budget = self.budget.saturating_sub(bytes);
        self.budget > 0
    }
}

/// Whether nothing but members of the message follows up to its end, or up to where it is cut.
fn message_ends(scanner: &mut Scanner<'_>) -> bool {
    loop {
        match object_goes_on(scanner) {
            Ok(true) => {}
            Ok(false) => {
                scanner.blanks();
                return scanner.is_at_end();
            }
            Err(fault) => return fault.reason == ENDS_EARLY,
        }
        if let Err(fault) = scanner.member(|scanner, _| scanner.value(1).map(drop)) {
            return fault.reason == ENDS_EARLY;
        }
    }
}

/// Where an item of a list ends whose brackets and quotes are in order: at a comma or at the list's closing bracket.
fn balanced_end(bytes: &[u8], start: usize, limit: usize) -> Option<usize> {
    let mut open = Vec::new();
    let mut at = start;
    while at < limit {
        match *bytes.get(at)? {
            b'"' => at = string_end(bytes, at, limit)?,
            b'{' => open.push(b'}'),
            b'[' => open.push(b']'),
            b',' | b']' if open.is_empty() => return Some(at),
            b':' if open.is_empty() => return None,
            closing @ (b'}' | b']') if open.pop() != Some(closing) => return None,
            _ => {}
        }
        at += 1;
    }
    None
}

/// The closing quote of the string that opens at `start`.
fn string_end(bytes: &[u8], start: usize, limit: usize) -> Option<usize> {
    let mut at = start + 1;
    while at < limit {
        match *bytes.get(at)? {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}
