//! A TCP connection that keeps to the attempt's time and ends when the transport is closed.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::interruption::{Closed, Interruption};
use super::link::Stream;
use super::{attempt, race};

#[derive(Debug)]
pub(super) struct Socket {
    stream: Arc<TcpStream>,
    closed: Closed,
    /// The time-outs that the system's socket has now.
    read_timeout: Option<Duration>,
    write_timeout: Option<Duration>,
}

impl Socket {
    /// Connects to the first address that accepts. `opened` is told of each socket before it begins to connect.
    pub(super) fn connect(
        addresses: &[SocketAddr],
        closed: &Closed,
        opened: impl Fn(&Arc<TcpStream>) -> io::Result<()>,
    ) -> io::Result<Socket> {
        let stream = race::first(addresses, attempt::limit(), closed, opened)?;
        stream.set_nonblocking(false).map_err(Interruption::Failed)?;
        Ok(Socket {
            stream,
            closed: Arc::clone(closed),
            read_timeout: None,
            write_timeout: None,
        })
    }

    /// The other side's address.
    pub(super) fn peer(&self) -> Option<IpAddr> {
        self.stream.peer_addr().ok().map(|address| address.ip())
    }

    /// The time left for the present stage, as the time-out of one system call.
    fn time_left(&self) -> Result<Duration, Interruption> {
        if self.closed.load(Ordering::Acquire) {
            return Err(Interruption::Closed);
        }
        attempt::notice()?;
        let left = attempt::limit().saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Interruption::TimedOut);
        }
        Ok(step(attempt::io_step(left)))
    }

    /// What a system call's failure means; `None` when it is to be tried again.
    fn interruption(&self, error: io::Error) -> Option<Interruption> {
        if self.closed.load(Ordering::Acquire) {
            Some(Interruption::Closed)
        } else if error.kind() == ErrorKind::Interrupted || is_expiry(&error) {
            attempt::check().err()
        } else {
            Some(Interruption::Failed(error))
        }
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let timeout = match self.time_left() {
                // A process that was stopped past its deadline may find the answer already there.
                Err(Interruption::TimedOut) if !self.is_quiet() && attempt::looks_once_more() => self.read_timeout,
                time => Some(time?),
            };
            if timeout != self.read_timeout {
                tolerate(self.stream.set_read_timeout(timeout))?;
                self.read_timeout = timeout;
            }
            match (&*self.stream).read(buffer) {
                // Closing shuts the socket down, which looks like the other side's end.
                Ok(0) if self.closed.load(Ordering::Acquire) => return Err(Interruption::Closed.into()),
                Ok(amount) => return Ok(amount),
                Err(error) => {
                    if let Some(interruption) = self.interruption(error) {
                        return Err(interruption.into());
                    }
                }
            }
        }
    }
}

/// Without `write_vectored` on purpose: the standard library's raises SIGPIPE, which ends a host process that is not
/// written in Rust.
impl Write for Socket {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        attempt::on_line(&self.stream);
        loop {
            let timeout = Some(self.time_left()?);
            if timeout != self.write_timeout {
                tolerate(self.stream.set_write_timeout(timeout))?;
                self.write_timeout = timeout;
            }
            match (&*self.stream).write(buffer) {
                Ok(amount) => return Ok(amount),
                Err(error) => {
                    if let Some(interruption) = self.interruption(error) {
                        return Err(interruption.into());
                    }
                }
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Stream for Socket {
    /// One system call: an idle connection has nothing to read, neither bytes nor an end nor an error.
    fn is_quiet(&mut self) -> bool {
        let mut readable = [PollFd::new(&*self.stream, PollFlags::IN)];
        matches!(poll(&mut readable, Some(&Timespec::default())), Ok(0))
    }
}

/// A time-out not longer than `left` that stays the same for most I/O, so that it need not be set again each time: the
/// power of two below it. A wait that outlives it goes on with the next one.
fn step(left: Duration) -> Duration {
    if cfg!(windows) {
        // Windows does not promise that a socket is usable after an expired time-out.
        return left;
    }
    let milliseconds = u64::try_from(left.as_millis()).unwrap_or(u64::MAX).max(1);
    Duration::from_millis(1 << milliseconds.ilog2())
}

/// Whether the socket's own time-out expired, as each system says it. On Unix `TimedOut` is something else: the network
/// gave the connection up.
fn is_expiry(error: &io::Error) -> bool {
    let expiry = if cfg!(windows) {
        ErrorKind::TimedOut
    } else {
        ErrorKind::WouldBlock
    };
    error.kind() == expiry
}

/// macOS refuses to set time-outs on a connection that the other side has reset; reading or writing will tell.
fn tolerate(set: io::Result<()>) -> io::Result<()> {
    match set {
        Err(error) if error.kind() != ErrorKind::InvalidInput => Err(Interruption::Failed(error).into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(not(windows))]
    fn time_outs_of_calls_in_a_row_are_alike() {
        let milliseconds = |left| step(Duration::from_micros(left)).as_millis();
        assert_eq!(milliseconds(30_000_000), 16_384);
        assert_eq!(milliseconds(29_000_000), 16_384);
        assert_eq!(milliseconds(1_999), 1);
        assert_eq!(milliseconds(1), 1, "zero would mean no time-out");
    }
}
