//! The clock by which requests are signed, and its one correction per call (contract requests.md 2.3 and 18, D1, D15).

use crate::sign::CreatedZone;

/// A difference to the platform's clock up to this many seconds is not taken for the cause of a refusal (D15).
const TOLERATED_SKEW: i64 = 60;

/// How `Created` is made from the local time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clock {
    /// Seconds to add to the local time.
    pub(crate) skew: i64,
    /// Zone to write it in.
    pub(crate) zone: CreatedZone,
}

impl Clock {
    pub(crate) fn new(zone: CreatedZone) -> Clock {
        Clock { skew: 0, zone }
    }

    /// What to try after the platform refused a request for its time: exactly one thing changes. A clock that is off
    /// is set by the answer's `Date`; a clock that is right has the wrong zone.
    pub(crate) fn corrected(&self, local_now: i64, date: Option<i64>) -> Clock {
        match date.map(|date| date - local_now) {
            Some(skew) if (skew - self.skew).abs() > TOLERATED_SKEW => Clock {
                skew,
                zone: self.zone.clone(),
            },
            _ => Clock {
                skew: self.skew,
                zone: other_zone(&self.zone),
            },
        }
    }
}

fn other_zone(zone: &CreatedZone) -> CreatedZone {
    match zone {
        CreatedZone::Beijing => CreatedZone::Utc,
        _ => CreatedZone::Beijing,
    }
}

/// Seconds since 1970 of an HTTP `Date`.
pub(crate) fn http_date(text: &str) -> Option<i64> {
    let time = httpdate::parse_http_date(text).ok()?;
    unix_seconds(time)
}

/// Seconds since 1970, rounded down.
pub(crate) fn unix_seconds(time: std::time::SystemTime) -> Option<i64> {
    match time.duration_since(std::time::UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).ok(),
        Err(before) => i64::try_from(before.duration().as_secs()).ok().map(|seconds| -seconds),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_770_000_000;

    #[test]
    fn a_wrong_clock_is_set_and_the_zone_kept() {
        let corrected = Clock::new(CreatedZone::Utc).corrected(NOW, Some(NOW + 61));
        assert_eq!(
            corrected,
            Clock {
                skew: 61,
                zone: CreatedZone::Utc
            }
        );
    }

    #[test]
    fn a_right_clock_changes_the_zone() {
        for date in [Some(NOW + 60), Some(NOW - 60), None] {
            let corrected = Clock::new(CreatedZone::Utc).corrected(NOW, date);
            assert_eq!(
                corrected,
                Clock {
                    skew: 0,
                    zone: CreatedZone::Beijing
                },
                "{date:?}"
            );
        }
    }

    #[test]
    fn a_skew_that_is_already_corrected_is_not_corrected_again() {
        let clock = Clock {
            skew: 3600,
            zone: CreatedZone::Beijing,
        };
        assert_eq!(
            clock.corrected(NOW, Some(NOW + 3610)),
            Clock {
                skew: 3600,
                zone: CreatedZone::Utc
            }
        );
    }

    #[test]
    fn date_header_is_read() {
        assert_eq!(http_date("Mon, 12 Feb 2018 15:30:20 GMT"), Some(1_518_449_420));
        assert_eq!(http_date("yesterday"), None);
    }
}
