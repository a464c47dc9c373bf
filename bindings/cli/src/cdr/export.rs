//! `voicecall cdr export`: CDRs as a file, or on standard output.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;
use voicecall_core::intake::{CallFilter, ExportFormat, Intake};
use voicecall_core::new_file::{NewFile, is_taken};
use voicecall_core::webhook::Tariff;

use crate::exit::Failure;
use crate::output;
use crate::request::fault;
use crate::settings::Global;
use crate::store::{CdrFlags, StoreOptions, TariffOptions};

/// Options of `voicecall cdr export`.
#[derive(Debug, Args)]
pub(crate) struct ExportOptions {
    /// NDJSON has the whole record beside the columns.
    #[arg(long, value_name = "FORM", value_enum, default_value_t = Form::Ndjson)]
    format: Form,
    /// CSV for spreadsheet programs: begins with a byte order mark, without which they misread Chinese, and marks what
    /// they would take for a formula or, as +8613800000021, for a number.
    #[arg(long)]
    bom: bool,
    /// The file to write, instead of standard output. Readable by its owner only.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace a file that exists.
    #[arg(long, requires = "output")]
    overwrite: bool,
    #[command(flatten)]
    filter: CdrFlags,
    #[command(flatten)]
    tariff: TariffOptions,
    #[command(flatten)]
    store: StoreOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// One JSON object a line.
    Ndjson,
    /// RFC 4180, with a header line.
    Csv,
}

/// Writes the CDRs.
pub(super) fn run(options: &ExportOptions, global: &Global) -> Result<(), Failure> {
    let format = match (options.format, options.bom) {
        (Form::Ndjson, false) => ExportFormat::Ndjson,
        (Form::Csv, false) => ExportFormat::Csv,
        (Form::Csv, true) => ExportFormat::CsvForSpreadsheets,
        (Form::Ndjson, true) => {
            return Err(Failure::usage(
                "--bom is for --format csv: NDJSON has no byte order mark",
            ));
        }
    };
    let export = Export {
        filter: options.filter.filter()?,
        format,
        tariff: options.tariff.tariff()?,
        intake: options.store.open(global)?,
    };
    let Some(path) = &options.output else {
        return export.to_standard_output();
    };
    let count = export.to_file(path, options.overwrite)?;
    if global.json {
        output::json(&json!({ "path": path.display().to_string(), "cdrs": count }));
    } else {
        output::line(&format!("{count} CDRs in {}", path.display()));
    }
    Ok(())
}

struct Export {
    intake: Intake,
    filter: CallFilter,
    format: ExportFormat,
    tariff: Option<Tariff>,
}

impl Export {
    fn write(&self, output: &mut dyn Write) -> Result<u64, Failure> {
        let written = self
            .intake
            .export(&self.filter, self.format, self.tariff.as_ref(), output);
        written.map_err(|error| fault::of(CallFilter::RECORD, error))
    }

    fn to_standard_output(&self) -> Result<(), Failure> {
        let mut output = Unbroken {
            inner: BufWriter::new(output::raw()),
            gone: false,
        };
        let written = self.write(&mut output);
        let flushed = output.flush();
        match (written, flushed) {
            // A reader that has gone away is no fault: `| head` is allowed.
            _ if output.gone => Ok(()),
            (Err(failure), _) => Err(failure),
            (Ok(_), Err(error)) => Err(Failure::local(format!("standard output: {error}"))),
            (Ok(_), Ok(())) => Ok(()),
        }
    }

    /// Whole or not at all.
    fn to_file(&self, path: &Path, overwrite: bool) -> Result<u64, Failure> {
        let failed = |error: io::Error| Failure::local(format!("{}: {error}", path.display()));
        let exists = || Failure::usage(format!("{} exists; --overwrite replaces it", path.display()));
        if !overwrite && is_taken(path) {
            return Err(exists());
        }
        let mut output = BufWriter::new(NewFile::beside(path).map_err(failed)?);
        let count = self.write(&mut output)?;
        let file = output.into_inner().map_err(|error| failed(error.into_error()))?;
        file.finish(path, overwrite).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => exists(),
            _ => failed(error),
        })?;
        Ok(count)
    }
}

/// Remembers that its reader has gone away.
struct Unbroken<W> {
    inner: W,
    gone: bool,
}

impl<W: Write> Unbroken<W> {
    fn noted<T>(&mut self, outcome: io::Result<T>) -> io::Result<T> {
        outcome.inspect_err(|error| self.gone |= error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl<W: Write> Write for Unbroken<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes);
        self.noted(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.inner.flush();
        self.noted(flushed)
    }
}
