//! Serves HTTP to the senders of webhooks. Clients that are slow, or send without end, hold one of a bounded number of
//! connections for a bounded time, and the slowest go first when there are too many; a client that is being served when
//! the server stops gets its answer.

mod body;
mod connection;
mod places;
mod progress;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::http::request::Parts;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;

pub(crate) use body::{Fault, Gathered};
use body::{Room, gather};
use places::Places;
pub(crate) use tls::{Tls, TlsFiles};

/// How a server treats its clients.
#[derive(Debug, Clone)]
pub(crate) struct Manners {
    /// Connections at once.
    pub(crate) connections: u32,
    /// Of these, connections from one address.
    pub(crate) connections_of_one_address: Option<u32>,
    /// Longest time for a TLS handshake and the head of a request, and for its body.
    pub(crate) client_time: Duration,
    /// Longest time between two requests.
    pub(crate) idle_time: Duration,
    /// Longest time for what is on its way when the server stops.
    pub(crate) linger: Duration,
    /// With it connections are encrypted.
    pub(crate) tls: Option<Arc<Tls>>,
}

impl Default for Manners {
    fn default() -> Manners {
        Manners {
            connections: 512,
            connections_of_one_address: None,
            client_time: Duration::from_secs(10),
            idle_time: Duration::from_secs(75),
            linger: Duration::from_secs(2),
            tls: None,
        }
    }
}

/// What happens to connections, for who counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Happening {
    Opened,
    Closed,
    /// The client took too long for its handshake or its request, or others needed its place.
    CutOff,
    /// Its address has too many connections.
    Refused,
}

/// A request with its whole body, or why there is none.
pub(crate) struct Asked {
    pub(crate) peer: SocketAddr,
    pub(crate) head: Parts,
    pub(crate) body: Result<Gathered, Fault>,
}

/// What is sent back.
pub(crate) type Response = hyper::Response<Full<Bytes>>;

/// Answers requests.
pub(crate) trait Answer: Clone + Send + Sync + 'static {
    fn answer(self, asked: Asked) -> impl Future<Output = Response> + Send;

    /// Something happened to a connection.
    fn note(&self, happening: Happening);
}

/// A pause when the system has no file descriptors left; without it the loop would spin.
const BREATH: Duration = Duration::from_millis(50);

/// Serves until `stop`. Then sends the answers that are on their way, and tells whether time was enough for all.
pub(crate) async fn run(listener: TcpListener, manners: Manners, answer: impl Answer, stop: impl Future) -> bool {
    let places = Places::new(manners.connections, manners.connections_of_one_address);
    let room = Room::default();
    // Dropped, it tells every connection to come to an end.
    let (stopping, stopped) = watch::channel(());
    let serve = |stream, peer: SocketAddr, place| {
        let connection = connection::Connection {
            peer,
            manners: manners.clone(),
            answer: answer.clone(),
            room: room.clone(),
            place: Arc::new(place),
            stopped: stopped.clone(),
        };
        tokio::spawn(connection.serve(stream));
    };
    let mut stop = pin!(stop);
    // Accepted, and waits for a place.
    let mut waiting: Option<(TcpStream, SocketAddr)> = None;
    loop {
        let next = async {
            if waiting.is_none() {
                waiting = Some(listener.accept().await?);
            }
            match &waiting {
                Some((_, peer)) => Ok(places.take(peer.ip()).await),
                None => Err(io::Error::other("nobody waits")),
            }
        };
        tokio::select! {
            biased;
            _ = &mut stop => break,
            place = next => match (place, waiting.take()) {
                (Ok(Ok(place)), Some((stream, peer))) => serve(stream, peer, place),
                (Ok(Err(_)), _) => answer.note(Happening::Refused),
                _ => tokio::time::sleep(BREATH).await,
            },
        }
    }
    for (stream, peer) in waiting.into_iter().chain(backlog(listener)) {
        let Ok(Ok(place)) = timeout(BREATH, places.take(peer.ip())).await else {
            break;
        };
        serve(stream, peer, place);
    }
    drop(stopping);
    timeout(manners.linger, places.all_free()).await.is_ok()
}

/// Closes the door. For who stood before it the connection is already open, and its push may be on its way: a status push
/// that is turned away never comes again.
fn backlog(listener: TcpListener) -> Vec<(TcpStream, SocketAddr)> {
    let Ok(listener) = listener.into_std() else {
        return Vec::new();
    };
    let waiting = std::iter::from_fn(|| listener.accept().ok());
    let streams = waiting.filter_map(|(stream, peer)| {
        stream.set_nonblocking(true).ok()?;
        Some((TcpStream::from_std(stream).ok()?, peer))
    });
    streams.collect()
}
