//! Serves HTTP to whoever pushes webhooks. Who is slow, or sends without end, holds one of a bounded number of
//! connections for a bounded time; who is served when the server stops gets the answer.

mod body;
mod connection;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body, Bytes, Incoming};
use hyper::{Request, Response};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;

pub(crate) use body::{Fault, Room, gather};
pub(crate) use tls::{Tls, TlsFiles};

/// How a server treats its clients.
#[derive(Debug, Clone)]
pub(crate) struct Manners {
    /// Connections at once; further ones wait to be accepted.
    pub(crate) connections: u32,
    /// Longest time for the head of a request, for its body, for a TLS handshake, and between two requests.
    pub(crate) client_time: Duration,
    /// Longest time for what is on its way when the server stops.
    pub(crate) linger: Duration,
    /// With it connections are encrypted.
    pub(crate) tls: Option<Arc<Tls>>,
}

impl Default for Manners {
    fn default() -> Manners {
        Manners {
            connections: 512,
            client_time: Duration::from_secs(10),
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
    /// The client took too long, for its handshake or for the head of a request.
    CutOff,
}

/// Answers requests.
pub(crate) trait Answer: Clone + Send + 'static {
    /// What is sent back.
    type Body: Body<Data = Bytes, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static;

    fn answer(self, peer: SocketAddr, request: Request<Incoming>) -> impl Future<Output = Response<Self::Body>> + Send;

    /// Something happened to a connection.
    fn note(&self, _: Happening) {}
}

/// A pause when the system has no file descriptors left; without it the loop would spin.
const BREATH: Duration = Duration::from_millis(50);

/// Serves until `stop`. Then sends the answers that are on their way, and tells whether time was enough for all.
pub(crate) async fn run(listener: TcpListener, manners: Manners, answer: impl Answer, stop: impl Future) -> bool {
    let room = Arc::new(Semaphore::new(manners.connections as usize));
    // Dropped, it tells every connection to come to an end.
    let (stopping, stopped) = watch::channel(());
    let serve = |(stream, peer), permit| {
        let connection = connection::Connection {
            peer,
            manners: manners.clone(),
            answer: answer.clone(),
            stopped: stopped.clone(),
        };
        tokio::spawn(connection.serve(stream, permit));
    };
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            biased;
            _ = &mut stop => break,
            accepted = accept(&listener, &room) => match accepted {
                Ok((accepted, permit)) => serve(accepted, permit),
                Err(_) => tokio::time::sleep(BREATH).await,
            },
        }
    }
    for accepted in backlog(listener) {
        let Ok(permit) = Arc::clone(&room).try_acquire_owned() else {
            break;
        };
        serve(accepted, permit);
    }
    drop(stopping);
    timeout(manners.linger, room.acquire_many(manners.connections))
        .await
        .is_ok()
}

/// Waits for room first: what has no room stays with the system.
async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> io::Result<((TcpStream, SocketAddr), OwnedSemaphorePermit)> {
    let permit = Arc::clone(room).acquire_owned().await.map_err(io::Error::other)?;
    Ok((listener.accept().await?, permit))
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
