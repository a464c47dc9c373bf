//! The little of a URL that this library needs: scheme, host, and what follows.

use std::net::IpAddr;

/// An absolute http or https address. Borrowed from its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HttpUrl<'a> {
    pub(crate) https: bool,
    /// Without brackets where it is an IPv6 literal.
    pub(crate) host: &'a str,
    pub(crate) user_info: Option<&'a str>,
    /// Path, query and fragment, as written.
    pub(crate) rest: &'a str,
}

impl<'a> HttpUrl<'a> {
    /// `None` when the text is no http or https address with a host and a usable port.
    pub(crate) fn parse(text: &'a str) -> Option<HttpUrl<'a>> {
        let (scheme, after) = text.split_once("://")?;
        let https = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        let (authority, rest) = after.split_at(end);
        let (user_info, host_port) = match authority.rsplit_once('@') {
            Some((user_info, host_port)) => (Some(user_info), host_port),
            None => (None, authority),
        };
        let host = split_port(host_port)?;
        let usable = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        usable.then_some(HttpUrl {
            https,
            host,
            user_info,
            rest,
        })
    }

    /// Whether the host is this machine, by name or by address; names are not resolved.
    pub(crate) fn is_loopback(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost") || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

/// The host of `host`, `host:port`, `[v6]` or `[v6]:port`.
fn split_port(host_port: &str) -> Option<&str> {
    let (host, port) = match host_port.strip_prefix('[') {
        Some(bracketed) => {
            let (host, after) = bracketed.split_once(']')?;
            let port = if after.is_empty() {
                None
            } else {
                Some(after.strip_prefix(':')?)
            };
            (host, port)
        }
        None => match host_port.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (host_port, None),
        },
    };
    port.is_none_or(|port| port.parse::<u16>().is_ok()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::HttpUrl;

    #[test]
    fn parts_of_an_address() {
        let url = HttpUrl::parse("https://user:pw@push.example.com:9330/fee?x").unwrap();
        assert_eq!((url.https, url.host, url.rest), (true, "push.example.com", "/fee?x"));
        assert_eq!(url.user_info, Some("user:pw"));
        assert_eq!(HttpUrl::parse("http://[::1]:80").unwrap().host, "::1");
    }

    #[test]
    fn what_is_no_http_address() {
        for text in [
            "",
            "ftp://h/",
            "https://",
            "https:///x",
            "//h",
            "https://h:99999",
            "https://[::1",
            "http://h:x/",
            "h",
        ] {
            assert_eq!(HttpUrl::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn loopback_by_name_and_address() {
        for (url, loopback) in [
            ("http://localhost:1", true),
            ("http://127.0.0.9/", true),
            ("http://[::1]/", true),
            ("http://localhost.example.com/", false),
            ("http://10.0.0.1/", false),
        ] {
            assert_eq!(HttpUrl::parse(url).unwrap().is_loopback(), loopback, "{url}");
        }
    }
}
