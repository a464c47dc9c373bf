//! The only network I/O of this library: one HTTP request, one answer, or the reason why there is none and whether a
//! byte of the request may have reached the platform.
//!
//! It never repeats a request by itself, follows no redirects, keeps no cookies, and takes every status for an answer.
//! A call runs on the thread that makes it; a thread of its own is started only to look up a name, since that cannot be
//! interrupted. Nothing is global: a process that was forked makes a new transport and is well.
//!
//! From the outside to the inside: [`Transport`] runs ureq within an [`attempt`]; ureq asks the [`chain`] for a
//! connection, which is a [`link`] over [`tls`] or not, over a [`socket`].

mod answer;
mod attempt;
mod buffers;
mod chain;
mod ending;
mod environment;
mod failure;
mod inside;
mod interruption;
mod link;
mod names;
mod race;
mod reuse;
mod settings;
mod socket;
#[cfg(test)]
mod tests;
pub(crate) mod tls;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ureq::http::{self, HeaderValue, Uri, header};
use ureq::{Agent, Body, Proxy};

pub(crate) use answer::{Answer, Streaming};
pub(crate) use attempt::Reach;
pub(crate) use failure::{CANCELLED, Failure};
pub(crate) use settings::Settings;

use crate::cancellation::Cancellation;
use crate::config::ConnectionReuse;
use crate::error::Error;
use crate::request::HttpRequest;
use answer::Reader;
use attempt::Attempt;
use chain::Linker;
use ending::Ending;
use environment::ProxyVariables;
use interruption::Closed;
use names::Names;
use reuse::Reuse;

/// The longest head of an answer that is read.
const MAX_RESPONSE_HEAD_BYTES: usize = 64 * 1024;

/// Carries requests to the platform. May be used by any number of threads at once.
pub(crate) struct Transport {
    agent: Agent,
    /// Whether the agent sends every request through a proxy.
    proxied: bool,
    /// What the environment says, where it decides.
    variables: Option<ProxyVariables>,
    names: Arc<Names>,
    closed: Closed,
    connection_reuse: ConnectionReuse,
    ending: Arc<Ending>,
    max_response_bytes: usize,
    piece_timeout: Duration,
}

/// What ends a call early.
#[derive(Clone)]
pub(crate) struct Bounds {
    pub(crate) deadline: Instant,
    pub(crate) cancellation: Option<Cancellation>,
}

impl From<Instant> for Bounds {
    fn from(deadline: Instant) -> Bounds {
        Bounds {
            deadline,
            cancellation: None,
        }
    }
}

impl Transport {
    /// Opens no connection yet.
    pub(crate) fn new(settings: Settings) -> Result<Transport, Error> {
        Transport::with_names(settings, Names::of_the_system())
    }

    fn with_names(settings: Settings, names: Names) -> Result<Transport, Error> {
        let proxy = settings.fixed_proxy()?;
        let variables = settings.proxy_variables()?;
        let tls = tls::config(settings.extra_ca_pem.as_deref()).map_err(|why| settings::unusable_ca_file(&why))?;
        let names = Arc::new(names);
        let closed = Closed::new(AtomicBool::new(false));
        let linker = Linker {
            names: Arc::clone(&names),
            tls,
            closed: Arc::clone(&closed),
            reuse: Reuse::new(settings.idle_timeout),
            endpoint_host: settings.endpoint.host().unwrap_or_default().to_owned(),
            resolve_timeout: settings.resolve_timeout,
            connect_timeout: settings.connect_timeout,
        };
        let proxied = proxy.is_some();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(proxy)
            .user_agent(settings.user_agent)
            .accept_encoding("")
            .max_response_header_size(MAX_RESPONSE_HEAD_BYTES)
            // Each connection has a lease, which knows better. There are never more of them than there were calls at
            // the same time.
            .max_idle_connections(usize::MAX)
            .max_idle_connections_per_host(usize::MAX)
            .max_idle_age(settings.idle_timeout)
            .build();
        Ok(Transport {
            agent: chain::agent(config, linker),
            proxied,
            variables,
            names,
            closed,
            connection_reuse: settings.connection_reuse,
            ending: Arc::new(Ending::new()),
            max_response_bytes: settings.max_response_bytes,
            piece_timeout: settings.piece_timeout,
        })
    }

    /// One attempt: sends the request and reads the whole answer before the deadline.
    pub(crate) fn send(&self, request: &HttpRequest, bounds: impl Into<Bounds>) -> Result<Answer, Failure> {
        let bounds = bounds.into();
        let attempt = Attempt::new(bounds.deadline).ended_by(bounds.cancellation);
        self.open(request, attempt, bounds.deadline, None)?
            .complete(self.max_response_bytes)
    }

    /// One attempt: sends the request and reads the head of the answer. The body may be of any length; each piece of it
    /// has its own time, and all of it the deadline. `reach`: where the address may lead.
    pub(crate) fn open_stream(
        &self,
        request: &HttpRequest,
        deadline: Instant,
        reach: Reach,
    ) -> Result<Streaming, Failure> {
        let head_deadline = Instant::now()
            .checked_add(self.piece_timeout)
            .unwrap_or(deadline)
            .min(deadline);
        let attempt = Attempt::new(head_deadline).reaching(reach);
        self.open(request, attempt, deadline, Some(self.piece_timeout))
    }

    /// Ends calls in flight on other threads and refuses new ones. Closing twice is harmless.
    pub(crate) fn close(&self) {
        // First of all: who is woken by what follows asks for the reason here.
        self.closed.store(true, Ordering::Release);
        self.names.close();
        self.agent.clone().shutdown();
        self.ending.clear();
    }

    fn open(
        &self,
        request: &HttpRequest,
        mut attempt: Attempt,
        deadline: Instant,
        piece_timeout: Option<Duration>,
    ) -> Result<Streaming, Failure> {
        if self.closed.load(Ordering::Acquire) {
            return Err(Failure::closed());
        }
        let head = self.head(request).map_err(|error| Failure::request(&error))?;
        let target = head.uri().clone();
        let proxy = match &self.variables {
            Some(variables) => settings::proxy_for(variables, &target).map_err(|why| Failure::no_proxy(&why))?,
            None => None,
        };
        attempt.proxied = self.proxied || proxy.is_some();
        let answer = attempt
            .run(|| self.run(head, proxy, request.body.as_deref()))
            .map_err(|error| {
                let closed = self.closed.load(Ordering::Acquire);
                Failure::diagnose(error, &attempt, &target, closed)
            })?;
        let (parts, body) = answer.into_parts();
        if let Some(lease) = &attempt.lease {
            lease.answered(self.connection_reuse == ConnectionReuse::Announced && announces_keep_alive(&parts));
        }
        let reader = Reader {
            body: body.into_reader(),
            attempt,
            target,
            closed: Arc::clone(&self.closed),
            deadline,
            piece_timeout,
            ending: Arc::clone(&self.ending),
        };
        Ok(Streaming::new(parts.status.as_u16(), parts.headers, reader))
    }

    /// `proxy`: one for this request alone.
    fn run(
        &self,
        head: http::Request<()>,
        proxy: Option<Proxy>,
        body: Option<&[u8]>,
    ) -> Result<http::Response<Body>, ureq::Error> {
        match (body, proxy) {
            (Some(body), None) => self.agent.run(head.map(|()| body)),
            (None, None) => self.agent.run(head),
            (Some(body), proxy) => {
                let request = self.agent.configure_request(head.map(|()| body));
                self.agent.run(request.proxy(proxy).build())
            }
            (None, proxy) => self.agent.run(self.agent.configure_request(head).proxy(proxy).build()),
        }
    }

    fn head(&self, request: &HttpRequest) -> Result<http::Request<()>, http::Error> {
        let uri: Uri = request.url.parse()?;
        let mut head = http::Request::builder().method(request.method.as_str()).uri(uri);
        for (name, value) in &request.headers {
            let mut value = HeaderValue::from_str(value)?;
            // ureq's log hides most values as it is; this one may be a digest.
            value.set_sensitive(true);
            head = head.header(*name, value);
        }
        if self.connection_reuse == ConnectionReuse::Never {
            head = head.header(header::CONNECTION, "close");
        }
        head.body(())
    }
}

/// Whether the peer says that it keeps the connection after this answer.
fn announces_keep_alive(answer: &http::response::Parts) -> bool {
    let says = |word: &[u8]| {
        let lines = answer.headers.get_all(header::CONNECTION).iter();
        let mut words = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
        words.any(|said| said.trim_ascii().eq_ignore_ascii_case(word))
    };
    says(b"keep-alive") && !says(b"close")
}

impl std::fmt::Debug for Transport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Transport")
    }
}
