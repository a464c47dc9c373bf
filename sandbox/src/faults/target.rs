//! Where a fault strikes: the answer to a call, the fetching of a recording, or a push.

use std::fmt;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use voicecall_core::calls::OPERATIONS;

use crate::call::event::EventKind;
use crate::push::message::Content;

/// Where a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// `calls`: the answer to any of the five.
    Calls,
    /// The answer to this one, by its name, e.g. `create_voice_callback`.
    Operation(&'static str),
    /// `recording_file`: the file itself, at the address that the recording call gave.
    RecordingFile,
    /// `pushes`: any push.
    Pushes,
    /// `status`: any status push.
    Status,
    /// A status push with this `eventType`.
    Event(EventKind),
    /// `fee`: a CDR push.
    Fee,
}

/// What a client asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Operation(&'static str),
    RecordingFile,
}

impl Asked {
    /// What this path of the platform is; `None` for the admin API and paths that mean nothing.
    pub(crate) fn at(path: &str) -> Option<Asked> {
        if path.starts_with(crate::recording::link::PATH) {
            return Some(Asked::RecordingFile);
        }
        let operation = OPERATIONS.iter().find(|operation| operation.path == path)?;
        Some(Asked::Operation(operation.name))
    }

    /// The name in settings.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Asked::Operation(name) => name,
            Asked::RecordingFile => RECORDING_FILE,
        }
    }
}

const CALLS: &str = "calls";
const RECORDING_FILE: &str = "recording_file";
const PUSHES: &str = "pushes";
const STATUS: &str = "status";
const FEE: &str = "fee";

impl Target {
    /// Whether it is about pushes.
    pub(crate) const fn is_push(self) -> bool {
        matches!(self, Target::Pushes | Target::Status | Target::Event(_) | Target::Fee)
    }

    /// Whether the answer to this is meant. Nothing: what is asked for is not yet known, and may be what is meant.
    pub(crate) fn takes_answer(self, asked: Option<Asked>) -> bool {
        match (self, asked) {
            (Target::Calls, Some(Asked::Operation(_))) => true,
            (Target::Operation(name), Some(Asked::Operation(asked))) => name == asked,
            (Target::RecordingFile, Some(Asked::RecordingFile)) => true,
            (target, None) => !target.is_push(),
            _ => false,
        }
    }

    pub(crate) fn takes_push(self, content: Content) -> bool {
        match (self, content) {
            (Target::Pushes, _) | (Target::Status, Content::Status(_)) | (Target::Fee, Content::Fee) => true,
            (Target::Event(kind), Content::Status(pushed)) => kind == pushed,
            _ => false,
        }
    }

    /// The name in settings.
    pub const fn name(self) -> &'static str {
        match self {
            Target::Calls => CALLS,
            Target::Operation(name) => name,
            Target::RecordingFile => RECORDING_FILE,
            Target::Pushes => PUSHES,
            Target::Status => STATUS,
            Target::Event(kind) => kind.wire(),
            Target::Fee => FEE,
        }
    }

    /// Every target.
    pub fn all() -> impl Iterator<Item = Target> {
        let operations = OPERATIONS.iter().map(|operation| Target::Operation(operation.name));
        let events = EventKind::ALL.into_iter().map(Target::Event);
        [Target::Calls]
            .into_iter()
            .chain(operations)
            .chain([Target::RecordingFile, Target::Pushes, Target::Status])
            .chain(events)
            .chain([Target::Fee])
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Target, String> {
        Target::all().find(|target| target.name() == text).ok_or_else(|| {
            let names: Vec<_> = Target::all().map(Target::name).collect();
            format!("{text:?} is no target; there are {}", names.join(", "))
        })
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Target, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl Serialize for Target {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_read_by_its_name() {
        let mut names: Vec<_> = Target::all().map(Target::name).collect();
        for target in Target::all() {
            assert_eq!(target.name().parse(), Ok(target));
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Target::all().count());
        assert!(
            "nothing"
                .parse::<Target>()
                .unwrap_err()
                .contains("create_voice_callback")
        );
    }

    #[test]
    fn a_target_takes_what_it_names() {
        let asked = Asked::at("/rest/httpsessions/callStop/v2.0").unwrap();
        assert_eq!(asked.name(), "terminate_call");
        assert!(Target::Calls.takes_answer(Some(asked)));
        assert!("terminate_call".parse::<Target>().unwrap().takes_answer(Some(asked)));
        assert!(!Target::RecordingFile.takes_answer(Some(asked)));
        assert!(!Target::Pushes.takes_answer(Some(asked)));
        assert_eq!(Asked::at("/_voicecall/calls"), None);
        assert_eq!(Asked::at("/_recordings/x.wav"), Some(Asked::RecordingFile));
        assert!(Target::Status.takes_push(Content::Status(EventKind::Answer)));
        assert!(!Target::Event(EventKind::Callout).takes_push(Content::Status(EventKind::Answer)));
        assert!(Target::Pushes.takes_push(Content::Fee));
        assert!(!Target::Calls.takes_push(Content::Fee));
    }
}
