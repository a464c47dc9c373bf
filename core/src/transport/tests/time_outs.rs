//! Each stage ends in its time and says which one it was.

use std::thread;

use super::*;

fn assert_timed_out(outcome: Result<Answer, Failure>, stage: Stage, handed_down: bool) {
    let failure = failure(outcome);
    assert_eq!(
        (failure.cause, failure.handed_down),
        (Cause::Timeout(stage), handed_down),
        "{failure}"
    );
}

/// A look-up that ends when the test does.
pub(super) fn stuck_names() -> (Names, std::sync::mpsc::Sender<()>, std::sync::mpsc::Receiver<()>) {
    let (release, released) = std::sync::mpsc::channel::<()>();
    let (begin, begun) = std::sync::mpsc::channel();
    let (released, begin) = (std::sync::Mutex::new(released), std::sync::Mutex::new(begin));
    let names = Names::new(
        Box::new(move |_| {
            let _ = begin.lock().unwrap().send(());
            let _ = released.lock().unwrap().recv();
            Err(io::Error::other("released"))
        }),
        PATIENCE,
    );
    (names, release, begun)
}

#[test]
fn while_resolving() {
    let quick = || Settings {
        resolve_timeout: Duration::from_millis(100),
        ..settings()
    };
    for (settings, deadline) in [(quick(), some_day()), (settings(), soon())] {
        let (names, _release, _begun) = stuck_names();
        let transport = Transport::with_names(settings, names).unwrap();
        assert_timed_out(
            transport.send(&post("http://voice.example/"), deadline),
            Stage::Resolve,
            false,
        );
    }
}

#[test]
fn while_connecting() {
    let port = SilentPort::new();
    let quick = || Settings {
        connect_timeout: Duration::from_millis(100),
        ..settings()
    };
    for (settings, deadline) in [(quick(), some_day()), (settings(), soon())] {
        let transport = Transport::new(settings).unwrap();
        let begun = Instant::now();
        assert_timed_out(
            transport.send(&post(format!("http://{}/", port.address())), deadline),
            Stage::Connect,
            false,
        );
        assert!(begun.elapsed() < PATIENCE / 4, "{:?}", begun.elapsed());
    }
}

#[test]
fn within_the_tls_handshake() {
    let peer = Peer::plain([vec![Hold]]);
    let quick = || Settings {
        connect_timeout: Duration::from_millis(100),
        ..settings()
    };
    for (settings, deadline) in [(quick(), some_day()), (settings(), soon())] {
        let transport = Transport::new(settings).unwrap();
        assert_timed_out(
            transport.send(&post(format!("https://{}/", peer.address)), deadline),
            Stage::Tls,
            false,
        );
    }
}

#[test]
fn while_writing() {
    let peer = Peer::plain([vec![Hold]]);
    let mut request = post(peer.url("/"));
    request.body = Some(vec![b' '; TOO_MUCH]);
    assert_timed_out(transport().send(&request, soon()), Stage::Write, true);
}

#[test]
fn while_awaiting_the_answer_and_while_reading_it() {
    let beginning = Send(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec());
    for script in [vec![ReadRequest, Hold], vec![ReadRequest, beginning, Hold]] {
        let peer = Peer::plain([script]);
        assert_timed_out(transport().send(&post(peer.url("/")), soon()), Stage::Read, true);
        assert_eq!(peer.seen().requests.len(), 1);
    }
}

#[test]
fn a_peer_that_sends_a_little_now_and_then_does_not_prolong_the_call() {
    let peer = Peer::plain([vec![
        ReadRequest,
        SendForever(b"HTTP/1.1 100 Continue\r\n\r\n".to_vec()),
    ]]);
    let begun = Instant::now();
    failure(transport().send(&post(peer.url("/")), soon()));
    assert!(begun.elapsed() < PATIENCE / 4, "{:?}", begun.elapsed());
}

/// As if the process had been stopped for a while.
#[test]
fn what_has_arrived_is_read_once_after_the_deadline() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n".to_vec();
    for end in [AwaitEnd, SendForever(b"x".to_vec())] {
        let peer = Peer::plain([vec![ReadRequest, Send(head.clone()), Hold, Send(b"{}".to_vec()), end]]);
        let deadline = soon();
        let transport = transport();
        let mut stream = transport
            .open_stream(&post(peer.url("/")), deadline, Reach::Anywhere)
            .unwrap();
        peer.release();
        peer.until(|seen| seen.steps >= 4);
        thread::sleep(deadline.saturating_duration_since(Instant::now()));
        let mut piece = [0; 16];
        let read = stream.reader.read_piece(&mut piece).unwrap();
        assert_eq!(&piece[..read], b"{}");
    }
}

#[test]
fn a_deadline_that_is_over_sends_nothing() {
    let peer = Peer::plain([keep_alive(2)]);
    let transport = transport();
    transport.send(&post(peer.url("/")), some_day()).unwrap();
    // Also not on the connection that is there.
    assert_timed_out(
        transport.send(&post(peer.url("/")), Instant::now()),
        Stage::Write,
        false,
    );
    assert_eq!(peer.seen().requests.len(), 1);
}
