//! Times as the platform pushes them: text `yyyy-MM-dd HH:mm:ss` in UTC (contract pushes.md 6, D13).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::time::{Duration, SystemTime};

use ::time::{Date, Month};

use crate::sign::{self, CreatedZone};

/// A point in time from a push: UTC, whole seconds. The text is kept as it came.
///
/// Compares by time alone, so two texts of one instant are equal. Displays as RFC 3339: `2019-01-24T03:04:24Z`.
#[derive(Debug, Clone)]
pub struct Timestamp<'a> {
    unix_seconds: i64,
    text: Cow<'a, str>,
}

impl<'a> Timestamp<'a> {
    /// Reads a pushed time. Runs of blanks are accepted: early messages had two between date and time.
    pub fn parse(text: impl Into<Cow<'a, str>>) -> Option<Timestamp<'a>> {
        let text = text.into();
        Some(Timestamp {
            unix_seconds: seconds(&text)?,
            text,
        })
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix_seconds(&self) -> i64 {
        self.unix_seconds
    }

    /// The text as it came.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same time, no longer borrowed from its message.
    pub fn into_owned(self) -> Timestamp<'static> {
        Timestamp {
            unix_seconds: self.unix_seconds,
            text: Cow::Owned(self.text.into_owned()),
        }
    }

    /// The same time as the standard library writes it. `None` where this system's clock does not reach.
    pub fn to_system_time(&self) -> Option<SystemTime> {
        let distance = Duration::from_secs(self.unix_seconds.unsigned_abs());
        if self.unix_seconds < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(distance)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(distance)
        }
    }
}

impl fmt::Display for Timestamp<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&sign::created(self.unix_seconds, &CreatedZone::Utc))
    }
}

impl PartialEq for Timestamp<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.unix_seconds == other.unix_seconds
    }
}

impl Eq for Timestamp<'_> {}

impl PartialOrd for Timestamp<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.unix_seconds.cmp(&other.unix_seconds)
    }
}

/// A time as the platform writes it in a push; for whoever plays the platform.
pub fn pushed(unix_seconds: i64) -> String {
    sign::created(unix_seconds, &CreatedZone::Utc)
        .replace('T', " ")
        .replace('Z', "")
}

/// Unix seconds of a pushed time.
#[inline]
pub(super) fn seconds(text: &str) -> Option<i64> {
    usual_seconds(text.as_bytes()).or_else(|| unusual_seconds(text))
}

#[inline]
fn usual_seconds(text: &[u8]) -> Option<i64> {
    let (date, [b' ', clock @ ..]) = text.split_at_checked(10)? else {
        return None;
    };
    calendar(date, clock)
}

/// With more blanks than needed.
#[cold]
fn unusual_seconds(text: &str) -> Option<i64> {
    let text = text.trim_matches(is_blank);
    let (date, rest) = text.split_at_checked(10)?;
    let clock = rest.trim_start_matches(is_blank);
    // No blank at all would glue date and time together.
    if clock.len() == rest.len() {
        return None;
    }
    calendar(date.as_bytes(), clock.as_bytes())
}

/// The clock reading of a `Created` text, `yyyy-MM-ddTHH:mm:ssZ`, as if it were UTC. Exact: no other text stands for the
/// same time, so a signature cannot be reused by moving characters between nonce and time.
pub fn created_seconds(text: &str) -> Option<i64> {
    let (date, clock) = text.strip_suffix('Z')?.split_once('T')?;
    calendar(date.as_bytes(), clock.as_bytes())
}

fn is_blank(c: char) -> bool {
    c == ' ' || c == '\t'
}

/// The Julian day of 1970-01-01.
const EPOCH_JULIAN_DAY: i32 = 2_440_588;

/// `yyyy-MM-dd` and `HH:mm:ss`.
#[inline]
fn calendar(date: &[u8], clock: &[u8]) -> Option<i64> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *date else {
        return None;
    };
    let [h1, h2, b':', n1, n2, b':', s1, s2] = *clock else {
        return None;
    };
    let year = i32::from(two(y1, y2)?) * 100 + i32::from(two(y3, y4)?);
    let month = Month::try_from(two(m1, m2)?).ok()?;
    let date = Date::from_calendar_date(year, month, two(d1, d2)?).ok()?;
    let (hour, minute, second) = (two(h1, h2)?, two(n1, n2)?, two(s1, s2)?);
    // By hand, because a message of 50 CDRs has 900 of these to do: with a date-time of the crate they take twice as long.
    let days = i64::from(date.to_julian_day() - EPOCH_JULIAN_DAY);
    let within = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    (hour < 24 && minute < 60 && second < 60).then_some(days * 86_400 + within)
}

/// The number that two decimal digits write.
#[inline]
fn two(tens: u8, ones: u8) -> Option<u8> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + (ones - b'0'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Timestamp, created_seconds, pushed, seconds};

    #[test]
    fn pushed_times_are_utc() {
        let time = Timestamp::parse("2019-01-24 03:04:24").unwrap();
        assert_eq!(time.unix_seconds(), 1_548_299_064);
        assert_eq!(time.to_string(), "2019-01-24T03:04:24Z");
    }

    #[test]
    fn runs_of_blanks_are_accepted_and_the_text_is_kept() {
        for text in ["2019-01-24  03:04:24", " 2019-01-24\t 03:04:24 ", "2019-01-24 03:04:24"] {
            let time = Timestamp::parse(text).unwrap();
            assert_eq!((time.unix_seconds(), time.text()), (1_548_299_064, text));
        }
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            " ",
            "2019-01-24",
            "2019-01-2403:04:24",
            "2019-01-24T03:04:24Z",
            "2019-02-29 03:04:24",
            "2019-13-01 03:04:24",
            "2019-01-24 24:00:00",
            "2019-01-24 03:60:24",
            "2019-01-24 03:04:60",
            "2019-1-24 03:04:24",
            "2019-01-24 3:04:24",
            "2019-01-24 03:04:24.5",
            "2019-01-24 03:04:2a",
            "2019-01-24 03:04:2/",
            "2019-01-24 03:04: 4",
            "+019-01-24 03:04:24",
            "1548299064",
            "2019-01-24 03:04:2４",
            "语音语音语音 03:04:24",
        ] {
            assert_eq!(seconds(text), None, "{text:?}");
        }
    }

    #[test]
    fn created_is_read_in_exactly_one_form() {
        assert_eq!(created_seconds("2018-02-12T15:30:20Z"), Some(1_518_449_420));
        for text in [
            "2018-02-12T15:30:20",
            "2018-02-12 15:30:20Z",
            "2018-02-12T15:30:20.000Z",
            "12018-02-12T15:30:20Z",
        ] {
            assert_eq!(created_seconds(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(unix_seconds in -62_167_219_200_i64..=253_402_300_799) {
            prop_assert_eq!(seconds(&pushed(unix_seconds)), Some(unix_seconds));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,30}") {
            let _ = (seconds(&text), created_seconds(&text));
        }
    }
}
