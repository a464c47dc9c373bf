//! How much a local platform takes and gives, with the load generator on the same machine: one line per number, as
//! `name value`. `cargo xtask bench sandbox` runs it and holds the numbers against their bars.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that fails may say so"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use voicecall_core::calls::VoiceNotification;
use voicecall_core::record::wire::to_wire;
use voicecall_core::sign::{self, CreatedZone};
use voicecall_sandbox::{Options, Ready, Sandbox};

const PATH: &str = "/rest/httpsessions/callVerify/v1.0";
/// Divides both numbers of calls, so that each connection has as many to place.
const CONNECTIONS: usize = 16;
const CALLS: usize = 100_000;
const PUSHED_CALLS: usize = 8_000;
/// `callout`, `alerting`, `answer`, `disconnect`.
const PUSHES_PER_CALL: usize = 4;

#[tokio::main]
async fn main() {
    let begun = Instant::now();
    let sandbox = Sandbox::start(options()).await.expect("the platform starts");
    println!("start_ms {:.2}", begun.elapsed().as_secs_f64() * 1e3);
    calls(sandbox).await;
    pushes().await;
}

/// On a clock that stands still, so that what is measured is what is asked for.
fn options() -> Options {
    let mut options = Options::default();
    options.keep_alive = true;
    options.paused = true;
    options
}

/// Signed calls on kept connections, and what remains of them when they are over.
async fn calls(sandbox: Sandbox) {
    let before = resident_megabytes();
    let took = place(&sandbox.ready(), CALLS, "").await;
    println!("calls_per_second {:.0}", CALLS as f64 / took.as_secs_f64());
    sandbox.step_clock(Duration::from_secs(60));
    println!("finished_calls_mb {:.0}", resident_megabytes() - before);
    sandbox.stop().await;
}

/// Webhooks to a receiver that takes them at once.
async fn pushes() {
    let sandbox = Sandbox::start(options()).await.expect("the platform starts");
    let receiver = Receiver::start().await;
    let order = format!(r#","statusUrl":"{}""#, receiver.encoded_url);
    place(&sandbox.ready(), PUSHED_CALLS, &order).await;
    receiver.wait_for(PUSHED_CALLS).await;
    let begun = Instant::now();
    sandbox.step_clock(Duration::from_secs(60));
    receiver.wait_for(PUSHED_CALLS * PUSHES_PER_CALL).await;
    let pushed = PUSHED_CALLS * (PUSHES_PER_CALL - 1);
    println!("pushes_per_second {:.0}", pushed as f64 / begun.elapsed().as_secs_f64());
    sandbox.stop().await;
}

async fn place(ready: &Ready, count: usize, members: &str) -> Duration {
    let body: Arc<str> = format!(
        r#"{{"displayNbr":"+867550000088","calleeNbr":"+8613800000021","languageType":2,"preTone":"pretone.wav","verifyCode":"1234"{members}}}"#
    )
    .into();
    let begun = Instant::now();
    let senders: Vec<_> = (0..CONNECTIONS)
        .map(|_| tokio::spawn(send(ready.clone(), count / CONNECTIONS, Arc::clone(&body))))
        .collect();
    for sender in senders {
        sender.await.expect("a sender ends");
    }
    begun.elapsed()
}

async fn send(ready: Ready, count: usize, body: Arc<str>) {
    let mut stream = TcpStream::connect(ready.endpoint.trim_start_matches("http://"))
        .await
        .unwrap();
    stream.set_nodelay(true).unwrap();
    let mut answer = vec![0; 4096];
    for _ in 0..count {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let created = sign::created(i64::try_from(seconds).unwrap(), &CreatedZone::Utc);
        let x_aksk = sign::x_aksk(
            &ready.app_key,
            ready.app_secret.expose(),
            &sign::nonce().unwrap(),
            &created,
        );
        let request = format!(
            "POST {PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json;charset=UTF-8\r\nauthorization: {}\r\n\
             x-aksk: {x_aksk}\r\ncontent-length: {}\r\n\r\n{body}",
            sign::AUTHORIZATION,
            body.len(),
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut length = 0;
        while !answer[..length].ends_with(b"}") {
            let read = stream.read(&mut answer[length..]).await.unwrap();
            assert_ne!(read, 0, "the connection is kept");
            length += read;
        }
        assert!(
            answer.starts_with(b"HTTP/1.1 200"),
            "{}",
            String::from_utf8_lossy(&answer[..length])
        );
    }
}

/// Counts webhooks and answers 200.
struct Receiver {
    encoded_url: String,
    counted: Arc<Counted>,
}

#[derive(Default)]
struct Counted {
    count: AtomicUsize,
    more: Notify,
}

impl Receiver {
    async fn start() -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/status", listener.local_addr().unwrap());
        // The core writes callback addresses as they travel.
        let wire = to_wire(&VoiceNotification::new().status_url(url), &[]);
        let counted = Arc::new(Counted::default());
        let counting = Arc::clone(&counted);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(take(stream, Arc::clone(&counting)));
            }
        });
        Receiver {
            encoded_url: wire["statusUrl"].as_str().unwrap().to_owned(),
            counted,
        }
    }

    async fn wait_for(&self, count: usize) {
        while self.counted.count.load(Ordering::Acquire) < count {
            self.counted.more.notified().await;
        }
    }
}

/// A webhook ends with the two braces of its object.
async fn take(mut stream: TcpStream, counted: Arc<Counted>) {
    let mut buffer = vec![0; 8192];
    let mut length = 0;
    while let Ok(read) = stream.read(&mut buffer[length..]).await {
        if read == 0 {
            return;
        }
        length += read;
        if buffer[..length].ends_with(b"}}") {
            length = 0;
            counted.count.fetch_add(1, Ordering::AcqRel);
            counted.more.notify_one();
            if stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                .await
                .is_err()
            {
                return;
            }
        }
    }
}

/// What this process holds in memory; nothing where the system does not tell.
fn resident_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}
