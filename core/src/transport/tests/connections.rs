//! A connection is used again when that was announced and only then; the platform closes first.

use std::thread;

use super::*;

fn short() -> Transport {
    Transport::new(Settings {
        connection_reuse: ConnectionReuse::Never,
        ..settings()
    })
    .unwrap()
}

/// The side that closes first keeps the port for a while.
fn assert_no_time_wait(peer: &Peer) {
    if cfg!(target_os = "linux") {
        let waits =
            |client: &_| hostile_peer::tcp_state(*client, peer.address).as_deref() == Some(hostile_peer::TIME_WAIT);
        assert!(!peer.seen().clients.iter().any(waits), "this side closed first");
    }
}

/// The script over plain TCP and over TLS.
fn plain_and_tls(scripts: &[Vec<hostile_peer::Step>]) -> [Peer; 2] {
    [
        Peer::plain(scripts.to_vec()),
        Peer::tls(certificates::server(Identity::Right), scripts.to_vec()),
    ]
}

#[test]
fn later_calls_use_a_connection_that_is_kept_and_look_nothing_up() {
    let peer = Peer::plain([keep_alive(5)]);
    let (names, look_ups) = counted_names();
    let transport = Transport::with_names(settings(), names).unwrap();
    for _ in 0..5 {
        let url = format!("http://voice.example:{}/", peer.address.port());
        transport.send(&post(url), some_day()).unwrap();
        transport.names.forget("voice.example");
    }
    let seen = peer.seen();
    assert_eq!(
        (seen.connections, seen.requests.len(), look_ups.load(Ordering::SeqCst)),
        (1, 5, 1)
    );
}

#[test]
fn calls_at_the_same_time_each_have_a_connection_and_all_are_kept() {
    const CALLS: usize = 8;
    let peer = Peer::plain([vec![
        ReadRequest,
        Hold,
        Send(kept(200, "{}")),
        ReadRequest,
        Send(kept(200, "{}")),
        AwaitEnd,
    ]]);
    let transport = transport();
    let call = || drop(transport.send(&post(peer.url("/")), some_day()).unwrap());
    thread::scope(|scope| {
        let calls: Vec<_> = (0..CALLS).map(|_| scope.spawn(call)).collect();
        peer.until(|seen| seen.holding == CALLS);
        peer.release();
        calls.into_iter().for_each(|call| call.join().unwrap());
    });
    (0..CALLS).for_each(|_| call());
    let seen = peer.seen();
    assert_eq!((seen.connections, seen.requests.len()), (CALLS, 2 * CALLS));
}

#[test]
fn what_was_not_announced_is_not_relied_on() {
    for (lines, connections) in [
        ("", 3),
        ("Connection: close\r\n", 3),
        ("Connection: Upgrade\r\n", 3),
        ("Connection: keep-alive, close\r\n", 3),
        ("Keep-Alive: timeout=5\r\n", 3),
        ("Connection: Keep-Alive\r\n", 1),
        ("Connection: upgrade, keep-alive\r\n", 1),
        ("Connection: upgrade\r\nConnection: keep-alive\r\n", 1),
    ] {
        for body in ["{}", ""] {
            let call = [ReadRequest, Send(answer_with(lines, 200, body))];
            // The peer itself would go on.
            let peer = Peer::plain([[call.clone(), call.clone(), call].concat()]);
            let transport = transport();
            for _ in 0..3 {
                transport.send(&post(peer.url("/")), some_day()).unwrap();
            }
            assert_eq!(peer.seen().connections, connections, "{lines:?} {body:?}");
        }
    }
}

/// The service closes a moment after its answer and does not say so: no request may fall into that moment.
#[test]
fn a_silent_close_costs_no_request() {
    const CALLS: usize = 50;
    let closes = vec![ReadRequest, Send(answer(200, "{}"))];
    for peer in plain_and_tls(&[closes]) {
        let transport = transport();
        for _ in 0..CALLS {
            transport.send(&post(peer.url("/")), some_day()).unwrap();
        }
        let seen = peer.until(|seen| seen.finished == CALLS);
        assert_eq!((seen.connections, seen.requests.len()), (CALLS, CALLS));
    }
}

#[test]
fn a_host_that_closes_what_it_announced_to_keep_is_not_believed_again() {
    let breaks_its_word = vec![ReadRequest, Send(kept(200, "{}"))];
    for peer in plain_and_tls(&[breaks_its_word, keep_alive(3)]) {
        let transport = transport();
        transport.send(&post(peer.url("/")), some_day()).unwrap();
        peer.until(|seen| seen.finished == 1);
        for _ in 0..3 {
            transport.send(&post(peer.url("/")), some_day()).unwrap();
        }
        let seen = peer.seen();
        assert_eq!((seen.connections, seen.requests.len()), (4, 4));
    }
}

#[test]
fn a_request_that_a_kept_connection_swallows_ends_reuse_for_that_host() {
    let swallows = vec![ReadRequest, Send(kept(200, "{}")), ReadSome];
    let peer = Peer::plain([swallows, keep_alive(2)]);
    let transport = transport();
    transport.send(&post(peer.url("/")), some_day()).unwrap();
    let lost = failure(transport.send(&post(peer.url("/")), some_day()));
    assert_eq!((lost.cause, lost.handed_down), (Cause::ConnectionLost, true));
    for _ in 0..2 {
        transport.send(&post(peer.url("/")), some_day()).unwrap();
    }
    assert_eq!(peer.seen().connections, 3);
}

#[test]
fn a_connection_that_was_idle_for_too_long_is_not_used() {
    let peer = Peer::plain([keep_alive(2)]);
    let transport = Transport::new(Settings {
        idle_timeout: Duration::ZERO,
        ..settings()
    })
    .unwrap();
    for _ in 0..2 {
        transport.send(&post(peer.url("/")), some_day()).unwrap();
    }
    assert_eq!(peer.seen().connections, 2);
}

#[test]
fn bytes_that_nobody_asked_for_are_no_answer_to_the_next_call() {
    let good = vec![ReadRequest, Send(kept(200, "right")), AwaitEnd];
    let late = vec![
        ReadRequest,
        Send(kept(200, "right")),
        Hold,
        Send(kept(200, "wrong")),
        AwaitEnd,
    ];
    let at_once = |first: String| {
        vec![
            ReadRequest,
            Send([kept(200, &first), kept(200, "wrong")].concat()),
            AwaitEnd,
        ]
    };
    // As long as the buffer that is read into: over TLS the rest then waits within the session.
    let head = kept(200, &"x".repeat(4000)).len() - 4000;
    let scripts = [
        (late, 4),
        (at_once("right".to_owned()), 2),
        (at_once("x".repeat(4096 - head)), 2),
    ];
    for (script, steps) in scripts {
        for peer in plain_and_tls(&[script, good.clone()]) {
            let transport = transport();
            transport.send(&post(peer.url("/")), some_day()).unwrap();
            peer.release();
            peer.until(|seen| seen.steps >= steps);
            assert_eq!(transport.send(&post(peer.url("/")), some_day()).unwrap().body, b"right");
            assert_eq!(peer.seen().connections, 2);
        }
    }
}

#[test]
fn a_short_connection_is_asked_for_when_reuse_is_switched_off() {
    for peer in plain_and_tls(&[keep_alive(2)]) {
        let transport = short();
        for _ in 0..2 {
            transport.send(&post(peer.url("/")), some_day()).unwrap();
        }
        let seen = peer.seen();
        assert_eq!(seen.connections, 2);
        let asked = |request: &String| request.contains("\r\nconnection: close\r\n");
        assert!(seen.requests.iter().all(asked), "{seen:?}");
    }
}

#[test]
fn the_platform_closes_first_and_no_call_waits_for_it() {
    let old = b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\n{}".to_vec();
    let closing = answer_with("Connection: close\r\n", 200, "{}");
    for (transport, answer) in [
        (short(), kept(200, "{}")),
        (transport(), closing),
        (transport(), old),
        (transport(), answer(200, "{}")),
    ] {
        let script = vec![ReadRequest, Send(answer), Hold];
        for peer in plain_and_tls(&[script]) {
            for _ in 0..3 {
                transport.send(&post(peer.url("/")), some_day()).unwrap();
            }
            // The calls are over, and the peer has not closed yet.
            peer.until(|seen| seen.holding == 3);
            peer.release();
            peer.until(|seen| seen.finished == 3);
            // The next one finds them closed.
            transport.send(&post(peer.url("/")), some_day()).unwrap();
            assert_no_time_wait(&peer);
        }
    }
}
