//! One connection from its handshake to its end.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::places::Place;
use super::progress::{Progress, Watched, overdue};
use super::{Answer, Asked, Happening, Manners, Room, gather};

/// Longest life of a connection. It spreads clients that keep connections over the receivers behind a load balancer.
const LIFE: Duration = Duration::from_secs(600);
/// For requests that are on their way when the server is to stop, before connections without one are closed.
const LAST_CALL: Duration = Duration::from_millis(250);
/// What is read ahead of a connection at most, and so the longest head.
const READ_AHEAD: usize = 8 * 1024;

pub(super) struct Connection<A> {
    pub(super) peer: SocketAddr,
    pub(super) manners: Manners,
    pub(super) answer: A,
    pub(super) room: Room,
    pub(super) place: Arc<Place>,
    /// Closed when the server stops.
    pub(super) stopped: watch::Receiver<()>,
}

impl<A: Answer> Connection<A> {
    pub(super) async fn serve(self, stream: TcpStream) {
        let (answer, place, manners) = (self.answer.clone(), Arc::clone(&self.place), self.manners.clone());
        answer.note(Happening::Opened);
        // Answers are small and go out whole: nothing is won by waiting for more.
        let _ = stream.set_nodelay(true);
        tokio::select! {
            () = self.shake_hands(stream) => {}
            () = overdue(place.progress.subscribe(), &manners) => answer.note(Happening::CutOff),
            () = place.sent_away.notified() => answer.note(Happening::CutOff),
        }
        answer.note(Happening::Closed);
    }

    async fn shake_hands(self, stream: TcpStream) {
        let progress = self.place.progress.clone();
        let stream = Watched { stream, progress };
        match self.manners.tls.clone() {
            None => self.speak(stream).await,
            // Others are scanners, and peers that want another protocol.
            Some(tls) => {
                if let Ok(stream) = tls.acceptor().accept(stream).await {
                    self.speak(stream).await;
                }
            }
        }
    }

    async fn speak(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send) {
        let mut stopped = self.stopped.clone();
        // A task of its own: a request that has arrived whole is kept, also when its sender has gone.
        let service = service_fn(|request| tokio::spawn(self.answer_to(request)));
        let connection = http1::Builder::new()
            .half_close(true)
            .max_buf_size(READ_AHEAD)
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = pin!(connection);
        let last_call = async {
            tokio::select! {
                _ = stopped.changed() => sleep(LAST_CALL).await,
                () = sleep(LIFE) => {}
            }
        };
        // What else a peer does wrong on its connection is its own affair.
        tokio::select! {
            _ = connection.as_mut() => {}
            () = last_call => {
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
            }
        }
    }

    fn answer_to(&self, request: Request<Incoming>) -> impl Future<Output = super::Response> + Send + use<A> {
        let (answer, place, room) = (self.answer.clone(), Arc::clone(&self.place), self.room.clone());
        let (peer, time) = (self.peer, self.manners.client_time);
        async move {
            place.progress.send_replace(Progress::Body(Instant::now()));
            let (head, body) = request.into_parts();
            let body = gather(body, time, &room, || place.send_a_slow_body_away()).await;
            place.progress.send_replace(Progress::Complete);
            let response = answer.answer(Asked { peer, head, body }).await;
            place.progress.send_replace(Progress::Idle(Instant::now()));
            response
        }
    }
}
