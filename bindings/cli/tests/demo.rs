//! The demonstration as a new user runs it: a process of its own, its output read line by line.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

use std::process::Command;

use serde_json::Value;

fn demo(arguments: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_voicecall"))
        .args(arguments)
        .output()
        .expect("the command runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert_eq!(errors, "", "talk on standard error means something went wrong");
    String::from_utf8(output.stdout)
        .expect("UTF-8")
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_call_ends_with_a_signed_cdr_and_the_recording_is_as_long_as_the_talk() {
    let lines: Vec<Value> = demo(&["demo", "--json", "--speed", "60"])
        .iter()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect();
    let of = |name: &str| lines.iter().filter_map(|line| line.get(name)).collect::<Vec<_>>();

    let summary = &lines.last().expect("lines")["summary"];
    for (name, count) in [
        ("calls", 5),
        ("refused_by_validation", 1),
        ("refused_by_platform", 1),
        ("cdrs", 5),
        ("recording_seconds", 75),
    ] {
        assert_eq!(summary[name], count, "{name} in {summary}");
    }
    assert_eq!(summary["status_events"], of("event").len());
    // Equal end times may be merged, so there are as many CDR pushes as there are, but all of them are signed.
    let signatures = summary["signatures_valid"].as_u64().expect("a number") as usize;
    assert!(
        signatures > of("event").len() && signatures <= of("event").len() + 5,
        "{summary}"
    );

    // Two legs of 75 s and a little more are 2 minutes each; the ended callback has B talk for some seconds; B was busy;
    // two calls have one leg.
    assert_eq!(summary["billable_minutes"], 2 + 2 + 1 + 1 + 1 + 1 + 1, "{summary}");
    assert_eq!(of("placed").len(), 5);
    let refused: Vec<_> = of("refused")
        .iter()
        .map(|error| error["kind"].as_str().expect("a kind"))
        .collect();
    assert_eq!(refused, ["invalid_argument", "rejected"]);
    let digits: Vec<_> = of("event")
        .iter()
        .filter_map(|event| event["digitInfo"].as_str())
        .collect();
    assert_eq!(digits, ["1"]);
}

#[test]
fn people_see_masked_numbers_reasons_and_a_table() {
    let text = demo(&["demo", "--speed", "60"]).join("\n");
    for wanted in [
        "Callee is busy",
        "blacklist",
        "75 seconds of sound",
        "0.72 CNY",
        "we end the call",
        "keys pressed: 1",
    ] {
        assert!(text.contains(wanted), "{wanted} is missing in\n{text}");
    }
    assert!(!text.contains("13800000"), "full numbers in\n{text}");
    assert!(!text.contains('\u{1b}'), "colours although this is no terminal");
}
