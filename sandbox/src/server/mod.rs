//! Accepts connections and serves them: the platform closes first after each answer, unless told to keep them open
//! (contract requests.md 13.1).

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderValue, Response, header};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower_service::Service;

use crate::admin;
use crate::platform::Platform;
use crate::routes;

/// The other side's address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(IpAddr);

impl Peer {
    pub(crate) fn of(extensions: &Extensions) -> IpAddr {
        extensions
            .get()
            .map_or(IpAddr::from([0, 0, 0, 0]), |Peer(address)| *address)
    }
}

/// The address under which the request came in, as the beginning of a URL.
#[derive(Debug, Clone)]
pub(crate) struct Address(pub(crate) Arc<str>);

impl<S: Send + Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Address, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_else(|| Address("".into())))
    }
}

/// Serves until its task is ended; then its connections end too.
pub(crate) async fn run(listener: TcpListener, endpoint: Arc<str>, platform: Arc<Platform>) {
    let server = Server {
        router: routes::router()
            .nest(admin::PATH, admin::router())
            .with_state(Arc::clone(&platform)),
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
            Some(_) = connections.join_next() => {}
        }
    }
}

#[derive(Debug, Clone)]
struct Server {
    router: Router,
    endpoint: Arc<str>,
    platform: Arc<Platform>,
}

impl Server {
    async fn serve(self, stream: TcpStream, peer: SocketAddr) {
        // Without delay, as answers are written whole.
        let _ = stream.set_nodelay(true);
        let keep_alive = self.platform.options.keep_alive;
        let service = service_fn(|mut request: hyper::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(Peer(peer.ip()));
            request.extensions_mut().insert(Address(Arc::clone(&self.endpoint)));
            let answer = self.router.clone().call(request);
            let platform = Arc::clone(&self.platform);
            async move {
                let mut answer = answer.await?;
                stamp(&mut answer, &platform);
                Ok::<_, Infallible>(answer)
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .keep_alive(keep_alive)
            .serve_connection(TokioIo::new(stream), service);
        // What a client does wrong on its connection is its own affair.
        let _ = connection.await;
    }
}

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
