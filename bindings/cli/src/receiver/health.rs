//! Whether pushes can be kept: what a load balancer has to know before it sends the next push here.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::time::timeout;

use super::desk::Desk;
use super::keeper::{Keeper, Push};

/// How long a proof holds. Who asks more often than that, or asks a receiver that is busy storing, costs no disk a write.
const HOLDS: Duration = Duration::from_secs(2);
/// Longest time for the store to prove itself: a store that takes longer lets pushes pile up.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is known about the store.
#[derive(Default)]
pub(super) struct Health {
    known: Mutex<Known>,
    asking: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Known {
    proof: Option<(Instant, bool)>,
    /// The push that could not be stored last, until a push is stored.
    failed: Option<Push>,
}

impl Health {
    /// Something proved it.
    pub(super) fn note(&self, can_write: bool) {
        self.known().proof = Some((Instant::now(), can_write));
    }

    /// A push was stored.
    pub(super) fn stored(&self) {
        self.note(true);
        self.known().failed = None;
    }

    /// A push could not be stored. It is tried again before the store counts as healthy: a disk that is nearly full has
    /// room for less than a push.
    pub(super) fn failed(&self, push: Push) {
        self.note(false);
        self.known().failed = Some(push);
    }

    /// What was proved lately, else what the store proves now.
    pub(super) async fn can_write(desk: &Arc<Desk>) -> bool {
        let health = &desk.health;
        if let Some(can_write) = health.proved() {
            return can_write;
        }
        let _asking = health.asking.lock().await;
        // Who asked meanwhile has it proved.
        if let Some(can_write) = health.proved() {
            return can_write;
        }
        let asked = Arc::clone(desk);
        // On the threads that pushes are stored on: when these are all stuck, the store is not healthy.
        let mut probe = tokio::task::spawn_blocking(move || asked.health.probe(&asked));
        let can_write = match timeout(PATIENCE, &mut probe).await {
            Ok(proved) => proved.unwrap_or(false),
            Err(_) => {
                probe.abort();
                tracing::error!("the store does not answer");
                false
            }
        };
        health.note(can_write);
        can_write
    }

    /// Tries to write. Blocks.
    fn probe(&self, desk: &Desk) -> bool {
        let Keeper::Store(intake) = &desk.keeper else {
            // Only a push can prove that it is kept.
            return self.known().proof.is_none_or(|(_, can_write)| can_write);
        };
        let failed = self.known().failed.take();
        if let Some(push) = failed {
            desk.keep(push, Instant::now());
            if self.known().failed.is_some() {
                return false;
            }
        }
        match intake.probe() {
            Ok(()) => true,
            Err(error) => {
                tracing::error!(%error, "the store cannot write");
                false
            }
        }
    }

    fn proved(&self) -> Option<bool> {
        let (at, can_write) = self.known().proof?;
        (at.elapsed() < HOLDS).then_some(can_write)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
