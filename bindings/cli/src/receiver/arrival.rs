//! One push that came in and waits for its answer.

use std::time::SystemTime;

use hyper::HeaderMap;
use hyper::body::Bytes;
use tokio::sync::oneshot;
use voicecall_core::Error;
use voicecall_core::webhook::{Event, Received, Reply, Verdict};

/// A push. Dropped without an answer, it is answered "send it again".
pub(crate) struct Arrival {
    pub(crate) at: SystemTime,
    /// Path and query of the request.
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    /// As it came, but never longer than what the library reads and one byte.
    pub(crate) body: Bytes,
    pub(crate) event: Result<Event, Error>,
    pub(crate) verdict: Verdict,
    usual: Reply,
    answer: oneshot::Sender<Reply>,
}

impl Arrival {
    pub(super) fn new(
        path: String,
        headers: HeaderMap,
        body: Bytes,
        received: Received,
        answer: oneshot::Sender<Reply>,
    ) -> Arrival {
        Arrival {
            at: SystemTime::now(),
            path,
            headers,
            body,
            event: received.event,
            verdict: received.verdict,
            usual: received.reply,
            answer,
        }
    }

    /// Sends the answer that the library names: the event is shown or stored, or was refused.
    pub(crate) fn answer(self) {
        // Whoever pushed may be gone; it then sends the event again.
        let _ = self.answer.send(self.usual);
    }
}
