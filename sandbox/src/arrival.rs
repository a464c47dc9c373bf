//! Where a request came from, and under which address: the server notes it, and who answers reads it.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::Extensions;
use axum::http::request::Parts;

/// The other side's address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(IpAddr);

impl Peer {
    pub(crate) fn at(address: IpAddr) -> Peer {
        Peer(address)
    }

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
