//! Waiting for something to happen in a call, in pieces: between them a wait finds out that nobody wants it any more.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use voicecall_core::intake::{Condition, State};

use super::answer::{story, unknown_word};
use super::slot::Slot;
use crate::failure::Failure;

/// How long a wait that was given up goes on at most. A push that this process receives wakes it in the middle of a piece.
const PIECE: Duration = Duration::from_millis(250);
/// What there is to wait for beside states.
const MOMENTS: [&str; 3] = ["a_answered", "b_answered", "digits"];

/// What to wait for.
pub(super) struct Wait {
    pub(super) session_id: String,
    pub(super) condition: String,
    pub(super) deadline: Instant,
}

impl Wait {
    /// The story of the call; `null` when it has not come so far in time, or cannot any more.
    pub(super) fn run(&self, slot: &Slot, stop: &AtomicBool) -> Result<String, Failure> {
        let condition = Condition::from_id(&self.condition).ok_or_else(|| {
            let states = State::ALL.iter().map(|state| state.id());
            unknown_word("condition", states.chain(MOMENTS))
        })?;
        while !stop.load(Ordering::Relaxed) {
            if slot.is_closed() {
                return Err(Failure::intake_closed());
            }
            let started = Instant::now();
            let left = self.deadline.saturating_duration_since(started);
            let piece = left.min(PIECE);
            if let Some(call) = slot.intake()?.wait_for(&self.session_id, condition, piece)? {
                return Ok(story(&call).to_string());
            }
            // One that returns early knows that waiting is in vain.
            if left <= piece || started.elapsed() < piece {
                break;
            }
        }
        Ok("null".to_owned())
    }
}
