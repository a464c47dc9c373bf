//! A push on its way: to whom, in whose name, and what it says.

use std::sync::atomic::{AtomicU32, AtomicUsize};
use std::sync::{Arc, OnceLock};

use axum::body::Bytes;

use crate::call::event::EventKind;
use crate::moment::Moment;

/// A message that is pushed, perhaps more than once.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) content: Content,
    pub(crate) app_key: Arc<str>,
    pub(crate) url: Arc<str>,
    /// The address that is signed, where it is not the one that the message goes to.
    pub(crate) signed_url: Option<Arc<str>>,
    /// The calls it is about, by number and time.
    pub(crate) calls: Vec<(u64, Moment)>,
    pub(crate) body: Bytes,
    /// When it is to be sent for the first time.
    pub(crate) due: Moment,
    /// How often it was sent.
    pub(crate) attempts: AtomicU32,
    /// Nonce and time of the first attempt, where later ones keep them.
    pub(crate) first_signature: OnceLock<(String, String)>,
    /// Calls with earlier pushes on their way; the message waits for them.
    pub(crate) waiting_for: AtomicUsize,
}

/// What a message tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// One event.
    Status(EventKind),
    /// One or more CDRs.
    Fee,
}

impl Content {
    /// The text of `eventType`.
    pub(crate) fn event_type(self) -> &'static str {
        match self {
            Content::Status(kind) => kind.wire(),
            Content::Fee => "fee",
        }
    }
}

impl Message {
    pub(crate) fn new(
        content: Content,
        app_key: Arc<str>,
        url: Arc<str>,
        calls: Vec<(u64, Moment)>,
        body: String,
        due: Moment,
    ) -> Message {
        Message {
            content,
            app_key,
            url,
            signed_url: None,
            calls,
            body: body.into(),
            due,
            attempts: AtomicU32::new(0),
            first_signature: OnceLock::new(),
            waiting_for: AtomicUsize::new(0),
        }
    }
}
