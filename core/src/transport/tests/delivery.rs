//! What each misbehaviour is called, and whether the request may have arrived.

use std::net::SocketAddr;

use super::*;

struct Row {
    what: &'static str,
    script: Vec<hostile_peer::Step>,
    cause: Cause,
    /// Complete requests that the peer received.
    requests: usize,
}

fn row(what: &'static str, script: impl Into<Vec<hostile_peer::Step>>, cause: Cause, requests: usize) -> Row {
    Row {
        what,
        script: script.into(),
        cause,
        requests,
    }
}

fn text(text: &str) -> hostile_peer::Step {
    Send(text.as_bytes().to_vec())
}

/// A peer that takes the connection and then fails. The request was handed down in all of these.
fn rows() -> Vec<Row> {
    let lost = Cause::ConnectionLost;
    vec![
        row("reset before reading", [Reset], lost, 0),
        row("reset after a part of the request", [ReadSome, Reset], lost, 0),
        row("reset after the request", [ReadRequest, Reset], lost, 1),
        row("end instead of an answer", [ReadRequest], lost, 1),
        row(
            "end within the head",
            [ReadRequest, text("HTTP/1.1 200 OK\r\ncontent-le")],
            lost,
            1,
        ),
        row(
            "end within the body",
            [ReadRequest, text("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{")],
            lost,
            1,
        ),
        row(
            "end within a chunk",
            [
                ReadRequest,
                text("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{"),
            ],
            lost,
            1,
        ),
        row(
            "reset within a body without length",
            [ReadRequest, text("HTTP/1.1 200 OK\r\n\r\n{"), Reset],
            lost,
            1,
        ),
        row(
            "a body announced over the limit",
            [
                ReadRequest,
                text("HTTP/1.1 200 OK\r\ncontent-length: 65537\r\n\r\n"),
                AwaitEnd,
            ],
            Cause::BodyTooLarge,
            1,
        ),
        row(
            "an endless body",
            [
                ReadRequest,
                text("HTTP/1.1 200 OK\r\n\r\n"),
                SendForever(vec![b' '; 4096]),
            ],
            Cause::BodyTooLarge,
            1,
        ),
        row(
            "another protocol",
            [ReadRequest, text("SSH-2.0-OpenSSH_9.6\r\n"), AwaitEnd],
            Cause::Protocol,
            1,
        ),
        row(
            "an endless line in the head",
            [
                ReadRequest,
                text("HTTP/1.1 200 OK\r\nx: "),
                SendForever(vec![b'x'; 4096]),
            ],
            Cause::Protocol,
            1,
        ),
        row(
            "an endless head",
            [
                ReadRequest,
                text("HTTP/1.1 200 OK\r\n"),
                SendForever(b"x: y\r\n".to_vec()),
            ],
            Cause::Protocol,
            1,
        ),
        row(
            "a chunk of no length",
            [
                ReadRequest,
                text("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nwhat\r\n"),
                AwaitEnd,
            ],
            Cause::Protocol,
            1,
        ),
    ]
}

#[test]
fn a_request_that_may_have_arrived_says_so_and_was_written_once() {
    for Row {
        what,
        script,
        cause,
        requests,
    } in rows()
    {
        let reads_all = script.contains(&ReadRequest);
        let peer = Peer::plain([script]);
        let failure = failure(transport().send(&post(peer.url("/")), some_day()));
        assert_eq!((failure.cause, failure.handed_down), (cause, true), "{what}: {failure}");
        let seen = peer.until(|seen| seen.finished == 1);
        assert_eq!((seen.connections, seen.requests.len()), (1, requests), "{what}");
        if reads_all {
            assert!(seen.requests[0].ends_with(BODY), "{what}");
        }
    }
}

#[test]
fn the_same_over_tls() {
    let config = certificates::server(Identity::Right);
    for Row {
        what,
        script,
        cause,
        requests,
    } in rows()
    {
        let peer = Peer::tls(Arc::clone(&config), [script]);
        let failure = failure(transport().send(&post(peer.url("/")), some_day()));
        // A reset may come before the handshake's end is known here; then nothing was handed down.
        let early = what == "reset before reading" && failure.cause == Cause::TlsBrokenOff && !failure.handed_down;
        assert!(
            early || (failure.cause, failure.handed_down) == (cause, true),
            "{what}: {failure}"
        );
        let seen = peer.until(|seen| seen.finished == 1);
        assert_eq!((seen.connections, seen.requests.len()), (1, requests), "{what}");
    }
}

#[test]
fn a_refused_connection_was_not_sent() {
    let port = RefusingPort::new();
    let failure = failure(transport().send(&post(format!("http://{}/", port.address())), some_day()));
    assert_eq!((failure.cause, failure.handed_down), (Cause::Connect, false));
    assert!(failure.detail.contains(&port.address().to_string()), "{failure}");
}

#[test]
fn a_name_without_address_was_not_sent() {
    let names = Names::new(Box::new(|_| Err(io::Error::other("no such name"))), PATIENCE);
    let transport = Transport::with_names(settings(), names).unwrap();
    let failure = failure(transport.send(&post("https://voice.example/"), some_day()));
    assert_eq!((failure.cause, failure.handed_down), (Cause::Resolve, false));
    assert_eq!(failure.detail, "no address of voice.example:443: no such name");
}

#[test]
fn the_next_address_is_tried_when_one_refuses() {
    let peer = Peer::plain([keep_alive(1)]);
    let names = Names::new(
        Box::new(|_| Ok(vec![IpAddr::from([127, 0, 0, 2]), IpAddr::from([127, 0, 0, 1])])),
        PATIENCE,
    );
    let transport = Transport::with_names(settings(), names).unwrap();
    let url = format!("http://voice.example:{}/", peer.address.port());
    assert_eq!(transport.send(&post(url), some_day()).unwrap().status, 200);
}

#[test]
#[cfg(target_os = "linux")]
fn an_address_that_does_not_answer_costs_little_and_only_once() {
    let peer = Peer::plain([vec![ReadRequest, Send(answer(200, "{}"))]]);
    let silent = SilentPort::at(SocketAddr::from(([127, 0, 0, 2], peer.address.port())));
    let names = Names::new(
        Box::new(|_| Ok(vec![IpAddr::from([127, 0, 0, 2]), IpAddr::from([127, 0, 0, 1])])),
        PATIENCE,
    );
    let transport = Transport::with_names(settings(), names).unwrap();
    let url = format!("http://voice.example:{}/", peer.address.port());
    let took = [(); 4].map(|()| {
        let begun = Instant::now();
        transport.send(&post(url.clone()), some_day()).unwrap();
        begun.elapsed()
    });
    drop(silent);
    let delay = Duration::from_millis(250);
    assert!(took[0] >= delay && took[0] < 8 * delay, "{took:?}");
    assert!(
        took[1..].iter().min() < Some(&delay),
        "the good one is tried first: {took:?}"
    );
}

#[test]
fn every_status_is_an_answer_and_no_redirect_is_followed() {
    for status in [200, 204, 301, 302, 307, 400, 401, 403, 404, 500, 503] {
        let body = if status == 204 { "" } else { r#"{"resultcode":"1"}"# };
        let head = format!(
            "HTTP/1.1 {status} X\r\nLocation: /elsewhere\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let peer = Peer::plain([vec![ReadRequest, Send((head + body).into_bytes()), AwaitEnd]]);
        let answer = transport().send(&post(peer.url("/")), some_day()).unwrap();
        assert_eq!((answer.status, &*answer.body), (status, body.as_bytes()));
        assert_eq!(answer.header("location"), Some("/elsewhere"));
        assert_eq!(peer.seen().requests.len(), 1);
    }
}

#[test]
fn bodies_are_read_whatever_tells_their_length() {
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n";
    let until_end = "HTTP/1.1 200 OK\r\n\r\n{\"a\":1}";
    for answer in [chunked, until_end] {
        let peer = Peer::plain([vec![ReadRequest, text(answer)]]);
        assert_eq!(
            transport().send(&post(peer.url("/")), some_day()).unwrap().body,
            br#"{"a":1}"#
        );
    }
}

#[test]
fn a_body_as_long_as_the_limit_is_read() {
    let body = "x".repeat(settings().max_response_bytes);
    let peer = Peer::plain([vec![ReadRequest, Send(answer(200, &body)), AwaitEnd]]);
    assert_eq!(
        transport().send(&post(peer.url("/")), some_day()).unwrap().body.len(),
        body.len()
    );
}

#[test]
fn the_request_is_what_was_asked_for() {
    let peer = Peer::plain([keep_alive(2)]);
    let transport = transport();
    transport.send(&post(peer.url("/rest/x")), some_day()).unwrap();
    transport.send(&get(peer.url("/rest/y?z=1")), some_day()).unwrap();
    let seen = peer.seen();
    let (head, body) = seen.requests[0].split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<_> = head.split("\r\n").collect();
    lines[1..].sort_unstable();
    let host = format!("host: {}", peer.address);
    assert_eq!(
        lines,
        [
            "POST /rest/x HTTP/1.1",
            "accept: */*",
            "content-length: 28",
            "content-type: application/json",
            &host,
            "user-agent: voicecall-test",
            "x-aksk: UsernameToken example-digest",
        ]
    );
    assert_eq!(body, BODY);
    assert!(
        seen.requests[1].starts_with("GET /rest/y?z=1 HTTP/1.1\r\n"),
        "{}",
        seen.requests[1]
    );
    assert!(!seen.requests[1].contains("content-length"), "{}", seen.requests[1]);
}

#[test]
fn what_cannot_be_written_as_http_is_not_sent() {
    let peer = Peer::plain([keep_alive(1)]);
    let transport = transport();
    let mut broken_header = post(peer.url("/"));
    broken_header.headers.push(("x-test", "a\r\nb".to_owned()));
    let long_line = post(peer.url(&format!("/?{}", "x".repeat(100_000))));
    for request in [post("no address"), broken_header, long_line] {
        let failure = failure(transport.send(&request, some_day()));
        assert_eq!(
            (failure.cause, failure.handed_down),
            (Cause::Request, false),
            "{failure}"
        );
    }
    assert_eq!(peer.seen().bytes, 0);
}
