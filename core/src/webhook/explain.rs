//! Why a call ended as it did: the codes of a `disconnect` event or a CDR, looked up in the order that the contract
//! gives (contract pushes.md 10).

use std::fmt;

use super::legs::LegName;
use super::{Cdr, StatusEvent};
use crate::codes::Table;
use crate::result;

/// Release points that only say "the call to this phone failed, see the Q.850 value".
const SEE_Q850: std::ops::RangeInclusive<i64> = 518..=520;
/// Q.850 31 means "normal", and is taken as success.
const Q850_NORMAL: i64 = 31;

result! {
    /// Why a call ended as it did.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Explanation: "pushes.md 10" {
        /// The call was connected and ended normally.
        succeeded: bool,
        /// The code that says most.
        cause: Cause,
        /// What the other codes add.
        details: Vec<Cause>,
    }
    computed {
        /// The same as one line: `User busy (stateCode 7002)`.
        summary: String = |explanation| explanation.to_string(),
    }
}

result! {
    /// One code and what it means. A code that no table has is a value without meaning, not an error.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Cause: "pushes.md 10" {
        /// Wire name of the field that holds the code.
        field: &'static str,
        /// The code.
        code: i64,
        /// The table that has the code, or would have it if it were known. Absent for a SIP status: the platform has no
        /// table of its own for these.
        table: Option<Table>,
        /// The platform's name for it, in Chinese.
        name_zh: Option<&'static str>,
        /// What it means.
        meaning: Option<&'static str>,
        /// What to do.
        advice: Option<&'static str>,
    }
}

impl StatusEvent {
    /// Why the call ended. `None` for an event without `stateCode`: only `disconnect` has one.
    pub fn explain(&self) -> Option<Explanation> {
        let code = self.state_code()?;
        let cause = Cause::look_up("stateCode", code, &[Table::State, Table::ReleasePoint]);
        Some(Explanation {
            succeeded: code == 0,
            cause,
            details: Vec::new(),
        })
    }
}

impl Cdr {
    /// Why the call ended. `None` when the record holds no code at all.
    pub fn explain(&self) -> Option<Explanation> {
        let succeeded = self.ul_fail_reason().is_none_or(|code| code == 0) && self.answered();
        let release = self
            .ul_fail_reason()
            .map(|code| Cause::look_up("ulFailReason", code, &[Table::ReleasePoint, Table::State]));
        if succeeded {
            return Some(Explanation {
                succeeded,
                cause: release?,
                details: Vec::new(),
            });
        }
        let mut causes = vec![release, self.q850_cause(), self.sip_cause()];
        if self.ul_fail_reason().is_some_and(|code| SEE_Q850.contains(&code)) {
            causes.swap(0, 1);
        }
        // Codes that say nothing come last; one of them is better than none.
        let mut causes: Vec<_> = causes.into_iter().flatten().collect();
        causes.sort_by_key(|cause| cause.code == 0);
        let mut causes = causes.into_iter();
        let cause = causes.next()?;
        Some(Explanation {
            succeeded,
            cause,
            details: causes.filter(|detail| detail.code != 0).collect(),
        })
    }

    /// The Q.850 value of the leg at which the call failed.
    fn q850_cause(&self) -> Option<Cause> {
        let leg = self.decisive_leg();
        let field = match leg.leg {
            LegName::A => "callOutUnaswRsn",
            LegName::B => "fwdUnaswRsn",
        };
        let code = leg.unanswered_reason.filter(|code| *code != Q850_NORMAL)?;
        Some(Cause::look_up(field, code, &[Table::Q850]))
    }

    fn sip_cause(&self) -> Option<Cause> {
        let code = self.sip_status_code()?;
        let meaning = sip_reason(code);
        Some(Cause {
            field: "sipStatusCode",
            code,
            table: None,
            name_zh: None,
            meaning,
            advice: None,
        })
    }
}

impl Cause {
    /// Looks the code up in these tables. The first that has it wins, but a row of today wins over an outdated one:
    /// some state codes have moved to the release points (contract pushes.md 10).
    fn look_up(field: &'static str, code: i64, tables: &[Table]) -> Cause {
        let mut rows = tables.iter().filter_map(|table| Some((*table, table.find(code)?)));
        let first = rows.clone().next();
        let found = rows.find(|(_, row)| !row.outdated).or(first);
        Cause {
            field,
            code,
            table: found.map(|(table, _)| table).or(tables.first().copied()),
            name_zh: found.and_then(|(_, row)| row.name_zh.as_deref()),
            meaning: found.and_then(|(_, row)| row.meaning.as_deref()),
            advice: found.and_then(|(_, row)| row.advice.as_deref()),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)?;
        self.details.iter().try_for_each(|detail| write!(f, "; {detail}"))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} ({} {})",
            self.meaning.unwrap_or("not in any table"),
            self.field,
            self.code
        )
    }
}

/// The reason phrases of RFC 3261 that a phone network answers with; the platform has no table of its own for them.
fn sip_reason(code: i64) -> Option<&'static str> {
    Some(match code {
        0 => "No SIP status",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        410 => "Gone",
        415 => "Unsupported Media Type",
        480 => "Temporarily Unavailable",
        481 => "Call/Transaction Does Not Exist",
        484 => "Address Incomplete",
        486 => "Busy Here",
        487 => "Request Terminated",
        488 => "Not Acceptable Here",
        500 => "Server Internal Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Server Time-out",
        600 => "Busy Everywhere",
        603 => "Decline",
        604 => "Does Not Exist Anywhere",
        606 => "Not Acceptable",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::codes::Table;
    use crate::webhook::fixtures::{CALLBACK, cdr, cdr_with, status};

    const END: &str = "2019-01-24 03:04:49";
    const A_ANSWERED: (&str, &str) = ("callOutAnswerTime", "\"2019-01-24 03:04:31\"");

    #[test]
    fn a_connected_call_succeeded() {
        let explanation = cdr(CALLBACK).explain().unwrap();
        assert!(explanation.succeeded);
        assert_eq!(
            (explanation.cause.table, explanation.cause.code),
            (Some(Table::ReleasePoint), 0)
        );
    }

    #[test]
    fn a_refusing_b_is_explained_by_sip_when_q850_is_silent() {
        let fields = [
            A_ANSWERED,
            ("serviceType", "\"002\""),
            ("ulFailReason", "518"),
            ("sipStatusCode", "480"),
            ("fwdUnaswRsn", "0"),
            ("callOutUnaswRsn", "0"),
        ];
        let explanation = cdr_with(&fields, END).explain().unwrap();
        assert!(!explanation.succeeded);
        assert_eq!((explanation.cause.field, explanation.cause.code), ("ulFailReason", 518));
        let details: Vec<_> = explanation
            .details
            .iter()
            .map(|detail| (detail.field, detail.code))
            .collect();
        assert_eq!(details, [("sipStatusCode", 480)]);
        assert_eq!(explanation.details[0].meaning, Some("Temporarily Unavailable"));
    }

    #[test]
    fn the_q850_value_is_that_of_the_leg_that_failed() {
        let both = [
            ("serviceType", "\"002\""),
            ("ulFailReason", "518"),
            ("fwdUnaswRsn", "17"),
            ("callOutUnaswRsn", "19"),
        ];
        let a_failed = cdr_with(&both, END).explain().unwrap();
        assert_eq!((a_failed.cause.field, a_failed.cause.code), ("callOutUnaswRsn", 19));
        assert_eq!(
            (a_failed.cause.table, a_failed.details[0].code),
            (Some(Table::Q850), 518)
        );
        let b_failed = cdr_with(&[&both[..], &[A_ANSWERED]].concat(), END).explain().unwrap();
        assert_eq!((b_failed.cause.field, b_failed.cause.code), ("fwdUnaswRsn", 17));
    }

    #[test]
    fn an_unanswered_call_with_release_point_0_did_not_succeed() {
        let fields = [("ulFailReason", "0"), ("callOutUnaswRsn", "19"), ("sipStatusCode", "0")];
        let explanation = cdr_with(&fields, END).explain().unwrap();
        assert!(!explanation.succeeded);
        assert_eq!(
            (explanation.cause.field, explanation.details.len()),
            ("callOutUnaswRsn", 0)
        );
    }

    #[test]
    fn a_code_in_no_table_is_a_value_without_meaning() {
        let explanation = cdr_with(&[("ulFailReason", "-77")], END).explain().unwrap();
        assert_eq!((explanation.cause.code, explanation.cause.meaning), (-77, None));
        assert_eq!(explanation.cause.table, Some(Table::ReleasePoint));
        assert_eq!(explanation.to_string(), "not in any table (ulFailReason -77)");
    }

    #[test]
    fn a_record_without_codes_explains_nothing() {
        assert!(cdr_with(&[], END).explain().is_none());
    }

    #[test]
    fn a_disconnect_is_explained_by_its_state_code_or_as_release_point() {
        let explain = |code: i64| status(&format!(r#""stateCode":{code}"#)).explain().unwrap();
        assert!(explain(0).succeeded);
        assert_eq!(explain(7001).cause.table, Some(Table::State));
        assert_eq!(explain(8011).cause.meaning, Some("Internal error"));
        assert_eq!(explain(8106).cause.table, Some(Table::ReleasePoint));
        assert_eq!(explain(8013).cause.table, Some(Table::State));
        assert_eq!(
            (explain(424_242).cause.table, explain(424_242).cause.meaning),
            (Some(Table::State), None)
        );
        assert!(status(r#""partyType":"caller""#).explain().is_none());
    }
}
