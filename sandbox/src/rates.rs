//! How much there was in this minute, against what there may be.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

use crate::lock::lock;
use crate::moment::Moment;
use crate::provisioning::Limits;
use crate::refusal::Refusal;

/// Counts of the current simulated minute.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    window: Mutex<Window>,
}

#[derive(Debug, Default)]
struct Window {
    minute: i64,
    counts: HashMap<(&'static str, Box<str>), u32>,
}

/// What may be too much: how much is allowed, of whom, and the code of its excess.
type Rule<'a> = (Option<u32>, &'a str, &'static str);

/// Flow control of the platform. This code has two meanings, and this is the other one.
const PLATFORM: &str = "1010010";

impl Rates {
    /// Counts a request.
    pub(crate) fn request(&self, limits: &Limits, sender: IpAddr, app_key: &str, now: Moment) -> Result<(), Refusal> {
        if *limits == Limits::default() {
            return Ok(());
        }
        let sender = sender.to_string();
        self.count(
            &[
                (limits.platform_requests, "", PLATFORM),
                (limits.sender_requests, &sender, "1011006"),
                (limits.application_requests, app_key, "1010009"),
            ],
            now,
        )
    }

    /// Counts a call.
    pub(crate) fn call(&self, limits: &Limits, call: &Counted<'_>, now: Moment) -> Result<(), Refusal> {
        if *limits == Limits::default() {
            return Ok(());
        }
        let mut rules = vec![
            (limits.account_calls, "", "1013001"),
            (limits.application_calls, call.app_key, "1013002"),
            (limits.service_number_calls, call.service_number, "1013118"),
            (limits.callee_calls, call.callee, "1013117"),
        ];
        rules.extend(call.caller.map(|caller| (limits.caller_calls, caller, "1013116")));
        rules.extend(
            call.displays()
                .map(|display| (limits.display_number_calls, display, "1013003")),
        );
        self.count(&rules, now)
    }

    /// Counts for all of them, or, when one is full, for none.
    fn count(&self, rules: &[Rule<'_>], now: Moment) -> Result<(), Refusal> {
        let mut window = lock(&self.window);
        let minute = now.unix_seconds().div_euclid(60);
        if window.minute != minute {
            *window = Window {
                minute,
                counts: HashMap::new(),
            };
        }
        let limited = rules
            .iter()
            .filter_map(|(limit, whose, code)| Some(((*limit)?, (*code, Box::from(*whose)))));
        let limited: Vec<_> = limited.collect();
        let full = limited
            .iter()
            .find(|(limit, key)| window.counts.get(key).copied().unwrap_or(0) >= *limit);
        if let Some((_, (code, _))) = full {
            return Err(Refusal::new(code));
        }
        for (_, key) in limited {
            *window.counts.entry(key).or_default() += 1;
        }
        Ok(())
    }
}

/// What of a call is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted<'a> {
    pub(crate) app_key: &'a str,
    /// The fixed line that makes the call: the display number of the first leg.
    pub(crate) service_number: &'a str,
    /// Display number of the second leg, in callbacks.
    pub(crate) second_display: Option<&'a str>,
    /// In callbacks.
    pub(crate) caller: Option<&'a str>,
    pub(crate) callee: &'a str,
}

impl<'a> Counted<'a> {
    /// A call that shows the same number twice shows it once.
    fn displays(&self) -> impl Iterator<Item = &'a str> {
        let second = self.second_display.filter(|second| *second != self.service_number);
        [self.service_number].into_iter().chain(second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(callee: &'static str) -> Counted<'static> {
        Counted {
            app_key: "key",
            service_number: "+867550000088",
            second_display: Some("+867550000089"),
            caller: Some("+8613800000021"),
            callee,
        }
    }

    fn code(result: Result<(), Refusal>) -> Option<String> {
        result.err().map(|refusal| refusal.code)
    }

    #[test]
    fn a_minute_has_room_for_so_many() {
        let (rates, mut limits) = (Rates::default(), Limits::default());
        limits.callee_calls = Some(1);
        limits.account_calls = Some(2);
        let at = |seconds: i64| Moment::from_unix_millis(seconds * 1000);
        let take = |callee, seconds| code(rates.call(&limits, &call(callee), at(seconds)));
        assert_eq!(take("a", 0), None);
        assert_eq!(take("a", 1), Some("1013117".to_owned()));
        // What was refused did not count for the account.
        assert_eq!(take("b", 2), None);
        assert_eq!(take("c", 59), Some("1013001".to_owned()));
        assert_eq!(take("a", 60), None);
    }

    #[test]
    fn each_limit_has_its_code() {
        type Set = fn(&mut Limits);
        let sets: [(Set, &str); 9] = [
            (|limits| limits.platform_requests = Some(0), "1010010"),
            (|limits| limits.sender_requests = Some(0), "1011006"),
            (|limits| limits.application_requests = Some(0), "1010009"),
            (|limits| limits.account_calls = Some(0), "1013001"),
            (|limits| limits.application_calls = Some(0), "1013002"),
            (|limits| limits.display_number_calls = Some(0), "1013003"),
            (|limits| limits.service_number_calls = Some(0), "1013118"),
            (|limits| limits.caller_calls = Some(0), "1013116"),
            (|limits| limits.callee_calls = Some(0), "1013117"),
        ];
        let now = Moment::from_unix_millis(0);
        for (set, expected) in sets {
            let (rates, mut limits) = (Rates::default(), Limits::default());
            set(&mut limits);
            let request = rates.request(&limits, IpAddr::from([127, 0, 0, 1]), "key", now);
            let refused = code(request.and_then(|()| rates.call(&limits, &call("b"), now)));
            assert_eq!(refused.as_deref(), Some(expected));
        }
    }
}
