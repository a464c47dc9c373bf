//! Which events have been here before. The platform sends CDRs again until they are acknowledged, and an acknowledgement
//! can get lost; nothing in a message says that it is a repetition (contract pushes.md 5).

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use voicecall_core::webhook::{Cdr, Event, StatusEvent};

use super::entry::Entry;

/// Hashes of what was seen: an event is named by more bytes than are worth keeping of each.
#[derive(Default)]
pub(super) struct Duplicates {
    hasher: RandomState,
    seen: HashSet<u64>,
}

impl Duplicates {
    /// Notes what the event holds and says of each part whether it has been here before.
    pub(super) fn note(&mut self, parts: &[String]) -> Vec<bool> {
        let note = |part: &String| !self.seen.insert(self.hasher.hash_one(part));
        parts.iter().map(note).collect()
    }

    /// The new parts of this entry have not been here after all.
    pub(super) fn forget(&mut self, entry: &Entry) {
        for part in entry.new_parts() {
            self.seen.remove(&self.hasher.hash_one(part));
        }
    }
}

/// What an event holds, each part by the fields that name it: records of a CDR push, else the event itself. Records that
/// could not be read are named by their text.
pub(super) fn parts(event: &Event) -> Vec<String> {
    match event {
        Event::Status(event) => vec![of_status(event)],
        Event::Fee(event) => {
            let unreadable = event.rejected().iter().map(|record| record.raw().to_owned());
            event.cdrs().iter().map(of_cdr).chain(unreadable).collect()
        }
        other => vec![other.raw().to_owned()],
    }
}

fn of_status(event: &StatusEvent) -> String {
    let time = event.timestamp().map(|time| time.unix_seconds()).unwrap_or_default();
    let (kind, called) = (event.event_type().as_str(), event.called().unwrap_or_default());
    format!("status\n{}\n{kind}\n{time}\n{called}", event.session_id())
}

fn of_cdr(cdr: &Cdr) -> String {
    format!("cdr\n{}\n{}", cdr.session_id(), cdr.icid().unwrap_or_default())
}
