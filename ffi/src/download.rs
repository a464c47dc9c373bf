//! Recordings into files.

use std::ffi::{c_char, c_void};
use std::mem::MaybeUninit;
use std::ops::ControlFlow;

use voicecall_core::{DownloadOptions, Progress, RecordingSource};

use crate::arguments::{c_text, given, invalid, timeout};
use crate::boundary::run;
use crate::client::voicecall_client;
use crate::error::voicecall_error;
use crate::numbers::voicecall_status;
use crate::value::voicecall_value;

/// Told how far a download is: bytes in the file so far, bytes of the whole recording (-1 where the server does not
/// tell), and the `user` pointer. Called on the thread that downloads. Return 0 to go on, anything else to stop. It
/// must return: no longjmp, no C++ exception.
pub type voicecall_progress = Option<unsafe extern "C" fn(bytes: u64, total: i64, user: *mut c_void) -> i32>;

/// As a flag: replace a file that exists.
pub const VOICECALL_DOWNLOAD_OVERWRITE: u32 = 1;

/// Fetches a recording into a file: whole or not at all. A connection that breaks on the way is taken up where it
/// broke, if the server allows it.
///
/// `source`: an object with fileName and recordDomain, or with recordFileDownloadUrl: the member "recording" of
/// voicecall_event_summary(). Copied before return.
/// `path`: the file. On an error there is no file that was not there before.
/// `timeout_ms`: longest time for the whole download in milliseconds; 0 = none but those of each step.
/// `flags`: 0 or VOICECALL_DOWNLOAD_OVERWRITE.
/// `progress`, `user`: see voicecall_progress; both may be NULL. A stopped download returns VOICECALL_CLOSED.
/// `bytes`: gets the length of the file; may be NULL.
///
/// # Safety
/// `path` is NULL or ends with a NUL. `progress` is NULL or may be called with `user` until this function
/// returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_client_download_recording(
    client: Option<&voicecall_client>,
    source: Option<&voicecall_value>,
    path: *const c_char,
    timeout_ms: i64,
    flags: u32,
    progress: voicecall_progress,
    user: *mut c_void,
    bytes: Option<&mut MaybeUninit<u64>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let client = given(client, "client")?;
        let source = RecordingSource::from_natural(given(source, "source")?.object("source")?)?;
        // SAFETY: this function's contract.
        let path = unsafe { c_text(path, "path") }?;
        if flags & !VOICECALL_DOWNLOAD_OVERWRITE != 0 {
            return Err(invalid("`flags` has bits that this version does not know"));
        }
        let mut report = |done: Progress| match progress {
            // SAFETY: this function's contract.
            Some(progress) => match unsafe { progress(done.bytes, total(done.total), user) } {
                0 => ControlFlow::Continue(()),
                _ => ControlFlow::Break(()),
            },
            None => ControlFlow::Continue(()),
        };
        let mut options = DownloadOptions::new()
            .overwrite(flags & VOICECALL_DOWNLOAD_OVERWRITE != 0)
            .progress(&mut report);
        if let Some(longest) = timeout(timeout_ms)? {
            options = options.timeout(longest);
        }
        let downloaded = client.client.download_recording(source, path, options)?;
        if let Some(bytes) = bytes {
            bytes.write(downloaded.bytes);
        }
        Ok(())
    })
}

fn total(total: Option<u64>) -> i64 {
    total.and_then(|total| i64::try_from(total).ok()).unwrap_or(-1)
}
