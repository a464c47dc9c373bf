//! What became of a push that was received into a store, as JSON text. JavaScript reads the event itself, from the body, when
//! it is asked for.

use serde_json::Value;
use voicecall_core::intake::Receipt;

use crate::failure::Failure;
use crate::webhook::receiver::reply;

/// The counts, the positions of what was new, verdict, reply, and the error if there is no event.
pub(super) fn told(receipt: Receipt) -> String {
    let mut told = receipt.to_json();
    told.insert("line".to_owned(), Value::from(receipt.to_string()));
    told.insert("reply".to_owned(), reply(receipt.reply));
    if let Err(error) = receipt.event {
        told.insert(
            "error".to_owned(),
            Value::Object(Failure::from(error).into_attributes()),
        );
    }
    Value::Object(told).to_string()
}
