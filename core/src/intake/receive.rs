//! From a push to a reply: checked, written, and only then answered.

use std::sync::atomic::Ordering;
use std::time::SystemTime;

use super::entry::{Arrival, Batch};
use super::numbers::Numbers;
use super::receipt::Receipt;
use super::rejected::{RejectedClass, RejectedRow};
use super::store::Store;
use super::write::Written;
use super::{Intake, isolate, milliseconds};
use crate::clock::unix_seconds;
use crate::error::{Delivery, Error, ErrorKind};
use crate::webhook::{Event, Received, Reply, Verdict, parse};

/// What could not be stored comes again.
const NOT_STORED: Reply = Reply {
    status: 500,
    ..Reply::retry()
};

/// A body that cannot be read gets 200, not the usual 400: its raw copy is safe, and the same bytes would not get better
/// by coming back every hour.
const SET_ASIDE: Reply = Reply {
    status: 200,
    body: "",
    ..Reply::malformed()
};

impl Intake {
    /// Reads, checks and stores a push, and only then gives the reply to send. Give it the headers of the HTTP request, in
    /// any letter case, and the raw body. Blocks until the store has written; where it cannot be reached, until its time-out,
    /// and as long again when others were waiting for it before.
    ///
    /// Pushes that arrive on other threads meanwhile are written together: what costs is the wait for the disk.
    pub fn receive<N, V>(&self, headers: impl IntoIterator<Item = (N, V)>, body: &[u8]) -> Receipt
    where
        N: AsRef<str>,
        V: AsRef<[u8]>,
    {
        self.receive_at(headers, body, SystemTime::now())
    }

    /// The same at a given time.
    pub fn receive_at<N, V>(&self, headers: impl IntoIterator<Item = (N, V)>, body: &[u8], now: SystemTime) -> Receipt
    where
        N: AsRef<str>,
        V: AsRef<[u8]>,
    {
        let seconds = unix_seconds(now).unwrap_or_default();
        let Received {
            event, verdict, reply, ..
        } = self.shared.webhook.receive_at(headers, body, seconds);
        let arrival = Arrival {
            received_at: milliseconds(now),
            verdict: verdict.id(),
        };
        match event {
            Ok(event) => self.take(event, verdict, arrival),
            Err(error) => self.set_aside(error, verdict, reply, body, arrival),
        }
    }

    /// Writes a push that can be read.
    fn take(&self, event: Event, verdict: Verdict, arrival: Arrival) -> Receipt {
        let batch = match &self.shared.numbers {
            Numbers::Plain => Ok(Batch::of_event(&event, arrival)),
            // What is stored is made of the text without numbers, as if it had come so.
            hidden => parse(hidden.in_json(event.raw()).as_bytes()).map(|event| Batch::of_event(&event, arrival)),
        };
        match batch.and_then(|batch| self.write(batch)) {
            Ok(written) => Receipt::written(event, verdict, written),
            Err(error) => Receipt::failed(NOT_STORED, verdict, error, 0),
        }
    }

    /// Keeps a body that was refused, or that is no push.
    fn set_aside(&self, error: Error, verdict: Verdict, reply: Reply, body: &[u8], arrival: Arrival) -> Receipt {
        let refused = !verdict.is_accepted();
        let class = if refused {
            RejectedClass::Refused
        } else {
            RejectedClass::Malformed
        };
        let raw = self.shared.numbers.in_bytes(body);
        let row = RejectedRow::of_body(class, &error, &raw, body.len(), arrival);
        match self.write(Batch {
            rejected: vec![row],
            ..Batch::default()
        }) {
            // Whether or not the store could write: somebody who is refused learns nothing of it.
            _ if refused => Receipt::failed(reply, verdict, error, 1),
            Ok(_) => Receipt::failed(SET_ASIDE, verdict, error, 1),
            Err(failure) => Receipt::failed(NOT_STORED, verdict, failure, 1),
        }
    }

    /// Writes a message, together with those of other threads.
    pub(super) fn write(&self, batch: Batch) -> Result<Written, Error> {
        let store = self.store()?;
        let outcome = self
            .shared
            .group
            .submit(batch, |batches| self.write_group(store, batches));
        let lost = || {
            Error::new(
                ErrorKind::Internal,
                Delivery::NotSent,
                "the thread that wrote the store panicked",
            )
        };
        // The batch comes back to be freed here: what one thread frees of another makes both wait for the allocator.
        outcome.map_or_else(|| Err(lost()), |(_, written)| written)
    }

    /// Writes messages, and tells who waits for their calls.
    fn write_group(&self, store: &dyn Store, mut batches: Vec<Batch>) -> Vec<(Batch, Result<Written, Error>)> {
        let written = isolate::write(store, &mut batches, self.shared.bounds);
        let failed = batches.iter().zip(&written).filter(|(_, written)| written.is_err());
        let bytes = failed.map(|(batch, _)| batch.bytes()).max().unwrap_or_default();
        self.shared.failed.store(bytes, Ordering::Relaxed);
        let stored = batches.iter().zip(&written).filter(|(_, written)| written.is_ok());
        let calls = stored.flat_map(|(batch, _)| &batch.calls);
        self.shared.watcher.ring(calls.map(|call| call.session_id.as_str()));
        batches.into_iter().zip(written).collect()
    }
}
