//! Connections that are not used again. The platform is to close them first, so that the port's waiting time is spent on
//! its side (contract requests.md 13.1). No call waits for that: they are looked at when the next one comes.

use std::io::{ErrorKind, Read};
use std::net::TcpStream;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long the platform is given to close.
const AWAITED: Duration = Duration::from_secs(2);

pub(super) struct Ending {
    awaited: Duration,
    lines: Mutex<Vec<(TcpStream, Instant)>>,
}

impl Ending {
    pub(super) fn new() -> Ending {
        Ending::after(AWAITED)
    }

    fn after(awaited: Duration) -> Ending {
        Ending {
            awaited,
            lines: Mutex::default(),
        }
    }

    /// Keeps a connection until the other side has closed it, and lets go of earlier ones whose time has come.
    pub(super) fn keep(&self, line: TcpStream) {
        let now = Instant::now();
        let mut lines = self.lines();
        lines.retain(|(line, since)| now.saturating_duration_since(*since) < self.awaited && !has_ended(line));
        if line.set_nonblocking(true).is_ok() && !has_ended(&line) {
            lines.push((line, now));
        }
    }

    /// Lets go of all.
    pub(super) fn clear(&self) {
        self.lines().clear();
    }

    /// Panics happen in no code that holds this lock.
    fn lines(&self) -> MutexGuard<'_, Vec<(TcpStream, Instant)>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the other side has closed. What still came, the end of a TLS session, is of no use; unread, it would make this
/// side's closing a reset.
fn has_ended(mut line: &TcpStream) -> bool {
    let mut rest = [0; 1024];
    loop {
        match line.read(&mut rest) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return error.kind() != ErrorKind::WouldBlock,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn pair(listener: &TcpListener) -> (TcpStream, TcpStream) {
        let ours = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (ours, listener.accept().unwrap().0)
    }

    #[test]
    fn a_connection_is_kept_until_the_other_side_closes_it_or_its_time_is_over() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        for (awaited, expected) in [(Duration::from_secs(60), 2), (Duration::ZERO, 1)] {
            let ending = Ending::after(awaited);
            let (first, _there) = pair(&listener);
            let (second, _there_too) = pair(&listener);
            ending.keep(first);
            ending.keep(second);
            assert_eq!(ending.lines().len(), expected);
        }
    }

    #[test]
    fn a_connection_that_has_ended_is_not_kept() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (ours, theirs) = pair(&listener);
        drop(theirs);
        ours.peek(&mut [0]).unwrap();
        let ending = Ending::new();
        ending.keep(ours);
        assert!(ending.lines().is_empty());
    }
}
