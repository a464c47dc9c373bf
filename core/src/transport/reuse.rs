//! Which connections may carry another request.
//!
//! The platform closes first and may do so silently (contract requests.md 13.1, D27). A request that is written to a
//! connection in the moment of its end is lost, and nobody knows whether it arrived. So a connection is used again only
//! when the peer announced `Connection: keep-alive`, only within the idle time-out, and not to a host that has already
//! ended such a connection without a word.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What a transport knows about reuse.
pub(super) struct Reuse {
    /// Longest time that a connection may lie idle: firewalls and NATs forget it without telling anybody.
    idle_timeout: Duration,
    /// Hosts that ended a connection after they had announced to keep it.
    silent: Mutex<HashSet<String>>,
}

impl Reuse {
    pub(super) fn new(idle_timeout: Duration) -> Arc<Reuse> {
        Arc::new(Reuse {
            idle_timeout,
            silent: Mutex::default(),
        })
    }

    /// Panics happen in no code that holds this lock.
    fn silent(&self) -> MutexGuard<'_, HashSet<String>> {
        self.silent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is known of one connection.
pub(super) struct Lease {
    reuse: Arc<Reuse>,
    /// Host and port.
    host: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    promise: Promise,
    /// Whether an earlier request on this connection was answered.
    served: bool,
}

/// What the peer said about the time after its answer.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Promise {
    /// Its answer is not there yet.
    #[default]
    Awaited,
    /// It keeps the connection open.
    Kept,
    /// It closes the connection, or said nothing.
    None,
}

impl Lease {
    pub(super) fn new(reuse: &Arc<Reuse>, host: String) -> Arc<Lease> {
        Arc::new(Lease {
            reuse: Arc::clone(reuse),
            host,
            state: Mutex::default(),
        })
    }

    /// A request goes out.
    pub(super) fn asked(&self) {
        self.state().promise = Promise::Awaited;
    }

    /// The head of the answer is there; `kept`: the peer announced to keep the connection.
    pub(super) fn answered(&self, kept: bool) {
        let kept = kept && !self.reuse.silent().contains(&self.host);
        let mut state = self.state();
        state.promise = if kept { Promise::Kept } else { Promise::None };
        state.served = true;
    }

    /// The connection ended before the answer was complete.
    pub(super) fn lost(&self) {
        if self.state().served {
            self.distrust();
        }
    }

    /// Whether a connection that has done its work is worth keeping. An answer without a body ends before its head is
    /// looked at: then the question is open, and asked again before the connection is used.
    pub(super) fn may_be_kept(&self) -> bool {
        self.state().promise != Promise::None
    }

    /// Whether a connection that was idle for so long may carry a request. `is_quiet` looks at the connection.
    pub(super) fn may_be_used(&self, idle: Duration, is_quiet: impl FnOnce() -> bool) -> bool {
        if self.state().promise != Promise::Kept || idle >= self.reuse.idle_timeout {
            return false;
        }
        let open = is_quiet();
        if !open {
            self.distrust();
        }
        open && !self.reuse.silent().contains(&self.host)
    }

    fn distrust(&self) {
        self.reuse.silent().insert(self.host.clone());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Lease {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Lease")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

    fn kept(reuse: &Arc<Reuse>) -> Arc<Lease> {
        let lease = Lease::new(reuse, "voice.example:443".to_owned());
        lease.asked();
        lease.answered(true);
        lease
    }

    #[test]
    fn only_what_was_announced_is_used_again_and_only_within_the_time() {
        let reuse = Reuse::new(IDLE_TIMEOUT);
        let lease = kept(&reuse);
        assert!(lease.may_be_kept());
        assert!(lease.may_be_used(IDLE_TIMEOUT - Duration::from_millis(1), || true));
        assert!(!lease.may_be_used(IDLE_TIMEOUT, || true));
        lease.asked();
        assert!(
            !lease.may_be_used(Duration::ZERO, || true),
            "a new request, a new promise"
        );
        lease.answered(false);
        assert!(!lease.may_be_kept() && !lease.may_be_used(Duration::ZERO, || true));
    }

    #[test]
    fn a_host_that_breaks_its_word_once_is_not_believed_again() {
        let reuse = Reuse::new(IDLE_TIMEOUT);
        assert!(!kept(&reuse).may_be_used(Duration::ZERO, || false));
        assert!(!kept(&reuse).may_be_kept());

        let reuse = Reuse::new(IDLE_TIMEOUT);
        let (early, late) = (kept(&reuse), kept(&reuse));
        early.asked();
        early.lost();
        assert!(!late.may_be_used(Duration::ZERO, || true));

        let reuse = Reuse::new(IDLE_TIMEOUT);
        let fresh = Lease::new(&reuse, "voice.example:443".to_owned());
        fresh.asked();
        fresh.lost();
        assert!(
            kept(&reuse).may_be_kept(),
            "a first request that is lost breaks no promise"
        );
    }
}
