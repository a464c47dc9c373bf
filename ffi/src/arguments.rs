//! What C hands in: every pointer is checked here, and nowhere else does an address become a reference.
//!
//! Handles and out-parameters arrive as `Option<&T>`, which has the form of a C pointer and is `None` for NULL. What C
//! says about texts, buffers and arrays (so many bytes, a NUL at the end) cannot be said in a type: those are read by
//! the `unsafe` functions here, whose callers pass the promise on in their own `# Safety`.

use std::ffi::{CStr, c_char};
use std::mem::MaybeUninit;
use std::time::{Duration, SystemTime};

use voicecall_core::{Delivery, ErrorKind};

use crate::boundary::Failure;
use crate::error::voicecall_error;

/// As a length: the text goes to its first NUL.
pub const VOICECALL_NUL_TERMINATED: usize = usize::MAX;
/// As a time: the clock's. 0 would be a time.
pub const VOICECALL_NOW: i64 = i64::MIN;

/// A parameter that must not be NULL.
pub(crate) fn given<T>(pointer: Option<T>, name: &str) -> Result<T, Failure> {
    pointer.ok_or_else(|| invalid(format!("`{name}` is NULL")))
}

/// `VOICECALL_INVALID_ARGUMENT`: the caller's mistake, told by parameter name.
pub(crate) fn invalid(message: impl AsRef<str>) -> Failure {
    let error = voicecall_error::own(ErrorKind::InvalidArgument, Delivery::NotSent, message.as_ref());
    Failure::Error(Box::new(error))
}

/// `VOICECALL_INTERNAL`: what must not happen did.
pub(crate) fn internal(message: &str) -> Failure {
    Failure::Error(Box::new(voicecall_error::own(
        ErrorKind::Internal,
        Delivery::NotSent,
        message,
    )))
}

/// A time-out; `None` for 0.
pub(crate) fn timeout(milliseconds: i64) -> Result<Option<Duration>, Failure> {
    match u64::try_from(milliseconds) {
        Ok(0) => Ok(None),
        Ok(milliseconds) => Ok(Some(Duration::from_millis(milliseconds))),
        Err(_) => Err(invalid("`timeout_ms` is negative")),
    }
}

/// A time in Unix seconds; the clock's for `VOICECALL_NOW`.
pub(crate) fn time(unix_seconds: i64) -> Result<i64, Failure> {
    if unix_seconds != VOICECALL_NOW {
        return Ok(unix_seconds);
    }
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok();
    let seconds = since_epoch.and_then(|duration| i64::try_from(duration.as_secs()).ok());
    seconds.ok_or_else(|| internal("the clock is out of range"))
}

/// A text that ends with a NUL.
///
/// # Safety
/// `text` is NULL, or points to bytes of which one is 0, unchanged during `'a`.
pub(crate) unsafe fn c_text<'a>(text: *const c_char, name: &str) -> Result<&'a str, Failure> {
    // SAFETY: the caller's promise.
    unsafe { optional_c_text(text, name) }.and_then(|text| given(text, name))
}

/// A text that ends with a NUL and may be missing.
///
/// # Safety
/// As [`c_text`].
pub(crate) unsafe fn optional_c_text<'a>(text: *const c_char, name: &str) -> Result<Option<&'a str>, Failure> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's promise.
    utf8(unsafe { c_bytes(text, name) }?, name).map(Some)
}

/// Bytes that end with a NUL, UTF-8 or not.
///
/// # Safety
/// As [`c_text`].
pub(crate) unsafe fn c_bytes<'a>(bytes: *const c_char, name: &str) -> Result<&'a [u8], Failure> {
    if bytes.is_null() {
        return given(None, name);
    }
    // SAFETY: not NULL, and the caller promises a NUL at its end.
    Ok(unsafe { CStr::from_ptr(bytes) }.to_bytes())
}

/// A text of `length` bytes, or up to its first NUL when `length` is [`VOICECALL_NUL_TERMINATED`]. NULL with length 0
/// is empty.
///
/// # Safety
/// `text` is NULL, or points to `length` bytes (to bytes of which one is 0 for `VOICECALL_NUL_TERMINATED`),
/// unchanged during `'a`.
pub(crate) unsafe fn text<'a>(text: *const c_char, length: usize, name: &str) -> Result<&'a str, Failure> {
    if length == VOICECALL_NUL_TERMINATED {
        // SAFETY: the caller's promise.
        return unsafe { c_text(text, name) };
    }
    // SAFETY: the caller's promise.
    utf8(unsafe { bytes(text.cast(), length, name) }?, name)
}

/// A buffer of `length` bytes. NULL with length 0 is empty.
///
/// # Safety
/// `buffer` is NULL, or points to `length` bytes, unchanged during `'a`.
pub(crate) unsafe fn bytes<'a>(buffer: *const u8, length: usize, name: &str) -> Result<&'a [u8], Failure> {
    // SAFETY: the caller's promise.
    unsafe { array(buffer, length, name) }
}

/// An array. NULL with length 0 is empty.
///
/// # Safety
/// `array` is NULL, or points to `length` items, unchanged during `'a`.
pub(crate) unsafe fn array<'a, T>(array: *const T, length: usize, name: &str) -> Result<&'a [T], Failure> {
    check_extent::<T>(array.is_null(), length, name)?;
    if length == 0 {
        return Ok(&[]);
    }
    // SAFETY: not NULL, the caller promises the items, and the extent is below `isize::MAX`.
    Ok(unsafe { std::slice::from_raw_parts(array, length) })
}

/// An array to be filled; `None` when NULL: not wanted.
///
/// # Safety
/// `array` is NULL, or points to `length` items that nobody else uses during `'a`.
pub(crate) unsafe fn array_out<'a, T>(
    array: *mut T,
    length: usize,
    name: &str,
) -> Result<Option<&'a mut [MaybeUninit<T>]>, Failure> {
    if array.is_null() {
        return Ok(None);
    }
    check_extent::<T>(false, length, name)?;
    // SAFETY: not NULL, the caller promises the items, the extent is below `isize::MAX`, and `MaybeUninit` asks nothing
    // of what is there.
    Ok(Some(unsafe { std::slice::from_raw_parts_mut(array.cast(), length) }))
}

fn check_extent<T>(is_null: bool, length: usize, name: &str) -> Result<(), Failure> {
    let fits = length
        .checked_mul(size_of::<T>())
        .is_some_and(|bytes| isize::try_from(bytes).is_ok());
    match (is_null, fits) {
        (true, _) if length > 0 => Err(invalid(format!("`{name}` is NULL, but its length is {length}"))),
        (_, false) => Err(invalid(format!("the length of `{name}` is more than memory holds"))),
        _ => Ok(()),
    }
}

fn utf8<'a>(bytes: &'a [u8], name: &str) -> Result<&'a str, Failure> {
    std::str::from_utf8(bytes)
        .map_err(|error| invalid(format!("`{name}` is not UTF-8 from byte {} on", error.valid_up_to())))
}

#[cfg(test)]
mod tests {
    use std::ptr;

    use super::*;

    fn message<T>(result: Result<T, Failure>) -> String {
        match result {
            Err(Failure::Error(error)) => error.message().to_owned(),
            _ => panic!("an error was expected"),
        }
    }

    #[test]
    fn null_is_named() {
        // SAFETY: NULL.
        let text = unsafe { c_text(ptr::null(), "operation") };
        assert_eq!(message(text), "`operation` is NULL");
        // SAFETY: NULL.
        let (some, none) = unsafe { (bytes(ptr::null(), 3, "body"), bytes(ptr::null(), 0, "body")) };
        assert_eq!(message(some), "`body` is NULL, but its length is 3");
        assert!(none.is_ok_and(<[u8]>::is_empty));
    }

    #[test]
    fn bad_utf8_is_told_with_its_position_and_not_its_bytes() {
        // SAFETY: a C string.
        let result = unsafe { c_text(c"+86138\xff".as_ptr(), "text") };
        assert_eq!(message(result), "`text` is not UTF-8 from byte 6 on");
    }

    #[test]
    fn a_length_beyond_memory_is_refused_before_anything_is_read() {
        // SAFETY: refused before it is read.
        assert!(message(unsafe { bytes(ptr::dangling(), usize::MAX - 1, "body") }).contains("more than memory"));
    }

    #[test]
    fn a_text_with_a_length_may_hold_a_nul() {
        // SAFETY: three bytes.
        assert!(unsafe { text(b"a\0b".as_ptr().cast(), 3, "text") }.is_ok_and(|text| text == "a\0b"));
        // SAFETY: a C string.
        assert!(unsafe { text(c"abc".as_ptr(), VOICECALL_NUL_TERMINATED, "text") }.is_ok_and(|text| text == "abc"));
    }
}
