//! What is answered where: pushes on every path, health and figures on their own.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::Full;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Method, StatusCode};
use voicecall_core::webhook::Reply;

use super::health::Health;
use super::keeper::{Keeper, Push};
use super::metrics::{CONTENT_TYPE, Metrics};
use super::push_log::log;
use crate::server::{Answer, Asked, Fault, Happening, Response};

/// What all connections share.
pub(super) struct Desk {
    pub(super) keeper: Keeper,
    pub(super) metrics: Metrics,
    pub(super) health: Health,
    /// Longest time for the keeper.
    pub(super) patience: Duration,
}

/// An address that is served, and what can be had there.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) desk: Arc<Desk>,
    pub(super) pushes: bool,
    pub(super) health: bool,
}

const HEALTH: &str = "/healthz";
const METRICS: &str = "/metrics";
const JSON: (HeaderName, &str) = (header::CONTENT_TYPE, "application/json");
const CLOSE: (HeaderName, &str) = (header::CONNECTION, "close");
/// A hint for somebody who registered the address of the health check as the webhook address.
const WRONG_PATH: &str =
    "{\"resultcode\":\"1\",\"resultdesc\":\"Webhooks are not received at this path; register another one\"}\n";

impl Answer for Door {
    async fn answer(self, asked: Asked) -> Response {
        let Asked { peer, head, body } = asked;
        let looks = matches!(head.method, Method::GET | Method::HEAD);
        match head.uri.path() {
            HEALTH if self.health && looks => return self.desk.healthy().await,
            METRICS if self.health && looks => {
                return respond(
                    StatusCode::OK,
                    &[(header::CONTENT_TYPE, CONTENT_TYPE)],
                    self.desk.metrics.text(),
                );
            }
            path @ (HEALTH | METRICS) if self.health => {
                tracing::warn!(
                    path,
                    "a webhook was sent to a path of this receiver's own: register another path"
                );
                return respond(
                    StatusCode::METHOD_NOT_ALLOWED,
                    &[(header::ALLOW, "GET"), JSON],
                    WRONG_PATH,
                );
            }
            _ if !self.pushes => return respond(StatusCode::NOT_FOUND, &[], ""),
            // Any path: the platform pushes to what is registered there, which only the signature knows.
            _ if head.method != Method::POST => {
                return respond(StatusCode::METHOD_NOT_ALLOWED, &[(header::ALLOW, "POST")], "");
            }
            _ => {}
        }
        match body {
            Ok(body) => {
                let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
                let path = path.to_owned();
                let headers = head.headers;
                let push = Push {
                    peer,
                    path,
                    headers,
                    body,
                };
                self.desk.take(push).await
            }
            Err(fault) => self.desk.no_body(fault),
        }
    }

    fn note(&self, happening: Happening) {
        let metrics = &self.desk.metrics;
        match happening {
            // Connections of the platform are counted.
            _ if !self.pushes => {}
            Happening::Opened => drop(metrics.connections.inc()),
            Happening::Closed => drop(metrics.connections.dec()),
            Happening::CutOff => {
                tracing::debug!("a client took too long");
                metrics.cut_off.inc();
            }
            Happening::Refused => {
                tracing::debug!("an address has too many connections");
                metrics.cut_off.inc();
            }
        }
    }
}

impl Desk {
    /// Answers when the push is kept. The keeper goes on with it whatever becomes of its sender.
    async fn take(self: Arc<Desk>, push: Push) -> Response {
        let (begun, peer) = (Instant::now(), push.peer);
        let (desk, in_flight) = (Arc::clone(&self), self.metrics.begin());
        let mut keeping = tokio::task::spawn_blocking(move || {
            let _in_flight = in_flight;
            desk.keep(push, begun)
        });
        let reply = match tokio::time::timeout(self.patience, &mut keeping).await {
            Ok(Ok(reply)) => reply,
            // The crash has been reported; whether the push was kept is not known.
            Ok(Err(_)) => Reply::retry(),
            Err(_) => {
                // If it has not begun, it never will.
                keeping.abort();
                self.health.note(false);
                self.metrics.store_failures.inc();
                tracing::error!(peer = %peer.ip(), "the store does not answer; a push was answered with 500");
                not_stored()
            }
        };
        self.metrics.answered(reply.status, Some(begun.elapsed()));
        answer(reply)
    }

    /// Keeps, counts and logs a push.
    pub(super) fn keep(&self, push: Push, begun: Instant) -> Reply {
        let peer = push.peer;
        let Some(kept) = self.keeper.keep(push) else {
            self.health.note(false);
            self.metrics.store_failures.inc();
            return Reply::retry();
        };
        self.metrics.note(&kept);
        // In the other modes the keeper prints it.
        if matches!(self.keeper, Keeper::Store(_)) {
            log(peer, &kept, begun.elapsed());
        }
        match kept.failed {
            Some(push) => self.health.failed(push),
            // What was known before was not written again.
            None if kept.new > 0 => self.health.stored(),
            None => {}
        }
        kept.reply
    }

    fn no_body(&self, fault: Fault) -> Response {
        let status = match fault {
            Fault::Broken => StatusCode::BAD_REQUEST,
            Fault::Slow => StatusCode::REQUEST_TIMEOUT,
            Fault::NoRoom => StatusCode::SERVICE_UNAVAILABLE,
        };
        tracing::warn!(status = status.as_u16(), "a push without its whole body");
        self.metrics.answered(status.as_u16(), None);
        respond(status, &[CLOSE], "")
    }

    async fn healthy(self: Arc<Desk>) -> Response {
        let (status, told) = match Health::can_write(&self).await {
            true => (StatusCode::OK, "ok"),
            false => (StatusCode::SERVICE_UNAVAILABLE, "store"),
        };
        respond(status, &[JSON], format!("{{\"status\":\"{told}\"}}\n"))
    }
}

fn not_stored() -> Reply {
    let mut reply = Reply::retry();
    reply.status = 500;
    reply
}

/// The library's reply.
fn answer(reply: Reply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = reply.headers.iter();
    let headers = headers.filter_map(|(name, value)| Some((HeaderName::try_from(*name).ok()?, *value)));
    respond(status, &headers.collect::<Vec<_>>(), reply.body)
}

fn respond(
    status: StatusCode,
    headers: &[(HeaderName, &'static str)],
    body: impl Into<Full<hyper::body::Bytes>>,
) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
