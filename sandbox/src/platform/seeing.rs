//! What can be seen of calls and pushes, and what is written into the journal beside them.

use std::sync::Arc;

use voicecall_core::operation::Operation;

use super::Platform;
use crate::call::view::CallView;
use crate::cdr;
use crate::faults::Fault;
use crate::journal::{JournalEntry, What};
use crate::lock::lock;
use crate::moment::Moment;
use crate::push::log::{PushView, UndeliveredCdrs};
use crate::recording::{self, Recording};
use crate::refusal::Refusal;

impl Platform {
    /// The recording with this name, while it is kept, and the application it belongs to.
    pub(crate) fn recording(&self, file_name: &str) -> Option<(Recording, Arc<str>)> {
        let now = self.clock.now();
        let world = lock(&self.world);
        let call = world.calls.get(recording::number_in(file_name)?)?;
        let recording = recording::of(call)?;
        let found = recording.file_name == file_name && recording.is_kept_at(now);
        found.then(|| (recording, Arc::clone(&call.order.app_key)))
    }

    /// The call with this session id.
    pub(crate) fn call(&self, session_id: &str) -> Option<CallView> {
        lock(&self.world).calls.find(session_id).map(CallView::new)
    }

    /// The calls that were placed after this one, or all, at most `limit`.
    pub(crate) fn calls(&self, after: Option<&str>, limit: usize) -> Vec<CallView> {
        let world = lock(&self.world);
        let number = after.and_then(|id| world.calls.find(id)).map_or(0, |call| call.number);
        world.calls.after(number, limit).map(CallView::new).collect()
    }

    /// The newest calls, so many, in the order in which they were placed.
    pub(crate) fn newest_calls(&self, count: usize) -> Vec<CallView> {
        let world = lock(&self.world);
        let mut newest: Vec<_> = world.calls.newest(count).map(CallView::new).collect();
        newest.reverse();
        newest
    }

    /// The CDR of a call that is over.
    pub(crate) fn cdr(&self, session_id: &str) -> Option<String> {
        let sp_id = &self.account().sp_id;
        cdr::json(lock(&self.world).calls.find(session_id)?, sp_id, &self.options.choices)
    }

    /// The number of the journal's newest line.
    pub(crate) fn last_sequence(&self) -> u64 {
        lock(&self.world).journal.last_sequence()
    }

    /// Writes into the journal that a fault struck here.
    pub(crate) fn tell_fault(&self, fault: &Fault, on: &'static str, call: Option<(u64, Moment)>) {
        self.tell(call, What::Fault { kind: fault.fault, on });
    }

    /// Writes into the journal that a request was refused.
    pub(crate) fn tell_refusal(&self, operation: &'static Operation, refusal: &Refusal) {
        let code = refusal.code.as_str().into();
        self.tell(
            None,
            What::Refused {
                operation: operation.name,
                code,
            },
        );
    }

    fn tell(&self, call: Option<(u64, Moment)>, what: What) {
        let now = self.clock.now();
        lock(&self.world).journal.write(now, call, what);
        self.tell_news();
    }

    pub(crate) fn journal(&self, after: u64, limit: usize) -> Vec<JournalEntry> {
        lock(&self.world).journal.after(after, limit)
    }

    pub(crate) fn pushes(&self, after: u64, session_id: Option<&str>, limit: usize) -> Vec<PushView> {
        lock(&self.log).after(after, session_id, limit)
    }

    pub(crate) fn undelivered(&self) -> Vec<UndeliveredCdrs> {
        lock(&self.log).undelivered()
    }
}
