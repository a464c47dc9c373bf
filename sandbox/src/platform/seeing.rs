//! What can be seen of calls and pushes.

use std::sync::Arc;

use super::Platform;
use crate::call::view::CallView;
use crate::journal::JournalEntry;
use crate::lock::lock;
use crate::push::log::{PushView, UndeliveredCdrs};
use crate::recording::{self, Recording};

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
