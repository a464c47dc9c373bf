//! The two clocks: simulated time, in which calls live, and the platform's wall clock, which signatures are checked with.
//!
//! They are apart on purpose. A call may take a second where its CDR tells a minute, while `Created` has to be close to
//! the time that the other side's computer shows.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::moment::Moment;

/// Simulated time: starts at the wall clock's time and runs `speed` times as fast.
#[derive(Debug)]
pub(crate) struct Clock {
    started: Instant,
    origin: Moment,
    speed: f64,
}

impl Clock {
    pub(crate) fn start(origin: Moment, speed: f64) -> Clock {
        Clock {
            started: Instant::now(),
            origin,
            speed,
        }
    }

    pub(crate) fn now(&self) -> Moment {
        self.origin + self.started.elapsed().mul_f64(self.speed)
    }

    /// When a simulated moment comes, in real time.
    pub(crate) fn instant_of(&self, moment: Moment) -> Instant {
        let real = (moment - self.origin).as_secs_f64() / self.speed;
        // Beyond any real wait; also what a speed close to zero asks for.
        let real = real.min(FAR_AWAY.as_secs_f64());
        self.started + Duration::from_secs_f64(real)
    }
}

/// Ten years.
const FAR_AWAY: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

/// The platform's wall clock, which may be set wrong to try out a client's clock correction (contract requests.md 18, D15).
#[derive(Debug, Clone, Copy)]
pub(crate) struct WallClock {
    pub(crate) offset_seconds: i64,
}

impl WallClock {
    pub(crate) fn unix_seconds(self) -> i64 {
        unix_millis_of_this_machine() / 1000 + self.offset_seconds
    }
}

/// Where simulated time begins.
pub(crate) fn machine_time() -> Moment {
    Moment::from_unix_millis(unix_millis_of_this_machine())
}

fn unix_millis_of_this_machine() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_clock_reaches_a_far_moment_soon() {
        let origin = Moment::from_unix_millis(1_000_000);
        let clock = Clock::start(origin, 3600.0);
        let hour_later = clock.instant_of(origin + Duration::from_secs(3600));
        assert_eq!(hour_later - clock.started, Duration::from_secs(1));
        assert!(clock.now() >= origin);
    }

    #[test]
    fn a_moment_beyond_all_waiting_is_still_a_moment() {
        let origin = Moment::from_unix_millis(0);
        let clock = Clock::start(origin, 1e-12);
        assert_eq!(clock.instant_of(origin + FAR_AWAY) - clock.started, FAR_AWAY);
    }
}
