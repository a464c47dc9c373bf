//! Where a request goes: the parts of its URL.

use std::net::SocketAddr;

use hyper::Uri;
use tokio::net::lookup_host;

/// The parts of an http or https URL.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) https: bool,
    /// Without brackets where it is an IPv6 literal.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// `host` or `host:port`, as written.
    pub(crate) authority: String,
    /// Path and query.
    pub(crate) path: String,
}

impl Target {
    /// The error says what is wrong with the text, without the text: it may hold a password.
    pub(crate) fn parse(url: &str) -> Result<Target, &'static str> {
        let uri: Uri = url.parse().map_err(|_| "not a URL")?;
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err("must begin with http:// or https://"),
        };
        let authority = uri.authority().ok_or("has no host")?;
        if authority.as_str().contains('@') {
            return Err("must have no user and password");
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        Ok(Target {
            https,
            host: host.to_owned(),
            port: authority.port_u16().unwrap_or(if https { 443 } else { 80 }),
            authority: authority.to_string(),
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        })
    }

    pub(crate) async fn resolve(&self) -> Result<Vec<SocketAddr>, String> {
        let found = lookup_host((self.host.as_str(), self.port)).await;
        let addresses: Vec<_> = found
            .map_err(|error| format!("{} is not known: {error}", self.host))?
            .collect();
        if addresses.is_empty() {
            return Err(format!("{} has no address", self.host));
        }
        Ok(addresses)
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn a_url_has_parts() {
        let target = Target::parse("https://[::1]:8443/a?b").unwrap();
        assert_eq!(
            (target.host.as_str(), target.port, target.path.as_str()),
            ("::1", 8443, "/a?b")
        );
        assert_eq!(Target::parse("http://example.com").unwrap().port, 80);
        for wrong in [
            "",
            "example.com",
            "ftp://example.com/",
            "http://u:p@example.com/",
            "http:///x",
        ] {
            assert!(Target::parse(wrong).is_err(), "{wrong}");
        }
    }
}
