//! A small HTTP client for everything but the platform's calls: it forwards and replays webhooks, and lets `doctor` look
//! at each stage of a connection on its own. One request per connection; redirects are not followed.

mod certificate;
mod link;
mod target;
mod trust;

use std::sync::Arc;
use std::time::Duration;

use hyper::body::Bytes;
use hyper::{HeaderMap, Request};
use rustls::ClientConfig;
use tokio::runtime::{Builder, Runtime};

pub(crate) use link::{Link, Secured, Tls};
pub(crate) use target::Target;
pub(crate) use trust::trust;

use crate::exit::Failure;

/// Longest time for a request and its answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// At most the first 64 KiB.
    pub(crate) body: Bytes,
}

/// A client for programs without a runtime. It blocks.
pub(crate) struct Http {
    runtime: Runtime,
    trust: Arc<ClientConfig>,
}

impl Http {
    /// `ca_file` holds authorities to trust beside the built-in ones.
    pub(crate) fn new(ca_file: Option<&str>) -> Result<Http, Failure> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::local(format!("no network: {error}")))?;
        let trust = trust(ca_file).map_err(Failure::usage)?;
        Ok(Http { runtime, trust })
    }

    /// Posts the body. The error says why there was no answer.
    pub(crate) fn post(&self, target: &Target, headers: HeaderMap, body: Bytes) -> Result<Answer, String> {
        let mut request = Request::post(&target.path);
        if let Some(of_request) = request.headers_mut() {
            of_request.extend(headers);
        }
        self.exchange(target, request.body(body).map_err(|error| error.to_string())?)
    }

    pub(crate) fn get(&self, target: &Target) -> Result<Answer, String> {
        let request = Request::get(&target.path).body(Bytes::new());
        self.exchange(target, request.map_err(|error| error.to_string())?)
    }

    fn exchange(&self, target: &Target, request: Request<Bytes>) -> Result<Answer, String> {
        let exchange = async {
            let addresses = target.resolve().await?;
            let link = Link::connect(&addresses).await?;
            link.secure(target, &self.trust).await?.send(target, request).await
        };
        self.runtime
            .block_on(async { tokio::time::timeout(PATIENCE, exchange).await })
            .unwrap_or_else(|_| Err(format!("no answer within {PATIENCE:?}")))
    }

    /// Runs the stages one by one.
    pub(crate) fn run<T>(&self, stages: impl Future<Output = T>) -> T {
        self.runtime.block_on(stages)
    }

    pub(crate) fn trusted(&self) -> &Arc<ClientConfig> {
        &self.trust
    }
}
