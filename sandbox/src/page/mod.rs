//! The page at `/`: the room where the phones are, for people. One file without anything from elsewhere.

use std::sync::Arc;

use axum::Router;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;

use crate::platform::Platform;
use crate::routes;

const PAGE: &str = include_str!("index.html");
/// The page brings everything along and talks to nobody but the platform.
const POLICY: &str = "default-src 'none'; connect-src 'self'; img-src data:; style-src 'unsafe-inline'; \
                      script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Where it is.
pub(crate) const PATH: &str = "/";

pub(crate) fn router() -> Router<Arc<Platform>> {
    Router::new().route(PATH, any(page))
}

async fn page(method: Method) -> Response {
    // To the service this path means nothing.
    if method != Method::GET && method != Method::HEAD {
        return routes::nothing_here().await;
    }
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, PAGE).into_response()
}
