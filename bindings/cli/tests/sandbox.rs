//! `voicecall sandbox` as a test suite of any language uses it: start, read one line, use, close standard input.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use voicecall_core::calls::{PlayContentInfo, VoiceNotification};
use voicecall_core::{Client, Config};

fn start(arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_voicecall"));
    command
        .arg("sandbox")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().expect("the command runs")
}

fn text(ready: &Value, pointer: &str) -> String {
    ready
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("{pointer} in {ready}"))
        .to_owned()
}

#[test]
fn the_first_line_is_all_that_a_program_needs() {
    let mut sandbox = start(&["--json", "--speed", "60"]);
    let mut line = String::new();
    BufReader::new(sandbox.stdout.take().expect("piped"))
        .read_line(&mut line)
        .expect("a line");
    let ready: Value = serde_json::from_str(&line).expect("JSON");
    assert!(text(&ready, "/admin").starts_with(&text(&ready, "/endpoint")));

    let config = Config::new()
        .app_key(text(&ready, "/app_key"))
        .app_secret(text(&ready, "/app_secret"))
        .endpoint(text(&ready, "/endpoint"));
    let item = PlayContentInfo::new().notify_voice(text(&ready, "/voice_files/0"));
    let request = VoiceNotification::new()
        .display_nbr(text(&ready, "/display_numbers/0"))
        .callee_nbr("+8613800000021")
        .play_info_list(vec![item]);
    let call = Client::new(config)
        .and_then(|client| client.create_voice_notification(&request))
        .expect("placed");
    assert!(call.session_id.is_some());
    assert!(!text(&ready, "/templates/0/id").is_empty() && !text(&ready, "/templates/0/content").is_empty());

    drop(sandbox.stdin.take());
    assert!(
        sandbox.wait().expect("it ends").success(),
        "closing standard input ends it"
    );
}

#[cfg(unix)]
#[test]
fn however_it_is_ended_its_certificate_is_gone() {
    for end in ["INT", "TERM", "closed input"] {
        let mut sandbox = start(&["--json", "--tls"]);
        let mut line = String::new();
        BufReader::new(sandbox.stdout.take().expect("piped"))
            .read_line(&mut line)
            .expect("a line");
        let ready: Value = serde_json::from_str(&line).expect("JSON");
        let certificate = text(&ready, "/ca_file");
        assert!(std::fs::exists(&certificate).expect("a folder"), "{certificate}");
        if end == "closed input" {
            drop(sandbox.stdin.take());
        } else {
            let told = Command::new("kill")
                .args(["-s", end, &sandbox.id().to_string()])
                .status();
            assert!(told.expect("kill").success());
        }
        assert!(sandbox.wait().expect("it ends").success(), "{end}");
        assert!(
            !std::fs::exists(&certificate).expect("a folder"),
            "{end}: {certificate}"
        );
    }
}

#[test]
fn a_port_that_is_taken_is_said_in_one_line() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its number").port().to_string();
    let output = start(&["--port", &port]).wait_with_output().expect("it ends");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(errors.lines().count(), 1, "{errors}");
    assert!(errors.contains(&port), "{errors}");
}

#[test]
fn a_file_says_what_is_set_up_and_flags_win_over_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("platform.toml");
    let content =
        "speed = 60\n[account.applications.MyKey]\napp_secret = \"my-secret\"\ndisplay_numbers = [\"+867550000001\"]";
    std::fs::write(&file, content).expect("written");
    let file = file.display().to_string();
    let lost = "create_voice_callback=answer_lost";
    let mut sandbox = start(&["--json", "--config", &file, "--speed", "2", "--fault", lost]);
    let mut line = String::new();
    let mut lines = BufReader::new(sandbox.stdout.take().expect("piped"));
    lines.read_line(&mut line).expect("a line");
    let ready: Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!(text(&ready, "/app_key"), "MyKey");
    assert_eq!(text(&ready, "/display_numbers/0"), "+867550000001");
    drop(sandbox.stdin.take());
    assert!(sandbox.wait().expect("it ends").success());

    std::fs::write(&file, "sped = 60").expect("written");
    let output = start(&["--config", &file]).wait_with_output().expect("it ends");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), errors.lines().count()), (Some(2), 1), "{errors}");
    assert!(errors.contains("platform.toml") && errors.contains("sped"), "{errors}");
}

#[test]
fn wrong_usage_has_its_own_exit_code() {
    for arguments in [
        &["--speed", "0"][..],
        &["--speed", "fast"],
        &["--port", "65536"],
        &["--no-such-option"],
        &["--fault", "create_voice_callback=nonsense"],
        &["--config", "no-such-file"],
    ] {
        let output = start(arguments).wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}
