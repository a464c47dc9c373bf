//! `listen --store` as a process: what it acknowledged is in the store, once, whatever happens to it; and nobody who
//! pushes can keep it from serving others.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

mod support;

#[path = "../../../core/tests/support/postgres_server.rs"]
mod postgres_server;
#[path = "../../../core/tests/support/pushes.rs"]
mod pushes;
#[path = "../../../core/tests/support/relay.rs"]
mod relay;
#[path = "../../../core/tests/support/scratch.rs"]
mod scratch;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::ExitStatusExt;
use std::process::{ChildStderr, Command};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use pushes::{A, cdr, fee, status};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::{Value, json};
use support::push::{address, answer, get, head, is_silent, post, try_post};
use support::{Cli, PATIENCE, Running, sandbox};

const STORE: &str = "sqlite:calls.db";

/// A receiver that does not check signatures, and its address.
fn listen(cli: &Cli, more: &[&str]) -> (Running, String) {
    let mut running = cli.start(&[&["listen", "--json", "--store", STORE], more].concat());
    let url = announced(&mut running);
    (running, url)
}

fn announced(running: &mut Running) -> String {
    running.json()["listening"]["url"].as_str().expect("a URL").to_owned()
}

fn log(running: &mut Running) -> BufReader<ChildStderr> {
    BufReader::new(running.child.stderr.take().expect("piped"))
}

/// The next line of the log that has this message.
fn logged(log: &mut impl BufRead, message: &str) -> Value {
    loop {
        let mut line = String::new();
        assert_ne!(
            log.read_line(&mut line).expect("UTF-8"),
            0,
            "the log ended without {message:?}"
        );
        let line: Value = serde_json::from_str(&line).expect("each line is JSON");
        if line["message"].as_str().is_some_and(|told| told.contains(message)) {
            return line;
        }
    }
}

fn signal(running: &Running, name: &str) {
    let id = running.child.id().to_string();
    assert!(Command::new("kill").args([name, &id]).status().expect("kill").success());
}

fn one_cdr(session: &str) -> String {
    fee(&[cdr(session, "")])
}

/// The session ids of the CDRs in the store, each as often as it is there.
fn stored(cli: &Cli, store: &str) -> Vec<String> {
    let exported = cli.run(&["cdr", "export", "--store", store]).ended(0).json();
    exported
        .iter()
        .map(|cdr| cdr["session_id"].as_str().expect("an id").to_owned())
        .collect()
}

fn set(ids: &[String]) -> BTreeSet<&String> {
    ids.iter().collect()
}

/// The value of a sample in the text of `/metrics`.
fn metric(url: &str, name: &str) -> f64 {
    let (status, text) = get(url, "/metrics");
    assert_eq!(status, 200);
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} in {text}"))
        .parse()
        .expect("a number")
}

#[test]
fn what_is_acknowledged_is_in_the_store_though_the_receiver_is_killed_at_once() {
    let cli = Cli::new();
    for round in 0..5 {
        let (mut running, url) = listen(&cli, &[]);
        let session = format!("s{round}");
        assert_eq!(post(&url, &[], one_cdr(&session).as_bytes()).0, 200);
        running.kill();
        assert_eq!(stored(&cli, STORE).len(), round + 1);
    }
}

#[test]
fn what_a_killed_receiver_did_not_acknowledge_comes_again_and_is_there_once() {
    let cli = Cli::new();
    let (sessions, pushers) = (400, 4);
    let acknowledged = Mutex::new(BTreeSet::new());
    let mut kills = 0;
    while acknowledged.lock().unwrap().len() < sessions {
        let (mut running, url) = listen(&cli, &[]);
        let (next, told) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            let pushers: Vec<_> = (0..pushers)
                .map(|_| {
                    scope.spawn(|| {
                        loop {
                            let number = next.fetch_add(1, Ordering::SeqCst);
                            let session = format!("s{number}");
                            if number >= sessions {
                                return;
                            }
                            if !acknowledged.lock().unwrap().contains(&session) {
                                match try_post(&url, &one_cdr(&session)) {
                                    Some(200) => drop(acknowledged.lock().unwrap().insert(session)),
                                    None => return,
                                    Some(other) => panic!("{other}"),
                                }
                                told.fetch_add(1, Ordering::SeqCst);
                            }
                        }
                    })
                })
                .collect();
            // In the middle of things, until there is little left.
            while told.load(Ordering::SeqCst) < 60 && !pushers.iter().all(|pusher| pusher.is_finished()) {
                thread::yield_now();
            }
            running.kill();
        });
        kills += 1;
    }
    assert!(kills >= 5, "{kills}");
    let stored = stored(&cli, STORE);
    assert_eq!((stored.len(), set(&stored).len()), (sessions, sessions));
}

#[test]
fn a_receiver_that_is_told_to_stop_answers_what_it_accepted() {
    let cli = Cli::new();
    let (mut running, url) = listen(&cli, &[]);
    let mut log = log(&mut running);
    let body = one_cdr("s1");
    let mut half = TcpStream::connect(address(&url)).expect("somebody listens");
    half.write_all(head("", body.len()).as_bytes()).expect("sent");
    half.write_all(&body.as_bytes()[..20]).expect("sent");
    // Served after the one before: that one is accepted by now.
    assert_eq!(post(&url, &[], one_cdr("s2").as_bytes()).0, 200);
    signal(&running, "-TERM");
    assert_eq!(logged(&mut log, "stopping")["signal"], "SIGTERM");
    half.write_all(&body.as_bytes()[20..]).expect("still read");
    assert_eq!(answer(half).0, 200);
    assert_eq!(running.child.wait().expect("it ends").code(), Some(0));
    assert_eq!(stored(&cli, STORE).len(), 2);
    assert!(try_post(&url, &one_cdr("s3")).is_none());
}

#[test]
fn stopping_under_load_loses_nothing_that_was_acknowledged() {
    let cli = Cli::new();
    let (mut running, url) = listen(&cli, &[]);
    let (acknowledged, number, gone) = (Mutex::new(Vec::new()), AtomicUsize::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while !gone.load(Ordering::SeqCst) {
                    let session = format!("s{}", number.fetch_add(1, Ordering::SeqCst));
                    match try_post(&url, &one_cdr(&session)) {
                        Some(status) => {
                            assert_eq!(status, 200);
                            acknowledged.lock().unwrap().push(session);
                        }
                        None => gone.store(true, Ordering::SeqCst),
                    }
                }
            });
        }
        while acknowledged.lock().unwrap().len() < 100 {
            thread::yield_now();
        }
        signal(&running, "-TERM");
    });
    assert_eq!(running.child.wait().expect("it ends").code(), Some(0));
    let (stored, acknowledged) = (stored(&cli, STORE), acknowledged.into_inner().unwrap());
    assert_eq!(set(&stored).len(), stored.len());
    assert!(set(&acknowledged).is_subset(&set(&stored)), "{acknowledged:?}");
}

#[test]
fn an_interrupt_ends_it_too() {
    let cli = Cli::new();
    let (mut running, _) = listen(&cli, &[]);
    signal(&running, "-INT");
    let ended = running.child.wait().expect("it ends");
    assert_eq!((ended.code(), ended.signal()), (Some(0), None));
}

#[test]
fn a_second_signal_ends_it_at_once_and_says_that_something_was_not_answered() {
    let cli = Cli::new();
    let (mut running, url) = listen(&cli, &["--client-timeout", "10m"]);
    let mut log = log(&mut running);
    let mut half = TcpStream::connect(address(&url)).expect("somebody listens");
    half.write_all(head("", 100).as_bytes()).expect("sent");
    assert_eq!(post(&url, &[], one_cdr("s1").as_bytes()).0, 200);
    signal(&running, "-TERM");
    logged(&mut log, "stopping");
    signal(&running, "-TERM");
    assert_eq!(running.child.wait().expect("it ends").code(), Some(1));
    let mut rest = String::new();
    log.read_to_string(&mut rest).expect("UTF-8");
    assert!(rest.contains("before everything was answered"), "{rest}");
}

#[test]
fn slow_clients_are_cut_off_while_others_are_served() {
    let cli = Cli::new();
    let (_running, url) = listen(&cli, &["--client-timeout", "700ms"]);
    let slow: Vec<_> = ["", "POST /push HT", &head("", 100), &(head("", 100) + "{\"eventType\"")]
        .into_iter()
        .cycle()
        .take(40)
        .map(|begun| {
            let mut stream = TcpStream::connect(address(&url)).expect("somebody listens");
            stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
            stream.write_all(begun.as_bytes()).expect("sent");
            stream
        })
        .collect();
    assert_eq!(post(&url, &[], one_cdr("s1").as_bytes()).0, 200);
    for mut stream in slow {
        let mut told = String::new();
        // Whether it is closed in order or torn down: it ends.
        let _ = stream.read_to_string(&mut told);
        assert!(told.is_empty() || told.starts_with("HTTP/1.1 408 "), "{told}");
    }
    assert!(metric(&url, "voicecall_connections_cut_off_total") >= 20.0);
    assert_eq!(metric(&url, "voicecall_pushes_total{status=\"408\"}"), 20.0);
}

#[test]
fn a_body_that_is_too_long_is_refused_however_it_is_announced() {
    let cli = Cli::new();
    let (_running, url) = listen(&cli, &[]);
    let long = vec![b' '; 1024 * 1024 + 2];
    for filled_with in [b' ', b'x', b'[', b'{'] {
        let long = vec![filled_with; 1024 * 1024 + 2];
        // What is kept of it the first time makes it no better the second time.
        for _ in 0..2 {
            assert_eq!(post(&url, &[], &long).0, 413, "{}", char::from(filled_with));
        }
    }

    let mut chunked = TcpStream::connect(address(&url)).expect("somebody listens");
    let head = "POST /push HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
    chunked.write_all(head.as_bytes()).expect("sent");
    let _ = chunked.write_all(format!("{:x}\r\n", long.len()).as_bytes());
    let _ = chunked.write_all(&long);
    assert_eq!(answer(chunked).0, 413);
    assert_eq!(post(&url, &[], one_cdr("s1").as_bytes()).0, 200);
}

/// Opens a connection, sends this, and leaves it open.
fn begun(url: &str, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address(url)).expect("the system takes it");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    stream.write_all(request.as_bytes()).expect("sent");
    stream
}

#[test]
fn when_all_connections_are_taken_slow_ones_go_and_neither_pushes_nor_health_wait_for_them() {
    let cli = Cli::new();
    let (_running, url) = listen(
        &cli,
        &[
            "--connections",
            "40",
            "--client-timeout",
            "10m",
            "--idle-timeout",
            "10m",
        ],
    );
    let half_a_body = head("", 100) + "{";
    let kinds = [
        "",
        "POST /push HTTP/1.1\r\nHost:",
        &half_a_body,
        "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n",
    ];
    let slow: Vec<_> = kinds
        .into_iter()
        .cycle()
        .take(400)
        .map(|kind| begun(&url, kind))
        .collect();
    let since = Instant::now();
    assert_eq!(get(&url, "/healthz").0, 200);
    assert_eq!(post(&url, &[], one_cdr("s1").as_bytes()).0, 200);
    // Ten rounds of a grace of half a second, on a machine that has other things to do.
    assert!(since.elapsed() < Duration::from_secs(15), "{:?}", since.elapsed());
    assert!(metric(&url, "voicecall_connections_cut_off_total") >= 350.0);
    drop(slow);
}

#[test]
fn slow_bodies_that_fill_the_memory_give_way_to_a_push() {
    let cli = Cli::new();
    let (_running, url) = listen(&cli, &["--client-timeout", "10m"]);
    let half = head("", 1024 * 1024) + &"x".repeat(1000 * 1024);
    let slow = (0..20).map(|_| {
        let mut stream = begun(&url, "");
        stream
            .set_write_timeout(Some(Duration::from_secs(2)))
            .expect("a time-out");
        let _ = stream.write_all(half.as_bytes());
        stream
    });
    let slow: Vec<_> = slow.collect();
    let user_data = format!("\"userData\":{:?},\"ulFailReason\"", "x".repeat(700_000));
    for number in 0..5 {
        let long = one_cdr(&format!("s{number}")).replace("\"ulFailReason\"", &user_data);
        assert_eq!(post(&url, &[], long.as_bytes()).0, 200);
    }
    drop(slow);
}

#[test]
fn an_address_has_no_more_connections_than_it_may() {
    let cli = Cli::new();
    let (mut running, url) = listen(
        &cli,
        &[
            "--connections-per-address",
            "2",
            "--client-timeout",
            "10m",
            "--log",
            "debug",
        ],
    );
    let mut log = log(&mut running);
    let [mut first, second] = [(); 2].map(|()| begun(&url, &(head("", 100) + "{")));
    assert!(is_silent(&mut first) && is_silent(&mut first));
    // Not refused, as the first has had its time.
    let body = one_cdr("s1");
    let third = begun(&url, &(head("", body.len()) + &body));
    assert_eq!(answer(third).0, 200);
    assert_eq!(first.read(&mut [0]).unwrap_or(0), 0);
    logged(&mut log, "took too long");
    drop(second);
}

#[test]
fn a_connection_may_be_idle_longer_than_its_client_may_be_slow() {
    let cli = Cli::new();
    let body = one_cdr("s1");
    let push = format!(
        "POST /push HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answered = |stream: &mut TcpStream| {
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).is_ok() && answer == *b"HTTP/1.1 200"
    };
    let (_running, url) = listen(&cli, &["--client-timeout", "100ms"]);
    let mut kept = begun(&url, &push);
    assert!(answered(&mut kept));
    let mut rest = [0; 4096];
    let _ = kept.read(&mut rest).expect("the rest of the answer");
    assert!(is_silent(&mut kept), "neither closed nor answered twice");
    kept.write_all(push.as_bytes()).expect("sent");
    assert!(answered(&mut kept));
    let _ = kept.read(&mut rest).expect("the rest of the answer");
    kept.write_all(b"POST /pu").expect("sent");
    assert_eq!(kept.read(&mut rest).unwrap_or(0), 0, "a slow head is not idle");

    let (_running, url) = listen(&cli, &["--idle-timeout", "100ms"]);
    let mut kept = begun(&url, &push);
    let mut answer = String::new();
    kept.read_to_string(&mut answer).expect("closed in order");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// How a client leaves that does not wait for its answer.
fn leave(stream: TcpStream, by_reset: bool) {
    let stream = socket2::Socket::from(stream);
    if by_reset {
        stream.set_linger(Some(Duration::ZERO)).expect("set");
    }
}

#[test]
fn what_has_arrived_whole_is_kept_logged_and_counted_although_its_sender_has_gone() {
    for by_reset in [false, true] {
        let cli = Cli::new();
        let (mut running, url) = listen(&cli, &[]);
        let mut log = log(&mut running);
        for number in 0..100 {
            let body = one_cdr(&format!("s{number}"));
            leave(begun(&url, &(head("", body.len()) + &body)), by_reset);
        }
        (0..100).for_each(|_| assert_eq!(logged(&mut log, "push")["new"], 1));
        assert_eq!(stored(&cli, STORE).len(), 100);
        assert_eq!(metric(&url, "voicecall_cdrs_total"), 100.0);
        assert_eq!(metric(&url, "voicecall_pushes_in_flight"), 0.0);
        assert_eq!(metric(&url, "voicecall_pushes_total{status=\"200\"}"), 100.0);
        signal(&running, "-TERM");
        assert_eq!(running.child.wait().expect("it ends").code(), Some(0));
    }
}

#[test]
fn without_a_store_too_what_has_arrived_whole_is_kept() {
    for by_reset in [false, true] {
        let cli = Cli::new();
        let mut running = cli.start(&["listen", "--json", "--append", "lines.ndjson"]);
        let url = announced(&mut running);
        for number in 0..100 {
            let body = one_cdr(&format!("s{number}"));
            leave(begun(&url, &(head("", body.len()) + &body)), by_reset);
        }
        (0..100).for_each(|_| assert_eq!(running.json()["duplicate"], false));
        let lines = std::fs::read_to_string(cli.folder().join("lines.ndjson")).expect("a file");
        assert_eq!(lines.lines().count(), 100);
        assert_eq!(metric(&url, "voicecall_cdrs_total"), 100.0);
        signal(&running, "-TERM");
        assert_eq!(running.child.wait().expect("it ends").code(), Some(0));
    }
}

#[test]
fn a_client_that_has_sent_all_and_says_so_gets_its_answer() {
    let cli = Cli::new();
    let (_running, url) = listen(&cli, &[]);
    let body = one_cdr("s1");
    let half = begun(&url, &(head("", body.len()) + &body));
    half.shutdown(std::net::Shutdown::Write).expect("half closed");
    assert_eq!(answer(half).0, 200);
}

#[test]
fn a_push_to_the_path_of_the_health_check_is_told_so() {
    let cli = Cli::new();
    let (mut running, url) = listen(&cli, &[]);
    let mut log = log(&mut running);
    let (status, body) = post(&format!("{url}/healthz"), &[], one_cdr("s1").as_bytes());
    assert_eq!(status, 200, "posted to /push by this helper: {body}");
    let body = one_cdr("s2");
    let stray = head("", body.len()).replace("/push", "/healthz") + &body;
    let (status, told) = answer(begun(&url, &stray));
    assert!(status == 405 && told.contains("not received at this path"), "{told}");
    assert_eq!(logged(&mut log, "register another path")["path"], "/healthz");
}

#[test]
fn health_and_figures_tell_what_became_of_pushes() {
    let cli = Cli::new();
    let (_running, url) = listen(&cli, &[]);
    let (status, healthy) = get(&url, "/healthz");
    assert!(status == 200 && healthy.ends_with("{\"status\":\"ok\"}\n"), "{healthy}");
    assert_eq!(metric(&url, "voicecall_records_total{outcome=\"unreadable\"}"), 0.0);

    let good = one_cdr("s1");
    let beside_a_bad_one = fee(&[cdr("s2", ""), "{}".to_owned()]);
    let other = good.replace("\"ulFailReason\":0", "\"ulFailReason\":17");
    let nonsense = "nonsense".to_owned();
    for (body, status) in [
        (&good, 200),
        (&good, 200),
        (&other, 200),
        (&beside_a_bad_one, 200),
        // It could have come to harm on its way; the second time it is known not to have.
        (&nonsense, 400),
        (&nonsense, 200),
    ] {
        assert_eq!(post(&url, &[], body.as_bytes()).0, status, "{body}");
    }
    for (name, value) in [
        ("voicecall_pushes_total{status=\"200\"}", 5.0),
        ("voicecall_pushes_total{status=\"400\"}", 1.0),
        ("voicecall_signatures_total{verdict=\"not_checked\"}", 6.0),
        ("voicecall_records_total{outcome=\"new\"}", 2.0),
        ("voicecall_records_total{outcome=\"known\"}", 1.0),
        ("voicecall_records_total{outcome=\"contradicting\"}", 1.0),
        ("voicecall_records_total{outcome=\"unreadable\"}", 3.0),
        ("voicecall_cdrs_total", 2.0),
        ("voicecall_push_seconds_count", 6.0),
        ("voicecall_store_failures_total", 0.0),
        ("voicecall_pushes_in_flight", 0.0),
    ] {
        assert_eq!(metric(&url, name), value, "{name}");
    }
    // A connection is gone for its client before it is gone for the receiver.
    while metric(&url, "voicecall_connections") > 1.0 {}
    let (_, figures) = get(&url, "/metrics");
    assert!(
        figures.contains("content-type: application/openmetrics-text; version=1.0.0"),
        "{figures}"
    );
    assert!(figures.ends_with("# EOF\n"), "{figures}");
    // What is no push: GET where pushes go.
    let (status, refused) = get(&url, "/push");
    assert!(status == 405 && refused.contains("allow: POST"), "{refused}");
}

#[test]
fn health_can_have_an_address_of_its_own() {
    let cli = Cli::new();
    let mut running = cli.start(&["listen", "--json", "--store", STORE, "--health", "127.0.0.1:0"]);
    let told = running.json()["listening"].clone();
    let (url, health) = (told["url"].as_str().unwrap(), told["health"].as_str().unwrap());
    assert_eq!(post(url, &[], one_cdr("s1").as_bytes()).0, 200);
    assert_eq!(get(url, "/metrics").0, 405);
    let health = health.strip_suffix("/healthz").expect("its path");
    assert_eq!(get(health, "/healthz").0, 200);
    assert_eq!(metric(health, "voicecall_cdrs_total"), 1.0);
}

#[test]
fn a_store_that_cannot_write_is_not_healthy_and_acknowledges_nothing() {
    let cli = Cli::new();
    // Files of the process may not grow beyond this many blocks of 512 bytes, as if the disk were full.
    let script = format!("trap '' XFSZ; ulimit -f 800; exec voicecall listen --json --store {STORE}");
    let mut running = Running::new(cli.command("sh").args(["-c", &script]));
    let url = announced(&mut running);
    let mut log = log(&mut running);
    let mut acknowledged = 0;
    let refused = (0..5000).find_map(|number| {
        let (status, body) = post(&url, &[], one_cdr(&format!("s{number}")).as_bytes());
        match status {
            200 => acknowledged += 1,
            other => return Some((other, body)),
        }
        None
    });
    let (status, body) = refused.expect("the store fills up");
    assert!(
        status == 500 && body.contains("\"resultcode\":\"1\""),
        "{status} {body}"
    );
    assert_eq!(logged(&mut log, "push")["status"], 200);
    let (status, unhealthy) = get(&url, "/healthz");
    assert!(
        status == 503 && unhealthy.ends_with("{\"status\":\"store\"}\n"),
        "{unhealthy}"
    );
    assert!(metric(&url, "voicecall_store_failures_total") >= 1.0);
    running.kill();
    assert_eq!(stored(&cli, STORE).len(), acknowledged);
}

#[test]
fn health_stays_bad_after_a_push_that_was_not_stored_until_it_is() {
    let cli = Cli::new();
    // There is room for a little, and not for this push.
    let script = format!("trap '' XFSZ; ulimit -Sf 1000; exec voicecall listen --json --store {STORE}");
    let mut running = Running::new(cli.command("sh").args(["-c", &script]));
    let url = announced(&mut running);
    let long = one_cdr("long").replace(
        "\"ulFailReason\"",
        &format!("\"userData\":{:?},\"ulFailReason\"", "x".repeat(600_000)),
    );
    assert_eq!(post(&url, &[], long.as_bytes()).0, 500);
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(5) {
        assert_eq!(get(&url, "/healthz").0, 503, "after {:?}", since.elapsed());
        thread::sleep(Duration::from_millis(200));
    }
    let limit = ["--fsize=unlimited", &format!("--pid={}", running.child.id())].map(str::to_owned);
    assert!(
        Command::new("prlimit")
            .args(limit)
            .status()
            .expect("util-linux")
            .success()
    );
    while get(&url, "/healthz").0 == 503 {
        assert!(since.elapsed() < PATIENCE);
        thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(stored(&cli, STORE), ["long"], "the push itself has proved it");
}

#[test]
fn the_log_has_names_for_what_it_tells_and_no_numbers_of_people() {
    let cli = Cli::for_platform(&sandbox().ready()).with("VOICECALL_NUMBERS_KEY", "example-numbers-key-0001");
    let (mut running, url) = listen(&cli, &["--url", "http://127.0.0.1:1/", "--policy", "if_present"]);
    let mut log = log(&mut running);
    assert_eq!(logged(&mut log, "listening")["store"], STORE);
    post(&url, &[], status("s1", "callout", 24, A, "").as_bytes());
    let line = logged(&mut log, "push");
    let wanted = json!(["INFO", 200, "unsigned", "callout", "s1", 1, 0]);
    let names = ["level", "status", "verdict", "event", "session_id", "new", "known"];
    assert_eq!(
        names.map(|name| line[name].clone()).to_vec(),
        *wanted.as_array().unwrap(),
        "{line}"
    );
    post(&url, &[], one_cdr("s1").replace(A, "not\\na number").as_bytes());
    post(&url, &[], b"{\"eventType\":\"fee\",\"feeLst\":[{}]}");
    post(&url, &[], b"+8613800000021 \x1b[31m");
    post(&url, &[("X-AKSK", "AppKey=\"x\"".to_owned())], one_cdr("s2").as_bytes());
    signal(&running, "-TERM");
    let mut rest = String::new();
    log.read_to_string(&mut rest).expect("UTF-8");
    let warned = rest.lines().filter(|line| line.contains("\"WARN\"")).count();
    assert!(warned >= 2, "{rest}");
    for secret in ["13800000021", "sandbox-app-secret", "numbers-key", "\u{1b}"] {
        assert!(
            !rest.contains(secret) && !line.to_string().contains(secret),
            "{secret}: {rest}"
        );
    }
}

#[test]
fn a_log_that_nobody_reads_holds_up_no_reply() {
    let cli = Cli::new();
    let (running, url) = listen(&cli, &[]);
    // Nobody reads standard error: its pipe holds 64 KiB, which these fill.
    for number in 0..600 {
        assert_eq!(
            post(
                &url,
                &[],
                status(&format!("s{number}"), "callout", 24, A, "").as_bytes()
            )
            .0,
            200
        );
    }
    drop(running);
}

/// Certificates of one authority.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Authority {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Authority(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// Writes a certificate for this machine, its key, and the authority's certificate.
    fn write(&self, cli: &Cli, authority: &str) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
        cli.file("cert.pem", &params.signed_by(&key, &self.0).unwrap().pem());
        cli.file("key.pem", &key.serialize_pem());
        cli.file(authority, &self.0.pem());
    }
}

#[test]
fn a_certificate_is_shown_and_can_be_renewed_without_a_restart() {
    let cli = Cli::for_platform(&sandbox().ready());
    Authority::new().write(&cli, "old-ca.pem");
    let (mut running, url) = listen(&cli, &["--tls-cert", "cert.pem", "--tls-key", "key.pem"]);
    assert!(url.starts_with("https://"), "{url}");
    let mut log = log(&mut running);
    let saved = json!({ "verdict": {}, "duplicate": false, "body": one_cdr("s1") });
    cli.file("saved.ndjson", &format!("{saved}\n"));
    let replay = |ca: &str| {
        let script = format!("VOICECALL_CA_FILE={ca} voicecall replay saved.ndjson --to {url}/fee");
        let output = cli.command("sh").args(["-c", &script]).output().expect("a shell");
        output.status.code().expect("not ended by a signal")
    };
    assert_eq!(replay("old-ca.pem"), 0);
    assert_eq!(stored(&cli, STORE), ["s1"]);

    // A client that never says a word does not hold the others up.
    let _mute = TcpStream::connect(url.trim_start_matches("https://")).expect("somebody listens");
    cli.file("cert.pem", "nonsense");
    signal(&running, "-HUP");
    assert_eq!(logged(&mut log, "stays in use")["level"], "ERROR");
    assert_eq!(replay("old-ca.pem"), 0);

    Authority::new().write(&cli, "new-ca.pem");
    signal(&running, "-HUP");
    logged(&mut log, "read now");
    assert_eq!(replay("new-ca.pem"), 0);
    assert_ne!(replay("old-ca.pem"), 0);
}

#[test]
fn a_receiver_without_a_store_speaks_tls_too() {
    let cli = Cli::for_platform(&sandbox().ready()).with("VOICECALL_CA_FILE", "ca.pem");
    Authority::new().write(&cli, "ca.pem");
    let mut running = cli.start(&["listen", "--json", "--tls-cert", "cert.pem", "--tls-key", "key.pem"]);
    let url = announced(&mut running);
    assert!(url.starts_with("https://"), "{url}");
    let saved = json!({ "verdict": {}, "duplicate": false, "body": one_cdr("s1") });
    cli.file("saved.ndjson", &format!("{saved}\n"));
    cli.run(&["replay", "saved.ndjson", "--to", &format!("{url}/fee")])
        .ended(0);
    assert_eq!(running.json()["event"]["feeLst"][0]["sessionId"], "s1");
}

#[test]
fn the_store_is_found_in_the_environment_and_in_the_file_and_a_file_of_lines_is_asked_for_by_name() {
    let cli =
        Cli::new().configured("store_command = \"echo sqlite:from-file.db\"\nplain_numbers = [\"+867550000001\"]\n");
    let mut running = cli.start(&["listen", "--json"]);
    assert_eq!(running.json()["listening"]["store"], "sqlite:from-file.db");
    let cli = cli.with("VOICECALL_STORE", "sqlite:from-environment.db");
    let mut running = cli.start(&["listen", "--json"]);
    assert_eq!(running.json()["listening"]["store"], "sqlite:from-environment.db");
    let mut running = cli.start(&["listen", "--json", "--append", "lines.ndjson"]);
    assert_eq!(running.json()["listening"]["append"], "lines.ndjson");
    let refused = cli.run(&["listen", "--forward", "http://127.0.0.1:9/"]).ended(2);
    assert!(refused.complaint().contains("--forward goes with --append"));
}

#[test]
fn the_command_of_the_systemd_unit_works() {
    let cli = Cli::for_platform(&sandbox().ready()).with("VOICECALL_STORE", STORE);
    let unit = include_str!("../../../examples/systemd/voicecall.service").replace("\\\n", " ");
    let command = unit.lines().find_map(|line| line.strip_prefix("ExecStart=/usr/bin/"));
    let command = command.expect("a command").replace("--port 8088", "--port 0");
    let mut running = Running::new(cli.command("sh").args(["-c", &format!("exec {command}")]));
    let url = announced(&mut running);
    assert_eq!(post(&url, &[], one_cdr("s1").as_bytes()).0, 401, "it wants signatures");
    signal(&running, "-TERM");
    assert_eq!(running.child.wait().expect("it ends").code(), Some(0));
}

/// Needs PostgreSQL from Debian, which `cargo xtask test intake` installs.
#[test]
#[ignore = "needs PostgreSQL: cargo xtask test intake installs it and runs this"]
fn two_receivers_on_one_postgres_take_the_same_pushes_once() {
    let mut server = postgres_server::Server::start();
    let cli = Cli::new().with("VOICECALL_STORE", &server.url());
    let start = || {
        let mut running = cli.start(&["listen", "--json", "--store-timeout", "3s"]);
        let told = running.json()["listening"].clone();
        assert!(!told["store"].as_str().unwrap().contains("voice@"), "{told}");
        (running, told["url"].as_str().unwrap().to_owned())
    };
    let (mut first, second) = (start(), start());
    let sessions = 200;
    thread::scope(|scope| {
        for (_, url) in [&first, &second] {
            for thread in 0..4 {
                scope.spawn(move || {
                    for number in (0..sessions).map(|number| (number + thread * 50) % sessions) {
                        assert_eq!(try_post(url, &one_cdr(&format!("s{number}"))), Some(200));
                    }
                });
            }
        }
    });
    let stored_now = stored(&cli, &server.url());
    assert_eq!((stored_now.len(), set(&stored_now).len()), (sessions, sessions));
    let new: f64 = [&first.1, &second.1]
        .iter()
        .map(|url| metric(url, "voicecall_cdrs_total"))
        .sum();
    assert_eq!(new, sessions as f64);

    // One is killed; the other takes what is pushed again. Then the server goes, and comes back.
    first.0.kill();
    assert_eq!(try_post(&second.1, &one_cdr("s-again")), Some(200));
    server.stop();
    assert_eq!(try_post(&second.1, &one_cdr("s-lost")), Some(500));
    assert_eq!(get(&second.1, "/healthz").0, 503);
    server.resume();
    assert_eq!(try_post(&second.1, &one_cdr("s-lost")), Some(200));
    assert_eq!(get(&second.1, "/healthz").0, 200);
    assert_eq!(stored(&cli, &server.url()).len(), sessions + 2);
}

/// Needs PostgreSQL as the one above.
#[test]
#[ignore = "needs PostgreSQL: cargo xtask test intake installs it and runs this"]
fn a_database_that_goes_silent_costs_each_push_a_500_and_does_not_hold_up_the_end() {
    let server = postgres_server::Server::start();
    let url = server.url();
    let (_, port) = url.rsplit_once(':').expect("a port");
    let port = port.split('/').next().expect("a port");
    let relay = relay::Relay::to(port.parse().expect("a number"));
    let store = url.replace(port, &relay.port().to_string());
    let cli = Cli::new().with("VOICECALL_STORE", &store);
    let mut running = cli.start(&["listen", "--json", "--store-timeout", "2s", "--log", "error"]);
    let url = announced(&mut running);
    assert_eq!(post(&url, &[], one_cdr("s1").as_bytes()).0, 200);
    relay.freeze();
    let begun = Instant::now();
    thread::scope(|scope| {
        let pushes = (0..70).map(|number| {
            let (url, body) = (&url, one_cdr(&format!("silent-{number}")));
            scope.spawn(move || post(url, &[], body.as_bytes()).0)
        });
        let pushes: Vec<_> = pushes.collect();
        for push in pushes {
            assert_eq!(push.join().expect("answered"), 500);
        }
    });
    // Twice the store's time and a second, on a machine that has other things to do.
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    assert_eq!(get(&url, "/healthz").0, 503);
    let begun = Instant::now();
    signal(&running, "-TERM");
    assert_eq!(running.child.wait().expect("it ends").code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
}
