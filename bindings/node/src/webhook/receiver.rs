//! `parsePush` and `NativeWebhook`.

use napi::bindgen_prelude::{Either, Int32ArraySlice, Uint8Array};
use napi_derive::napi;
use serde_json::{Map, Value, json};
use voicecall_core::record::FromNatural;
use voicecall_core::webhook::{self, Event, Reply, Webhook, WebhookConfig};
use zeroize::Zeroizing;

use super::reading;
use crate::failure::Failure;
use crate::natural::object;

/// Reads a body into `out`; see [`reading::write`]. Gives what the integers cannot say, if there is such.
#[napi(catch_unwind)]
pub fn parse_push(body: &[u8], mut out: Int32ArraySlice<'_>) -> napi::Result<Option<String>> {
    let event = webhook::parse(body).map_err(Failure::from)?;
    let mut details = Map::new();
    reading::write(&event, body, cells(&mut out), &mut details);
    Ok((!details.is_empty()).then(|| Value::Object(details).to_string()))
}

/// The largest body that is read.
#[napi]
pub fn largest_push() -> u32 {
    u32::try_from(webhook::MAX_BYTES).unwrap_or(u32::MAX)
}

/// The name of the header that carries the signature, in lower case, as Node gives header names.
#[napi]
pub fn signature_header() -> String {
    webhook::SIGNATURE_HEADER.to_ascii_lowercase()
}

/// What to answer when the event could not be stored.
#[napi]
pub fn retry_reply() -> String {
    reply(Reply::retry()).to_string()
}

/// Judges pushes and remembers nonces.
#[napi]
pub struct NativeWebhook {
    config: WebhookConfig,
    webhook: Webhook,
}

#[napi]
impl NativeWebhook {
    /// `config` is a natural JSON object.
    #[napi(constructor, catch_unwind)]
    pub fn new(config: String) -> napi::Result<NativeWebhook> {
        let config = Zeroizing::new(config);
        let config = WebhookConfig::from_natural(object(&config)?).map_err(Failure::from)?;
        let webhook = config.clone().build().map_err(Failure::from)?;
        Ok(NativeWebhook { config, webhook })
    }

    /// Judges and reads a push. `signature` is the value of its header, `now` the time in Unix seconds, the clock's where
    /// it is left out. Gives verdict, reply, the error if there is no event, and what the integers cannot say.
    #[napi(catch_unwind)]
    pub fn receive(
        &self,
        signature: Option<String>,
        body: &[u8],
        now: Option<i64>,
        mut out: Int32ArraySlice<'_>,
    ) -> String {
        let headers = signature.iter().map(|value| (webhook::SIGNATURE_HEADER, value));
        let received = match now {
            Some(now) => self.webhook.receive_at(headers, body, now),
            None => self.webhook.receive(headers, body),
        };
        let out = cells(&mut out);
        let mut details = Map::new();
        details.insert("verdict".to_owned(), Value::Object(received.verdict.to_json()));
        details.insert("reply".to_owned(), reply(received.reply));
        match received.event {
            Ok(event) => reading::write(&event, body, out, &mut details),
            Err(error) => {
                reading::write_none(out);
                details.insert(
                    "error".to_owned(),
                    Value::Object(Failure::from(error).into_attributes()),
                );
            }
        }
        Value::Object(details).to_string()
    }
}

impl NativeWebhook {
    /// The settings that it was made with.
    pub(crate) fn config(&self) -> WebhookConfig {
        self.config.clone()
    }
}

/// The integers of an array of JavaScript.
#[allow(unsafe_code)]
fn cells<'a>(array: &'a mut Int32ArraySlice<'_>) -> &'a mut [i32] {
    // SAFETY: the array is the package's own and not shared; JavaScript does not run while the addon does, and nothing else
    // of the arguments is in the same memory.
    unsafe { array.as_mut() }
}

pub(crate) fn reply(reply: Reply) -> Value {
    let headers: Map<String, Value> = reply
        .headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect();
    json!({ "status": reply.status, "headers": headers, "body": reply.body })
}

/// A body that was read before: its text, or its bytes where these are not the text that was read.
pub(super) type Message = Either<String, Uint8Array>;

/// The event of a body that was read before.
pub(super) fn read_again(message: &Message) -> Result<Event, Failure> {
    Ok(match message {
        Either::A(text) => webhook::parse(text.as_bytes()),
        Either::B(bytes) => webhook::parse(bytes),
    }?)
}
