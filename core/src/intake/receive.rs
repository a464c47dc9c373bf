//! From a push to a reply: checked, written, and only then answered.

use std::sync::atomic::Ordering;
use std::time::SystemTime;

use super::entry::{Arrival, Batch};
use super::nonce::{Claim, Known};
use super::receipt::Receipt;
use super::rejected::{RejectedClass, RejectedRow};
use super::store::Store;
use super::write::Written;
use super::{Intake, isolate, milliseconds};
use crate::clock::unix_seconds;
use crate::error::{Delivery, Error, ErrorKind};
use crate::webhook::{Event, Received, Reply, Verdict};

/// What could not be stored comes again.
const NOT_STORED: Reply = Reply {
    status: 500,
    ..Reply::retry()
};

/// A body that cannot be read and comes a second time, byte for byte: its raw copy is safe, and nothing on the way has
/// damaged it. It would come five times more, an hour apart, for nothing.
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
        let mut examined = self.shared.webhook.examine(headers, body, seconds);
        let mut arrival = Arrival {
            received_at: milliseconds(now),
            verdict: examined.verdict.id(),
        };
        let batch = match &examined.event {
            Ok(event) if examined.verdict.is_accepted() => self.rows(event, body, arrival),
            _ => return self.not_taken(examined.judged(), body, arrival),
        };
        let mut batch = match batch {
            Ok(batch) => batch,
            Err(error) => return self.set_aside(error, examined.verdict, Reply::malformed(), body, arrival),
        };
        let claim = |nonce| Claim::new(nonce, body, seconds, examined.claims_nonce());
        batch.claim = examined.nonce.as_ref().map(claim);
        let written = match self.write(batch) {
            Ok(written) => written,
            Err(error) => return Receipt::failed(NOT_STORED, examined.verdict, error, 0),
        };
        match written.nonce {
            Known::SameBody => examined.mark_repeated(),
            // What is stored already is so whatever it comes with.
            Known::OtherBody if written.records.is_empty() => {
                examined.refuse_replay();
                arrival.verdict = examined.verdict.id();
            }
            Known::OtherBody | Known::New => {}
        }
        match examined.judged() {
            Received {
                event: Ok(event),
                verdict,
                reply,
            } => Receipt::written(event, reply, verdict, written.records),
            refused => self.not_taken(refused, body, arrival),
        }
    }

    /// Keeps what was refused, or is no push.
    fn not_taken(&self, received: Received, body: &[u8], arrival: Arrival) -> Receipt {
        let Received { event, verdict, reply } = received;
        match event {
            // Nothing came that could be kept.
            Err(error) if body.trim_ascii().is_empty() => Receipt::failed(reply, verdict, error, 0),
            Err(error) => self.set_aside(error, verdict, reply, body, arrival),
            Ok(event) => Receipt::written(event, reply, verdict, Vec::new()),
        }
    }

    /// What a push that can be read adds to the store.
    fn rows(&self, event: &Event, body: &[u8], arrival: Arrival) -> Result<Batch, Error> {
        let numbers = &self.shared.numbers;
        let mut batch = Batch::of_event(event, arrival, numbers)?;
        if matches!(event, Event::Fee(event) if event.is_incomplete()) {
            // All that came, in the place of its last record alone.
            let what = (None, "the body ends too early");
            batch.rejected = vec![RejectedRow::of_body(
                RejectedClass::Malformed,
                what,
                body,
                arrival,
                numbers,
            )];
        }
        Ok(batch)
    }

    /// Keeps a body that was refused, or that is no push.
    fn set_aside(&self, error: Error, verdict: Verdict, reply: Reply, body: &[u8], arrival: Arrival) -> Receipt {
        let refused = !verdict.is_accepted();
        let class = if refused {
            RejectedClass::Refused
        } else {
            RejectedClass::Malformed
        };
        let what = (error.field(), error.message());
        let row = RejectedRow::of_body(class, what, body, arrival, &self.shared.numbers);
        let is_whole = row.is_whole();
        match self.write(Batch {
            rejected: vec![row],
            ..Batch::default()
        }) {
            // Whether or not the store could write: somebody who is refused learns nothing of it.
            _ if refused => Receipt::failed(reply, verdict, error, 1),
            // What ends too early is worth more when it comes whole, however often it takes.
            Ok(written) if written.set_aside_before && is_whole && reply != Reply::cut() => {
                Receipt::failed(SET_ASIDE, verdict, error, 1)
            }
            Ok(_) => Receipt::failed(reply, verdict, error, 1),
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
