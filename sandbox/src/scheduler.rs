//! The task that lets simulated time pass: it sleeps until something is due and has it done.

use std::sync::Arc;

use crate::platform::Platform;

/// Runs until its task is ended.
pub(crate) async fn run(platform: Arc<Platform>) {
    loop {
        match platform.do_what_is_due() {
            Some(next) => {
                tokio::select! {
                    () = tokio::time::sleep_until(next.into()) => {}
                    () = platform.something_sooner() => {}
                }
            }
            None => platform.something_sooner().await,
        }
        // With a fast clock there is always something due; others have to get a turn too.
        tokio::task::yield_now().await;
    }
}
