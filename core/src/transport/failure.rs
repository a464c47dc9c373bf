//! Why an attempt failed, read from ureq's error and from what the attempt had reached.

use std::fmt;
use std::io;

use ureq::http::Uri;

use super::attempt::{Attempt, Stage};
use super::interruption::Interruption;
use super::tls;
use crate::error::{Delivery, Error, ErrorKind, Retry};

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The name has no address, or nobody could be asked for it.
    Resolve,
    /// The address leads into a private network.
    Forbidden,
    /// No connection: refused, unreachable, or the proxy did not open the tunnel.
    Connect,
    /// The proxy wants other credentials.
    ProxyAuthentication,
    /// TLS with this peer does not work: certificate, name, protocol. Also when its alert came after the request.
    Tls,
    /// The connection broke within the TLS handshake.
    TlsBrokenOff,
    /// The time for this stage was over.
    Timeout(Stage),
    /// The connection ended before the answer did.
    ConnectionLost,
    /// The answer's body is longer than allowed.
    BodyTooLarge,
    /// What came is not an HTTP answer.
    Protocol,
    /// The request cannot be written as HTTP.
    Request,
    /// The transport was closed.
    Closed,
    /// The call was cancelled.
    Cancelled,
}

/// Why an attempt gave no answer.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) cause: Cause,
    /// Whether the connection was given a byte of the request: if so, the platform may have it.
    pub(crate) handed_down: bool,
    /// English; names the peer and the system's reason. Never a header, a body, a query or a password.
    pub(crate) detail: String,
}

/// What is told of a call that was cancelled.
pub(crate) const CANCELLED: &str = "the call was cancelled";

impl Failure {
    pub(super) fn closed() -> Failure {
        Failure {
            cause: Cause::Closed,
            handed_down: false,
            detail: "the client is closed".to_owned(),
        }
    }

    pub(super) fn request(what: &dyn fmt::Display) -> Failure {
        Failure {
            cause: Cause::Request,
            handed_down: false,
            detail: format!("the request cannot be written: {what}"),
        }
    }

    /// The environment's proxy cannot be used.
    pub(super) fn no_proxy(why: &str) -> Failure {
        Failure {
            cause: Cause::Connect,
            handed_down: false,
            detail: why.to_owned(),
        }
    }

    /// The answer's body is longer than `limit` bytes.
    pub(super) fn body_too_large(limit: usize) -> Failure {
        Failure {
            cause: Cause::BodyTooLarge,
            handed_down: true,
            detail: format!("the answer is longer than {limit} bytes"),
        }
    }

    /// What ureq's `error` means in this `attempt` at `target`.
    pub(super) fn diagnose(error: ureq::Error, attempt: &Attempt, target: &Uri, closed: bool) -> Failure {
        let peer = Peer {
            uri: target,
            proxy: attempt.at_proxy,
        };
        let (cause, detail) = match error {
            _ if closed => (Cause::Closed, "the client was closed during the call".to_owned()),
            // Its connection was shut down, which looks like the other side's end.
            _ if attempt.is_cancelled() => (Cause::Cancelled, CANCELLED.to_owned()),
            ureq::Error::Io(error) => of_io(&error, attempt.stage, &peer),
            // ureq tells the status in its text alone.
            ureq::Error::ConnectProxyFailed(reason) if reason.contains("407") => (
                Cause::ProxyAuthentication,
                format!(
                    "no tunnel to {}: the proxy wants a user and a password, or others (HTTP 407)",
                    peer.target()
                ),
            ),
            ureq::Error::ConnectProxyFailed(reason) => {
                (Cause::Connect, format!("no tunnel to {}: {reason}", peer.target()))
            }
            _ if attempt.stage == Stage::Tunnel => (
                Cause::Connect,
                format!("no tunnel to {}: the proxy's answer is not HTTP", peer.target()),
            ),
            ureq::Error::LargeResponseHeader(..) => {
                (Cause::Protocol, format!("the head of the answer of {peer} is too long"))
            }
            // ureq's text may quote a header.
            _ if attempt.handed_down => (Cause::Protocol, format!("the answer of {peer} is not HTTP")),
            ureq::Error::Protocol(_) => (
                Cause::Request,
                "the request cannot be written: a line of its head is too long".to_owned(),
            ),
            _ => (Cause::Request, "the request cannot be written".to_owned()),
        };
        if cause == Cause::ConnectionLost
            && let Some(lease) = &attempt.lease
        {
            lease.lost();
        }
        Failure {
            cause,
            handed_down: attempt.handed_down,
            detail,
        }
    }

    /// What is told of a repetition: what may have arrived once stays unknown, and where there was no time left to send
    /// anything, the earlier reason is the one that helps.
    pub(crate) fn after(self, earlier: Option<Failure>) -> Failure {
        let Some(earlier) = earlier else {
            return self;
        };
        let handed_down = self.handed_down || earlier.handed_down;
        let told = match self.cause {
            Cause::Timeout(_) if !self.handed_down => earlier,
            _ => self,
        };
        Failure { handed_down, ..told }
    }

    /// Whether another attempt may fare better. Whether it is allowed is another question: see
    /// [`handed_down`](Failure::handed_down).
    pub(crate) fn may_pass(&self) -> bool {
        match self.cause {
            Cause::Resolve | Cause::Connect | Cause::TlsBrokenOff | Cause::Timeout(_) | Cause::ConnectionLost => true,
            Cause::Forbidden
            | Cause::ProxyAuthentication
            | Cause::Tls
            | Cause::BodyTooLarge
            | Cause::Protocol
            | Cause::Request
            | Cause::Closed
            | Cause::Cancelled => false,
        }
    }

    /// The error that the caller of the library sees. `closed`: the client was closed, which is then the reason,
    /// whatever else happened.
    pub(crate) fn into_error(self, closed: bool) -> Error {
        let kind = match self.cause {
            _ if closed => ErrorKind::Closed,
            Cause::Resolve | Cause::Connect | Cause::ProxyAuthentication => ErrorKind::Connect,
            Cause::Forbidden => ErrorKind::Configuration,
            Cause::Tls | Cause::TlsBrokenOff => ErrorKind::Tls,
            Cause::Timeout(_) => ErrorKind::Timeout,
            Cause::ConnectionLost => ErrorKind::ConnectionLost,
            Cause::BodyTooLarge | Cause::Protocol => ErrorKind::Protocol,
            Cause::Request => ErrorKind::Internal,
            Cause::Closed | Cause::Cancelled => ErrorKind::Closed,
        };
        let delivery = if self.handed_down {
            Delivery::Unknown
        } else {
            Delivery::NotSent
        };
        let error = Error::new(kind, delivery, self.detail);
        match self.cause {
            Cause::ProxyAuthentication => error.with_retry(Retry::AfterFix),
            _ => error,
        }
    }

    /// As an I/O error of the fitting kind, for those who read a body as a stream.
    pub(super) fn into_io(self) -> io::Error {
        let kind = match self.cause {
            Cause::Timeout(_) => io::ErrorKind::TimedOut,
            Cause::Closed | Cause::Cancelled => io::ErrorKind::NotConnected,
            Cause::ConnectionLost => io::ErrorKind::ConnectionReset,
            _ => io::ErrorKind::InvalidData,
        };
        io::Error::new(kind, self)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Failure {}

fn of_io(error: &io::Error, stage: Stage, peer: &Peer<'_>) -> (Cause, String) {
    match Interruption::within(error) {
        Some(Interruption::Closed) => return (Cause::Closed, "the client was closed during the call".to_owned()),
        Some(Interruption::Cancelled) => return (Cause::Cancelled, CANCELLED.to_owned()),
        Some(Interruption::TimedOut) => return (Cause::Timeout(stage), late(stage, peer)),
        Some(Interruption::Forbidden) => {
            let detail =
                format!("{peer} is in a private network, and the endpoint is not: it is not asked for a recording");
            return (Cause::Forbidden, detail);
        }
        Some(Interruption::Failed(error)) => return broken(error, stage, peer),
        None => {}
    }
    if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return (Cause::Tls, format!("TLS with {peer}: {}", tls::reason(error)));
    }
    if error.kind() == io::ErrorKind::InvalidData && stage == Stage::Read {
        return (Cause::Protocol, format!("the answer of {peer} is not HTTP"));
    }
    broken(error, stage, peer)
}

fn late(stage: Stage, peer: &Peer<'_>) -> String {
    match stage {
        Stage::Resolve => format!("no address of {peer} found in time"),
        Stage::Connect => format!("no connection to {peer} in time"),
        Stage::Tls => format!("the TLS handshake with {peer} did not end in time"),
        Stage::Tunnel => format!("{peer} opened no tunnel in time"),
        Stage::Write => format!("the request to {peer} could not be written in time"),
        Stage::Read => format!("no complete answer from {peer} in time"),
    }
}

fn broken(error: &io::Error, stage: Stage, peer: &Peer<'_>) -> (Cause, String) {
    let reason: &dyn fmt::Display = if error.kind() == io::ErrorKind::UnexpectedEof {
        &"closed by the other side"
    } else {
        error
    };
    match stage {
        Stage::Resolve => (Cause::Resolve, format!("no address of {peer}: {reason}")),
        Stage::Connect => (Cause::Connect, format!("no connection to {peer}: {reason}")),
        Stage::Tls => (Cause::TlsBrokenOff, format!("TLS handshake with {peer}: {reason}")),
        Stage::Tunnel => (Cause::Connect, format!("no tunnel through {peer}: {reason}")),
        Stage::Write => (
            Cause::ConnectionLost,
            format!("connection to {peer} lost while writing the request: {reason}"),
        ),
        Stage::Read => (
            Cause::ConnectionLost,
            format!("connection to {peer} lost before the answer was complete: {reason}"),
        ),
    }
}

/// The other side, as a text without user, path and query.
struct Peer<'a> {
    uri: &'a Uri,
    proxy: bool,
}

impl Peer<'_> {
    fn target(&self) -> String {
        let host = self.uri.host().unwrap_or_default();
        let default = if self.uri.scheme_str() == Some("https") {
            443
        } else {
            80
        };
        format!("{host}:{}", self.uri.port_u16().unwrap_or(default))
    }
}

impl fmt::Display for Peer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.proxy {
            f.write_str("the proxy")
        } else {
            f.write_str(&self.target())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cause, Failure, Stage};

    fn failed(cause: Cause, handed_down: bool) -> Failure {
        Failure {
            cause,
            handed_down,
            detail: String::new(),
        }
    }

    #[test]
    fn a_repetition_that_had_no_time_left_does_not_hide_the_reason() {
        let late = || failed(Cause::Timeout(Stage::Connect), false);
        let told = |last: Failure, earlier| {
            let told = last.after(earlier);
            (told.cause, told.handed_down)
        };
        let refused = || Some(failed(Cause::Connect, false));
        assert_eq!(told(late(), refused()), (Cause::Connect, false));
        assert_eq!(told(late(), None), (Cause::Timeout(Stage::Connect), false));
        let lost = Some(failed(Cause::ConnectionLost, true));
        assert_eq!(told(late(), lost), (Cause::ConnectionLost, true));
        let silent = failed(Cause::Timeout(Stage::Read), true);
        assert_eq!(told(silent, refused()), (Cause::Timeout(Stage::Read), true));
        let lost = Some(failed(Cause::ConnectionLost, true));
        assert_eq!(told(failed(Cause::Connect, false), lost), (Cause::Connect, true));
    }
}
