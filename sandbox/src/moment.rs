//! A point in simulated time, and the texts in which the platform writes it.

use std::ops::{Add, Sub};
use std::time::Duration;

use voicecall_core::sign::{self, CreatedZone};
use voicecall_core::webhook;

/// Milliseconds since 1970-01-01T00:00:00Z on the simulated clock. Pushes carry whole seconds of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Moment(i64);

impl Moment {
    /// The moment this many milliseconds after the epoch.
    pub(crate) const fn from_unix_millis(millis: i64) -> Moment {
        Moment(millis)
    }

    /// Milliseconds since the epoch.
    pub(crate) const fn unix_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch: what every text on the wire shows.
    pub(crate) const fn unix_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Hour of the day in Beijing, 0 to 23.
    pub(crate) fn hour_in_beijing(self) -> u8 {
        let seconds = self.unix_seconds() + CreatedZone::Beijing.offset_seconds();
        u8::try_from(seconds.rem_euclid(24 * 3600) / 3600).unwrap_or(0)
    }

    /// The first moment of the next second.
    pub(crate) const fn next_second(self) -> Moment {
        Moment((self.unix_seconds() + 1) * 1000)
    }

    /// `2019-01-24 03:04:24`, UTC, as pushes write times (contract pushes.md 6, D13).
    pub(crate) fn wire(self) -> String {
        webhook::time::pushed(self.unix_seconds())
    }

    /// `20190124030424` in this zone, as session ids (UTC) and record ids (Beijing) hold it.
    pub(crate) fn digits(self, zone: &CreatedZone) -> String {
        let text = sign::created(self.unix_seconds(), zone);
        text.chars().filter(char::is_ascii_digit).collect()
    }
}

impl Add<Duration> for Moment {
    type Output = Moment;

    fn add(self, length: Duration) -> Moment {
        Moment(self.0.saturating_add(millis(length)))
    }
}

impl Sub for Moment {
    type Output = Duration;

    /// The time from `earlier` to `self`; nothing when it is the other way round.
    fn sub(self, earlier: Moment) -> Duration {
        Duration::from_millis(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }
}

fn millis(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The times of the official CDR example (contract pushes.md 8.3): its icid holds Beijing time.
    const EXAMPLE: Moment = Moment::from_unix_millis(1_548_299_064_900);

    #[test]
    fn the_texts_of_the_official_example() {
        assert_eq!(EXAMPLE.wire(), "2019-01-24 03:04:24");
        assert_eq!(EXAMPLE.digits(&CreatedZone::Utc), "20190124030424");
        assert_eq!(EXAMPLE.digits(&CreatedZone::Beijing), "20190124110424");
    }

    #[test]
    fn a_second_ends_where_the_next_begins() {
        assert_eq!(EXAMPLE.next_second(), Moment(1_548_299_065_000));
        assert_eq!(
            EXAMPLE.next_second().next_second() - EXAMPLE.next_second(),
            Duration::from_secs(1)
        );
        assert_eq!(EXAMPLE - EXAMPLE.next_second(), Duration::ZERO);
    }
}
