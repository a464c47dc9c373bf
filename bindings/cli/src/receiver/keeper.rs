//! Where the receiver puts what comes: into a store, or into the hands of another part of this program.

use std::net::SocketAddr;
use std::sync::mpsc;

use hyper::HeaderMap;
use voicecall_core::intake::{Intake, Receipt};
use voicecall_core::webhook::{Cdr, Event, MAX_BYTES, Received, Reply, Verdict, Webhook};
use voicecall_core::{Error, ErrorKind};

use crate::server::Gathered;

/// A push whose body is complete.
pub(crate) struct Push {
    pub(crate) peer: SocketAddr,
    /// Path and query of the request.
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    /// Unchanged, but never longer than what the library reads and one byte.
    pub(crate) body: Gathered,
}

impl Push {
    fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let headers = self.headers.iter();
        headers.map(|(name, value)| (name.as_str(), value.as_bytes()))
    }

    /// The reply, if the body is not too long. Of one that is the beginning is kept for people to look at, and the rest is
    /// not: the platform shall keep it, however often it comes.
    fn fit_to_length(&self, mut reply: Reply) -> Reply {
        // Not what tells of a signature or of the store.
        if matches!(reply.status, 200 | 400) && self.body.bytes.len() > MAX_BYTES {
            reply = Reply::malformed();
            reply.status = 413;
        }
        reply
    }
}

/// Keeps pushes.
pub(crate) enum Keeper {
    Store(Intake),
    /// The reader at the other end keeps the events, prints them, or asks for them again.
    Hand(Box<Webhook>, mpsc::Sender<Arrival>),
}

/// What became of a push.
pub(crate) struct Kept {
    pub(crate) event: Result<Event, Error>,
    pub(crate) verdict: Verdict,
    pub(crate) reply: Reply,
    pub(crate) new: usize,
    pub(crate) known: usize,
    pub(crate) contradicting: usize,
    pub(crate) unreadable: usize,
    pub(crate) new_cdrs: usize,
    /// The push, where the store could not write it.
    pub(crate) failed: Option<Push>,
}

impl Keeper {
    /// Gives the reply when the push is kept. Blocks until then. `None`: nobody took it.
    pub(super) fn keep(&self, push: Push) -> Option<Kept> {
        match self {
            Keeper::Store(intake) => {
                let receipt = intake.receive(push.headers(), &push.body.bytes);
                Some(Kept::stored(receipt, push))
            }
            Keeper::Hand(webhook, arrivals) => {
                let received = webhook.receive(push.headers(), &push.body.bytes);
                let (answer, answered) = mpsc::sync_channel(1);
                let arrival = Arrival { push, received, answer };
                arrivals.send(arrival).ok()?;
                answered.recv().ok()
            }
        }
    }
}

impl Kept {
    fn stored(receipt: Receipt, push: Push) -> Kept {
        let reply = push.fit_to_length(receipt.reply);
        let failed = matches!(&receipt.event, Err(error) if error.kind() == ErrorKind::Storage);
        Kept {
            failed: failed.then_some(push),
            new: receipt.accepted,
            known: receipt.duplicates - receipt.conflicts,
            contradicting: receipt.conflicts,
            unreadable: receipt.rejected,
            new_cdrs: receipt.new_cdrs().count(),
            reply,
            verdict: receipt.verdict,
            event: receipt.event,
        }
    }
}

/// A push that waits for its answer. Dropped without one, it is answered "send it again".
pub(crate) struct Arrival {
    pub(crate) push: Push,
    received: Received,
    answer: mpsc::SyncSender<Kept>,
}

impl Arrival {
    pub(crate) fn event(&self) -> Result<&Event, &Error> {
        self.received.event.as_ref()
    }

    pub(crate) fn verdict(&self) -> &Verdict {
        &self.received.verdict
    }

    /// The CDRs in it.
    fn cdrs(&self) -> &[Cdr] {
        match &self.received.event {
            Ok(Event::Fee(event)) => event.cdrs(),
            _ => &[],
        }
    }

    /// Sends the answer that the library names: the event is shown or stored, or was refused. `known` says of each of its
    /// parts, CDRs first, whether it has been here before.
    pub(crate) fn answer(self, known: &[bool]) {
        let count = known.iter().filter(|known| **known).count();
        let cdrs = known.iter().take(self.cdrs().len());
        let kept = Kept {
            new: known.len() - count,
            known: count,
            contradicting: 0,
            unreadable: usize::from(self.received.event.is_err()),
            new_cdrs: cdrs.filter(|known| !**known).count(),
            failed: None,
            event: self.received.event,
            verdict: self.received.verdict,
            reply: self.push.fit_to_length(self.received.reply),
        };
        let _ = self.answer.send(kept);
    }
}
