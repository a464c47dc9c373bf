//! Whether the client is open, and the waits between attempts that its closing ends.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::cancellation::Cancellation;

/// The longest wait before the first repetition; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// No wait is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

#[derive(Debug, Default)]
pub(crate) struct Gate {
    closed: Mutex<bool>,
    changed: Condvar,
}

impl Gate {
    pub(crate) fn new() -> Gate {
        Gate::default()
    }

    pub(crate) fn close(&self) {
        *self.closed.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    pub(crate) fn is_closed(&self) -> bool {
        *self.closed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits before repetition number `attempt`, between half and all of its longest pause, so that many clients which
    /// failed together do not come back together. `false`, at once, when the deadline comes first, or when closed or cancelled.
    pub(crate) fn pause(&self, attempt: i64, deadline: Instant, cancellation: Option<&Cancellation>) -> bool {
        let longest = FIRST_PAUSE.saturating_mul(1 << attempt.clamp(0, 10)).min(LONGEST_PAUSE);
        let pause = longest.mul_f64(0.5 + jitter() / 2.0);
        let end = Instant::now() + pause;
        if end >= deadline {
            return false;
        }
        let longest_step = cancellation.map_or(Duration::MAX, Cancellation::longest_pause);
        // Asked without the lock: a watch may run code of the program, which may close the client.
        while !cancellation.is_some_and(Cancellation::is_cancelled) {
            let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
            if *closed {
                return false;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            drop(self.changed.wait_timeout(closed, left.min(longest_step)));
        }
        false
    }
}

/// A number from 0 to 1; 1 when the random source fails, which only makes the wait longer.
fn jitter() -> f64 {
    let mut byte = [u8::MAX];
    let _ = getrandom::fill(&mut byte);
    f64::from(byte[0]) / f64::from(u8::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use super::Gate;

    #[test]
    fn a_pause_that_would_pass_the_deadline_is_not_begun() {
        let begun = Instant::now();
        assert!(!Gate::new().pause(3, begun + Duration::from_millis(50), None));
        assert!(begun.elapsed() < Duration::from_millis(50));
    }

    #[test]
    fn closing_ends_a_pause() {
        let gate = Arc::new(Gate::new());
        let waiting = std::thread::spawn({
            let gate = Arc::clone(&gate);
            move || gate.pause(10, Instant::now() + Duration::from_secs(60), None)
        });
        gate.close();
        assert!(
            !waiting.join().unwrap(),
            "a pause that closing ended counts as no pause"
        );
        assert!(!gate.pause(0, Instant::now() + Duration::from_secs(60), None));
    }
}
