//! A verification-code call: a tone, the code a number of times, perhaps another tone (contract requests.md 7).
//!
//! The code itself is not kept: nobody listens here.

use std::time::Duration;

use voicecall_core::calls::VoiceVerificationCode;

use super::Leg;
use super::machine::{Input, Phase};
use super::step::Step;
use crate::destiny::Stage;

/// How long a tone lasts.
const TONE: Duration = Duration::from_secs(2);
/// How long one digit takes to be read.
const DIGIT: Duration = Duration::from_millis(500);
/// How often the code is read when the request does not say (contract requests.md 7).
const USUAL_TIMES: u32 = 3;
/// A call that has to reach its longest duration has none of its own here.
const LONGEST: Duration = Duration::from_secs(60);

/// What the request says about the course of the call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Script {
    /// `None`: the code is read until somebody hangs up.
    length: Option<Duration>,
}

impl Script {
    pub(crate) fn new(request: &VoiceVerificationCode) -> Script {
        let digits = request.verify_code.as_deref().map_or(0, str::len);
        let once = DIGIT * u32::try_from(digits).unwrap_or(0);
        let times = request
            .times
            .and_then(|times| u32::try_from(times).ok())
            .unwrap_or(USUAL_TIMES);
        let tones = if request.pos_tone.is_some() { TONE * 2 } else { TONE };
        Script {
            length: (times != 0).then(|| whole_seconds(tones + once * times)),
        }
    }

    pub(super) fn answered(self, step: &mut Step<'_>) {
        step.enter(Phase::Playing { item: 0, collection: 0 });
        if step.fate_of_call(Stage::Limit).is_some() {
            return step.after(LONGEST, Input::LimitReached);
        }
        let phone = step.phone(Leg::A);
        let hangs_up = (phone.talk_is_its_own || self.length.is_none()).then_some(phone.talk);
        if let Some((state_code, leg)) = step.fate_of_call(Stage::Talking) {
            let half = self.length.unwrap_or(phone.talk) / 2;
            return step.after(half, Input::Fails { state_code, leg });
        }
        if let Some(talk) = hangs_up {
            step.hangs_up_after(talk, Leg::A);
        }
        if let Some(length) = self.length {
            step.after(length, Input::PlayedOut);
        }
    }
}

/// Rounded up, so that the times in a CDR lie as far apart as they are meant to.
fn whole_seconds(length: Duration) -> Duration {
    Duration::from_secs(length.as_secs() + u64::from(length.subsec_nanos() > 0))
}

#[cfg(test)]
mod tests {
    use super::super::Scene;
    use super::super::phone::PhoneRule;
    use super::super::story::{ORDINARY, Story, ending_in, phone, phone_with};
    use super::*;

    fn request() -> VoiceVerificationCode {
        VoiceVerificationCode::new().pre_tone("pretone.wav").verify_code("1234")
    }

    fn told(request: &VoiceVerificationCode) -> Story {
        let scene = Scene::Verification(Script::new(request));
        Story::of(scene, [phone(ORDINARY), phone(ORDINARY)])
    }

    #[test]
    fn the_code_is_read_three_times_and_the_platform_hangs_up() {
        let story = told(&request());
        assert_eq!(
            story.events(),
            ["0 callout A", "3 alerting A", "7 answer A", "15 disconnect A"]
        );
        assert_eq!(story.end(), (15, 0, "platform"));
    }

    #[test]
    fn times_and_the_tone_afterwards_make_it_longer() {
        assert_eq!(
            told(&request().times(9).pos_tone("postone.wav")).end(),
            (29, 0, "platform")
        );
    }

    #[test]
    fn an_endless_code_is_heard_until_the_phone_hangs_up() {
        assert_eq!(told(&request().times(0)).end(), (27, 0, "callee"));
    }

    #[test]
    fn a_phone_with_a_talk_time_of_its_own_may_hang_up_earlier() {
        let talk_seconds = Some(2);
        let rule = PhoneRule {
            talk_seconds,
            ..PhoneRule::default()
        };
        let scene = Scene::Verification(Script::new(&request()));
        let story = Story::of(scene, [phone_with(ORDINARY, rule), phone(ORDINARY)]);
        assert_eq!(story.end(), (9, 0, "callee"));
    }

    #[test]
    fn every_state_code_ends_the_call_with_itself() {
        for row in voicecall_core::codes::Table::State
            .rows()
            .iter()
            .filter(|row| row.first != 0)
        {
            let code = u16::try_from(row.first).unwrap();
            let scene = Scene::Verification(Script::new(&request()));
            assert_eq!(Story::of(scene, [ending_in(code), ending_in(code)]).end().1, code);
        }
    }
}
