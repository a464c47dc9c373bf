//! The two clocks: simulated time, in which calls live, and the platform's wall clock, which signatures are checked with.
//!
//! They are apart on purpose. A call may take a second where its CDR tells a minute, while `Created` has to be close to
//! the time that the other side's computer shows.

use std::sync::RwLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::lock::{read, write};
use crate::moment::Moment;

/// Simulated time: starts at the wall clock's time and runs `speed` times as fast, unless it is paused.
#[derive(Debug)]
pub(crate) struct Clock {
    state: RwLock<State>,
}

/// Where simulated time was at an instant, and how it has gone on since.
#[derive(Debug, Clone, Copy)]
struct State {
    at: Instant,
    origin: Moment,
    speed: f64,
    paused: bool,
}

impl State {
    fn moment_at(&self, instant: Instant) -> Moment {
        match self.paused {
            true => self.origin,
            false => self.origin + instant.saturating_duration_since(self.at).mul_f64(self.speed),
        }
    }
}

impl Clock {
    pub(crate) fn start(origin: Moment, speed: f64, paused: bool) -> Clock {
        let at = Instant::now();
        Clock {
            state: RwLock::new(State {
                at,
                origin,
                speed,
                paused,
            }),
        }
    }

    pub(crate) fn now(&self) -> Moment {
        read(&self.state).moment_at(Instant::now())
    }

    pub(crate) fn speed(&self) -> f64 {
        read(&self.state).speed
    }

    pub(crate) fn is_paused(&self) -> bool {
        read(&self.state).paused
    }

    /// When a simulated moment comes, in real time. Nobody knows when the clock is paused; it is far away then.
    pub(crate) fn instant_of(&self, moment: Moment) -> Instant {
        let state = *read(&self.state);
        if state.paused {
            return state.at + FAR_AWAY;
        }
        let real = (moment - state.origin).as_secs_f64() / state.speed;
        // Beyond any real wait; also what a speed close to zero asks for.
        state.at + Duration::from_secs_f64(real.min(FAR_AWAY.as_secs_f64()))
    }

    /// Goes on from now at this speed, or stands still; what is `None` stays as it is.
    pub(crate) fn set(&self, speed: Option<f64>, paused: Option<bool>) {
        self.change(|state| {
            state.speed = speed.unwrap_or(state.speed);
            state.paused = paused.unwrap_or(state.paused);
        });
    }

    /// Leaps ahead.
    pub(crate) fn step(&self, length: Duration) {
        self.change(|state| state.origin = state.origin + length);
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = write(&self.state);
        let at = Instant::now();
        state.origin = state.moment_at(at);
        state.at = at;
        change(&mut state);
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

    const ORIGIN: Moment = Moment::from_unix_millis(1_000_000);

    #[test]
    fn a_fast_clock_reaches_a_far_moment_soon() {
        let clock = Clock::start(ORIGIN, 3600.0, false);
        let begun = clock.instant_of(ORIGIN);
        let hour_later = clock.instant_of(ORIGIN + Duration::from_secs(3600));
        assert_eq!(hour_later - begun, Duration::from_secs(1));
        assert!(clock.now() >= ORIGIN);
    }

    #[test]
    fn a_moment_beyond_all_waiting_is_still_a_moment() {
        let clock = Clock::start(ORIGIN, 1e-12, false);
        assert_eq!(clock.instant_of(ORIGIN + FAR_AWAY) - clock.instant_of(ORIGIN), FAR_AWAY);
    }

    #[test]
    fn a_paused_clock_moves_only_when_it_is_stepped() {
        let clock = Clock::start(ORIGIN, 1_000_000.0, true);
        assert_eq!(clock.now(), ORIGIN);
        clock.step(Duration::from_secs(90));
        assert_eq!(clock.now(), ORIGIN + Duration::from_secs(90));
        clock.set(Some(1e-9), Some(false));
        assert_eq!(
            clock.now(),
            ORIGIN + Duration::from_secs(90),
            "it goes on from where it stood"
        );
        assert_eq!((clock.speed(), clock.is_paused()), (1e-9, false));
    }
}
