//! One line of the file: a push as it came, what the library made of it, and whether it has been here before.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Value, json};
use voicecall_core::sign::{self, CreatedZone};
use voicecall_core::webhook::parse;

use super::duplicates::{self, Duplicates};
use crate::receiver::Arrival;

/// The keys of a line that are read again.
const BODY: &str = "body";
const BODY_BASE64: &str = "body_base64";
const VERDICT: &str = "verdict";
const DUPLICATE: &str = "duplicate";

/// A line to be written.
pub(crate) struct Entry {
    line: Value,
    parts: Vec<String>,
    /// Of each part, whether it was known.
    known: Vec<bool>,
}

impl Entry {
    pub(super) fn new(arrival: &Arrival, known: &mut Duplicates) -> Entry {
        // A refused push proves nothing about what was here: it must not make a genuine one look like a repetition.
        let parts = arrival.event().map(duplicates::parts).unwrap_or_default();
        let known = known.note(&parts);
        let body: &[u8] = &arrival.push.body.bytes;
        let mut line = Map::new();
        let mut set = |name: &str, value: Value| drop(line.insert(name.to_owned(), value));
        set("received", json!(utc(SystemTime::now())));
        set("path", json!(arrival.push.path));
        set(VERDICT, Value::Object(arrival.verdict().to_json()));
        set(DUPLICATE, json!(all(&known)));
        if !all(&known) && known.contains(&true) {
            let indices = known
                .iter()
                .enumerate()
                .filter(|(_, known)| **known)
                .map(|(index, _)| index);
            set("duplicates", indices.collect());
        }
        match arrival.event() {
            Ok(event) => set("event", Value::Object(event.to_json())),
            Err(error) => set("error", Value::Object(error.to_json())),
        }
        match std::str::from_utf8(body) {
            Ok(text) => set(BODY, json!(text)),
            Err(_) => set(BODY_BASE64, json!(BASE64.encode(body))),
        }
        Entry {
            line: Value::Object(line),
            parts,
            known,
        }
    }

    /// Everything in it has been here before.
    pub(super) fn is_duplicate(&self) -> bool {
        all(&self.known)
    }

    pub(super) fn new_parts(&self) -> impl Iterator<Item = &String> {
        self.parts
            .iter()
            .zip(&self.known)
            .filter(|(_, known)| !**known)
            .map(|(part, _)| part)
    }

    /// Of each part, whether it has been here before.
    pub(super) fn known(&self) -> &[bool] {
        &self.known
    }

    pub(super) fn line(&self) -> &Value {
        &self.line
    }
}

fn all(known: &[bool]) -> bool {
    !known.is_empty() && known.iter().all(|known| *known)
}

fn utc(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    sign::created(i64::try_from(seconds).unwrap_or_default(), &CreatedZone::Utc)
}

/// A line that was read again.
pub(crate) struct Saved {
    pub(crate) body: Vec<u8>,
    /// The signature was refused: who sent it is not known.
    pub(crate) refused: bool,
    pub(crate) duplicate: bool,
}

impl Saved {
    /// `None`: the line is not whole.
    pub(crate) fn read(line: &str) -> Option<Saved> {
        let line: Value = serde_json::from_str(line).ok()?;
        let body = match (line.get(BODY), line.get(BODY_BASE64)) {
            (Some(Value::String(text)), _) => text.clone().into_bytes(),
            (_, Some(Value::String(text))) => BASE64.decode(text).ok()?,
            _ => return None,
        };
        Some(Saved {
            body,
            refused: line.pointer("/verdict/verdict").and_then(Value::as_str) == Some("refused"),
            duplicate: line.get(DUPLICATE).and_then(Value::as_bool).unwrap_or(false),
        })
    }

    /// What the push held, as [`duplicates::parts`] names it.
    pub(super) fn parts(&self) -> Vec<String> {
        if self.refused {
            return Vec::new();
        }
        parse(&self.body)
            .map(|event| duplicates::parts(&event))
            .unwrap_or_default()
    }
}
