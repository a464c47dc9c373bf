//! One connection from its handshake to its end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{sleep, timeout};

use super::{Answer, Happening, Manners};

/// Longest life of a connection. It bounds what a client can do that sends, and never reads what it is answered; and it
/// spreads clients that keep connections over the receivers behind a load balancer.
const LIFE: Duration = Duration::from_secs(600);
/// For requests that are on their way when the server is to stop, before connections without one are closed.
const LAST_CALL: Duration = Duration::from_millis(250);
/// What is read ahead of a connection at most, and so the longest head.
const READ_AHEAD: usize = 64 * 1024;

pub(super) struct Connection<A> {
    pub(super) peer: SocketAddr,
    pub(super) manners: Manners,
    pub(super) answer: A,
    /// Closed when the server stops.
    pub(super) stopped: watch::Receiver<()>,
}

impl<A: Answer> Connection<A> {
    /// Serves it; the permit is its room.
    pub(super) async fn serve(self, stream: TcpStream, permit: OwnedSemaphorePermit) {
        let answer = self.answer.clone();
        answer.note(Happening::Opened);
        // Answers are small and go out whole: nothing is won by waiting for more.
        let _ = stream.set_nodelay(true);
        match self.manners.tls.clone() {
            None => self.speak(stream).await,
            Some(tls) => match timeout(self.manners.client_time, tls.acceptor().accept(stream)).await {
                Ok(Ok(stream)) => self.speak(stream).await,
                // Scanners, and peers that want another protocol.
                Ok(Err(_)) => {}
                Err(_) => answer.note(Happening::CutOff),
            },
        }
        answer.note(Happening::Closed);
        drop(permit);
    }

    async fn speak(mut self, stream: impl AsyncRead + AsyncWrite + Unpin + Send) {
        let (peer, answer) = (self.peer, self.answer.clone());
        let service = service_fn(move |request| {
            let answering = answer.clone().answer(peer, request);
            async { Ok::<_, Infallible>(answering.await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.manners.client_time)
            .max_buf_size(READ_AHEAD)
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = pin!(connection);
        let last_call = async {
            tokio::select! {
                _ = self.stopped.changed() => sleep(LAST_CALL).await,
                () = sleep(LIFE) => {}
            }
        };
        let ended = tokio::select! {
            ended = connection.as_mut() => Ok(ended),
            () = last_call => {
                connection.as_mut().graceful_shutdown();
                timeout(self.manners.linger, connection).await
            }
        };
        // What else a peer does wrong on its connection is its own affair.
        if !matches!(ended, Ok(Ok(()))) && !matches!(&ended, Ok(Err(error)) if !error.is_timeout()) {
            self.answer.note(Happening::CutOff);
        }
    }
}
