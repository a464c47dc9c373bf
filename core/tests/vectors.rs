//! Runs the language-neutral cases of `tests/vectors` through the public API.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

#[path = "support/vector_file.rs"]
mod runner;

use runner::{Outcome, run};
use serde_json::{Map, Value, json};
use voicecall_core::calls::operation;
use voicecall_core::codes::{self, Table};
use voicecall_core::request::{self, Signer};
use voicecall_core::response::{self, HttpAnswer};
use voicecall_core::sign::{self, CreatedZone};
use voicecall_core::{Config, DEFAULT_ENDPOINT, Error, Secret, validate, warnings};

#[test]
fn requests() {
    run("requests.json", "request", 60, |given| {
        let operation = operation(text(given, "operation")).expect("a known operation");
        let config = &given["config"];
        let secret = Secret::from(text(config, "app_secret"));
        let zone = CreatedZone::from(config["created_zone"].as_str().unwrap_or("utc"));
        let arguments = given["arguments"].as_object().cloned().expect("arguments");
        let request = (operation.read)(arguments).and_then(|arguments| {
            if given["validation"] != "off" {
                validate(operation, &*arguments)?;
            }
            let signer = Signer {
                app_key: text(config, "app_key"),
                app_secret: &secret,
                zone: &zone,
            };
            let endpoint = config["endpoint"].as_str().unwrap_or(DEFAULT_ENDPOINT);
            let time = given["time"].as_i64().expect("time");
            let nonce = text(given, "nonce");
            let request = request::build(operation, &*arguments, endpoint, signer, nonce, time);
            Ok((request, warnings(&*arguments)))
        });
        Outcome::from(request.map(|(request, warnings)| {
            let headers: Map<_, _> = request
                .headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), json!(value)))
                .collect();
            let body = request.body.map(|body| String::from_utf8(body).expect("UTF-8"));
            let warnings: Vec<_> = warnings.iter().map(ToString::to_string).collect();
            let warnings = Some(warnings).filter(|warnings| !warnings.is_empty());
            json!({
                "method": request.method.as_str(), "url": request.url, "headers": headers, "body": body,
                "warnings": warnings,
            })
        }))
    });
}

#[test]
fn responses() {
    run("responses.json", "response", 30, |given| {
        let operation = operation(text(given, "operation")).expect("a known operation");
        let body = runner::body(given);
        let headers = given["headers"].as_object().into_iter().flatten();
        let location = headers
            .filter(|(name, _)| name.eq_ignore_ascii_case("location"))
            .find_map(|(_, value)| value.as_str());
        let status = given["http_status"]
            .as_u64()
            .and_then(|status| u16::try_from(status).ok())
            .expect("a status");
        let answer = HttpAnswer {
            status,
            location,
            body: &body,
        };
        let decoded = response::decode(operation, &answer);
        Outcome::from(decoded.map(|success| json!({ "value": success.to_json() })))
    });
}

#[test]
fn signing() {
    run("signing.json", "signing", 6, |given| {
        let created = sign::created(
            given["time"].as_i64().expect("time"),
            &CreatedZone::from(text(given, "zone")),
        );
        let digest = sign::digest(text(given, "secret"), &[text(given, "nonce"), &created]);
        let x_aksk = sign::x_aksk(
            text(given, "app_key"),
            text(given, "secret"),
            text(given, "nonce"),
            &created,
        );
        Outcome::Value(json!({ "created": created, "digest": digest, "x_aksk": x_aksk }))
    });
}

#[test]
fn code_tables() {
    run("codes.json", "code", 20, |given| {
        let table = Table::from_id(text(given, "table")).expect("a known table");
        let status = given["http_status"]
            .as_u64()
            .and_then(|status| u16::try_from(status).ok());
        let row = match table {
            Table::Result => codes::result_code(text(given, "code"), status, given["text"].as_str()),
            other => other.find_text(text(given, "code")),
        };
        Outcome::Value(match row {
            Some(row) => json!({
                "known": true, "meaning": row.meaning, "advice": row.advice,
                "retry": row.retry.map(|retry| retry.id()), "outdated": row.outdated,
            }),
            // Nothing is known of it, so nothing speaks for trying again.
            None if table == Table::Result => json!({ "known": false, "retry": "never", "outdated": false }),
            None => json!({ "known": false, "outdated": false }),
        })
    });
}

/// A config is refused with the setting's name; it has no vectors because its names differ per language.
#[test]
fn natural_json_of_a_config_is_checked_like_the_builder() {
    use voicecall_core::record::FromNatural;
    let json = json!({ "appKey": "k", "appSecret": "s", "timeoutMs": 0 });
    let error = Config::from_natural(json.as_object().expect("an object").clone()).and_then(|config| config.check());
    assert_eq!(
        error.map_err(|error: Error| error.field().map(str::to_owned)),
        Err(Some("/timeoutMs".to_owned()))
    );
}

fn text<'a>(given: &'a Value, name: &str) -> &'a str {
    given[name].as_str().unwrap_or_else(|| panic!("{name} is missing"))
}
