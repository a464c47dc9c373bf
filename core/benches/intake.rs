//! What the intake costs, against what it has to beat: `cargo xtask bench intake`.
//!
//! Each bar is a ratio or a time of this one run on this one machine. No framework: what is measured is a wait for the disk
//! or a few thousand repetitions.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use voicecall_core::intake::{CallFilter, Intake, State};

const NO_HEADERS: [(&str, &str); 0] = [];

fn main() {
    let directory = std::env::temp_dir().join(format!("voicecall-bench-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let wanted: Vec<_> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|word| word == name);
    if is_wanted("pushes") {
        concurrent_pushes(&directory);
    }
    if is_wanted("cdrs") {
        fifty_cdrs(&directory);
    }
    if is_wanted("million") {
        a_million_calls(&directory);
    }
    std::fs::remove_dir_all(&directory).unwrap();
}

/// One line a number: name, value, unit. `cargo xtask bench intake` says what they mean and what they have to keep.
fn tell(name: &str, value: f64, unit: &str) {
    println!("{name} {value:.3} {unit}");
}

/// Median of appending 4 KiB and making it durable: what each message would cost alone.
fn fsync_time(directory: &Path) -> Duration {
    let file = File::create(directory.join("fsync")).unwrap();
    write_and_wait(&file)
}

/// The same where the file is there already, as a log is that is begun anew.
fn fsync_time_of_known_file(directory: &Path) -> Duration {
    let file = File::create(directory.join("fsync")).unwrap();
    file.write_all_at(&[2; 200 * 4096], 0).unwrap();
    file.sync_all().unwrap();
    write_and_wait(&file)
}

fn write_and_wait(file: &File) -> Duration {
    let times = (0..200).map(|position| {
        file.write_all_at(&[1; 4096], position * 4096).unwrap();
        let begun = Instant::now();
        file.sync_data().unwrap();
        begun.elapsed()
    });
    median(times.collect())
}

fn concurrent_pushes(directory: &Path) {
    let fsync = fsync_time(directory);
    let intake = open(&directory.join("pushes.db"));
    let (pushers, seconds) = (64, 10);
    let (count, begun, cpu) = (AtomicUsize::new(0), Instant::now(), cpu_of_process());
    std::thread::scope(|scope| {
        for _ in 0..pushers {
            let (intake, count) = (&intake, &count);
            scope.spawn(move || {
                while begun.elapsed() < Duration::from_secs(seconds) {
                    let number = count.fetch_add(1, Ordering::Relaxed);
                    let body = event("callout", &session(0, number), 24);
                    let receipt = intake.receive(NO_HEADERS, body.as_bytes());
                    // Each is new: what is known would cost no wait for the disk.
                    assert_eq!((receipt.reply.status, receipt.accepted), (200, 1));
                }
            });
        }
    });
    let (elapsed, cpu) = (begun.elapsed(), cpu_of_process() - cpu);
    let messages = u32::try_from(count.into_inner()).unwrap();
    // Once before and once after: disks differ from one minute to the next.
    let fsync = (fsync + fsync_time(directory)) / 2;
    let each = elapsed.as_secs_f64() / f64::from(messages);
    tell("fsync", micros(fsync), "µs");
    tell("message", each * 1e6, "µs");
    tell("message_ratio", each / fsync.as_secs_f64(), "x");
    let (cpu, processors) = (cpu / messages, std::thread::available_parallelism().unwrap().get());
    tell("message_cpu", micros(cpu), "µs");
    tell("fsync_known", micros(fsync_time_of_known_file(directory)), "µs");
    // Two things bound the throughput: waiting for the disk, which a group shares, and computing, which nobody shares.
    let computing = cpu.as_secs_f64() / f64::from(u32::try_from(processors).unwrap());
    tell("message_computing", computing / fsync.as_secs_f64(), "x");
}

fn fifty_cdrs(directory: &Path) {
    let intake = open(&directory.join("cdrs.db"));
    let bodies: Vec<_> = (0..1000).map(|message| fee(message, 50)).collect();
    let cpu = |accepted: usize| {
        let times = bodies.iter().map(|body| {
            let begun = cpu_time();
            assert_eq!(intake.receive(NO_HEADERS, body.as_bytes()).accepted, accepted);
            cpu_time() - begun
        });
        let times: Vec<_> = times.collect();
        times.iter().sum::<Duration>() / 1000
    };
    tell("fifty_new", micros(cpu(50)), "µs");
    tell("fifty_known", micros(cpu(0)), "µs");
    tell("fifty_followed", micros(fifty_cdrs_of_known_calls(&intake)), "µs");
}

/// CDRs of calls whose status pushes came before: each changes its call instead of making it.
fn fifty_cdrs_of_known_calls(intake: &Intake) -> Duration {
    let messages = 2000..2200;
    let count = u32::try_from(messages.len()).unwrap();
    let cpu = messages.map(|message| {
        for record in 0..50 {
            intake.receive(NO_HEADERS, event("callout", &session(message, record), 24).as_bytes());
        }
        let (body, begun) = (fee(message, 50), cpu_time());
        assert_eq!(intake.receive(NO_HEADERS, body.as_bytes()).accepted, 50);
        cpu_time() - begun
    });
    cpu.sum::<Duration>() / count
}

fn a_million_calls(directory: &Path) {
    let path = directory.join("million.db");
    let intake = open(&path);
    let (messages, records) = (20_000, 50);
    let begun = Instant::now();
    let mut last = Duration::ZERO;
    for message in 0..messages {
        let body = fee(message, records);
        let begun = cpu_time();
        assert_eq!(intake.receive(NO_HEADERS, body.as_bytes()).accepted, records);
        if message >= messages - 1000 {
            last += cpu_time() - begun;
        }
    }
    tell("million", begun.elapsed().as_secs_f64(), "s");
    tell(
        "million_bytes",
        std::fs::metadata(&path).unwrap().len() as f64 / 1e6,
        "bytes",
    );
    tell("fifty_millionth", micros(last / 1000), "µs");
    // Spread over the whole store, so that each is read from other pages.
    let sessions: Vec<_> = (0..2000)
        .map(|number| session(number * 7919 % messages, number % records))
        .collect();
    for session in &sessions {
        for (kind, second) in [("callout", 24), ("alerting", 27), ("answer", 31), ("disconnect", 49)] {
            intake.receive(NO_HEADERS, event(kind, session, second).as_bytes());
        }
    }
    let time = |session: &String| {
        let begun = Instant::now();
        let call = intake.call(session).unwrap().unwrap();
        let time = begun.elapsed();
        assert_eq!(call.state, State::Billed);
        time
    };
    let begun = cpu_time();
    tell("call", micros(median(sessions.iter().map(time).collect())), "µs");
    tell("call_cpu", micros((cpu_time() - begun) / 2000), "µs");
    let page = CallFilter::new().number("+8613800000000").limit(10);
    let begun = Instant::now();
    assert!(!intake.calls(&page).unwrap().calls.is_empty());
    tell("calls_of_number", micros(begun.elapsed()), "µs");
}

fn open(path: &Path) -> Intake {
    Intake::open(&format!("sqlite:{}", path.display())).unwrap()
}

/// Session ids as the contract shows them: a counter in the middle.
fn session(message: usize, record: usize) -> String {
    format!(
        "1201_{}_4294967295_20260127030424@callenabler245.huaweicaas.com",
        message * 50 + record
    )
}

fn event(kind: &str, session: &str, second: u32) -> String {
    format!(
        r#"{{"eventType":"{kind}","statusInfo":{{"sessionId":"{session}","timestamp":"2026-01-27 03:04:{second}","caller":"+8613800000022","called":"+8613800000021"}}}}"#
    )
}

/// A message as the official example is: a callback in each record, its people and order its own. People come in no order
/// that an index could like; orders and sessions are counted.
fn fee(message: usize, records: usize) -> String {
    let record = |record: usize| {
        let (session, order) = (session(message, record), message * 50 + record);
        let number = order * 7_654_321 % 10_000_000;
        format!(
            r#"{{"direction":0,"spId":"CaaS_Test_01","appKey":"ka4k******YnEm2","icid":"CAE-20190124110424-{message}{record}","bindNum":"+8675512****78","sessionId":"{session}","callerNum":"+867550000001","calleeNum":"+861380{number:07}","fwdDisplayNum":"+867550000002","fwdDstNum":"+861390{number:07}","fwdStartTime":"2019-01-24 03:04:31","fwdAlertingTime":"2019-01-24 03:04:36","fwdAnswerTime":"2019-01-24 03:04:38","callEndTime":"2019-01-24 03:04:49","fwdUnaswRsn":0,"ulFailReason":0,"sipStatusCode":0,"callOutStartTime":"2019-01-24 03:04:24","callOutAlertingTime":"2019-01-24 03:04:27","callOutAnswerTime":"2019-01-24 03:04:31","callOutUnaswRsn":0,"recordFlag":0,"ttsPlayTimes":0,"ttsTransDuration":0,"serviceType":"002","hostName":"callenabler245.huaweicaas.com","userData":"order-{order}"}}"#
        )
    };
    let records: Vec<_> = (0..records).map(record).collect();
    format!(r#"{{"eventType":"fee","feeLst":[{}]}}"#, records.join(","))
}

/// CPU time of this thread, the system's part included.
fn cpu_time() -> Duration {
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(statistics.split(' ').next().unwrap().parse().unwrap())
}

/// CPU time of all threads of this process, to a hundredth of a second.
fn cpu_of_process() -> Duration {
    let statistics = std::fs::read_to_string("/proc/self/stat").unwrap();
    // Behind the name of the program, which may hold blanks: user and system time are the 12th and 13th.
    let numbers = statistics.rsplit(')').next().unwrap().split_whitespace();
    let ticks: u64 = numbers
        .skip(11)
        .take(2)
        .map(|ticks| ticks.parse::<u64>().unwrap())
        .sum();
    Duration::from_millis(ticks * 10)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
