//! Connections are used again, thrown away when they are no good, and closed by the platform first.

use std::thread;

use super::*;

fn short() -> Transport {
    Transport::new(Settings {
        connection_policy: ConnectionPolicy::Close,
        ..settings()
    })
    .unwrap()
}

/// The side that closes first keeps the port for a while.
fn assert_no_time_wait(peer: &Peer) {
    if cfg!(target_os = "linux") {
        let kept =
            |client: &_| hostile_peer::tcp_state(*client, peer.address).as_deref() == Some(hostile_peer::TIME_WAIT);
        assert!(!peer.seen().clients.iter().any(kept), "this side closed first");
    }
}

#[test]
fn later_calls_use_the_connection_and_look_nothing_up() {
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
        Send(answer(200, "{}")),
        ReadRequest,
        Send(answer(200, "{}")),
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
fn a_connection_that_the_platform_has_ended_is_not_used() {
    let script = vec![ReadRequest, Send(answer(200, "{}"))];
    for peer in [
        Peer::plain([script.clone()]),
        Peer::tls(certificates::server(Identity::Right), [script]),
    ] {
        let transport = transport();
        for call in 1..4 {
            transport.send(&post(peer.url("/")), some_day()).unwrap();
            peer.until(|seen| seen.finished == call);
        }
        let seen = peer.seen();
        assert_eq!((seen.connections, seen.requests.len()), (3, 3));
    }
}

#[test]
fn bytes_that_nobody_asked_for_are_no_answer_to_the_next_call() {
    let good = vec![ReadRequest, Send(answer(200, "right")), AwaitEnd];
    let late = vec![
        ReadRequest,
        Send(answer(200, "right")),
        Hold,
        Send(answer(200, "wrong")),
        AwaitEnd,
    ];
    let at_once = |first: String| {
        vec![
            ReadRequest,
            Send([answer(200, &first), answer(200, "wrong")].concat()),
            AwaitEnd,
        ]
    };
    // As long as the buffer that is read into: over TLS the rest then waits within the session.
    let head = answer(200, &"x".repeat(4000)).len() - 4000;
    let scripts = [
        (late, 4),
        (at_once("right".to_owned()), 2),
        (at_once("x".repeat(4096 - head)), 2),
    ];
    for (script, steps) in scripts {
        let scripts = [script, good.clone()];
        for peer in [
            Peer::plain(scripts.clone()),
            Peer::tls(certificates::server(Identity::Right), scripts),
        ] {
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
fn a_short_connection_is_asked_for_and_closed_after_the_platform_has_closed_it() {
    let closes = vec![ReadRequest, Send(answer(200, "{}"))];
    for peer in [
        Peer::plain([closes.clone()]),
        Peer::tls(certificates::server(Identity::Right), [closes]),
    ] {
        let transport = short();
        let waits = [(); 3].map(|()| {
            let begun = Instant::now();
            transport.send(&post(peer.url("/")), some_day()).unwrap();
            begun.elapsed()
        });
        assert!(
            waits.iter().min() < Some(&Duration::from_millis(400)),
            "the end was there: {waits:?}"
        );
        let seen = peer.until(|seen| seen.finished == 3);
        assert_eq!((seen.connections, seen.requests.len()), (3, 3));
        assert!(
            seen.requests
                .iter()
                .all(|request| request.contains("\r\nconnection: close\r\n")),
            "{seen:?}"
        );
        assert_no_time_wait(&peer);
    }
}

#[test]
fn a_platform_that_is_to_close_first_is_given_the_time_but_not_long() {
    let closing = b"HTTP/1.1 200 OK\r\nConnection: close\r\ncontent-length: 2\r\n\r\n{}".to_vec();
    let old = b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\n{}".to_vec();
    for (transport, answer) in [(short(), answer(200, "{}")), (transport(), closing), (transport(), old)] {
        let peer = Peer::plain([vec![ReadRequest, Send(answer), AwaitEnd]]);
        let begun = Instant::now();
        transport.send(&post(peer.url("/")), some_day()).unwrap();
        let waited = begun.elapsed();
        assert!(
            waited >= Duration::from_millis(400),
            "this side closed first, after {waited:?}"
        );
        assert!(waited < Duration::from_secs(3), "{waited:?}");
        peer.until(|seen| seen.ended_by_client == 1);
    }
}

#[test]
fn a_platform_that_has_not_announced_to_close_is_not_waited_for() {
    let more_than_announced = Send(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}\r\n".to_vec());
    let peer = Peer::plain([vec![ReadRequest, more_than_announced, AwaitEnd]]);
    let transport = transport();
    let waits = [(); 3].map(|()| {
        let begun = Instant::now();
        transport.send(&post(peer.url("/")), some_day()).unwrap();
        begun.elapsed()
    });
    assert!(waits.iter().min() < Some(&Duration::from_millis(400)), "{waits:?}");
}

#[test]
fn with_reuse_too_the_platform_closes_first_when_it_says_that_it_will() {
    let closing = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}".to_vec();
    let peer = Peer::plain([vec![ReadRequest, Send(closing)]]);
    let transport = transport();
    for _ in 0..3 {
        transport.send(&post(peer.url("/")), some_day()).unwrap();
    }
    assert_eq!(peer.until(|seen| seen.finished == 3).connections, 3);
    assert_no_time_wait(&peer);
}
