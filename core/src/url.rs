//! The little of a URL that this library needs: scheme, host, and what follows.

use std::net::IpAddr;

use percent_encoding::{AsciiSet, CONTROLS, percent_encode};

/// What may not be in a request as it is, though people and servers write it: blanks, Chinese, quotes. `%` is left alone,
/// since what is encoded already stays so.
const UNSAFE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The address with all characters encoded that cannot be in one. Takes bytes: a server's address may be in any encoding.
pub(crate) fn encoded(address: &[u8]) -> String {
    percent_encode(address, UNSAFE).to_string()
}

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
        // A line end is of the file that the address came from, never of the address.
        if text.contains(|c: char| c.is_control()) {
            return None;
        }
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
    use super::{HttpUrl, encoded};

    #[test]
    fn parts_of_an_address() {
        let url = HttpUrl::parse("https://user:pw@push.example.com:9330/fee?x").unwrap();
        assert_eq!((url.https, url.host, url.rest), (true, "push.example.com", "/fee?x"));
        assert_eq!(url.user_info, Some("user:pw"));
        assert_eq!(HttpUrl::parse("http://[::1]:80").unwrap().host, "::1");
    }

    #[test]
    fn what_cannot_be_in_an_address_is_encoded_once() {
        assert_eq!(
            encoded("https://h/录音 1.wav?a=%20&b=1".as_bytes()),
            "https://h/%E5%BD%95%E9%9F%B3%201.wav?a=%20&b=1"
        );
        assert_eq!(encoded(b"https://h/\xc2\xbc.wav"), "https://h/%C2%BC.wav");
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
            "https://h/fee\n",
            "https://h/fee\r",
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
