//! `voicecall_client`: calls.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use serde_json::{Map, Value};
use voicecall_core::calls::{self, OPERATIONS};
use voicecall_core::operation::Operation;
use voicecall_core::record::{Fields, FromNatural};
use voicecall_core::{CallOptions, Client, Config};

use crate::arguments::{c_text, given, invalid, text, timeout};
use crate::boundary::{Failure, release, run, run_call};
use crate::error::voicecall_error;
use crate::numbers::voicecall_status;
use crate::queue::{self, voicecall_queue};
use crate::value::voicecall_value;

/// A connection to the platform for one application. Any number of threads may use it at once.
pub struct voicecall_client {
    pub(crate) client: Client,
}

/// Makes a client. Nothing is connected before the first call.
///
/// `config`: an object with appKey, appSecret and any other setting (see voicecall_config in voicecall_calls.h);
/// copied before return.
/// `client`: gets the new client, owned by the caller, free with voicecall_client_free().
///
/// Returns VOICECALL_CONFIGURATION, or VOICECALL_INVALID_ARGUMENT for a wrong type, with the setting in
/// VOICECALL_ERROR_FIELD.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_client_new(
    config: Option<&voicecall_value>,
    client: Option<&mut MaybeUninit<*mut voicecall_client>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let config = Config::from_natural(given(config, "config")?.object("config")?)?;
        let out = given(client, "client")?;
        out.write(Box::into_raw(Box::new(voicecall_client {
            client: Client::new(config)?,
        })));
        Ok(())
    })
}

/// Performs an operation of the platform and waits for its answer. After an error look at voicecall_error_delivery()
/// before doing it again: a phone may be ringing.
///
/// `operation`: its official name in snake case, e.g. "create_voice_callback". All of them are in voicecall_calls.h, and
/// in the message about a name that is none.
/// `arguments`: an object with the operation's arguments under their wire names: truth values are truth values, URLs
/// are plain; undocumented ones under "extra". Copied before return.
/// `timeout_ms`: longest time for this call in milliseconds; 0 = the client's timeoutMs.
/// `answer`: gets {"sessionId":...} and what else the platform says of a placed call, {"url":...} of a recording, or
/// {}. A new value, owned by the caller, free with voicecall_value_free().
///
/// # Safety
/// `operation` is NULL or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_client_call(
    client: Option<&voicecall_client>,
    operation: *const c_char,
    arguments: Option<&voicecall_value>,
    timeout_ms: i64,
    answer: Option<&mut MaybeUninit<*mut voicecall_value>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run_call(error, || {
        let client = given(client, "client")?;
        // SAFETY: this function's contract.
        let operation = unsafe { named_operation(operation) }?;
        let arguments = read_arguments(operation, arguments)?;
        // Before the call: an answer that cannot be handed over would be a call that nobody knows of.
        let answer = given(answer, "answer")?;
        let success = perform(client, operation, &*arguments, timeout_ms)?;
        answer.write(voicecall_value::hand_over(Value::Object(success)));
        Ok(())
    })
}

/// The same as voicecall_client_call() for programs that write and read JSON themselves: the arguments are text, and the
/// answer is printed right away. It spares a value on the way in and a call on the way out.
///
/// `operation`, `timeout_ms`: as for voicecall_client_call().
/// `arguments`, `length`: the JSON text of an object, as for voicecall_client_call(); copied before return.
/// `answer`: gets the answer as voicecall_client_call() gives it. A new value, owned by the caller, free with
/// voicecall_value_free().
/// `json`: gets the answer's text, borrowed until the answer is changed, printed or freed; may be NULL.
/// `json_length`: gets its number of bytes; may be NULL.
///
/// # Safety
/// `operation` is NULL or ends with a NUL. `arguments` is NULL or has `length` bytes; with VOICECALL_NUL_TERMINATED it
/// ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_client_call_json(
    client: Option<&voicecall_client>,
    operation: *const c_char,
    arguments: *const c_char,
    length: usize,
    timeout_ms: i64,
    answer: Option<&mut MaybeUninit<*mut voicecall_value>>,
    json: Option<&mut MaybeUninit<*const c_char>>,
    json_length: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run_call(error, || {
        let client = given(client, "client")?;
        // SAFETY: this function's contract.
        let (operation, arguments) = unsafe { (named_operation(operation)?, text(arguments, length, "arguments")?) };
        let arguments = (operation.read_json)(arguments)?;
        // Before the call: an answer that cannot be handed over would be a call that nobody knows of.
        let answer = given(answer, "answer")?;
        let success = perform(client, operation, &*arguments, timeout_ms)?;
        answer.write(voicecall_value::hand_over_printed(success, json, json_length));
        Ok(())
    })
}

fn perform(
    client: &voicecall_client,
    operation: &Operation,
    arguments: &dyn Fields,
    timeout_ms: i64,
) -> Result<Map<String, Value>, Failure> {
    let options = options(timeout_ms)?;
    Ok(client.client.perform(operation, arguments, &options)?.to_json())
}

fn options(timeout_ms: i64) -> Result<CallOptions, Failure> {
    let mut options = CallOptions::new();
    options.timeout = timeout(timeout_ms)?;
    Ok(options)
}

/// Submits a call and returns at once: voicecall_queue_next() gives its outcome, which is that of voicecall_client_call_json().
/// At most the setting maxInFlight calls of a client run at once; the others wait in order.
///
/// The call's time counts from now. When it is over before the call's turn comes, nothing is sent: VOICECALL_TIMEOUT with
/// VOICECALL_DELIVERY_NOT_SENT.
///
/// `operation`, `arguments`, `length`, `timeout_ms`: as for voicecall_client_call_json(); copied before return.
/// `queue`: gets the outcome. Neither the client nor the queue has to live until then.
/// `id`: by which the caller knows the job again and can cancel it: voicecall_queue_cancel(). No other job of this queue that
/// is under way may have it.
///
/// Returns an error only for arguments that cannot be read; then there is no job.
///
/// # Safety
/// `operation` is NULL or ends with a NUL. `arguments` is NULL or has `length` bytes; with VOICECALL_NUL_TERMINATED it
/// ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_client_submit(
    client: Option<&voicecall_client>,
    operation: *const c_char,
    arguments: *const c_char,
    length: usize,
    timeout_ms: i64,
    queue: Option<&voicecall_queue>,
    id: i64,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let client = &given(client, "client")?.client;
        // SAFETY: this function's contract.
        let (operation, arguments) = unsafe { (named_operation(operation)?, text(arguments, length, "arguments")?) };
        let arguments = (operation.read_json)(arguments)?;
        let options = options(timeout_ms)?;
        given(queue, "queue")?.submit(id, |post| {
            let work = move |client: &Client, options: &CallOptions| client.perform(operation, &*arguments, options);
            client.submit(options, work, move |outcome| {
                post.send(queue::object(outcome, |success| Some(success.to_json())));
            })
        });
        Ok(())
    })
}

/// Shows the exact request that voicecall_client_call() would send. Sends nothing.
///
/// `operation`, `arguments`: as for voicecall_client_call().
/// `request`: gets a value that is a text (read it at the pointer ""): request line, headers, body; digest, codes and
/// template values hidden, phone numbers masked; then a line `# warning: ` with its text for each parameter that has no
/// effect and each address with unusual characters. A new value, owned by the caller, free with voicecall_value_free().
///
/// # Safety
/// `operation` is NULL or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_client_preview(
    client: Option<&voicecall_client>,
    operation: *const c_char,
    arguments: Option<&voicecall_value>,
    request: Option<&mut MaybeUninit<*mut voicecall_value>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let client = given(client, "client")?;
        // SAFETY: this function's contract.
        let operation = unsafe { named_operation(operation) }?;
        let arguments = read_arguments(operation, arguments)?;
        let out = given(request, "request")?;
        out.write(voicecall_value::hand_over(Value::String(
            client.client.preview(operation, &*arguments)?,
        )));
        Ok(())
    })
}

/// Ends the calls and downloads in flight on other threads, which then return VOICECALL_CLOSED, and refuses new ones.
/// From any thread, as often as you like. The client still has to be freed.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_client_close(
    client: Option<&voicecall_client>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        given(client, "client")?.client.close();
        Ok(())
    })
}

/// Frees a client, its connections and its secret. No other function may still be using it: close it first and wait
/// for the threads. NULL is fine. Must not be called twice with the same client.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_client_free(client: Option<Box<voicecall_client>>) {
    release(client);
}

/// The operation of this name.
///
/// # Safety
/// `name` is NULL or ends with a NUL.
pub(crate) unsafe fn named_operation(name: *const c_char) -> Result<&'static Operation, Failure> {
    // SAFETY: the caller's promise.
    let name = unsafe { c_text(name, "operation") }?;
    calls::operation(name).ok_or_else(|| {
        let names: Vec<_> = OPERATIONS.iter().map(|operation| operation.name).collect();
        invalid(format!("`operation` is none of {}", names.join(", ")))
    })
}

pub(crate) fn read_arguments(
    operation: &Operation,
    arguments: Option<&voicecall_value>,
) -> Result<Box<dyn Fields>, Failure> {
    Ok((operation.read)(given(arguments, "arguments")?.object("arguments")?)?)
}
