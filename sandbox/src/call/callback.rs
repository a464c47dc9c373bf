//! A voice callback: A is called, then B, and they are joined (contract requests.md 3).

use std::time::Duration;

use voicecall_core::calls::VoiceCallback;

use super::Leg;
use super::machine::{Input, Phase};
use super::step::Step;
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

#[cfg(test)]
mod tests {
    use super::super::Scene;
    use super::super::phone::{Phone, PhoneRule};
    use super::super::story::{ORDINARY, Story, ending_in, phone, phone_with};
    use super::*;

    fn scene(request: VoiceCallback) -> Scene {
        Scene::Callback(Script::new(&request))
    }

    fn ordinary() -> [Phone; 2] {
        [phone(ORDINARY), phone(ORDINARY)]
    }

    fn talks_for(seconds: u32) -> Phone {
        let talk_seconds = Some(seconds);
        phone_with(
            ORDINARY,
            PhoneRule {
                talk_seconds,
                ..PhoneRule::default()
            },
        )
    }

    #[test]
    fn an_ordinary_call_rings_a_then_b_and_the_callee_hangs_up() {
        let story = Story::of(scene(VoiceCallback::new()), ordinary());
        assert_eq!(
            story.events(),
            [
                "0 callout A",
                "3 alerting A",
                "7 answer A",
                "7 callout B",
                "10 alerting B",
                "14 answer B",
                "34 disconnect B",
            ]
        );
        assert_eq!(story.end(), (34, 0, "callee"));
    }

    #[test]
    fn a_tone_before_b_delays_b() {
        let story = Story::of(scene(VoiceCallback::new().play_pre_voice(true)), ordinary());
        assert_eq!(story.events()[3], "10 callout B");
    }

    #[test]
    fn the_longest_duration_counts_from_the_callees_answer() {
        let story = Story::of(
            scene(VoiceCallback::new().max_duration(1)),
            [phone(ORDINARY), talks_for(75)],
        );
        assert_eq!(story.end(), (74, 8010, "platform"));
        assert_eq!(story.events().last().unwrap(), "74 disconnect A");
    }

    #[test]
    fn the_longest_duration_wins_over_a_hang_up_in_the_same_moment() {
        let story = Story::of(
            scene(VoiceCallback::new().max_duration(1)),
            [phone(ORDINARY), talks_for(60)],
        );
        assert_eq!(story.end(), (74, 8010, "platform"));
    }

    #[test]
    fn a_caller_with_a_talk_time_of_its_own_hangs_up() {
        let story = Story::of(scene(VoiceCallback::new()), [talks_for(75), phone(ORDINARY)]);
        assert_eq!(story.end(), (89, 0, "caller"));
        let story = Story::of(scene(VoiceCallback::new()), [talks_for(75), talks_for(5)]);
        assert_eq!(story.end(), (19, 0, "callee"));
    }

    #[test]
    fn a_phone_that_would_answer_too_late_rings_out() {
        let answer_seconds = Some(60);
        let rule = PhoneRule {
            answer_seconds,
            ..PhoneRule::default()
        };
        let story = Story::of(
            scene(VoiceCallback::new()),
            [phone(ORDINARY), phone_with(ORDINARY, rule)],
        );
        assert_eq!(story.end(), (70, 8003, "platform"));
    }

    #[test]
    fn each_fate_strikes_at_its_stage_on_the_leg_whose_number_carries_it() {
        let to_b = |code| Story::of(scene(VoiceCallback::new()), [phone(ORDINARY), ending_in(code)]);
        let to_a = |code| Story::of(scene(VoiceCallback::new()), [ending_in(code), phone(ORDINARY)]);
        for (story, end, last, events) in [
            (to_b(8102), (10, 8102, "callee"), "10 disconnect B", 5),
            (to_a(8102), (3, 8102, "caller"), "3 disconnect A", 2),
            (to_b(7001), (10, 7001, "platform"), "10 disconnect B", 5),
            (to_b(8004), (14, 8004, "callee"), "14 disconnect B", 6),
            (to_b(8003), (70, 8003, "platform"), "70 disconnect B", 6),
            (to_b(8101), (70, 8101, "callee"), "70 disconnect B", 6),
            (to_a(8006), (8, 8006, "platform"), "8 disconnect A", 4),
            (to_b(8006), (15, 8006, "platform"), "15 disconnect B", 7),
            (to_b(8008), (15, 8008, "platform"), "15 disconnect B", 7),
            (to_b(8009), (14, 8009, "caller"), "14 disconnect A", 6),
            (to_a(8009), (14, 8009, "caller"), "14 disconnect A", 6),
            (to_b(8010), (74, 8010, "platform"), "74 disconnect A", 7),
            (to_a(8015), (15, 8015, "platform"), "15 disconnect A", 7),
            (to_b(8017), (24, 8017, "platform"), "24 disconnect B", 7),
            // Codes about the caller strike on A, whichever number carries them.
            (to_b(8108), (3, 8108, "caller"), "3 disconnect A", 2),
        ] {
            assert_eq!(story.end(), end, "{:?}", story.events());
            assert_eq!(story.events().last().unwrap(), last);
            assert_eq!(story.events().len(), events, "{:?}", story.events());
        }
    }

    #[test]
    fn every_state_code_ends_the_call_with_itself() {
        for row in voicecall_core::codes::Table::State
            .rows()
            .iter()
            .filter(|row| row.first != 0)
        {
            let code = u16::try_from(row.first).unwrap();
            for phones in [[ending_in(code), phone(ORDINARY)], [phone(ORDINARY), ending_in(code)]] {
                assert_eq!(Story::of(scene(VoiceCallback::new()), phones).end().1, code);
            }
        }
    }

    #[test]
    fn stopping_and_hanging_up_mean_what_the_phase_says() {
        let told = |second, input: Input| {
            let mut story = Story::begin(scene(VoiceCallback::new()), ordinary());
            story.input(second, input);
            story.end()
        };
        assert_eq!(told(1, Input::Stop), (1, 8017, "platform"));
        assert_eq!(told(20, Input::Stop), (20, 8017, "platform"));
        assert_eq!(told(5, Input::HangsUp(Leg::A)), (5, 8004, "caller"));
        assert_eq!(told(8, Input::HangsUp(Leg::A)), (8, 8009, "caller"));
        assert_eq!(told(12, Input::HangsUp(Leg::A)), (12, 8009, "caller"));
        assert_eq!(told(12, Input::HangsUp(Leg::B)), (12, 8004, "callee"));
        assert_eq!(told(20, Input::HangsUp(Leg::A)), (20, 0, "caller"));
    }

    #[test]
    fn what_has_no_meaning_changes_nothing() {
        let mut story = Story::begin(scene(VoiceCallback::new()), ordinary());
        for input in [
            Input::Start,
            Input::IsAnswered,
            Input::PlayedOut,
            Input::Keys("1".into()),
            Input::HangsUp(Leg::B),
        ] {
            story.input(1, input);
        }
        assert_eq!((story.phase(), story.events().len()), (Phase::Dialling(Leg::A), 1));
        let mut story = Story::of(scene(VoiceCallback::new()), ordinary());
        story.input(11 * 24 * 3600, Input::Stop);
        assert_eq!(story.end(), (34, 0, "callee"));
    }
}
