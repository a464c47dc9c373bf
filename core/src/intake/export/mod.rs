//! Writes stored CDRs for other programs: NDJSON and CSV.
//!
//! Parquet is left out: its one well-kept crate brings some thirty others, and whoever reads Parquet has a program that
//! makes it of NDJSON, or of the store's view `cdrs` itself.

mod csv;
mod record;

use std::io::Write;

use self::record::{COLUMNS, Exported};
use super::filter::{CallFilter, Conditions};
use super::numbers::Numbers;
use super::query::{integer, text};
use super::store::{Reader, Store, Value, storage_error};
use super::variant::stored_cdr;
use crate::error::Error;
use crate::result::closed_set;
use crate::webhook::Tariff;

closed_set! {
    /// The format of an export.
    pub enum ExportFormat {
        /// One JSON object per line: the columns of the CSV, and the whole record as `record`.
        Ndjson = "ndjson",
        /// CSV (RFC 4180) with a header line.
        Csv = "csv",
        /// CSV for spreadsheet programs: with a byte order mark, without which they misread Chinese, and an apostrophe
        /// before texts that they would read as a formula or, as `+8613800000021`, as a number.
        CsvForSpreadsheets = "csv_for_spreadsheets",
    }
}

/// Records that are read at a time: an export holds little memory, and holds nobody up.
const PAGE: i64 = 500;

/// Writes the records, oldest end first; tells how many.
pub(super) fn export(
    store: &dyn Store,
    filter: &CallFilter,
    numbers: &Numbers,
    format: ExportFormat,
    tariff: Option<&Tariff>,
    output: &mut dyn Write,
) -> Result<u64, Error> {
    let mut lines: Box<dyn Lines + '_> = match format {
        ExportFormat::Ndjson => Box::new(Ndjson(output)),
        ExportFormat::Csv => Box::new(csv::Csv::begin(output, false)?),
        ExportFormat::CsvForSpreadsheets => Box::new(csv::Csv::begin(output, true)?),
    };
    let (mut written, mut last) = (0, (i64::MIN, i64::MIN));
    loop {
        let page = store.reading(|reader| read_page(reader, filter, numbers, last))?;
        let Some((mark, _)) = page.last() else { break };
        last = *mark;
        for (_, row) in page {
            let Some(cdr) = stored_cdr(&row.raw) else { continue };
            lines.write(&Exported::new(&cdr, &row, tariff))?;
            written += 1;
        }
    }
    lines.end()?;
    Ok(written)
}

/// A stored record, and what the store alone knows of it.
struct Stored {
    raw: String,
    verdict: String,
    received_at: i64,
}

/// The end and the id of a record: its place in the order of an export.
type Place = (i64, i64);

/// The next records: those that are left of the second in which the last one ended, or else later ones. Asked for at once,
/// SQLite would look at all of that second again for each page.
fn read_page(
    reader: &mut dyn Reader,
    filter: &CallFilter,
    numbers: &Numbers,
    (end_at, id): Place,
) -> Result<Vec<(Place, Stored)>, Error> {
    let [end_at, id] = [end_at, id].map(Value::Integer);
    let mut left = filter.cdrs(numbers)?;
    left.add("cdr.end_at = {} AND cdr.id > {}", [end_at.clone(), id]);
    let left = read(reader, &left)?;
    if !left.is_empty() {
        return Ok(left);
    }
    let mut later = filter.cdrs(numbers)?;
    later.add("cdr.end_at > {}", [end_at]);
    read(reader, &later)
}

fn read(reader: &mut dyn Reader, conditions: &Conditions) -> Result<Vec<(Place, Stored)>, Error> {
    let sql = format!(
        "SELECT cdr.end_at, cdr.id, cdr.raw, cdr.verdict, cdr.received_at FROM intake_cdr AS cdr{} \
         ORDER BY cdr.end_at, cdr.id LIMIT {PAGE}",
        conditions.clause()
    );
    let rows = reader.query(&sql, &conditions.parameters)?;
    let stored = rows.iter().filter_map(|row| {
        let stored = Stored {
            raw: text(row, 2).to_owned(),
            verdict: text(row, 3).to_owned(),
            received_at: integer(row, 4)? / 1000,
        };
        Some(((integer(row, 0)?, integer(row, 1)?), stored))
    });
    Ok(stored.collect())
}

/// A form that records are written in.
trait Lines {
    fn write(&mut self, record: &Exported) -> Result<(), Error>;
    fn end(&mut self) -> Result<(), Error>;
}

struct Ndjson<'a>(&'a mut dyn Write);

impl Lines for Ndjson<'_> {
    fn write(&mut self, record: &Exported) -> Result<(), Error> {
        writeln!(self.0, "{}", serde_json::Value::Object(record.to_json())).map_err(not_written)
    }

    fn end(&mut self) -> Result<(), Error> {
        self.0.flush().map_err(not_written)
    }
}

fn not_written(error: std::io::Error) -> Error {
    storage_error("the export cannot be written").with_source(error)
}
