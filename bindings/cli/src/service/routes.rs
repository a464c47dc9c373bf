//! What is answered where: pushes on every path, health and figures on their own.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use hyper::body::Incoming;
use tower_service::Service;
use voicecall_core::webhook::MAX_BYTES;

use super::desk::Desk;
use super::metrics::CONTENT_TYPE;
use crate::receiver::{answer, refusal, status_of};
use crate::server::{Answer, Fault, Happening, gather};

/// Answers by routes.
#[derive(Clone)]
pub(super) struct Routes {
    desk: Arc<Desk>,
    router: Router,
    /// Whether connections are counted: those of the platform are.
    counts: bool,
}

impl Routes {
    /// For the platform; with health and figures unless these have an address of their own.
    pub(super) fn of_pushes(desk: &Arc<Desk>, with_health: bool) -> Routes {
        // Any path: the platform pushes to what is registered there, which only the signature knows.
        let pushes = Router::new().fallback_service(post(push).with_state(Arc::clone(desk)));
        Routes {
            desk: Arc::clone(desk),
            router: match with_health {
                true => pushes.merge(health_routes(desk)),
                false => pushes,
            },
            counts: true,
        }
    }

    /// Health and figures alone.
    pub(super) fn of_health(desk: &Arc<Desk>) -> Routes {
        Routes {
            desk: Arc::clone(desk),
            router: health_routes(desk),
            counts: false,
        }
    }
}

fn health_routes(desk: &Arc<Desk>) -> Router {
    Router::new()
        .route("/healthz", get(health))
        .route("/metrics", get(figures))
        .with_state(Arc::clone(desk))
}

impl Answer for Routes {
    type Body = Body;

    async fn answer(mut self, peer: SocketAddr, mut request: hyper::Request<Incoming>) -> Response {
        request.extensions_mut().insert(peer);
        let Ok(response) = self.router.call(request).await;
        response
    }

    fn note(&self, happening: Happening) {
        let metrics = &self.desk.metrics;
        match happening {
            _ if !self.counts => {}
            Happening::Opened => drop(metrics.connections.inc()),
            Happening::Closed => drop(metrics.connections.dec()),
            Happening::CutOff => {
                tracing::debug!("a client took too long");
                metrics.cut_off.inc();
            }
        }
    }
}

async fn push(State(desk): State<Arc<Desk>>, Extension(peer): Extension<SocketAddr>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = match gather(body, MAX_BYTES, desk.client_time, &desk.room).await {
        Ok(body) => body,
        Err(fault) => return no_body(&desk, fault),
    };
    let reply = desk.take(peer, head.headers, body.bytes).await;
    drop(body.room);
    answer(reply).into_response()
}

fn no_body(desk: &Desk, fault: Fault) -> Response {
    let status = status_of(fault);
    tracing::warn!(status = status.as_u16(), "a push without its whole body");
    desk.metrics.answered(status.as_u16(), None);
    refusal(status, &[(header::CONNECTION, "close")]).into_response()
}

async fn health(State(desk): State<Arc<Desk>>) -> Response {
    let (status, told) = match desk.health.can_write(&desk.intake).await {
        true => (StatusCode::OK, "ok"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "store"),
    };
    let body = format!("{{\"status\":\"{told}\"}}\n");
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn figures(State(desk): State<Arc<Desk>>) -> Response {
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE))];
    (headers, desk.metrics.text()).into_response()
}
