//! Between the JSON text that crosses the boundary and the core's types.

use serde_json::{Map, Value};
use voicecall_core::calls;
use voicecall_core::operation::Operation;
use voicecall_core::response::Success;

use crate::failure::Failure;

/// An object that the TypeScript side wrote.
pub(crate) fn object(text: &str) -> Result<Map<String, Value>, Failure> {
    serde_json::from_str(text).map_err(|_| Failure::invalid_argument("not an object, or not well-formed Unicode"))
}

pub(crate) fn operation_named(name: &str) -> Result<&'static Operation, Failure> {
    calls::operation(name).ok_or_else(|| Failure::internal("no such operation: package and addon differ in version"))
}

/// What an operation gave: a placed call's undocumented fields stand apart, under `extra`, as in a request.
pub(crate) fn outcome(success: Success) -> String {
    let value = match success {
        Success::Placed(mut call) => {
            let extra = std::mem::take(&mut call.extra);
            let mut object = Success::Placed(call).to_json();
            object.insert("extra".to_owned(), Value::Object(extra));
            Value::Object(object)
        }
        Success::Url(url) => Value::String(url),
        _ => Value::Null,
    };
    value.to_string()
}
