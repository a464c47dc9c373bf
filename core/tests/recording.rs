//! A recording is a whole file or no file, from real servers that break off, resume, redirect and lie.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

#[path = "support/hostile_peer.rs"]
mod hostile_peer;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use hostile_peer::Step::{EndRaw, Hold, ReadRequest, Send};
use hostile_peer::{Peer, Step, answer, certificates};
use voicecall_core::calls::Recording;
use voicecall_core::{Client, Config, DownloadOptions, Error, ErrorKind, RecordingSource, Rule};

/// A RIFF file of 45 bytes, by its own header too.
const SOUND: &str = "RIFF\u{25}\0\0\0WAVE, and then bytes of what was said";

/// A folder of its own for each test; gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "voicecall-recording-{}-{}",
            std::process::id(),
            NUMBER.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).unwrap();
        Folder(path)
    }

    fn target(&self) -> PathBuf {
        self.0.join("recording.wav")
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

fn client(endpoint: &str) -> Client {
    Client::new(Config::new().app_key("k").app_secret("s").endpoint(endpoint).retries(2)).unwrap()
}

fn direct(peer: &Peer) -> RecordingSource {
    RecordingSource::Direct(peer.url("/sound/1.wav?token=0001"))
}

fn fetch(client: &Client, source: RecordingSource, target: &Path) -> Result<u64, Error> {
    client
        .download_recording(source, target, DownloadOptions::new())
        .map(|file| file.bytes)
}

fn with_tag(status: &str, extra: &str, body: &str) -> Step {
    Send(format!("HTTP/1.1 {status}\r\netag: \"v1\"\r\n{extra}\r\n\r\n{body}").into_bytes())
}

/// The first answer breaks off after half of the sound.
fn breaking_off() -> Vec<Step> {
    let length = format!("content-length: {}", SOUND.len());
    vec![ReadRequest, with_tag("200 OK", &length, &SOUND[..20]), EndRaw]
}

#[test]
fn the_address_is_asked_for_signed_and_fetched_unsigned() {
    let storage = Peer::plain([vec![ReadRequest, Send(answer(200, SOUND))]]);
    let moved = format!(
        "HTTP/1.1 301 X\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n",
        storage.url("/sound/1.wav")
    );
    let platform = Peer::plain([vec![ReadRequest, Send(moved.into_bytes())]]);
    let folder = Folder::new();
    let recording = Recording::new().file_name("1 a.wav").record_domain("ostor.example.com");
    assert_eq!(
        fetch(&client(&platform.url("")), recording.into(), &folder.target()).unwrap(),
        SOUND.len() as u64
    );
    assert_eq!(std::fs::read_to_string(folder.target()).unwrap(), SOUND);
    assert_eq!(folder.names(), ["recording.wav"]);
    let asked = &platform.seen().requests[0];
    assert!(
        asked.starts_with("GET /rest/provision/voice/record/v1.0?fileName=1%20a.wav&recordDomain=ostor"),
        "{asked}"
    );
    assert!(asked.contains("x-aksk: "));
    let fetched = &storage.seen().requests[0];
    assert!(
        !fetched.contains("x-aksk") && !fetched.contains("authorization"),
        "{fetched}"
    );
}

#[test]
fn an_address_that_does_not_come_is_waited_for_as_long_as_any_answer() {
    let (peer, folder) = (Peer::plain([vec![ReadRequest, Hold]]), Folder::new());
    let config = Config::new().app_key("k").app_secret("s").endpoint(peer.url(""));
    let client = Client::new(config.timeout(Duration::from_millis(200))).unwrap();
    let recording = Recording::new().file_name("1.wav").record_domain("d");
    let error = fetch(&client, recording.into(), &folder.target()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(folder.names().is_empty());
}

#[test]
fn a_broken_download_is_taken_up_where_it_broke() {
    let rest = format!(
        "content-range: bytes 20-{}/{}\r\ncontent-length: {}",
        SOUND.len() - 1,
        SOUND.len(),
        SOUND.len() - 20
    );
    let peer = Peer::plain([
        breaking_off(),
        vec![ReadRequest, with_tag("206 Partial Content", &rest, &SOUND[20..])],
    ]);
    let folder = Folder::new();
    assert_eq!(
        fetch(&client(&peer.url("")), direct(&peer), &folder.target()).unwrap(),
        SOUND.len() as u64
    );
    assert_eq!(std::fs::read_to_string(folder.target()).unwrap(), SOUND);
    let second = peer.seen().requests[1].clone();
    assert!(
        second.contains("accept-encoding: identity")
            && second.contains("range: bytes=20-")
            && second.contains("if-range: \"v1\""),
        "{second}"
    );
}

#[test]
fn a_server_that_begins_anew_gives_the_new_file_alone() {
    let peer = Peer::plain([
        breaking_off(),
        vec![ReadRequest, Send(answer(200, "another recording"))],
    ]);
    let folder = Folder::new();
    assert_eq!(
        fetch(&client(&peer.url("")), direct(&peer), &folder.target()).unwrap(),
        17
    );
    assert_eq!(std::fs::read_to_string(folder.target()).unwrap(), "another recording");
}

#[test]
fn a_resumption_at_another_place_is_refused() {
    let wrong = format!(
        "content-range: bytes 0-{}/{}\r\ncontent-length: {}",
        SOUND.len() - 1,
        SOUND.len(),
        SOUND.len()
    );
    let peer = Peer::plain([
        breaking_off(),
        vec![ReadRequest, with_tag("206 Partial Content", &wrong, SOUND)],
    ]);
    let folder = Folder::new();
    let error = fetch(&client(&peer.url("")), direct(&peer), &folder.target()).unwrap_err();
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::Protocol, Some(206)));
    assert!(folder.names().is_empty(), "{:?}", folder.names());
}

#[test]
fn a_download_that_never_gets_whole_leaves_nothing_behind() {
    let peer = Peer::plain([breaking_off()]);
    let folder = Folder::new();
    let error = fetch(&client(&peer.url("")), direct(&peer), &folder.target()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error}");
    assert_eq!(peer.seen().requests.len(), 3, "once, and twice again");
    assert!(folder.names().is_empty(), "{:?}", folder.names());
}

#[test]
fn what_is_not_the_recording_is_an_error_with_its_status() {
    for (status, kind) in [
        (404, ErrorKind::Rejected),
        (403, ErrorKind::Rejected),
        (302, ErrorKind::Protocol),
        (500, ErrorKind::Protocol),
    ] {
        let peer = Peer::plain([vec![ReadRequest, Send(answer(status, "<html>"))]]);
        let folder = Folder::new();
        let error = fetch(&client(&peer.url("")), direct(&peer), &folder.target()).unwrap_err();
        assert_eq!((error.kind(), error.http_status()), (kind, Some(status)), "{error}");
        assert!(!error.message().contains("token=0001"), "{error}");
        assert!(folder.names().is_empty());
    }
}

#[test]
fn a_target_that_exists_is_kept_unless_overwriting_is_allowed() {
    let peer = Peer::plain([vec![ReadRequest, Send(answer(200, SOUND))]]);
    let folder = Folder::new();
    std::fs::write(folder.target(), "older").unwrap();
    let error = fetch(&client(&peer.url("")), direct(&peer), &folder.target()).unwrap_err();
    assert_eq!(
        (error.kind(), error.rule(), error.field()),
        (ErrorKind::InvalidArgument, Some(Rule::Conflict), Some("/path"))
    );
    assert_eq!(peer.seen().connections, 0, "refused before anything was fetched");
    assert_eq!(std::fs::read_to_string(folder.target()).unwrap(), "older");
    let allowed = DownloadOptions::new().overwrite(true);
    client(&peer.url(""))
        .download_recording(direct(&peer), folder.target(), allowed)
        .unwrap();
    assert_eq!(std::fs::read_to_string(folder.target()).unwrap(), SOUND);
}

#[test]
fn a_target_that_appears_meanwhile_is_kept() {
    let peer = Peer::plain([vec![ReadRequest, Send(answer(200, SOUND))]]);
    let folder = Folder::new();
    let target = folder.target();
    let mut appear = |_| {
        std::fs::write(&target, "somebody else's").unwrap();
        ControlFlow::Continue(())
    };
    let options = DownloadOptions::new().progress(&mut appear);
    let error = client(&peer.url(""))
        .download_recording(direct(&peer), &target, options)
        .unwrap_err();
    assert_eq!(error.rule(), Some(Rule::Conflict), "{error}");
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "somebody else's");
}

#[test]
fn progress_is_told_and_can_stop_the_download() {
    let peer = Peer::plain([vec![ReadRequest, Send(answer(200, SOUND))]]);
    let folder = Folder::new();
    let mut told = Vec::new();
    let mut stop = |progress| {
        told.push(progress);
        ControlFlow::Break(())
    };
    let options = DownloadOptions::new().progress(&mut stop);
    let error = client(&peer.url(""))
        .download_recording(direct(&peer), folder.target(), options)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Closed, "{error}");
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0].bytes, told[0].total),
        (SOUND.len() as u64, Some(SOUND.len() as u64))
    );
    assert!(folder.names().is_empty());
}

#[test]
fn closing_the_client_ends_a_download() {
    let peer = Peer::plain([vec![
        ReadRequest,
        with_tag("200 OK", "content-length: 45", &SOUND[..20]),
        Hold,
    ]]);
    let folder = Folder::new();
    let client = client(&peer.url(""));
    let fetching = std::thread::spawn({
        let (client, source, target) = (client.clone(), direct(&peer), folder.target());
        move || fetch(&client, source, &target)
    });
    peer.until(|seen| seen.holding == 1);
    client.close();
    assert_eq!(fetching.join().unwrap().unwrap_err().kind(), ErrorKind::Closed);
    assert!(folder.names().is_empty());
}

#[test]
fn a_folder_that_is_not_there_is_a_storage_error() {
    let peer = Peer::plain([vec![ReadRequest, Send(answer(200, SOUND))]]);
    let folder = Folder::new();
    let error = fetch(
        &client(&peer.url("")),
        direct(&peer),
        &folder.0.join("no/such/recording.wav"),
    )
    .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Storage, "{error}");
}

#[test]
fn a_recording_on_a_host_without_tls_is_not_fetched() {
    let source = RecordingSource::Direct("http://recordings.example.com/1.wav".to_owned());
    let folder = Folder::new();
    let error = fetch(&client("https://127.0.0.1:1"), source, &folder.target()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
    assert!(error.message().contains("recordings.example.com") && error.message().contains("allowed"));
}

fn part(range: &str, more: &str, body: &str) -> Vec<Step> {
    let extra = format!("content-range: {range}\r\n{more}content-length: {}", body.len());
    vec![ReadRequest, with_tag("206 Partial Content", &extra, body)]
}

/// What it is, what the later connections do, and how it ends.
type Row = (&'static str, Vec<Vec<Step>>, Result<(), ErrorKind>);

/// Answers to a request that takes a download up after 20 of 45 bytes (RFC 9110, 14 and 15.3.7).
#[test]
fn what_comes_after_a_break_is_the_rest_of_the_same_file_or_an_error() {
    let rest = &SOUND[20..];
    let other_tag = format!("HTTP/1.1 206 X\r\netag: \"v2\"\r\ncontent-range: bytes 20-44/45\r\n\r\n{rest}");
    let no_tag = format!("HTTP/1.1 206 X\r\ncontent-range: bytes 20-44/45\r\ncontent-length: 25\r\n\r\n{rest}");
    let whole = answer(200, SOUND);
    let refused = Err(ErrorKind::Protocol);
    let table: Vec<Row> = vec![
        ("the rest", vec![part("bytes 20-44/45", "", rest)], Ok(())),
        ("the rest, total unknown", vec![part("bytes 20-44/*", "", rest)], Ok(())),
        (
            "the rest without a tag",
            vec![vec![ReadRequest, Send(no_tag.into_bytes())]],
            Ok(()),
        ),
        (
            "the rest in two parts",
            vec![
                part("bytes 20-29/45", "", &SOUND[20..30]),
                part("bytes 30-44/45", "", &SOUND[30..]),
            ],
            Ok(()),
        ),
        ("all of it", vec![vec![ReadRequest, Send(whole)]], Ok(())),
        (
            "another tag",
            vec![vec![ReadRequest, Send(other_tag.into_bytes())]],
            refused,
        ),
        ("another total", vec![part("bytes 20-44/46", "", rest)], refused),
        ("another start", vec![part("bytes 19-44/45", "", &SOUND[19..])], refused),
        (
            "no range",
            vec![vec![ReadRequest, with_tag("206 X", "content-length: 25", rest)]],
            refused,
        ),
        ("another unit", vec![part("lines 20-44/45", "", rest)], refused),
        ("a range backwards", vec![part("bytes 20-19/45", "", rest)], refused),
        (
            "a range beyond the end",
            vec![part("bytes 20-45/45", "", rest)],
            refused,
        ),
        (
            "another length than its range",
            vec![part("bytes 20-43/45", "", rest)],
            refused,
        ),
        (
            "several parts",
            vec![part("bytes 20-44/45", "content-type: multipart/byteranges\r\n", rest)],
            refused,
        ),
        (
            "a compressed part",
            vec![part("bytes 20-44/45", "content-encoding: gzip\r\n", rest)],
            refused,
        ),
        (
            "not satisfiable",
            vec![vec![ReadRequest, Send(answer(416, ""))]],
            refused,
        ),
        (
            "not modified",
            vec![vec![ReadRequest, Send(b"HTTP/1.1 304 X\r\n\r\n".to_vec())]],
            refused,
        ),
        (
            "gone",
            vec![vec![ReadRequest, Send(answer(412, ""))]],
            Err(ErrorKind::Rejected),
        ),
    ];
    for (what, later, expected) in table {
        let peer = Peer::plain([vec![breaking_off()], later].concat());
        let folder = Folder::new();
        let outcome = fetch(&client(&peer.url("")), direct(&peer), &folder.target());
        assert_eq!(
            outcome.as_ref().map(drop).map_err(Error::kind),
            expected,
            "{what}: {outcome:?}"
        );
        match expected {
            Ok(()) => assert_eq!(std::fs::read_to_string(folder.target()).unwrap(), SOUND, "{what}"),
            Err(_) => assert!(folder.names().is_empty(), "{what}: {:?}", folder.names()),
        }
    }
}

#[test]
fn what_is_no_whole_recording_leaves_no_file() {
    let longer = format!("{SOUND}, and more");
    for (what, answer) in [
        ("a part that nobody asked for", part("bytes 0-44/45", "", SOUND)),
        (
            "compressed",
            vec![
                ReadRequest,
                with_tag("200 OK", "content-encoding: br\r\ncontent-length: 45", SOUND),
            ],
        ),
        (
            "a page by its type",
            vec![
                ReadRequest,
                with_tag(
                    "200 OK",
                    "content-type: text/HTML; charset=x\r\ncontent-length: 45",
                    SOUND,
                ),
            ],
        ),
        (
            "a page by its text",
            vec![ReadRequest, Send(answer(200, "\r\n <!DOCTYPE html><p>log in"))],
        ),
        ("nothing", vec![ReadRequest, Send(answer(200, ""))]),
        (
            "shorter than its header says",
            vec![ReadRequest, Send(answer(200, &SOUND[..44]))],
        ),
        (
            "longer than its header says",
            vec![ReadRequest, Send(answer(200, &longer))],
        ),
        (
            "cut off without a length",
            vec![ReadRequest, with_tag("200 OK", "x: y", &SOUND[..30])],
        ),
    ] {
        let peer = Peer::plain([answer]);
        let folder = Folder::new();
        let error = fetch(&client(&peer.url("")), direct(&peer), &folder.target()).expect_err(what);
        assert_eq!(error.kind(), ErrorKind::Protocol, "{what}: {error}");
        assert!(folder.names().is_empty(), "{what}: {:?}", folder.names());
    }
}

#[test]
fn an_end_without_length_is_believed_when_tls_ends_too() {
    let whole = b"HTTP/1.1 200 OK\r\n\r\nno RIFF, so no length".to_vec();
    for (end, kind) in [(vec![], None), (vec![EndRaw], Some(ErrorKind::ConnectionLost))] {
        let script = [vec![ReadRequest, Send(whole.clone())], end].concat();
        let peer = Peer::tls(certificates::server(certificates::Identity::Right), [script]);
        let folder = Folder::new();
        let authority = folder.0.join("ca.pem");
        std::fs::write(&authority, certificates::authority_pem()).unwrap();
        let config = Config::new().app_key("k").app_secret("s").endpoint(peer.url(""));
        let client = Client::new(config.ca_file(authority.to_string_lossy()).retries(0)).unwrap();
        let outcome = fetch(&client, direct(&peer), &folder.target());
        assert_eq!(outcome.as_ref().err().map(Error::kind), kind, "{outcome:?}");
        assert_eq!(folder.target().exists(), kind.is_none());
    }
}

#[test]
fn a_recording_is_not_longer_than_allowed() {
    for answer in [
        answer(200, SOUND),
        format!("HTTP/1.1 200 OK\r\n\r\n{SOUND}").into_bytes(),
    ] {
        for (longest, fits) in [(45, true), (44, false)] {
            let peer = Peer::plain([vec![ReadRequest, Send(answer.clone())]]);
            let folder = Folder::new();
            let config = Config::new().app_key("k").app_secret("s").endpoint(peer.url(""));
            let client = Client::new(config.max_recording_bytes(longest)).unwrap();
            let outcome = fetch(&client, direct(&peer), &folder.target());
            assert_eq!(outcome.is_ok(), fits, "{outcome:?}");
            assert_eq!(folder.target().exists(), fits);
        }
    }
}

#[test]
#[cfg(unix)]
fn a_recording_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let peer = Peer::plain([vec![ReadRequest, Send(answer(200, SOUND))]]);
    let folder = Folder::new();
    fetch(&client(&peer.url("")), direct(&peer), &folder.target()).unwrap();
    let mode = std::fs::metadata(folder.target()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_direct_address_leads_to_a_host_of_the_service_or_to_one_that_the_settings_name() {
    let peer = Peer::plain([vec![ReadRequest, Send(answer(200, SOUND))]]);
    let folder = Folder::new();
    let config = || {
        Config::new()
            .app_key("k")
            .app_secret("s")
            .endpoint("https://127.0.0.9:1")
    };
    let refused = fetch(&Client::new(config()).unwrap(), direct(&peer), &folder.target()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Configuration, "{refused}");
    assert!(refused.message().contains("recording_hosts"), "{refused}");
    assert_eq!(peer.seen().connections, 0);
    let named = Client::new(config().recording_hosts(["127.0.0.1"])).unwrap();
    fetch(&named, direct(&peer), &folder.target()).unwrap();
}
