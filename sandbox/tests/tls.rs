//! TLS: the five calls behind a private authority, and pushes to `https://` receivers.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod support;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::json;
use support::client::{Client, VERIFICATION, base64, verification, with};
use support::{A, DISPLAY, PATIENCE, fast, start};
use voicecall_core::calls::VoiceVerificationCode;
use voicecall_core::{Config, Delivery, ErrorKind};
use voicecall_sandbox::blocking::Sandbox;
use voicecall_sandbox::{Certificate, Options};

fn platform(set: impl FnOnce(&mut Options)) -> Sandbox {
    let mut options = fast();
    options.tls = true;
    set(&mut options);
    start(options)
}

fn library(sandbox: &Sandbox, ca_file: Option<&str>) -> voicecall_core::Client {
    let ready = sandbox.ready();
    let config = Config::new()
        .app_key(&ready.app_key)
        .app_secret(ready.app_secret)
        .endpoint(&ready.endpoint);
    let config = match ca_file {
        Some(path) => config.ca_file(path),
        None => config,
    };
    voicecall_core::Client::new(config).unwrap()
}

fn request() -> VoiceVerificationCode {
    VoiceVerificationCode::new()
        .display_nbr(DISPLAY)
        .callee_nbr(A)
        .language_type(2)
        .pre_tone("pretone.wav")
        .verify_code("1234")
}

#[test]
fn the_library_trusts_the_platforms_authority_when_told_to_and_not_otherwise() {
    let sandbox = platform(|_| {});
    let ready = sandbox.ready();
    assert!(ready.endpoint.starts_with("https://") && ready.admin.starts_with("http://"));
    let ca_file = ready.ca_file.unwrap();
    assert!(
        library(&sandbox, Some(&ca_file))
            .create_voice_verification_code(&request())
            .is_ok()
    );
    let error = library(&sandbox, None)
        .create_voice_verification_code(&request())
        .unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Tls, Delivery::NotSent));
    drop(sandbox);
    assert!(!std::path::Path::new(&ca_file).exists(), "nothing is left behind");
}

#[test]
fn without_tls_there_is_the_admin_api_and_no_call() {
    let sandbox = platform(|_| {});
    let mut ready = sandbox.ready();
    ready.endpoint = ready.endpoint.replace("https", "http");
    let client = Client::new(ready);
    assert_eq!(client.admin("/calls"), json!([]));
    assert_eq!(client.post(VERIFICATION, &verification()).status, 404);
}

#[test]
fn a_failed_handshake_rings_nobody() {
    let sandbox = platform(|options| options.faults.push("calls=tls_failure,count=1".parse().unwrap()));
    let ca_file = sandbox.ready().ca_file.unwrap();
    let client = library(&sandbox, Some(&ca_file));
    let error = client.create_voice_verification_code(&request()).unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Tls, Delivery::NotSent));
    assert_eq!(sandbox.calls().len(), 0);
    let fault = sandbox
        .events(0)
        .into_iter()
        .find(|line| line.event == "fault")
        .unwrap();
    assert_eq!((fault.fault, fault.on), (Some("tls_failure"), Some("calls")));
    assert!(client.create_voice_verification_code(&request()).is_ok());
}

#[test]
fn answers_suffer_under_tls_as_without_it() {
    for (fault, placed) in [("answer_lost", 1), ("truncated_body", 1), ("reset_before_reading", 0)] {
        let sandbox = platform(|options| options.faults.push(format!("calls={fault}").parse().unwrap()));
        let ca_file = sandbox.ready().ca_file.unwrap();
        let error = library(&sandbox, Some(&ca_file)).create_voice_verification_code(&request());
        assert!(error.is_err(), "{fault}");
        assert_eq!(sandbox.calls().len(), placed, "{fault}");
    }
}

/// A receiver that speaks TLS: takes pushes and answers 200.
fn secure_receiver(certificate: &Certificate) -> (String, Receiver<String>) {
    let chain = CertificateDer::pem_slice_iter(certificate.certificate.as_bytes())
        .collect::<Result<_, _>>()
        .unwrap();
    let key = PrivateKeyDer::from_pem_slice(certificate.key.as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/push", listener.local_addr().unwrap());
    let (came, pushes) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
            let mut text = Vec::new();
            let mut buffer = [0; 4096];
            while !text.ends_with(b"}}") && !text.ends_with(b"]}") {
                match stream.read(&mut buffer) {
                    Ok(0) | Err(_) => break,
                    Ok(length) => text.extend(&buffer[..length]),
                }
            }
            if !text.is_empty() {
                let suite = stream.conn.negotiated_cipher_suite().unwrap().suite();
                let _ = came.send(format!("{suite:?}"));
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            }
        }
    });
    (url, pushes)
}

#[test]
fn pushes_go_to_secure_receivers_with_a_documented_suite() {
    let sandbox = start(fast());
    let (url, pushes) = secure_receiver(&sandbox.issue_certificate().unwrap());
    let client = Client::new(sandbox.ready());
    client.post(
        VERIFICATION,
        &with(verification(), json!({ "statusUrl": base64(&url) })),
    );
    let suite = pushes.recv_timeout(PATIENCE).unwrap();
    assert!(suite.starts_with("TLS_ECDHE_") && suite.contains("_GCM_"), "{suite}");
    let push = sandbox.wait_for_push(|_| true, PATIENCE).unwrap();
    assert_eq!((push.status, push.delivered), (Some(200), true));
}

#[test]
fn a_receiver_of_an_unknown_authority_gets_nothing_unless_its_authority_is_named() {
    let stranger = start(fast()).issue_certificate().unwrap();
    let (url, _pushes) = secure_receiver(&stranger);
    let mut ca = tempfile::NamedTempFile::new().unwrap();
    ca.write_all(stranger.ca.as_bytes()).unwrap();
    for trusted in [None, Some(ca.path().to_owned())] {
        let mut options = fast();
        options.push.trusted_ca_file = trusted.clone();
        let sandbox = start(options);
        let client = Client::new(sandbox.ready());
        client.post(
            VERIFICATION,
            &with(verification(), json!({ "statusUrl": base64(&url) })),
        );
        let push = sandbox.wait_for_push(|_| true, PATIENCE).unwrap();
        assert_eq!(push.delivered, trusted.is_some(), "{:?}", push.error);
    }
}

#[test]
fn secure_pushes_suffer_too() {
    for (fault, delivered) in [
        ("tls_failure", false),
        ("slow_body,millis=1", true),
        ("answer_lost", false),
    ] {
        let mut options = fast();
        options.faults.push(format!("callout={fault}").parse().unwrap());
        let sandbox = start(options);
        let (url, _pushes) = secure_receiver(&sandbox.issue_certificate().unwrap());
        let client = Client::new(sandbox.ready());
        client.post(
            VERIFICATION,
            &with(verification(), json!({ "statusUrl": base64(&url) })),
        );
        let push = sandbox.wait_for_push(|push| push.event == "callout", PATIENCE).unwrap();
        assert_eq!(push.delivered, delivered, "{fault}: {:?}", push.error);
    }
}

#[test]
fn certificates_are_issued_over_the_admin_api() {
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    let issued = client.admin_post("/certificates", &json!({}));
    assert_eq!(issued.status, 201);
    for name in ["certificate", "key", "ca"] {
        assert!(
            issued.json()[name].as_str().unwrap().starts_with("-----BEGIN "),
            "{name}"
        );
    }
}
