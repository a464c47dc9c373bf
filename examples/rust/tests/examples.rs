//! Each example runs against the local platform, as a program of its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

use std::process::{Command, Output};

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
    let file = std::env::temp_dir().join(format!("voicecall-example-{}.wav", std::process::id()));
    let numbers = ["+8613800000021", "+8613800000022", file.to_str().unwrap()];
    let output = run(&sandbox, env!("CARGO_BIN_EXE_click_to_call"), &numbers);
    let text = said(&output);
    assert!(
        text.contains("leg b: 61 s") && text.contains("price: 0.72 CNY") && text.contains("ended: "),
        "{text}"
    );
    let sound = std::fs::metadata(&file).unwrap().len();
    std::fs::remove_file(&file).unwrap();
    assert!(
        sound > 61 * 8000 && text.contains(&format!("recording: {sound} bytes")),
        "{text}"
    );
}
