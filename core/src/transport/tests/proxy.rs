//! Requests through a CONNECT proxy.

use super::super::environment::ProxyVariables;
use super::*;
use crate::error::{Delivery, Retry};

fn through(proxy: &Peer, user: &str) -> Transport {
    let url = format!("http://{user}{}", proxy.address);
    Transport::new(Settings {
        proxy: Proxy::Url(url.as_str().into()),
        ..settings()
    })
    .unwrap()
}

fn opening() -> Vec<hostile_peer::Step> {
    vec![
        ReadRequest,
        Send(b"HTTP/1.1 200 Connection established\r\n\r\n".to_vec()),
        Relay,
    ]
}

#[test]
fn tunnels_lead_to_plain_and_tls_targets() {
    let script = keep_alive(2);
    for target in [
        Peer::plain([script.clone()]),
        Peer::tls(certificates::server(Identity::Right), [script]),
    ] {
        let proxy = Peer::plain([opening()]);
        let transport = through(&proxy, "user:pass%40word@");
        for _ in 0..2 {
            assert_eq!(transport.send(&post(target.url("/")), some_day()).unwrap().status, 200);
        }
        assert_eq!((target.seen().connections, target.seen().requests.len()), (1, 2));
        let seen = proxy.seen();
        assert_eq!((seen.connections, seen.requests.len()), (1, 1));
        let connect = &seen.requests[0];
        assert!(
            connect.starts_with(&format!("CONNECT {} HTTP/1.1\r\n", target.address)),
            "{connect}"
        );
        assert!(
            connect.contains("Proxy-Authorization: Basic dXNlcjpwYXNzQHdvcmQ="),
            "{connect}"
        );
        assert!(!connect.contains("x-aksk"), "{connect}");
    }
}

#[test]
fn a_proxy_that_opens_no_tunnel_got_no_request() {
    let refusal = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n".to_vec();
    for script in [
        vec![ReadRequest, Send(refusal), AwaitEnd],
        vec![ReadRequest],
        vec![ReadRequest, Reset],
        vec![Reset],
        vec![ReadRequest, Send(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()), AwaitEnd],
        vec![ReadRequest, SendForever(b"x".to_vec())],
        vec![
            ReadRequest,
            Send(b"HTTP/1.1 200 OK\r\nx: ".to_vec()),
            SendForever(vec![b'x'; 4096]),
        ],
    ] {
        let proxy = Peer::plain([script.clone()]);
        let failure = failure(through(&proxy, "").send(&post("https://voice.example/"), some_day()));
        assert_eq!(
            (failure.cause, failure.handed_down),
            (Cause::Connect, false),
            "{script:?}: {failure}"
        );
        assert!(proxy.seen().requests.iter().all(|request| !request.contains(BODY)));
    }
}

#[test]
fn a_proxy_that_wants_other_credentials_is_asked_once() {
    let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n".to_vec();
    let proxy = Peer::plain([vec![ReadRequest, Send(refusal), AwaitEnd]]);
    let failure = failure(through(&proxy, "user:password@").send(&post("https://voice.example/"), some_day()));
    assert!(!failure.may_pass(), "{failure}");
    let error = failure.into_error(false);
    assert_eq!(
        (error.kind().id(), error.delivery(), error.retry()),
        ("connect", Delivery::NotSent, Retry::AfterFix)
    );
    assert!(!error.to_string().contains("password@"), "{error}");
}

#[test]
fn a_proxy_that_cannot_be_reached_got_no_request() {
    let port = RefusingPort::new();
    let url = format!("http://{}", port.address());
    let transport = Transport::new(Settings {
        proxy: Proxy::Url(url.as_str().into()),
        ..settings()
    })
    .unwrap();
    let failure = failure(transport.send(&post("http://voice.example/"), some_day()));
    assert_eq!((failure.cause, failure.handed_down), (Cause::Connect, false));
    assert!(failure.detail.starts_with("no connection to the proxy: "), "{failure}");
}

#[test]
fn a_silent_proxy_is_given_the_time_for_connecting() {
    let proxy = Peer::plain([vec![ReadRequest, Hold]]);
    let url = proxy.url("");
    let settings = Settings {
        proxy: Proxy::Url(url.as_str().into()),
        connect_timeout: Duration::from_millis(100),
        ..settings()
    };
    let failure = failure(
        Transport::new(settings)
            .unwrap()
            .send(&post("https://voice.example/"), some_day()),
    );
    assert_eq!(
        (failure.cause, failure.handed_down),
        (Cause::Timeout(Stage::Tunnel), false),
        "{failure}"
    );
}

#[test]
fn what_fails_behind_the_tunnel_is_the_targets_failure() {
    let target = Peer::plain([vec![ReadRequest, Reset]]);
    let proxy = Peer::plain([opening()]);
    let lost = failure(through(&proxy, "").send(&post(target.url("/")), some_day()));
    assert_eq!((lost.cause, lost.handed_down), (Cause::ConnectionLost, true), "{lost}");

    let target = Peer::tls(certificates::server(Identity::WrongName), [keep_alive(1)]);
    let proxy = Peer::plain([opening()]);
    let refused = failure(through(&proxy, "").send(&post(target.url("/")), some_day()));
    assert_eq!((refused.cause, refused.handed_down), (Cause::Tls, false), "{refused}");
}

#[test]
fn only_proxies_that_can_be_used_are_accepted() {
    for url in [
        "socks5://user:password@127.0.0.1:1080",
        "ftp://127.0.0.1",
        "",
        "http://",
        "http://a b",
    ] {
        let error = Transport::new(Settings {
            proxy: Proxy::Url(url.into()),
            ..settings()
        })
        .unwrap_err();
        assert_eq!(
            (error.kind().id(), error.field()),
            ("configuration", Some("/proxy")),
            "{url:?}"
        );
        assert!(!error.to_string().contains("password"), "{error}");
    }
}

#[test]
fn a_socks_proxy_of_the_environment_is_refused_by_its_variable_where_it_would_be_used() {
    let variables = |no_proxy: &'static str| {
        ProxyVariables::read(move |name| match name {
            "all_proxy" => Some("socks5://user:password@127.0.0.1:1080".to_owned()),
            "https_proxy" => Some("http://127.0.0.1:3128".to_owned()),
            "no_proxy" => Some(no_proxy.to_owned()),
            _ => None,
        })
    };
    let make = |endpoint: &str, no_proxy| {
        Transport::new(Settings {
            proxy: Proxy::FromEnvironment(variables(no_proxy)),
            endpoint: endpoint.parse().unwrap(),
            ..settings()
        })
    };
    let error = make("http://voice.example", "").unwrap_err();
    assert_eq!((error.kind().id(), error.field()), ("configuration", Some("/proxy")));
    assert!(
        error.message().contains("all_proxy") && !error.message().contains("password"),
        "{error}"
    );
    make("http://voice.example", "voice.example").unwrap();
    let transport = make("https://voice.example", "").unwrap();
    let refused = failure(transport.send(&post("http://other.example/"), some_day()));
    assert_eq!((refused.cause, refused.handed_down), (Cause::Connect, false));
    assert!(refused.detail.contains("all_proxy"), "{refused}");
}

/// Reads the environment, so it runs in a process of its own: see the next test.
#[test]
#[ignore = "needs an environment"]
fn in_an_environment_with_a_proxy() {
    let from_environment = Transport::new(Settings {
        proxy: Proxy::FromEnvironment(ProxyVariables::read(|name| std::env::var(name).ok())),
        ..settings()
    })
    .unwrap();
    let direct = transport();
    let proxied = |transport: &Transport, target: &str| {
        failure(transport.send(&post(target), some_day()))
            .detail
            .contains("the proxy")
    };
    assert!(
        proxied(&from_environment, "http://127.0.0.1:9/"),
        "the environment's proxy is asked"
    );
    assert!(
        !proxied(&from_environment, "http://127.0.0.2:9/"),
        "but not for what NO_PROXY names"
    );
    assert!(
        !proxied(&direct, "http://127.0.0.1:9/"),
        "and not by who was told nothing"
    );
}

#[test]
fn the_environment_is_read_only_when_asked() {
    let refusing = RefusingPort::new();
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "transport::tests::proxy::in_an_environment_with_a_proxy",
        ])
        .env("http_proxy", refusing.address().to_string())
        .env("HTTP_PROXY", "http://not.read.example")
        .env("NO_PROXY", "localhost, 127.0.0.2")
        .env_remove("no_proxy")
        .env_remove("ALL_PROXY")
        .env_remove("all_proxy")
        .env_remove("HTTPS_PROXY")
        .env_remove("https_proxy")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}
