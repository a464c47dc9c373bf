//! The names in pushes are those that the core declares: every one that is written is declared, and every one that is
//! declared is written by some call.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod support;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use support::client::{
    CALLBACK, Client, NOTIFICATION, VERIFICATION, base64, callback, notification, verification, with,
};
use support::receiver::{Received, Receiver};
use support::{fast, start};
use voicecall_core::descriptor::{Presence, Record};
use voicecall_core::webhook::{self, Cdr, Event, EventType, StatusEvent};
use voicecall_sandbox::EventKind;

/// Calls of every kind, with everything asked for that a push can tell.
fn orders() -> Vec<(&'static str, Value)> {
    let everything = json!({ "recordFlag": "true", "partyTypeRequiredInDisconnect": "true" });
    let items = json!([{ "templateId": "sandbox_alarm", "collectInd": 1 }]);
    vec![
        (CALLBACK, with(callback(), everything)),
        (CALLBACK, with(callback(), json!({ "calleeNbr": "+8613800008102" }))),
        (NOTIFICATION, with(notification(), json!({ "playInfoList": items }))),
        (VERIFICATION, verification()),
    ]
}

fn pushes() -> Vec<Received> {
    let receiver = Receiver::start();
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    let url = base64(&receiver.url("/push"));
    let orders = orders();
    let count = orders.len();
    for (path, body) in orders {
        let members = json!({ "statusUrl": url, "feeUrl": url, "userData": "customerId123" });
        client.post(path, &with(body, members)).session_id();
    }
    let cdrs = |push: &Received| push.body["feeLst"].as_array().map_or(0, Vec::len);
    let mut messages = 1;
    loop {
        let pushes = receiver.wait_for(messages, |push| push.event() == "fee");
        if pushes.iter().map(cdrs).sum::<usize>() == count {
            return pushes;
        }
        messages = pushes.iter().filter(|push| cdrs(push) > 0).count() + 1;
    }
}

fn written<'a>(objects: impl IntoIterator<Item = &'a Value>) -> BTreeSet<&'a str> {
    let keys = |object: &'a Value| object.as_object().unwrap().keys().map(String::as_str);
    objects.into_iter().flat_map(keys).collect()
}

fn declared(record: &'static Record) -> BTreeSet<&'static str> {
    record.fields.iter().map(|field| field.name).collect()
}

fn mandatory(record: &'static Record) -> impl Iterator<Item = &'static str> {
    let fields = record
        .fields
        .iter()
        .filter(|field| matches!(field.presence, Presence::Mandatory));
    fields.map(|field| field.name)
}

#[test]
fn what_is_written_is_what_is_declared() {
    let pushes = pushes();
    let (fees, events): (Vec<_>, Vec<_>) = pushes.iter().partition(|push| push.event() == "fee");
    let cdrs: Vec<_> = fees
        .iter()
        .flat_map(|push| push.body["feeLst"].as_array().unwrap())
        .collect();
    let infos: Vec<_> = events.iter().map(|push| push.info()).collect();

    assert_eq!(written(infos.iter().copied()), declared(StatusEvent::RECORD));
    let mut every_field = declared(Cdr::RECORD);
    // Only in special set-ups, of which nothing is known.
    every_field.remove("recordFileDownloadUrl");
    assert_eq!(written(cdrs.iter().copied()), every_field);

    let complete = |object: &Value, record| mandatory(record).all(|name| object.get(name).is_some());
    assert!(infos.iter().all(|info| complete(info, StatusEvent::RECORD)));
    assert!(cdrs.iter().all(|cdr| complete(cdr, Cdr::RECORD)));
}

#[test]
fn the_core_reads_every_push_without_a_complaint() {
    for push in pushes() {
        match webhook::parse(push.body.to_string().as_bytes()).unwrap() {
            Event::Status(event) => assert_eq!(event.event_type().as_str(), push.event()),
            Event::Fee(event) => assert!(event.rejected().is_empty(), "{:?}", event.rejected()),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn event_types_are_those_of_the_core() {
    let kinds = [
        EventKind::Callout,
        EventKind::Alerting,
        EventKind::Answer,
        EventKind::CollectInfo,
        EventKind::Disconnect,
    ];
    let known = EventType::ENUMERATION.values.iter().map(|value| value.wire);
    let status: Vec<_> = known.filter(|name| *name != "fee").collect();
    assert_eq!(kinds.map(EventKind::wire).to_vec(), status);
    for kind in kinds {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.wire());
    }
}
