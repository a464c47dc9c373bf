//! Pushes: what they say, how they are signed and sent, and what is kept of them (contract pushes.md 2 to 5).

pub(crate) mod batch;
pub(crate) mod client;
pub(crate) mod log;
pub(crate) mod message;
pub(crate) mod queue;
mod raw;
pub(crate) mod sender;
mod spoil;
pub(crate) mod status;

use std::time::Duration;

use voicecall_core::sign::CreatedZone;

/// How pushes are sent.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PushOptions {
    /// Real time that a receiver has for its answer. Not documented. Default: 5 s.
    pub timeout: Duration,
    /// Zone of `Created`. Default: Beijing, as the newest page says (contract pushes.md 3.2).
    pub created_zone: CreatedZone,
}

impl Default for PushOptions {
    fn default() -> PushOptions {
        PushOptions {
            timeout: Duration::from_secs(5),
            created_zone: CreatedZone::Beijing,
        }
    }
}
