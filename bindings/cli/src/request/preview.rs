//! A request as it would be sent, for people as text, for programs as an object. Nothing secret is in it: the library has
//! redacted it.

use serde_json::{Map, Value, json};
use voicecall_core::Warning;

/// The request of the library's preview, without its warnings.
pub(super) fn request(preview: &str) -> String {
    let lines = preview.split_inclusive('\n');
    lines.filter(|line| !line.starts_with("# warning: ")).collect()
}

/// Takes the library's preview apart: request line, headers, an empty line, the body.
pub(super) fn to_json(preview: &str, warnings: &[Warning]) -> Value {
    let preview = request(preview);
    let (head, body) = preview.split_once("\n\n").unwrap_or((&preview, ""));
    let mut lines = head.lines();
    let (method, url) = lines.next().and_then(|line| line.split_once(' ')).unwrap_or_default();
    let headers: Map<_, _> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect();
    let body: Option<Value> = serde_json::from_str(body).ok();
    let warnings: Vec<_> = warnings
        .iter()
        .map(|warning| json!({ "field": warning.field, "message": warning.message }))
        .collect();
    json!({ "request": { "method": method, "url": url, "headers": headers, "body": body }, "warnings": warnings })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::to_json;

    #[test]
    fn request_line_headers_and_body_are_told_apart() {
        let preview = "POST http://h/p\nx-aksk: a: b\n\n{\"calleeNbr\":\"+***\"}\n# warning: /a: no\n";
        let object = to_json(preview, &[]);
        assert_eq!(
            object["request"],
            json!({"method": "POST", "url": "http://h/p", "headers": {"x-aksk": "a: b"}, "body": {"calleeNbr": "+***"}})
        );
        assert_eq!(to_json("GET http://h/p?q\na: b\n", &[])["request"]["body"], Value::Null);
    }
}
