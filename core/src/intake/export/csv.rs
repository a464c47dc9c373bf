//! Records as CSV.

use std::borrow::Cow;
use std::io::Write;

use serde_json::Value;

use super::{COLUMNS, Exported, Lines, not_written};
use crate::error::Error;

pub(super) struct Csv<'a> {
    writer: csv::Writer<&'a mut dyn Write>,
    for_spreadsheets: bool,
}

/// Tells spreadsheet programs that the text is UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

impl<'a> Csv<'a> {
    /// Writes the header line.
    pub(super) fn begin(output: &'a mut dyn Write, for_spreadsheets: bool) -> Result<Csv<'a>, Error> {
        if for_spreadsheets {
            output.write_all(BYTE_ORDER_MARK).map_err(not_written)?;
        }
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(output);
        writer
            .write_record(COLUMNS.iter().map(|(name, _)| name))
            .map_err(no_line)?;
        Ok(Csv {
            writer,
            for_spreadsheets,
        })
    }

    fn cell<'v>(&self, value: &'v Value) -> Cow<'v, str> {
        match value {
            Value::Null => Cow::Borrowed(""),
            Value::String(text) if self.for_spreadsheets && is_formula(text) => Cow::Owned(format!("'{text}")),
            Value::String(text) => Cow::Borrowed(text),
            other => Cow::Owned(other.to_string()),
        }
    }
}

/// Whether a spreadsheet program could take the text for a formula or a number. Some skip blanks, line ends and characters
/// that are not seen, and read full-width signs as their narrow ones.
fn is_formula(text: &str) -> bool {
    let skipped = |c: char| {
        let unseen = matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        c.is_whitespace() || c.is_control() || unseen
    };
    let begins = text.trim_start_matches(skipped);
    begins.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) || text.starts_with(['\t', '\r'])
}

impl Lines for Csv<'_> {
    fn write(&mut self, record: &Exported) -> Result<(), Error> {
        let cells: Vec<_> = record.values.iter().map(|value| self.cell(value)).collect();
        self.writer
            .write_record(cells.iter().map(|cell| cell.as_bytes()))
            .map_err(no_line)
    }

    fn end(&mut self) -> Result<(), Error> {
        self.writer.flush().map_err(not_written)
    }
}

fn no_line(error: csv::Error) -> Error {
    not_written(std::io::Error::other(error))
}

#[cfg(test)]
mod tests {
    use super::is_formula;

    #[test]
    fn what_a_spreadsheet_could_calculate_is_marked_and_other_text_is_not() {
        for sign in ["=", "+", "-", "@", "\u{ff1d}", "\u{ff0b}", "\u{ff0d}", "\u{ff20}"] {
            for before in [
                "", "\n", " ", "\u{3000}", "\u{a0}", "\u{200b}", "\u{feff}", "\t\r\n ", "\u{2066}", "\u{1}",
            ] {
                assert!(is_formula(&format!("{before}{sign}1+1")), "{before:?}{sign}");
            }
        }
        assert!(is_formula("\tplain") && is_formula("\rplain"));
        for plain in ["", "a=1", "2026-01-27", " plain", "中文", "\n"] {
            assert!(!is_formula(plain), "{plain:?}");
        }
    }
}
