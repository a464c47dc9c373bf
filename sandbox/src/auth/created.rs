//! Whether `Created` is close to the platform's clock. Its zone is in conflict: UTC on some pages, UTC+8 on others, with a
//! literal `Z` on both (contract requests.md 2.3, D1).

use serde::{Deserialize, Serialize};
use voicecall_core::sign::CreatedZone;
use voicecall_core::webhook::time;

/// In which zone `Created` is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AcceptedZone {
    /// Whichever fits.
    Either,
    /// UTC only, as the older pages say.
    Utc,
    /// UTC+8 only, as the pages of 2026-01-27 say.
    Beijing,
}

impl AcceptedZone {
    fn zones(self) -> &'static [CreatedZone] {
        match self {
            AcceptedZone::Either => &[CreatedZone::Utc, CreatedZone::Beijing],
            AcceptedZone::Utc => &[CreatedZone::Utc],
            AcceptedZone::Beijing => &[CreatedZone::Beijing],
        }
    }
}

/// Whether the text, read in an accepted zone, lies within the tolerance. A text of another form never does.
pub(crate) fn is_fresh(created: &str, accepted: AcceptedZone, tolerance_seconds: u32, unix_seconds: i64) -> bool {
    let Some(written) = time::created_seconds(created) else {
        return false;
    };
    let near =
        |zone: &CreatedZone| (written - zone.offset_seconds()).abs_diff(unix_seconds) <= tolerance_seconds.into();
    accepted.zones().iter().any(near)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_518_449_420;
    const UTC: &str = "2018-02-12T15:30:20Z";
    const BEIJING: &str = "2018-02-12T23:30:20Z";

    #[test]
    fn both_zones_are_read_unless_one_is_chosen() {
        let fresh = |created, accepted| is_fresh(created, accepted, 300, NOW);
        assert!(fresh(UTC, AcceptedZone::Either) && fresh(BEIJING, AcceptedZone::Either));
        assert!(fresh(UTC, AcceptedZone::Utc) && !fresh(BEIJING, AcceptedZone::Utc));
        assert!(!fresh(UTC, AcceptedZone::Beijing) && fresh(BEIJING, AcceptedZone::Beijing));
    }

    #[test]
    fn the_tolerance_holds_both_ways_and_to_the_second() {
        for (off, fresh) in [(300, true), (-300, true), (301, false), (-301, false)] {
            assert_eq!(is_fresh(UTC, AcceptedZone::Utc, 300, NOW + off), fresh, "{off}");
        }
    }

    #[test]
    fn another_form_is_never_fresh() {
        for text in [
            "",
            "2018-02-12 15:30:20",
            "2018-02-12T15:30:20+",
            "2018-13-12T15:30:20Z",
            "2018-02-12T25:30:20Z",
            "2018-02-1xT15:30:20Z",
        ] {
            assert!(!is_fresh(text, AcceptedZone::Either, u32::MAX, NOW), "{text}");
        }
    }
}
