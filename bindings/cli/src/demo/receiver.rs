//! A webhook receiver as a user would write one: an HTTP server that hands headers and raw body to the library, keeps
//! the event, and sends the reply that the library names.

use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use voicecall_core::Error;
use voicecall_core::webhook::{Event, Reply, Verdict, Webhook};

use crate::exit::Failure;

/// What one push was.
pub(crate) struct Arrival {
    pub(crate) event: Result<Event, Error>,
    pub(crate) verdict: Verdict,
}

/// A receiver on loopback, on a thread of its own. Stops when dropped.
pub(crate) struct Receiver {
    pub(crate) base: String,
    arrivals: mpsc::Receiver<Arrival>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Desk {
    webhook: Webhook,
    arrivals: mpsc::Sender<Arrival>,
}

impl Receiver {
    /// Listens; `webhook` makes the verifier once the address is known.
    pub(crate) fn start(webhook: impl FnOnce(&str) -> Result<Webhook, Error>) -> Result<Receiver, Failure> {
        let failed = |error: std::io::Error| Failure::Local(format!("no webhook receiver: {error}"));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(failed)?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).map_err(failed)?;
        let base = format!("http://{}", listener.local_addr().map_err(failed)?);
        let (sender, arrivals) = mpsc::channel();
        let desk = Arc::new(Desk {
            webhook: webhook(&base)?,
            arrivals: sender,
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let server = axum::serve(listener, Router::new().fallback(receive).with_state(desk));
        let thread = std::thread::spawn(move || {
            let _ = runtime.block_on(async { server.with_graceful_shutdown(async { drop(stopped.await) }).await });
        });
        Ok(Receiver {
            base,
            arrivals,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The next push, within this time.
    pub(crate) fn next(&self, timeout: Duration) -> Option<Arrival> {
        self.arrivals.recv_timeout(timeout).ok()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn receive(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> Response {
    let received = desk.webhook.receive(
        headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())),
        &body,
    );
    let reply = received.reply;
    let kept = desk.arrivals.send(Arrival {
        event: received.event,
        verdict: received.verdict,
    });
    // When nobody kept the event the platform has to send it again.
    answer(if kept.is_ok() { reply } else { Reply::retry() })
}

fn answer(reply: Reply) -> Response {
    let mut response = reply.body.into_response();
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in reply.headers {
        if let Ok(name) = HeaderName::try_from(*name) {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
    }
    response
}
