//! Where this transport meets ureq: the connector at the top of its chain, and the resolver that leaves the look-up to
//! it.
//!
//! Everything that touches ureq's `unversioned` modules is in this file: they may change in any minor version.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};
use std::{fmt, io};

use rustls::ClientConfig;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers as UreqBuffers, ConnectProxyConnector, ConnectionDetails, Connector, Either, NextTimeout, ShutdownHandle,
    Transport, TransportAdapter,
};
use ureq::{Agent, Error};

use super::attempt::{self, Reach, Stage};
use super::buffers::Buffers;
use super::inside::is_inside;
use super::interruption::{Closed, Interruption};
use super::link::{Cargo, Link, Stream};
use super::names::Names;
use super::reuse::{Lease, Reuse};
use super::socket::Socket;
use super::tls;

/// What a new connection needs.
pub(super) struct Linker {
    pub(super) names: Arc<Names>,
    pub(super) tls: Arc<ClientConfig>,
    pub(super) closed: Closed,
    pub(super) reuse: Arc<Reuse>,
    pub(super) endpoint_host: String,
    pub(super) resolve_timeout: Duration,
    pub(super) connect_timeout: Duration,
}

/// An agent whose connections are made by `linker`.
pub(super) fn agent(config: Config, linker: Linker) -> Agent {
    let chain = ().chain(ConnectProxyConnector::default()).chain(linker);
    Agent::with_parts(config, chain, Later)
}

impl Connector<Either<(), Box<dyn Transport>>> for Linker {
    type Out = Link;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        tunnel: Option<Either<(), Box<dyn Transport>>>,
    ) -> Result<Option<Link>, Error> {
        let (host, port) = host_and_port(details.uri)?;
        // To reach the proxy, ureq runs the chain a second time without one.
        let tunnels = attempt::is_proxied() && details.config.proxy().is_none();
        attempt::at_proxy(tunnels);
        let mut stream: Box<dyn Stream> = match tunnel {
            Some(Either::B(tunnel)) => {
                // The proxy looks names up, so only an address can be judged here.
                let literal = host.parse().into_iter().map(|ip| SocketAddr::new(ip, port));
                self.reachable(literal.collect()).map_err(io::Error::from)?;
                Box::new(Tunnel(TransportAdapter::new(tunnel, details.current_time.clone())))
            }
            _ => Box::new(self.connect_socket(host, port, tunnels, details)?),
        };
        if details.needs_tls() {
            attempt::enter(Stage::Tls);
            stream = tls::handshake(&self.tls, host, stream)?;
        }
        let cargo = if tunnels {
            attempt::enter(Stage::Tunnel);
            Cargo::Tunnel
        } else {
            Cargo::Requests(Lease::new(&self.reuse, format!("{host}:{port}")))
        };
        // Twice the longest head: ureq has to see that a head is too long.
        let longest_input = 2 * details.config.max_response_header_size();
        let closed = Arc::clone(&self.closed);
        Ok(Some(Link::new(
            stream,
            cargo,
            details.needs_tls(),
            closed,
            longest_input,
        )))
    }
}

impl Linker {
    /// `tunnels`: the connection is to the proxy, which the settings name.
    fn connect_socket(
        &self,
        host: &str,
        port: u16,
        tunnels: bool,
        details: &ConnectionDetails<'_>,
    ) -> Result<Socket, io::Error> {
        attempt::enter(Stage::Resolve);
        let mut addresses = self.names.find(host, port, self.resolve_limit())?;
        if !tunnels {
            addresses = self.reachable(addresses)?;
        }
        attempt::begin_connecting(self.connect_timeout);
        let connected = Socket::connect(&addresses, &self.closed, |stream| {
            let handle: Weak<dyn ShutdownHandle> = Arc::downgrade(stream) as _;
            (details.register_shutdown)(handle).map_err(Error::into_io)
        });
        match &connected {
            Ok(socket) => socket.peer().into_iter().for_each(|ip| self.names.prefer(host, ip)),
            Err(_) => self.names.forget(host),
        }
        connected
    }
}

impl Linker {
    fn resolve_limit(&self) -> Instant {
        let now = Instant::now();
        let limit = now.checked_add(self.resolve_timeout).unwrap_or(now);
        limit.min(attempt::limit())
    }

    /// Those of the addresses to which the attempt may connect; an error where there are some and it may to none.
    fn reachable(&self, mut addresses: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Interruption> {
        let inside = |addresses: &[SocketAddr]| addresses.iter().any(|address| is_inside(address.ip()));
        if attempt::reach() == Reach::Anywhere || !inside(&addresses) {
            return Ok(addresses);
        }
        if inside(&self.names.find(&self.endpoint_host, 0, self.resolve_limit())?) {
            return Ok(addresses);
        }
        addresses.retain(|address| !is_inside(address.ip()));
        if addresses.is_empty() {
            return Err(Interruption::Forbidden);
        }
        Ok(addresses)
    }
}

fn host_and_port(uri: &Uri) -> Result<(&str, u16), Error> {
    let host = uri.host().ok_or_else(|| Error::BadUri("no host".to_owned()))?;
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    let default = if uri.scheme_str() == Some("https") { 443 } else { 80 };
    Ok((bare, uri.port_u16().unwrap_or(default)))
}

impl fmt::Debug for Linker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Linker")
    }
}

/// Resolves nothing. ureq asks its resolver before it looks for a pooled connection, so a real answer would cost a
/// look-up that is not needed; [`Linker`] looks the name up once it knows that a connection has to be made.
#[derive(Debug)]
struct Later;

impl Resolver for Later {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let mut addresses = self.empty();
        addresses.push(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)));
        Ok(addresses)
    }
}

/// ureq's own time-outs are all switched off: the attempt's limit, which the socket keeps, knows every stage.
impl Transport for Link {
    fn buffers(&mut self) -> &mut dyn UreqBuffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), Error> {
        Ok(self.transmit(amount)?)
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, Error> {
        Ok(self.receive()?)
    }

    fn is_open(&mut self) -> bool {
        Link::is_open(self)
    }

    fn is_tls(&self) -> bool {
        Link::is_tls(self)
    }
}

impl UreqBuffers for Buffers {
    fn output(&mut self) -> &mut [u8] {
        self.output_room()
    }

    fn input(&self) -> &[u8] {
        Buffers::input(self)
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        self.input_room()
    }

    fn input_appended(&mut self, amount: usize) {
        self.keep(amount);
    }

    fn input_consume(&mut self, amount: usize) {
        self.consume(amount);
    }

    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        self.scratch_and_output_room()
    }

    fn can_use_input(&self) -> bool {
        Buffers::can_use_input(self)
    }
}

/// A connection through a proxy, as bytes both ways.
struct Tunnel(TransportAdapter);

impl io::Read for Tunnel {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl io::Write for Tunnel {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Stream for Tunnel {
    fn is_quiet(&mut self) -> bool {
        self.0.get_mut().buffers().input().is_empty() && self.0.get_mut().is_open()
    }
}

impl fmt::Debug for Tunnel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tunnel").field(self.0.inner()).finish()
    }
}
