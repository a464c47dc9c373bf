//! Reads a vector file, checks its envelope, runs each case and compares.

use base64::Engine;
use serde_json::Value;
use voicecall_core::Error;

/// What a case gave.
pub(crate) enum Outcome {
    Value(Value),
    Error(Error),
}

impl From<Result<Value, Error>> for Outcome {
    fn from(result: Result<Value, Error>) -> Outcome {
        match result {
            Ok(value) => Outcome::Value(value),
            Err(error) => Outcome::Error(error),
        }
    }
}

/// Runs every case of a file; at least `at_least` must be there, so that an emptied file is noticed.
pub(crate) fn run(file: &str, kind: &str, at_least: usize, case: impl Fn(&Value) -> Outcome) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors")
        .join(file);
    let cases: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(path).expect("the file")).expect("a JSON array");
    assert!(cases.len() >= at_least, "{file} has {} cases", cases.len());
    let mut ids = std::collections::HashSet::new();
    let mut failures = Vec::new();
    for vector in &cases {
        let keys: Vec<_> = vector
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(
            keys,
            ["id", "kind", "contract", "given", "expected"],
            "envelope in {file}"
        );
        let id = vector["id"].as_str().expect("id");
        assert!(ids.insert(id), "{id} is there twice");
        assert_eq!(vector["kind"], kind, "{id}");
        if let Err(difference) = compare(&vector["expected"], &case(&vector["given"])) {
            failures.push(format!("{id}: {difference}"));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {} cases of {file} fail:\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
}

/// An expected error names the attributes to look at (`null`: must be absent); an expected value must be equal, where
/// `null` is the same as absent.
fn compare(expected: &Value, outcome: &Outcome) -> Result<(), String> {
    match (expected.get("error"), outcome) {
        (Some(wanted), Outcome::Error(error)) => {
            let got = error.to_json();
            for (name, value) in wanted.as_object().into_iter().flatten() {
                let actual = got.get(name).unwrap_or(&Value::Null);
                if actual != value {
                    return Err(format!("{name}: expected {value}, got {actual} in {error}"));
                }
            }
            Ok(())
        }
        (Some(wanted), Outcome::Value(value)) => Err(format!("expected the error {wanted}, got {value}")),
        (None, Outcome::Error(error)) => Err(format!("expected {expected}, got {error}")),
        (None, Outcome::Value(value)) if without_nulls(value) == without_nulls(expected) => Ok(()),
        (None, Outcome::Value(value)) => Err(format!("expected\n    {expected}\n  got\n    {value}")),
    }
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), without_nulls(value)))
            .collect(),
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

/// The body of a case: as text, as Base64, or as a repetition for large ones.
pub(crate) fn body(given: &Value) -> Vec<u8> {
    if let Some(text) = given["body"].as_str() {
        return text.as_bytes().to_vec();
    }
    if let Some(encoded) = given["body_base64"].as_str() {
        return base64::engine::general_purpose::STANDARD
            .decode(encoded)
            .expect("Base64");
    }
    let part = |name: &str| given["body_repeat"][name].as_str().unwrap_or_default();
    let count = given["body_repeat"]["count"]
        .as_u64()
        .and_then(|count| usize::try_from(count).ok())
        .expect("a count");
    [part("prefix"), &part("repeat").repeat(count), part("suffix")]
        .concat()
        .into_bytes()
}
