//! Who may ask: programs that name this machine, and pages of the platform itself.
//!
//! A page of the open internet may make a browser send requests here, under a name that it points at this machine (DNS
//! rebinding) or across origins. Its name is not one of ours, its origin neither, and it cannot send JSON unasked.

use std::net::IpAddr;

use axum::body::Body;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, Method, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::admin;
use crate::options::Options;

/// The answer to a request that is not let in.
pub(super) fn turned_away<B>(request: &Request<B>, options: &Options) -> Option<Response<Body>> {
    let headers = request.headers();
    let named = request.uri().authority().map(Authority::as_str);
    // Clients of HTTP/1.0 may name nobody; browsers always do.
    let host = named.or_else(|| text(headers, header::HOST));
    if host.is_some_and(|host| !is_here(host, options)) {
        return Some(refused(
            StatusCode::MISDIRECTED_REQUEST,
            "this platform answers to localhost and to loopback addresses; name others in allowed_hosts",
        ));
    }
    let origin = text(headers, header::ORIGIN);
    if origin.is_some_and(|origin| !is_own(origin, host)) {
        return Some(refused(
            StatusCode::FORBIDDEN,
            "a page from elsewhere may not ask this platform",
        ));
    }
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if changes && request.uri().path().starts_with(admin::PATH) && !is_json(headers) {
        return Some(refused(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "a request that changes something has to have the content type application/json",
        ));
    }
    None
}

/// Whether the name is one of this machine's, or was allowed.
fn is_here(host: &str, options: &Options) -> bool {
    let Ok(authority) = host.parse::<Authority>() else {
        return false;
    };
    let name = authority.host().trim_end_matches('.').to_ascii_lowercase();
    let name = name.trim_matches(['[', ']']);
    match name.parse::<IpAddr>() {
        // Who listens beyond this machine is asked by its address; nobody can point an address elsewhere.
        Ok(address) => address.is_loopback() || !options.listen.ip().is_loopback() || is_allowed(name, options),
        Err(_) => name == "localhost" || name.ends_with(".localhost") || is_allowed(name, options),
    }
}

fn is_allowed(name: &str, options: &Options) -> bool {
    options
        .allowed_hosts
        .iter()
        .any(|allowed| allowed.eq_ignore_ascii_case(name))
}

/// Whether the origin is the address that was asked.
fn is_own(origin: &str, host: Option<&str>) -> bool {
    let authority = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    authority
        .zip(host)
        .is_some_and(|(authority, host)| authority.eq_ignore_ascii_case(host))
}

fn is_json(headers: &HeaderMap) -> bool {
    text(headers, header::CONTENT_TYPE).is_some_and(|named| {
        let essence = named.split(';').next().unwrap_or_default();
        essence.trim().eq_ignore_ascii_case("application/json")
    })
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    // What cannot be read is no name of ours.
    headers.get(name).map(|value| value.to_str().unwrap_or_default())
}

fn refused(status: StatusCode, why: &str) -> Response<Body> {
    (status, axum::Json(json!({ "error": why }))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(method: &str, path: &str, headers: &[(&str, &str)], options: &Options) -> Option<u16> {
        let request = headers
            .iter()
            .fold(Request::builder().method(method).uri(path), |request, (name, value)| {
                request.header(*name, *value)
            });
        turned_away(&request.body(()).unwrap(), options).map(|answer| answer.status().as_u16())
    }

    fn host(host: &str, options: &Options) -> Option<u16> {
        status("GET", "/", &[("host", host)], options)
    }

    #[test]
    fn only_names_of_this_machine_are_answered() {
        let options = Options::default();
        for name in [
            "localhost",
            "LOCALHOST:80",
            "127.0.0.1:4",
            "127.9.9.9",
            "[::1]:1",
            "a.localhost",
            "localhost.",
        ] {
            assert_eq!(host(name, &options), None, "{name}");
        }
        for name in [
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example:80",
            "192.168.0.1",
            "",
            "a b",
        ] {
            assert_eq!(host(name, &options), Some(421), "{name}");
        }
        assert_eq!(status("GET", "/", &[], &options), None);
        assert_eq!(
            status("GET", "http://evil.example/", &[("host", "localhost")], &options),
            Some(421)
        );
    }

    #[test]
    fn other_names_are_answered_when_allowed_and_addresses_when_listened_on() {
        let mut options = Options {
            allowed_hosts: vec!["Sandbox".to_owned()],
            ..Options::default()
        };
        assert_eq!(host("sandbox:80", &options), None);
        assert_eq!(host("192.168.0.1", &options), Some(421));
        options.listen = "0.0.0.0:0".parse().unwrap();
        assert_eq!(host("192.168.0.1:80", &options), None);
        assert_eq!(host("evil.example", &options), Some(421));
    }

    #[test]
    fn a_page_asks_its_own_platform_only() {
        let options = Options::default();
        let from = |origin| {
            let headers = [("host", "localhost:8080"), ("origin", origin)];
            status("GET", "/", &headers, &options)
        };
        assert_eq!(from("http://localhost:8080"), None);
        for origin in [
            "http://localhost",
            "http://127.0.0.1:8080",
            "https://evil.example",
            "null",
            "localhost:8080",
        ] {
            assert_eq!(from(origin), Some(403), "{origin}");
        }
    }

    #[test]
    fn a_change_is_json() {
        let options = Options::default();
        let change = |method, kind: Option<&str>| {
            let kind = kind.map(|kind| ("content-type", kind));
            status(method, "/_voicecall/faults", kind.as_slice(), &options)
        };
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            assert_eq!(change(method, Some("application/json; charset=utf-8")), None);
            for kind in [
                None,
                Some("text/plain"),
                Some("application/jsonp"),
                Some("text/plain; x=application/json"),
            ] {
                assert_eq!(change(method, kind), Some(415), "{method} {kind:?}");
            }
        }
        assert_eq!(change("GET", None), None);
        assert_eq!(status("POST", "/rest/httpsessions/callStop/v2.0", &[], &options), None);
    }
}
