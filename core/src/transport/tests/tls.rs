//! Who is trusted, and what a failing handshake is called.

use super::*;

#[test]
fn who_cannot_prove_the_name_gets_nothing() {
    for identity in [Identity::WrongName, Identity::UnknownAuthority, Identity::Expired] {
        let peer = Peer::tls(certificates::server(identity), [keep_alive(1)]);
        let failure = failure(transport().send(&post(peer.url("/")), some_day()));
        assert_eq!(
            (failure.cause, failure.handed_down),
            (Cause::Tls, false),
            "{identity:?}: {failure}"
        );
        assert_eq!(peer.until(|seen| seen.finished == 1).bytes, 0, "{identity:?}");
    }
}

#[test]
fn extra_authorities_are_needed_and_do_not_replace_the_built_in_ones() {
    let peer = Peer::tls(certificates::server(Identity::Right), [keep_alive(1)]);
    let without = Transport::new(Settings {
        extra_ca_pem: None,
        ..settings()
    })
    .unwrap();
    let untrusted = failure(without.send(&post(peer.url("/")), some_day()));
    assert_eq!(untrusted.cause, Cause::Tls);
    assert!(untrusted.detail.contains("not trusted"), "{untrusted}");
    assert_eq!(transport().send(&post(peer.url("/")), some_day()).unwrap().status, 200);

    let built_in = webpki_roots::TLS_SERVER_ROOTS.len();
    assert_eq!(super::super::tls::roots(None).unwrap().len(), built_in);
    assert_eq!(
        super::super::tls::roots(Some(&certificates::authority_pem()))
            .unwrap()
            .len(),
        built_in + 1
    );
}

#[test]
fn what_is_wrong_with_a_certificate_is_a_sentence() {
    for (identity, sentence) in [
        (Identity::Authority, "the certificate of an authority"),
        (Identity::OldVersion, "has an old version"),
    ] {
        let peer = Peer::tls(certificates::server(identity), [keep_alive(1)]);
        let failure = failure(transport().send(&post(peer.url("/")), some_day()));
        assert_eq!((failure.cause, failure.handed_down), (Cause::Tls, false), "{failure}");
        assert!(failure.detail.contains(sentence), "{identity:?}: {failure}");
    }
}

#[test]
fn a_byte_order_mark_before_the_authorities_is_not_of_them() {
    let pem = [b"\xef\xbb\xbf", &*certificates::authority_pem()].concat();
    let built_in = webpki_roots::TLS_SERVER_ROOTS.len();
    assert_eq!(super::super::tls::roots(Some(&pem)).unwrap().len(), built_in + 1);
}

#[test]
fn unusable_authorities_are_a_fault_of_the_configuration() {
    for pem in [
        "",
        "no PEM",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        let error = Transport::new(Settings {
            extra_ca_pem: Some(pem.into()),
            ..settings()
        })
        .unwrap_err();
        assert_eq!(
            (error.kind().id(), error.field()),
            ("configuration", Some("/caFile")),
            "{error}"
        );
    }
}

#[test]
fn a_peer_that_speaks_no_tls_is_named_as_such() {
    let plain = vec![ReadSome, Send(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()), AwaitEnd];
    for (script, cause) in [
        (plain, Cause::Tls),
        (vec![ReadSome], Cause::TlsBrokenOff),
        (vec![ReadSome, Reset], Cause::TlsBrokenOff),
    ] {
        let peer = Peer::plain([script]);
        let failure = failure(transport().send(&post(format!("https://{}/", peer.address)), some_day()));
        assert_eq!((failure.cause, failure.handed_down), (cause, false), "{failure}");
        assert_eq!(failure.detail.contains("http port"), cause == Cause::Tls, "{failure}");
    }
}

#[test]
fn an_alert_after_the_request_leaves_its_fate_open() {
    // The alert `internal_error`, unencrypted: anything that is not of this session ends it.
    let alert = SendRaw(vec![21, 3, 3, 0, 2, 2, 80]);
    let peer = Peer::tls(
        certificates::server(Identity::Right),
        [vec![ReadRequest, alert, AwaitEnd]],
    );
    let failure = failure(transport().send(&post(peer.url("/")), some_day()));
    assert_eq!((failure.cause, failure.handed_down), (Cause::Tls, true), "{failure}");
}

#[test]
fn a_client_certificate_that_is_wanted_after_the_handshake_was_not_sent() {
    for _ in 0..20 {
        let peer = Peer::tls(certificates::server_that_wants_a_certificate(), [keep_alive(1)]);
        let failure = failure(transport().send(&post(peer.url("/")), some_day()));
        assert_eq!((failure.cause, failure.handed_down), (Cause::Tls, false), "{failure}");
        assert!(failure.detail.contains("wants a client certificate"), "{failure}");
        assert_eq!(peer.until(|seen| seen.finished == 1).bytes, 0);
    }
}

#[test]
fn a_session_is_taken_up_again_by_later_connections() {
    let peer = Peer::tls(
        certificates::server(Identity::Right),
        [vec![ReadRequest, Send(answer(200, "{}"))]],
    );
    let short = Transport::new(Settings {
        connection_reuse: ConnectionReuse::Never,
        ..settings()
    })
    .unwrap();
    for _ in 0..4 {
        short.send(&post(peer.url("/")), some_day()).unwrap();
    }
    let seen = peer.seen();
    assert_eq!((seen.connections, seen.handshakes, seen.resumed), (4, 4, 3));
}

#[test]
fn an_end_without_tls_ending_does_not_pass_for_a_whole_body() {
    let announced = Send(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec());
    let peer = Peer::tls(
        certificates::server(Identity::Right),
        [vec![ReadRequest, announced, EndRaw]],
    );
    let failure = failure(transport().send(&post(peer.url("/")), some_day()));
    assert_eq!(
        (failure.cause, failure.handed_down),
        (Cause::ConnectionLost, true),
        "{failure}"
    );
}
