//! The test vectors as inputs to begin with.

use base64::Engine;
use serde_json::Value;

/// The cases of a vector file.
pub(crate) fn cases(file: &str) -> Vec<Value> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/vectors")
        .join(file);
    serde_json::from_str(&std::fs::read_to_string(path).expect("a vector file")).expect("a JSON array")
}

/// The name of a case as a file name.
pub(crate) fn name(case: &Value) -> String {
    case["id"].as_str().expect("an id").replace(['/', ' '], "-")
}

/// The body of a case, if it is written out.
pub(crate) fn body(given: &Value) -> Option<Vec<u8>> {
    if let Some(text) = given["body"].as_str() {
        return Some(text.as_bytes().to_vec());
    }
    let encoded = given["body_base64"].as_str()?;
    base64::engine::general_purpose::STANDARD.decode(encoded).ok()
}
