//! The panic boundary of the threads that perform calls; that of the JavaScript thread is `catch_unwind` on each export.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::failure::Failure;

/// Runs `work`; a panic becomes an `internal` error of unknown delivery, because a byte may have been sent before it.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Failure::panicked()))
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_panic_becomes_an_error_of_unknown_delivery() {
        let failure = guarded::<()>(|| panic!("on purpose")).unwrap_err().to_json();
        assert!(
            failure.contains(r#""kind":"internal""#) && failure.contains(r#""delivery":"unknown""#),
            "{failure}"
        );
    }
}
