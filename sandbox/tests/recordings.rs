//! Recordings: the address, its life, and the file (contract requests.md 5).

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod support;

use std::time::Duration;

use serde_json::json;
use support::client::{CALLBACK, Client, RECORDING, callback, with};
use support::{B, PATIENCE, fast, start, talks_for};
use voicecall_sandbox::Options;
use voicecall_sandbox::blocking::Sandbox;

const DOMAIN: &str = "ostor.sandbox.invalid";

/// A platform with one finished, recorded callback, and the file's name if there is one.
fn recorded(options: Options, talk: u32) -> (Sandbox, Client, Option<String>) {
    let mut options = options;
    options.phones.insert(B.to_owned(), talks_for(talk));
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    let placed = client.post(CALLBACK, &with(callback(), json!({ "recordFlag": "true" })));
    let call = sandbox.wait_for_end(&placed.session_id(), PATIENCE).unwrap();
    (sandbox, client, call.recording)
}

fn address(client: &Client, file: &str) -> String {
    let answer = client.get(&format!("{RECORDING}?fileName={file}&recordDomain={DOMAIN}"));
    assert_eq!((answer.status, answer.bytes.len()), (301, 0));
    answer.header("location").unwrap().to_owned()
}

#[test]
fn the_file_is_a_wave_as_long_as_the_talk() {
    let (_sandbox, client, file) = recorded(fast(), 75);
    let answer = client.fetch(&address(&client, &file.unwrap()), &[]);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("audio/wav"));
    assert_eq!(answer.header("content-length"), Some("600058"));
    let wav = &answer.bytes;
    assert_eq!(wav.len(), 600_058);

    // Read as a player reads it: chunk by chunk.
    let number = |at: usize| u32::from_le_bytes(wav[at..at + 4].try_into().unwrap());
    let short = |at: usize| u16::from_le_bytes(wav[at..at + 2].try_into().unwrap());
    assert_eq!((&wav[..4], &wav[8..12]), (&b"RIFF"[..], &b"WAVE"[..]));
    assert_eq!(number(4) as usize, wav.len() - 8);
    let mut chunks = Vec::new();
    let mut at = 12;
    while at < wav.len() {
        chunks.push((
            String::from_utf8_lossy(&wav[at..at + 4]).into_owned(),
            at + 8,
            number(at + 4) as usize,
        ));
        at += 8 + number(at + 4) as usize;
    }
    assert_eq!(at, wav.len());
    let names: Vec<_> = chunks.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, ["fmt ", "fact", "data"]);
    let format = chunks[0].1;
    let (code, channels, rate) = (short(format), short(format + 2), number(format + 4));
    assert_eq!((code, channels, rate), (6, 1, 8000), "A-law, mono, 8000 Hz");
    let (bytes_per_second, frame, bits) = (number(format + 8), short(format + 12), short(format + 14));
    assert_eq!((bytes_per_second, frame, bits), (8000, 1, 8));
    assert_eq!(number(chunks[1].1) as usize, chunks[2].2);
    assert_eq!(chunks[2].2, 75 * 8000);
}

#[test]
fn a_part_of_the_file_can_be_had() {
    let (_sandbox, client, file) = recorded(fast(), 10);
    let address = address(&client, &file.unwrap());
    let whole = client.fetch(&address, &[]);
    let part = client.fetch(&address, &[("range", "bytes=50-8999")]);
    assert_eq!(part.status, 206);
    assert_eq!(part.header("content-range"), Some("bytes 50-8999/80058"));
    assert_eq!(part.bytes, whole.bytes[50..9000]);

    let tag = whole.header("etag").unwrap();
    let resumed = client.fetch(&address, &[("range", "bytes=80000-"), ("if-range", tag)]);
    assert_eq!((resumed.status, &*resumed.bytes), (206, &whole.bytes[80_000..]));
    let changed = client.fetch(&address, &[("range", "bytes=80000-"), ("if-range", "\"other\"")]);
    assert_eq!((changed.status, changed.bytes.len()), (200, 80_058));

    let beyond = client.fetch(&address, &[("range", "bytes=80058-")]);
    assert_eq!(beyond.status, 416);
    assert_eq!(beyond.header("content-range"), Some("bytes */80058"));
}

#[test]
fn an_address_dies_and_cannot_be_forged() {
    let mut options = fast();
    options.recording_link_life = Duration::ZERO;
    let (_sandbox, client, file) = recorded(options, 10);
    let file = file.unwrap();
    let dead = address(&client, &file);
    assert_eq!(client.fetch(&dead, &[]).status, 403);

    let (_sandbox, client, file) = recorded(fast(), 10);
    let address = address(&client, &file.unwrap());
    assert_eq!(client.fetch(&address, &[]).status, 200);
    assert_eq!(client.fetch(&address.replace("expires=", "expires=9"), &[]).status, 403);
    assert_eq!(client.fetch(address.split_once('?').unwrap().0, &[]).status, 403);
}

#[test]
fn an_unknown_file_is_a_record_that_does_not_exist() {
    let (sandbox, client, file) = recorded(fast(), 10);
    let file = file.unwrap();
    for query in [
        format!("fileName=20190124030424_1.wav&recordDomain={DOMAIN}"),
        format!("fileName=x&recordDomain={DOMAIN}"),
        format!("fileName={file}&recordDomain=ostor.example.com"),
    ] {
        let answer = client.get(&format!("{RECORDING}?{query}"));
        assert_eq!(answer.code(), (403, "1016001".to_owned()), "{query}");
        assert_eq!(answer.json()["resultdesc"], "The record does not exist.");
    }
    assert_eq!(client.get(&format!("{RECORDING}?fileName={file}")).code().1, "1010002");

    // The recordings of one application are none of another's business.
    sandbox.change_account(|account| {
        let application = account.applications.pop_first().map(|(_, application)| application);
        account.applications.insert("Other".to_owned(), application.unwrap());
    });
    let other = Client::new(sandbox.ready());
    let answer = other.get(&format!("{RECORDING}?fileName={file}&recordDomain={DOMAIN}"));
    assert_eq!(answer.code().1, "1016001");
}

#[test]
fn a_recording_is_kept_for_7_days() {
    let mut options = fast();
    // A simulated week takes two seconds, an ordinary call next to nothing.
    options.speed = 300_000.0;
    let (sandbox, client, file) = recorded(options, 10);
    let file = file.unwrap();
    let query = format!("{RECORDING}?fileName={file}&recordDomain={DOMAIN}");
    assert_eq!(client.get(&query).status, 301);
    // A callback of a week's length ends when the week is over.
    sandbox.set_phone(B, talks_for(7 * 24 * 3600));
    let placed = client.post(CALLBACK, &callback());
    sandbox.wait_for_end(&placed.session_id(), PATIENCE).unwrap();
    assert_eq!(client.get(&query).code().1, "1016001");
}

#[test]
fn what_was_not_recorded_has_no_recording() {
    assert_eq!(recorded(fast(), 2).2, None, "a talk under 3 seconds");
    assert!(recorded(fast(), 3).2.is_some());
    let sandbox = start(fast());
    let client = Client::new(sandbox.ready());
    let placed = client.post(CALLBACK, &callback());
    assert_eq!(
        sandbox.wait_for_end(&placed.session_id(), PATIENCE).unwrap().recording,
        None
    );
}
