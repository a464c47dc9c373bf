//! Changing some members of a JSON document and leaving the others: merge patches (RFC 7396).

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The value with the patch applied; the error says why the outcome is none.
pub(super) fn merged<T: Serialize + DeserializeOwned>(value: &T, patch: Value) -> Result<T, String> {
    let mut document = serde_json::to_value(value).map_err(|error| error.to_string())?;
    merge(&mut document, patch);
    serde_json::from_value(document).map_err(|error| error.to_string())
}

/// Members of the patch replace those of the document; `null` removes them.
fn merge(document: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *document = patch;
        return;
    };
    if !document.is_object() {
        *document = Value::Object(serde_json::Map::new());
    }
    for (name, value) in patch {
        if value.is_null() {
            document.as_object_mut().map(|members| members.remove(&name));
        } else {
            merge(&mut document[name], value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_example_of_the_standard_comes_out() {
        let mut document = json!({ "title": "Goodbye!", "author": { "givenName": "John", "familyName": "Doe" },
            "tags": ["example", "sample"], "content": "This will be unchanged" });
        let patch = json!({ "title": "Hello!", "phoneNumber": "+01-123-456-7890",
            "author": { "familyName": null }, "tags": ["example"] });
        merge(&mut document, patch);
        let expected = json!({ "title": "Hello!", "author": { "givenName": "John" }, "tags": ["example"],
            "content": "This will be unchanged", "phoneNumber": "+01-123-456-7890" });
        assert_eq!(document, expected);
    }
}
