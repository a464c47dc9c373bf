//! Calls that are submitted: limits, deadlines, and what cancelling means for the phone.
#![cfg(feature = "pool")]
#![allow(clippy::unwrap_used, reason = "a test says so when it fails")]

#[path = "support/hostile_peer.rs"]
mod hostile_peer;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use hostile_peer::Step::{AwaitEnd, Hold, ReadRequest, ReadSome, Send};
use hostile_peer::{PATIENCE, Peer, SilentPort, kept};
use voicecall_core::calls::VoiceCallback;
use voicecall_core::{CallOptions, Cancellation, Client, Config, Delivery, Error, ErrorKind, Job, Jobs};

const PLACED: &str = r#"{"resultcode":"0","resultdesc":"Success","sessionId":"1200_1827_4294967295"}"#;

type Outcome = Result<Option<String>, Error>;

fn config(endpoint: &str) -> Config {
    Config::new()
        .app_key("app-key-0001")
        .app_secret("example-secret-0001")
        .endpoint(endpoint)
        .retries(0)
        .timeout(10 * PATIENCE)
}

fn one_at_a_time(endpoint: &str) -> Client {
    Client::new(config(endpoint).max_in_flight(1)).unwrap()
}

fn callback() -> VoiceCallback {
    VoiceCallback::new()
        .display_nbr("+867550000088")
        .caller_nbr("+8613800000021")
        .display_callee_nbr("+867550000088")
        .callee_nbr("+8613800000022")
}

fn submit(client: &Client, options: CallOptions) -> (Job, Receiver<Outcome>) {
    let (done, outcome) = channel();
    let job = client.submit(
        options,
        |client, options| client.create_voice_callback_with(&callback(), options),
        move |outcome| done.send(outcome.map(|placed| placed.session_id)).unwrap(),
    );
    (job, outcome)
}

fn assert_failed(outcome: &Receiver<Outcome>, kind: ErrorKind, delivery: Delivery) -> Error {
    let error = outcome.recv_timeout(PATIENCE).unwrap().unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (kind, delivery), "{error}");
    error
}

#[test]
fn the_time_of_a_call_counts_from_its_submission_and_nothing_is_sent_after_it() {
    let peer = Peer::plain([vec![ReadRequest, Hold]]);
    let client = one_at_a_time(&peer.url(""));
    let (_first, _) = submit(&client, CallOptions::new());
    peer.until(|seen| seen.requests.len() == 1);
    let begun = Instant::now();
    let (_late, outcome) = submit(&client, CallOptions::new().timeout(Duration::from_millis(100)));
    assert_failed(&outcome, ErrorKind::Timeout, Delivery::NotSent);
    assert!(begun.elapsed() < PATIENCE / 4, "it does not wait for a free thread");
    assert_eq!(peer.seen().connections, 1);
}

#[test]
fn a_call_that_has_not_begun_is_taken_back_and_frees_its_place() {
    let placed = || Send(kept(200, PLACED));
    let peer = Peer::plain([vec![ReadRequest, Hold, placed(), ReadRequest, placed(), AwaitEnd]]);
    let client = one_at_a_time(&peer.url(""));
    let (_first, first) = submit(&client, CallOptions::new());
    peer.until(|seen| seen.requests.len() == 1);
    let (second, taken_back) = submit(&client, CallOptions::new());
    let (_third, third) = submit(&client, CallOptions::new());
    second.cancel();
    let error = assert_failed(&taken_back, ErrorKind::Closed, Delivery::NotSent);
    assert_eq!(error.message(), "the call was cancelled");
    peer.release();
    assert!(first.recv_timeout(PATIENCE).unwrap().is_ok());
    assert!(third.recv_timeout(PATIENCE).unwrap().is_ok());
    assert_eq!(peer.seen().requests.len(), 2);
    second.cancel();
    assert!(taken_back.recv().is_err(), "an outcome is reported once");
}

#[test]
fn a_call_that_has_begun_is_interrupted_and_its_outcome_is_unknown() {
    let peer = Peer::plain([
        vec![ReadRequest, Hold],
        vec![ReadRequest, Send(kept(200, PLACED)), AwaitEnd],
    ]);
    let client = Client::new(config(&peer.url("")).max_in_flight(1).attempt_tag(true)).unwrap();
    let (job, outcome) = submit(&client, CallOptions::new());
    peer.until(|seen| seen.requests.len() == 1);
    let (_next, next) = submit(&client, CallOptions::new());
    job.cancel();
    let error = assert_failed(&outcome, ErrorKind::Closed, Delivery::Unknown);
    let tag = error.attempt_tag().unwrap().as_str();
    assert!(
        peer.seen().requests[0].contains(tag),
        "the error names the tag that went out"
    );
    assert!(next.recv_timeout(PATIENCE).unwrap().is_ok(), "the thread is free again");
}

#[test]
fn a_call_is_cancelled_in_every_stage_before_its_request_goes_out() {
    let port = SilentPort::new();
    let client = one_at_a_time(&format!("http://{}", port.address()));
    let (job, connecting) = submit(&client, CallOptions::new());
    port.until_tried();
    job.cancel();
    assert_failed(&connecting, ErrorKind::Closed, Delivery::NotSent);

    let peer = Peer::plain([vec![ReadSome, Hold]]);
    let client = one_at_a_time(&format!("https://{}", peer.address));
    let (job, shaking_hands) = submit(&client, CallOptions::new());
    peer.until(|seen| seen.holding == 1);
    job.cancel();
    assert_failed(&shaking_hands, ErrorKind::Closed, Delivery::NotSent);

    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let patient = config(&format!("http://{closed}")).retries(10);
    let (job, pausing) = submit(&Client::new(patient).unwrap(), CallOptions::new());
    job.cancel();
    let error = pausing.recv_timeout(PATIENCE / 4).unwrap().unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotSent);
}

#[test]
fn cancelling_after_the_end_leaves_the_connection_to_the_next_call() {
    let once = [ReadRequest, Send(kept(200, PLACED))];
    let peer = Peer::plain([[&once[..], &once[..], &[AwaitEnd]].concat()]);
    let client = one_at_a_time(&peer.url(""));
    let (job, outcome) = submit(&client, CallOptions::new());
    assert!(outcome.recv_timeout(PATIENCE).unwrap().is_ok());
    job.cancel();
    let (_job, outcome) = submit(&client, CallOptions::new());
    assert!(outcome.recv_timeout(PATIENCE).unwrap().is_ok());
    assert_eq!(peer.seen().connections, 1);
}

#[test]
fn what_is_cancelled_together_does_not_begin_in_the_places_of_what_ends() {
    let peer = Peer::plain([vec![ReadRequest, Hold]]);
    let client = one_at_a_time(&peer.url(""));
    let (jobs, (done, outcomes)) = (Jobs::new(), channel());
    for id in 0..20 {
        let done = done.clone();
        jobs.submit(id, |under_way| {
            client.submit(
                CallOptions::new(),
                |client, options| client.create_voice_callback_with(&callback(), options),
                move |outcome| {
                    drop(under_way);
                    done.send(outcome.unwrap_err().delivery()).unwrap();
                },
            )
        });
    }
    peer.until(|seen| seen.requests.len() == 1);
    jobs.cancel(&Vec::from_iter(0..20));
    let deliveries: Vec<_> = (0..20).map(|_| outcomes.recv_timeout(PATIENCE).unwrap()).collect();
    assert_eq!(
        deliveries
            .iter()
            .filter(|delivery| **delivery == Delivery::Unknown)
            .count(),
        1
    );
    assert_eq!(peer.seen().requests.len(), 1);
}

#[test]
fn an_endpoint_that_never_answers_holds_up_no_other_client() {
    let dead = Peer::plain([vec![ReadRequest, Hold]]);
    let healthy = Peer::plain([vec![ReadRequest, Send(kept(200, PLACED)), AwaitEnd]]);
    let (stuck, free) = (
        Client::new(config(&dead.url(""))).unwrap(),
        one_at_a_time(&healthy.url("")),
    );
    let jobs: Vec<_> = (0..256).map(|_| submit(&stuck, CallOptions::new())).collect();
    dead.until(|seen| seen.holding == 64);
    let (_job, outcome) = submit(&free, CallOptions::new());
    assert!(outcome.recv_timeout(PATIENCE / 4).unwrap().is_ok());
    // The last first: a call that is interrupted leaves its thread to the next that waits.
    jobs.iter().rev().for_each(|(job, _)| job.cancel());
    let deliveries = jobs
        .iter()
        .map(|(_, outcome)| outcome.recv_timeout(PATIENCE).unwrap().unwrap_err().delivery());
    assert_eq!(deliveries.filter(|delivery| *delivery == Delivery::Unknown).count(), 64);
    assert_eq!(dead.seen().requests.len(), 64, "what was taken back is never sent");
}

#[test]
fn a_blocking_call_asks_its_watch() {
    let peer = Peer::plain([vec![ReadRequest, Hold]]);
    let flag = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&flag);
    let watch = Cancellation::watching(move || seen.load(Ordering::SeqCst));
    let client = Client::new(config(&peer.url(""))).unwrap();
    std::thread::scope(|scope| {
        let call =
            scope.spawn(|| client.create_voice_callback_with(&callback(), &CallOptions::new().cancellation(watch)));
        peer.until(|seen| seen.requests.len() == 1);
        flag.store(true, Ordering::SeqCst);
        let error = call.join().unwrap().unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Closed, Delivery::Unknown));
    });
}

#[test]
fn a_time_out_may_be_longer_than_any_clock_holds() {
    let once = [ReadRequest, Send(kept(200, PLACED))];
    let peer = Peer::plain([[&once[..], &once[..], &[AwaitEnd]].concat()]);
    let client = one_at_a_time(&peer.url(""));
    let options = CallOptions::new().timeout(Duration::MAX);
    assert!(client.create_voice_callback_with(&callback(), &options).is_ok());
    let (_job, outcome) = submit(&client, options);
    assert!(outcome.recv_timeout(PATIENCE).unwrap().is_ok());
}
