//! `doctor`: what it finds, and that it rings nobody.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

mod support;

use serde_json::Value;
use support::peer::Peer;
use support::{Cli, golden, sandbox, sandbox_with};

/// The findings by what was looked at.
fn states(lines: &[Value]) -> Vec<(&str, &str)> {
    let text = |line: &'_ Value, name: &str| line[name].as_str().map(str::to_owned);
    assert!(lines.iter().all(|line| text(line, "detail").is_some()), "{lines:?}");
    lines
        .iter()
        .map(|line| (line["check"].as_str().unwrap(), line["state"].as_str().unwrap()))
        .collect()
}

#[test]
fn a_healthy_set_up_is_told_stage_by_stage_and_nobody_is_rung() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready());
    golden::check("doctor.txt", &golden::normalised(&cli.run(&["doctor"]).ended(0).out));
    assert!(platform.calls().is_empty());
}

#[test]
fn tls_is_looked_at_with_the_authorities_that_the_library_would_trust() {
    let platform = sandbox_with(|options| options.tls = true);
    let cli = Cli::for_platform(&platform.ready());
    let untrusted = cli.run(&["doctor", "--json"]).ended(5);
    assert_eq!(states(&untrusted.json()).last(), Some(&("TLS", "bad")), "{untrusted:?}");
    let authority = platform.ready().ca_file.expect("a file");
    let trusted = cli.run(&["doctor", "--json", "--ca-file", &authority]).ended(0);
    assert!(states(&trusted.json()).contains(&("TLS", "ok")), "{trusted:?}");
    assert!(
        trusted.out.contains("TLSv1") && trusted.out.contains("certificate valid until 4096-01-01T00:00:00Z"),
        "{trusted:?}"
    );
}

#[test]
fn a_wrong_secret_is_found() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready()).with("VOICECALL_APP_SECRET", "example-secret-0001");
    let found = cli.run(&["doctor", "--json"]).ended(4);
    assert!(states(&found.json()).contains(&("signed request", "bad")), "{found:?}");
    assert!(!found.out.contains("example-secret"), "{found:?}");
    let cli = cli.with("VOICECALL_APP_SECRET", "'example-secret-0001'");
    let found = cli.run(&["doctor"]).ended(4);
    assert!(found.out.contains("stands in quotes"), "{found:?}");
}

#[test]
fn a_wrong_clock_is_found() {
    let platform = sandbox_with(|options| options.clock_offset_seconds = 3600);
    let found = Cli::for_platform(&platform.ready()).run(&["doctor", "--json"]).ended(1);
    let lines = found.json();
    let clock = lines.iter().find(|line| line["check"] == "clock").expect("looked at");
    assert_eq!(clock["state"], "bad");
    assert!(
        clock["detail"].as_str().unwrap().ends_with(" s behind the endpoint's"),
        "{clock}"
    );
}

#[test]
fn an_endpoint_that_is_none_is_found() {
    let set_up = |endpoint: &str| {
        Cli::new()
            .with("VOICECALL_ENDPOINT", endpoint)
            .with("VOICECALL_APP_KEY", "example-key-0001")
            .with("VOICECALL_APP_SECRET", "example-secret-0001")
    };
    let nobody = set_up("http://127.0.0.1:9").run(&["doctor", "--json"]).ended(5);
    assert_eq!(states(&nobody.json()).last(), Some(&("connect", "bad")), "{nobody:?}");
    let no_name = set_up("https://voicecall.invalid").run(&["doctor", "--json"]).ended(5);
    assert_eq!(states(&no_name.json()).last(), Some(&("name", "bad")), "{no_name:?}");
    let silent = Peer::start("");
    let silent = set_up(&silent.endpoint()).run(&["doctor", "--json"]).ended(5);
    assert_eq!(states(&silent.json()).last(), Some(&("request", "bad")), "{silent:?}");
    let other = Peer::start("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    let other = set_up(&other.endpoint()).run(&["doctor", "--json"]).ended(4);
    assert!(other.complaint().contains("signed request"), "{other:?}");
    let no_tls = Peer::start("HTTP/1.1 400 Bad Request\r\n\r\n");
    let no_tls = format!("https://{}", no_tls.address);
    let no_tls = set_up(&no_tls)
        .run(&["doctor", "--json", "--connect-timeout", "300ms"])
        .ended(5);
    assert_eq!(states(&no_tls.json()).last(), Some(&("TLS", "bad")), "{no_tls:?}");
}

#[test]
fn missing_settings_are_the_first_finding() {
    let found = Cli::new().run(&["doctor"]).ended(2);
    assert!(found.out.starts_with("bad   settings"), "{found:?}");
    assert_eq!(found.err.lines().count(), 1);
}

#[test]
fn callback_urls_are_looked_at() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready());
    let of = |url: &str| cli.run(&["doctor", "--json", "--callback-url", url]);
    let peer = Peer::start("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n");
    let good = of(&format!("{}/fee", peer.endpoint())).ended(0);
    assert_eq!(states(&good.json()).last(), Some(&("callback URL", "ok")), "{good:?}");
    assert!(
        peer.requests
            .recv_timeout(support::PATIENCE)
            .expect("asked")
            .starts_with("GET /fee ")
    );

    let long = format!("{}/{}", peer.endpoint(), "a".repeat(96));
    assert!(of(&long).ended(2).complaint().contains("96 bytes of URL"));
    assert!(
        of("http://127.0.0.1:9/fee")
            .ended(1)
            .complaint()
            .contains("no connection")
    );
    let odd = of(&format!("{}/a_b?c", peer.endpoint())).ended(0);
    assert!(odd.out.contains("does not list: ?_"), "{odd:?}");

    // The real platform cannot reach this machine's loopback.
    let abroad = cli.run(&[
        "doctor",
        "--json",
        "--endpoint",
        "https://voicecall.invalid",
        "--callback-url",
        "http://127.0.0.1:9/",
    ]);
    assert!(abroad.out.contains("which the platform cannot reach"), "{abroad:?}");
}
