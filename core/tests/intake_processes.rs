//! What happens to whole processes and disks: receivers that are killed at random moments, disks that are full or become
//! read-only. Every CDR that got a 200 is in the store exactly once; every other comes again and ends there once.
//!
//! One program in two roles: without arguments it is the tests, as `receiver STORE` it is the receiver that they kill. So
//! it has no harness, and prints what a harness would.
//!
//! `VOICECALL_KILLS` sets how often a receiver is killed; 300 otherwise.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test says so when it fails, and this one is its own harness"
)]

#[path = "support/http.rs"]
mod http;
#[cfg(feature = "intake-postgres")]
#[path = "support/pgbouncer.rs"]
mod pgbouncer;
#[cfg(feature = "intake-postgres")]
#[path = "support/postgres_server.rs"]
mod postgres_server;
#[path = "support/pushes.rs"]
mod pushes;
#[path = "support/scratch.rs"]
mod scratch;

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::time::{Duration, Instant};

use http::Pushed;
use pushes::{A, UNSIGNED, cdr, fee, status};
use scratch::Scratch;
use voicecall_core::intake::{CallFilter, ExportFormat, Intake};

type Test = (&'static str, fn() -> Outcome);

const TESTS: &[Test] = &[
    ("receivers_killed_at_random_lose_and_double_nothing", killed_on_sqlite),
    #[cfg(feature = "intake-postgres")]
    (
        "receivers_killed_on_postgres_lose_and_double_nothing",
        killed_on_postgres,
    ),
    #[cfg(feature = "intake-postgres")]
    (
        "receivers_killed_behind_a_pooler_lose_and_double_nothing",
        killed_behind_a_pooler,
    ),
    (
        "receivers_killed_on_a_store_that_is_often_locked_lose_and_double_nothing",
        killed_on_a_locked_store,
    ),
    ("a_disk_that_is_full_costs_no_acknowledged_record", full_disk),
    ("a_file_size_limit_costs_no_acknowledged_record", file_size_limit),
    ("a_disk_that_becomes_read_only_gets_500", read_only_disk),
];

enum Outcome {
    Passed,
    Skipped(String),
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [role, store] = arguments.as_slice()
        && role == "receiver"
    {
        receive(store);
        return ExitCode::SUCCESS;
    }
    let wanted: Vec<_> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    let (mut passed, mut failed) = (0, 0);
    for (name, test) in TESTS {
        if !wanted.is_empty() && !wanted.iter().any(|word| name.contains(word.as_str())) {
            continue;
        }
        let begun = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(test));
        let seconds = begun.elapsed().as_secs_f32();
        match outcome {
            Ok(Outcome::Passed) => {
                passed += 1;
                println!("test {name} ... ok ({seconds:.1} s)");
            }
            Ok(Outcome::Skipped(why)) => println!("test {name} ... skipped: {why}"),
            Err(_) => {
                failed += 1;
                println!("test {name} ... FAILED ({seconds:.1} s)");
            }
        }
    }
    println!(
        "\ntest result: {}. {passed} passed; {failed} failed;",
        if failed == 0 { "ok" } else { "FAILED" }
    );
    ExitCode::from(u8::from(failed > 0))
}

/// The receiver: one line with its port, then pushes until it is killed.
fn receive(store: &str) {
    let intake = Intake::open(store).unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    println!("{}", listener.local_addr().unwrap().port());
    http::serve(&listener, |body| intake.receive(UNSIGNED, body).reply.status);
}

/// A running receiver.
struct Receiver {
    child: Child,
    port: u16,
}

impl Receiver {
    fn start(command: &mut Command) -> Receiver {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let port = line
            .trim()
            .parse()
            .unwrap_or_else(|_| panic!("the receiver said {line:?}"));
        Receiver { child, port }
    }

    fn on(store: &str) -> Receiver {
        Receiver::start(Command::new(std::env::current_exe().unwrap()).args(["receiver", store]))
    }

    /// SIGKILL: no destructor, no flush, no good-bye.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Numbers that look random, and are the same for the same seed.
struct Random(u64);

impl Random {
    fn new() -> Random {
        let seed = std::process::id().into();
        eprintln!("seed {seed}");
        Random(seed)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn killed_on_sqlite() -> Outcome {
    let folder = Scratch::new();
    let kills = std::env::var("VOICECALL_KILLS")
        .ok()
        .and_then(|kills| kills.parse().ok())
        .unwrap_or(300);
    killed_again_and_again(&format!("sqlite:{}", folder.path().join("calls.db").display()), kills);
    Outcome::Passed
}

#[cfg(feature = "intake-postgres")]
fn killed_on_postgres() -> Outcome {
    let server = postgres_server::Server::start();
    killed_again_and_again(&server.url(), 60);
    Outcome::Passed
}

#[cfg(feature = "intake-postgres")]
fn killed_behind_a_pooler() -> Outcome {
    let server = postgres_server::Server::start();
    let pooler = pgbouncer::Pooler::start(&server, "transaction");
    killed_again_and_again(&pooler.url(), 60);
    Outcome::Passed
}

/// Another program takes the store for itself, again and again, for longer than some of the receivers live.
fn killed_on_a_locked_store() -> Outcome {
    let folder = Scratch::new();
    let file = folder.path().join("calls.db");
    drop(Intake::open(&format!("sqlite:{}", file.display())).unwrap());
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let other = rusqlite::Connection::open(&file).unwrap();
            other.busy_timeout(Duration::from_secs(10)).unwrap();
            while !done.load(Ordering::SeqCst) {
                other.execute_batch("BEGIN IMMEDIATE").unwrap();
                std::thread::sleep(Duration::from_millis(30));
                other.execute_batch("ROLLBACK").unwrap();
                std::thread::sleep(Duration::from_millis(15));
            }
        });
        let killing = catch_unwind(|| killed_again_and_again(&format!("sqlite:{}", file.display()), 60));
        done.store(true, Ordering::SeqCst);
        killing.unwrap();
    });
    Outcome::Passed
}

/// Ends the process after a panic: pushers would wait for receivers for ever.
struct Unwinding;

impl Drop for Unwinding {
    fn drop(&mut self) {
        if std::thread::panicking() {
            std::process::exit(1);
        }
    }
}

/// Pushes from four threads, which repeat every CDR until it gets a 200, while receivers come and are killed.
fn killed_again_and_again(store: &str, kills: usize) {
    let (port, done) = (AtomicU16::new(0), AtomicBool::new(false));
    let mut random = Random::new();
    let counts = std::thread::scope(|scope| {
        let _unwinding = Unwinding;
        let pusher = |pusher| Pusher {
            pusher,
            port: &port,
            done: &done,
            counts: Counts::default(),
        };
        let pushers: Vec<_> = (0..4).map(|number| scope.spawn(move || pusher(number).run())).collect();
        for _ in 0..kills {
            let receiver = Receiver::on(store);
            port.store(receiver.port, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(random.below(80)));
            receiver.kill();
        }
        let last = Receiver::on(store);
        port.store(last.port, Ordering::SeqCst);
        done.store(true, Ordering::SeqCst);
        let counts = pushers
            .into_iter()
            .map(|pusher| pusher.join().unwrap())
            .fold(Counts::default(), Counts::plus);
        last.kill();
        counts
    });
    eprintln!("{kills} kills, {counts:?}");
    assert!(
        counts.broken_off > kills / 4,
        "the kills came at moments when nothing was under way"
    );
    let intake = Intake::open(store).unwrap();
    intake.check().unwrap();
    let sessions = sessions(&intake);
    assert_eq!(sessions.len(), counts.cdrs);
    assert!(sessions.values().all(|count| *count == 1));
    assert!(calls_of_events(&intake) >= counts.events);
}

/// What pushers count.
#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    /// CDRs that were pushed, and in the end acknowledged.
    cdrs: usize,
    /// Status pushes that were acknowledged.
    events: usize,
    /// Pushes that a kill broke off.
    broken_off: usize,
}

impl Counts {
    fn plus(self, other: Counts) -> Counts {
        Counts {
            cdrs: self.cdrs + other.cdrs,
            events: self.events + other.events,
            broken_off: self.broken_off + other.broken_off,
        }
    }
}

struct Pusher<'a> {
    pusher: u64,
    port: &'a AtomicU16,
    done: &'a AtomicBool,
    counts: Counts,
}

impl Pusher<'_> {
    /// Messages of 1 to 50 CDRs, each until it is acknowledged, and after each a status push, once.
    fn run(mut self) -> Counts {
        let mut random = Random(self.pusher);
        for message in 0.. {
            if self.done.load(Ordering::SeqCst) {
                break;
            }
            let session = |record: u64| format!("s-{}-{message}-{record}", self.pusher);
            let records: Vec<_> = (0..=random.below(50)).map(|record| cdr(&session(record), "")).collect();
            let (body, event) = (fee(&records), format!("e-{}-{message}", self.pusher));
            while self.push(&body) != Pushed::Answered(200) {
                std::thread::sleep(Duration::from_millis(2));
            }
            self.counts.cdrs += records.len();
            let acknowledged = self.push(&status(&event, "callout", 24, A, "")) == Pushed::Answered(200);
            self.counts.events += usize::from(acknowledged);
        }
        self.counts
    }

    fn push(&mut self, body: &str) -> Pushed {
        let pushed = http::push(self.port.load(Ordering::SeqCst), body);
        self.counts.broken_off += usize::from(pushed == Pushed::BrokenOff);
        pushed
    }
}

/// How often each session is among the CDRs.
fn sessions(intake: &Intake) -> HashMap<String, usize> {
    let mut output = Vec::new();
    intake
        .export(&CallFilter::new(), ExportFormat::Csv, None, &mut output)
        .unwrap();
    let mut counts = HashMap::new();
    for line in String::from_utf8(output).unwrap().lines().skip(1) {
        *counts.entry(line.split(',').next().unwrap().to_owned()).or_default() += 1;
    }
    counts
}

/// How many calls are known from the status pushes of [`Pusher`].
fn calls_of_events(intake: &Intake) -> usize {
    let (mut count, mut filter) = (0, CallFilter::new().state("calling").limit(1000));
    loop {
        let page = intake.calls(&filter).unwrap();
        count += page.calls.len();
        match page.next {
            Some(mark) => filter = filter.after(mark),
            None => return count,
        }
    }
}

/// A disk of this size, in memory; `None` where this account may not make one.
struct Disk<'a>(&'a Path);

impl Disk<'_> {
    fn mount<'a>(folder: &'a Scratch, size: &str) -> Result<Disk<'a>, String> {
        let options = format!("size={size},mode=700");
        let output = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "none"])
            .arg(folder.path())
            .output();
        match output {
            Ok(output) if output.status.success() => Ok(Disk(folder.path())),
            Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn remount(&self, how: &str) {
        let status = Command::new("mount")
            .args(["-o", &format!("remount,{how}")])
            .arg(self.0)
            .status();
        assert!(status.unwrap().success());
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(self.0).status());
    }
}

fn full_disk() -> Outcome {
    let folder = Scratch::new();
    let disk = match Disk::mount(&folder, "6m") {
        Ok(disk) => disk,
        Err(why) => return Outcome::Skipped(format!("no disk can be made here ({why})")),
    };
    let ballast = disk.0.join("ballast");
    std::fs::write(&ballast, vec![0; 2 * 1024 * 1024]).unwrap();
    let intake = Intake::open(&format!("sqlite:{}", disk.0.join("calls.db").display())).unwrap();
    let (acknowledged, refused) = fill(&intake);
    assert!(refused.contains("no space is left"), "{refused}");
    assert_eq!(sessions(&intake).len(), acknowledged);
    assert!(intake.probe().is_err(), "small writes may still go through");
    std::fs::remove_file(ballast).unwrap();
    intake.probe().unwrap();
    let body = fee(&[cdr("afterwards", "")]);
    assert_eq!(intake.receive(UNSIGNED, body.as_bytes()).reply.status, 200);
    intake.check().unwrap();
    assert_eq!(sessions(&intake).len(), acknowledged + 1);
    Outcome::Passed
}

/// Pushes until the store cannot write; gives how many CDRs were acknowledged, and why the next was not.
fn fill(intake: &Intake) -> (usize, String) {
    let mut acknowledged = 0;
    loop {
        let records: Vec<_> = (0..50)
            .map(|record| cdr(&format!("s-{acknowledged}-{record}"), ""))
            .collect();
        let receipt = intake.receive(UNSIGNED, fee(&records).as_bytes());
        match receipt.event {
            Ok(_) => acknowledged += receipt.accepted,
            Err(error) => {
                assert_eq!((receipt.reply.status, receipt.accepted), (500, 0));
                return (acknowledged, error.message().to_owned());
            }
        }
    }
}

/// The same with a limit on the size of files, which every account can set; the receiver is told of it by the system as
/// an error, not by a signal.
fn file_size_limit() -> Outcome {
    let folder = Scratch::new();
    let store = format!("sqlite:{}", folder.path().join("calls.db").display());
    let script = "trap '' XFSZ; ulimit -f 4096; exec \"$0\" receiver \"$1\"";
    let limited = Receiver::start(
        Command::new("sh")
            .args(["-c", script])
            .arg(std::env::current_exe().unwrap())
            .arg(&store),
    );
    let mut acknowledged = 0;
    for message in 0.. {
        let records: Vec<_> = (0..50)
            .map(|record| cdr(&format!("s-{message}-{record}"), ""))
            .collect();
        match http::push(limited.port, &fee(&records)) {
            Pushed::Answered(200) => acknowledged += records.len(),
            other => {
                assert_eq!(other, Pushed::Answered(500));
                break;
            }
        }
    }
    limited.kill();
    let intake = Intake::open(&store).unwrap();
    intake.check().unwrap();
    assert!(acknowledged > 0);
    assert_eq!(sessions(&intake).len(), acknowledged);
    Outcome::Passed
}

fn read_only_disk() -> Outcome {
    let folder = Scratch::new();
    let disk = match Disk::mount(&folder, "16m") {
        Ok(disk) => disk,
        Err(why) => return Outcome::Skipped(format!("no disk can be made here ({why})")),
    };
    let store = format!("sqlite:{}", disk.0.join("calls.db").display());
    let body = fee(&[cdr("s-1", "")]);
    assert_eq!(
        Intake::open(&store)
            .unwrap()
            .receive(UNSIGNED, body.as_bytes())
            .reply
            .status,
        200
    );
    disk.remount("ro");
    let error = Intake::open(&store).unwrap_err();
    assert!(error.message().contains("permissions"), "{error}");
    disk.remount("rw");
    let intake = Intake::open(&store).unwrap();
    assert_eq!(intake.receive(UNSIGNED, body.as_bytes()).duplicates, 1);
    Outcome::Passed
}
