//! Webhooks for drivers: good ones, forged ones, and one that was cut short.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use voicecall_core::Secret;
use voicecall_core::sign::{self, CreatedZone};
use voicecall_core::webhook::{DigestForm, PushSigner};

use crate::command::root;

/// The address that the pushes are signed for.
pub(super) const URL: &str = "https://push.example.com/voicecall";
/// Records in a CDR message.
const RECORDS: usize = 50;

/// Bodies, each of one line.
pub(super) struct Pushes {
    app_key: String,
    app_secret: Secret,
    status: String,
    fee: String,
    cut_short: String,
}

impl Pushes {
    pub(super) fn new(app_key: &str, app_secret: &str) -> Pushes {
        let example = |name: &str| {
            let path = root().join("examples/webhooks").join(name);
            std::fs::read_to_string(path).unwrap_or_default().trim().to_owned()
        };
        let record = serde_json::from_str::<Value>(&example("fee.json")).unwrap_or_default()["feeLst"][0].clone();
        Pushes {
            app_key: app_key.to_owned(),
            app_secret: Secret::from(app_secret),
            status: example("disconnect.json"),
            fee: json!({ "eventType": "fee", "feeLst": vec![record; RECORDS] }).to_string(),
            cut_short: example("cut_short.json"),
        }
    }

    /// Commands, and what has to come of each: `ok`, or the kind of the error.
    pub(super) fn round(&self) -> Result<Vec<(Vec<String>, &'static str)>, String> {
        let forger = Secret::from("another-secret");
        Ok(vec![
            (self.command(&self.app_secret, &self.status)?, "ok"),
            (self.command(&self.app_secret, &self.fee)?, "ok"),
            (self.command(&forger, &self.status)?, "signature"),
            (self.command(&self.app_secret, &self.cut_short)?, "malformed_webhook"),
        ])
    }

    fn command(&self, app_secret: &Secret, body: &str) -> Result<Vec<String>, String> {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs();
        let signer = PushSigner {
            app_key: &self.app_key,
            app_secret,
            url: URL,
            form: DigestForm::Newest,
        };
        let nonce = sign::nonce().map_err(|error| error.to_string())?;
        let created = sign::created(i64::try_from(now).unwrap_or_default(), &CreatedZone::Utc);
        let headers = signer.headers(&nonce, &created);
        let token = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("x-aksk"));
        let token = token
            .map(|(_, value)| value.clone())
            .ok_or("a signature without X-AKSK")?;
        Ok(vec!["webhook".to_owned(), token, body.to_owned()])
    }
}
