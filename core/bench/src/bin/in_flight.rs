//! 256 callers, each of whose calls takes the platform 200 ms: how near the client comes to 256 in 0.2 s, and what a call
//! that waits costs in memory. The platform is a process of its own, this program started again.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot be made says so"
)]

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use voicecall_bench::{median, platform, tell};
use voicecall_core::{Client, Config};

const CALLS: usize = 256;
const LATENCY: Duration = Duration::from_millis(200);
const WINDOWS: usize = 5;
const WINDOW: Duration = Duration::from_secs(2);
/// A thread has to have one; the library says how much it needs of it.
const STACK: usize = 256 * 1024;

fn main() {
    if std::env::args().nth(1).as_deref() == Some("platform") {
        println!("{}", platform::after(LATENCY));
        thread::park();
    }
    let program = std::env::current_exe().expect("this program");
    let mut platform = Command::new(program)
        .arg("platform")
        .stdout(Stdio::piped())
        .spawn()
        .expect("a platform");
    let mut address = String::new();
    BufReader::new(platform.stdout.take().expect("its output"))
        .read_line(&mut address)
        .expect("its address");
    measure(address.trim());
    let _ = platform.kill();
    let _ = platform.wait();
}

fn measure(address: &str) {
    let config = Config::new()
        .app_key("ExampleAppKey0001")
        .app_secret("example-secret-0001")
        .endpoint(format!("http://{address}"));
    let client = Client::new(config).expect("a client");
    let (finished, ends) = (AtomicUsize::new(0), AtomicBool::new(false));
    let start = Barrier::new(CALLS + 1);
    thread::scope(|scope| {
        for caller in 0..CALLS {
            let (client, finished, ends, start) = (&client, &finished, &ends, &start);
            let call = move || {
                start.wait();
                // Spread over the time of a call: callers do not wait for one another.
                thread::sleep(LATENCY * u32::try_from(caller).unwrap_or(0) / u32::try_from(CALLS).unwrap_or(1));
                while !ends.load(Ordering::Relaxed) {
                    client.terminate_call("1200_366_0").expect("an answer");
                    finished.fetch_add(1, Ordering::Relaxed);
                }
            };
            thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, call)
                .expect("a thread");
        }
        // The threads are there and have touched their stacks; no call was made.
        thread::sleep(LATENCY);
        let idle = resident_kb();
        start.wait();
        // The first call of each opens its connection.
        thread::sleep(LATENCY * 5);
        let waiting = resident_kb();
        let rates = (0..WINDOWS).map(|_| {
            let (begun, before) = (Instant::now(), finished.load(Ordering::Relaxed));
            thread::sleep(WINDOW);
            (finished.load(Ordering::Relaxed) - before) as f64 / begun.elapsed().as_secs_f64()
        });
        let rate = median(rates.collect());
        ends.store(true, Ordering::Relaxed);
        tell("in_flight", rate, "calls/s");
        tell("in_flight_to_ideal", CALLS as f64 / LATENCY.as_secs_f64() / rate, "x");
        tell("in_flight_memory", (waiting - idle) / CALLS as f64, "KiB");
    });
}

/// Memory of this process that is really there.
fn resident_kb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0.0)
}
