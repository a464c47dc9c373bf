//! `voicecall_webhook` and `voicecall_received`: a receiver's judgement of a push, and what to answer.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use serde_json::{Map, Value, json};
use voicecall_core::Secret;
use voicecall_core::record::FromNatural;
use voicecall_core::sign::{self, CreatedZone};
use voicecall_core::webhook::{DigestForm, PushSigner, Received, Reply, Webhook, WebhookConfig};

use crate::arguments::{array, bytes, c_bytes, c_text, given, optional_c_text, time};
use crate::boundary::{Failure, release, run};
use crate::error::voicecall_error;
use crate::event::voicecall_event;
use crate::numbers::voicecall_status;
use crate::sans_io::{checked_nonce, random_nonce};
use crate::value::voicecall_value;

/// Receives pushes: judges signatures, remembers nonces, and knows what to answer. Any number of threads may use it at
/// once. The HTTP server is the program's own.
pub struct voicecall_webhook {
    webhook: Webhook,
}

/// A push that was received: the verdict on its signature, its event, and the reply to send back. Never changes; any
/// number of threads may read it at once.
pub struct voicecall_received {
    received: Received,
}

/// Makes a receiver of pushes.
///
/// `config`: an object with urls (a list: the addresses that the platform pushes to, exactly as registered),
/// applications (a list of objects with appKey and appSecret) and any other setting (see voicecall_webhook_config in
/// voicecall_calls.h). Without both it reads pushes and checks no signature. Copied before return.
/// `webhook`: gets the new receiver, owned by the caller, free with voicecall_webhook_free(). It should live as long
/// as the program receives, because it remembers nonces.
///
/// Returns VOICECALL_CONFIGURATION, or VOICECALL_INVALID_ARGUMENT for a wrong type, with the setting in
/// VOICECALL_ERROR_FIELD.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_webhook_new(
    config: Option<&voicecall_value>,
    webhook: Option<&mut MaybeUninit<*mut voicecall_webhook>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let config = WebhookConfig::from_natural(given(config, "config")?.object("config")?)?;
        let out = given(webhook, "webhook")?;
        out.write(Box::into_raw(Box::new(voicecall_webhook {
            webhook: config.build()?,
        })));
        Ok(())
    })
}

/// Receives a push: judges its signature and reads its body. Succeeds for every push, also for one that is refused or
/// cannot be read: look at voicecall_received_event(), and send voicecall_received_reply() back.
///
/// `header_names`, `header_values`, `header_count`: the headers of the request, in any letter case and order. NULL and
/// 0 for none. All copied before return.
/// `body`, `length`: the raw bytes of the HTTP request, copied before return.
/// `unix_seconds`: the time, or VOICECALL_NOW.
/// `received`: gets the result, owned by the caller, free with voicecall_received_free().
///
/// # Safety
/// `header_names` and `header_values` are NULL or have `header_count` items, each NULL or ending with a NUL.
/// `body` is NULL or has `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_webhook_receive(
    webhook: Option<&voicecall_webhook>,
    header_names: *const *const c_char,
    header_values: *const *const c_char,
    header_count: usize,
    body: *const c_char,
    length: usize,
    unix_seconds: i64,
    received: Option<&mut MaybeUninit<*mut voicecall_received>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let webhook = given(webhook, "webhook")?;
        // SAFETY: this function's contract.
        let (headers, body) = unsafe {
            (
                headers(header_names, header_values, header_count)?,
                bytes(body.cast(), length, "body")?,
            )
        };
        let out = given(received, "received")?;
        let received = webhook.webhook.receive_at(headers, body, time(unix_seconds)?);
        out.write(Box::into_raw(Box::new(voicecall_received { received })));
        Ok(())
    })
}

/// Frees a receiver. No other function may still be using it. NULL is fine. Must not be called twice with the same
/// receiver.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_webhook_free(webhook: Option<Box<voicecall_webhook>>) {
    release(webhook);
}

/// The event of a push, or the reason why there is none.
///
/// `event`: gets the event, owned by the caller, free with voicecall_event_free().
///
/// Returns VOICECALL_SIGNATURE when the push was refused for its signature, and VOICECALL_MALFORMED_WEBHOOK when its
/// body cannot be read.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_received_event(
    received: Option<&voicecall_received>,
    event: Option<&mut MaybeUninit<*mut voicecall_event>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let received = given(received, "received")?;
        let out = given(event, "event")?;
        match &received.received.event {
            Ok(event) => out.write(voicecall_event::hand_over(event.clone())),
            Err(refusal) => return Err(Failure::Error(Box::new(voicecall_error::from(refusal)))),
        };
        Ok(())
    })
}

/// The verdict on the signature of a push.
///
/// `verdict`: gets an object with the member verdict ("valid", "unsigned", "not_checked" or "refused"); of a valid one
/// app_key, url (the registered address that it covers), form ("newest" or "older"), zone, secret_index (which of the
/// application's secrets it was made with, 0 for the one that was set first) and repeated (whether the same push was
/// received before, byte for byte; its event is handed over again); of an unsigned one message; of a refused one reason
/// ("missing_header", "unreadable_header", "unknown_application", "digest_mismatch", "stale" or "replayed"), message
/// and, where they apply, hint ("trailing_slash" or "other_application") and age_seconds. A new value, owned by the
/// caller, free with voicecall_value_free().
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_received_verdict(
    received: Option<&voicecall_received>,
    verdict: Option<&mut MaybeUninit<*mut voicecall_value>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let received = given(received, "received")?;
        let out = given(verdict, "verdict")?;
        out.write(voicecall_value::hand_over(Value::Object(
            received.received.verdict.to_json(),
        )));
        Ok(())
    })
}

/// What to answer to a push.
///
/// `stored`: whether the event is now where it will not be lost. If not, an event is answered so that the platform
/// sends CDRs again (status events it never does); what was refused or cannot be read is answered so in any case.
/// `reply`: gets an object with the members status (an integer), headers (an object) and body (a text, maybe empty). A
/// new value, owned by the caller, free with voicecall_value_free().
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_received_reply(
    received: Option<&voicecall_received>,
    stored: bool,
    reply: Option<&mut MaybeUninit<*mut voicecall_value>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let received = &given(received, "received")?.received;
        let out = given(reply, "reply")?;
        let reply = if received.event.is_ok() && !stored {
            Reply::retry()
        } else {
            received.reply
        };
        out.write(voicecall_value::hand_over(reply_to_json(reply)));
        Ok(())
    })
}

/// Frees a push that was received; its events live on until they are freed themselves. NULL is fine. Must not be
/// called twice with the same push.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_received_free(received: Option<Box<voicecall_received>>) {
    release(received);
}

/// Signs a push as the platform does, in the newest form and UTC, for tests of a receiver.
///
/// `app_key`, `app_secret`: of the application that pushes.
/// `url`: the address that is pushed to, as registered.
/// `nonce`: 1 to 128 digits and letters; NULL = a random one.
/// `unix_seconds`: the time, or VOICECALL_NOW.
/// `headers`: gets an object with the headers of the push. A new value, owned by the caller, free with
/// voicecall_value_free().
///
/// # Safety
/// `app_key`, `app_secret`, `url` and `nonce` are NULL or end with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_webhook_sign(
    app_key: *const c_char,
    app_secret: *const c_char,
    url: *const c_char,
    nonce: *const c_char,
    unix_seconds: i64,
    headers: Option<&mut MaybeUninit<*mut voicecall_value>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        // SAFETY: this function's contract.
        let (app_key, app_secret, url) = unsafe {
            (
                c_text(app_key, "app_key")?,
                c_text(app_secret, "app_secret")?,
                c_text(url, "url")?,
            )
        };
        // SAFETY: this function's contract.
        let nonce = unsafe { optional_c_text(nonce, "nonce") }?;
        let out = given(headers, "headers")?;
        let nonce = nonce.map_or_else(random_nonce, checked_nonce)?;
        let created = sign::created(time(unix_seconds)?, &CreatedZone::Utc);
        let signer = PushSigner {
            app_key,
            app_secret: &Secret::from(app_secret),
            url,
            form: DigestForm::Newest,
        };
        out.write(voicecall_value::hand_over(Value::Object(object(
            &signer.headers(&nonce, &created),
        ))));
        Ok(())
    })
}

/// Header names and values. A name that is no text is a name that nobody looks for.
///
/// # Safety
/// `names` and `values` are NULL or have `count` items, each NULL or ending with a NUL, unchanged during `'a`.
pub(crate) unsafe fn headers<'a>(
    names: *const *const c_char,
    values: *const *const c_char,
    count: usize,
) -> Result<Vec<(&'a str, &'a [u8])>, Failure> {
    // SAFETY: the caller's promise.
    let (names, values) = unsafe {
        (
            array(names, count, "header_names")?,
            array(values, count, "header_values")?,
        )
    };
    let pairs = names.iter().zip(values).map(|(name, value)| {
        // SAFETY: the caller's promise.
        let (name, value) = unsafe { (c_bytes(*name, "header_names")?, c_bytes(*value, "header_values")?) };
        Ok((std::str::from_utf8(name).unwrap_or_default(), value))
    });
    pairs.collect()
}

/// What to send back, as C reads it.
pub(crate) fn reply_to_json(reply: Reply) -> Value {
    json!({ "status": reply.status, "headers": object(reply.headers), "body": reply.body })
}

fn object(pairs: &[(&'static str, impl AsRef<str>)]) -> Map<String, Value> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value.as_ref())))
        .collect()
}
