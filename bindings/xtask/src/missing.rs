//! Remembers that a result fails to come for want of a program of the system, which excuses it where nobody checks what is
//! published, and not for a fault.

use std::sync::atomic::{AtomicBool, Ordering};

static MISSING: AtomicBool = AtomicBool::new(false);

/// Something is missing; gives the advice back.
pub(crate) fn note(advice: String) -> String {
    MISSING.store(true, Ordering::Relaxed);
    advice
}

/// Whether something was missing since this was asked last.
pub(crate) fn take() -> bool {
    MISSING.swap(false, Ordering::Relaxed)
}
