//! What one attempt of a call has done so far, known to every layer that works for it.
//!
//! ureq runs a call on the thread that asks for it and hands its connectors and transports nothing of ours, so the
//! attempt lies in a thread-local for as long as ureq is at work, and nowhere else.

use std::cell::RefCell;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::interruption::Interruption;
use super::reuse::Lease;
use crate::cancellation::Cancellation;

thread_local! {
    static CURRENT: RefCell<Option<Attempt>> = const { RefCell::new(None) };
}

/// How often a socket is read from after the deadline, as long as something lies there: enough for an answer, and not for a
/// peer that goes on and on.
const OVERTIME_READS: u8 = 32;

/// How far an attempt got; a time-out names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Looking a name up.
    Resolve,
    /// Waiting for the TCP connection.
    Connect,
    /// In the TLS handshake.
    Tls,
    /// Waiting for the proxy to open the tunnel.
    Tunnel,
    /// Handing the request down.
    Write,
    /// Waiting for the answer or reading it.
    Read,
}

/// Where an address may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Anywhere: this program's own settings name it.
    Anywhere,
    /// To the public Internet, and to private networks only if the endpoint is in one, too.
    Outside,
}

/// One attempt of a call.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    deadline: Instant,
    reach: Reach,
    connect_deadline: Option<Instant>,
    cancellation: Option<Cancellation>,
    pub(super) stage: Stage,
    /// Whether the request goes through a proxy.
    pub(super) proxied: bool,
    /// Whether the work is on the way to the proxy rather than to the target.
    pub(super) at_proxy: bool,
    /// Whether the connection was given a byte of the request. Set before the byte is given.
    pub(super) handed_down: bool,
    overtime_reads: u8,
    /// Whether the stream ended as TLS wants it, as far as was seen.
    pub(super) ended_properly: bool,
    /// The connection that the request went out on.
    pub(super) line: Option<Arc<TcpStream>>,
    /// Whether that connection may be used again.
    pub(super) lease: Option<Arc<Lease>>,
}

impl Attempt {
    pub(super) fn new(deadline: Instant) -> Attempt {
        Attempt {
            deadline,
            reach: Reach::Anywhere,
            connect_deadline: None,
            cancellation: None,
            stage: Stage::Resolve,
            proxied: false,
            at_proxy: false,
            handed_down: false,
            overtime_reads: 0,
            ended_properly: true,
            line: None,
            lease: None,
        }
    }

    pub(super) fn reaching(self, reach: Reach) -> Attempt {
        Attempt { reach, ..self }
    }

    /// Does `work` as a part of this attempt: until it is done, the functions of this module speak of this attempt.
    pub(super) fn run<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let outer = CURRENT.replace(Some(self.clone()));
        let _running = Running { attempt: self, outer };
        work()
    }

    /// What ends the call early.
    pub(super) fn ended_by(mut self, cancellation: Option<Cancellation>) -> Attempt {
        self.cancellation = cancellation;
        self
    }

    /// Whether the call was cancelled.
    pub(super) fn is_cancelled(&self) -> bool {
        self.cancellation.as_ref().is_some_and(Cancellation::was_cancelled)
    }

    pub(super) fn set_deadline(&mut self, deadline: Instant) {
        self.deadline = deadline;
    }

    /// When the present stage has to be over.
    fn limit(&self) -> Instant {
        match (self.stage, self.connect_deadline) {
            (Stage::Connect | Stage::Tls | Stage::Tunnel, Some(connect)) => connect.min(self.deadline),
            _ => self.deadline,
        }
    }
}

/// Takes the attempt out of the thread-local again, also when the work panics.
struct Running<'a> {
    attempt: &'a mut Attempt,
    outer: Option<Attempt>,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if let Some(attempt) = CURRENT.replace(self.outer.take()) {
            *self.attempt = attempt;
        }
    }
}

/// The attempt entered another stage.
pub(super) fn enter(stage: Stage) {
    update(|attempt| attempt.stage = stage);
}

/// Whether the attempt's request goes through a proxy.
pub(super) fn is_proxied() -> bool {
    let proxied = CURRENT.try_with(|current| current.borrow().as_ref().is_some_and(|attempt| attempt.proxied));
    proxied.unwrap_or(false)
}

/// Where the attempt's address may lead.
pub(super) fn reach() -> Reach {
    let reach = CURRENT.try_with(|current| current.borrow().as_ref().map(|attempt| attempt.reach));
    reach.ok().flatten().unwrap_or(Reach::Outside)
}

/// The attempt begins a connection. `timeout` is for all of it: also for what follows inside of a proxy's tunnel.
pub(super) fn begin_connecting(timeout: Duration) {
    update(|attempt| {
        attempt.stage = Stage::Connect;
        attempt.connect_deadline = Instant::now().checked_add(timeout);
    });
}

/// Says whose turn it is: the proxy's or the target's.
pub(super) fn at_proxy(at_proxy: bool) {
    update(|attempt| attempt.at_proxy = at_proxy);
}

/// A part of the request is about to be handed down.
pub(super) fn handing_down(lease: &Arc<Lease>) {
    update(|attempt| {
        attempt.handed_down = true;
        attempt.lease = Some(Arc::clone(lease));
    });
}

/// The platform has proved that it did not take the request.
pub(super) fn taken_back() {
    update(|attempt| attempt.handed_down = false);
}

/// The stream ended without TLS's own ending: somebody may have cut it.
pub(super) fn cut_off() {
    update(|attempt| attempt.ended_properly = false);
}

/// Whether an attempt whose time is over may read once more what has already arrived.
pub(super) fn looks_once_more() -> bool {
    let mut may = false;
    update(|attempt| {
        may = attempt.stage == Stage::Read && attempt.overtime_reads < OVERTIME_READS;
        attempt.overtime_reads += u8::from(may);
    });
    may
}

/// The attempt works on this connection.
pub(super) fn on_line(line: &Arc<TcpStream>) {
    update(|attempt| {
        if attempt.line.is_none() {
            attempt.line = Some(Arc::clone(line));
            if let Some(cancellation) = &attempt.cancellation {
                cancellation.take_line(line);
            }
        }
    });
}

/// The connection is about to be kept for other calls.
pub(super) fn leave_line() {
    update(|attempt| attempt.cancellation.as_ref().map(Cancellation::leave_line));
}

/// Fails when the call was cancelled. Cheap: for every step.
pub(super) fn notice() -> Result<(), Interruption> {
    let is_cancelled = CURRENT.try_with(|current| current.borrow().as_ref().is_some_and(Attempt::is_cancelled));
    match is_cancelled {
        Ok(true) => Err(Interruption::Cancelled),
        _ => Ok(()),
    }
}

/// Fails when the call was cancelled, or its watch says so: for when a wait was interrupted or lasts long.
pub(super) fn check() -> Result<(), Interruption> {
    // Cloned: the watch may run code of the program, which may make a call of its own on this thread.
    match cancellation() {
        Some(cancellation) if cancellation.is_cancelled() => Err(Interruption::Cancelled),
        _ => Ok(()),
    }
}

/// `left`, or how long a thread may use its connection without looking whether the call is cancelled.
pub(super) fn io_step(left: Duration) -> Duration {
    cancellation().map_or(left, |cancellation| left.min(cancellation.longest_io()))
}

/// `left`, or how long a thread may wait for anything else without looking.
pub(super) fn pause_step(left: Duration) -> Duration {
    cancellation().map_or(left, |cancellation| left.min(cancellation.longest_pause()))
}

fn cancellation() -> Option<Cancellation> {
    let current = CURRENT.try_with(|current| current.borrow().as_ref()?.cancellation.clone());
    current.ok().flatten()
}

/// When the present stage has to be over. Work outside of an attempt has no time at all: nothing would bound it.
pub(super) fn limit() -> Instant {
    let limit = CURRENT.try_with(|current| current.borrow().as_ref().map(Attempt::limit));
    limit.ok().flatten().unwrap_or_else(Instant::now)
}

/// A thread whose locals are gone already has no attempt.
fn update<T>(change: impl FnOnce(&mut Attempt) -> T) {
    let _ = CURRENT.try_with(|current| current.borrow_mut().as_mut().map(change));
}
