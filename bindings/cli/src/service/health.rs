//! Whether the store can write: what a load balancer has to know before it sends the next push here.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::time::timeout;
use voicecall_core::intake::Intake;

/// How long a proof holds. Who asks more often than that, or asks a receiver that is busy storing, costs no disk a write.
const HOLDS: Duration = Duration::from_secs(2);
/// Longest time for the store to prove itself: a store that takes longer lets pushes pile up.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is known about the store.
#[derive(Default)]
pub(super) struct Health {
    proof: Mutex<Option<Proof>>,
    asking: tokio::sync::Mutex<()>,
}

#[derive(Clone, Copy)]
struct Proof {
    at: Instant,
    can_write: bool,
}

impl Health {
    /// A push proved it.
    pub(super) fn note(&self, can_write: bool) {
        let proof = Proof {
            at: Instant::now(),
            can_write,
        };
        *self.proof.lock().unwrap_or_else(PoisonError::into_inner) = Some(proof);
    }

    /// What was proved lately, else what the store proves now.
    pub(super) async fn can_write(&self, intake: &Intake) -> bool {
        if let Some(can_write) = self.proved() {
            return can_write;
        }
        let _asking = self.asking.lock().await;
        // Who asked meanwhile has it proved.
        if let Some(can_write) = self.proved() {
            return can_write;
        }
        let intake = intake.clone();
        // On the threads that pushes are stored on: when these are all stuck, the store is not healthy.
        let probe = tokio::task::spawn_blocking(move || intake.probe());
        let can_write = match timeout(PATIENCE, probe).await {
            Ok(Ok(Ok(()))) => true,
            Ok(Ok(Err(error))) => {
                tracing::error!(%error, "the store cannot write");
                false
            }
            Ok(Err(_)) | Err(_) => {
                tracing::error!("the store does not answer");
                false
            }
        };
        self.note(can_write);
        can_write
    }

    fn proved(&self) -> Option<bool> {
        let proof = (*self.proof.lock().unwrap_or_else(PoisonError::into_inner))?;
        (proof.at.elapsed() < HOLDS).then_some(proof.can_write)
    }
}
