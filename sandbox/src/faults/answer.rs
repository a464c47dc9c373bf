//! How the answer to a request suffers: either another answer, or a script that is written past the HTTP library.

use std::convert::Infallible;
use std::fmt::Write;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode, header, response};
use axum::response::Response;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use tower_service::Service;

use super::script::{End, Parts, Script};
use super::{Fault, FaultKind};
use crate::choices::Choices;
use crate::refusal::{self, Refusal};
use crate::routes;

/// Usual delay.
const DELAY_MILLIS: u64 = 1000;
/// The page that a proxy shows when what is behind it does not answer.
const PROXY_PAGE: &str = "<html><body><h1>Service Unavailable</h1></body></html>";

/// What comes of a request that a fault has struck.
pub(crate) enum Outcome {
    /// An answer that HTTP can carry.
    Answer(Response),
    /// Something that it cannot.
    Script(Script),
}

/// Carries the request out, or not, and spoils what is answered.
pub(crate) async fn suffer(
    fault: &Fault,
    request: Request<Incoming>,
    router: &mut Router,
    choices: &Choices,
) -> Outcome {
    // Before the body is read.
    if fault.fault == FaultKind::ResetBeforeReading {
        return Outcome::Script(Script::only(End::Reset));
    }
    let address = request.uri().clone();
    let Some(request) = whole(request).await else {
        return Outcome::Script(Script::only(End::Close));
    };
    let carried_out = match fault.is_carried_out() {
        true => Some(call(router, request).await),
        false => None,
    };
    let details = &fault.details;
    match fault.fault {
        FaultKind::ResetAfterReading | FaultKind::AnswerLost => Outcome::Script(Script::only(End::Reset)),
        FaultKind::Silence => Outcome::Script(Script::only(End::Hold)),
        FaultKind::Delay => {
            tokio::time::sleep(Duration::from_millis(details.millis.unwrap_or(DELAY_MILLIS))).await;
            Outcome::Answer(carried_out.unwrap_or_else(proxy_page))
        }
        FaultKind::Status => {
            let mut answer = proxy_page();
            *answer.status_mut() = details
                .status
                .and_then(|status| StatusCode::from_u16(status).ok())
                .unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
            Outcome::Answer(answer)
        }
        FaultKind::Redirect => {
            let location = details.location.clone().unwrap_or_else(|| address.to_string());
            let headers = [(header::LOCATION, &*location)];
            Outcome::Answer(routes::with_headers(
                StatusCode::TEMPORARY_REDIRECT,
                &headers,
                Body::empty(),
            ))
        }
        FaultKind::Refusal => {
            let code = details.code.as_deref().unwrap_or(refusal::INTERNAL_ERROR);
            Outcome::Answer(routes::refused(&Refusal::new(code), choices))
        }
        kind => {
            let (head, body) = carried_out.unwrap_or_else(proxy_page).into_parts();
            let message = Parts {
                head: head_text(&head),
                body: collected(body).await,
            };
            let script = Script::of(kind, details, &message, End::Close);
            Outcome::Script(script.unwrap_or_else(|| Script::only(End::Close)))
        }
    }
}

/// The request with its body read to the end: a connection that is closed with unread bytes is reset.
async fn whole(request: Request<Incoming>) -> Option<Request<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.ok()?.to_bytes();
    Some(Request::from_parts(head, Full::new(body)))
}

async fn call(router: &mut Router, request: Request<Full<Bytes>>) -> Response {
    let answer: Result<Response, Infallible> = router.call(request).await;
    answer.unwrap_or_else(|never| match never {})
}

fn proxy_page() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/html")];
    routes::with_headers(StatusCode::SERVICE_UNAVAILABLE, &headers, Body::from(PROXY_PAGE))
}

async fn collected(body: Body) -> Bytes {
    body.collect()
        .await
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default()
}

/// Status line and headers as they travel. The connection ends with the answer.
fn head_text(head: &response::Parts) -> String {
    let mut text = format!("HTTP/1.1 {}\r\n", head.status);
    let headers = head.headers.iter().filter(|(name, _)| **name != header::CONTENT_LENGTH);
    for (name, value) in headers {
        let _ = write!(text, "{name}: {}\r\n", value.to_str().unwrap_or_default());
    }
    let _ = write!(
        text,
        "connection: close\r\ndate: {}\r\n",
        httpdate::fmt_http_date(std::time::SystemTime::now())
    );
    text
}
