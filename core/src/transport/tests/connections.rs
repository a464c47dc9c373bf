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
    let at_once = vec![ReadRequest, Send([answer(200, "right"), answer(200, "wrong")].concat())];
    for script in [late, at_once] {
        let scripts = [script, good.clone()];
        for peer in [
            Peer::plain(scripts.clone()),
            Peer::tls(certificates::server(Identity::Right), scripts),
        ] {
            let transport = transport();
            assert_eq!(transport.send(&post(peer.url("/")), some_day()).unwrap().body, b"right");
            peer.release();
            peer.until(|seen| seen.steps >= 4 || seen.finished == 1);
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
        for _ in 0..3 {
            let begun = Instant::now();
            transport.send(&post(peer.url("/")), some_day()).unwrap();
            assert!(
                begun.elapsed() < Duration::from_millis(400),
                "the end was there: {:?}",
                begun.elapsed()
            );
        }
        let seen = peer.until(|seen| seen.finished == 3);
        assert_eq!((seen.connections, seen.requests.len()), (3, 3));
        assert!(
            seen.requests
                .iter()
                .all(|request| request.contains("\r\nconnection: close\r\n")),
            "{seen:?}"
        );
        #[cfg(target_os = "linux")]
        assert!(
            !hostile_peer::has_tcp_state(peer.address, hostile_peer::TIME_WAIT),
            "this side closed first"
        );
    }
}

#[test]
fn a_platform_that_does_not_close_is_not_waited_for_long() {
    let peer = Peer::plain([vec![ReadRequest, Send(answer(200, "{}")), AwaitEnd]]);
    let begun = Instant::now();
    short().send(&post(peer.url("/")), some_day()).unwrap();
    let waited = begun.elapsed();
    assert!(
        waited >= Duration::from_millis(400),
        "this side closed first, after {waited:?}"
    );
    assert!(waited < Duration::from_secs(3), "{waited:?}");
    peer.until(|seen| seen.ended_by_client == 1);
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
    #[cfg(target_os = "linux")]
    assert!(
        !hostile_peer::has_tcp_state(peer.address, hostile_peer::TIME_WAIT),
        "this side closed first"
    );
}
