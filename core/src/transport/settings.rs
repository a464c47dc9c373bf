//! What a transport is told when it is made.

use std::time::Duration;

use ureq::http::Uri;

use super::environment::ProxyVariables;
use crate::config::{Config, ConnectionReuse, USER_AGENT, duration_of};
use crate::error::{Delivery, Error, ErrorKind, Rule};
use crate::pointer::Pointer;
use crate::secret::Secret;

/// The word that stands in the place of a proxy's URL.
const ENVIRONMENT: &str = "environment";
/// The longest answer that is read.
const MAX_RESPONSE_BYTES: usize = 1024 * 1024;

#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) resolve_timeout: Duration,
    /// For a TCP connection, the tunnel through a proxy and the TLS handshake together.
    pub(crate) connect_timeout: Duration,
    /// For the head of a streamed answer, and for each piece of its body.
    pub(crate) piece_timeout: Duration,
    pub(crate) proxy: Proxy,
    /// Authorities to trust beside the built-in ones.
    pub(crate) extra_ca_pem: Option<Vec<u8>>,
    pub(crate) connection_reuse: ConnectionReuse,
    /// A connection that was idle for so long is not used again.
    pub(crate) idle_timeout: Duration,
    pub(crate) user_agent: String,
    /// The platform: where it is, recordings may be.
    pub(crate) endpoint: Uri,
    pub(crate) max_response_bytes: usize,
}

/// Whether requests go through a proxy.
#[derive(Debug, Clone)]
pub(crate) enum Proxy {
    None,
    /// Every request goes through this one. The URL may hold a password.
    Url(Secret),
    /// As `HTTPS_PROXY` and its like say, with the exceptions of `NO_PROXY`.
    FromEnvironment(ProxyVariables),
}

impl Settings {
    /// Reads them from a client's configuration; opens the CA file.
    pub(crate) fn from_config(config: &Config) -> Result<Settings, Error> {
        Ok(Settings {
            resolve_timeout: duration_of(config, "resolveTimeoutMs"),
            connect_timeout: duration_of(config, "connectTimeoutMs"),
            piece_timeout: duration_of(config, "timeoutMs"),
            proxy: match &config.proxy {
                None => Proxy::None,
                Some(word) if word.expose() == ENVIRONMENT => Proxy::FromEnvironment(ProxyVariables::read(variable)),
                Some(url) => Proxy::Url(url.clone()),
            },
            extra_ca_pem: config.ca_file.as_deref().map(read_ca_file).transpose()?,
            connection_reuse: config.connection_reuse.clone().unwrap_or(ConnectionReuse::Announced),
            idle_timeout: duration_of(config, "idleTimeoutMs"),
            user_agent: config.user_agent.clone().unwrap_or_else(|| USER_AGENT.to_owned()),
            endpoint: config.base_url().parse().unwrap_or_default(),
            max_response_bytes: MAX_RESPONSE_BYTES,
        })
    }

    /// The proxy that every request goes through.
    pub(super) fn fixed_proxy(&self) -> Result<Option<ureq::Proxy>, Error> {
        let Proxy::Url(url) = &self.proxy else {
            return Ok(None);
        };
        // ureq would go to the target directly if it cannot speak to the proxy.
        match ureq::Proxy::new(url.expose()) {
            Ok(proxy) if speaks_http(&proxy) => Ok(Some(proxy)),
            _ => Err(unusable_proxy("must be the address of an http or https proxy")),
        }
    }

    /// The environment's proxies, if it is to decide; refuses those that the endpoint cannot be reached through.
    pub(super) fn proxy_variables(&self) -> Result<Option<ProxyVariables>, Error> {
        let Proxy::FromEnvironment(variables) = &self.proxy else {
            return Ok(None);
        };
        proxy_for(variables, &self.endpoint).map_err(|why| unusable_proxy(&why))?;
        Ok(Some(variables.clone()))
    }
}

/// The environment's proxy for this target. The error says what is wrong with it.
pub(super) fn proxy_for(variables: &ProxyVariables, target: &Uri) -> Result<Option<ureq::Proxy>, String> {
    let https = target.scheme_str() == Some("https");
    let port = target.port_u16().unwrap_or(if https { 443 } else { 80 });
    let host = target.host().unwrap_or_default();
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    if variables.excepts(bare.unwrap_or(host), port) {
        return Ok(None);
    }
    let unusable = |name| format!("the environment variable {name} must be the address of an http or https proxy");
    let Some(proxy) = variables.proxy(https).map_err(unusable)? else {
        return Ok(None);
    };
    match ureq::Proxy::new(&proxy.address) {
        Ok(proxy) if speaks_http(&proxy) => Ok(Some(proxy)),
        _ => Err(unusable(proxy.variable)),
    }
}

fn speaks_http(proxy: &ureq::Proxy) -> bool {
    matches!(proxy.protocol(), ureq::ProxyProtocol::Http | ureq::ProxyProtocol::Https)
}

/// A variable of the environment, if it is text.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The CA file holds something else than certificates.
pub(super) fn unusable_ca_file(why: &str) -> Error {
    let message = format!("/caFile: {why}");
    Error::new(ErrorKind::Configuration, Delivery::NotSent, message).with_field(&Pointer::root().member("caFile"))
}

fn read_ca_file(path: &str) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|error| unusable_ca_file(&format!("cannot be read: {error}")))
}

/// Names no part of the address: it may hold a password.
fn unusable_proxy(why: &str) -> Error {
    Error::configuration(&Pointer::root().member("proxy"), Rule::Url, why)
}
