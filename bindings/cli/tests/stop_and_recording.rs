//! `stop` and `recording get` against a local platform.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

mod support;

use std::time::Duration;

use serde_json::json;
use support::{A, B, Cli, DISPLAY, PATIENCE, TALKATIVE, sandbox};
use voicecall_sandbox::blocking::Sandbox;

fn call(cli: &Cli, callee: &str, more: &[&str]) -> String {
    let parties = [
        "call",
        "--display-nbr",
        DISPLAY,
        "--caller-nbr",
        A,
        "--display-callee-nbr",
        DISPLAY,
        "--callee-nbr",
        callee,
        "--json",
    ];
    let placed = cli.run(&[&parties[..], more].concat()).ended(0);
    placed.json()[0]["sessionId"].as_str().expect("an id").to_owned()
}

#[test]
fn a_call_is_ended_once() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready());
    let session_id = call(&cli, TALKATIVE, &[]);
    let ended = cli.run(&["stop", "--session-id", &session_id, "--json"]).ended(0);
    assert_eq!(ended.json(), [json!({"terminated": {"sessionId": session_id}})]);
    let call = platform.wait_for_end(&session_id, PATIENCE).expect("ended");
    assert_eq!(call.end.expect("ended").state_code, 8017, "ended by order");
    let again = cli.run(&["stop", "--session-id", &session_id]).ended(4);
    assert!(again.complaint().contains("1020152"), "{again:?}");
}

#[test]
fn stopping_can_wait_for_the_last_webhooks() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready());
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("its number")
        .port();
    let base = format!("http://127.0.0.1:{port}");
    let (status, fee) = (format!("{base}/status"), format!("{base}/fee"));
    let session_id = call(&cli, TALKATIVE, &["--status-url", &status, "--fee-url", &fee]);
    let talking = |call: &voicecall_sandbox::CallView| call.phase == "talking";
    let begun = std::time::Instant::now();
    while !platform.call(&session_id).is_some_and(|call| talking(&call)) {
        assert!(begun.elapsed() < PATIENCE, "nobody talks");
        // Nobody listens yet, so a push that fails says that time has passed.
        platform.wait_for_push(|push| push.session_ids.contains(&session_id), Duration::from_millis(50));
    }
    let listen = format!("127.0.0.1:{port}");
    let stopped = cli.run(&[
        "stop",
        "--session-id",
        &session_id,
        "--wait",
        "--listen",
        &listen,
        "--json",
    ]);
    let lines = stopped.json();
    assert_eq!(lines[0]["terminated"]["sessionId"], session_id.as_str());
    let outcome = &lines.last().expect("lines")["outcome"];
    assert_eq!(outcome["explanation"]["cause"]["code"], 8017, "{outcome}");
}

/// A recorded callback that is over: the names of its recording.
fn recorded(platform: &Sandbox, cli: &Cli) -> (String, String) {
    let session_id = call(cli, B, &["--record-flag", "--fee-url", "http://127.0.0.1:9/fee"]);
    let cdr = platform.wait_for_push(
        |push| push.event == "fee" && push.session_ids == [session_id.clone()],
        PATIENCE,
    );
    let cdr = cdr.expect("a CDR").body["feeLst"][0].clone();
    let text = |name: &str| cdr[name].as_str().expect("there").to_owned();
    (text("recordObjectName"), text("recordDomain"))
}

#[test]
fn a_recording_becomes_a_file_and_no_file_is_replaced_unasked() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready());
    let (file, domain) = recorded(&platform, &cli);
    let get = ["recording", "get", "--file-name", &file, "--record-domain", &domain];
    let fetched = cli.run(&get).ended(0);
    let content = std::fs::read(cli.folder().join(&file)).expect("a file of the recording's own name");
    assert!(content.starts_with(b"RIFF") && content.len() > 8000 * 20);
    assert_eq!(fetched.out, format!("fetched {file}, {} bytes\n", content.len()));
    assert_eq!(fetched.err, "", "no bar where there is no terminal");

    let again = cli.run(&get).ended(3);
    assert!(again.complaint().contains("a file of this name exists"), "{again:?}");
    let json = cli
        .run(&[&get[..], &["--overwrite", "--json"]].concat())
        .ended(0)
        .json();
    assert_eq!(json, [json!({"path": file, "bytes": content.len()})]);
    let elsewhere = cli
        .run(&[&get[..], &["--output", "no/such/folder/x.wav"]].concat())
        .ended(1);
    assert!(elsewhere.complaint().contains("storage"), "{elsewhere:?}");
}

/// `script` runs the command on a terminal of its own.
#[test]
#[cfg(target_os = "linux")]
fn a_terminal_sees_how_far_a_download_is() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready());
    let (file, domain) = recorded(&platform, &cli);
    let get = format!("TERM=xterm voicecall recording get --file-name {file} --record-domain {domain}");
    let shown = cli
        .command("script")
        .args(["-qec", &get, "/dev/null"])
        .output()
        .expect("a terminal");
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.contains('░') && shown.contains("fetched"), "{shown}");
}

#[test]
fn a_name_from_the_platform_does_not_choose_the_folder() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready());
    for (name, code) in [("..", 2), ("../../x.wav", 4)] {
        let refused = cli
            .run(&["recording", "get", "--file-name", name, "--record-domain", "d"])
            .ended(code);
        assert_eq!(refused.err.lines().count(), 1, "{refused:?}");
    }
    let files: Vec<_> = std::fs::read_dir(cli.folder()).expect("a folder").collect();
    assert!(files.is_empty(), "{files:?}");
}

#[test]
fn dry_runs_send_nothing() {
    // Nobody listens at the endpoint: anything sent would fail.
    let cli = Cli::new()
        .with("VOICECALL_ENDPOINT", "http://127.0.0.1:9")
        .with("VOICECALL_APP_KEY", "example-key-0001")
        .with("VOICECALL_APP_SECRET", "example-secret-0001");
    let stop = cli.run(&["stop", "--session-id", "1", "--dry-run"]).ended(0).out;
    let by_position = cli.run(&["stop", "1", "--dry-run"]).ended(0).out;
    assert_eq!(by_position.lines().last(), stop.lines().last());
    cli.run(&["stop", "1", "--session-id", "2", "--dry-run"])
        .ended(2)
        .complaint();
    assert!(
        stop.contains("callStop") && stop.contains("\"signal\":\"call_stop\""),
        "{stop}"
    );
    let get = [
        "recording",
        "get",
        "--file-name",
        "a b",
        "--record-domain",
        "d",
        "--dry-run",
    ];
    assert!(cli.run(&get).ended(0).out.contains("?fileName=a%20b&recordDomain=d"));
}
