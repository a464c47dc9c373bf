//! Closing from another thread ends a call in every stage, and no call begins afterwards.

use std::sync::mpsc;
use std::thread;

use super::time_outs::stuck_names;
use super::*;

/// Makes a call that hangs, closes the transport once it `hangs`, and gives what the call then says.
fn close_while(transport: Transport, request: HttpRequest, hangs: impl FnOnce()) -> Failure {
    let (outcome, outcomes) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            let _ = outcome.send(transport.send(&request, Instant::now() + 10 * PATIENCE));
        });
        hangs();
        transport.close();
        // As soon as the call ends; a call that does not end fails here.
        failure(outcomes.recv_timeout(PATIENCE / 4).expect("closing to end the call"))
    })
}

fn assert_closed(failure: &Failure, handed_down: bool) {
    assert_eq!(
        (failure.cause, failure.handed_down),
        (Cause::Closed, handed_down),
        "{failure}"
    );
}

#[test]
fn while_resolving() {
    let (names, _release, begun) = stuck_names();
    let transport = Transport::with_names(settings(), names).unwrap();
    let failure = close_while(transport, post("http://voice.example/"), || begun.recv().unwrap());
    assert_closed(&failure, false);
}

#[test]
fn while_connecting() {
    let port = SilentPort::new();
    let failure = close_while(transport(), post(format!("http://{}/", port.address())), || {
        port.until_tried()
    });
    assert_closed(&failure, false);
}

#[test]
fn within_the_tls_handshake() {
    let peer = Peer::plain([vec![ReadSome, Hold]]);
    let failure = close_while(transport(), post(format!("https://{}/", peer.address)), || {
        peer.until(|seen| seen.holding == 1);
    });
    assert_closed(&failure, false);
}

#[test]
fn while_the_proxy_is_waited_for() {
    let proxy = Peer::plain([vec![ReadRequest, Hold]]);
    let settings = Settings {
        proxy: Proxy::Url(proxy.url("").as_str().into()),
        ..settings()
    };
    let failure = close_while(
        Transport::new(settings).unwrap(),
        post("https://voice.example/"),
        || {
            proxy.until(|seen| seen.holding == 1);
        },
    );
    assert_closed(&failure, false);
}

#[test]
fn while_writing() {
    let peer = Peer::plain([vec![ReadSome, Hold]]);
    let mut request = post(peer.url("/"));
    request.body = Some(vec![b' '; TOO_MUCH]);
    let failure = close_while(transport(), request, || {
        peer.until(|seen| seen.holding == 1);
    });
    assert_closed(&failure, true);
}

#[test]
fn while_reading() {
    // The last one has no length, so that its end could be taken for a whole body.
    let beginnings = [
        "",
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{",
        "HTTP/1.1 200 OK\r\n\r\n{",
    ];
    for beginning in beginnings {
        let script = vec![ReadRequest, Send(beginning.into()), Hold];
        for peer in [
            Peer::plain([script.clone()]),
            Peer::tls(certificates::server(Identity::Right), [script]),
        ] {
            let failure = close_while(transport(), post(peer.url("/")), || {
                peer.until(|seen| seen.holding == 1);
            });
            assert_closed(&failure, true);
        }
    }
}

#[test]
fn afterwards_nothing_is_sent() {
    let peer = Peer::plain([keep_alive(3)]);
    let transport = transport();
    transport.send(&post(peer.url("/")), some_day()).unwrap();
    transport.close();
    transport.close();
    assert_closed(&failure(transport.send(&post(peer.url("/")), some_day())), false);
    let seen = peer.until(|seen| seen.finished == 1);
    assert_eq!(
        (seen.connections, seen.requests.len()),
        (1, 1),
        "idle connections end with the transport"
    );
}

#[test]
fn a_transport_made_after_closing_another_works() {
    let peer = Peer::plain([keep_alive(1)]);
    let first = transport();
    first.send(&post(peer.url("/")), some_day()).unwrap();
    first.close();
    assert_eq!(transport().send(&post(peer.url("/")), some_day()).unwrap().status, 200);
}
