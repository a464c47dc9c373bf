//! What the receiver answers, and to whom it hands what came.

use std::net::SocketAddr;
use std::sync::{Arc, mpsc};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};
use tokio::sync::oneshot;
use voicecall_core::webhook::{MAX_BYTES, Reply, Webhook};

use super::Arrival;
use crate::server::{Answer, Fault, Manners, Room, gather};

/// Memory for bodies that are being read.
const ROOM: usize = 64 * MAX_BYTES;

/// Verifies what comes and hands it on.
#[derive(Clone)]
pub(super) struct Desk(Arc<Shared>);

struct Shared {
    webhook: Webhook,
    arrivals: mpsc::Sender<Arrival>,
    manners: Manners,
    room: Room,
}

impl Desk {
    pub(super) fn new(webhook: Webhook, arrivals: mpsc::Sender<Arrival>, manners: Manners) -> Desk {
        let room = Room::new(ROOM);
        Desk(Arc::new(Shared {
            webhook,
            arrivals,
            manners,
            room,
        }))
    }

    async fn respond(self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        if request.method() != Method::POST {
            return refusal(StatusCode::METHOD_NOT_ALLOWED, &[(header::ALLOW, "POST")]);
        }
        let (head, body) = request.into_parts();
        match gather(body, MAX_BYTES, self.0.manners.client_time, &self.0.room).await {
            Ok(body) => answer(self.take(head, body.bytes).await),
            Err(fault) => refusal(status_of(fault), &[(header::CONNECTION, "close")]),
        }
    }

    /// Waits until somebody has taken the event and gives what to answer.
    async fn take(&self, head: Parts, body: Bytes) -> Reply {
        let headers = head
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()));
        let received = self.0.webhook.receive(headers, &body);
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let (answer, answered) = oneshot::channel();
        let arrival = Arrival::new(path, head.headers, body, received, answer);
        match self.0.arrivals.send(arrival) {
            Ok(()) => answered.await.unwrap_or(Reply::retry()),
            Err(_) => Reply::retry(),
        }
    }
}

impl Answer for Desk {
    type Body = Full<Bytes>;

    fn answer(self, _: SocketAddr, request: Request<Incoming>) -> impl Future<Output = Response<Full<Bytes>>> + Send {
        self.respond(request)
    }
}

/// What a client is told whose body there is not.
pub(crate) fn status_of(fault: Fault) -> StatusCode {
    match fault {
        Fault::Broken => StatusCode::BAD_REQUEST,
        Fault::Slow => StatusCode::REQUEST_TIMEOUT,
        Fault::NoRoom => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// The library's reply.
pub(crate) fn answer(reply: Reply) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in reply.headers {
        if let Ok(name) = HeaderName::try_from(*name) {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

/// An answer without a body.
pub(crate) fn refusal(status: StatusCode, headers: &[(HeaderName, &'static str)]) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
