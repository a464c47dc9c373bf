//! The transport against real peers on 127.0.0.1 that misbehave.

#[path = "../../tests/support/hostile_peer.rs"]
mod hostile_peer;

mod closing;
mod connections;
mod delivery;
mod privacy;
mod proxy;
mod stream;
mod time_outs;
mod tls;

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::attempt::Stage;
use super::failure::Cause;
use super::names::Names;
use super::settings::Proxy;
use super::{Answer, Failure, Reach, Settings, Transport};
use crate::config::ConnectionReuse;
use crate::operation::Method;
use crate::request::HttpRequest;
use hostile_peer::Step::{AwaitEnd, EndRaw, Hold, ReadRequest, ReadSome, Relay, Reset, Send, SendForever, SendRaw};
use hostile_peer::certificates::{self, Identity};
use hostile_peer::{PATIENCE, Peer, RefusingPort, SilentPort, TOO_MUCH, answer, answer_with, kept};

const BODY: &str = r#"{"bindNbr":"+8613800000021"}"#;

fn settings() -> Settings {
    Settings {
        resolve_timeout: PATIENCE,
        connect_timeout: PATIENCE,
        piece_timeout: PATIENCE,
        proxy: Proxy::None,
        extra_ca_pem: Some(certificates::authority_pem()),
        connection_reuse: ConnectionReuse::Announced,
        idle_timeout: PATIENCE,
        user_agent: "voicecall-test".to_owned(),
        endpoint: "http://127.0.0.1".parse().unwrap(),
        max_response_bytes: 64 * 1024,
    }
}

fn transport() -> Transport {
    Transport::new(settings()).unwrap()
}

fn post(url: impl Into<String>) -> HttpRequest {
    HttpRequest {
        method: Method::Post,
        url: url.into(),
        headers: vec![
            ("content-type", "application/json".to_owned()),
            ("x-aksk", "UsernameToken example-digest".to_owned()),
        ],
        body: Some(BODY.into()),
    }
}

fn get(url: impl Into<String>) -> HttpRequest {
    HttpRequest {
        method: Method::Get,
        body: None,
        ..post(url)
    }
}

/// Far enough away not to matter.
fn some_day() -> Instant {
    Instant::now() + PATIENCE
}

fn soon() -> Instant {
    Instant::now() + Duration::from_millis(150)
}

fn failure(outcome: Result<Answer, Failure>) -> Failure {
    match outcome {
        Ok(answer) => panic!(
            "an answer came: {} {:?}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        ),
        Err(failure) => failure,
    }
}

/// Names that all lead to 127.0.0.1, and how often they were looked up.
fn counted_names() -> (Names, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let names = Names::new(
        Box::new(move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
            Ok(vec![IpAddr::from([127, 0, 0, 1])])
        }),
        PATIENCE,
    );
    (names, count)
}

fn keep_alive(times: usize) -> Vec<hostile_peer::Step> {
    let calls = (0..times).flat_map(|_| [ReadRequest, Send(kept(200, "{}"))]);
    calls.chain([AwaitEnd]).collect()
}
