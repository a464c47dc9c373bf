//! The panic boundary: the one place through which every entry point runs and returns.
//!
//! Returned values: a status from [`run`], a stand-in from [`answer`], nothing from [`release`]. After a panic the
//! handles stay usable: the core's locks ignore poisoning, and no handle is left half-changed by an entry point.

use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};

use voicecall_core::{Delivery, Error, ErrorKind, Rule};

use crate::error::voicecall_error;
use crate::numbers::{ABSENT, OK, voicecall_status};

/// Where an entry point puts its error; `None` where the caller does not want it.
pub(crate) type ErrorOut<'a> = Option<&'a mut MaybeUninit<*mut voicecall_error>>;

/// Why an entry point does not succeed.
pub(crate) enum Failure {
    /// There is no such value; no error is made.
    Absent,
    /// What the caller gets.
    Error(Box<voicecall_error>),
}

impl Failure {
    /// The same failure, told to be about what belongs at this pointer of a value.
    pub(crate) fn at(self, pointer: &str, rule: Rule) -> Failure {
        match self {
            Failure::Absent => Failure::Absent,
            Failure::Error(error) => Failure::Error(Box::new(error.at(pointer, rule))),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Error(Box::new(voicecall_error::from(&error)))
    }
}

/// Runs an entry point that sends nothing.
pub(crate) fn run(error: ErrorOut<'_>, body: impl FnOnce() -> Result<(), Failure>) -> voicecall_status {
    settle(error, Delivery::NotSent, body)
}

/// Runs an entry point that may make a phone ring: nobody knows how far it came when it panics.
pub(crate) fn run_call(error: ErrorOut<'_>, body: impl FnOnce() -> Result<(), Failure>) -> voicecall_status {
    settle(error, Delivery::Unknown, body)
}

/// Runs an entry point that answers directly; `otherwise` after a panic.
pub(crate) fn answer<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    caught(body).unwrap_or(otherwise)
}

/// Frees a handle.
pub(crate) fn release<T>(handle: Option<Box<T>>) {
    answer((), || drop(handle));
}

fn settle(
    out: ErrorOut<'_>,
    delivery_after_panic: Delivery,
    body: impl FnOnce() -> Result<(), Failure>,
) -> voicecall_status {
    let (status, error) = match caught(body) {
        Some(Ok(())) => return OK,
        Some(Err(Failure::Absent)) => return ABSENT,
        Some(Err(Failure::Error(error))) => (error.status(), Box::into_raw(error)),
        None => (ErrorKind::Internal.number(), panicked(delivery_after_panic)),
    };
    match out {
        Some(out) => {
            out.write(error);
        }
        None => voicecall_error::discard(error),
    }
    status
}

/// The error after a panic. Should even making it panic, there is one that needs no memory.
fn panicked(delivery: Delivery) -> *mut voicecall_error {
    let message = "the library met a fault of its own; standard error tells where";
    caught(|| Box::into_raw(Box::new(voicecall_error::own(ErrorKind::Internal, delivery, message))))
        .unwrap_or_else(voicecall_error::of_last_resort)
}

fn caught<T>(body: impl FnOnce() -> T) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(value) => Some(value),
        Err(carried) => {
            // What a panic carries may panic when dropped; what that carries is left alone.
            catch_unwind(AssertUnwindSafe(|| drop(carried))).unwrap_or_else(std::mem::forget);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status_and_delivery(run: impl FnOnce(ErrorOut<'_>) -> voicecall_status) -> (voicecall_status, i32) {
        let mut error = MaybeUninit::new(std::ptr::null_mut());
        let status = run(Some(&mut error));
        // SAFETY: initialised above, and written with a pointer from `Box::into_raw` by an error status.
        let error = unsafe { Box::from_raw(error.assume_init()) };
        (status, error.delivery())
    }

    #[test]
    fn a_panic_is_an_internal_error_and_during_a_call_the_delivery_is_unknown() {
        assert_eq!(
            status_and_delivery(|error| run(error, || panic!("on purpose"))),
            (901, 1)
        );
        assert_eq!(
            status_and_delivery(|error| run_call(error, || panic!("on purpose"))),
            (901, 3)
        );
        assert_eq!(run(None, || panic!("on purpose")), 901);
        assert_eq!(answer(7, || panic!("on purpose")), 7);
    }

    #[test]
    fn what_a_panic_carries_may_panic_too() {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                panic!("on purpose, again");
            }
        }
        assert_eq!(run(None, || std::panic::panic_any(Bomb)), 901);
    }

    #[test]
    fn absence_is_a_status_without_an_error() {
        let mut error = MaybeUninit::new(std::ptr::null_mut());
        assert_eq!(run(Some(&mut error), || Err(Failure::Absent)), ABSENT);
        // SAFETY: initialised above.
        assert!(unsafe { error.assume_init() }.is_null());
    }
}
