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
            Value::String(text) if self.for_spreadsheets && text.starts_with(['=', '+', '-', '@', '\t', '\r']) => {
                Cow::Owned(format!("'{text}"))
            }
            Value::String(text) => Cow::Borrowed(text),
            other => Cow::Owned(other.to_string()),
        }
    }
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
