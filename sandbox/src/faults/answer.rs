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
use crate::options::Options;
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
    options: &Options,
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
            Outcome::Answer(routes::refused(&Refusal::new(code), &options.choices))
        }
        kind => {
            let (head, body) = carried_out.unwrap_or_else(proxy_page).into_parts();
            let message = Parts {
                head: head_text(&head, announced(kind, options.keep_alive)),
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

/// What the answer says of its connection, which ends with it.
fn announced(kind: FaultKind, keep_alive: bool) -> Option<&'static str> {
    match kind {
        FaultKind::SilentClose => keep_alive.then_some("keep-alive"),
        _ => keep_alive.then_some("close"),
    }
}

/// Status line and headers as they travel.
fn head_text(head: &response::Parts, announced: Option<&str>) -> String {
    let mut text = format!("HTTP/1.1 {}\r\n", head.status);
    let mut line = |name: &str, value: &str| {
        let _ = write!(text, "{}: {value}\r\n", in_title_case(name));
    };
    let written_elsewhere = [header::CONTENT_LENGTH, header::CONNECTION];
    for (name, value) in head
        .headers
        .iter()
        .filter(|(name, _)| !written_elsewhere.contains(name))
    {
        line(name.as_str(), value.to_str().unwrap_or_default());
    }
    if let Some(announced) = announced {
        line("connection", announced);
    }
    line("date", &httpdate::fmt_http_date(std::time::SystemTime::now()));
    text
}

/// `Content-Type`, as the documentation writes header names (contract requests.md 18, D22).
fn in_title_case(name: &str) -> String {
    let words = name.split_inclusive('-');
    let words = words.flat_map(|word| {
        let first = word.chars().take(1).map(|c| c.to_ascii_uppercase());
        first.chain(word.chars().skip(1))
    });
    words.collect()
}
