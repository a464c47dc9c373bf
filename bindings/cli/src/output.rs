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

/// The text in this style.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// A line of data. A reader that has gone away is no fault: `| head` is allowed.
pub(crate) fn line(text: &str) {
    let _ = writeln!(anstream::stdout(), "{text}");
}

/// An object of data on a line of its own.
pub(crate) fn json(value: &Value) {
    line(&value.to_string());
}

/// What went wrong, on standard error.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(anstream::stderr(), "voicecall: {text}");
}
