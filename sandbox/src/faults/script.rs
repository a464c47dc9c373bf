//! What a faulty connection carries: pieces of bytes with pauses before them, and how it ends. HTTP libraries refuse to
//! write most of it, so it is written past them.

use std::io;
use std::time::Duration;

use axum::body::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use super::{Details, FaultKind};

/// Into how many pieces a slow body is cut at most.
const PIECES: usize = 32;
/// Usual pause between them.
const PAUSE_MILLIS: u64 = 50;
/// Longest time for which a connection is held open in silence.
const LONGEST_SILENCE: Duration = Duration::from_secs(600);
/// What comes instead of HTTP.
const GARBAGE: &[u8] = b"\x00\xff\xfe VOICE? \x1b[0m\r\n\r\n{\"resultcode\":";

/// What is written to a connection.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Script {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) end: End,
}

/// Bytes, and the pause before them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) pause: Duration,
    pub(crate) bytes: Bytes,
}

/// How a connection ends after the last byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// In order: this side sends its FIN.
    Close,
    /// With a reset.
    Reset,
    /// Not, until the other side ends it.
    Hold,
    /// Not: the other side's answer is still to be read.
    Open,
}

/// An HTTP message in parts, so that each can be spoilt.
#[derive(Debug, Clone)]
pub(crate) struct Parts {
    /// Start line and headers with line ends, without `Content-Length` and the empty line.
    pub(crate) head: String,
    pub(crate) body: Bytes,
}

impl Parts {
    fn head(&self, length: i64) -> Bytes {
        format!("{}Content-Length: {}\r\n\r\n", self.head, length.max(0)).into()
    }

    fn length(&self) -> i64 {
        i64::try_from(self.body.len()).unwrap_or(i64::MAX)
    }
}

impl Script {
    /// Nothing but this end.
    pub(crate) fn only(end: End) -> Script {
        Script {
            pieces: Vec::new(),
            end,
        }
    }

    /// These bytes and an end.
    pub(crate) fn bytes(bytes: &'static [u8], end: End) -> Script {
        let bytes = Bytes::from_static(bytes);
        Script::at_once(vec![bytes], end)
    }

    /// The message as it is, and an end.
    pub(crate) fn whole(message: &Parts, end: End) -> Script {
        Script::at_once(vec![message.head(message.length()), message.body.clone()], end)
    }

    fn at_once(pieces: Vec<Bytes>, end: End) -> Script {
        let pause = Duration::ZERO;
        Script {
            pieces: pieces.into_iter().map(|bytes| Piece { pause, bytes }).collect(),
            end,
        }
    }

    /// How this kind of fault writes the message; `None`: not by what is written.
    pub(crate) fn of(kind: FaultKind, details: &Details, message: &Parts, end: End) -> Option<Script> {
        let (body, length) = (&message.body, message.length());
        Some(match kind {
            FaultKind::SlowBody => {
                let pause = Duration::from_millis(details.millis.unwrap_or(PAUSE_MILLIS));
                let mut script = Script::at_once(vec![message.head(length)], end);
                let size = body.len().div_ceil(PIECES).max(1);
                script.pieces.extend(body.chunks(size).map(|piece| Piece {
                    pause,
                    bytes: body.slice_ref(piece),
                }));
                script
            }
            FaultKind::TruncatedBody => {
                Script::at_once(vec![message.head(length), body.slice(..body.len() / 2)], End::Close)
            }
            FaultKind::Garbage => Script::at_once(vec![Bytes::from_static(GARBAGE)], End::Close),
            FaultKind::SilentClose => {
                let pause = Duration::from_millis(details.millis.unwrap_or(0));
                let mut script = Script::whole(message, End::Close);
                let bytes = Bytes::new();
                script.pieces.push(Piece { pause, bytes });
                script
            }
            FaultKind::WrongContentLength => {
                let wrong = length.saturating_add(details.bytes.unwrap_or(-1));
                Script::at_once(vec![message.head(wrong), body.clone()], end)
            }
            _ => return None,
        })
    }

    /// Writes it. What the other side does meanwhile is its own affair.
    pub(crate) async fn play<S>(&self, stream: &mut S) -> io::Result<()>
    where
        S: AsyncRead + AsyncWrite + Reset + Unpin,
    {
        for piece in &self.pieces {
            if !piece.pause.is_zero() {
                stream.flush().await?;
                tokio::time::sleep(piece.pause).await;
            }
            stream.write_all(&piece.bytes).await?;
        }
        stream.flush().await?;
        match self.end {
            End::Close => stream.shutdown().await,
            End::Reset => stream.reset(),
            End::Hold => {
                let mut nothing = tokio::io::sink();
                let closed = tokio::io::copy(stream, &mut nothing);
                tokio::time::timeout(LONGEST_SILENCE, closed).await?.map(drop)
            }
            End::Open => Ok(()),
        }
    }
}

/// A stream whose connection can be made to end with a reset when it is dropped.
pub(crate) trait Reset {
    fn reset(&mut self) -> io::Result<()>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(kind: FaultKind, details: &Details) -> Script {
        let message = Parts {
            head: "HTTP/1.1 200 OK\r\n".to_owned(),
            body: Bytes::from_static(b"0123456789"),
        };
        Script::of(kind, details, &message, End::Close).unwrap()
    }

    fn written(script: &Script) -> String {
        let bytes: Vec<u8> = script.pieces.iter().flat_map(|piece| piece.bytes.to_vec()).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[test]
    fn each_kind_spoils_its_part() {
        let details = Details::default();
        assert_eq!(
            written(&script(FaultKind::TruncatedBody, &details)),
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234"
        );
        assert_eq!(
            written(&script(FaultKind::WrongContentLength, &details)),
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n0123456789"
        );
        assert!(!written(&script(FaultKind::Garbage, &details)).starts_with("HTTP/"));
    }

    #[test]
    fn a_slow_body_is_whole_and_takes_its_time() {
        let details = Details {
            millis: Some(7),
            ..Details::default()
        };
        let slow = script(FaultKind::SlowBody, &details);
        assert!(written(&slow).ends_with("Content-Length: 10\r\n\r\n0123456789"));
        let pauses = slow
            .pieces
            .iter()
            .filter(|piece| piece.pause == Duration::from_millis(7));
        assert_eq!(pauses.count(), 10);
    }
}
