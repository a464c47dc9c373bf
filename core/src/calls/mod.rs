//! The table of calls: one file each, with its request, rules and documentation.

mod placed_call;
mod recording;
mod terminate_call;
mod voice_callback;
mod voice_notification;
mod voice_verification_code;

use serde_json::{Map, Value};

pub use placed_call::PlacedCall;
pub use recording::{GET_RECORDING_DOWNLOAD_URL, Recording};
pub use terminate_call::{TERMINATE_CALL, TerminateCall};
pub use voice_callback::{CREATE_VOICE_CALLBACK, CalleeMedia, LastMinToUe, VoiceCallback};
pub use voice_notification::{CREATE_VOICE_NOTIFICATION, PlayContentInfo, VoiceNotification};
pub use voice_verification_code::{CREATE_VOICE_VERIFICATION_CODE, VoiceVerificationCode};

use crate::Error;
use crate::operation::Operation;
use crate::record::{Fields, FromNatural};

/// Every operation, in the order of the documentation.
pub static OPERATIONS: [&Operation; 5] = [
    &CREATE_VOICE_CALLBACK,
    &CREATE_VOICE_NOTIFICATION,
    &CREATE_VOICE_VERIFICATION_CODE,
    &TERMINATE_CALL,
    &GET_RECORDING_DOWNLOAD_URL,
];

/// The operation of this name.
pub fn operation(name: &str) -> Option<&'static Operation> {
    OPERATIONS.into_iter().find(|operation| operation.name == name)
}

/// Reads natural JSON into a request type, for the operation table.
fn read<T: Fields + FromNatural + 'static>(arguments: Map<String, Value>) -> Result<Box<dyn Fields>, Error> {
    Ok(Box::new(T::from_natural(arguments)?))
}

/// The same of JSON text.
fn read_json<T: Fields + FromNatural + 'static>(arguments: &str) -> Result<Box<dyn Fields>, Error> {
    Ok(Box::new(T::from_json(arguments)?))
}
