//! The receiver of webhooks: an HTTP server that hands headers and raw body to the library, and sends the answer that the
//! library names once the push is kept. `listen` runs it for years; `--wait` and `demo` run one for a call.

mod desk;
mod health;
mod keeper;
mod log;
mod metrics;
mod push_log;
mod signals;

use std::future::pending;
use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use voicecall_core::webhook::Webhook;

use desk::{Desk, Door};
pub(crate) use keeper::{Arrival, Keeper};
pub(crate) use log::{Detail, start as start_log};
use metrics::Metrics;
pub(crate) use signals::Signals;

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

/// How a receiver is run.
pub(crate) struct Plan {
    pub(crate) listen: SocketAddr,
    /// An address of their own for health and figures.
    pub(crate) health: Option<SocketAddr>,
    pub(crate) manners: Manners,
    /// Pushes that are being kept at once.
    pub(crate) writers: usize,
    /// Longest time for keeping a push.
    pub(crate) patience: Duration,
}

impl Plan {
    /// For what lasts as long as a call.
    fn of_a_call(listen: SocketAddr) -> Plan {
        Plan {
            listen,
            health: None,
            manners: Manners::default(),
            writers: 64,
            patience: Duration::MAX,
        }
    }
}

/// Threads for connections: they verify nothing and write nothing.
const WORKERS: usize = 2;
/// Enough for the deepest JSON that the library reads.
const STACK: usize = 1024 * 1024;
/// Who asks for health and figures at an address of their own.
const SIDE_CONNECTIONS: u32 = 16;

/// A receiver that is reached, and does not serve yet.
pub(crate) struct Opened {
    runtime: Runtime,
    plan: Plan,
    listener: TcpListener,
    side_listener: Option<TcpListener>,
}

impl Opened {
    pub(crate) fn new(plan: Plan) -> Result<Opened, Failure> {
        // The pool of this runtime's threads that may block is the keeper's alone: so many pushes are in it at once, and
        // those that wait for the disk together are written together.
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .max_blocking_threads(plan.writers)
            .thread_stack_size(STACK)
            .enable_all()
            .build()
            .map_err(|error| Failure::local(format!("no threads: {error}")))?;
        let bind = |address: SocketAddr| {
            let bound = runtime.block_on(TcpListener::bind(address));
            bound.map_err(|error| Failure::local(format!("webhooks cannot be received on {address}: {error}")))
        };
        let (listener, side_listener) = (bind(plan.listen)?, plan.health.map(bind).transpose()?);
        Ok(Opened {
            runtime,
            plan,
            listener,
            side_listener,
        })
    }

    pub(crate) fn address(&self) -> Result<SocketAddr, Failure> {
        address_of(&self.listener)
    }

    /// The address that pushes are sent to.
    pub(crate) fn url(&self) -> Result<String, Failure> {
        let scheme = if self.plan.manners.tls.is_some() {
            "https"
        } else {
            "http"
        };
        Ok(format!("{scheme}://{}", self.address()?))
    }

    /// Where health and figures are.
    pub(crate) fn health_url(&self) -> Result<String, Failure> {
        match &self.side_listener {
            Some(listener) => Ok(format!("http://{}", address_of(listener)?)),
            None => self.url(),
        }
    }

    /// Catches signals from now on. The first tells to stop, the second to hurry.
    pub(crate) fn catch_signals(&self) -> Result<(impl Future + Send + use<>, impl Future + Send + use<>), Failure> {
        let _inside = self.runtime.enter();
        let mut signals = Signals::catch().map_err(|error| Failure::local(format!("signals: {error}")))?;
        let (stop, stopped) = oneshot::channel();
        let (hurry, hurried) = oneshot::channel();
        let tls = self.plan.manners.tls.clone();
        tokio::spawn(async move {
            let signal = signals.told_to_stop(tls.as_deref()).await;
            tracing::info!(
                signal,
                "stopping; what was accepted is finished first, a second signal ends it at once"
            );
            let _ = stop.send(());
            signals.told_to_stop(None).await;
            let _ = hurry.send(());
        });
        Ok((stopped, hurried))
    }

    /// Serves until `stop`, and then until what came is answered, or until `hurry`. What the keeper does not finish in
    /// time is left to itself.
    pub(crate) fn serve(self, keeper: Keeper, stop: impl Future, hurry: impl Future) -> Ended {
        let desk = Arc::new(Desk {
            keeper,
            metrics: Metrics::new(self.plan.manners.connections),
            health: health::Health::default(),
            patience: self.plan.patience,
        });
        let door = |pushes, health| Door {
            desk: Arc::clone(&desk),
            pushes,
            health,
        };
        let main_door = door(true, self.side_listener.is_none());
        let all_answered = self.runtime.block_on(async {
            // The health check answers until the end.
            let side = self.side_listener.map(|listener| {
                let manners = Manners {
                    connections: SIDE_CONNECTIONS,
                    ..Manners::default()
                };
                tokio::spawn(server::run(listener, manners, door(false, true), pending::<()>()))
            });
            let all_answered = tokio::select! {
                all_answered = server::run(self.listener, self.plan.manners, main_door, stop) => all_answered,
                _ = hurry => false,
            };
            side.inspect(|task| task.abort());
            all_answered
        });
        // Never waits for a thread that the store blocks.
        self.runtime.shutdown_background();
        Ended {
            all_answered,
            idle: !desk.metrics.is_busy(),
        }
    }
}

/// How serving ended.
pub(crate) struct Ended {
    /// Every push that was accepted has its answer.
    pub(crate) all_answered: bool,
    /// The keeper is at work no more.
    pub(crate) idle: bool,
}

fn address_of(listener: &TcpListener) -> Result<SocketAddr, Failure> {
    let address = listener.local_addr();
    address.map_err(|error| Failure::local(format!("no address: {error}")))
}

/// A receiver on a thread of its own, whose pushes this program looks at. When it is dropped, answers on their way are
/// still sent, and what nobody took is asked for again.
pub(crate) struct Receiver {
    address: SocketAddr,
    /// `None` only while it is dropped.
    arrivals: Option<mpsc::Receiver<Arrival>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<Ended>>,
}

impl Receiver {
    /// Listens; `webhook` makes the verifier once the address is known.
    pub(crate) fn start(
        listen: SocketAddr,
        webhook: impl FnOnce(SocketAddr) -> Result<Webhook, Failure>,
    ) -> Result<Receiver, Failure> {
        let opened = Opened::new(Plan::of_a_call(listen))?;
        let address = opened.address()?;
        let (sender, arrivals) = mpsc::channel();
        let keeper = Keeper::Hand(Box::new(webhook(address)?), sender);
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || opened.serve(keeper, stopped, pending::<()>()));
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
    use std::future::pending;
    use std::io::{Read, Write};
    use std::net::{Ipv4Addr, SocketAddr, TcpStream};
    use std::sync::mpsc;
    use std::time::{Duration, Instant};

    use tokio::sync::oneshot;
    use voicecall_core::webhook::Webhook;

    use super::{Keeper, Opened, Plan, Receiver};
    use crate::server::Manners;

    #[test]
    fn what_nobody_took_is_asked_for_again_when_the_receiver_ends() {
        let listen = (Ipv4Addr::LOCALHOST, 0).into();
        let receiver = Receiver::start(listen, |_| Ok(Webhook::builder().build()?)).unwrap();
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

    fn ask(address: SocketAddr, request: &str) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn a_keeper_that_blocks_is_answered_for_and_not_waited_for() {
        let plan = Plan {
            patience: Duration::from_millis(300),
            writers: 2,
            manners: Manners {
                linger: Duration::from_secs(60),
                ..Manners::default()
            },
            ..Plan::of_a_call((Ipv4Addr::LOCALHOST, 0).into())
        };
        let opened = Opened::new(plan).unwrap();
        let address = opened.address().unwrap();
        // Held, and never answered.
        let (arrived, held) = mpsc::channel();
        let webhook = Box::new(Webhook::builder().build().unwrap());
        let (stop, stopped) = oneshot::channel();
        let serving =
            std::thread::spawn(move || opened.serve(Keeper::Hand(webhook, arrived), stopped, pending::<()>()));
        let push = "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";
        let health = "GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
        // More than there are threads.
        let pushes: Vec<_> = (0..6).map(|_| std::thread::spawn(move || ask(address, push))).collect();
        for push in pushes {
            let answer = push.join().unwrap();
            assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
        }
        assert!(ask(address, health).starts_with("HTTP/1.1 503 "));
        let begun = Instant::now();
        stop.send(()).unwrap();
        let ended = serving.join().unwrap();
        assert!(ended.all_answered && !ended.idle);
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        drop(held);
    }
}
