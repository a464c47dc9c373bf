//! Settings as JSON: those of a client and, from the same text, those of a receiver of webhooks.
//!
//! Settings that pass can be used: no header can be ended by them, nothing goes out unencrypted unless it was allowed by
//! name, and nothing that prints them shows a secret.

use serde_json::{Map, Value, json};
use voicecall_core::calls::{OPERATIONS, TERMINATE_CALL};
use voicecall_core::descriptor::{Record, Sensitivity};
use voicecall_core::record::{FieldValue, Fields, FromNatural};
use voicecall_core::request::{self, Signer};
use voicecall_core::sign::CreatedZone;
use voicecall_core::webhook::{Application, Verdict, WebhookConfig};
use voicecall_core::{Client, Config, Delivery, Error, Validation};

use crate::{Seed, privacy, vectors};

/// Panics when a property does not hold.
pub fn check(input: &[u8]) {
    let Ok(Value::Object(settings)) = serde_json::from_slice(input) else {
        return;
    };
    let document = Value::Object(settings.clone());
    client(settings.clone(), &document);
    receiver(settings, &document);
}

fn client(settings: Map<String, Value>, document: &Value) {
    let config = match Config::from_natural(settings) {
        Ok(config) => config,
        Err(error) => return is_named(&error, document),
    };
    let shown = format!("{config:?}");
    let secrets = [config.app_secret.as_ref(), config.proxy.as_ref()];
    let secrets: Vec<_> = secrets
        .into_iter()
        .flatten()
        .map(|secret| secret.expose().to_owned())
        .collect();
    are_hidden(&secrets, &shown, document);
    survives_writing(&config);
    match config.check() {
        Ok(()) => is_usable(&config, &secrets, document),
        Err(error) => is_named(&error, document),
    }
}

/// An error names the setting and never what it was set to, where that is a secret.
fn is_named(error: &Error, document: &Value) {
    assert!(error.field().is_some() && error.rule().is_some(), "{error}");
    assert_eq!(error.delivery(), Delivery::NotSent);
    let shown = format!("{error:?} {error} {}", Value::Object(error.to_json()));
    for name in ["appSecret", "proxy"] {
        if let Some(secret) = document[name].as_str() {
            are_hidden(&[secret.to_owned()], &shown, document);
        }
    }
}

fn are_hidden(secrets: &[String], shown: &str, document: &Value) {
    for secret in secrets {
        let mut others = privacy::other_texts(document, secret);
        others.push(format!("{:?}", Config::RECORD));
        privacy::assert_hidden(secret, shown, &others);
    }
}

/// Written down in natural form and read again, the settings are the same.
fn survives_writing(config: &Config) {
    let natural = natural(config);
    let again = Config::from_natural(natural.clone()).expect("what was read can be read");
    assert_eq!(self::natural(&again), natural);
}

fn natural(record: &dyn Fields) -> Map<String, Value> {
    let fields = record.record().fields.iter().enumerate();
    let mut natural: Map<String, Value> = fields
        .filter_map(|(index, field)| Some((field.name.to_owned(), plain(record.get(index)?))))
        .collect();
    if !record.extra().is_empty() {
        natural.insert("extra".to_owned(), Value::Object(record.extra().clone()));
    }
    natural
}

fn plain(value: FieldValue<'_>) -> Value {
    match value {
        FieldValue::Text(text) => json!(text),
        FieldValue::Integer(number) => json!(number),
        FieldValue::Flag(flag) => json!(flag),
        FieldValue::Texts(texts) => json!(texts),
        _ => panic!("no setting of a client has this type"),
    }
}

fn is_usable(config: &Config, secrets: &[String], document: &Value) {
    let base = config.base_url();
    let lower = base.to_ascii_lowercase();
    assert!(base.bytes().all(|byte| byte.is_ascii_graphic()), "{base}");
    assert!(
        lower.starts_with("https://") || lower.starts_with("http://") && may_go_without_tls(config, &lower),
        "{base}"
    );
    assert!(!config.app_key.as_deref().unwrap_or_default().is_empty());
    signs_a_request(config);
    // A file of authorities would be read from this machine.
    if config.ca_file.is_none()
        && config
            .proxy
            .as_ref()
            .is_none_or(|proxy| proxy.expose() != "environment")
    {
        match Client::new(config.clone()) {
            Ok(client) => are_hidden(secrets, &format!("{client:?}"), document),
            Err(error) => is_named(&error, document),
        }
    }
}

/// Loopback, or the host that is named.
fn may_go_without_tls(config: &Config, base: &str) -> bool {
    let host = base.trim_start_matches("http://").split('/').next().unwrap_or_default();
    let named = config.allow_http_to.as_deref().unwrap_or_default().to_ascii_lowercase();
    let loopback = ["localhost", "127.", "[", "::"]
        .iter()
        .any(|start| host.starts_with(start));
    loopback || !named.is_empty() && host.starts_with(&named)
}

fn signs_a_request(config: &Config) {
    let (Some(app_key), Some(app_secret)) = (&config.app_key, &config.app_secret) else {
        panic!("settings without credentials passed")
    };
    let zone = config.created_zone.clone().unwrap_or(CreatedZone::Utc);
    let arguments = (TERMINATE_CALL.read)(Map::from_iter([("sessionid".to_owned(), json!("1"))])).expect("arguments");
    let signer = Signer {
        app_key,
        app_secret,
        zone: &zone,
    };
    let request = request::build(&TERMINATE_CALL, &*arguments, config.base_url(), signer, "a", 0);
    assert!(request.url.starts_with(config.base_url()));
    for (name, value) in &request.headers {
        assert!(
            value.bytes().all(|byte| (0x20..0x7f).contains(&byte)),
            "{name}: {value:?}"
        );
    }
}

fn receiver(settings: Map<String, Value>, document: &Value) {
    let config = match WebhookConfig::from_natural(settings) {
        Ok(config) => config,
        Err(error) => {
            assert!(error.field().is_some() && error.rule().is_some(), "{error}");
            return;
        }
    };
    let applications = config.applications.as_deref().unwrap_or_default();
    let secret = |application: &Application| Some(application.app_secret.as_ref()?.expose().to_owned());
    let secrets: Vec<_> = applications.iter().filter_map(secret).collect();
    let checks = !applications.is_empty();
    are_hidden(&secrets, &format!("{config:?}"), document);
    match config.build() {
        Ok(webhook) => {
            are_hidden(&secrets, &format!("{webhook:?}"), document);
            let received = webhook.receive_at([("x-aksk", "x")], b"{}", 0);
            assert!(checks || received.verdict == Verdict::NotChecked);
            assert_eq!(received.reply.status == 401, !received.verdict.is_accepted());
        }
        Err(error) => {
            assert!(error.field().is_some() && error.rule().is_some(), "{error}");
            are_hidden(&secrets, &format!("{error:?} {error}"), document);
        }
    }
}

/// The settings of the vectors, and one text with every setting of each kind.
pub fn seeds() -> Vec<Seed> {
    let written = |name: &str, settings: Value| (name.to_owned(), settings.to_string().into_bytes());
    let client = json!({ "appKey": "ExampleAppKey0001", "appSecret": "example-secret-0001" });
    let with = |name: &str, value: Value| {
        let mut settings = client.clone();
        settings[name] = value;
        written(&format!("client-{name}"), settings)
    };
    let mut seeds = vec![written("client", client.clone())];
    for field in Config::RECORD.fields {
        let default = field.default.map_or(json!("http://127.0.0.1:8080"), |default| {
            serde_json::from_str(default).unwrap_or(json!(default))
        });
        seeds.push(with(field.name, default));
    }
    seeds.push(with("endpoint", json!("http://voice.example.com:8080/base/")));
    for case in vectors::cases("signatures.json").iter().take(12) {
        let given = &case["given"];
        let applications = given["applications"].as_object().into_iter().flatten();
        let applications: Vec<_> = applications
            .map(|(key, secret)| json!({ "appKey": key, "appSecret": secret }))
            .collect();
        let settings = json!({ "policy": given["policy"], "urls": given["urls"], "applications": applications });
        seeds.push(written(&vectors::name(case), settings));
    }
    seeds
}

/// Names of settings and their special values.
pub fn words() -> Vec<String> {
    let names = |record: &'static Record| record.fields.iter().map(|field| format!("\"{}\":", field.name));
    let hidden = OPERATIONS.iter().flat_map(|operation| operation.request.fields);
    let hidden = hidden
        .filter(|field| field.sensitivity() == Sensitivity::Hidden)
        .map(|field| field.name.to_owned());
    let values = Validation::ENUMERATION
        .values
        .iter()
        .chain(CreatedZone::ENUMERATION.values);
    let values = values.map(|value| format!("\"{}\"", value.wire));
    let others = ["\"environment\"", "https://", "http://localhost", "[::1]", "@", "extra"].map(str::to_owned);
    names(Config::RECORD)
        .chain(names(WebhookConfig::RECORD))
        .chain(names(Application::RECORD))
        .chain(values)
        .chain(hidden)
        .chain(others)
        .collect()
}
