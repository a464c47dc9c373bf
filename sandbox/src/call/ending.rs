//! How a call ended, and the three causes that its CDR tells about it.

use voicecall_core::codes::Table;

use crate::call::{Leg, Party};
use crate::destiny::{self, Fate};

/// An ordinary end: somebody hung up after everybody had answered.
pub(crate) const NORMAL: u16 = 0;
/// Nobody answered in time.
pub(crate) const RANG_OUT: u16 = 8003;
/// A phone was hung up while it rang.
pub(crate) const HUNG_UP_WHILE_RINGING: u16 = 8004;
/// Nobody pressed a key in time.
pub(crate) const NO_KEY: u16 = 8008;
/// The caller hung up before the callee answered.
pub(crate) const CALLER_GAVE_UP: u16 = 8009;
/// The longest duration was reached.
pub(crate) const LIMIT_REACHED: u16 = 8010;
/// The callee hung up, or the callee's line is suspended.
const CALLEE_HUNG_UP: u16 = 8105;
/// The customer ordered the end by callStop.
pub(crate) const STOPPED: u16 = 8017;

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ending {
    pub(crate) state_code: u16,
    /// The phone that hung up or failed; A when the platform ended the call.
    pub(crate) leg: Leg,
    pub(crate) by: Party,
    /// The leg was dialled and never answered.
    pub(crate) unanswered: bool,
    pub(crate) told: ToldCauses,
}

/// Causes that a phone's rule names, instead of those that follow from the stateCode.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ToldCauses {
    pub(crate) release_point: Option<u16>,
    pub(crate) q850: Option<u16>,
    pub(crate) sip: Option<u16>,
}

/// `ulFailReason`, Q.850 cause and SIP status of a CDR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Causes {
    pub(crate) release_point: u16,
    pub(crate) q850: u16,
    pub(crate) sip: u16,
}

impl Ending {
    /// The text of `stateDesc`. Only the official one of code 0 is known; the others are the code table's meanings.
    pub(crate) fn description(&self) -> &'static str {
        if self.state_code == NORMAL {
            return "The user releases the call.";
        }
        let row = Table::State.find(i64::from(self.state_code));
        let meaning = row.and_then(|row| row.meaning.as_deref()).unwrap_or_default();
        // stateDesc is String(1-128).
        meaning
            .char_indices()
            .nth(128)
            .map_or(meaning, |(end, _)| &meaning[..end])
    }

    /// What the CDR tells. A leg that was answered did not fail, so it has neither Q.850 cause nor SIP status.
    pub(crate) fn causes(&self) -> Causes {
        let fate = destiny::fate(self.state_code).filter(|_| self.unanswered);
        Causes {
            release_point: self.told.release_point.unwrap_or_else(|| self.release_point()),
            q850: self.told.q850.unwrap_or(fate.map_or(0, |fate: Fate| fate.q850)),
            sip: self.told.sip.unwrap_or(fate.map_or(0, |fate| fate.sip)),
        }
    }

    fn release_point(&self) -> u16 {
        match (self.state_code, self.leg) {
            // Observed where B rejected the call (contract pushes.md 8.2); 520 is the same for the local user, A.
            (HUNG_UP_WHILE_RINGING | CALLEE_HUNG_UP, Leg::B) => 518,
            (HUNG_UP_WHILE_RINGING, Leg::A) => 520,
            // "Play-and-collect received no digits": the row that names the cause of 8008.
            (NO_KEY, _) => 100,
            // Most state codes stand in the table of release points too, with the same meaning.
            (code, _) if Table::ReleasePoint.find(i64::from(code)).is_some() => code,
            // The rest went with the privacy services: "Service exception".
            _ => 8020,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ending(state_code: u16, leg: Leg, unanswered: bool) -> Ending {
        let by = Party::Callee;
        Ending {
            state_code,
            leg,
            by,
            unanswered,
            told: ToldCauses::default(),
        }
    }

    #[test]
    fn a_rejecting_callee_leaves_the_observed_causes() {
        let causes = ending(HUNG_UP_WHILE_RINGING, Leg::B, true).causes();
        assert_eq!((causes.release_point, causes.q850, causes.sip), (518, 0, 480));
    }

    #[test]
    fn a_busy_phone_leaves_q850_17_and_sip_486() {
        let causes = ending(8102, Leg::B, true).causes();
        assert_eq!((causes.release_point, causes.q850, causes.sip), (8102, 17, 486));
    }

    #[test]
    fn an_ordinary_end_leaves_zeros() {
        let causes = ending(NORMAL, Leg::B, false).causes();
        assert_eq!((causes.release_point, causes.q850, causes.sip), (0, 0, 0));
    }

    #[test]
    fn every_release_point_and_q850_cause_stands_in_its_table() {
        for row in Table::State.rows() {
            for leg in [Leg::A, Leg::B] {
                let ending = ending(u16::try_from(row.first).unwrap(), leg, true);
                let causes = ending.causes();
                assert!(
                    Table::ReleasePoint.find(i64::from(causes.release_point)).is_some(),
                    "{}",
                    row.code
                );
                assert!(Table::Q850.find(i64::from(causes.q850)).is_some(), "{}", row.code);
                assert!(
                    (1..=128).contains(&ending.description().chars().count()),
                    "{}",
                    row.code
                );
            }
        }
    }
}
