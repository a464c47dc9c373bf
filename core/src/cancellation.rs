//! Ends one call from another thread, or from a signal handler of the program.

use std::fmt;
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use crate::error::{Delivery, Error, ErrorKind};
use crate::transport::CANCELLED;

/// A thread that waits for something other than its connection notices a cancellation within this time.
const NOTICED_WITHIN: Duration = Duration::from_millis(50);
/// A call asks its watch at least this often. A power of two, like all time-outs of the sockets.
const WATCH_EVERY: Duration = Duration::from_millis(128);

/// Ends the call that it was given to in [`CallOptions`](crate::CallOptions). Clones cancel the same call.
///
/// A call whose request has not gone out then fails with kind `closed` and delivery `not_sent`. One whose request has gone
/// out cannot be taken back: its delivery is `unknown`, and the phone may be ringing.
#[derive(Clone, Default)]
pub struct Cancellation(Arc<Inner>);

#[derive(Default)]
struct Inner {
    cancelled: AtomicBool,
    /// The connection that the call uses now.
    line: Mutex<Weak<TcpStream>>,
    watch: Option<Box<Watch>>,
}

type Watch = dyn Fn() -> bool + Send + Sync;

impl Cancellation {
    /// Cancels nothing until [`cancel`](Cancellation::cancel) is called.
    pub fn new() -> Cancellation {
        Cancellation::default()
    }

    /// Also cancels once `watch` returns `true`. The call asks it on its own thread, whenever a signal interrupts a system
    /// call and several times a second: for programs whose signal handlers only set a flag.
    pub fn watching(watch: impl Fn() -> bool + Send + Sync + 'static) -> Cancellation {
        Cancellation(Arc::new(Inner {
            watch: Some(Box::new(watch)),
            ..Inner::default()
        }))
    }

    /// Ends the call. Cancelling twice, or after the call, is harmless.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::SeqCst);
        if let Some(line) = self.line().upgrade() {
            // Wakes the thread that reads from it or writes to it.
            let _ = line.shutdown(Shutdown::Both);
        }
    }

    /// The error of what was cancelled before it began.
    pub(crate) fn before_the_start() -> Error {
        Error::new(ErrorKind::Closed, Delivery::NotSent, CANCELLED)
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        if self.0.cancelled.load(Ordering::SeqCst) {
            return true;
        }
        let is_cancelled = self.0.watch.as_ref().is_some_and(|watch| watch());
        if is_cancelled {
            self.0.cancelled.store(true, Ordering::SeqCst);
        }
        is_cancelled
    }

    /// Whether `cancel` was called, or the watch has returned `true` before. Does not ask the watch.
    pub fn was_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::SeqCst)
    }

    /// The call is about to use this connection.
    pub(crate) fn take_line(&self, line: &Arc<TcpStream>) {
        let mut taken = self.line();
        if self.0.cancelled.load(Ordering::SeqCst) {
            let _ = line.shutdown(Shutdown::Both);
        }
        *taken = Arc::downgrade(line);
    }

    /// The call no longer uses a connection: another call may be the next to use it.
    pub(crate) fn leave_line(&self) {
        *self.line() = Weak::new();
    }

    /// How long a thread may wait for its connection without looking here.
    pub(crate) fn longest_io(&self) -> Duration {
        self.0.watch.as_ref().map_or(Duration::MAX, |_| WATCH_EVERY)
    }

    /// How long a thread may wait for anything else.
    pub(crate) fn longest_pause(&self) -> Duration {
        NOTICED_WITHIN
    }

    fn line(&self) -> MutexGuard<'_, Weak<TcpStream>> {
        self.0.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Cancellation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cancellation")
            .field("cancelled", &self.was_cancelled())
            .finish_non_exhaustive()
    }
}
