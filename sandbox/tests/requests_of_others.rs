//! Requests as the programs of others send them, byte by byte, each with the answer that the contract rules. The cases are
//! written from facts about such programs; none is copied.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;
use support::client::{Client, unix_seconds};
use support::{PATIENCE, fast, start};
use voicecall_core::sign::{self, CreatedZone};
use voicecall_sandbox::Template;

/// What stands in a line of a request for the signature: its parts, in the forms that others give them.
fn signed(client: &Client, line: &str) -> String {
    let token = |zone: &CreatedZone| {
        let created = sign::created(unix_seconds(), zone);
        let nonce = sign::nonce().unwrap();
        sign::x_aksk(
            &client.ready.app_key,
            client.ready.app_secret.expose(),
            &nonce,
            &created,
        )
    };
    let utc = token(&CreatedZone::Utc);
    let (scheme, parts) = utc.split_once(' ').unwrap();
    let turned: Vec<_> = parts.split(',').rev().collect();
    line.replace("{x_aksk}", &utc)
        .replace("{x_aksk_beijing}", &token(&CreatedZone::Beijing))
        .replace("{x_aksk_blanks}", &utc.replace("\",", "\", "))
        .replace("{x_aksk_turned}", &format!("{scheme} {}", turned.join(",")))
        .replace("{x_aksk_user_name}", &utc.replace("Username=", "UserName="))
}

fn request(client: &Client, case: &Value) -> Vec<u8> {
    let body = case["body"].as_str().unwrap_or_default();
    let lines = case["request"].as_array().unwrap().iter();
    let lines = lines.map(|line| signed(client, line.as_str().unwrap()));
    let head: String = lines
        .map(|line| line.replace("{length}", &body.len().to_string()) + "\r\n")
        .collect();
    match case["chunked"] == true {
        true => format!("{head}\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len()),
        false => format!("{head}\r\n{body}"),
    }
    .into_bytes()
}

/// Status and result code of the answer, without interim ones.
fn answer(client: &Client, request: &[u8]) -> (u64, Value) {
    let mut stream = TcpStream::connect(client.ready.endpoint.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(request).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let text = text.strip_prefix("HTTP/1.1 100 Continue\r\n\r\n").unwrap_or(&text);
    let status = text.split(' ').nth(1).unwrap().parse().unwrap();
    let (_, body) = text.split_once("\r\n\r\n").unwrap();
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    (status, body["resultcode"].clone())
}

#[test]
fn requests_of_others_get_the_answer_of_the_contract() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("requests_of_others.json")).unwrap();
    assert!(cases.len() >= 41, "{}", cases.len());
    let mut options = fast();
    for name in [
        "lastmin_voice1.wav",
        "pre_voice1.wav",
        "wait_voice1.wav",
        "recordhint_voice1.wav",
        "postone.wav",
    ] {
        options.account.voice_files.insert(name.to_owned());
    }
    let template = Template::new("${TXT_8}号楼${TXT_32}。");
    options.account.templates.insert("test".to_owned(), template);
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    let mut placed = 0;
    let mut wrong = Vec::new();
    for case in &cases {
        let expected = (
            case["expected"]["status"].as_u64().unwrap(),
            case["expected"]["resultcode"].clone(),
        );
        let found = answer(&client, &request(&client, case));
        if found != expected {
            wrong.push(format!("{}: expected {expected:?}, got {found:?}", case["id"]));
        }
        placed += usize::from(expected.1 == "0");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(sandbox.calls().len(), placed, "what is refused places no call");
}
