//! Who may call: headers, app key, digest, time and lock-out (contract requests.md 2).

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod support;

use serde_json::json;
use support::client::{CALLBACK, Client, Headers, NOTIFICATION, RECORDING, STOP, VERIFICATION, callback, unix_seconds};
use support::{fast, start};
use voicecall_core::codes::Table;
use voicecall_core::sign::{self, CreatedZone};
use voicecall_sandbox::blocking::Sandbox;
use voicecall_sandbox::{AcceptedZone, FailureCode, Options};

fn platform(options: Options) -> (Sandbox, Client) {
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    (sandbox, client)
}

fn code(client: &Client, headers: &Headers) -> (u16, String) {
    client
        .post_with(CALLBACK, callback().to_string().as_bytes(), headers)
        .code()
}

/// Good headers with one text replaced in one of them.
fn changed(good: &Headers, cut: &str, put: &str) -> Headers {
    let change = |header: &Option<String>| header.as_ref().map(|header| header.replacen(cut, put, 1));
    Headers {
        authorization: change(&good.authorization),
        x_aksk: change(&good.x_aksk),
    }
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[test]
fn each_fault_of_the_headers_has_its_documented_code() {
    let (_sandbox, client) = platform(fast());
    let good = client.good_headers();
    for (cut, put, expected) in [
        (r#"realm="SDP","#, "", "1023007"),
        (r#"profile="UsernameToken","#, "", "1023008"),
        (r#""SDP""#, r#""Sdp""#, "1023009"),
        (r#"profile="UsernameToken""#, r#"profile="Token""#, "1023010"),
        ("Appkey", "app_key", "1023011"),
        (r#",type="Appkey""#, "", "1023012"),
        ("Username=", "UserName=", "1023034"),
        ("Nonce=", "nonce=", "1023035"),
        ("Created=", "created=", "1023036"),
        ("PasswordDigest=", "Digest=", "1023037"),
    ] {
        let headers = changed(&good, cut, put);
        assert_eq!(code(&client, &headers), refused(400, expected), "{cut}");
    }
    let authorization = None;
    let headers = Headers {
        authorization,
        ..good.clone()
    };
    assert_eq!(code(&client, &headers), refused(400, "1023006"));
    let headers = Headers { x_aksk: None, ..good };
    assert_eq!(code(&client, &headers), refused(400, "1023033"));
}

#[test]
fn every_documented_header_code_is_among_those_tested() {
    let tested = [
        "1023006", "1023007", "1023008", "1023009", "1023010", "1023011", "1023012", "1023033", "1023034", "1023035",
        "1023036", "1023037",
    ];
    let documented: Vec<_> = Table::Result
        .rows()
        .iter()
        .filter(|row| row.first >= 1_023_006)
        .map(|row| &row.code)
        .collect();
    assert_eq!(documented, tested);
}

#[test]
fn blanks_after_the_commas_of_x_aksk_are_accepted() {
    let (_sandbox, client) = platform(fast());
    let mut headers = client.good_headers();
    headers.x_aksk = headers.x_aksk.map(|header| header.replace(',', ", "));
    assert_eq!(code(&client, &headers), refused(200, "0"));
}

#[test]
fn app_key_digest_and_time_have_a_code_each() {
    let (_sandbox, client) = platform(fast());
    let good = client.good_headers();
    let username = format!("Username=\"{}\"", client.ready.app_key);
    assert_eq!(
        code(&client, &changed(&good, &username, r#"Username="nobody""#)),
        refused(403, "1010003")
    );
    let answer = client.post_with(CALLBACK, b"{}", &changed(&good, "Nonce=\"", "Nonce=\"0"));
    assert_eq!(answer.code(), refused(401, "1010010"));
    assert_eq!(answer.json()["resultdesc"], "Invalid digest.");
    assert_eq!(
        code(&client, &client.headers(-301, &CreatedZone::Utc)),
        refused(401, "1010013")
    );
    assert_eq!(
        code(&client, &client.headers(310, &CreatedZone::Utc)),
        refused(401, "1010013")
    );
}

#[test]
fn both_zones_are_accepted_unless_a_setting_chooses_one() {
    let (_sandbox, client) = platform(fast());
    assert_eq!(
        code(&client, &client.headers(0, &CreatedZone::Beijing)),
        refused(200, "0")
    );
    let mut options = fast();
    options.authentication.accepted_zone = AcceptedZone::Utc;
    let (_sandbox, client) = platform(options);
    assert_eq!(
        code(&client, &client.headers(0, &CreatedZone::Beijing)),
        refused(401, "1010013")
    );
    assert_eq!(code(&client, &client.good_headers()), refused(200, "0"));
}

#[test]
fn the_newer_text_has_one_code_for_all_failures() {
    let mut options = fast();
    options.authentication.failure_code = FailureCode::Common;
    let (_sandbox, client) = platform(options);
    let good = client.good_headers();
    for headers in [
        changed(&good, "Username=\"", "Username=\"x"),
        changed(&good, "Nonce=\"", "Nonce=\"0"),
        client.headers(-1000, &CreatedZone::Utc),
    ] {
        assert_eq!(code(&client, &headers), refused(400, "1023006"));
    }
}

#[test]
fn a_sender_with_too_many_failures_is_locked_out_for_30_simulated_minutes() {
    let mut options = fast();
    options.speed = 1.0;
    options.authentication.lock_out_after = Some(2);
    let (_sandbox, client) = platform(options.clone());
    let good = client.good_headers();
    let bad = changed(&good, "Nonce=\"", "Nonce=\"0");
    assert_eq!(code(&client, &bad), refused(401, "1010010"));
    assert_eq!(code(&client, &good), refused(200, "0"), "a success clears the count");
    assert_eq!(code(&client, &bad), refused(401, "1010010"));
    assert_eq!(code(&client, &bad), refused(401, "1010010"));
    assert_eq!(code(&client, &good), refused(403, "1020176"));
}

#[test]
fn every_call_is_authenticated() {
    let (_sandbox, client) = platform(fast());
    let bad = changed(&client.good_headers(), "Nonce=\"", "Nonce=\"0");
    for path in [CALLBACK, NOTIFICATION, VERIFICATION, STOP] {
        assert_eq!(
            client.post_with(path, b"{}", &bad).code(),
            refused(401, "1010010"),
            "{path}"
        );
    }
    let answer = client.fetch(
        &format!("{}{RECORDING}?fileName=a&recordDomain=b", client.ready.endpoint),
        &[],
    );
    assert_eq!(answer.code(), refused(400, "1023006"));
}

#[test]
fn a_platform_whose_clock_is_wrong_says_so_in_date() {
    let mut options = fast();
    options.clock_offset_seconds = 7200;
    let (_sandbox, client) = platform(options);
    let answer = client.post(CALLBACK, &json!({}));
    assert_eq!(answer.code(), refused(401, "1010013"));
    let date = httpdate::parse_http_date(answer.header("date").unwrap()).unwrap();
    let shown = date.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64;
    assert!((shown - unix_seconds() - 7200).abs() < 60, "{shown}");
    assert_eq!(
        code(&client, &client.headers(7200, &CreatedZone::Utc)),
        refused(200, "0")
    );
}

#[test]
fn the_digest_of_another_application_is_not_accepted() {
    let (sandbox, client) = platform(fast());
    sandbox.change_account(|account| {
        let application = voicecall_sandbox::Application::new("another-secret");
        account.applications.insert("AnotherKey".to_owned(), application);
    });
    let created = sign::created(unix_seconds(), &CreatedZone::Utc);
    let header = |secret: &str| Headers {
        authorization: Some(sign::AUTHORIZATION.to_owned()),
        x_aksk: Some(sign::x_aksk("AnotherKey", secret, "nonce", &created)),
    };
    let secret = client.ready.app_secret.expose();
    assert_eq!(code(&client, &header(secret)), refused(401, "1010010"));
    // It has no display number of its own.
    assert_eq!(code(&client, &header("another-secret")), refused(403, "1012001"));
}
