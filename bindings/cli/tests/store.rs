//! The commands that look at a store: what they tell people and programs, and what they leave alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

mod support;

#[path = "../../../core/tests/support/pushes.rs"]
mod pushes;

use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use pushes::{A, B, callback_cdr, cdr, fee, status};
use serde_json::json;
use support::push::post;
use support::{Cli, golden};

/// What is no push.
const JUNK: &str = "junk";

/// A store with these pushes, in the folder and in the environment.
fn filled(cli: Cli, pushes: &[String]) -> Cli {
    let cli = cli.with("VOICECALL_STORE", "sqlite:calls.db");
    let mut running = cli.start(&["listen", "--json"]);
    let url = running.json()["listening"]["url"].as_str().expect("a URL").to_owned();
    for body in pushes {
        let status = if body == JUNK { 400 } else { 200 };
        assert_eq!(post(&url, &[], body.as_bytes()).0, status, "{body}");
    }
    cli
}

/// A callback, a notification that was not answered, and a call that has not ended.
fn three_calls() -> Vec<String> {
    let failed = cdr("s-busy", ",\"failTime\":\"2026-01-27 03:04:49\"")
        .replace("\"callOutAnswerTime\":\"2026-01-27 03:04:31\",", "")
        .replace("\"ulFailReason\":0", "\"ulFailReason\":8102");
    vec![
        status("s-callback", "callout", 24, A, ""),
        status("s-callback", "alerting", 27, A, ""),
        status("s-callback", "answer", 31, A, ""),
        status("s-callback", "callout", 31, B, ""),
        status("s-callback", "alerting", 35, B, ""),
        status("s-callback", "answer", 38, B, ""),
        status(
            "s-callback",
            "disconnect",
            49,
            B,
            ",\"stateCode\":0,\"partyType\":\"callee\"",
        ),
        fee(&[callback_cdr("s-callback", ",\"userData\":\"order 7\"")]),
        fee(&[failed]),
        status("s-open", "callout", 50, "+8613800000023", ""),
        status("s-open", "answer", 55, "+8613800000023", ""),
        status("s-open", "collectInfo", 57, "+8613800000023", ",\"digitInfo\":\"1\""),
    ]
}

#[test]
fn people_see_calls_and_sums_with_masked_numbers() {
    let cli = filled(Cli::new(), &three_calls());
    let told = |arguments: &[&str]| {
        let ran = cli.run(arguments).ended(0);
        assert!(!ran.out.contains("1380000002"), "{}", ran.out);
        ran.out
    };
    golden::check("calls.txt", &told(&["calls"]));
    golden::check(
        "calls-show.txt",
        &told(&["calls", "show", "s-callback", "--per-minute", "0.18"]),
    );
    golden::check("calls-show-open.txt", &told(&["calls", "show", "s-open"]));
    golden::check("calls-show-busy.txt", &told(&["calls", "show", "s-busy"]));
    let totals = ["cdr", "totals", "--by", "month,app_key", "--per-minute", "0.18"];
    golden::check("cdr-totals.txt", &told(&totals));
    golden::check("unsettled.txt", &told(&["unsettled"]));
}

#[test]
fn call_show_is_calls_show_and_call_still_wants_its_numbers() {
    let cli = filled(Cli::new(), &three_calls());
    let shown = cli.run(&["calls", "show", "s-callback"]).ended(0).out;
    assert_eq!(cli.run(&["call", "show", "s-callback"]).ended(0).out, shown);
    let help = cli.run(&["call", "--help"]).ended(0).out;
    assert!(!help.contains("Commands:") && !help.contains("<COMMAND>"), "{help}");
    assert!(cli.run(&["call"]).ended(2).complaint().contains("--callee-nbr"));
}

#[test]
fn programs_get_whole_calls_and_the_mark_to_go_on() {
    let cli = filled(Cli::new(), &three_calls());
    let first = cli.run(&["calls", "--json", "--limit", "2"]).ended(0).json();
    let [open, _, next] = first.as_slice() else {
        panic!("{first:?}")
    };
    assert_eq!(
        (&open["session_id"], &open["digits"][0]["keys"]),
        (&json!("s-open"), &json!("1"))
    );
    let mark = next["next"].as_str().expect("a mark");
    let rest = cli.run(&["calls", "--json", "--after", mark]).ended(0).json();
    assert_eq!(rest.len(), 1);

    let ids = |filter: &[&str]| {
        let calls = cli.run(&[&["calls", "--json"], filter].concat()).ended(0).json();
        calls
            .iter()
            .map(|call| call["session_id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&["--number", B]), ["s-callback"]);
    assert_eq!(ids(&["--user-data", "order 7"]), ["s-callback"]);
    assert_eq!(ids(&["--state", "answered"]), ["s-open"]);
    assert!(ids(&["--from", "2026-01-28"]).is_empty() && ids(&["--until", "2026-01-27"]).is_empty());
    let totals = cli.run(&["cdr", "totals", "--json", "--number", A]).ended(0).json();
    assert_eq!(
        (&totals[0]["calls"], &totals[0]["billable_minutes"]),
        (&json!(2), &json!(2))
    );
    let story = cli.run(&["calls", "show", "s-callback", "--json"]).ended(0).json();
    assert_eq!(story[0]["legs"][1]["number"], B);
}

#[test]
fn an_export_is_a_whole_file_for_its_owner_alone() {
    let cli = filled(Cli::new(), &three_calls());
    let export = ["cdr", "export", "--format", "csv", "--output", "cdrs.csv"];
    assert_eq!(cli.run(&export).ended(0).out, "2 CDRs in cdrs.csv\n");
    let path = cli.folder().join("cdrs.csv");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(
        text.starts_with("session_id,icid,") && text.matches("\r\n").count() == 3,
        "{text}"
    );

    assert!(cli.run(&export).ended(2).complaint().contains("--overwrite"));
    let marked = cli.run(&[&export[..], &["--bom", "--overwrite"]].concat()).ended(0);
    assert_eq!(marked.out, "2 CDRs in cdrs.csv\n");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("\u{feff}session_id,"), "{text}");
    assert!(
        std::fs::read_dir(cli.folder())
            .unwrap()
            .all(|entry| !entry.unwrap().path().ends_with(".part"))
    );
    let lines = cli.run(&["cdr", "export", "--per-minute", "0.18"]).ended(0).json();
    assert_eq!((lines.len(), &lines[0]["price"]), (2, &json!("0.36")));
}

#[test]
fn an_export_writes_no_file_but_its_own_whatever_links_are_there() {
    use std::os::unix::fs::symlink;
    let cli = filled(Cli::new(), &three_calls());
    let path = |name: &str| cli.folder().join(name);
    let victim = cli.file("victim", "kept");
    symlink(&victim, path("cdrs.csv.part")).unwrap();
    symlink(path("nowhere"), path("cdrs.csv")).unwrap();
    let export = ["cdr", "export", "--format", "csv", "--output", "cdrs.csv"];
    assert!(cli.run(&export).ended(2).complaint().contains("--overwrite"));
    cli.run(&[&export[..], &["--overwrite"]].concat()).ended(0);
    assert!(path("cdrs.csv").symlink_metadata().unwrap().is_file());
    assert!(!path("nowhere").exists());
    assert_eq!(std::fs::read_to_string(&victim).unwrap(), "kept");
}

#[test]
fn a_reader_that_goes_away_ends_an_export_quietly() {
    let records: Vec<_> = (0..50).map(|number| cdr(&format!("s{number}"), "")).collect();
    let many: Vec<_> = (0..20)
        .map(|push| fee(&records).replace("\"s", &format!("\"p{push}-s")))
        .collect();
    let cli = filled(Cli::new(), &many);
    let output = cli
        .command("sh")
        .args(["-c", "{ voicecall cdr export; echo $? >&2; } | head -n 1"])
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "0\n");
}

#[test]
fn numbers_can_be_kept_as_hashes_and_still_be_searched() {
    let cli = Cli::new().with("VOICECALL_NUMBERS_KEY", "example-numbers-key-0001");
    let cli = filled(cli, &three_calls());
    let found = cli.run(&["calls", "--json", "--number", B]).ended(0);
    assert!(
        found.json().len() == 1 && !found.out.contains("1380000002"),
        "{}",
        found.out
    );
    let exported = cli.run(&["cdr", "export"]).ended(0).out;
    assert!(!exported.contains("1380000002"), "{exported}");
    let other = Cli::new().with("VOICECALL_NUMBERS_KEY", "");
    let store = format!("sqlite:{}", cli.folder().join("calls.db").display());
    let refused = other.run(&["calls", "--store", &store]).ended(2);
    assert!(refused.complaint().contains("numbers_key"), "{refused:?}");
}

#[test]
fn what_is_old_can_be_deleted() {
    let cli = filled(Cli::new(), &three_calls());
    assert_eq!(
        cli.run(&["purge", "--before", "2026-01-27"]).ended(0).out,
        "deleted 0 calls, 0 attempts, 0 other texts\n"
    );
    let purged = cli
        .run(&["purge", "--before", "2026-01-27T03:04:50Z", "--json"])
        .ended(0)
        .json();
    assert_eq!(purged[0]["deleted"]["calls"], 2);
    let left = cli.run(&["calls", "--json"]).ended(0).json();
    assert_eq!((left.len(), &left[0]["session_id"]), (1, &json!("s-open")));
}

#[test]
fn what_could_not_be_taken_is_listed_and_whole_only_for_programs() {
    let unreadable = cdr("", "");
    let cli = filled(
        Cli::new(),
        &[fee(&[cdr("s-2", ""), unreadable.clone()]), JUNK.to_owned()],
    );
    let shown = cli.run(&["rejected"]).ended(0).out;
    assert!(
        !shown.contains("1380000002") && shown.contains("/feeLst/1/sessionId"),
        "{shown}"
    );
    let without_time = |line: &str| match line.split_once("  20") {
        Some((id, rest)) => format!("{id}  <received>          {}\n", rest.split_at(18).1),
        None => format!("{line}\n"),
    };
    golden::check("rejected.txt", &shown.lines().map(without_time).collect::<String>());
    let first = cli.run(&["rejected", "--json", "--limit", "1"]).ended(0).json();
    assert_eq!(
        (&first[0]["class"], &first[0]["raw"]),
        (&json!("record"), &json!(unreadable))
    );
    let mark = first[1]["next"].as_str().expect("a mark");
    let rest = cli.run(&["rejected", "--json", "--after", mark]).ended(0).json();
    assert_eq!((rest.len(), &rest[0]["raw"]), (1, &json!(JUNK)));
    let none = cli.run(&["rejected", "--class", "refused"]).ended(0);
    assert_eq!(none.out, "");
    assert!(
        cli.run(&["rejected", "--class", "lost"])
            .ended(3)
            .complaint()
            .contains("--class")
    );
}

#[test]
fn a_store_that_is_not_there_is_not_made_by_looking() {
    let cli = Cli::new().with("VOICECALL_STORE", "sqlite:typo.db");
    for command in [
        &["calls"][..],
        &["calls", "show", "x"],
        &["cdr", "export"],
        &["cdr", "totals"],
        &["unsettled"],
        &["rejected"],
    ] {
        assert!(
            cli.run(command)
                .ended(2)
                .complaint()
                .contains("there is no store at typo.db"),
            "{command:?}"
        );
    }
    assert!(!cli.folder().join("typo.db").exists());
}

#[test]
fn waiting_for_a_cdr_ends_when_it_comes_and_when_the_time_is_over() {
    let cli = filled(Cli::new(), &three_calls());
    let mut running = cli.start(&["listen", "--json"]);
    let url = running.json()["listening"]["url"].as_str().expect("a URL").to_owned();
    let over = cli
        .run(&["calls", "show", "s-open", "--json", "--wait", "10ms"])
        .ended(0)
        .json();
    assert_eq!(over[0]["state"], "answered");
    let mut waiting = cli.start(&["calls", "show", "s-open", "--json", "--wait", "30s"]);
    assert_eq!(post(&url, &[], fee(&[cdr("s-open", "")]).as_bytes()).0, 200);
    assert_eq!(waiting.json()["state"], "billed");
}
