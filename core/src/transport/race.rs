//! The first of several addresses that accepts a connection (RFC 8305, "happy eyeballs"): an address that does not answer
//! costs a quarter of a second, not the whole time.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use socket2::{Domain, Protocol, SockRef, TcpKeepalive, Type};

use super::attempt;
use super::interruption::{Closed, Interruption};

/// After this time without an answer the next address is tried beside the earlier ones.
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);
/// How often it is looked whether the transport was closed: not every system lets another thread end a connection in the
/// making.
const CLOSING_NOTICED_WITHIN: Duration = Duration::from_millis(50);
/// Connections are asked for signs of life while an answer is awaited.
const KEEPALIVE: TcpKeepalive = TcpKeepalive::new()
    .with_time(Duration::from_secs(45))
    .with_interval(Duration::from_secs(10));

/// Addresses in the order in which they are tried: families take turns, beginning with that of the first.
pub(super) fn in_order(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let Some(first) = addresses.first().map(SocketAddr::is_ipv4) else {
        return addresses;
    };
    let count = addresses.len();
    let (preferred, other): (Vec<_>, Vec<_>) = addresses.into_iter().partition(|address| address.is_ipv4() == first);
    let (mut preferred, mut other) = (preferred.into_iter(), other.into_iter());
    let turns = (0..count).flat_map(|_| [preferred.next(), other.next()]);
    turns.flatten().collect()
}

/// A connection to one of `addresses`, in non-blocking mode. `opened` is told of each socket before it begins to connect.
pub(super) fn first(
    addresses: &[SocketAddr],
    limit: Instant,
    closed: &Closed,
    opened: impl Fn(&Arc<TcpStream>) -> io::Result<()>,
) -> Result<Arc<TcpStream>, Interruption> {
    let mut waiting = addresses.iter();
    let mut under_way: Vec<Arc<TcpStream>> = Vec::new();
    let mut failure: io::Error = ErrorKind::AddrNotAvailable.into();
    let mut next_begins = Instant::now();
    loop {
        let now = Instant::now();
        if closed.load(Ordering::Acquire) {
            return Err(Interruption::Closed);
        }
        attempt::notice()?;
        if now >= limit {
            return Err(Interruption::TimedOut);
        }
        if now >= next_begins || under_way.is_empty() {
            match waiting.next().map(|address| begin(address, &opened)) {
                Some(Ok(stream)) => under_way.push(stream),
                Some(Err(error)) => {
                    failure = error;
                    continue;
                }
                None if under_way.is_empty() => return Err(Interruption::Failed(failure)),
                None => {}
            }
            next_begins = now + ATTEMPT_DELAY;
        }
        let next = if waiting.len() > 0 {
            next_begins.min(limit)
        } else {
            limit
        };
        await_change(&under_way, next.saturating_duration_since(now))?;
        // Each is looked at: some systems do not report a refusal as readiness.
        let mut index = 0;
        while let Some(stream) = under_way.get(index) {
            match outcome(stream) {
                None => index += 1,
                Some(Ok(())) => return Ok(under_way.swap_remove(index)),
                Some(Err(error)) => {
                    under_way.remove(index);
                    failure = error;
                    next_begins = now;
                }
            }
        }
    }
}

fn begin(address: &SocketAddr, opened: impl Fn(&Arc<TcpStream>) -> io::Result<()>) -> io::Result<Arc<TcpStream>> {
    let stream = open(address)?;
    opened(&stream)?;
    match SockRef::from(&*stream).connect(&(*address).into()) {
        Err(error) if !is_under_way(&error) => Err(error),
        _ => Ok(stream),
    }
}

/// A socket that does not block, is not inherited by child processes, and raises no SIGPIPE.
fn open(address: &SocketAddr) -> io::Result<Arc<TcpStream>> {
    let socket = socket2::Socket::new(Domain::for_address(*address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    socket.set_tcp_nodelay(true)?;
    socket.set_tcp_keepalive(&KEEPALIVE)?;
    Ok(Arc::new(socket.into()))
}

/// Waits until one of the connections is there or failed.
fn await_change(under_way: &[Arc<TcpStream>], longest: Duration) -> Result<(), Interruption> {
    let pause = Timespec::try_from(longest.min(CLOSING_NOTICED_WITHIN)).unwrap_or_default();
    let mut writable: Vec<_> = under_way
        .iter()
        .map(|stream| PollFd::new(&**stream, PollFlags::OUT))
        .collect();
    match poll(&mut writable, Some(&pause)) {
        Ok(0) | Err(Errno::INTR) => attempt::check(),
        Ok(_) => Ok(()),
        Err(error) => Err(Interruption::Failed(error.into())),
    }
}

/// What became of a connection; `None` as long as it is in the making.
fn outcome(stream: &TcpStream) -> Option<io::Result<()>> {
    match stream.take_error() {
        Ok(None) => stream.peer_addr().is_ok().then_some(Ok(())),
        Ok(Some(error)) | Err(error) => Some(Err(error)),
    }
}

fn is_under_way(error: &io::Error) -> bool {
    matches!(
        Errno::from_io_error(error),
        Some(Errno::INPROGRESS | Errno::WOULDBLOCK | Errno::INTR)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_take_turns_beginning_with_the_first() {
        let addresses = |texts: &[&str]| {
            texts
                .iter()
                .map(|text| text.parse().unwrap())
                .collect::<Vec<SocketAddr>>()
        };
        let sorted = in_order(addresses(&[
            "[2001:db8::1]:1",
            "[2001:db8::2]:1",
            "[2001:db8::3]:1",
            "192.0.2.1:1",
        ]));
        assert_eq!(
            sorted,
            addresses(&["[2001:db8::1]:1", "192.0.2.1:1", "[2001:db8::2]:1", "[2001:db8::3]:1"])
        );
        assert!(in_order(Vec::new()).is_empty());
    }
}
