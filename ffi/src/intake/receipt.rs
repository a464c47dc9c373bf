//! `voicecall_receipt`: what became of a push that an intake received.

use std::mem::MaybeUninit;

use serde_json::Value;
use voicecall_core::intake::Receipt;

use crate::arguments::given;
use crate::boundary::{Failure, answer, release, run};
use crate::error::voicecall_error;
use crate::event::voicecall_event;
use crate::numbers::voicecall_status;
use crate::value::voicecall_value;
use crate::webhook::reply_to_json;

/// What became of a push: what was new, what was known, what cannot be read, and the reply to send back. Never changes;
/// any number of threads may read it at once.
pub struct voicecall_receipt {
    receipt: Receipt,
}

impl voicecall_receipt {
    /// A new receipt, owned by the caller from now on.
    pub(crate) fn hand_over(receipt: Receipt) -> *mut voicecall_receipt {
        Box::into_raw(Box::new(voicecall_receipt { receipt }))
    }
}

/// Everything about the push but its event.
///
/// `value`: gets an object with the members reply (status, headers and body: what to send back), accepted, duplicates,
/// conflicts and rejected (how many of its records were new, were known, contradict what is known and are kept beside it,
/// and could not be read and are kept raw; conflicts are among the duplicates), new (the positions of the new records),
/// verdict (as of voicecall_received_verdict()) and, where there is one, error (why there is no event). A new value, owned
/// by the caller, free with voicecall_value_free().
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_receipt_value(
    receipt: Option<&voicecall_receipt>,
    value: Option<&mut MaybeUninit<*mut voicecall_value>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let receipt = &given(receipt, "receipt")?.receipt;
        let out = given(value, "value")?;
        let mut members = receipt.to_json();
        // The reply has it too, and is read in one way everywhere.
        members.shift_remove("status");
        members.insert("reply".to_owned(), reply_to_json(receipt.reply));
        out.write(voicecall_value::hand_over(Value::Object(members)));
        Ok(())
    })
}

/// The event of the push, or the reason why there is none.
///
/// `event`: gets the event, owned by the caller, free with voicecall_event_free(). It outlives the receipt.
///
/// Returns VOICECALL_SIGNATURE when the push was refused for its signature, VOICECALL_MALFORMED_WEBHOOK when its body
/// cannot be read, both kept raw; VOICECALL_STORAGE when the store could not write: the platform sends CDRs again.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_receipt_event(
    receipt: Option<&voicecall_receipt>,
    event: Option<&mut MaybeUninit<*mut voicecall_event>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let receipt = &given(receipt, "receipt")?.receipt;
        let out = given(event, "event")?;
        match &receipt.event {
            Ok(event) => out.write(voicecall_event::hand_over(event.clone())),
            Err(reason) => return Err(Failure::Error(Box::new(voicecall_error::from(reason)))),
        };
        Ok(())
    })
}

/// Whether the record at this position of the event came for the first time: to act once on what comes more than once. An
/// event of an unknown kind is at position 0. False behind the last record, where nothing was stored, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_receipt_is_new(receipt: Option<&voicecall_receipt>, record: usize) -> bool {
    answer(false, || receipt.is_some_and(|receipt| receipt.receipt.is_new(record)))
}

/// Frees a receipt; its events live on until they are freed themselves. NULL is fine. Must not be called twice with the
/// same receipt.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_receipt_free(receipt: Option<Box<voicecall_receipt>>) {
    release(receipt);
}
