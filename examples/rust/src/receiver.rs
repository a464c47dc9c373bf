//! A webhook receiver on axum. The library reads, checks and answers; axum carries bytes.

use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response, StatusCode};
use tokio::net::TcpListener;
use voicecall_core::webhook::{Event, Reply, Webhook};

use crate::{Failure, Settings};

/// Receives pushes on 127.0.0.1. In earnest it stands behind a public HTTPS address, and that address is registered.
pub struct Receiver {
    base: String,
    events: mpsc::Receiver<Event>,
}

struct Desk {
    webhook: Webhook,
    events: mpsc::Sender<Event>,
}

impl Receiver {
    /// Listens on a port chosen by the system, until the program ends.
    ///
    /// # Errors
    /// No port, no thread, or the application's key cannot be used.
    pub fn start(settings: &Settings) -> Result<Receiver, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let base = format!("http://{}", listener.local_addr()?);
        let webhook = Webhook::builder()
            .url(format!("{base}/status"))
            .url(format!("{base}/fee"))
            .application(&settings.app_key, settings.app_secret.clone())
            .build()?;
        let (sender, events) = mpsc::channel();
        let desk = Arc::new(Desk {
            webhook,
            events: sender,
        });
        let service = Router::new().fallback(receive).with_state(desk);
        std::thread::spawn(move || runtime.block_on(async { axum::serve(listener, service).await }));
        Ok(Receiver { base, events })
    }

    /// Where status events are to be pushed.
    pub fn status_url(&self) -> String {
        format!("{}/status", self.base)
    }

    /// Where CDRs are to be pushed.
    pub fn fee_url(&self) -> String {
        format!("{}/fee", self.base)
    }

    /// The next event.
    ///
    /// # Errors
    /// None came within this time.
    pub fn next(&self, patience: Duration) -> Result<Event, Failure> {
        Ok(self.events.recv_timeout(patience)?)
    }
}

async fn receive(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    let received = desk.webhook.receive(headers, &body);
    // Keep the event first, and only then say that it arrived: what was answered with 200 never comes again.
    match received.event.map(|event| desk.events.send(event)) {
        Ok(Err(_)) => answer(Reply::retry()),
        Ok(Ok(())) | Err(_) => answer(received.reply),
    }
}

/// What the library wants to be answered, as axum sends it.
pub fn answer(reply: Reply) -> Response<Body> {
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(*name, *value);
    }
    response.body(Body::from(reply.body)).unwrap_or_else(|_| {
        let mut failed = Response::new(Body::empty());
        *failed.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        failed
    })
}
