//! CDRs that wait for others to travel with: those of one application that ended in the same second go in one message, at
//! most 50 (contract pushes.md 5).

use std::collections::HashMap;
use std::sync::Arc;

use super::message::{Content, Message};
use crate::moment::Moment;

/// The most CDRs in one message.
const MOST: usize = 50;

/// What the CDRs of one message have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) app_key: Arc<str>,
    /// Messages for different receivers cannot be one.
    pub(crate) url: Arc<str>,
    pub(crate) end_seconds: i64,
}

/// CDRs by what they have in common.
#[derive(Debug, Default)]
pub(crate) struct Batches {
    waiting: HashMap<Key, Batch>,
}

#[derive(Debug, Default)]
struct Batch {
    calls: Vec<(u64, Moment)>,
    cdrs: Vec<String>,
}

/// What became of a CDR that was added.
#[derive(Debug)]
pub(crate) enum Added {
    /// It is the first of its batch: somebody has to send the batch when its second is over.
    First,
    /// It waits with others.
    Joined,
    /// The batch is full.
    Full(Message),
}

impl Batches {
    pub(crate) fn add(&mut self, key: &Key, call: (u64, Moment), cdr: String, now: Moment) -> Added {
        let batch = self.waiting.entry(key.clone()).or_default();
        batch.calls.push(call);
        batch.cdrs.push(cdr);
        match batch.cdrs.len() {
            MOST => self.take(key, now).map_or(Added::Joined, Added::Full),
            1 => Added::First,
            _ => Added::Joined,
        }
    }

    /// The message of a batch; `None` when it was full and has gone.
    pub(crate) fn take(&mut self, key: &Key, now: Moment) -> Option<Message> {
        let batch = self.waiting.remove(key)?;
        let body = format!(r#"{{"eventType":"fee","feeLst":[{}]}}"#, batch.cdrs.join(","));
        Some(Message::new(
            Content::Fee,
            Arc::clone(&key.app_key),
            Arc::clone(&key.url),
            batch.calls,
            body,
            now,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment::from_unix_millis(0);

    fn key(url: &str, end_seconds: i64) -> Key {
        Key {
            app_key: "key".into(),
            url: url.into(),
            end_seconds,
        }
    }

    fn add(batches: &mut Batches, key: &Key, number: u64) -> Added {
        batches.add(key, (number, NOW), format!(r#"{{"n":{number}}}"#), NOW)
    }

    #[test]
    fn cdrs_of_one_second_and_receiver_go_together() {
        let mut batches = Batches::default();
        assert!(matches!(add(&mut batches, &key("a", 1), 1), Added::First));
        assert!(matches!(add(&mut batches, &key("a", 1), 2), Added::Joined));
        assert!(matches!(add(&mut batches, &key("b", 1), 3), Added::First));
        assert!(matches!(add(&mut batches, &key("a", 2), 4), Added::First));
        let message = batches.take(&key("a", 1), NOW).unwrap();
        assert_eq!(message.body, r#"{"eventType":"fee","feeLst":[{"n":1},{"n":2}]}"#);
        assert!(batches.take(&key("a", 1), NOW).is_none());
    }

    #[test]
    fn the_fiftieth_fills_a_message_and_the_next_begins_another() {
        let mut batches = Batches::default();
        let key = key("a", 1);
        for number in 1..50 {
            assert!(!matches!(add(&mut batches, &key, number), Added::Full(_)));
        }
        let Added::Full(message) = add(&mut batches, &key, 50) else {
            panic!("not full")
        };
        assert_eq!(message.calls.len(), 50);
        assert!(matches!(add(&mut batches, &key, 51), Added::First));
    }
}
