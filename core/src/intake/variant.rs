//! When two pushes say the same, and which of two that contradict each other counts.
//!
//! The platform repeats a CDR whose answer it lost, so the same record comes in other clothes: other order of fields,
//! `"0"` for `0`. Those are one. Where the content differs both are kept, and which one counts must not depend on which
//! came first: two receivers, or one that was restarted, have to come to the same store.

use std::cmp::Ordering;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::webhook::{Cdr, Event, StatusEvent, UNREADABLE, parse_kept};

/// The content of a record in its one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Canonical {
    /// How many fields of the record can be read.
    fields: usize,
    text: String,
}

impl Canonical {
    /// The one form of natural JSON: sorted by name. Absent fields are already left out of it.
    pub(super) fn new(natural: &Map<String, Value>) -> Canonical {
        let mut fields: Vec<_> = natural.iter().collect();
        fields.sort_by_key(|(name, _)| *name);
        let mut text = String::with_capacity(512);
        for (name, value) in &fields {
            text.push_str(&Value::from(name.as_str()).to_string());
            text.push(':');
            text.push_str(&value.to_string());
            text.push('\n');
        }
        Canonical {
            fields: fields.iter().filter(|(name, _)| *name != UNREADABLE).count(),
            text,
        }
    }

    /// Of a text that cannot be read any more, the text itself.
    pub(super) fn of_status(raw: &str) -> Canonical {
        stored_status(raw).map_or_else(|| Canonical::verbatim(raw), |event| Canonical::new(&event.to_json()))
    }

    /// See [`of_status`](Canonical::of_status).
    pub(super) fn of_cdr(raw: &str) -> Canonical {
        stored_cdr(raw).map_or_else(|| Canonical::verbatim(raw), |cdr| Canonical::new(&cdr.to_json()))
    }

    pub(super) fn verbatim(raw: &str) -> Canonical {
        Canonical {
            fields: 0,
            text: raw.to_owned(),
        }
    }

    /// A short name of the content.
    pub(super) fn fingerprint(&self) -> String {
        fingerprint(self.text.as_bytes())
    }
}

/// Of two variants the greater one counts: the one that tells more, and of two that tell as much, the one whose text is
/// greater. That is arbitrary, and the same everywhere.
impl Ord for Canonical {
    fn cmp(&self, other: &Canonical) -> Ordering {
        (self.fields, &self.text).cmp(&(other.fields, &other.text))
    }
}

impl PartialOrd for Canonical {
    fn partial_cmp(&self, other: &Canonical) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// 128 bits of SHA-256 in hexadecimal digits.
pub(super) fn fingerprint(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Reads a status push back from the store.
pub(super) fn stored_status(raw: &str) -> Option<StatusEvent> {
    match parse_kept(raw) {
        Ok(Event::Status(event)) => Some(event),
        _ => None,
    }
}

/// Reads one CDR back from the store, where it stands without the message around it.
pub(super) fn stored_cdr(raw: &str) -> Option<Cdr> {
    Cdr::from_raw(raw).ok()
}

#[cfg(test)]
mod tests {
    use super::Canonical;

    #[test]
    fn clothes_do_not_make_another_record() {
        let one = Canonical::of_cdr(r#"{"sessionId":"1","direction":0,"icid":"","callEndTime":"2019-01-24 03:04:49"}"#);
        let other = Canonical::of_cdr(r#"{ "callEndTime":"2019-01-24  03:04:49", "sessionId":"1","direction":"0"}"#);
        assert_eq!(one, other);
        assert_eq!(one.fingerprint(), other.fingerprint());
    }

    #[test]
    fn the_variant_that_tells_more_counts() {
        let less = Canonical::of_cdr(r#"{"sessionId":"1","icid":"z"}"#);
        let more = Canonical::of_cdr(r#"{"sessionId":"1","icid":"a","hostName":"h"}"#);
        assert!(more > less);
        assert_ne!(more.fingerprint(), less.fingerprint());
    }
}
