//! Accepts connections and serves them: the platform closes first after each answer, without a word, unless told to keep
//! them open (contract requests.md 13.1, D27).

pub(crate) mod door;
mod peek;
mod visitor;

use std::convert::Infallible;
use std::fmt;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, Version, header};
use door::Shut;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tower_service::Service;

use crate::admin;
use crate::arrival::{Address, Peer};
use crate::faults::answer::{self, Outcome};
use crate::faults::script::{End, Script};
use crate::faults::target::Asked;
use crate::faults::{Fault, FaultKind};
use crate::lock::lock;
use crate::page;
use crate::platform::Platform;
use crate::routes::{self, WrongRequest};
use crate::stream::Stream;
use crate::tls;

/// Serves until its task is ended; then its connections end too. With TLS, the admin API and the page are served without
/// it as well, on the same port: whoever tests or looks on need not know the authority.
pub(crate) async fn run(
    mut listener: TcpListener,
    tls: Option<TlsAcceptor>,
    mut orders: mpsc::UnboundedReceiver<Shut>,
    endpoint: Arc<str>,
    platform: Arc<Platform>,
) {
    let own = || Router::new().nest(admin::PATH, admin::router()).merge(page::router());
    let server = Server {
        router: routes::router().merge(own()).with_state(Arc::clone(&platform)),
        without_tls: tls.is_some().then(|| own().with_state(Arc::clone(&platform))),
        tls,
        endpoint,
        platform,
    };
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(server.clone().serve(stream, peer));
                }
                // Out of file descriptors, or the peer has gone already: the next one may be luckier.
                Err(_) => tokio::task::yield_now().await,
            },
            Some(order) = orders.recv() => match door::shut(listener, order).await {
                Ok(open) => listener = open,
                // The port is lost, and with it the platform.
                Err(_) => return,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

#[derive(Clone)]
struct Server {
    router: Router,
    /// What is served without TLS on a platform that speaks TLS.
    without_tls: Option<Router>,
    tls: Option<TlsAcceptor>,
    endpoint: Arc<str>,
    platform: Arc<Platform>,
}

impl Server {
    async fn serve(self, stream: TcpStream, peer: SocketAddr) {
        // Without delay, as answers are written whole.
        let _ = stream.set_nodelay(true);
        let tls = match &self.tls {
            Some(tls) if peek::is_handshake(&stream).await => Some(tls),
            _ => None,
        };
        if let Some(script) = self.struck_before_reading(&stream, tls.is_some()).await {
            let _ = script.play(&mut Stream::Plain(stream)).await;
            return;
        }
        let (stream, router) = match tls {
            None => (Stream::Plain(stream), self.without_tls.as_ref().unwrap_or(&self.router)),
            Some(tls) => match tls.accept(stream).await {
                Ok(stream) => (Stream::Tls(Box::new(stream.into())), &self.router),
                // A client that does not trust the authority, or no client of TLS at all.
                Err(_) => return,
            },
        };
        let instead = Instead::default();
        let answered = Answered::default();
        let service = service_fn(|mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer::at(peer.ip()));
            request.extensions_mut().insert(Address(Arc::clone(&self.endpoint)));
            Box::pin(self.answer(request, router.clone(), &instead, &answered))
        });
        let mut connection = http1::Builder::new()
            .timer(TokioTimer::new())
            // The documented case of header names, by which some clients look (contract requests.md 18, D22).
            .title_case_headers(true)
            .serve_connection(TokioIo::new(stream), service);
        // What a client does wrong on its connection is its own affair.
        let _ = std::future::poll_fn(|context| {
            let polled = connection.poll_without_shutdown(context);
            if polled.is_ready() || self.platform.options.keep_alive || !answered.get() {
                return polled;
            }
            // The head of the answer has been written without a word about this.
            Pin::new(&mut connection).graceful_shutdown();
            connection.poll_without_shutdown(context)
        })
        .await;
        let mut stream = connection.into_parts().io.into_inner();
        let script = instead.take().unwrap_or(Script::only(End::Close));
        let _ = script.play(&mut stream).await;
    }

    /// What happens to the connection before its request is read. Under TLS nobody knows what it will ask for.
    async fn struck_before_reading(&self, stream: &TcpStream, is_tls: bool) -> Option<Script> {
        let faults = &self.platform.faults;
        if !faults.is_open() {
            return None;
        }
        let asked = match is_tls {
            true => None,
            false => Some(peek::asked(stream).await?),
        };
        let fault = faults.strike_connection(asked, is_tls)?;
        let on = asked.map_or(fault.on.name(), Asked::name);
        self.platform.tell_fault(&fault, on, None);
        Some(match fault.fault {
            FaultKind::TlsFailure => Script::bytes(&tls::REFUSAL, End::Close),
            _ => Script::only(End::Reset),
        })
    }

    async fn answer(
        &self,
        request: Request<Incoming>,
        router: Router,
        instead: &Instead,
        answered: &Answered,
    ) -> Result<Response<Body>, Broken> {
        let keep_alive = self.platform.options.keep_alive;
        // A second request on a connection that ends with the answer to the first.
        if answered.get() && !keep_alive {
            return Err(Broken);
        }
        // Without a word, a client of HTTP/1.0 that asks for it would be told that its connection is kept.
        let is_older = request.version() < Version::HTTP_11;
        let is_own = [page::PATH, admin::PATH].contains(&first_segment(request.uri().path()));
        let mut answer = match visitor::turned_away(&request, &self.platform.options) {
            Some(answer) => answer,
            None => self.answer_of_the_service(request, router, instead).await?,
        };
        // What is no part of the service says what it does; a browser's page need not guess.
        let announced = match (keep_alive, is_own || is_older) {
            (true, _) => Some("keep-alive"),
            (false, true) => Some("close"),
            (false, false) => None,
        };
        if let Some(announced) = announced {
            let headers = answer.headers_mut();
            headers.insert(header::CONNECTION, HeaderValue::from_static(announced));
        }
        stamp(&mut answer, &self.platform);
        answered.0.store(true, Ordering::Relaxed);
        Ok(answer)
    }

    async fn answer_of_the_service(
        &self,
        request: Request<Incoming>,
        mut router: Router,
        instead: &Instead,
    ) -> Result<Response<Body>, Broken> {
        let answer = match self.struck(&request) {
            None => {
                let answer: Result<_, Infallible> = router.call(request).await;
                answer.unwrap_or_else(|never| match never {})
            }
            Some(fault) => match answer::suffer(&fault, request, &mut router, &self.platform.options).await {
                Outcome::Answer(answer) => answer,
                Outcome::Script(script) => return Err(instead.put(script)),
            },
        };
        let is_wrong = answer.extensions().get::<WrongRequest>().is_some();
        if is_wrong && self.platform.options.choices.silent_on_wrong_requests {
            return Err(instead.put(Script::only(End::Hold)));
        }
        Ok(answer)
    }

    fn struck(&self, request: &Request<Incoming>) -> Option<Fault> {
        let faults = &self.platform.faults;
        if !faults.is_open() {
            return None;
        }
        let asked = Asked::at(request.uri().path())?;
        let fault = faults.strike_answer(asked)?;
        self.platform.tell_fault(&fault, asked.name(), None);
        Some(fault)
    }
}

/// Whether a request of the connection was answered.
#[derive(Debug, Default)]
struct Answered(AtomicBool);

impl Answered {
    fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// `/a` of `/a/b`.
fn first_segment(path: &str) -> &str {
    let end = path.get(1..).and_then(|rest| rest.find('/'));
    end.and_then(|end| path.get(..=end)).unwrap_or(path)
}

/// What a connection carries instead of what the HTTP library would write.
#[derive(Debug, Default)]
struct Instead(Mutex<Option<Script>>);

impl Instead {
    /// Keeps the script, and gives the error that makes the HTTP library let go of the connection.
    fn put(&self, script: Script) -> Broken {
        *lock(&self.0) = Some(script);
        Broken
    }

    fn take(&self) -> Option<Script> {
        lock(&self.0).take()
    }
}

/// The HTTP library is to write nothing.
#[derive(Debug)]
struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fault has struck")
    }
}

impl std::error::Error for Broken {}

/// Lets `Date` show the platform's clock where that is not this machine's.
fn stamp<B>(answer: &mut Response<B>, platform: &Platform) {
    if platform.wall_clock.offset_seconds == 0 {
        return;
    }
    let seconds = u64::try_from(platform.wall_clock.unix_seconds()).unwrap_or(0);
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
    if let Ok(date) = HeaderValue::from_str(&httpdate::fmt_http_date(time)) {
        answer.headers_mut().insert(header::DATE, date);
    }
}
