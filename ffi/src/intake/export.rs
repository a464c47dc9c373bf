//! Stored CDRs for other programs, piece by piece into a function of the caller.
//!
//! A callback and no path: a file is three lines of C, and the languages over C have streams of their own, which no path
//! leads to.

use std::ffi::{c_char, c_void};
use std::io::{self, BufWriter, Write};
use std::mem::MaybeUninit;

use voicecall_core::intake::ExportFormat;

use super::action::{filter, tariff};
use super::arguments::{Arguments, unknown_word};
use super::voicecall_intake;
use crate::arguments::given;
use crate::boundary::run;
use crate::error::voicecall_error;
use crate::numbers::voicecall_status;
use crate::value::voicecall_value;

/// Takes a piece of an export: its bytes, which are borrowed until it returns, their number, and the `user` pointer.
/// Called on the thread that exports. Return 0 to go on, anything else to stop. It must return: no longjmp, no C++
/// exception.
pub type voicecall_write = Option<unsafe extern "C" fn(bytes: *const c_char, length: usize, user: *mut c_void) -> i32>;

/// Bytes of a piece: few calls, little memory.
const PIECE: usize = 64 * 1024;

/// Writes stored CDRs for other programs, the one that ended first first.
///
/// `arguments`: an object with format ("ndjson", "csv" or "csv_for_spreadsheets": with a byte order mark, and nothing
/// that a spreadsheet takes for a formula) and, where wanted, filter (see voicecall_call_filter in voicecall_calls.h),
/// pricePerMinute and currency. Copied before return.
/// `write`, `user`: see voicecall_write; `user` may be NULL. A stopped export returns VOICECALL_STORAGE.
/// `records`: gets the number of CDRs; may be NULL.
///
/// # Safety
/// `write` is NULL or may be called with `user` until this function returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_intake_export(
    intake: Option<&voicecall_intake>,
    arguments: Option<&voicecall_value>,
    write: voicecall_write,
    user: *mut c_void,
    records: Option<&mut MaybeUninit<u64>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let intake = &given(intake, "intake")?.intake;
        let arguments = given(arguments, "arguments")?.object("arguments")?;
        let mut arguments = Arguments::new(arguments, &["format", "filter", "pricePerMinute", "currency"])?;
        let format = ExportFormat::from_id(&arguments.text("format")?)
            .ok_or_else(|| unknown_word("format", ExportFormat::ALL.iter().map(|format| format.id())))?;
        let (filter, tariff) = (filter(&mut arguments)?, tariff(&mut arguments)?);
        let callback = Callback {
            write: given(write, "write")?,
            user,
        };
        let mut output = BufWriter::with_capacity(PIECE, callback);
        let exported = intake.export(&filter, format, tariff.as_ref(), &mut output);
        // What is left in the buffer after a failure is not written: the caller was told to stop, or has to start anew.
        let (_, rest) = output.into_parts();
        drop(rest);
        let exported = exported?;
        if let Some(records) = records {
            records.write(exported);
        }
        Ok(())
    })
}

/// The caller's function as an output.
struct Callback {
    write: unsafe extern "C" fn(*const c_char, usize, *mut c_void) -> i32,
    user: *mut c_void,
}

impl Write for Callback {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        // SAFETY: the contract of `voicecall_intake_export`, during which this lives.
        match unsafe { (self.write)(piece.as_ptr().cast(), piece.len(), self.user) } {
            0 => Ok(piece.len()),
            _ => Err(io::Error::other("the caller stopped the export")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
