//! What others sent never controls the terminal of who looks at it: every command, through a pseudo-terminal, on data that is
//! full of control characters.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

mod support;

use std::io::{BufRead, BufReader, Read};
use std::process::Child;

use serde_json::json;
use support::push::post;
use support::{Cli, sandbox};

/// C0, delete, C1, and what turns the direction of text around.
fn controls() -> impl Iterator<Item = char> {
    let bidi = "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";
    ('\0'..='\u{1f}').chain('\u{7f}'..='\u{9f}').chain(bidi.chars())
}

fn hostile() -> String {
    format!("h{}]0;title\u{7}\u{1b}[2J\u{9b}31m", controls().collect::<String>())
}

/// Runs the command on a terminal of its own.
fn on_a_terminal(cli: &Cli, arguments: &[&str]) -> Child {
    let quoted = arguments
        .iter()
        .map(|argument| format!(" '{}'", argument.replace('\'', "'\\''")));
    let line = format!("exec voicecall{}", quoted.collect::<String>());
    let mut script = cli.command("script");
    script.args(["-qefc", &line, "/dev/null"]).env("TERM", "xterm-256color");
    script.spawn().expect("script, of every Debian")
}

/// Asserts that nothing in it is a control character but line ends and this program's own styles.
#[track_caller]
fn assert_harmless(arguments: &[&str], shown: &str) {
    let mut plain = shown.replace("\r\n", "").replace('\n', "");
    for style in ["0", "1", "2", "31", "32", "33"] {
        plain = plain.replace(&format!("\u{1b}[{style}m"), "");
    }
    let found: Vec<_> = controls().filter(|control| plain.contains(*control)).collect();
    assert!(found.is_empty(), "{arguments:?}: {found:?} in {plain:?}");
}

/// Webhooks that the receiver takes or sets aside, with hostile texts wherever a text can be.
fn pushes() -> Vec<String> {
    let h = hostile();
    let status = json!({ "eventType": "collectInfo", "statusInfo": {
        "sessionId": "s1", "timestamp": "2026-11-22 10:00:00", "caller": h, "called": h, "digitInfo": h, "userData": h,
    } });
    let over = json!({ "eventType": "disconnect", "statusInfo": {
        "sessionId": h, "timestamp": "2026-11-22 10:00:09", "stateCode": 0, "stateDesc": h, "userData": h,
    } });
    let cdr = json!({ "sessionId": "s1", "icid": h, "callerNum": h, "calleeNum": h, "bindNum": h, "userData": h, "spId": h,
        "callEndTime": "2026-11-22 10:00:09", "fwdAnswerTime": "2026-11-22 10:00:00", "recordObjectName": h,
        "recordBucketName": h, "recordDomain": h, "hostName": h, "x": h });
    let bad = json!({ "icid": h, "callEndTime": h });
    let fee = json!({ "eventType": "fee", "feeLst": [cdr, bad] });
    let unknown = json!({ "eventType": h, "statusInfo": { "sessionId": h } });
    let mut texts: Vec<_> = [status, over, fee, unknown].map(|push| push.to_string()).into();
    texts.push(h);
    texts
}

#[test]
fn nothing_that_was_pushed_controls_a_terminal() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready()).with("VOICECALL_STORE", "sqlite:calls.db");
    for (mode, lines) in [
        (&["--store", "sqlite:calls.db"][..], 5),
        (&["--append", "lines.ndjson"], 7),
        (&["--append", "json.ndjson", "--json"], 5),
    ] {
        let arguments = [&["listen", "--log", "debug"], mode].concat();
        let mut listening = on_a_terminal(&cli, &arguments);
        let mut reader = BufReader::new(listening.stdout.take().expect("piped"));
        let mut shown = String::new();
        let url = loop {
            let from = shown.len();
            assert_ne!(reader.read_line(&mut shown).expect("UTF-8"), 0, "{shown}");
            if let Some((_, rest)) = shown[from..].split_once("http://") {
                let port = rest.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ':').next();
                break format!("http://{}", port.expect("an address"));
            }
        };
        for push in pushes() {
            post(&url, &[("X-AKSK", "AppKey=\"x\"".to_owned())], push.as_bytes());
        }
        for _ in 0..lines {
            reader.read_line(&mut shown).expect("UTF-8");
        }
        listening.kill().expect("running");
        listening.wait().expect("ended");
        reader.read_to_string(&mut shown).expect("UTF-8");
        assert_harmless(&arguments, &shown);
        assert!(shown.lines().count() > lines, "{shown}");
    }
    for command in [
        &["calls"][..],
        &["calls", "show", "s1"],
        &["cdr", "export"],
        &["cdr", "export", "--format", "csv"],
        &["cdr", "export", "--format", "csv", "--bom"],
        &["cdr", "totals"],
        &["cdr", "totals", "--by", "user-data"],
        &["unsettled"],
        &["rejected"],
        &["replay", "lines.ndjson", "--to", "http://127.0.0.1:9/", "--all"],
    ] {
        for json in [&[][..], &["--json"]] {
            let arguments = [command, json].concat();
            assert_harmless(&arguments, &shown(&cli, &arguments));
        }
    }
}

#[test]
fn nothing_that_was_typed_controls_a_terminal() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready());
    let hostile = hostile().replace('\0', "");
    let h = hostile.as_str();
    for command in [
        &["explain", h][..],
        &["calls", "--profile", h],
        &["calls", "--store", h],
        &["doctor", "--callback-url", h],
        &["stop", "--session-id", h],
        &["stop", "--session-id", h, "--dry-run"],
        &[
            "verify",
            "--callee-nbr",
            h,
            "--display-nbr",
            h,
            "--verify-code",
            h,
            "--language-type",
            "1",
            "--pre-tone",
            h,
        ],
        &[
            "notify",
            "--callee-nbr",
            "+8613800000021",
            "--display-nbr",
            "+867550000088",
            "--notify-voice",
            "a.wav",
            "--user-data",
            h,
            "--dry-run",
        ],
        &["recording", "get", "--out", h, h],
        &["replay", h, "--to", h],
        &["sandbox", "--config", h],
        &[h],
    ] {
        for json in [&[][..], &["--json"]] {
            let arguments = [command, json].concat();
            assert_harmless(&arguments, &shown(&cli, &arguments));
        }
    }
}

fn shown(cli: &Cli, arguments: &[&str]) -> String {
    let output = on_a_terminal(cli, arguments).wait_with_output().expect("it ends");
    let shown = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(!shown.trim().is_empty(), "{arguments:?} showed nothing");
    shown
}
