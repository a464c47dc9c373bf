//! How pushes travel: signature, order, merging, and what happens when nobody takes them (contract pushes.md 2 to 5).

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod support;

use std::collections::HashMap;
use std::sync::mpsc;

use serde_json::{Value, json};
use support::client::{CALLBACK, Client, VERIFICATION, base64, callback, unix_seconds, verification, with};
use support::receiver::{Received, Receiver};
use support::{PATIENCE, fast, start};
use voicecall_core::sign::{self, CreatedZone};
use voicecall_sandbox::{Options, PushView};

fn addressed(body: Value, receiver: &Receiver) -> Value {
    let (status, fee) = (base64(&receiver.url("/status")), base64(&receiver.url("/fee")));
    with(body, json!({ "statusUrl": status, "feeUrl": fee }))
}

/// The value of `name="value"` in `X-AKSK`.
fn part<'a>(header: &'a str, name: &str) -> &'a str {
    let (_, after) = header.split_once(&format!("{name}=\"")).unwrap();
    after.split_once('"').unwrap().0
}

fn is_fee(push: &Received) -> bool {
    push.event() == "fee"
}

#[test]
fn every_push_is_signed_in_the_newest_form() {
    let receiver = Receiver::start();
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    client.post(CALLBACK, &addressed(callback(), &receiver));
    let pushes = receiver.wait_for_fee();
    let mut nonces = Vec::new();
    for push in &pushes {
        let url = receiver.url(if is_fee(push) { "/fee" } else { "/status" });
        assert_eq!(
            push.request_line,
            format!("POST {} HTTP/1.1", if is_fee(push) { "/fee" } else { "/status" })
        );
        assert_eq!(push.header("content-type"), "application/json;charset=UTF-8");
        assert_eq!(push.header("authorization"), sign::AUTHORIZATION);
        assert_eq!(push.header("connection"), "close");
        let header = push.header("x-aksk");
        assert!(
            header.starts_with("UsernameToken Username=\"") && header.contains("\", PasswordDigest="),
            "{header}"
        );
        assert_eq!(part(header, "Username"), client.ready.app_key);
        let (nonce, created) = (part(header, "Nonce"), part(header, "Created"));
        let message = [url.as_str(), "\n", nonce, "\n", created];
        assert!(sign::verify(
            client.ready.app_secret.expose(),
            &message,
            part(header, "PasswordDigest")
        ));
        // The newest page has UTC+8; the wall clock's time, not the simulated one.
        let now = sign::created(unix_seconds(), &CreatedZone::Beijing);
        assert_eq!(created[..14], now[..14], "{created} is not within this hour");
        nonces.push(nonce);
    }
    nonces.sort_unstable();
    nonces.dedup();
    assert_eq!(nonces.len(), pushes.len(), "every nonce is new");
}

#[test]
fn the_older_zone_is_a_setting() {
    let receiver = Receiver::start();
    let mut options = fast();
    options.push.created_zone = CreatedZone::Utc;
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    client.post(VERIFICATION, &addressed(verification(), &receiver));
    let push = receiver.wait_for_fee().pop().unwrap();
    let now = sign::created(unix_seconds(), &CreatedZone::Utc);
    assert_eq!(part(push.header("x-aksk"), "Created")[..14], now[..14]);
}

#[test]
fn a_call_is_told_in_order_and_a_slow_receiver_holds_up_its_own_call_only() {
    let (release, gate) = mpsc::channel::<()>();
    let gate = std::sync::Mutex::new(gate);
    let slow = Receiver::answering(move |number, _| {
        if number == 0 {
            let _ = gate.lock().unwrap().recv_timeout(PATIENCE);
        }
        (200, "")
    });
    let quick = Receiver::start();
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    client.post(VERIFICATION, &addressed(verification(), &slow));
    slow.wait_for(1, |_| true);
    client.post(VERIFICATION, &addressed(verification(), &quick));
    quick.wait_for_fee();
    assert_eq!(slow.pushes().len(), 1, "nothing overtakes the first push");
    release.send(()).unwrap();
    let events: Vec<_> = slow.wait_for_fee().iter().map(|push| push.event().to_owned()).collect();
    assert_eq!(events, ["callout", "alerting", "answer", "disconnect", "fee"]);
}

#[test]
fn a_failed_status_push_is_never_sent_again() {
    let receiver = Receiver::answering(|_, push| (if is_fee(push) { 200 } else { 500 }, ""));
    let mut options = fast();
    // Re-pushes, if there were any, would come within moments.
    options.speed = 100_000.0;
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    client.post(VERIFICATION, &addressed(verification(), &receiver));
    receiver.wait_for_fee();
    // A later call is told from beginning to end; the earlier one has not been heard of again.
    client.post(VERIFICATION, &addressed(verification(), &receiver));
    let pushes = receiver.wait_for(2, is_fee);
    assert_eq!(pushes.len(), 10);
    let failed: Vec<_> = sandbox.pushes().into_iter().filter(|push| !push.delivered).collect();
    assert!(
        failed.iter().all(|push| push.attempt == 1 && push.status == Some(500)),
        "{failed:?}"
    );
    assert_eq!(failed.len(), 8);
}

#[test]
fn a_cdr_that_nobody_takes_is_sent_seven_times_and_then_kept() {
    let receiver = Receiver::answering(|number, _| match number % 3 {
        0 => (500, ""),
        1 => (200, r#"{"resultcode":"1","resultdesc":"not now"}"#),
        _ => (204, ""),
    });
    let mut options = fast();
    options.speed = 100_000.0;
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    let order = with(verification(), json!({ "feeUrl": base64(&receiver.url("/fee")) }));
    let session_id = client.post(VERIFICATION, &order).session_id();
    let last = sandbox.wait_for_push(|push| push.attempt == 7, PATIENCE).unwrap();
    let received = receiver.pushes();
    assert_eq!(received.len(), 7);
    assert!(
        received.iter().all(|push| push.body == received[0].body),
        "the same message each time"
    );
    let nonces: std::collections::HashSet<_> = received
        .iter()
        .map(|push| part(push.header("x-aksk"), "Nonce"))
        .collect();
    assert_eq!(nonces.len(), 7, "signed anew each time");

    let pushes = sandbox.pushes();
    assert!(pushes.iter().all(|push| !push.delivered));
    for pair in pushes.windows(2) {
        assert_eq!(simulated_seconds(&pair[1]) - simulated_seconds(&pair[0]), 3600);
    }
    assert_eq!(last.status, Some(500));
    let undelivered = sandbox.undelivered_cdrs();
    assert_eq!(undelivered[0].session_ids, [session_id]);
    assert_eq!(undelivered[0].body, received[0].body);
}

fn simulated_seconds(push: &PushView) -> i64 {
    voicecall_core::webhook::Timestamp::parse(push.time.as_str())
        .unwrap()
        .unix_seconds()
}

#[test]
fn a_cdr_is_not_sent_again_once_it_is_taken() {
    let receiver = Receiver::answering(|number, _| (if number < 2 { 503 } else { 200 }, "thanks"));
    let mut options = fast();
    options.speed = 100_000.0;
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    client.post(
        VERIFICATION,
        &with(verification(), json!({ "feeUrl": base64(&receiver.url("/fee")) })),
    );
    let taken = sandbox.wait_for_push(|push| push.delivered, PATIENCE).unwrap();
    assert_eq!((taken.attempt, taken.reply.as_deref()), (3, Some("thanks")));
    assert_eq!(sandbox.undelivered_cdrs(), []);
}

#[test]
fn a_receiver_that_is_not_there_is_told_in_the_list_of_pushes() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    let url = base64(&format!("http://{nobody}/fee"));
    client.post(VERIFICATION, &with(verification(), json!({ "feeUrl": url })));
    let push = sandbox.wait_for_push(|_| true, PATIENCE).unwrap();
    assert!(!push.delivered && push.status.is_none());
    assert!(push.error.unwrap().contains("refused"));
}

#[test]
fn cdrs_of_one_second_and_application_travel_together_at_most_50() {
    const CALLS: usize = 120;
    let receiver = Receiver::start();
    let mut options = Options::default();
    options.all_phones.alerting_seconds = Some(1);
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    // Busy at once: one second from request to end.
    let order = with(verification(), json!({ "calleeNbr": "+8613800008102" }));
    for _ in 0..CALLS {
        assert_eq!(
            client.post(VERIFICATION, &addressed(order.clone(), &receiver)).status,
            200
        );
    }
    let complete = |pushes: &[Received]| pushes.iter().map(|push| cdrs(push).len()).sum::<usize>() == CALLS;
    let mut count = 1;
    let pushes = loop {
        let pushes = receiver.wait_for(count, is_fee);
        if complete(&pushes) {
            break pushes;
        }
        count = pushes.iter().filter(|push| is_fee(push)).count() + 1;
    };
    let messages: Vec<_> = pushes.iter().filter(|push| is_fee(push)).collect();
    let mut per_second: HashMap<&str, Vec<usize>> = HashMap::new();
    for message in &messages {
        let ends: Vec<_> = cdrs(message)
            .iter()
            .map(|cdr| cdr["callEndTime"].as_str().unwrap())
            .collect();
        assert!(
            ends.iter().all(|end| *end == ends[0]),
            "one second in one message: {ends:?}"
        );
        assert!(ends.len() <= 50);
        per_second.entry(ends[0]).or_default().push(ends.len());
    }
    for (second, mut sizes) in per_second {
        sizes.sort_unstable();
        assert!(
            sizes[1..].iter().all(|size| *size == 50),
            "all of a second but one are full: {second} {sizes:?}"
        );
    }
    assert!(messages.len() < CALLS / 10, "{} messages", messages.len());
    for (at, message) in pushes.iter().enumerate().filter(|(_, push)| is_fee(push)) {
        for cdr in cdrs(message) {
            let own = |push: &&Received| push.info()["sessionId"] == cdr["sessionId"];
            assert_eq!(
                pushes[..at].iter().filter(own).count(),
                2,
                "callout and disconnect come before the CDR"
            );
        }
    }
}

fn cdrs(push: &Received) -> &[Value] {
    push.body["feeLst"].as_array().map_or(&[], Vec::as_slice)
}
