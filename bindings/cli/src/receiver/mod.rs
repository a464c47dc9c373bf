//! A webhook receiver, as a user would write one: an HTTP server that hands headers and raw body to the library, and
//! sends the answer that the library names once somebody has taken the event.
//!
//! An event that nobody takes is answered "send it again": only what has been shown or stored is acknowledged.

mod arrival;
mod desk;

use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use voicecall_core::webhook::Webhook;

pub(crate) use arrival::Arrival;
use desk::Desk;
pub(crate) use desk::{answer, refusal, status_of};

use crate::exit::Failure;
use crate::server::{self, Manners};

/// Where status events go, under the address of a receiver.
pub(crate) fn status_url(base: &str) -> String {
    format!("{base}/status")
}

/// Where CDRs go.
pub(crate) fn fee_url(base: &str) -> String {
    format!("{base}/fee")
}

/// A receiver on a thread of its own. When it is dropped, answers on their way are still sent, and what nobody took is
/// asked for again.
pub(crate) struct Receiver {
    address: SocketAddr,
    /// `None` only while it is dropped.
    arrivals: Option<mpsc::Receiver<Arrival>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Receiver {
    /// Listens; `webhook` makes the verifier once the address is known.
    pub(crate) fn start(
        listen: SocketAddr,
        manners: Manners,
        webhook: impl FnOnce(SocketAddr) -> Result<Webhook, Failure>,
    ) -> Result<Receiver, Failure> {
        let failed =
            |error: std::io::Error| Failure::local(format!("webhooks cannot be received on {listen}: {error}"));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(failed)?;
        let listener = runtime.block_on(TcpListener::bind(listen)).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (sender, arrivals) = mpsc::channel();
        let desk = Desk::new(webhook(address)?, sender, manners.clone());
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            // Who was not answered in time is told nothing, and sends again.
            let _ = runtime.block_on(server::run(listener, manners, desk, stopped));
        });
        Ok(Receiver {
            address,
            arrivals: Some(arrivals),
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The next push, within this time.
    pub(crate) fn next_within(&self, timeout: Duration) -> Option<Arrival> {
        self.arrivals.as_ref()?.recv_timeout(timeout).ok()
    }

    /// The next push, and those that have come with it.
    pub(crate) fn next_batch(&self) -> Vec<Arrival> {
        let Some(arrivals) = &self.arrivals else {
            return Vec::new();
        };
        let first = arrivals.recv().ok();
        first.into_iter().chain(arrivals.try_iter()).collect()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        drop(self.stop.take());
        // Whoever waits for an answer gets one now, or the server would wait for them.
        drop(self.arrivals.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{Ipv4Addr, TcpStream};
    use std::time::{Duration, Instant};

    use voicecall_core::webhook::Webhook;

    use super::Receiver;
    use crate::server::Manners;

    #[test]
    fn what_nobody_took_is_asked_for_again_when_the_receiver_ends() {
        let listen = (Ipv4Addr::LOCALHOST, 0).into();
        let receiver = Receiver::start(listen, Manners::default(), |_| Ok(Webhook::builder().build()?)).unwrap();
        let mut stream = TcpStream::connect(receiver.address()).unwrap();
        let push = "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";
        stream.write_all(push.as_bytes()).unwrap();
        let arrival = receiver.next_within(Duration::from_secs(20)).unwrap();
        let begun = Instant::now();
        drop(arrival);
        drop(receiver);
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    }
}
