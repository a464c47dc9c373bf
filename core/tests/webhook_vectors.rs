//! Runs the language-neutral cases about pushes through the public API.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests may fail the test")]

#[path = "support/vector_file.rs"]
mod runner;

use runner::{Outcome, run};
use serde_json::{Map, Value, json};
use voicecall_core::sign::{self, CreatedZone};
use voicecall_core::webhook::{
    Cdr, DigestForm, Event, Explanation, FeeEvent, Leg, PushSigner, Tariff, Verdict, Webhook, WebhookConfig, parse,
};
use voicecall_core::{Error, Secret};

#[test]
fn webhooks() {
    run("webhooks.json", "webhook", 60, |given| {
        let counted = given.get("body_repeat").is_some();
        Outcome::from(parse(&runner::body(given)).map(|event| match event {
            Event::Fee(event) if counted => {
                json!({ "counts": { "feeLst": event.cdrs().len(), "rejected": event.rejected().len() } })
            }
            event => json!({ "event": without_reasons(event.to_json()) }),
        }))
    });
}

/// The reason of a rejected record is English text, left to the library; the cases have its place.
fn without_reasons(mut event: Map<String, Value>) -> Map<String, Value> {
    for record in event
        .get_mut("rejected")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        let reason = record.as_object_mut().and_then(|record| record.remove("reason"));
        assert!(reason.is_some_and(|reason| reason.is_string()), "a reason");
    }
    event
}

#[test]
fn cdrs() {
    run("cdrs.json", "cdr", 30, |given| {
        let body = json!({ "eventType": "fee", "feeLst": [given["record"]] }).to_string();
        Outcome::from(fee(&body).map(|event| {
            let cdr = &event.cdrs()[0];
            let tariff = Tariff::new(text(given, "tariff"), "CNY").expect("a tariff");
            let billable = cdr.billable().expect("minutes");
            json!({
                "scene": cdr.scene().id(),
                "answered": cdr.answered(),
                "legs": cdr.legs().iter().map(leg).collect::<Vec<_>>(),
                "billable_minutes": billable.minutes,
                "price": cdr.price(&tariff).map(|price| price.amount()),
                "explanation": explanation(cdr).map(described),
            })
        }))
    });
}

fn leg(leg: &Leg<'_>) -> Value {
    json!({
        "leg": leg.leg.id(),
        "number": leg.number,
        "answered": leg.answered(),
        "talk_seconds": leg.talk_seconds(),
        "billable_minutes": leg.billable().map(|billable| billable.minutes),
        "inferred": leg.inferred,
    })
}

fn explanation(cdr: &Cdr) -> Option<Explanation> {
    cdr.explain()
}

fn described(explanation: Explanation) -> Value {
    let cause = explanation.cause;
    json!({ "table": cause.table.map(|table| table.id()), "code": cause.code.to_string(), "meaning": cause.meaning })
}

#[test]
fn signatures() {
    run("signatures.json", "signature", 20, |given| {
        let webhook = config(given).build().expect("usable settings");
        let now = given["now"].as_i64().expect("now");
        let body = match text(given, "event") {
            "fee" => r#"{"eventType":"fee","feeLst":[{"sessionId":"1"}]}"#,
            _ => r#"{"eventType":"callout","statusInfo":{"sessionId":"1"}}"#,
        };
        for (name, seen_body) in [("seen_nonces", format!("{body} ")), ("seen_pushes", body.to_owned())] {
            for nonce in given[name].as_array().into_iter().flatten() {
                let headers = accepted(given, nonce.as_str().expect("a nonce"), now);
                let seen = webhook.receive_at(headers, seen_body.as_bytes(), now);
                assert_eq!(seen.verdict.id(), "valid");
            }
        }
        let headers = given["headers"].as_object().expect("headers");
        let headers = headers
            .iter()
            .map(|(name, value)| (name, value.as_str().expect("a header value")));
        let received = webhook.receive_at(headers, body.as_bytes(), now);
        let mut outcome = json!({ "verdict": received.verdict.id(), "reply_status": received.reply.status });
        match received.verdict {
            Verdict::Valid(signature) => {
                outcome["form"] = json!(signature.form.as_str());
                outcome["url"] = json!(signature.url);
                outcome["secret_index"] = json!(signature.secret_index);
                outcome["repeated"] = json!(signature.repeated);
            }
            Verdict::Refused(refusal) => {
                outcome["reason"] = json!(refusal.reason.id());
                outcome["hint"] = json!(refusal.hint.map(|hint| hint.id()));
            }
            _ => {}
        }
        Outcome::Value(outcome)
    });
}

fn config(given: &Value) -> WebhookConfig {
    let mut config = Webhook::builder().policy(text(given, "policy"));
    for (app_key, secrets) in given["applications"].as_object().expect("applications") {
        for secret in secrets_of(secrets) {
            config = config.application(app_key, secret);
        }
    }
    for url in given["urls"].as_array().expect("urls") {
        config = config.url(url.as_str().expect("a URL"));
    }
    let seconds = |name: &str| given[name].as_u64().map(std::time::Duration::from_secs);
    if let Some(tolerance) = seconds("tolerance_s") {
        config = config.tolerance(tolerance);
    }
    match seconds("cdr_tolerance_s") {
        Some(tolerance) => config.cdr_tolerance(tolerance),
        None => config,
    }
}

/// A text, or a list of texts.
fn secrets_of(secrets: &Value) -> Vec<&str> {
    let list = secrets.as_array().map_or(std::slice::from_ref(secrets), Vec::as_slice);
    list.iter().map(|secret| secret.as_str().expect("a secret")).collect()
}

/// Headers of a push that the first application made with this nonce.
fn accepted(given: &Value, nonce: &str, now: i64) -> [(&'static str, String); 3] {
    let (app_key, secrets) = given["applications"]
        .as_object()
        .and_then(|map| map.iter().next())
        .expect("an application");
    let signer = PushSigner {
        app_key,
        app_secret: &Secret::from(secrets_of(secrets)[0]),
        url: given["urls"][0].as_str().expect("a URL"),
        form: DigestForm::Newest,
    };
    signer.headers(nonce, &sign::created(now, &CreatedZone::Utc))
}

fn fee(body: &str) -> Result<FeeEvent, Error> {
    parse(body.as_bytes()).map(|event| match event {
        Event::Fee(event) => event,
        other => panic!("no CDR push: {other:?}"),
    })
}

fn text<'a>(given: &'a Value, name: &str) -> &'a str {
    given[name].as_str().unwrap_or_else(|| panic!("{name}"))
}
