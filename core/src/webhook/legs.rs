//! The legs of a call, and what is billed of them (contract pushes.md 8.4 and 9, D12).
//!
//! `callOut…` is leg A, or the only leg; `fwd…` is leg B of a callback. The official formula counts from leg B's answer;
//! that leg A and calls of one leg count from their own answer is inferred, and marked so in every result.

use std::borrow::Cow;

use super::{Cdr, Timestamp};
use crate::result;
use crate::result::closed_set;

/// `serviceType` of a callback, and of a call that plays something (contract pushes.md 8.1).
const CALLBACK: &str = "002";
const PLAY: &str = "001";
const SECONDS_PER_MINUTE: u64 = 60;

closed_set! {
    /// What kind of call it is.
    pub enum Scene {
        /// A voice callback: two legs.
        Callback = "callback",
        /// A notification or a verification code: nothing in the record distinguishes them.
        Play = "play",
        /// The record does not say.
        Unknown = "unknown",
    }
}

closed_set! {
    /// Which leg of a call.
    pub enum LegName {
        /// The first leg: to A in a callback, otherwise to the callee.
        A = "a",
        /// The second leg of a callback: to B.
        B = "b",
    }
}

result! {
    /// One leg of a call, as its CDR describes it: the platform and one phone.
    #[derive(Clone)]
    pub struct Leg<'a>: "pushes.md 8.4 and 9" {
        /// Which leg it is.
        leg: LegName,
        /// The called number. Personal data.
        number: Option<Cow<'a, str>> as PhoneNumber,
        /// The number shown to the called party.
        display_number: Option<Cow<'a, str>> as PhoneNumber,
        /// When the platform started calling. Absent when the leg was never called.
        calling_at: Option<Timestamp<'a>>,
        /// When the phone rang.
        ringing_at: Option<Timestamp<'a>>,
        /// When it was answered. Absent when it was not.
        answered_at: Option<Timestamp<'a>>,
        /// When the call ended.
        ended_at: Option<Timestamp<'a>>,
        /// Q.850 cause why it was not answered; 0 = not applicable.
        unanswered_reason: Option<i64>,
        /// Whether this leg's start of billing is inferred: true except for leg B of a callback (D12).
        inferred: bool,
    }
    computed {
        /// Whether the phone was answered.
        answered: bool = |leg| leg.answered(),
        /// Seconds from the answer to the end of the call; 0 when unanswered. Absent when the record has no end.
        talk_seconds: Option<u64> = |leg| leg.talk_seconds(),
        /// Whole minutes, each started minute counted; 0 when unanswered. Absent when the record has no end.
        billable_minutes: Option<u64> = |leg| leg.billable().map(|billable| billable.minutes),
    }
}

/// Billable minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Billable {
    /// Whole minutes, each started minute counted.
    pub minutes: u64,
    /// The official formula does not say so; it follows from the price list (D12). The bill decides.
    pub inferred: bool,
}

impl Cdr {
    /// What kind of call it was: by `serviceType`, and where that is absent or unknown, a callback when there is a second
    /// leg. `fwdUnaswRsn` does not count: calls of one leg have it too. `direction` tells nothing.
    pub fn scene(&self) -> Scene {
        match self.service_type().as_deref() {
            Some(CALLBACK) => Scene::Callback,
            Some(PLAY) => Scene::Play,
            _ if self.fwd_dst_num().is_some() || self.fwd_start_time().is_some() => Scene::Callback,
            _ => Scene::Unknown,
        }
    }

    /// The legs of the call: A and B of a callback, else one. Leg B is there even when it was never called.
    pub fn legs(&self) -> Vec<Leg<'_>> {
        let mut legs = vec![self.leg_a()];
        if self.is_callback() {
            legs.push(self.leg_b());
        }
        legs
    }

    /// Whether the call reached the person it was for: B in a callback, else the callee.
    pub fn answered(&self) -> bool {
        self.last_leg().answered()
    }

    /// How long the parties could talk: from the answer of the person the call was for, to the end. 0 when there was no
    /// answer, `None` when the record does not tell.
    pub fn talk_seconds(&self) -> Option<u64> {
        self.last_leg().talk_seconds()
    }

    /// The billable minutes of all legs; `None` when the record does not tell.
    pub fn billable(&self) -> Option<Billable> {
        Billable::of(&self.legs())
    }

    /// The leg at which the call failed, or else the last one.
    pub(super) fn decisive_leg(&self) -> Leg<'_> {
        let a = self.leg_a();
        if self.is_callback() && a.answered() {
            self.leg_b()
        } else {
            a
        }
    }

    fn last_leg(&self) -> Leg<'_> {
        if self.is_callback() { self.leg_b() } else { self.leg_a() }
    }

    fn is_callback(&self) -> bool {
        self.scene() == Scene::Callback
    }

    fn leg_a(&self) -> Leg<'_> {
        Leg {
            leg: LegName::A,
            number: self.callee_num(),
            display_number: self.caller_num(),
            calling_at: self.call_out_start_time(),
            ringing_at: self.call_out_alerting_time(),
            answered_at: self.call_out_answer_time(),
            ended_at: self.call_end_time(),
            unanswered_reason: self.call_out_unasw_rsn(),
            inferred: true,
        }
    }

    fn leg_b(&self) -> Leg<'_> {
        Leg {
            leg: LegName::B,
            number: self.fwd_dst_num(),
            display_number: self.fwd_display_num(),
            calling_at: self.fwd_start_time(),
            ringing_at: self.fwd_alerting_time(),
            answered_at: self.fwd_answer_time(),
            ended_at: self.call_end_time(),
            unanswered_reason: self.fwd_unasw_rsn(),
            inferred: false,
        }
    }
}

impl Billable {
    /// The minutes of all these legs; `None` when one of them does not tell.
    pub(crate) fn of(legs: &[Leg<'_>]) -> Option<Billable> {
        let none = Billable {
            minutes: 0,
            inferred: false,
        };
        legs.iter().try_fold(none, |sum, leg| {
            let Billable { minutes, inferred } = leg.billable()?;
            Some(Billable {
                minutes: sum.minutes.saturating_add(minutes),
                inferred: sum.inferred || inferred,
            })
        })
    }
}

impl Leg<'_> {
    /// Whether the phone was answered.
    pub fn answered(&self) -> bool {
        self.answered_at.is_some()
    }

    /// Seconds from the answer to the end of the call. 0 when unanswered, `None` when the record has no end. An end
    /// before the answer counts as 0: two clocks disagreed.
    pub fn talk_seconds(&self) -> Option<u64> {
        let Some(answer) = &self.answered_at else {
            return Some(0);
        };
        let seconds = self
            .ended_at
            .as_ref()?
            .unix_seconds()
            .saturating_sub(answer.unix_seconds());
        Some(u64::try_from(seconds).unwrap_or(0))
    }

    /// Whole minutes, each started minute counted; 0 when unanswered, `None` when the record has no end.
    pub fn billable(&self) -> Option<Billable> {
        let minutes = self.talk_seconds()?.div_ceil(SECONDS_PER_MINUTE);
        Some(Billable {
            minutes,
            inferred: self.inferred,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Billable, LegName};
    use crate::webhook::fixtures::{CALLBACK, cdr, cdr_with};

    #[test]
    fn the_official_callback_has_two_legs_of_a_minute_each() {
        let cdr = cdr(CALLBACK);
        let legs = cdr.legs();
        assert_eq!(
            legs.iter().map(|leg| leg.leg).collect::<Vec<_>>(),
            [LegName::A, LegName::B]
        );
        assert_eq!(legs[0].talk_seconds(), Some(18));
        assert_eq!(legs[1].talk_seconds(), Some(11));
        assert_eq!(
            legs[0].billable(),
            Some(Billable {
                minutes: 1,
                inferred: true
            })
        );
        assert_eq!(
            legs[1].billable(),
            Some(Billable {
                minutes: 1,
                inferred: false
            })
        );
        assert_eq!(
            cdr.billable(),
            Some(Billable {
                minutes: 2,
                inferred: true
            })
        );
        assert_eq!((cdr.answered(), cdr.talk_seconds()), (true, Some(11)));
    }

    #[test]
    fn each_started_minute_counts() {
        for (end, minutes) in [("03:04:38", 0), ("03:04:39", 1), ("03:05:38", 1), ("03:05:39", 2)] {
            let end = format!("2019-01-24 {end}");
            let cdr = cdr_with(
                &[
                    ("serviceType", "\"001\""),
                    ("callOutAnswerTime", "\"2019-01-24 03:04:38\""),
                ],
                &end,
            );
            assert_eq!(
                cdr.billable(),
                Some(Billable {
                    minutes,
                    inferred: true
                }),
                "{end}"
            );
        }
    }

    #[test]
    fn an_unanswered_leg_costs_nothing_and_leg_a_is_billed_alone() {
        let answered_by_a = [
            ("serviceType", "\"002\""),
            ("callOutAnswerTime", "\"2019-01-24 03:04:31\""),
        ];
        let cdr = cdr_with(&answered_by_a, "2019-01-24 03:04:49");
        assert_eq!(cdr.legs().len(), 2);
        assert_eq!(
            cdr.billable(),
            Some(Billable {
                minutes: 1,
                inferred: true
            })
        );
        assert_eq!((cdr.answered(), cdr.talk_seconds()), (false, Some(0)));
    }

    #[test]
    fn a_call_of_one_leg_has_a_second_legs_cause_and_is_still_no_callback() {
        let cdr = cdr_with(
            &[("fwdUnaswRsn", "0"), ("serviceType", "\"001\"")],
            "2019-01-24 03:04:49",
        );
        assert_eq!(cdr.legs().len(), 1);
    }

    #[test]
    fn an_answer_without_an_end_is_not_guessed() {
        let cdr = cdr_with(&[("callOutAnswerTime", "\"2019-01-24 03:04:31\"")], "");
        assert_eq!((cdr.answered(), cdr.talk_seconds(), cdr.billable()), (true, None, None));
    }

    #[test]
    fn an_end_before_the_answer_is_no_talk() {
        let cdr = cdr_with(
            &[("callOutAnswerTime", "\"2019-01-24 03:04:31\"")],
            "2019-01-24 03:04:30",
        );
        assert_eq!(cdr.talk_seconds(), Some(0));
    }
}
