//! The HTTP side of the receiver. Whoever is slow, or sends without end, holds one of a bounded number of connections
//! for a bounded time.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::timeout;
use voicecall_core::webhook::{MAX_BYTES, Reply, Webhook};

use super::Arrival;

/// Longest time for the head of a request, and between two requests of a connection.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// Longest time for a body.
const BODY_TIME: Duration = Duration::from_secs(10);
/// Connections at once; further ones wait to be accepted.
const CONNECTIONS: usize = 512;
/// Longest time for answers on their way when the receiver stops.
const LINGER: Duration = Duration::from_secs(2);
/// A pause when the system has no file descriptors left; without it the loop would spin.
const BREATH: Duration = Duration::from_millis(50);

/// Verifies what comes and hands it on.
pub(super) struct Desk {
    webhook: Webhook,
    arrivals: mpsc::Sender<Arrival>,
}

impl Desk {
    pub(super) fn new(webhook: Webhook, arrivals: mpsc::Sender<Arrival>) -> Desk {
        Desk { webhook, arrivals }
    }

    /// Waits until somebody has taken the event and gives what to answer.
    async fn take(&self, head: Parts, body: Bytes) -> Reply {
        let headers = head
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()));
        let received = self.webhook.receive(headers, &body);
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let (answer, answered) = oneshot::channel();
        let arrival = Arrival::new(path, head.headers, body, received, answer);
        match self.arrivals.send(arrival) {
            Ok(()) => answered.await.unwrap_or(Reply::retry()),
            Err(_) => Reply::retry(),
        }
    }
}

/// Serves until told to stop, and then sends the answers that are on their way.
pub(super) async fn run(listener: TcpListener, desk: Arc<Desk>, stopped: oneshot::Receiver<()>) {
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let mut stopped = pin!(stopped);
    loop {
        tokio::select! {
            biased;
            _ = &mut stopped => break,
            accepted = accept(&listener, &room) => match accepted {
                Ok((stream, permit)) => serve(stream, permit, &desk, &graceful),
                Err(_) => tokio::time::sleep(BREATH).await,
            },
        }
    }
    let _ = timeout(LINGER, graceful.shutdown()).await;
}

async fn accept(listener: &TcpListener, room: &Arc<Semaphore>) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let permit = Arc::clone(room).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    Ok((stream, permit))
}

fn serve(stream: TcpStream, permit: OwnedSemaphorePermit, desk: &Arc<Desk>, graceful: &GracefulShutdown) {
    let desk = Arc::clone(desk);
    let service = service_fn(move |request| respond(Arc::clone(&desk), request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        // What a peer does wrong on its connection is its own affair.
        let _ = connection.await;
        drop(permit);
    });
}

async fn respond(desk: Arc<Desk>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    if request.method() != Method::POST {
        return Ok(refusal(StatusCode::METHOD_NOT_ALLOWED, &[(header::ALLOW, "POST")]));
    }
    let (head, body) = request.into_parts();
    Ok(match timeout(BODY_TIME, gather(body)).await {
        Ok(Ok(body)) => answer(desk.take(head, body).await),
        Ok(Err(_)) => refusal(StatusCode::BAD_REQUEST, &[(header::CONNECTION, "close")]),
        Err(_) => refusal(StatusCode::REQUEST_TIMEOUT, &[(header::CONNECTION, "close")]),
    })
}

/// The body, or as much of it as is needed to tell that it is too long.
async fn gather(mut body: Incoming) -> Result<Bytes, hyper::Error> {
    let mut bytes = Vec::new();
    while bytes.len() <= MAX_BYTES {
        let Some(frame) = body.frame().await else { break };
        if let Ok(piece) = frame?.into_data() {
            bytes.extend_from_slice(&piece);
        }
    }
    bytes.truncate(MAX_BYTES + 1);
    Ok(bytes.into())
}

fn answer(reply: Reply) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in reply.headers {
        if let Ok(name) = HeaderName::try_from(*name) {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

fn refusal(status: StatusCode, headers: &[(HeaderName, &'static str)]) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
