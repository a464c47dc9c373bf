//! A voice callback: A is called, then B, and they are joined (contract requests.md 3).

use std::time::Duration;

use voicecall_core::calls::VoiceCallback;

use super::Leg;
use super::machine::{Input, Phase, Step};
use crate::destiny::Stage;

/// How long the tone before B is dialled lasts.
const TONE: Duration = Duration::from_secs(3);
/// Longest duration of a call that has to reach it but was ordered without one.
const ONE_MINUTE: Duration = Duration::from_secs(60);

/// What the request says about the course of the call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Script {
    /// `None`: the platform never ends the call.
    longest: Option<Duration>,
    tone_before_b: bool,
    pub(crate) record: bool,
    pub(crate) tells_party: bool,
}

impl Script {
    pub(crate) fn new(request: &VoiceCallback) -> Script {
        let minutes = request.max_duration.and_then(|minutes| u64::try_from(minutes).ok());
        Script {
            longest: minutes
                .filter(|minutes| *minutes != 0)
                .map(|minutes| Duration::from_secs(60 * minutes)),
            tone_before_b: request.play_pre_voice.unwrap_or(false),
            record: request.record_flag.unwrap_or(false),
            tells_party: request.party_type_required_in_disconnect.unwrap_or(false),
        }
    }

    pub(super) fn answered(self, step: &mut Step<'_>, leg: Leg) {
        match leg {
            Leg::A if self.tone_before_b => {
                step.enter(Phase::Announcing);
                step.after(TONE, Input::PlayedOut);
            }
            // A fate at A's answer comes before B is dialled, tone or not.
            Leg::A if step.fails_on_answer() => step.enter(Phase::Announcing),
            Leg::A => step.dial(Leg::B),
            Leg::B => self.talk(step),
        }
    }

    fn talk(self, step: &mut Step<'_>) {
        step.enter(Phase::Talking);
        if step.fate_of_call(Stage::Limit).is_some() {
            step.after(self.longest.unwrap_or(ONE_MINUTE), Input::LimitReached);
            return;
        }
        // The limit counts from the callee's answer. Asked for first, it wins against a hang-up in the same moment.
        if let Some(longest) = self.longest {
            step.after(longest, Input::LimitReached);
        }
        let (caller, callee) = (step.phone(Leg::A), step.phone(Leg::B));
        let caller_hangs_up = caller.talk_is_its_own.then_some(caller.talk);
        // The callee ends the talk, unless only the caller's number has a talk time of its own.
        let callee_hangs_up = (callee.talk_is_its_own || caller_hangs_up.is_none()).then_some(callee.talk);
        let half = caller_hangs_up
            .into_iter()
            .chain(callee_hangs_up)
            .min()
            .unwrap_or_default()
            / 2;
        if let Some((state_code, leg)) = step.fate_of_call(Stage::Talking) {
            step.after(half, Input::Fails { state_code, leg });
        }
        if let Some(talk) = callee_hangs_up {
            step.hangs_up_after(talk, Leg::B);
        }
        if let Some(talk) = caller_hangs_up {
            step.hangs_up_after(talk, Leg::A);
        }
    }
}
