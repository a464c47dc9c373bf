//! What `voicecall listen --store` holds in memory under 2,000 pushes a second, and what a push costs it:
//! `cargo xtask bench listen`.
//!
//! The command itself runs, as a process of its own; this one pushes on kept connections, at an even pace. One line a
//! number: name, value, unit. `VOICECALL_SECONDS` sets how long; 600 otherwise.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that fails may say so"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const PER_SECOND: usize = 2000;
const CONNECTIONS: usize = 64;
/// Four status events, then the CDR.
const PUSHES_OF_A_CALL: usize = 5;

fn main() {
    let seconds = std::env::var("VOICECALL_SECONDS").map_or(600, |text| text.parse().expect("a number of seconds"));
    let folder = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", folder.path().join("calls.db").display());
    let mut receiver = Receiver::start(&store);
    let count = PER_SECOND * seconds;
    let (sent, begun) = (AtomicUsize::new(0), Instant::now());
    let (mut samples, mut times) = (Vec::new(), Vec::new());
    thread::scope(|scope| {
        let pushers: Vec<_> = (0..CONNECTIONS)
            .map(|_| scope.spawn(|| push(&receiver.address, &sent, count, begun)))
            .collect();
        while pushers.iter().any(|pusher| !pusher.is_finished()) {
            samples.push(receiver.resident_megabytes());
            thread::sleep(Duration::from_millis(500));
        }
        times = pushers.into_iter().flat_map(|pusher| pusher.join().unwrap()).collect();
    });
    let took = begun.elapsed().as_secs_f64();
    tell("per_second", count as f64 / took, "pushes");
    tell("memory_most", samples.iter().copied().fold(0.0, f64::max), "MB");
    // What it needs is there after the first tenth; what it holds more at the end it would hold ever more of.
    let tenth = samples.len() / 10;
    let after_the_first = mean(samples.iter().skip(tenth).take(tenth));
    tell("memory_after", after_the_first, "MB");
    tell(
        "memory_growth",
        mean(samples.iter().rev().take(tenth)) - after_the_first,
        "MB",
    );
    tell("cpu", receiver.cpu_seconds() * 1e6 / count as f64, "µs");
    times.sort_unstable();
    tell("reply_median", times[times.len() / 2].as_secs_f64() * 1e3, "ms");
    tell(
        "reply_slowest_percent",
        times[times.len() * 99 / 100].as_secs_f64() * 1e3,
        "ms",
    );
    receiver.stop();
    let stored = stored_calls(&store);
    assert_eq!(
        stored,
        count / PUSHES_OF_A_CALL,
        "every CDR that was acknowledged is stored once"
    );
}

fn tell(name: &str, value: f64, unit: &str) {
    println!("{name} {value:.3} {unit}");
}

fn mean<'a>(values: impl Iterator<Item = &'a f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0_f64);
    values.for_each(|value| (sum, count) = (sum + value, count + 1.0));
    sum / count.max(1.0)
}

/// Pushes on one connection, each push at its time; gives how long each reply took.
fn push(address: &str, sent: &AtomicUsize, count: usize, begun: Instant) -> Vec<Duration> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut times, mut answer) = (Vec::new(), [0; 1024]);
    loop {
        let number = sent.fetch_add(1, Ordering::Relaxed);
        if number >= count {
            return times;
        }
        let due = Duration::from_secs_f64(number as f64 / PER_SECOND as f64);
        thread::sleep(due.saturating_sub(begun.elapsed()));
        let body = body(number);
        let request = format!(
            "POST /push HTTP/1.1\r\nhost: h\r\ncontent-type: application/json;charset=UTF-8\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let pushed = Instant::now();
        stream.write_all(request.as_bytes()).unwrap();
        // A reply is small and comes whole.
        let read = stream.read(&mut answer).unwrap();
        times.push(pushed.elapsed());
        assert!(
            answer[..read].starts_with(b"HTTP/1.1 200"),
            "{}",
            String::from_utf8_lossy(&answer[..read])
        );
    }
}

fn body(number: usize) -> String {
    let call = number / PUSHES_OF_A_CALL;
    let session = format!("1201_{call}_4294967295_20260127030424@callenabler245.huaweicaas.com");
    let callee = format!("+86138{:08}", call % 100_000_000);
    let event = |kind, second| {
        format!(
            r#"{{"eventType":"{kind}","statusInfo":{{"sessionId":"{session}","timestamp":"2026-01-27 03:04:{second}","caller":"+867550000001","called":"{callee}"}}}}"#
        )
    };
    match number % PUSHES_OF_A_CALL {
        0 => event("callout", 24),
        1 => event("alerting", 27),
        2 => event("answer", 31),
        3 => event("disconnect", 49),
        _ => format!(
            r#"{{"eventType":"fee","feeLst":[{{"direction":0,"spId":"CaaS_Test_01","appKey":"app-key-0001","icid":"CAE-20260127110424-{call}","bindNum":"+867550000001","sessionId":"{session}","callerNum":"+867550000001","calleeNum":"{callee}","callOutStartTime":"2026-01-27 03:04:24","callOutAlertingTime":"2026-01-27 03:04:27","callOutAnswerTime":"2026-01-27 03:04:31","callEndTime":"2026-01-27 03:04:49","ulFailReason":0,"sipStatusCode":0,"callOutUnaswRsn":0,"recordFlag":0,"ttsPlayTimes":1,"ttsTransDuration":1,"serviceType":"001","hostName":"callenabler245.huaweicaas.com"}}]}}"#
        ),
    }
}

struct Receiver {
    child: Child,
    address: String,
}

impl Receiver {
    fn start(store: &str) -> Receiver {
        let mut child = Command::new(env!("CARGO_BIN_EXE_voicecall"))
            .args(["listen", "--json", "--log", "warn", "--store", store])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let told: serde_json::Value = serde_json::from_str(&line).unwrap();
        let url = told["listening"]["url"].as_str().unwrap();
        let address = url.trim_start_matches("http://").to_owned();
        Receiver { child, address }
    }

    /// What it holds in memory, its share of mapped files included.
    fn resident_megabytes(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
    }

    /// Time on processors since it started.
    fn cpu_seconds(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        // Behind the name in parentheses; the 14th and 15th field of the line, in hundredths of a second.
        let fields: Vec<_> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        let ticks: f64 = [fields[11], fields[12]]
            .iter()
            .map(|field| field.parse::<f64>().unwrap())
            .sum();
        ticks / 100.0
    }

    fn stop(&mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success(), "it ends in order");
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn stored_calls(store: &str) -> usize {
    let totals = Command::new(env!("CARGO_BIN_EXE_voicecall"))
        .args(["cdr", "totals", "--json", "--store", store])
        .output()
        .unwrap();
    let totals: serde_json::Value = serde_json::from_slice(&totals.stdout).unwrap();
    usize::try_from(totals["calls"].as_u64().unwrap()).unwrap()
}
