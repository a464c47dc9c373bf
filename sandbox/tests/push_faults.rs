//! Faults of pushes, as a receiver sees them, and what the library makes of them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod support;

use serde_json::{Value, json};
use support::client::{Client, VERIFICATION, base64, verification, with};
use support::receiver::{Received, Receiver};
use support::{PATIENCE, fast, start};
use voicecall_core::webhook::{Event, Freshness, Policy, Verdict, Webhook};
use voicecall_sandbox::PushView;
use voicecall_sandbox::blocking::Sandbox;

struct Stage {
    receiver: Receiver,
    sandbox: Sandbox,
    client: Client,
}

impl Stage {
    fn with(fault: &str) -> Stage {
        let mut options = fast();
        options.faults.push(fault.parse().unwrap());
        let sandbox = start(options);
        let client = Client::new(sandbox.ready());
        Stage {
            receiver: Receiver::start(),
            sandbox,
            client,
        }
    }

    fn place(&self) -> String {
        let (status, fee) = (self.receiver.url("/status"), self.receiver.url("/fee"));
        let order = json!({ "statusUrl": base64(&status), "feeUrl": base64(&fee) });
        self.client
            .post(VERIFICATION, &with(verification(), order))
            .session_id()
    }

    /// The events of a call as they came, once there are so many.
    fn events(&self, count: usize) -> Vec<String> {
        self.place();
        let pushes = self.receiver.wait_for(count, |_| true);
        pushes.iter().map(|push| push.event().to_owned()).collect()
    }

    fn verdict(&self, push: &Received) -> Verdict {
        let ready = self.sandbox.ready();
        let webhook = Webhook::builder()
            .url(self.receiver.url("/status"))
            .url(self.receiver.url("/fee"))
            .application(&ready.app_key, ready.app_secret)
            .policy(Policy::Require)
            .freshness(Freshness::All)
            .build()
            .unwrap();
        let headers = push.headers.iter().map(|(name, value)| (name, value));
        webhook.receive(headers, &push.raw).verdict
    }

    fn attempt(&self, like: impl Fn(&PushView) -> bool) -> PushView {
        self.sandbox.wait_for_push(like, PATIENCE).unwrap()
    }
}

#[test]
fn a_duplicate_is_signed_anew_and_a_replay_is_not() {
    for (kind, same) in [("duplicate", false), ("replay", true)] {
        let stage = Stage::with(&format!("alerting={kind},count=1"));
        assert_eq!(
            stage.events(6),
            ["callout", "alerting", "alerting", "answer", "disconnect", "fee"]
        );
        let pushes = stage.receiver.pushes();
        assert_eq!(pushes[1].raw, pushes[2].raw);
        assert_eq!(pushes[1].header("x-aksk") == pushes[2].header("x-aksk"), same);
        assert!(
            pushes[1..3]
                .iter()
                .all(|push| matches!(stage.verdict(push), Verdict::Valid { .. }))
        );
    }
}

#[test]
fn pushes_change_places() {
    let stage = Stage::with("callout=reorder,count=1");
    assert_eq!(stage.events(5), ["alerting", "callout", "answer", "disconnect", "fee"]);
    let stage = Stage::with("disconnect=reorder,count=1");
    assert_eq!(stage.events(5), ["callout", "alerting", "answer", "fee", "disconnect"]);
    let stage = Stage::with("pushes=reorder");
    assert_eq!(stage.events(5), ["alerting", "callout", "disconnect", "answer", "fee"]);
}

#[test]
fn a_last_push_that_has_no_next_one_goes_as_it_is() {
    let stage = Stage::with("status=reorder");
    let order = json!({ "statusUrl": base64(&stage.receiver.url("/status")) });
    stage.client.post(VERIFICATION, &with(verification(), order));
    let pushes = stage.receiver.wait_for(4, |_| true);
    let events: Vec<_> = pushes.iter().map(Received::event).collect();
    assert_eq!(events, ["alerting", "callout", "disconnect", "answer"]);
}

#[test]
fn signatures_go_wrong_in_three_ways() {
    let verdict = |fault| {
        let stage = Stage::with(fault);
        stage.place();
        let push = stage.receiver.wait_for(1, |_| true).remove(0);
        (
            stage.verdict(&push),
            stage.attempt(|push| push.event == "callout").signature,
        )
    };
    let (wrong, signature) = verdict("callout=wrong_digest");
    assert!(matches!(wrong, Verdict::Refused { .. }), "{wrong:?}");
    assert_eq!(signature, "wrong");
    let (missing, signature) = verdict("callout=no_signature");
    assert!(!matches!(missing, Verdict::Valid { .. }), "{missing:?}");
    assert_eq!(signature, "none");
    let (skewed, signature) = verdict("callout=skewed_clock,seconds=-7200");
    assert!(matches!(skewed, Verdict::Refused { .. }), "{skewed:?}");
    assert_eq!(signature, "newest");
}

#[test]
fn a_bad_record_costs_the_library_none_of_the_good_ones() {
    let stage = Stage::with("fee=bad_record,count=1");
    let session_id = stage.place();
    let push = stage.receiver.wait_for_fee().pop().unwrap();
    assert_eq!(push.body["feeLst"].as_array().unwrap().len(), 2);
    assert!(!push.body["feeLst"][0].is_object());
    let Ok(Event::Fee(event)) = voicecall_core::webhook::parse(&push.raw) else {
        panic!("a CDR message")
    };
    let found: Vec<_> = event.cdrs().iter().map(|cdr| cdr.session_id().into_owned()).collect();
    assert_eq!(found, [session_id]);
}

#[test]
fn unknown_members_and_events_are_sent_as_if_they_were_documented() {
    let stage = Stage::with("pushes=unknown_fields");
    stage.place();
    for push in stage.receiver.wait_for_fee() {
        assert!(matches!(stage.verdict(&push), Verdict::Valid { .. }));
        assert_eq!(String::from_utf8_lossy(&push.raw).matches("xSandboxMember").count(), 2);
    }
    let stage = Stage::with("answer=unknown_event");
    assert_eq!(stage.events(5)[2], "callin");
    let shown = stage.attempt(|push| push.fault == Some("unknown_event"));
    assert_eq!(shown.body["eventType"], "callin", "what is shown is what was sent");
}

#[test]
fn a_cdr_whose_answer_is_lost_comes_again_after_an_hour() {
    for (fault, comes) in [
        ("answer_lost", true),
        ("dropped", false),
        ("reset_before_reading", false),
    ] {
        let mut options = fast();
        options.speed = 100_000.0;
        options.faults.push(format!("fee={fault},count=1").parse().unwrap());
        let sandbox = start(options);
        let stage = Stage {
            receiver: Receiver::start(),
            client: Client::new(sandbox.ready()),
            sandbox,
        };
        stage.place();
        let first = stage.attempt(|push| push.event == "fee");
        assert_eq!((first.delivered, first.fault, first.attempt), (false, Some(fault), 1));
        assert!(first.error.is_some());
        let second = stage.attempt(|push| push.event == "fee" && push.attempt == 2);
        assert_eq!((second.delivered, second.fault), (true, None));
        let came = stage
            .receiver
            .pushes()
            .iter()
            .filter(|push| push.event() == "fee")
            .count();
        assert_eq!(came, if comes { 2 } else { 1 }, "{fault}");
    }
}

/// Reads pushes, and tells when the other side ends each connection.
fn how_it_ends(fault: &str, answer: Option<&[u8]>) -> std::io::Result<usize> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/fee", listener.local_addr().unwrap());
    let mut options = fast();
    options.push.timeout = std::time::Duration::from_millis(300);
    options.faults.push(fault.parse().unwrap());
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    client.post(VERIFICATION, &with(verification(), json!({ "feeUrl": base64(&url) })));
    let (mut stream, _) = listener.accept().unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    while !bytes.ends_with(b"}]}") {
        let length = std::io::Read::read(&mut stream, &mut buffer)?;
        assert!(length > 0, "the push comes whole");
        bytes.extend(&buffer[..length]);
    }
    if let Some(answer) = answer {
        std::io::Write::write_all(&mut stream, answer)?;
    }
    std::io::Read::read(&mut stream, &mut buffer)
}

#[test]
fn a_lost_answer_is_reset_when_it_has_begun() {
    let reset = how_it_ends("fee=answer_lost", Some(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    assert_eq!(reset.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
    // A receiver that says nothing is waited for, as long as ever.
    assert_eq!(how_it_ends("fee=answer_lost", None).unwrap(), 0);
}

#[test]
fn a_late_and_a_slow_push_arrive_whole() {
    for fault in ["callout=delay,millis=20,count=1", "callout=slow_body,millis=2,count=1"] {
        let stage = Stage::with(fault);
        assert_eq!(stage.events(5)[0], "callout", "{fault}");
        let push = stage.receiver.pushes().remove(0);
        assert!(matches!(stage.verdict(&push), Verdict::Valid { .. }), "{fault}");
        assert!(stage.attempt(|push| push.event == "callout").delivered);
    }
}

/// A receiver of bytes: what came on the first connection.
fn first_connection(fault: &str) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/status", listener.local_addr().unwrap());
    let mut options = fast();
    options.faults.push(fault.parse().unwrap());
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    let order: Value = json!({ "statusUrl": base64(&url) });
    client.post(VERIFICATION, &with(verification(), order));
    let (mut stream, _) = listener.accept().unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match std::io::Read::read(&mut stream, &mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(length) => bytes.extend(&buffer[..length]),
        }
        // Where the platform waits for an answer, the whole message has come.
        if bytes.ends_with(b"}}") {
            break;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn length_told_and_sent(text: &str) -> (usize, usize) {
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let told = head.split_once("Content-Length: ").unwrap().1.lines().next().unwrap();
    (told.parse().unwrap(), body.len())
}

#[test]
fn bytes_of_pushes_go_wrong() {
    let (told, sent) = length_told_and_sent(&first_connection("callout=truncated_body"));
    assert_eq!(sent, told / 2);
    let (told, sent) = length_told_and_sent(&first_connection("callout=wrong_content_length,bytes=-2"));
    assert_eq!(told, sent - 2);
    let garbage = first_connection("callout=garbage");
    assert!(!garbage.is_empty() && !garbage.contains("POST"), "{garbage}");
}
