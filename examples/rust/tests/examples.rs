//! Each example runs against the local platform, as a program of its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};

use voicecall_core::calls::{PlayContentInfo, VoiceNotification};
use voicecall_core::{Client, Config};
use voicecall_sandbox::blocking::Sandbox;
use voicecall_sandbox::{Options, PhoneRule};

fn sandbox() -> Sandbox {
    let mut options = Options::default();
    options.speed = 60.0;
    Sandbox::start(options).unwrap()
}

fn run(sandbox: &Sandbox, program: &str, arguments: &[&str]) -> Output {
    let ready = sandbox.ready();
    let mut command = Command::new(program);
    command.arg(&ready.display_numbers[0]).args(arguments);
    command
        .env("VOICECALL_APP_KEY", &ready.app_key)
        .env("VOICECALL_APP_SECRET", ready.app_secret.expose());
    command.env("VOICECALL_ENDPOINT", sandbox.endpoint());
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn the_quick_start_of_the_readme_places_a_call() {
    let output = run(&sandbox(), env!("CARGO_BIN_EXE_quick_start"), &[]);
    assert!(said(&output).starts_with("calling: 1201_"), "{output:?}");
}

#[test]
fn an_alarm_is_confirmed_by_a_key() {
    let program = env!("CARGO_BIN_EXE_alert_call");
    let output = run(&sandbox(), program, &["+8613800000021", "sandbox_alarm"]);
    assert_eq!(said(&output), "calling\nringing\nanswered\nconfirmed\n");
}

#[test]
fn an_alarm_that_nobody_hears_is_not_confirmed() {
    let program = env!("CARGO_BIN_EXE_alert_call");
    let output = run(&sandbox(), program, &["+8613800008102", "sandbox_alarm"]);
    assert_eq!(said(&output), "calling\nnot confirmed\n");
}

#[test]
fn a_refused_alarm_is_told_with_advice_and_rings_nobody() {
    let sandbox = sandbox();
    let output = run(
        &sandbox,
        env!("CARGO_BIN_EXE_alert_call"),
        &["13800000021", "sandbox_alarm"],
    );
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(
        errors.contains("/calleeNbr") && errors.contains("Correct the named field"),
        "{errors}"
    );
    assert!(sandbox.calls().is_empty());
}

#[test]
fn a_recorded_call_gives_its_cost_and_its_sound() {
    let sandbox = sandbox();
    let mut talk = PhoneRule::default();
    talk.talk_seconds = Some(61);
    sandbox.set_phone("+8613800000022", talk);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("call.wav");
    let numbers = ["+8613800000021", "+8613800000022", file.to_str().unwrap()];
    let output = run(&sandbox, env!("CARGO_BIN_EXE_click_to_call"), &numbers);
    let text = said(&output);
    assert!(
        text.contains("leg b: 61 s") && text.contains("price: 0.72 CNY") && text.contains("ended: "),
        "{text}"
    );
    let sound = std::fs::metadata(&file).unwrap().len();
    assert!(
        sound > 61 * 8000 && text.contains(&format!("recording: {sound} bytes")),
        "{text}"
    );
}

#[test]
fn a_receiver_stores_every_webhook_of_a_call() {
    let sandbox = sandbox();
    let ready = sandbox.ready();
    let folder = tempfile::tempdir().unwrap();
    // The address has to be known before the receiver starts: it is part of what the platform signs.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let push_url = format!("http://127.0.0.1:{port}/voice");
    let mut receiver = Command::new(env!("CARGO_BIN_EXE_webhook_receiver"))
        .arg(port.to_string())
        .arg(folder.path().join("webhooks.db"))
        .env("VOICECALL_APP_KEY", &ready.app_key)
        .env("VOICECALL_APP_SECRET", ready.app_secret.expose())
        .env("VOICECALL_ENDPOINT", sandbox.endpoint())
        .env("VOICECALL_PUSH_URL", &push_url)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(receiver.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    assert_eq!(lines.next(), Some(format!("listening on port {port}")));

    let config = Config::new()
        .app_key(&ready.app_key)
        .app_secret(ready.app_secret.clone())
        .endpoint(sandbox.endpoint());
    let request = VoiceNotification::new()
        .display_nbr(&ready.display_numbers[0])
        .callee_nbr("+8613800000021")
        .play_info_list(vec![PlayContentInfo::new().notify_voice(&ready.voice_files[0])])
        .status_url(&push_url)
        .fee_url(&push_url);
    Client::new(config)
        .unwrap()
        .create_voice_notification(&request)
        .unwrap();

    assert!(lines.any(|line| line == "fee: stored"));
    drop(receiver.stdin.take());
    assert_eq!(lines.last().as_deref(), Some("calls with a CDR: 1"));
    assert!(receiver.wait().unwrap().success());
}
