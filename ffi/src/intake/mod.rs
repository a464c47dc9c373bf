//! `voicecall_intake`: keeps what the platform pushes, and tells the story of each call.
//!
//! Few functions on purpose. What needs C's own types (bytes, callbacks, handles) is a function; everything else that a
//! store is asked or told goes through [`voicecall_intake_perform`], by name and as values, as operations of the platform
//! go through `voicecall_client_call`: a new question or argument then is no new symbol, and C#, Java and PHP declare
//! nothing anew.
//!
//! Stores are SQLite files. PostgreSQL is not in this library: its client brings tokio, and whoever loads libvoicecall
//! would carry it along. Receivers that share one store are the command `voicecall listen`.

mod action;
mod arguments;
mod export;
mod receipt;

use std::ffi::c_char;
use std::mem::MaybeUninit;
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};
use voicecall_core::Cancellation;
use voicecall_core::intake::{Intake, IntakeConfig, Lane, Receipt};
use voicecall_core::record::FromNatural;
use voicecall_core::webhook::{Webhook, WebhookConfig};

use crate::arguments::{bytes, c_text, given, time};
use crate::boundary::{Failure, release, run};
use crate::error::voicecall_error;
use crate::numbers::voicecall_status;
use crate::queue::{Answer, voicecall_queue};
use crate::value::voicecall_value;
use crate::webhook::headers;
pub(crate) use receipt::voicecall_receipt;

/// Keeps pushes in a store: recognises what comes twice, and says yes to the platform only when everything is on the
/// disk. Any number of threads may use it at once, and any number of processes one store. Every function waits for the
/// disk on the thread that calls it.
pub struct voicecall_intake {
    intake: Intake,
}

/// Makes an intake: opens its store, which is made if it is not there.
///
/// `config`: an object with store, e.g. "sqlite:calls.db", and any other setting (see voicecall_intake_config in
/// voicecall_calls.h). SQLite only: postgres:// is for the command `voicecall listen`. Copied before return.
/// `webhook_config`: as for voicecall_webhook_new(); NULL: pushes are read and no signature is checked. Copied before
/// return.
/// `intake`: gets the new intake, owned by the caller, free with voicecall_intake_free().
///
/// Returns VOICECALL_CONFIGURATION, or VOICECALL_INVALID_ARGUMENT for a wrong type, with the setting in
/// VOICECALL_ERROR_FIELD; VOICECALL_STORAGE when the store cannot be opened, is damaged, belongs to another program, or
/// was written by a newer version.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_intake_new(
    config: Option<&voicecall_value>,
    webhook_config: Option<&voicecall_value>,
    intake: Option<&mut MaybeUninit<*mut voicecall_intake>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let config = IntakeConfig::from_natural(given(config, "config")?.object("config")?)?;
        let webhook = webhook(webhook_config)?;
        let out = given(intake, "intake")?;
        out.write(Box::into_raw(Box::new(voicecall_intake {
            intake: config.build(webhook)?,
        })));
        Ok(())
    })
}

/// Receives a push: judges its signature, reads it, and returns when everything in it is on the disk. Then send the reply
/// of voicecall_receipt_value() back: it says 200 if and only if each readable record is safe, whether it was new or
/// known. Succeeds for every push, also for one that is refused, cannot be read or cannot be stored.
///
/// Pushes that arrive on other threads meanwhile are written together: what costs is the wait for the disk.
///
/// `header_names`, `header_values`, `header_count`, `body`, `length`, `unix_seconds`: as for
/// voicecall_webhook_receive().
/// `receipt`: gets the result, owned by the caller, free with voicecall_receipt_free().
///
/// # Safety
/// `header_names` and `header_values` are NULL or have `header_count` items, each NULL or ending with a NUL.
/// `body` is NULL or has `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_intake_receive(
    intake: Option<&voicecall_intake>,
    header_names: *const *const c_char,
    header_values: *const *const c_char,
    header_count: usize,
    body: *const c_char,
    length: usize,
    unix_seconds: i64,
    receipt: Option<&mut MaybeUninit<*mut voicecall_receipt>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let intake = &given(intake, "intake")?.intake;
        // SAFETY: this function's contract.
        let (headers, body) = unsafe {
            (
                headers(header_names, header_values, header_count)?,
                bytes(body.cast(), length, "body")?,
            )
        };
        let now = instant(time(unix_seconds)?);
        let out = given(receipt, "receipt")?;
        out.write(voicecall_receipt::hand_over(intake.receive_at(headers, body, now)));
        Ok(())
    })
}

/// Asks the store, or tells it something.
///
/// `action`: its name. What follows it here are the members of `arguments`, which have to be there unless they are called
/// optional, and those of `answer`.
///
/// What became of calls:
/// "call": sessionId. Gives everything that is known of the call: session_id, attempt_tag, state ("attempted", "placed",
/// "calling", "ringing", "answered", "ended" or "billed"), scene, operation, app_key, user_data, placed_at, answered,
/// talk_seconds, billable_minutes, inferred, legs, digits, ending, timeline, cdrs, unknown_events, conflicts; what is not
/// known is left out. VOICECALL_ABSENT when nothing is.
/// "wait_for": sessionId, condition (a state, "a_answered", "b_answered" or "digits") and timeoutMs. Gives the call when
/// it has come so far; VOICECALL_ABSENT when it has not within this time, or cannot any more.
/// "calls": filter (optional; see voicecall_call_filter in voicecall_calls.h). Gives calls, the latest first, and next:
/// the filter's after for the next page, missing on the last.
/// "unsettled": olderThanMs (optional, 7 hours, after which the platform sends no CDR again). Gives calls: those without
/// a CDR, and attempts of unknown outcome, which have no session_id. The oldest first.
/// "rejected": filter (optional: class, "record", "malformed" or "refused"; limit, texts of a page; after). Gives texts: what
/// came and could not be taken, a list of objects with id, class, received_at, position, field, reason, verdict, size and raw, or
/// raw_base64 of what is no UTF-8; and next: the filter's after for the next page, missing on the last. The oldest first.
/// "retry_rejected": reads again what could not be read, and takes in what this version can read. Gives the numbers of texts
/// taken and left, and of records accepted, duplicates and conflicts.
/// "admit_rejected": ids (a list of ids as texts). Takes these in though their signature was refused; gives the same.
/// "totals": filter (optional), by (optional list of "month", "app_key", "display_number", "user_data"), zone (optional,
/// "utc" or "beijing": where a month begins), pricePerMinute and currency (optional, decimal text and text). Gives totals:
/// a list of objects with a member for each of by, and calls, answered, talk_seconds, billable_minutes, inferred,
/// without_minutes and, where asked for, price (amount, currency, inferred).
///
/// What a program places, so that a call of which no push ever tells is noticed:
/// "attempt": operation, request (its arguments), attemptTag (optional). Before placing it. Gives attemptTag, which
/// stands for the attempt, and request: the arguments to be placed, with the tag in their userData. Place them with a
/// client that has no attemptTag of its own.
/// "placed": operation, request, sessionId, attemptTag (optional). When the platform has accepted it.
/// "withdraw": attemptTag. When the error's delivery is not VOICECALL_DELIVERY_UNKNOWN: nobody was rung.
///
/// The store itself:
/// "purge": before (seconds since 1970-01-01T00:00:00Z). Deletes for good what ended or was received before it. Gives the
/// numbers of calls, attempts and others.
/// "check": looks the whole store over for damage. "probe": finds out whether it can write.
/// "stored_number": number. Gives number: as the store keeps it.
///
/// `arguments`: an object. Copied before return; NULL = no arguments.
/// `answer`: gets an object, empty where nothing is said above. A new value, owned by the caller, free with
/// voicecall_value_free().
///
/// Returns VOICECALL_STORAGE when the store cannot read or write; VOICECALL_CLOSED behind voicecall_intake_close().
///
/// # Safety
/// `action` is NULL or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_intake_perform(
    intake: Option<&voicecall_intake>,
    action: *const c_char,
    arguments: Option<&voicecall_value>,
    answer: Option<&mut MaybeUninit<*mut voicecall_value>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let intake = &given(intake, "intake")?.intake;
        // SAFETY: this function's contract.
        let action = action::named(unsafe { c_text(action, "action") }?)?;
        let arguments = members(arguments)?;
        let out = given(answer, "answer")?;
        out.write(voicecall_value::hand_over(action.perform(intake, arguments)?.into()));
        Ok(())
    })
}

/// As voicecall_intake_receive(), but returns at once: voicecall_queue_next() gives the outcome, and voicecall_done_receipt()
/// the receipt. Webhooks are received on threads of the intake; they never wait for what else was submitted.
///
/// `header_names`, `header_values`, `header_count`, `body`, `length`, `unix_seconds`: as for voicecall_intake_receive();
/// copied before return.
/// `queue`, `id`: as for voicecall_client_submit().
///
/// # Safety
/// As voicecall_intake_receive().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_intake_submit_receive(
    intake: Option<&voicecall_intake>,
    header_names: *const *const c_char,
    header_values: *const *const c_char,
    header_count: usize,
    body: *const c_char,
    length: usize,
    unix_seconds: i64,
    queue: Option<&voicecall_queue>,
    id: i64,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let intake = &given(intake, "intake")?.intake;
        // SAFETY: this function's contract.
        let (headers, body) = unsafe {
            (
                headers(header_names, header_values, header_count)?,
                bytes(body.cast(), length, "body")?,
            )
        };
        let headers = headers.into_iter();
        let headers: Vec<_> = headers.map(|(name, value)| (name.to_owned(), value.to_vec())).collect();
        let (body, now) = (body.to_vec(), instant(time(unix_seconds)?));
        given(queue, "queue")?.submit(id, |post| {
            let work = move |intake: &Intake, _: &Cancellation| Ok(intake.receive_at(headers, &body, now));
            intake.submit(Lane::Receive, work, move |receipt: Result<Receipt, Failure>| {
                post.send(receipt.map(|receipt| Answer::Receipt(Box::new(receipt))));
            })
        });
        Ok(())
    })
}

/// Submits what voicecall_intake_perform() does and returns at once: voicecall_queue_next() gives its outcome. "wait_for" holds no
/// thread while it waits. What a program places ("attempt", "placed", "withdraw") is written together with webhooks; questions
/// never hold those up.
///
/// `action`, `arguments`: as for voicecall_intake_perform(); copied before return.
/// `queue`, `id`: as for voicecall_client_submit(). The intake's store is not closed before the job has ended.
///
/// Returns an error only for a NULL or an unknown action; then there is no job.
///
/// # Safety
/// `action` is NULL or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_intake_submit(
    intake: Option<&voicecall_intake>,
    action: *const c_char,
    arguments: Option<&voicecall_value>,
    queue: Option<&voicecall_queue>,
    id: i64,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let intake = &given(intake, "intake")?.intake;
        // SAFETY: this function's contract.
        let action = action::named(unsafe { c_text(action, "action") }?)?;
        let arguments = members(arguments)?;
        given(queue, "queue")?.submit(id, |post| action.submit(intake, arguments, post));
        Ok(())
    })
}

/// Ends waits on other threads, which then return VOICECALL_CLOSED, and refuses everything new; what is being written is
/// finished. From any thread, as often as you like. The intake still has to be freed.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_intake_close(
    intake: Option<&voicecall_intake>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        given(intake, "intake")?.intake.close();
        Ok(())
    })
}

/// Frees an intake and closes its store. No other function may still be using it: close it first and wait for the
/// threads. NULL is fine. Must not be called twice with the same intake.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_intake_free(intake: Option<Box<voicecall_intake>>) {
    release(intake);
}

fn members(arguments: Option<&voicecall_value>) -> Result<Map<String, Value>, Failure> {
    arguments.map_or_else(|| Ok(Map::new()), |arguments| arguments.object("arguments"))
}

fn webhook(config: Option<&voicecall_value>) -> Result<Webhook, Failure> {
    let config = match config {
        Some(config) => WebhookConfig::from_natural(config.object("webhook_config")?)?,
        None => WebhookConfig::new(),
    };
    Ok(config.build()?)
}

/// Times that the system cannot hold are as far away as can be.
fn instant(unix_seconds: i64) -> SystemTime {
    let distance = Duration::from_secs(unix_seconds.unsigned_abs());
    let instant = if unix_seconds < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(distance)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(distance)
    };
    instant.unwrap_or(SystemTime::UNIX_EPOCH)
}
