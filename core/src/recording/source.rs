//! Where a recording can be fetched from.

use std::fmt;

use serde_json::{Map, Value};

use crate::calls::Recording;
use crate::error::{Error, Rule};
use crate::record::wire::to_wire;
use crate::record::{FromNatural, Place, wrong_type};

/// The member of the natural form, and of a CDR, that holds a direct address.
const DIRECT: &str = "recordFileDownloadUrl";

/// Where a call's recording is.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum RecordingSource {
    /// In the platform's storage, under the names that a CDR tells: the platform is asked for an address.
    Stored(Recording),
    /// At a direct address, `recordFileDownloadUrl` of a CDR. Whoever has it can listen; do not log it.
    Direct(String),
}

impl RecordingSource {
    /// Reads the natural form: `fileName` and `recordDomain`, or `recordFileDownloadUrl` alone.
    ///
    /// # Errors
    /// `invalid_argument`, with the member at fault in [`Error::field`].
    pub fn from_natural(mut source: Map<String, Value>) -> Result<RecordingSource, Error> {
        let at = Place::Member(&Place::Root, DIRECT);
        match source.shift_remove(DIRECT) {
            None => Recording::from_natural(source).map(RecordingSource::Stored),
            Some(Value::String(url)) if source.is_empty() => Ok(RecordingSource::Direct(url)),
            Some(Value::String(_)) => {
                let message = "stands alone: a direct address needs no names";
                Err(Error::invalid_argument(&at.pointer(), Rule::Exclusive, message))
            }
            Some(other) => Err(wrong_type(&at, "a text", &other)),
        }
    }

    /// The natural form, as [`from_natural`](RecordingSource::from_natural) reads it. A direct address is personal data.
    pub fn to_json(&self) -> Map<String, Value> {
        match self {
            RecordingSource::Stored(recording) => to_wire(recording, &[]),
            RecordingSource::Direct(url) => Map::from_iter([(DIRECT.to_owned(), Value::from(url.as_str()))]),
        }
    }
}

impl From<Recording> for RecordingSource {
    fn from(recording: Recording) -> RecordingSource {
        RecordingSource::Stored(recording)
    }
}

impl fmt::Debug for RecordingSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecordingSource::Stored(recording) => f.debug_tuple("Stored").field(recording).finish(),
            RecordingSource::Direct(_) => f.write_str("Direct(***)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::RecordingSource;

    fn read(source: &Value) -> Result<RecordingSource, crate::Error> {
        RecordingSource::from_natural(source.as_object().cloned().unwrap_or_default())
    }

    #[test]
    fn both_forms_read_back() {
        for source in [
            json!({ "fileName": "a.wav", "recordDomain": "ostor.example.com" }),
            json!({ "recordFileDownloadUrl": "https://ostor.example.com/a" }),
        ] {
            assert_eq!(Value::Object(read(&source).unwrap().to_json()), source);
        }
    }

    #[test]
    fn a_direct_address_is_a_text_and_stands_alone() {
        for source in [
            json!({ "recordFileDownloadUrl": 1 }),
            json!({ "recordFileDownloadUrl": "https://ostor.example.com/a", "fileName": "a.wav" }),
        ] {
            assert_eq!(read(&source).unwrap_err().field(), Some("/recordFileDownloadUrl"));
        }
    }
}
