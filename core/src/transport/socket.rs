//! A TCP connection that keeps to the attempt's time and ends when the transport is closed.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use socket2::{Domain, Protocol, SockRef, TcpKeepalive, Type};

use super::attempt;
use super::interruption::{Closed, Interruption};
use super::link::Stream;

/// A connection attempt looks this often whether the transport was closed meanwhile: not every system lets another
/// thread end one.
const CLOSING_NOTICED_WITHIN: Duration = Duration::from_millis(50);
/// Idle connections are asked for signs of life: what a firewall forgot is then found dead before a call is put on it.
const KEEPALIVE: TcpKeepalive = TcpKeepalive::new()
    .with_time(Duration::from_secs(45))
    .with_interval(Duration::from_secs(10));

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
        let limit = attempt::limit();
        let mut failure = Interruption::Failed(ErrorKind::AddrNotAvailable.into());
        for (index, address) in addresses.iter().enumerate() {
            let others = addresses.len() - index - 1;
            match connect_one(address, share_of(limit, others), closed, &opened) {
                Ok(stream) => {
                    return Ok(Socket {
                        stream,
                        closed: Arc::clone(closed),
                        read_timeout: None,
                        write_timeout: None,
                    });
                }
                Err(Interruption::Closed) => return Err(Interruption::Closed.into()),
                Err(other) => failure = other,
            }
        }
        Err(failure.into())
    }

    /// The time left for the present stage, as the time-out of one system call.
    fn time_left(&self) -> Result<Duration, Interruption> {
        if self.closed.load(Ordering::Acquire) {
            return Err(Interruption::Closed);
        }
        let left = attempt::limit().saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Interruption::TimedOut);
        }
        Ok(step(left))
    }

    /// What a system call's failure means; `None` when it is to be tried again.
    fn interruption(&self, error: io::Error) -> Option<Interruption> {
        if self.closed.load(Ordering::Acquire) {
            Some(Interruption::Closed)
        } else if error.kind() == ErrorKind::Interrupted || is_expiry(&error) {
            None
        } else {
            Some(Interruption::Failed(error))
        }
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let timeout = Some(self.time_left()?);
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

fn connect_one(
    address: &SocketAddr,
    limit: Instant,
    closed: &Closed,
    opened: impl Fn(&Arc<TcpStream>) -> io::Result<()>,
) -> Result<Arc<TcpStream>, Interruption> {
    let stream = open(address).map_err(Interruption::Failed)?;
    opened(&stream).map_err(Interruption::Failed)?;
    match SockRef::from(&*stream).connect(&(*address).into()) {
        Err(error) if !is_under_way(&error) => return Err(Interruption::Failed(error)),
        _ => await_connection(&stream, limit, closed)?,
    }
    stream.set_nonblocking(false).map_err(Interruption::Failed)?;
    Ok(stream)
}

/// A socket that does not block, is not inherited by child processes, and raises no SIGPIPE.
fn open(address: &SocketAddr) -> io::Result<Arc<TcpStream>> {
    let socket = socket2::Socket::new(Domain::for_address(*address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    socket.set_tcp_nodelay(true)?;
    socket.set_tcp_keepalive(&KEEPALIVE)?;
    Ok(Arc::new(socket.into()))
}

fn await_connection(stream: &TcpStream, limit: Instant, closed: &Closed) -> Result<(), Interruption> {
    loop {
        if closed.load(Ordering::Acquire) {
            return Err(Interruption::Closed);
        }
        let left = limit.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Interruption::TimedOut);
        }
        let pause = Timespec::try_from(left.min(CLOSING_NOTICED_WITHIN)).unwrap_or_default();
        let mut writable = [PollFd::new(stream, PollFlags::OUT)];
        let ready = match poll(&mut writable, Some(&pause)) {
            Ok(ready) => ready > 0,
            Err(Errno::INTR) => false,
            Err(error) => return Err(Interruption::Failed(error.into())),
        };
        // Looked at each time: some systems do not report a refusal as readiness.
        match stream.take_error() {
            Ok(None) if ready && stream.peer_addr().is_ok() => return Ok(()),
            Ok(None) => {}
            Ok(Some(error)) | Err(error) => return Err(Interruption::Failed(error)),
        }
    }
}

/// The limit for one of several addresses: half of what is left, the last one all of it.
fn share_of(limit: Instant, others: usize) -> Instant {
    if others == 0 {
        return limit;
    }
    let now = Instant::now();
    now + limit.saturating_duration_since(now) / 2
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

fn is_under_way(error: &io::Error) -> bool {
    matches!(
        Errno::from_io_error(error),
        Some(Errno::INPROGRESS | Errno::WOULDBLOCK | Errno::INTR)
    )
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

    #[test]
    fn several_addresses_share_the_time() {
        let now = Instant::now();
        let limit = now + Duration::from_secs(8);
        assert_eq!(share_of(limit, 0), limit);
        let first = share_of(limit, 3) - now;
        assert!(
            first > Duration::from_secs(3) && first < Duration::from_secs(5),
            "{first:?}"
        );
    }
}
