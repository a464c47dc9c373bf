//! What comes back: a whole answer, or an answer whose body is read piece by piece.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use ureq::BodyReader;
use ureq::http::header::LOCATION;
use ureq::http::{HeaderMap, Uri};

use super::attempt::Attempt;
use super::ending::Ending;
use super::failure::Failure;
use super::interruption::Closed;
use crate::url;

/// How much of an answer of unknown length is read at once.
const PIECE: usize = 4096;

/// A complete answer, whatever its status.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// An answer whose body is still to be read.
pub(crate) struct Streaming {
    pub(crate) status: u16,
    headers: HeaderMap,
    pub(crate) reader: Reader,
}

/// A body on its way. Its errors are [`Failure`]s inside of [`io::Error`]s.
pub(crate) struct Reader {
    pub(super) body: BodyReader<'static>,
    pub(super) attempt: Attempt,
    pub(super) target: Uri,
    pub(super) closed: Closed,
    pub(super) deadline: Instant,
    /// Longest time for one piece.
    pub(super) piece_timeout: Option<Duration>,
    /// Where the connection goes when it is not used again.
    pub(super) ending: Arc<Ending>,
}

impl Answer {
    /// The value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The address in `Location`: what is not ASCII is encoded.
    pub(crate) fn location(&self) -> Option<String> {
        Some(url::encoded(self.headers.get(LOCATION)?.as_bytes()))
    }
}

impl Streaming {
    pub(super) fn new(status: u16, headers: HeaderMap, reader: Reader) -> Streaming {
        Streaming {
            status,
            headers,
            reader,
        }
    }

    /// The value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Reads the whole body, of at most `limit` bytes.
    pub(super) fn complete(mut self, limit: usize) -> Result<Answer, Failure> {
        let announced = self.header("content-length").and_then(|length| length.parse().ok());
        if announced.is_some_and(|length: usize| length > limit) {
            return Err(Failure::body_too_large(limit));
        }
        let mut body = Vec::with_capacity(announced.map_or(0, |length| length + 1));
        // As much as is announced, and what is behind it is the end.
        let mut room = announced.unwrap_or(PIECE);
        loop {
            let start = body.len();
            body.resize(start + room.max(1), 0);
            let amount = self.reader.read_piece(body.get_mut(start..).unwrap_or_default())?;
            body.truncate(start + amount);
            if amount == 0 {
                break;
            }
            if body.len() > limit {
                return Err(Failure::body_too_large(limit));
            }
            room = announced.map_or(PIECE, |length| length.saturating_sub(body.len()));
        }
        Ok(Answer {
            status: self.status,
            headers: self.headers,
            body,
        })
    }
}

impl Reader {
    /// Reads at least a byte; 0 at the end of the body.
    pub(crate) fn read_piece(&mut self, piece: &mut [u8]) -> Result<usize, Failure> {
        if let Some(timeout) = self.piece_timeout {
            let limit = Instant::now().checked_add(timeout).unwrap_or(self.deadline);
            self.attempt.set_deadline(limit.min(self.deadline));
        }
        let body = &mut self.body;
        let amount = self.attempt.run(|| body.read(piece)).map_err(|error| {
            let closed = self.closed.load(Ordering::Acquire);
            Failure::diagnose(ureq::Error::from(error), &self.attempt, &self.target, closed)
        })?;
        if amount == 0 && !piece.is_empty() {
            self.let_go();
        }
        Ok(amount)
    }

    /// Whether nothing speaks against it that the end of a body without a length was its real end.
    pub(crate) fn ended_properly(&self) -> bool {
        self.attempt.ended_properly
    }

    /// The body is whole, and ureq has either kept the connection for later or let go of it. In the second case the
    /// attempt alone still holds it.
    fn let_go(&mut self) {
        if let Some(line) = self.attempt.line.take().and_then(Arc::into_inner) {
            self.ending.keep(line);
        }
    }
}

impl Read for Reader {
    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        self.read_piece(piece).map_err(Failure::into_io)
    }
}
