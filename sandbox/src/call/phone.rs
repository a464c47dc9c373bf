//! How a phone behaves when the platform calls it: plain data, decided when the call is placed.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ending::ToldCauses;
use crate::destiny;

/// A rule for phones, as settings and the admin API write it. What is left out is taken from the rule beneath: a
/// number's own rule lies on the rule for all phones, and that on the built-in one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct PhoneRule {
    /// Simulated seconds from dialling to ringing. Built in: 3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alerting_seconds: Option<u32>,
    /// Simulated seconds from ringing to answering. Built in: 4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_seconds: Option<u32>,
    /// Simulated seconds from the last answer of a call to this phone's hanging up. In a callback the callee hangs up
    /// unless only the caller's number has a rule of its own. A notification or verification call is heard to its end
    /// unless the number has a rule of its own, or the code is read without end. Built in: 20.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub talk_seconds: Option<u32>,
    /// Keys pressed at the first collection, at the second (after a replay), and so on; an empty text presses nothing.
    /// With no text left for a replay the phone hangs up when the replay is over. Built in: `["1"]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digits: Option<Vec<String>>,
    /// The phone waits for somebody: it rings, and what else it does is ordered over the admin API or on the page. One that
    /// is not answered within 60 seconds rings out. Built in: no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<bool>,
    /// The call ends with this stateCode, at the stage that its meaning names. Built in: what the number's last four
    /// digits say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_code: Option<u16>,
    /// `ulFailReason` in the CDR of a call that ends at this phone. Built in: what follows from the stateCode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_point: Option<u16>,
    /// Q.850 cause in the CDR of a call that ends at this phone, on the leg that was not answered. Built in: what follows
    /// from the stateCode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q850: Option<u16>,
    /// `sipStatusCode` in the CDR of a call that ends at this phone. Built in: what follows from the stateCode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sip_status: Option<u16>,
}

impl PhoneRule {
    /// The rule that holds until settings say otherwise.
    pub(crate) fn built_in() -> PhoneRule {
        PhoneRule {
            alerting_seconds: Some(3),
            answer_seconds: Some(4),
            talk_seconds: Some(20),
            digits: Some(vec!["1".to_owned()]),
            by_hand: Some(false),
            state_code: None,
            release_point: None,
            q850: None,
            sip_status: None,
        }
    }

    /// This rule where it says something, `beneath` elsewhere.
    #[must_use]
    pub(crate) fn over(self, beneath: &PhoneRule) -> PhoneRule {
        PhoneRule {
            alerting_seconds: self.alerting_seconds.or(beneath.alerting_seconds),
            answer_seconds: self.answer_seconds.or(beneath.answer_seconds),
            talk_seconds: self.talk_seconds.or(beneath.talk_seconds),
            digits: self.digits.or_else(|| beneath.digits.clone()),
            by_hand: self.by_hand.or(beneath.by_hand),
            state_code: self.state_code.or(beneath.state_code),
            release_point: self.release_point.or(beneath.release_point),
            q850: self.q850.or(beneath.q850),
            sip_status: self.sip_status.or(beneath.sip_status),
        }
    }
}

/// How one phone behaves in one call.
#[derive(Debug, Clone)]
pub(crate) struct Phone {
    pub(crate) rings_after: Duration,
    pub(crate) answers_after: Duration,
    pub(crate) talk: Duration,
    /// Whether `talk` was set for this very number.
    pub(crate) talk_is_its_own: bool,
    pub(crate) digits: Arc<[String]>,
    pub(crate) by_hand: bool,
    pub(crate) state_code: Option<u16>,
    pub(crate) told: ToldCauses,
}

impl Phone {
    /// The phone with this number, under the rule for all phones and perhaps a rule of its own.
    pub(crate) fn new(number: &str, own: Option<&PhoneRule>, all: &PhoneRule) -> Phone {
        let rule = own.cloned().unwrap_or_default().over(all);
        let seconds = |value: Option<u32>| Duration::from_secs(u64::from(value.unwrap_or_default()));
        Phone {
            rings_after: seconds(rule.alerting_seconds),
            answers_after: seconds(rule.answer_seconds),
            talk: seconds(rule.talk_seconds),
            talk_is_its_own: own.is_some_and(|own| own.talk_seconds.is_some()),
            digits: rule.digits.unwrap_or_default().into(),
            by_hand: rule.by_hand.unwrap_or(false),
            state_code: rule
                .state_code
                .filter(|code| destiny::fate(*code).is_some())
                .or_else(|| destiny::state_code_of(number)),
            told: ToldCauses {
                release_point: rule.release_point,
                q850: rule.q850,
                sip: rule.sip_status,
            },
        }
    }
}
