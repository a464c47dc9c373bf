//! A notification over a connection that stays open: ours, beside ureq as one would use it with a signature made by hand,
//! and beside the system calls alone. In turns; only the calling thread's processor time counts. The platform is a process
//! of its own, this program started again.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot be made says so"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use voicecall_bench::{median, platform, tell, thread_cpu_us};
use voicecall_core::calls::{PlayContentInfo, VoiceNotification};
use voicecall_core::sign::{self, CreatedZone};
use voicecall_core::{Client, Config};

const ROUNDS: usize = 101;
const CALLS: usize = 100;
const KEY: &str = "ExampleAppKey0001";
const SECRET: &str = "example-secret-0001";
const PATH: &str = "/rest/httpsessions/callnotify/v2.0";

fn main() {
    if std::env::args().nth(1).as_deref() == Some("platform") {
        println!("{}", platform::after(Duration::ZERO));
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
    let mut clients = [ours(address), with_ureq(address), bare(address)];
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (call, times) in clients.iter_mut().zip(&mut times) {
            let begun = thread_cpu_us();
            (0..CALLS).for_each(|_| call());
            times.push((thread_cpu_us() - begun) / CALLS as f64);
        }
    }
    let [ours, ureq, bare] = times.map(median);
    tell("call", ours, "us");
    tell("call_ureq", ureq, "us");
    tell("call_bare", bare, "us");
    tell("call_to_ureq", ours / ureq, "x");
}

type Call = Box<dyn FnMut()>;

fn ours(address: &str) -> Call {
    let config = Config::new()
        .app_key(KEY)
        .app_secret(SECRET)
        .endpoint(format!("http://{address}"));
    let client = Client::new(config).expect("a client");
    Box::new(move || {
        let request = VoiceNotification::new()
            .display_nbr("+867550000088")
            .callee_nbr("+8613800000021")
            .play_info_list([PlayContentInfo::new()
                .template_id("alarm")
                .template_paras(["north", "3"])
                .collect_ind(1)])
            .status_url("https://push.example.com/status")
            .user_data("ticket-1");
        client.create_voice_notification(&request).expect("an answer");
    })
}

/// What a careful program does itself: it signs, and looks at the result code; it checks nothing before it sends.
fn with_ureq(address: &str) -> Call {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .into();
    let url = format!("http://{address}{PATH}");
    Box::new(move || {
        let body = body();
        let nonce = sign::nonce().expect("a nonce");
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .expect("a time");
        let created = sign::created(now.as_secs().cast_signed(), &CreatedZone::Utc);
        let mut answer = agent
            .post(&url)
            .header("content-type", "application/json;charset=UTF-8")
            .header("authorization", sign::AUTHORIZATION)
            .header("x-aksk", sign::x_aksk(KEY, SECRET, &nonce, &created))
            .send(body.as_bytes())
            .expect("an answer");
        let text = answer.body_mut().read_to_string().expect("a text");
        let answer: Value = serde_json::from_str(&text).expect("an object");
        assert_eq!(answer.get("resultcode"), Some(&Value::from("0")));
    })
}

/// One write, one read: less it cannot cost.
fn bare(address: &str) -> Call {
    let mut socket = TcpStream::connect(address).expect("a connection");
    let body = body();
    let request = format!(
        "POST {PATH} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut answer = [0; 4096];
    Box::new(move || {
        socket.write_all(request.as_bytes()).expect("a write");
        assert!(socket.read(&mut answer).expect("a read") > 0);
    })
}

fn body() -> String {
    json!({
        "displayNbr": "+867550000088",
        "calleeNbr": "+8613800000021",
        "playInfoList": [{"templateId": "alarm", "templateParas": ["north", "3"], "collectInd": 1}],
        "statusUrl": "aHR0cHM6Ly9wdXNoLmV4YW1wbGUuY29tL3N0YXR1cw==",
        "userData": "ticket-1",
    })
    .to_string()
}
