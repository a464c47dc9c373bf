//! `listen` and `replay`: what is received is on disk before it is acknowledged, survives being killed, and can be sent
//! again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};
use support::peer::Peer;
use support::push::{answer, post};
use support::{A, B, Cli, DISPLAY, PATIENCE, Running, golden, sandbox};
use voicecall_core::Secret;
use voicecall_core::sign::{self, CreatedZone};
use voicecall_core::webhook::{DigestForm, PushSigner};

const FILE: &str = "webhooks.ndjson";
const EVENT: &str = r#"{"eventType":"answer","statusInfo":{"sessionId":"s1","timestamp":"2026-11-22 10:00:00","called":"+8613800000021"}}"#;
const OTHER: &str = r#"{"eventType":"answer","statusInfo":{"sessionId":"s2","timestamp":"2026-11-22 10:00:00","called":"+8613800000021"}}"#;

/// A listener that does not check signatures, and where it listens.
fn listen(cli: &Cli, more: &[&str]) -> (Running, String) {
    let mut listening = cli.start(&[&["listen", "--json", "--append", FILE], more].concat());
    let url = listening.json()["listening"]["url"].as_str().expect("a URL").to_owned();
    (listening, url)
}

/// The lines of the file.
fn saved(cli: &Cli) -> Vec<Value> {
    let text = std::fs::read_to_string(cli.folder().join(FILE)).expect("a file");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect()
}

/// Headers of a push to this address.
fn signed(url: &str, app_secret: &str) -> Vec<(&'static str, String)> {
    let signer = PushSigner {
        app_key: "SandboxAppKey0001",
        app_secret: &Secret::from(app_secret),
        url,
        form: DigestForm::Newest,
    };
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("after 1970")
        .as_secs();
    let created = sign::created(i64::try_from(now).expect("fits"), &CreatedZone::Utc);
    signer.headers(&sign::nonce().expect("random"), &created).to_vec()
}

#[test]
fn an_event_is_on_disk_when_it_is_acknowledged() {
    let cli = Cli::new();
    let (mut listening, url) = listen(&cli, &[]);
    for number in 0..20 {
        let body = EVENT.replace("\"s1\"", &format!("\"s{number}\""));
        assert_eq!(post(&url, &[], body.as_bytes()).0, 200);
        assert_eq!(saved(&cli).len(), number + 1);
    }
    listening.kill();
    let line = &saved(&cli)[0];
    assert_eq!((&line["path"], &line["duplicate"]), (&json!("/push"), &json!(false)));
    assert_eq!(
        (&line["event"]["sessionId"], &line["body"]),
        (&json!("s0"), &json!(EVENT.replace("s1", "s0")))
    );
    assert_eq!(line["verdict"]["verdict"], "not_checked");
    assert!(line["received"].as_str().expect("a time").ends_with('Z'));
}

#[test]
fn the_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let cli = Cli::new();
    let _listening = listen(&cli, &[]);
    let mode = std::fs::metadata(cli.folder().join(FILE))
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn neither_a_link_is_followed_nor_is_a_file_left_open_to_others() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let cli = Cli::new();
    let victim = cli.file("victim", "kept");
    for target in [victim.clone(), cli.folder().join("nowhere")] {
        let link = cli.folder().join(FILE);
        symlink(&target, &link).expect("a link");
        cli.run(&["listen", "--append", FILE]).ended(1).complaint();
        std::fs::remove_file(link).expect("a link");
    }
    assert_eq!(std::fs::read_to_string(&victim).expect("a file"), "kept");
    assert!(!cli.folder().join("nowhere").exists());
    let journal = cli.file(FILE, "");
    std::fs::set_permissions(&journal, PermissionsExt::from_mode(0o666)).expect("set");
    let _listening = listen(&cli, &[]);
    assert_eq!(
        std::fs::metadata(&journal).expect("a file").permissions().mode() & 0o777,
        0o600
    );
}

#[test]
fn duplicates_are_marked_also_those_of_an_earlier_run() {
    let cli = Cli::new();
    let (mut listening, url) = listen(&cli, &[]);
    assert_eq!(post(&url, &[], EVENT.as_bytes()).0, 200);
    assert_eq!(
        post(&url, &[], EVENT.replace(',', ", ").as_bytes()).0,
        200,
        "written otherwise, still the same"
    );
    listening.kill();
    let (_listening, url) = listen(&cli, &[]);
    post(&url, &[], EVENT.as_bytes());
    post(&url, &[], OTHER.as_bytes());
    let marks: Vec<_> = saved(&cli).iter().map(|line| line["duplicate"].clone()).collect();
    assert_eq!(marks, [false, true, true, false]);
}

#[test]
fn of_a_batch_the_records_that_came_before_are_named_and_bad_ones_are_kept() {
    let cli = Cli::new();
    let (_listening, url) = listen(&cli, &[]);
    let batch = |records: &str| format!(r#"{{"eventType":"fee","feeLst":[{records}]}}"#);
    let (one, two) = (
        r#"{"sessionId":"1","icid":"a"}"#,
        r#"{"sessionId":"2","icid":"b","failTime":"late"}"#,
    );
    assert_eq!(
        post(&url, &[], batch(one).as_bytes()).1,
        r#"{"resultcode":"0","resultdesc":"Success"}"#
    );
    let bad = r#"{"icid":"c","callEndTime":"soon"}"#;
    assert_eq!(post(&url, &[], batch(&[two, one, bad].join(",")).as_bytes()).0, 200);
    assert_eq!(post(&url, &[], batch(&[one, two].join(",")).as_bytes()).0, 200);
    let lines = saved(&cli);
    assert_eq!(
        (&lines[1]["duplicate"], &lines[1]["duplicates"]),
        (&json!(false), &json!([1]))
    );
    assert_eq!(lines[1]["event"]["rejected"][0]["field"], "/feeLst/2/sessionId");
    assert_eq!(
        lines[1]["event"]["feeLst"][0]["unreadable"],
        json!({ "failTime": "late" }),
        "a field that cannot be read costs no record"
    );
    assert!(lines[1]["body"].as_str().expect("a text").contains("soon"));
    assert_eq!(
        (&lines[2]["duplicate"], &lines[2]["duplicates"]),
        (&json!(true), &Value::Null)
    );
}

#[test]
fn what_cannot_be_read_is_refused_and_kept() {
    let cli = Cli::new();
    let (_listening, url) = listen(&cli, &[]);
    // The first ends too early and may come whole.
    assert_eq!(post(&url, &[], b"{").0, 500);
    assert_eq!(post(&url, &[], b"\xff\xfe").0, 400);
    assert_eq!(post(&url, &[], &vec![b' '; 2 * 1024 * 1024]).0, 413);
    let lines = saved(&cli);
    assert_eq!(
        (&lines[0]["error"]["kind"], &lines[0]["body"]),
        (&json!("malformed_webhook"), &json!("{"))
    );
    assert_eq!(lines[1]["body_base64"], "//4=");
    assert_eq!(
        lines[2]["body"].as_str().expect("a text").len(),
        1024 * 1024 + 1,
        "no more is kept"
    );
}

#[test]
fn signatures_are_checked_and_what_is_refused_is_kept_as_such() {
    let registered = "https://push.example.com/voice";
    let cli = Cli::for_platform(&sandbox().ready());
    let (mut listening, url) = listen(&cli, &["--url", registered]);
    assert_eq!(
        post(&url, &signed(registered, "sandbox-app-secret-0001"), EVENT.as_bytes()).0,
        200
    );
    assert_eq!(listening.json()["verdict"]["verdict"], "valid");
    assert_eq!(
        post(&url, &signed(registered, "another-secret"), OTHER.as_bytes()).0,
        401
    );
    let refused = listening.json();
    assert_eq!(refused["verdict"]["reason"], "digest_mismatch");
    assert_eq!(
        (&refused["error"]["kind"], &refused["body"]),
        (&json!("signature"), &json!(OTHER))
    );
    assert_eq!(refused, saved(&cli)[1]);
    // A forged event must not make the genuine one look like a repetition.
    assert_eq!(
        post(&url, &signed(registered, "sandbox-app-secret-0001"), OTHER.as_bytes()).0,
        200
    );
    assert_eq!(listening.json()["duplicate"], false);
    // Without a signature: refused, unless that is asked for.
    assert_eq!(post(&url, &[], EVENT.as_bytes()).0, 401);
    drop(listening);
    let (_listening, url) = listen(&cli, &["--url", registered, "--policy", "if_present"]);
    assert_eq!(post(&url, &[], EVENT.as_bytes()).0, 200);
}

#[test]
fn a_signature_that_comes_again_is_marked_and_carries_no_other_body() {
    let registered = "https://push.example.com/voice";
    let cli = Cli::for_platform(&sandbox().ready());
    let (mut listening, url) = listen(&cli, &["--url", registered]);
    let headers = signed(registered, "sandbox-app-secret-0001");
    for repeated in [false, true] {
        assert_eq!(post(&url, &headers, EVENT.as_bytes()).0, 200);
        let line = listening.json();
        assert_eq!(
            (&line["verdict"]["repeated"], &line["duplicate"]),
            (&json!(repeated), &json!(repeated))
        );
    }
    assert_eq!(post(&url, &headers, OTHER.as_bytes()).0, 401);
    assert_eq!(listening.json()["verdict"]["reason"], "replayed");
}

#[test]
fn checks_that_are_off_need_neither_addresses_nor_secrets() {
    for cli in [Cli::new(), Cli::for_platform(&sandbox().ready())] {
        let (mut listening, url) = listen(&cli, &["--policy", "off"]);
        assert_eq!(
            post(&url, &signed("https://x.example/", "any"), EVENT.as_bytes()).0,
            200
        );
        assert_eq!(listening.json()["verdict"]["verdict"], "not_checked");
    }
}

#[test]
fn a_torn_last_line_costs_no_other() {
    let cli = Cli::new();
    cli.file(FILE, "{\"received\":\"2026-");
    let (_listening, url) = listen(&cli, &[]);
    post(&url, &[], EVENT.as_bytes());
    let text = std::fs::read_to_string(cli.folder().join(FILE)).expect("a file");
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(serde_json::from_str::<Value>(lines[1]).is_ok());
}

#[test]
fn one_file_has_one_writer() {
    let cli = Cli::new();
    let _listening = listen(&cli, &[]);
    let second = cli.run(&["listen", "--append", FILE]).ended(1);
    assert!(
        second.complaint().contains("another voicecall listen writes to it"),
        "{second:?}"
    );
}

#[test]
fn an_event_that_cannot_be_stored_is_asked_for_again() {
    let cli = Cli::new();
    // No file may grow beyond a block: the disk is full, as far as the command can tell.
    let limited = "trap '' XFSZ; ulimit -f 1; exec voicecall listen --json --append webhooks.ndjson";
    let mut listening = Running::new(cli.command("sh").args(["-c", limited]));
    let url = listening.json()["listening"]["url"].as_str().expect("a URL").to_owned();
    let long = EVENT.replace("\"s1\"", &format!("\"s1\",\"userData\":{:?}", "x".repeat(4000)));
    assert_eq!(post(&url, &[], long.as_bytes()).0, 503);
    assert_eq!(
        post(&url, &[], long.as_bytes()).0,
        503,
        "still not stored, and no duplicate of itself"
    );
    let mut errors = String::new();
    listening.child.kill().expect("running");
    listening
        .child
        .stderr
        .take()
        .expect("piped")
        .read_to_string(&mut errors)
        .expect("UTF-8");
    assert!(errors.contains("1 events not stored, asked for again"), "{errors}");
}

#[test]
fn only_posts_are_taken() {
    let (_listening, url) = listen(&Cli::new(), &[]);
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).expect("somebody listens");
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        .expect("sent");
    assert_eq!(answer(stream).0, 405);
}

#[test]
fn a_slow_sender_is_let_go_and_delays_nobody() {
    let (_listening, url) = listen(&Cli::new(), &[]);
    let address = url.trim_start_matches("http://");
    let mut slow_head = TcpStream::connect(address).expect("somebody listens");
    slow_head.write_all(b"POST / HTTP/1.1\r\nHost:").expect("sent");
    let mut slow_body = TcpStream::connect(address).expect("somebody listens");
    slow_body
        .write_all(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n{")
        .expect("sent");
    assert_eq!(post(&url, &[], EVENT.as_bytes()).0, 200);
    for stream in [&slow_head, &slow_body] {
        stream.set_read_timeout(Some(PATIENCE)).expect("set");
    }
    assert_eq!(answer(slow_body).0, 408);
    let mut rest = Vec::new();
    slow_head.read_to_end(&mut rest).expect("the connection was ended");
}

#[test]
fn accepted_events_are_forwarded_as_they_came_and_the_answer_there_decides_nothing() {
    let program = Peer::start("HTTP/1.1 500 Oh\r\nContent-Length: 4\r\n\r\nno:(");
    let registered = "https://push.example.com/voice";
    let cli = Cli::for_platform(&sandbox().ready());
    let forward = format!("{}/hook?x", program.endpoint());
    let (mut listening, url) = listen(&cli, &["--url", registered, "--forward", &forward]);
    let headers = signed(registered, "sandbox-app-secret-0001");
    assert_eq!(post(&url, &headers, EVENT.as_bytes()).0, 200);
    let request = program.requests.recv_timeout(PATIENCE).expect("forwarded");
    let (head, body) = request.split_once("\r\n\r\n").expect("head and body");
    assert!(head.starts_with("POST /hook?x HTTP/1.1") && body == EVENT, "{request}");
    assert!(head.contains(&headers[2].1) && !head.contains("Host: h\r\n"), "{head}");
    listening.json();
    let told = listening.json();
    assert_eq!(
        (&told["forwarded"]["status"], &told["forwarded"]["body"]),
        (&json!(500), &json!("no:("))
    );
    assert_eq!(
        post(&url, &signed(registered, "another-secret"), EVENT.as_bytes()).0,
        401
    );
    assert_eq!(
        post(&url, &signed(registered, "sandbox-app-secret-0001"), OTHER.as_bytes()).0,
        200
    );
    assert!(
        program
            .requests
            .recv_timeout(PATIENCE)
            .expect("forwarded")
            .ends_with(OTHER),
        "the refused one was not"
    );
}

#[test]
fn people_see_masked_lines() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready());
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("its number")
        .port();
    let base = format!("http://127.0.0.1:{port}");
    let (status, fee) = (format!("{base}/status"), format!("{base}/fee"));
    let port = port.to_string();
    let mut listening = cli.start(&[
        "listen", "--port", &port, "--url", &status, "--url", &fee, "--append", FILE,
    ]);
    let mut shown = listening.line() + "\n";
    let notify = [
        "notify",
        "--display-nbr",
        DISPLAY,
        "--callee-nbr",
        A,
        "--notify-voice",
        "notifyvoice.wav",
        "--status-url",
        &status,
        "--fee-url",
        &fee,
    ];
    cli.run(&notify).ended(0);
    // Four status events and a CDR, two lines each.
    (0..10).for_each(|_| shown.push_str(&(listening.line() + "\n")));
    post(&base, &signed(&fee, "sandbox-app-secret-0001"), b"{");
    post(&base, &signed(&fee, "another-secret"), EVENT.as_bytes());
    (0..2).for_each(|_| shown.push_str(&(listening.line() + "\n")));
    golden::check("listen.txt", &golden::normalised(&shown));
    assert!(!shown.contains("13800000021"), "{shown}");
}

/// The whole round: a call's webhooks are received, the receiver is killed in the middle of it, the rest comes to the next
/// one, and what is in the file then reaches a program that was not there.
#[test]
fn what_was_received_is_replayed_freshly_signed_although_the_receiver_was_killed_in_between() {
    let platform = sandbox();
    let cli = Cli::for_platform(&platform.ready());
    let registered = "https://push.example.com/voice";
    let (mut listening, url) = listen(&cli, &[]);
    let call = |callee: &str, url: &str| {
        let (status, fee) = (format!("{url}/status"), format!("{url}/fee"));
        let place = [
            "call",
            "--display-nbr",
            DISPLAY,
            "--caller-nbr",
            A,
            "--display-callee-nbr",
            DISPLAY,
            "--callee-nbr",
            callee,
            "--status-url",
            &status,
            "--fee-url",
            &fee,
            "--json",
        ];
        cli.run(&place).ended(0).json()[0]["sessionId"]
            .as_str()
            .expect("an id")
            .to_owned()
    };
    let first = call(B, &url);
    let cdr = platform
        .wait_for_push(|push| push.event == "fee" && push.delivered, PATIENCE)
        .expect("a CDR");
    assert_eq!(cdr.session_ids, [first.as_str()]);
    listening.kill();
    let (mut listening, url) = listen(&cli, &[]);
    let second = call(B, &url);
    let of_second = |push: &voicecall_sandbox::PushView| {
        push.event == "fee" && push.delivered && push.session_ids == [second.clone()]
    };
    platform.wait_for_push(of_second, PATIENCE).expect("a CDR");
    post(&url, &[], EVENT.as_bytes());
    post(&url, &[], EVENT.as_bytes());
    post(&url, &[], b"{");
    listening.kill();
    let delivered = platform.pushes().iter().filter(|push| push.delivered).count();
    assert_eq!(
        saved(&cli).len(),
        delivered + 3,
        "every acknowledged event is in the file, once"
    );

    let program = Cli::for_platform(&platform.ready());
    let (mut receiving, url) = listen(&program, &["--url", registered, "--policy", "require"]);
    let replay = ["replay", FILE, "--to", &url, "--signed-for", registered, "--json"];
    let replayed = cli.run(&replay).ended(0).json();
    let summary = &replayed.last().expect("lines")["summary"];
    assert_eq!(
        summary,
        &json!({"delivered": delivered + 1, "failed": 0, "left_out": 2, "broken": 0})
    );
    receiving.kill();
    let got: Vec<_> = saved(&program).iter().map(|line| line["body"].clone()).collect();
    let sent: Vec<_> = saved(&cli)
        .iter()
        .take(delivered + 1)
        .map(|line| line["body"].clone())
        .collect();
    assert_eq!(got, sent, "the same bytes in the same order");
    assert!(saved(&program).iter().all(|line| line["verdict"]["verdict"] == "valid"));
    assert!(got.iter().any(|body| body.as_str().expect("a text").contains(&first)));
}

#[test]
fn a_replay_says_what_was_not_taken() {
    let cli = Cli::for_platform(&sandbox().ready());
    let line = json!({"verdict": {"verdict": "valid"}, "duplicate": false, "body": EVENT}).to_string();
    let refused = json!({"verdict": {"verdict": "refused"}, "duplicate": false, "body": OTHER}).to_string();
    let fee = json!({"verdict": {"verdict": "valid"}, "body": r#"{"eventType":"fee","feeLst":[{"sessionId":"1"}]}"#});
    cli.file(FILE, &format!("{line}\n{refused}\n{fee}\n{{\"torn\n"));
    let program = Peer::start("HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{\"resultcode\":\"1\"}");
    let replay = cli.run(&["replay", FILE, "--to", &program.endpoint()]).ended(1);
    golden::check("replay.txt", &golden::normalised(&replay.out));
    assert!(
        replay.err.contains("webhooks.ndjson, line 4: not whole, left out"),
        "{replay:?}"
    );
    let all = cli
        .run(&["replay", FILE, "--to", &program.endpoint(), "--all", "--json"])
        .ended(1)
        .json();
    assert_eq!(all.last().expect("lines")["summary"]["left_out"], 0);
    let nobody = cli.run(&["replay", FILE, "--to", "http://127.0.0.1:9/"]).ended(1);
    assert!(nobody.out.contains("no connection to 127.0.0.1:9"), "{nobody:?}");
}

/// What is printed here is more than a pipe holds, and nobody reads it.
#[test]
fn two_hundred_senders_at_once_are_all_served_although_nobody_reads_the_output() {
    let cli = Cli::new();
    let (_listening, url) = listen(&cli, &[]);
    let senders: Vec<_> = (0..200)
        .map(|number| {
            let (url, body) = (url.clone(), EVENT.replace("\"s1\"", &format!("\"s{number}\"")));
            std::thread::spawn(move || post(&url, &[], body.as_bytes()).0)
        })
        .collect();
    let statuses: Vec<_> = senders
        .into_iter()
        .map(|sender| sender.join().expect("ended"))
        .collect();
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    assert_eq!(saved(&cli).len(), 200);
}
