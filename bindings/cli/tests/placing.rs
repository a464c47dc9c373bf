//! `call`, `notify` and `verify` against a local platform: what arrives there, what is printed, how the command ends.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

mod support;

use std::time::Duration;

use serde_json::json;
use support::peer::Peer;
use support::{A, B, BLACKLISTED, BUSY, Cli, DISPLAY, PATIENCE, TALKATIVE, golden, sandbox, sandbox_with};

fn call<'a>(callee: &'a str, more: &[&'a str]) -> Vec<&'a str> {
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
    ];
    [&parties[..], more].concat()
}

fn notify<'a>(callee: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let parties = [
        "notify",
        "--display-nbr",
        DISPLAY,
        "--callee-nbr",
        callee,
        "--notify-voice",
        "notifyvoice.wav",
    ];
    [&parties[..], more].concat()
}

#[test]
fn a_placed_call_is_told_by_its_session_id() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready());
    let placed = cli.run(&call(B, &["--json", "--return-idle-port"])).ended(0);
    let placed = &placed.json()[0];
    let seen = &platform.calls()[0];
    assert_eq!(placed["sessionId"], seen.session_id);
    assert!(placed["idlePort"].is_u64(), "{placed}");
    assert_eq!((seen.legs[0].called.as_str(), seen.legs[1].called.as_str()), (A, B));
    let placed = cli.run(&notify(A, &[])).ended(0);
    assert_eq!(placed.out, format!("placed {}\n", platform.calls()[1].session_id));
    assert_eq!(placed.err, "");
}

#[test]
fn items_go_out_in_the_order_in_which_they_were_typed() {
    let peer = Peer::start(
        "HTTP/1.1 200 OK\r\nContent-Length: 46\r\n\r\n{\"resultcode\":\"0\",\"sessionId\":\"1\",\"idle\":true}",
    );
    let cli = Cli::new()
        .with("VOICECALL_ENDPOINT", &peer.endpoint())
        .with("VOICECALL_APP_KEY", "example-key-0001")
        .with("VOICECALL_APP_SECRET", "example-secret-0001");
    let items = [
        "notify",
        "--display-nbr",
        DISPLAY,
        "--callee-nbr",
        A,
        "--template-id",
        "t",
        "--template-paras",
        "三",
        "-",
        "--collect-ind",
        "1",
        "--replay-after-collection",
        "--notify-voice",
        "b.wav",
        "--extra",
        "bindNbr=\"+3\"",
    ];
    cli.run(&items).ended(0);
    let request = peer.requests.recv_timeout(PATIENCE).expect("a request");
    let (head, body) = request.split_once("\r\n\r\n").expect("head and body");
    assert!(head.starts_with("POST /rest/httpsessions/callnotify/v2.0 "), "{head}");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(body).expect("JSON"),
        json!({
            "displayNbr": DISPLAY, "calleeNbr": A,
            "playInfoList": [
                {"templateId": "t", "templateParas": ["三", "-"], "collectInd": 1, "replayAfterCollection": "true"},
                {"notifyVoice": "b.wav"},
            ],
            "bindNbr": "+3",
        })
    );
}

#[test]
fn a_code_can_come_from_standard_input() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready());
    let verify = [
        "verify",
        "--display-nbr",
        DISPLAY,
        "--callee-nbr",
        A,
        "--language-type",
        "2",
        "--pre-tone",
        "pretone.wav",
        "--verify-code",
        "@-",
    ];
    cli.run_with_input(&verify, "83726150\n").ended(0);
    assert_eq!(platform.calls().len(), 1);
    let refused = cli.run_with_input(&verify, "8372615a\n").ended(3);
    assert!(
        refused.complaint().contains("--verify-code: only digits"),
        "{refused:?}"
    );
    assert!(!refused.err.contains("8372615"), "{refused:?}");
    cli.run_with_input(&verify, "").ended(2);
}

#[test]
fn the_exit_code_tells_how_far_a_call_came() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready());
    let refused = cli.run(&notify("13800000021", &[])).ended(3);
    assert!(refused.complaint().contains("--callee-nbr: must be +"), "{refused:?}");
    assert!(platform.calls().is_empty(), "nothing was sent");
    let refused = cli.run(&notify(BLACKLISTED, &["--json"])).ended(4).error();
    assert_eq!(
        (&refused["kind"], &refused["result_code"]),
        (&json!("rejected"), &json!("1013004"))
    );
    assert_eq!(refused["exit_code"], 4);
    drop(platform);
    let nobody = cli.run(&notify(A, &["--retries", "0"])).ended(5);
    assert!(nobody.complaint().contains("not_sent"), "{nobody:?}");
}

#[test]
fn a_request_that_is_swallowed_is_sent_once_and_its_outcome_is_unknown() {
    let peer = Peer::start("");
    let cli = Cli::new()
        .with("VOICECALL_ENDPOINT", &peer.endpoint())
        .with("VOICECALL_APP_KEY", "example-key-0001")
        .with("VOICECALL_APP_SECRET", "example-secret-0001");
    for wait in [&[][..], &["--wait"]] {
        let unknown = cli.run(&notify(A, wait)).ended(6);
        assert!(unknown.complaint().contains("The phone may be ringing"), "{unknown:?}");
        peer.requests.recv_timeout(PATIENCE).expect("one request");
        assert!(peer.requests.try_recv().is_err(), "and no other");
    }
}

/// The platform placed the call and its answer got lost: nobody may place it again.
#[test]
fn a_lost_answer_ends_with_an_unknown_outcome_and_exactly_one_call() {
    for wait in [&[][..], &["--wait"]] {
        let platform = sandbox_with(|options| {
            let lost = "create_voice_notification=answer_lost".parse().expect("a fault");
            options.faults.push(lost);
        });
        let cli = Cli::for_platform(&platform.ready());
        let unknown = cli.run(&notify(A, wait)).ended(6);
        assert!(unknown.complaint().contains("The phone may be ringing"), "{unknown:?}");
        assert_eq!(platform.calls().len(), 1);
        let tagged = cli.run(&notify(A, &["--attempt-tag", "--user-data", "alarm"])).ended(6);
        let user_data = platform.calls()[1].user_data.clone().expect("marked");
        let mark = user_data.strip_prefix("alarm-").expect("a mark behind the user's text");
        assert!(
            tagged
                .complaint()
                .ends_with(&format!("Its webhooks carry the mark {mark}.")),
            "{tagged:?}"
        );
    }
}

#[test]
fn waiting_tells_the_story_of_the_call() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready());
    let told = cli.run(&call(B, &["--wait", "--record-flag"])).ended(0);
    golden::check("wait-call.txt", &golden::normalised(&told.out));
    let told = cli.run(&notify(A, &["--collect-ind", "1", "--wait"])).ended(0);
    golden::check("wait-notify.txt", &golden::normalised(&told.out));
}

#[test]
fn waiting_gives_programs_an_object_per_line() {
    let platform = sandbox();
    let lines = Cli::for_platform(&platform.ready())
        .run(&call(B, &["--wait", "--json"]))
        .ended(0)
        .json();
    let events: Vec<_> = lines
        .iter()
        .filter_map(|line| line["event"]["eventType"].as_str())
        .collect();
    assert_eq!(
        events,
        [
            "callout",
            "alerting",
            "answer",
            "callout",
            "alerting",
            "answer",
            "disconnect"
        ]
    );
    let session_id = &lines[0]["placed"]["sessionId"];
    assert!(session_id.is_string());
    let of = |name: &str| lines.iter().filter_map(|line| line.get(name)).collect::<Vec<_>>();
    assert_eq!(&of("cdr")[0]["sessionId"], session_id);
    let outcome = of("outcome")[0];
    assert_eq!(
        (&outcome["sessionId"], &outcome["succeeded"]),
        (session_id, &json!(true))
    );
    assert_eq!(
        (&outcome["talk_seconds"], &outcome["billable_minutes"]),
        (&json!(20), &json!(2))
    );
    let pushes = platform.pushes();
    assert!(pushes.iter().all(|push| push.delivered), "{pushes:?}");
}

#[test]
fn a_call_that_does_not_succeed_has_an_exit_code_of_its_own() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready());
    let busy = cli.run(&notify(BUSY, &["--wait"])).ended(7);
    assert!(busy.complaint().contains("Callee is busy"), "{busy:?}");
    let busy = cli.run(&notify(BUSY, &["--wait", "--json"])).ended(7);
    assert_eq!(busy.json().last().expect("lines")["outcome"]["succeeded"], false);
    assert_eq!(busy.error()["exit_code"], 7);
}

#[test]
fn an_end_that_is_not_told_in_time_is_an_unknown_outcome() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready());
    let waited = cli
        .run(&call(TALKATIVE, &["--wait", "--wait-timeout", "700ms"]))
        .ended(6);
    assert!(waited.complaint().contains("voicecall stop --session-id"), "{waited:?}");
}

#[test]
fn webhooks_of_other_calls_are_left_to_whom_they_belong() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready());
    let mut waiting = cli.start(&call(TALKATIVE, &["--wait", "--json", "--listen", "127.0.0.1:0"]));
    waiting.json();
    assert_eq!(waiting.json()["event"]["eventType"], "callout");
    let first = platform
        .wait_for_push(|push| push.event == "callout", PATIENCE)
        .expect("a push");
    let base = first.url.trim_end_matches("/status").to_owned();
    let (status, fee) = (format!("{base}/status"), format!("{base}/fee"));
    cli.run(&notify(A, &["--status-url", &status, "--fee-url", &fee]))
        .ended(0);
    let other = platform.calls()[1].session_id.clone();
    let refused = platform.wait_for_push(
        |push| push.event == "fee" && push.session_ids == [other.clone()],
        PATIENCE,
    );
    assert_eq!(
        refused.expect("a push").status,
        Some(503),
        "the platform has to keep it"
    );
}

#[test]
fn waiting_receives_the_webhooks_itself() {
    let cli = Cli::for_platform(&sandbox().ready());
    let both = cli
        .run(&notify(A, &["--wait", "--status-url", "http://127.0.0.1:9/"]))
        .ended(2);
    assert!(
        both.complaint().contains("leave --status-url and --fee-url out"),
        "{both:?}"
    );
    let everywhere = cli.run(&notify(A, &["--wait", "--listen", "0.0.0.0:0"])).ended(2);
    assert!(everywhere.complaint().contains("--public-url"), "{everywhere:?}");
    cli.run(&notify(A, &["--listen", "127.0.0.1:0"])).ended(2);
}

#[test]
fn a_dry_run_shows_the_request_and_sends_nothing() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready());
    let more = [
        "--template-id",
        "sandbox_password",
        "--template-paras",
        "李先生",
        "123456",
        "--dry-run",
    ];
    let shown = cli.run(&notify(A, &more)).ended(0);
    golden::check("dry-run-notify.txt", &golden::normalised(&shown.out));
    for hidden in ["0000021", "李先生", "123456", "sandbox-app-secret"] {
        assert!(!shown.out.contains(hidden), "{hidden} in {}", shown.out);
    }
    let object = cli.run(&notify(A, &["--dry-run", "--json"])).ended(0).json();
    assert_eq!(object[0]["request"]["body"]["calleeNbr"], "+*********0021");
    let odd = cli
        .run(&notify(A, &["--status-url", "http://127.0.0.1:9/a_b?c", "--dry-run"]))
        .ended(0);
    assert!(
        odd.complaint()
            .contains("--status-url: has characters that the service does not list: ?_"),
        "{odd:?}"
    );
    let item = ["--collect-ind", "0", "--collect-content-trigger-replaying", "1"];
    let without_effect = cli
        .run(&notify(A, &[&item[..], &["--dry-run", "--json"]].concat()))
        .ended(0);
    let warning =
        "--collect-content-trigger-replaying of item 1: has no effect unless --replay-after-collection is true";
    assert!(without_effect.complaint().contains(warning), "{without_effect:?}");
    assert_eq!(
        without_effect.json()[0]["warnings"][0]["field"],
        "/playInfoList/0/collectContentTriggerReplaying"
    );
    cli.run(&notify("123", &["--dry-run"])).ended(3);
    assert!(platform.calls().is_empty());
}

#[test]
fn a_slow_platform_is_not_waited_for_longer_than_asked() {
    let platform = sandbox_with(|options| options.speed = 1.0);
    let cli = Cli::for_platform(&platform.ready());
    let begun = std::time::Instant::now();
    cli.run(&call(B, &["--wait", "--wait-timeout", "200ms"])).ended(6);
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[cfg(unix)]
#[test]
fn ctrl_c_during_a_call_says_that_the_phone_may_be_ringing() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let cli = Cli::new()
        .with(
            "VOICECALL_ENDPOINT",
            &format!("http://{}", listener.local_addr().unwrap()),
        )
        .with("VOICECALL_APP_KEY", "example-key-0001")
        .with("VOICECALL_APP_SECRET", "example-secret-0001");
    let mut command = cli.command(env!("CARGO_BIN_EXE_voicecall"));
    let child = command
        .args(notify(A, &[]))
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // The request arrives, and is never answered.
    let (mut stream, _) = listener.accept().unwrap();
    let _ = std::io::Read::read(&mut stream, &mut [0; 4096]).unwrap();
    let told = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(told.unwrap().success());
    let ended = child.wait_with_output().unwrap();
    let complaint = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(6), "{complaint}");
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
    assert!(
        complaint.contains("unknown") && complaint.contains("may be ringing"),
        "{complaint}"
    );
    assert!(ended.stdout.is_empty());
}
