//! One pass over a JSON text: checks all of its grammar and tells where each value stands. It decodes nothing.
//!
//! A receiver reads a few fields of each record, so decoding all of them is work that nobody asked for, and a binding
//! would decode them a second time. This scanner only notes positions; a field is decoded when it is read.
//!
//! Measured with a message of 50 CDRs (48 kB, 31 fields each; the best of many runs, each against sonic-rs in the same
//! run; the UTF-8 check is in every number). "Ours" also checks the type of every integer and time and copies the message
//! once, which the others do not:
//!
//! | design | of sonic-rs' time |
//! |---|---|
//! | a prototype of this scanner, without the copy | 0.50 |
//! | ours: [`parse`](super::parse) on this scanner | 0.69 |
//! | simd-json, tape only; needs a writable copy, and which field is which is not known yet | 0.67 |
//! | jiter as pull parser, positions only | 0.78 |
//! | sonic-rs into borrowed structs | 1.00 |
//! | serde_json into borrowed structs | 1.14 |
//! | ours, then every one of the 1550 fields read | 1.16 |
//! | serde_json into `Value` | 4.5 |
//!
//! The scanner never looks at bytes outside the text, never recurses deeper than [`MAX_DEPTH`], and knows nothing of
//! webhooks.
//!
//! A text that is no JSON is scanned a second time, leniently: what harms nobody passes then, and a value that cannot be
//! read passes as the text that it is, as long as it is certain where it ends.

/// Containers inside containers, the outermost counted, because recursion must have an end. Scanned leniently, what is
/// deeper passes as one value.
pub(super) const MAX_DEPTH: usize = 32;

/// Where a part of a message stands. Messages are limited to 1 MiB, so 32 bits are plenty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    length: u32,
}

impl Span {
    pub(super) fn between(start: usize, end: usize) -> Span {
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Span {
            start: narrow(start),
            length: narrow(end.saturating_sub(start)),
        }
    }

    /// No text: the value of a field that did not come.
    pub(super) fn is_empty(self) -> bool {
        self.length == 0
    }

    pub(super) fn start(self) -> usize {
        self.start as usize
    }

    pub(super) fn end(self) -> usize {
        self.start() + self.length as usize
    }

    /// The part itself; empty where the span belongs to another text.
    #[inline]
    pub(super) fn of(self, text: &str) -> &str {
        text.get(self.start()..self.end()).unwrap_or_default()
    }
}

/// Why and where a text is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) offset: usize,
    pub(super) reason: &'static str,
}

/// The reason for `\x`, which JSON does not have: so [`text`](super::text) writes bytes that are not UTF-8.
const NOT_UTF8: &str = "bytes that are not UTF-8 text";
/// The reason where the text ends before the value does.
pub(super) const ENDS_EARLY: &str = "the text ends too early";

/// A cursor over a JSON text. Every method leaves it behind what it read, so callers combine them like a grammar.
pub(super) struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    position: usize,
    lenient: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Scanner<'a> {
        Scanner {
            text,
            bytes: text.as_bytes(),
            position: 0,
            lenient: false,
        }
    }

    /// One that passes control characters and commas before a closing bracket, bare words such as `NaN` and `007`, and
    /// containers inside containers without end.
    pub(super) fn lenient(text: &'a str) -> Scanner<'a> {
        Scanner {
            lenient: true,
            ..Scanner::new(text)
        }
    }

    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    pub(super) fn position(&self) -> usize {
        self.position
    }

    pub(super) fn is_lenient(&self) -> bool {
        self.lenient
    }

    /// Goes on elsewhere.
    pub(super) fn go_to(&mut self, position: usize) {
        self.position = position;
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.position >= self.bytes.len()
    }

    /// The next byte; 0, which no JSON text has outside strings, at the end.
    #[inline]
    pub(super) fn peek(&self) -> u8 {
        self.bytes.get(self.position).copied().unwrap_or(0)
    }

    /// The blanks before the outermost value.
    pub(super) fn start(&mut self) {
        self.blanks();
    }

    /// Checks that nothing follows the outermost value.
    pub(super) fn finish(&mut self) -> Result<(), Fault> {
        self.blanks();
        if self.position == self.bytes.len() {
            Ok(())
        } else {
            Err(self.fault("text after the end of the JSON value"))
        }
    }

    /// One object. `member` gets the key without its quotes, still escaped, and has to read the value.
    #[inline(always)]
    pub(super) fn object(
        &mut self,
        depth: usize,
        mut member: impl FnMut(&mut Self, Span) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.open(b'{', depth)?;
        if self.peek() == b'}' {
            self.position += 1;
            return Ok(());
        }
        loop {
            self.member(&mut member)?;
            self.blanks();
            match self.peek() {
                b',' if self.comma(b'}') => return Ok(()),
                b',' => {}
                b'}' => {
                    self.position += 1;
                    return Ok(());
                }
                _ => return Err(self.fault("expected , or }")),
            }
        }
    }

    /// One member of an object.
    #[inline(always)]
    pub(super) fn member(&mut self, read: impl FnOnce(&mut Self, Span) -> Result<(), Fault>) -> Result<(), Fault> {
        let key = self.key()?;
        read(self, key)
    }

    /// A comma and the blanks behind it; tells whether the container ends there all the same.
    #[inline(always)]
    pub(super) fn comma(&mut self, closing: u8) -> bool {
        self.position += 1;
        self.blanks();
        let ends = self.lenient && self.peek() == closing;
        if ends {
            self.position += 1;
        }
        ends
    }

    /// One list. `item` has to read each item.
    #[inline(always)]
    pub(super) fn list(
        &mut self,
        depth: usize,
        mut item: impl FnMut(&mut Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.open(b'[', depth)?;
        if self.peek() == b']' {
            self.position += 1;
            return Ok(());
        }
        loop {
            item(self)?;
            self.blanks();
            match self.peek() {
                b',' if self.comma(b']') => return Ok(()),
                b',' => {}
                b']' => {
                    self.position += 1;
                    return Ok(());
                }
                _ => return Err(self.fault("expected , or ]")),
            }
        }
    }

    /// Any value; `depth` is that of the container around it.
    #[inline]
    pub(super) fn value(&mut self, depth: usize) -> Result<Span, Fault> {
        let start = self.position;
        let read = match self.peek() {
            b'"' => self.string(),
            b'-' | b'0'..=b'9' => self.number(),
            _ => self.rare_value(depth),
        };
        if self.lenient {
            self.or_bare_word(start, read)?;
        } else {
            read?;
        }
        Ok(Span::between(start, self.position))
    }

    /// What stands between `start` and the cursor.
    pub(super) fn since(&self, start: usize) -> Span {
        Span::between(start, self.position)
    }

    pub(super) fn fault(&self, reason: &'static str) -> Fault {
        let reason = if self.position >= self.bytes.len() {
            ENDS_EARLY
        } else {
            reason
        };
        Fault {
            offset: self.position,
            reason,
        }
    }

    /// A value that is none of JSON's, such as `NaN`, `007` or `+1`: it ends where no word goes on.
    #[cold]
    fn or_bare_word(&mut self, start: usize, read: Result<(), Fault>) -> Result<(), Fault> {
        if matches!(self.bytes.get(start), Some(b'"' | b'{' | b'[')) || (read.is_ok() && !is_word(self.peek())) {
            return read;
        }
        self.position = start;
        while is_word(self.peek()) {
            self.position += 1;
        }
        if self.position == start { read } else { Ok(()) }
    }

    /// A container, however deep; what is in it is looked at only as far as its end asks for.
    fn deep_container(&mut self) -> Result<(), Fault> {
        let mut open = Vec::new();
        loop {
            match self.peek() {
                b'{' => open.push(b'}'),
                b'[' => open.push(b']'),
                closing @ (b'}' | b']') if open.pop() != Some(closing) => {
                    return Err(self.fault("a bracket that closes nothing"));
                }
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'\\' => return Err(self.fault("a backslash outside a string")),
                _ if self.is_at_end() => return Err(self.fault(ENDS_EARLY)),
                _ => {}
            }
            self.position += 1;
            if open.is_empty() {
                return Ok(());
            }
        }
    }

    fn rare_value(&mut self, depth: usize) -> Result<(), Fault> {
        match self.peek() {
            b'{' | b'[' if self.lenient && depth >= MAX_DEPTH => self.deep_container(),
            b'{' => self.object(depth + 1, |scanner, _| scanner.value(depth + 1).map(drop)),
            b'[' => self.list(depth + 1, |scanner| scanner.value(depth + 1).map(drop)),
            b't' => self.literal(b"true"),
            b'f' => self.literal(b"false"),
            b'n' => self.literal(b"null"),
            _ => Err(self.fault("expected a value")),
        }
    }

    #[inline]
    fn open(&mut self, bracket: u8, depth: usize) -> Result<(), Fault> {
        self.expect(bracket)?;
        if depth > MAX_DEPTH {
            self.position -= 1;
            return Err(self.fault("more than 32 levels of nesting"));
        }
        self.blanks();
        Ok(())
    }

    #[inline(always)]
    fn key(&mut self) -> Result<Span, Fault> {
        if self.peek() != b'"' {
            return Err(self.fault("expected a name in double quotes"));
        }
        let start = self.position + 1;
        self.string()?;
        let key = Span::between(start, self.position - 1);
        self.blanks();
        self.expect(b':')?;
        self.blanks();
        Ok(key)
    }

    #[inline]
    fn expect(&mut self, wanted: u8) -> Result<(), Fault> {
        if self.peek() == wanted {
            self.position += 1;
            return Ok(());
        }
        Err(self.fault(match wanted {
            b':' => "expected :",
            b'{' => "expected an object",
            _ => "expected a list",
        }))
    }

    #[inline]
    pub(super) fn blanks(&mut self) {
        while matches!(self.bytes.get(self.position), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.position += 1;
        }
    }

    #[inline(always)]
    fn string(&mut self) -> Result<(), Fault> {
        self.position += 1;
        loop {
            self.plain_characters();
            match self.bytes.get(self.position) {
                Some(b'"') => {
                    self.position += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                // No store keeps a NUL.
                Some(1..0x20) if self.lenient => self.position += 1,
                Some(0..0x20) => return Err(self.fault("a control character inside a string")),
                Some(_) => self.position += 1,
                None => return Err(self.fault("a string without its end")),
            }
        }
    }

    /// Goes on to the next quote, backslash or control character, eight bytes at a time; stops early near the end of
    /// the text.
    #[inline(always)]
    fn plain_characters(&mut self) {
        while let Some(chunk) = self.bytes.get(self.position..).and_then(|rest| rest.first_chunk::<8>()) {
            match first_special(u64::from_le_bytes(*chunk)) {
                Some(index) => {
                    self.position += index;
                    return;
                }
                None => self.position += 8,
            }
        }
    }

    #[cold]
    fn escape(&mut self) -> Result<(), Fault> {
        let after = self.bytes.get(self.position + 1..).unwrap_or_default();
        match after {
            [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => self.position += 2,
            [b'u', digits @ ..] if digits.len() >= 4 && digits.iter().take(4).all(u8::is_ascii_hexdigit) => {
                self.position += 6;
            }
            [b'u', digits @ ..] if digits.len() < 4 && digits.iter().all(u8::is_ascii_hexdigit) => {
                self.position = self.bytes.len();
                return Err(self.fault(ENDS_EARLY));
            }
            [b'u', ..] => return Err(self.fault("\\u without four hexadecimal digits")),
            [b'x', ..] => return Err(self.fault(NOT_UTF8)),
            [] => {
                self.position = self.bytes.len();
                return Err(self.fault(ENDS_EARLY));
            }
            _ => return Err(self.fault("an escape that JSON does not have")),
        }
        Ok(())
    }

    #[inline]
    fn number(&mut self) -> Result<(), Fault> {
        if self.peek() == b'-' {
            self.position += 1;
        }
        // A leading zero stands alone: `01` is no JSON number; what follows is then refused by the caller.
        if self.peek() == b'0' {
            self.position += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == b'.' {
            self.position += 1;
            self.digits()?;
        }
        if matches!(self.peek(), b'e' | b'E') {
            self.position += 1;
            if matches!(self.peek(), b'+' | b'-') {
                self.position += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    #[inline]
    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.position;
        while self.peek().is_ascii_digit() {
            self.position += 1;
        }
        if self.position == start {
            Err(self.fault("expected a digit"))
        } else {
            Ok(())
        }
    }

    fn literal(&mut self, word: &[u8]) -> Result<(), Fault> {
        if self
            .bytes
            .get(self.position..)
            .is_some_and(|rest| rest.starts_with(word))
        {
            self.position += word.len();
            return Ok(());
        }
        Err(self.fault("expected a value"))
    }
}

/// What a bare word is made of: nothing that has a meaning of its own between values.
fn is_word(byte: u8) -> bool {
    byte > b' ' && !matches!(byte, b',' | b':' | b'"' | b'\\' | b'{' | b'}' | b'[' | b']')
}

/// The index of the first quote, backslash or control character among eight bytes.
///
/// For each of the three a subtraction lets the top bit of exactly those bytes rise; a borrow can only disturb bytes
/// above a true hit, so the lowest one is always right.
#[inline]
fn first_special(chunk: u64) -> Option<usize> {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const TOPS: u64 = u64::from_le_bytes([0x80; 8]);
    let below = |bytes: u64, bound: u8| bytes.wrapping_sub(ONES * u64::from(bound)) & !bytes;
    let quote = below(chunk ^ (ONES * u64::from(b'"')), 1);
    let backslash = below(chunk ^ (ONES * u64::from(b'\\')), 1);
    let control = below(chunk, 0x20);
    let hits = (quote | backslash | control) & TOPS;
    (hits != 0).then(|| (hits.trailing_zeros() / 8) as usize)
}

#[cfg(test)]
mod tests;
