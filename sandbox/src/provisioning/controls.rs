//! What carriers and safety control let pass (contract codes/result_codes.csv).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Country code whose numbers are no international ones.
const HOME: &str = "+86";

/// Controls of an account. Default: everything passes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Controls {
    /// Callees that are refused with 1013004.
    pub callee_black_list: BTreeSet<String>,
    /// The only callees that may be called; others: 1013011. `None`: all.
    pub callee_white_list: Option<BTreeSet<String>>,
    /// Callers of callbacks that are refused with 1013010.
    pub caller_black_list: BTreeSet<String>,
    /// Whether numbers outside `+86` may be called; else 1013112.
    pub international: bool,
    /// Hours of the day in Beijing, from and before which calls may be placed; else 1013121. `None`: always.
    pub calling_hours: Option<(u8, u8)>,
    /// Whether the sub-enterprise is suspended: 1013122.
    pub sub_enterprise_suspended: bool,
}

impl Default for Controls {
    fn default() -> Controls {
        Controls {
            callee_black_list: BTreeSet::new(),
            callee_white_list: None,
            caller_black_list: BTreeSet::new(),
            international: true,
            calling_hours: None,
            sub_enterprise_suspended: false,
        }
    }
}

impl Controls {
    /// The code with which a call is refused. `caller` is there in callbacks.
    pub(crate) fn refuse(&self, caller: Option<&str>, callee: &str, hour_in_beijing: u8) -> Option<&'static str> {
        let asleep = |(from, before): (u8, u8)| !(from..before).contains(&hour_in_beijing);
        let stranger = |list: &BTreeSet<String>| !list.contains(callee);
        let called = caller.into_iter().chain([callee]);
        [
            ("1013122", self.sub_enterprise_suspended),
            ("1013004", self.callee_black_list.contains(callee)),
            (
                "1013010",
                caller.is_some_and(|caller| self.caller_black_list.contains(caller)),
            ),
            ("1013011", self.callee_white_list.as_ref().is_some_and(stranger)),
            (
                "1013112",
                !self.international && called.into_iter().any(|number| !number.starts_with(HOME)),
            ),
            ("1013121", self.calling_hours.is_some_and(asleep)),
        ]
        .into_iter()
        .find_map(|(code, refuses)| refuses.then_some(code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "+8613800000021";
    const B: &str = "+8613800000022";

    fn code(change: impl FnOnce(&mut Controls)) -> Option<&'static str> {
        let mut controls = Controls::default();
        change(&mut controls);
        controls.refuse(Some(A), B, 12)
    }

    #[test]
    fn each_control_has_its_code() {
        let list = |number: &str| BTreeSet::from([number.to_owned()]);
        assert_eq!(code(|_| {}), None);
        assert_eq!(code(|controls| controls.callee_black_list = list(B)), Some("1013004"));
        assert_eq!(code(|controls| controls.callee_black_list = list(A)), None);
        assert_eq!(code(|controls| controls.caller_black_list = list(A)), Some("1013010"));
        assert_eq!(
            code(|controls| controls.callee_white_list = Some(list(A))),
            Some("1013011")
        );
        assert_eq!(code(|controls| controls.callee_white_list = Some(list(B))), None);
        assert_eq!(
            code(|controls| controls.calling_hours = Some((13, 20))),
            Some("1013121")
        );
        assert_eq!(code(|controls| controls.calling_hours = Some((8, 20))), None);
        assert_eq!(
            code(|controls| controls.sub_enterprise_suspended = true),
            Some("1013122")
        );
        assert_eq!(code(|controls| controls.international = false), None);
        let home = Controls {
            international: false,
            ..Controls::default()
        };
        assert_eq!(home.refuse(None, "+4930000000", 12), Some("1013112"));
    }
}
