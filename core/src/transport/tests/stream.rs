//! Bodies that are read piece by piece.

use std::io::Read;

use super::*;

#[test]
fn a_body_may_be_longer_than_an_answer() {
    let body = "0123456789".repeat(300_000);
    for peer in [
        Peer::plain([vec![ReadRequest, Send(answer(200, &body)), AwaitEnd]]),
        Peer::tls(
            certificates::server(Identity::Right),
            [vec![ReadRequest, Send(answer(200, &body)), AwaitEnd]],
        ),
    ] {
        let transport = transport();
        let mut stream = transport
            .open_stream(&get(peer.url("/")), some_day(), Reach::Anywhere)
            .unwrap();
        assert_eq!((stream.status, stream.header("content-length")), (200, Some("3000000")));
        let mut read = String::new();
        // On another thread than the one that opened it.
        std::thread::scope(|scope| {
            scope
                .spawn(|| stream.reader.read_to_string(&mut read))
                .join()
                .unwrap()
                .unwrap()
        });
        assert!(read == body);
    }
}

#[test]
fn a_body_that_breaks_off_is_an_error() {
    let beginning = Send(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n0123".to_vec());
    for (last, kind) in [
        (AwaitEnd, io::ErrorKind::TimedOut),
        (Reset, io::ErrorKind::ConnectionReset),
    ] {
        let peer = Peer::plain([vec![ReadRequest, beginning.clone(), Hold, last]]);
        let settings = Settings {
            piece_timeout: Duration::from_millis(200),
            ..settings()
        };
        let transport = Transport::new(settings).unwrap();
        let mut stream = transport
            .open_stream(&get(peer.url("/")), some_day(), Reach::Anywhere)
            .unwrap();
        let mut piece = [0; 4];
        stream.reader.read_exact(&mut piece).unwrap();
        assert_eq!(&piece, b"0123");
        peer.release();
        assert_eq!(stream.reader.read(&mut piece).unwrap_err().kind(), kind);
    }
}

#[test]
fn closing_ends_a_download() {
    let beginning = Send(b"HTTP/1.1 200 OK\r\n\r\n0123".to_vec());
    let peer = Peer::plain([vec![ReadRequest, beginning, Hold]]);
    let transport = transport();
    let mut stream = transport
        .open_stream(&get(peer.url("/")), some_day(), Reach::Anywhere)
        .unwrap();
    stream.reader.read_exact(&mut [0; 4]).unwrap();
    let reading = std::thread::spawn(move || stream.reader.read(&mut [0; 4]));
    transport.close();
    assert_eq!(reading.join().unwrap().unwrap_err().kind(), io::ErrorKind::NotConnected);
}

#[test]
fn a_body_that_was_read_gives_its_connection_back() {
    let peer = Peer::plain([keep_alive(2)]);
    let transport = transport();
    for _ in 0..2 {
        let mut stream = transport
            .open_stream(&get(peer.url("/")), some_day(), Reach::Anywhere)
            .unwrap();
        let mut read = Vec::new();
        stream.reader.read_to_end(&mut read).unwrap();
        assert_eq!(read, b"{}");
    }
    assert_eq!(peer.seen().connections, 1);
}

/// A recording's address comes from outside.
#[test]
fn what_only_this_machine_reaches_is_reached_only_when_the_endpoint_is_there() {
    let peer = Peer::plain([vec![ReadRequest, Send(answer(200, "{}"))]]);
    let port = peer.address.port();
    let transport = |endpoint: &str| {
        let names = Names::new(
            Box::new(|host| match host {
                "public.example" => Ok(vec![IpAddr::from([192, 0, 2, 1])]),
                _ => Ok(vec![IpAddr::from([127, 0, 0, 1])]),
            }),
            PATIENCE,
        );
        let endpoint = format!("http://{endpoint}").parse().unwrap();
        Transport::with_names(Settings { endpoint, ..settings() }, names).unwrap()
    };
    for host in ["rebound.example", "localhost", "127.0.0.1", "[::ffff:127.0.0.1]"] {
        let request = get(format!("http://{host}:{port}/"));
        let outside = transport("public.example").open_stream(&request, some_day(), Reach::Outside);
        let refused = outside.err().unwrap();
        assert_eq!(
            (refused.cause, refused.handed_down),
            (Cause::Forbidden, false),
            "{host}: {refused}"
        );
    }
    assert_eq!(peer.seen().connections, 0);
    let request = get(format!("http://rebound.example:{port}/"));
    for (endpoint, reach) in [
        ("public.example", Reach::Anywhere),
        ("inside.example", Reach::Outside),
        ("127.0.0.1", Reach::Outside),
    ] {
        assert_eq!(
            transport(endpoint)
                .open_stream(&request, some_day(), reach)
                .unwrap()
                .status,
            200
        );
    }
}
