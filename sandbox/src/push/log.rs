//! What came back for each push, and the CDRs that nobody would take.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::body::Bytes;
use serde::Serialize;
use serde_json::Value;

use super::message::Message;
use crate::call::id;

/// A push and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PushView {
    /// Counts the pushes from 1, in the order in which they came to an end.
    pub id: u64,
    /// `eventType`: a status event, or `fee`.
    pub event: &'static str,
    /// The calls it is about.
    pub session_ids: Vec<String>,
    /// In whose name it was signed.
    pub app_key: String,
    /// Where it went.
    pub url: String,
    /// 1 for the first time, up to 7 for CDRs.
    pub attempt: u32,
    /// Simulated time at which the attempt was due.
    pub time: String,
    /// `Nonce` of the signature. Its digest is not kept.
    pub nonce: String,
    /// `Created` of the signature: the wall clock's time.
    pub created: String,
    /// How it was signed: `newest`, `older`, `none`, or `wrong` when a fault saw to that.
    pub signature: &'static str,
    /// The fault that struck it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<&'static str>,
    /// The body.
    pub body: Value,
    /// HTTP status of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Beginning of the answer's body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
    /// Why there was no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Whether the receiver took it (contract pushes.md 4).
    pub delivered: bool,
}

/// CDRs that the receiver did not take in seven attempts: the service writes them to a file and its support can push
/// them by hand (contract pushes.md 5).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct UndeliveredCdrs {
    /// The application.
    pub app_key: String,
    /// Where they should have gone.
    pub url: String,
    /// The calls.
    pub session_ids: Vec<String>,
    /// The body that was not taken.
    pub body: Value,
}

/// How an attempt ended.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) attempt: u32,
    pub(crate) time: String,
    pub(crate) nonce: String,
    pub(crate) created: String,
    pub(crate) signature: &'static str,
    pub(crate) fault: Option<&'static str>,
    /// What was sent, where a fault made it differ from the message.
    pub(crate) spoilt: Option<Bytes>,
    pub(crate) outcome: Result<Reply, String>,
    pub(crate) delivered: bool,
}

/// A receiver's answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// How much of an answer is kept.
const REPLY_KEPT: usize = 1024;

/// How many bytes of bodies are kept: a message of 50 CDRs has 40 kB, and many of them are no better than some.
const BODIES_KEPT: usize = 64 << 20;

/// The newest pushes.
#[derive(Debug)]
pub(crate) struct PushLog {
    keep: usize,
    last_id: u64,
    /// Bytes of the bodies of all pushes that are kept.
    bytes: usize,
    pushes: VecDeque<Entry>,
    undelivered: VecDeque<Arc<Message>>,
}

#[derive(Debug)]
struct Entry {
    id: u64,
    message: Arc<Message>,
    attempt: Attempt,
}

impl PushLog {
    pub(crate) fn new(keep: usize) -> PushLog {
        PushLog {
            keep,
            last_id: 0,
            bytes: 0,
            pushes: VecDeque::new(),
            undelivered: VecDeque::new(),
        }
    }

    /// Keeps an attempt and gives its id.
    pub(crate) fn add(&mut self, message: &Arc<Message>, mut attempt: Attempt) -> u64 {
        if let Ok(reply) = &mut attempt.outcome {
            reply.body.truncate(REPLY_KEPT);
            reply.body.shrink_to_fit();
        }
        self.last_id += 1;
        let id = self.last_id;
        self.bytes += message.body.len();
        let message = message.clone();
        self.pushes.push_back(Entry { id, message, attempt });
        while self.pushes.len() > self.keep || self.bytes > BODIES_KEPT {
            let Some(oldest) = self.pushes.pop_front() else { break };
            self.bytes -= oldest.message.body.len();
        }
        id
    }

    pub(crate) fn add_undelivered(&mut self, message: &Arc<Message>) {
        self.undelivered.push_back(message.clone());
        while self.undelivered.len() > self.keep {
            self.undelivered.pop_front();
        }
    }

    /// Takes the messages that nobody would take off the list.
    pub(crate) fn take_undelivered(&mut self) -> Vec<Arc<Message>> {
        self.undelivered.drain(..).collect()
    }

    /// The pushes after this id that are about this session, at most `limit`.
    pub(crate) fn after(&self, id: u64, session_id: Option<&str>, limit: usize) -> Vec<PushView> {
        let skipped = self.pushes.partition_point(|entry| entry.id <= id);
        let wanted = session_id.map(id::number_in);
        let about = |entry: &&Entry| match wanted {
            None => true,
            Some(number) => entry.message.calls.iter().any(|(call, _)| Some(*call) == number),
        };
        self.pushes
            .range(skipped..)
            .filter(about)
            .take(limit)
            .map(Entry::view)
            .collect()
    }

    pub(crate) fn undelivered(&self) -> Vec<UndeliveredCdrs> {
        self.undelivered
            .iter()
            .map(|message| UndeliveredCdrs {
                app_key: message.app_key.to_string(),
                url: message.url.to_string(),
                session_ids: session_ids(message),
                body: json(&message.body),
            })
            .collect()
    }
}

impl Entry {
    fn view(&self) -> PushView {
        let Entry { id, message, attempt } = self;
        let reply = attempt.outcome.as_ref().ok();
        PushView {
            id: *id,
            event: message.content.event_type(),
            session_ids: session_ids(message),
            app_key: message.app_key.to_string(),
            url: message.url.to_string(),
            attempt: attempt.attempt,
            time: attempt.time.clone(),
            nonce: attempt.nonce.clone(),
            created: attempt.created.clone(),
            signature: attempt.signature,
            fault: attempt.fault,
            body: json(attempt.spoilt.as_ref().unwrap_or(&message.body)),
            status: reply.map(|reply| reply.status),
            reply: reply.map(|reply| String::from_utf8_lossy(&reply.body).into_owned()),
            error: attempt.outcome.as_ref().err().cloned(),
            delivered: attempt.delivered,
        }
    }
}

fn session_ids(message: &Message) -> Vec<String> {
    message
        .calls
        .iter()
        .map(|(number, placed)| id::session_id(*number, *placed))
        .collect()
}

fn json(body: &Bytes) -> Value {
    serde_json::from_slice(body).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::Moment;
    use crate::push::message::Content;

    fn add(log: &mut PushLog, length: usize) -> u64 {
        let now = Moment::from_unix_millis(0);
        let calls = vec![(log.last_id + 1, now)];
        let message = Message::new(Content::Fee, "key".into(), "url".into(), calls, "x".repeat(length), now);
        let attempt = Attempt {
            attempt: 1,
            time: now.wire(),
            nonce: String::new(),
            created: String::new(),
            signature: "newest",
            fault: None,
            spoilt: None,
            outcome: Err("refused".to_owned()),
            delivered: false,
        };
        log.add(&Arc::new(message), attempt)
    }

    fn ids(log: &PushLog) -> Vec<u64> {
        log.after(0, None, usize::MAX).iter().map(|push| push.id).collect()
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many_or_they_are_too_large() {
        let mut log = PushLog::new(3);
        let added: Vec<_> = (0..5).map(|_| add(&mut log, 10)).collect();
        assert_eq!(ids(&log), added[2..]);
        let last = add(&mut log, BODIES_KEPT - 10);
        assert_eq!(ids(&log), [added[4], last]);
        add(&mut log, BODIES_KEPT + 1);
        assert_eq!(ids(&log), [0; 0]);
    }

    #[test]
    fn a_list_goes_on_after_an_id_and_may_be_about_one_call() {
        let mut log = PushLog::new(10);
        for _ in 0..3 {
            add(&mut log, 1);
        }
        let now = Moment::from_unix_millis(0);
        let of_second = log.after(0, Some(&id::session_id(2, now)), 10);
        assert_eq!(of_second.iter().map(|push| push.id).collect::<Vec<_>>(), [2]);
        assert_eq!(log.after(1, None, 1)[0].id, 2);
        assert_eq!(log.after(3, None, 1), []);
        assert_eq!(log.after(0, Some("no session"), 10), []);
    }
}
