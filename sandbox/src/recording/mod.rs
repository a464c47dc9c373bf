//! Recordings of callbacks: which call has one, what it is called, how long it is.
//!
//! Nothing is stored. A recording is a tone as long as the talk was, so the call's times are all there is to keep.

pub(crate) mod body;
pub(crate) mod link;
pub(crate) mod range;
pub(crate) mod wav;

use std::time::Duration;

use voicecall_core::sign::CreatedZone;

use crate::call::{Call, Leg};
use crate::moment::Moment;

/// `recordBucketName` of every CDR.
pub(crate) const BUCKET: &str = "sandbox-recordings";
/// `recordDomain` of every CDR. No such host exists: the recording call tells where the file is.
pub(crate) const DOMAIN: &str = "ostor.sandbox.invalid";
/// Calls under 3 seconds have no recording (contract requests.md 5).
const SHORTEST_SECONDS: u64 = 3;
/// Recordings are kept this long after the call (contract requests.md 5).
const KEPT: Duration = Duration::from_secs(7 * 24 * 3600);

/// The recording of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recording {
    pub(crate) file_name: String,
    pub(crate) start: Moment,
    pub(crate) end: Moment,
    /// Whole seconds between the two as the CDR shows them.
    pub(crate) seconds: u32,
}

/// The recording of a finished call, if there is one.
pub(crate) fn of(call: &Call) -> Option<Recording> {
    let (end, _) = call.record().end?;
    let start = call.record().leg(Leg::B).answer.filter(|_| call.order.record)?;
    let seconds = u64::try_from(end.unix_seconds() - start.unix_seconds()).ok()?;
    let seconds = u32::try_from(seconds).ok().filter(|_| seconds >= SHORTEST_SECONDS)?;
    Some(Recording {
        file_name: file_name(call),
        start,
        end,
        seconds,
    })
}

impl Recording {
    pub(crate) fn is_kept_at(&self, now: Moment) -> bool {
        now < self.end + KEPT
    }
}

fn file_name(call: &Call) -> String {
    format!("{}_{}.wav", call.placed.digits(&CreatedZone::Utc), call.number)
}

/// The number of the call in a file name. Whether it is that call's file, only the call can tell.
pub(crate) fn number_in(file_name: &str) -> Option<u64> {
    file_name.strip_suffix(".wav")?.split_once('_')?.1.parse().ok()
}
