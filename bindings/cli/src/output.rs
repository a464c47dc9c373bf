//! Where lines go: data to standard output, talk to standard error. Colours only on a terminal.

use std::io::Write;

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

/// Data that brings its own line ends.
pub(crate) fn text(text: &[u8]) {
    let _ = std::io::stdout().write_all(text);
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
    let _ = stream.write_all(format!("{line}\n").as_bytes());
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
    use super::one_line;

    #[test]
    fn a_line_is_a_line_whatever_is_in_it() {
        assert_eq!(one_line("a\r\n  b\u{1b}[31m"), "a b [31m");
    }
}
