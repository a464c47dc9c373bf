//! What a number brings about, so that a test needs no set-up (the numbers are the magic numbers of this platform).
//!
//! A number whose last seven digits are a known result code makes the request fail with that code. A number whose last
//! four digits are a known stateCode makes the call end with it, at the stage that the code's meaning names. Both lists
//! are the contract's code tables; nothing is enumerated here but the stages.

use voicecall_core::codes::Table;

use crate::call::Party;

/// The result code that a number makes its request fail with.
pub(crate) fn refusal_of(number: &str) -> Option<&str> {
    let tail = last_digits(number, 7)?;
    Table::Result.find_text(tail).map(|_| tail)
}

/// The stateCode that a number makes its call end with.
pub(crate) fn state_code_of(number: &str) -> Option<u16> {
    let code = last_digits(number, 4)?.parse().ok()?;
    fate(code).map(|_| code)
}

fn last_digits(number: &str, count: usize) -> Option<&str> {
    let tail = number.get(number.len().checked_sub(count)?..)?;
    tail.bytes().all(|byte| byte.is_ascii_digit()).then_some(tail)
}

/// How far a call comes before its fate strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The number was dialled and did not ring: `callout`, then `disconnect`.
    Dialled,
    /// It rang and was refused: `callout`, `alerting`, then `disconnect`.
    Rung,
    /// It rang until the platform gave up.
    RungOut,
    /// It answered, and the first thing to be played failed.
    Answered,
    /// Play-and-collect got no key. In a call that collects nothing: as [`Answered`](Stage::Answered).
    Collecting,
    /// The caller hung up while the callee's phone rang.
    Waiting,
    /// Everybody had answered.
    Connected,
    /// In the middle of the talk.
    Talking,
    /// The longest duration was reached.
    Limit,
}

/// How a call with a certain stateCode ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fate {
    pub(crate) stage: Stage,
    /// Who ended the call: the party with the phone in question, or the platform.
    pub(crate) by: By,
    /// Q.850 cause of the leg that failed; 0 where the leg itself did not fail.
    pub(crate) q850: u16,
    /// SIP status of the leg that failed, by the mapping of RFC 3398 where there is a Q.850 cause.
    pub(crate) sip: u16,
}

/// Who ended a call, in terms of its fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Phone,
    Caller,
    Platform,
}

impl By {
    /// The party, when `phone` is the one whose phone it is about.
    pub(crate) fn party(self, phone: Party) -> Party {
        match self {
            By::Phone => phone,
            By::Caller => Party::Caller,
            By::Platform => Party::Platform,
        }
    }
}

/// The fate behind a stateCode of the table; `None` for 0 (an ordinary end) and for codes that the table does not have.
pub(crate) fn fate(state_code: u16) -> Option<Fate> {
    let code = Table::State
        .find(i64::from(state_code))
        .filter(|code| code.first != 0)?;
    let (stage, by, q850, sip) = match code.first {
        // A failure announcement comes as early media, so nothing rang.
        8002 => (Stage::Dialled, By::Phone, 0, 480),
        8003 => (Stage::RungOut, By::Platform, 19, 480),
        // Observed where the callee rejected: SIP 480 and no Q.850 cause (contract pushes.md 8.2).
        8004 | 8105 => (Stage::Rung, By::Phone, 0, 480),
        8005..=8007 => (Stage::Answered, By::Platform, 0, 0),
        8008 => (Stage::Collecting, By::Platform, 0, 0),
        8009 => (Stage::Waiting, By::Caller, 0, 487),
        8010 => (Stage::Limit, By::Platform, 0, 0),
        8015 => (Stage::Connected, By::Platform, 0, 0),
        8017 => (Stage::Talking, By::Platform, 0, 0),
        8100 | 8106 => (Stage::Dialled, By::Phone, 1, 404),
        8101 | 8107 => (Stage::RungOut, By::Phone, 19, 480),
        8102 | 8108 => (Stage::Dialled, By::Phone, 17, 486),
        8103 | 8109 => (Stage::Dialled, By::Phone, 18, 408),
        8104 | 8110 => (Stage::Dialled, By::Phone, 20, 480),
        // A suspended line does not ring; 8105 may also mean a callee who hung up, 8111 in the state table may not.
        8111 => (Stage::Dialled, By::Phone, 20, 480),
        8001 => (Stage::Dialled, By::Phone, 0, 480),
        // Controls, accounts, applications, services, and what went with the privacy services: the platform itself
        // stops the call before a phone rings.
        _ => (Stage::Dialled, By::Platform, 0, 0),
    };
    Some(Fate { stage, by, q850, sip })
}

/// Whether the code speaks of the caller's phone, whichever number carries it (8106 to 8111).
pub(crate) fn is_about_the_caller(state_code: u16) -> bool {
    matches!(state_code, 8106..=8111)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_digits_of_a_result_code_refuse_the_request() {
        assert_eq!(refusal_of("+8613801013004"), Some("1013004"));
        assert_eq!(refusal_of("+8613800000021"), None);
        assert_eq!(refusal_of("+123"), None);
        assert_eq!(refusal_of("+1013004"), Some("1013004"));
    }

    #[test]
    fn four_digits_of_a_state_code_end_the_call() {
        assert_eq!(state_code_of("+8613800008102"), Some(8102));
        assert_eq!(state_code_of("+8613800000000"), None, "0 is an ordinary end");
        assert_eq!(state_code_of("+8613800008099"), None);
        assert_eq!(state_code_of("+81"), None);
    }

    #[test]
    fn the_manual_lists_every_state_code_with_its_fate() {
        let name = |stage| match stage {
            Stage::Dialled => "dialled",
            Stage::Rung => "rung",
            Stage::RungOut => "rung out",
            Stage::Answered => "answered",
            Stage::Collecting => "collecting",
            Stage::Waiting => "waiting",
            Stage::Connected => "connected",
            Stage::Talking => "talking",
            Stage::Limit => "limit",
        };
        let line = |code: &str| {
            let fate = fate(code.parse().unwrap())?;
            Some(format!(
                "| {code} | {} | {} | {} |",
                name(fate.stage),
                fate.q850,
                fate.sip
            ))
        };
        let table: Vec<_> = Table::State.rows().iter().filter_map(|row| line(&row.code)).collect();
        assert!(
            include_str!("../README.md").contains(&table.join("\n")),
            "it should read:\n{}",
            table.join("\n")
        );
    }

    #[test]
    fn every_state_code_of_the_table_but_zero_has_a_fate() {
        for row in Table::State.rows().iter().filter(|row| row.first != 0) {
            assert!(fate(u16::try_from(row.first).unwrap()).is_some(), "{}", row.code);
        }
        assert_eq!(fate(0), None);
        assert_eq!(fate(9999), None);
    }
}
