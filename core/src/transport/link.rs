//! A connection to the target: plain or TLS, direct or through a tunnel. Holds output back until an answer is awaited,
//! so that a request is one write, and tells the attempt before a byte of a request leaves.

use std::fmt;
use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use super::attempt::{self, Stage};
use super::buffers::Buffers;
use super::interruption::{Closed, Interruption};
use super::reuse::Lease;

/// Bytes both ways.
pub(super) trait Stream: Read + Write + fmt::Debug + Send + Sync {
    /// Whether nothing has arrived since the last answer, neither bytes nor an end nor an error. Does not wait.
    fn is_quiet(&mut self) -> bool;
}

/// What a link carries.
#[derive(Debug)]
pub(super) enum Cargo {
    /// Requests to the target, as long as the lease allows.
    Requests(Arc<Lease>),
    /// The way to the proxy: the order to open a tunnel, and then the tunnel.
    Tunnel,
}

pub(super) struct Link {
    stream: Box<dyn Stream>,
    pub(super) buffers: Buffers,
    cargo: Cargo,
    tls: bool,
    closed: Closed,
    /// Since when nothing was read or written, once an answer was complete.
    idle: Option<Instant>,
}

impl Link {
    pub(super) fn new(stream: Box<dyn Stream>, cargo: Cargo, tls: bool, closed: Closed, longest_input: usize) -> Link {
        Link {
            stream,
            buffers: Buffers::new(longest_input),
            cargo,
            tls,
            closed,
            idle: None,
        }
    }

    pub(super) fn is_tls(&self) -> bool {
        self.tls
    }

    /// Takes `amount` bytes of the output room; sends them only when much is held.
    pub(super) fn transmit(&mut self, amount: usize) -> io::Result<()> {
        self.idle = None;
        if self.buffers.hold(amount) {
            self.flush()
        } else {
            Ok(())
        }
    }

    /// Sends what is held and reads at least a byte; `false` at the end of the stream.
    pub(super) fn receive(&mut self) -> io::Result<bool> {
        self.idle = None;
        self.flush()?;
        if let Cargo::Requests(_) = self.cargo {
            attempt::enter(Stage::Read);
        }
        let room = self.buffers.input_room();
        if room.is_empty() {
            // Nothing of it could be used, so more of it would not help.
            return Err(io::ErrorKind::InvalidData.into());
        }
        let amount = self.stream.read(room)?;
        self.buffers.keep(amount);
        Ok(amount > 0)
    }

    /// Whether the link can take a request. Asked twice per call: when it goes idle, which costs nothing since it has
    /// just worked, and before it is used again, which looks at the connection.
    pub(super) fn is_open(&mut self) -> bool {
        let Cargo::Requests(lease) = &self.cargo else {
            return self.stream.is_quiet();
        };
        match self.idle {
            None => {
                self.idle = Some(Instant::now());
                self.buffers.shrink();
                attempt::leave_line();
                lease.may_be_kept()
            }
            Some(since) => lease.may_be_used(since.elapsed(), || self.stream.is_quiet()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffers.held().is_empty() {
            return Ok(());
        }
        if let Cargo::Requests(lease) = &self.cargo {
            self.announce(lease)?;
        }
        let written = self.stream.write_all(self.buffers.held());
        self.buffers.forget_held();
        written?;
        self.stream.flush()
    }

    /// From here on the request may arrive. Whatever forbids it is asked before.
    fn announce(&self, lease: &Arc<Lease>) -> io::Result<()> {
        attempt::enter(Stage::Write);
        if self.closed.load(Ordering::Acquire) {
            return Err(Interruption::Closed.into());
        }
        attempt::notice()?;
        if attempt::limit() <= Instant::now() {
            return Err(Interruption::TimedOut.into());
        }
        lease.asked();
        attempt::handing_down(lease);
        Ok(())
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the buffers: they hold requests and answers.
        f.debug_struct("Link")
            .field("stream", &self.stream)
            .field("cargo", &self.cargo)
            .field("tls", &self.tls)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use super::super::attempt::Attempt;
    use super::super::reuse::Reuse;
    use super::*;

    /// Keeps each write; reads an end.
    #[derive(Debug, Clone, Default)]
    struct Recorder {
        writes: Arc<Mutex<Vec<Vec<u8>>>>,
        looks: Arc<Mutex<usize>>,
    }

    impl Read for Recorder {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Ok(0)
        }
    }

    impl Write for Recorder {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.writes.lock().unwrap().push(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Stream for Recorder {
        fn is_quiet(&mut self) -> bool {
            *self.looks.lock().unwrap() += 1;
            true
        }
    }

    fn link(cargo: Cargo) -> (Link, Recorder) {
        let recorder = Recorder::default();
        let link = Link::new(Box::new(recorder.clone()), cargo, false, Closed::default(), 64 * 1024);
        (link, recorder)
    }

    fn requests() -> Cargo {
        let reuse = Reuse::new(Duration::from_secs(60));
        Cargo::Requests(Lease::new(&reuse, "voice.example:443".to_owned()))
    }

    fn put(link: &mut Link, bytes: &[u8]) {
        link.buffers.output_room()[..bytes.len()].copy_from_slice(bytes);
        link.transmit(bytes.len()).unwrap();
    }

    fn attempt() -> Attempt {
        Attempt::new(Instant::now() + Duration::from_secs(60))
    }

    #[test]
    fn head_and_body_are_one_write_when_the_answer_is_awaited() {
        let (mut link, recorder) = link(requests());
        let mut attempt = attempt();
        attempt.run(|| {
            put(&mut link, b"head ");
            put(&mut link, b"body");
        });
        assert!(recorder.writes.lock().unwrap().is_empty());
        assert!(!attempt.handed_down);
        attempt.run(|| assert!(!link.receive().unwrap()));
        assert_eq!(*recorder.writes.lock().unwrap(), [b"head body"]);
        assert!(attempt.handed_down);
        assert_eq!(attempt.stage, Stage::Read);
    }

    #[test]
    fn much_output_is_not_held_back() {
        let (mut link, recorder) = link(requests());
        attempt().run(|| (0..100).for_each(|_| put(&mut link, &[b'x'; 4000])));
        let writes = recorder.writes.lock().unwrap();
        assert!(writes.len() > 10 && writes.iter().all(|write| write.len() < 32 * 1024));
    }

    #[test]
    fn what_goes_to_the_proxy_is_no_part_of_the_request() {
        let (mut link, recorder) = link(Cargo::Tunnel);
        let mut attempt = attempt();
        attempt.run(|| {
            put(&mut link, b"CONNECT");
            link.receive().unwrap();
        });
        assert_eq!(recorder.writes.lock().unwrap().len(), 1);
        assert!(!attempt.handed_down);
    }

    #[test]
    fn nothing_is_handed_down_when_closed_or_late() {
        let (mut late, recorder) = link(requests());
        let mut attempt = Attempt::new(Instant::now());
        attempt.run(|| {
            put(&mut late, b"head");
            late.receive().unwrap_err();
        });
        assert!(!attempt.handed_down && recorder.writes.lock().unwrap().is_empty());

        let (mut closed, recorder) = link(requests());
        closed.closed.store(true, Ordering::Release);
        let mut attempt = self::attempt();
        attempt.run(|| {
            put(&mut closed, b"head");
            closed.receive().unwrap_err();
        });
        assert!(!attempt.handed_down && recorder.writes.lock().unwrap().is_empty());
    }

    #[test]
    fn a_link_is_looked_at_before_it_is_used_again_and_not_when_it_goes_idle() {
        let (mut link, recorder) = link(requests());
        let looks = || *recorder.looks.lock().unwrap();
        let mut attempt = attempt();
        attempt.run(|| {
            put(&mut link, b"head");
            link.receive().unwrap();
        });
        attempt.lease.unwrap().answered(true);
        assert!(link.is_open());
        assert_eq!(looks(), 0);
        assert!(link.is_open());
        assert_eq!(looks(), 1);
    }
}
