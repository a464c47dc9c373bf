//! Waiting for something to be seen, so that no test has to sleep: a look that finds nothing is repeated when there is news.

use std::time::Duration;

use tokio::time::Instant;

use crate::platform::Platform;

/// Longest wait of one request, in seconds of real time.
const LONGEST: f64 = 60.0;

/// Looks until `look` finds something or the time is over. Without a time it looks once.
pub(crate) async fn until<T>(platform: &Platform, seconds: Option<f64>, look: impl Fn() -> Option<T>) -> Option<T> {
    let seconds = seconds.filter(|seconds| *seconds > 0.0).unwrap_or(0.0).min(LONGEST);
    let deadline = Instant::now() + Duration::from_secs_f64(seconds);
    // Subscribed before the first look, so that nothing between look and wait is missed.
    let mut news = platform.news();
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        match tokio::time::timeout_at(deadline, news.changed()).await {
            Ok(Ok(())) => {}
            _ => return look(),
        }
    }
}
