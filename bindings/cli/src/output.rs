//! Where lines go: data to standard output, talk to standard error. Colours only on a terminal.
//!
//! Data that others sent must not control the terminal: whatever is printed passes [`escaped`].

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use serde_json::Value;

/// Secondary text.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// Headings.
pub(crate) const STRONG: Style = Style::new().bold();
/// Something went well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// Something was refused or failed.
pub(crate) const BAD: Style = AnsiColor::Red.on_default();
/// Something to look at.
pub(crate) const ODD: Style = AnsiColor::Yellow.on_default();

/// The text in this style.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// A line of data. A reader that has gone away is no fault: `| head` is allowed.
pub(crate) fn line(text: &str) {
    write(&mut anstream::stdout().lock(), text);
}

/// Data that brings its own line ends: unchanged for programs, escaped for a terminal.
pub(crate) fn text(text: &[u8]) {
    let mut output = raw();
    let _ = output.write_all(text).and_then(|()| output.flush());
}

/// Standard output for data that is to be unchanged where a program reads it. A terminal gets it escaped.
pub(crate) fn raw() -> Box<dyn Write> {
    let output = io::stdout();
    match output.is_terminal() {
        true => Box::new(Escaping::new(output)),
        false => Box::new(output),
    }
}

/// An object of data on a line of its own.
pub(crate) fn json(value: &Value) {
    line(&value.to_string());
}

/// Talk, on standard error.
pub(crate) fn note(text: &str) {
    write(&mut anstream::stderr().lock(), text);
}

/// What went wrong, on standard error.
pub(crate) fn complain(text: &str) {
    write(&mut anstream::stderr().lock(), &format!("voicecall: {text}"));
}

/// The same for programs.
pub(crate) fn complain_in_json(value: &Value) {
    write(&mut anstream::stderr().lock(), &value.to_string());
}

/// A line as a whole: several threads print.
fn write(stream: &mut impl Write, line: &str) {
    let _ = stream.write_all(format!("{}\n", escaped(line)).as_bytes());
}

/// The text with all characters that control a terminal or turn the direction of text around as `\u001b`, which is JSON's
/// way too: JSON stays the same data. Line ends and this program's own styles stay.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find(is_control) {
        let (before, from) = rest.split_at(at);
        safe.push_str(before);
        let style = STYLES.iter().find(|style| from.starts_with(**style));
        let length = match (style, from.chars().next()) {
            (Some(style), _) => {
                safe.push_str(style);
                style.len()
            }
            (None, Some(control)) => {
                safe.push_str(&format!("\\u{:04x}", u32::from(control)));
                control.len_utf8()
            }
            (None, None) => 0,
        };
        rest = from.get(length..).unwrap_or_default();
    }
    safe.push_str(rest);
    Cow::Owned(safe)
}

/// What the styles above become, and their end.
const STYLES: [&str; 6] = ["\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m"];

/// C0 without the line end, delete, C1, and what turns the direction of text around.
fn is_control(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || (c.is_control() && c != '\n')
}

/// Escapes what is written to it, line by line. Line ends become those of a terminal.
pub(crate) struct Escaping<W: Write> {
    inner: W,
    line: Vec<u8>,
}

impl<W: Write> Escaping<W> {
    pub(crate) fn new(inner: W) -> Escaping<W> {
        Escaping {
            inner,
            line: Vec::new(),
        }
    }

    fn end_line(&mut self) -> io::Result<()> {
        let line = String::from_utf8_lossy(&self.line).replace("\r\n", "\n");
        let written = self.inner.write_all(escaped(&line).as_bytes());
        self.line.clear();
        written
    }
}

impl<W: Write> Write for Escaping<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                self.end_line()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.end_line()?;
        self.inner.flush()
    }
}

/// The text without line ends and other control characters: a peer that quotes them must not write on this terminal.
pub(crate) fn one_line(text: &str) -> String {
    let words = text
        .split(|c: char| c.is_control())
        .map(str::trim)
        .filter(|part| !part.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::{BAD, Escaping, FAINT, GOOD, ODD, STRONG, STYLES, escaped, one_line, styled};

    #[test]
    fn a_line_is_a_line_whatever_is_in_it() {
        assert_eq!(one_line("a\r\n  b\u{1b}[31m"), "a b [31m");
    }

    #[test]
    fn what_controls_a_terminal_is_escaped_and_own_styles_are_not() {
        for style in [FAINT, STRONG, GOOD, BAD, ODD] {
            let text = styled(style, "x");
            assert_eq!(escaped(&text), text);
            assert!(STYLES.contains(&format!("{style}").as_str()));
        }
        assert_eq!(escaped("a\n\u{1b}]0;t\u{7}"), "a\n\\u001b]0;t\\u0007");
        assert_eq!(
            escaped("\u{9b}2J \u{202e}\u{2066}\u{61c}\u{7f}"),
            "\\u009b2J \\u202e\\u2066\\u061c\\u007f"
        );
        assert_eq!(escaped("中文 ok"), "中文 ok");
    }

    #[test]
    fn a_stream_is_escaped_although_characters_come_in_pieces() {
        let mut written = Vec::new();
        let mut stream = Escaping::new(&mut written);
        for byte in "a\u{9b},\r\n中\t".as_bytes() {
            stream.write_all(&[*byte]).unwrap();
        }
        stream.flush().unwrap();
        drop(stream);
        assert_eq!(String::from_utf8(written).unwrap(), "a\\u009b,\n中\\u0009");
    }
}
