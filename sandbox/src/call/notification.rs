//! A voice notification: items are played to one phone, and keys may be collected (contract requests.md 6).

use std::sync::Arc;
use std::time::Duration;

use voicecall_core::calls::{PlayContentInfo, VoiceNotification};

use super::machine::{Input, Phase};
use super::step::Step;
use super::{Leg, Party, ending};
use crate::destiny::Stage;

/// How long an item plays.
const ITEM: Duration = Duration::from_secs(5);
/// How long after an item's end the keys are pressed.
const PRESSING: Duration = Duration::from_secs(2);
/// Keys have to be pressed within this time after an item's end (contract requests.md 6).
const WINDOW: Duration = Duration::from_secs(5);
/// A call that has to reach its longest duration has none of its own here.
const LONGEST: Duration = Duration::from_secs(60);

/// What the request says about the course of the call.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    items: Arc<[Item]>,
}

#[derive(Debug)]
struct Item {
    is_template: bool,
    /// How many keys are collected; 0: none.
    keys: usize,
    replay: Replay,
}

#[derive(Debug)]
enum Replay {
    Never,
    Always,
    /// Only after these keys.
    After(Box<str>),
}

impl Script {
    pub(crate) fn new(request: &VoiceNotification) -> Script {
        let items = request.play_info_list.as_deref().unwrap_or_default();
        Script {
            items: items.iter().map(Item::new).collect(),
        }
    }

    pub(super) fn collects(&self) -> bool {
        self.items.iter().any(|item| item.keys > 0)
    }

    /// How many keys are collected after this item.
    pub(crate) fn keys_of(&self, item: usize) -> usize {
        self.items.get(item).map_or(0, |item| item.keys)
    }

    /// Whether this item may be played again after collection.
    pub(super) fn replays(&self, item: usize) -> bool {
        let item = self.items.get(item);
        item.is_some_and(|item| !matches!(item.replay, Replay::Never))
    }

    pub(super) fn answered(&self, step: &mut Step<'_>) {
        self.play(step, 0, 0);
        let phone = step.phone(Leg::A);
        if phone.talk_is_its_own {
            let talk = phone.talk;
            step.hangs_up_after(talk, Leg::A);
        }
    }

    fn play(&self, step: &mut Step<'_>, item: usize, collection: usize) {
        step.enter(Phase::Playing { item, collection });
        if self.items.get(item).is_some_and(|item| item.is_template) {
            step.count_speech_conversion();
        }
        if step.fate_of_call(Stage::Limit).is_some() {
            return step.after(LONGEST, Input::LimitReached);
        }
        if let Some((state_code, leg)) = step.fate_of_call(Stage::Talking) {
            return step.after(ITEM / 2, Input::Fails { state_code, leg });
        }
        step.after(ITEM, Input::PlayedOut);
    }

    pub(super) fn played_out(&self, step: &mut Step<'_>, item: usize, collection: usize) {
        let keys = self.keys_of(item);
        if keys > 0 {
            return self.collect(step, item, collection, keys);
        }
        if item + 1 < self.items.len() {
            return self.play(step, item + 1, collection);
        }
        // Nothing to collect: the platform hangs up after the last play.
        step.end(ending::NORMAL, Leg::A, Party::Platform);
    }

    fn collect(&self, step: &mut Step<'_>, item: usize, collection: usize, keys: usize) {
        let phone = step.phone(Leg::A);
        if phone.by_hand {
            step.ask_for_keys(item, collection);
            return step.after(WINDOW, Input::Keys("".into()));
        }
        let Some(pressed) = phone.digits.get(collection).cloned() else {
            // Somebody who has heard the replay and has nothing left to press hangs up.
            let by = Party::Callee;
            return step.end(ending::NORMAL, Leg::A, by);
        };
        step.ask_for_keys(item, collection);
        let pressed: Box<str> = match step.presses_nothing() {
            true => "".into(),
            false => pressed.chars().take(keys).collect(),
        };
        // The collection is over with the last key asked for, or with the time.
        let delay = if pressed.len() == keys { PRESSING } else { WINDOW };
        step.after(delay, Input::Keys(pressed));
    }

    pub(super) fn collected(&self, step: &mut Step<'_>, item: usize, collection: usize, keys: &str) {
        if keys.is_empty() {
            return step.fail(ending::NO_KEY, Leg::A);
        }
        let replays = match self.items.get(item).map(|item| &item.replay) {
            Some(Replay::Always) => true,
            Some(Replay::After(trigger)) => **trigger == *keys,
            Some(Replay::Never) | None => false,
        };
        if replays {
            self.play(step, item, collection + 1);
        } else {
            // The platform hangs up after collection; any other key ends the call.
            step.end(ending::NORMAL, Leg::A, Party::Platform);
        }
    }
}

impl Item {
    fn new(request: &PlayContentInfo) -> Item {
        let replay = match (
            request.replay_after_collection,
            &request.collect_content_trigger_replaying,
        ) {
            (Some(true), Some(trigger)) => Replay::After(trigger.as_str().into()),
            (Some(true), None) => Replay::Always,
            _ => Replay::Never,
        };
        Item {
            is_template: request.template_id.is_some(),
            keys: request
                .collect_ind
                .and_then(|keys| usize::try_from(keys).ok())
                .unwrap_or(0),
            replay,
        }
    }
}

#[cfg(test)]
mod tests {
    use voicecall_core::calls::PlayContentInfo;

    use super::super::Scene;
    use super::super::phone::PhoneRule;
    use super::super::story::{ORDINARY, Story, ending_in, phone, phone_with};
    use super::*;

    fn scene(items: Vec<PlayContentInfo>) -> Scene {
        Scene::Notification(Script::new(&VoiceNotification::new().play_info_list(items)))
    }

    fn file() -> PlayContentInfo {
        PlayContentInfo::new().notify_voice("notifyvoice.wav")
    }

    fn collecting(keys: i64) -> PlayContentInfo {
        PlayContentInfo::new().template_id("sandbox_alarm").collect_ind(keys)
    }

    fn replaying(trigger: &str) -> PlayContentInfo {
        collecting(1)
            .replay_after_collection(true)
            .collect_content_trigger_replaying(trigger)
    }

    fn told(items: Vec<PlayContentInfo>, digits: &[&str]) -> Story {
        let digits = Some(digits.iter().map(|keys| (*keys).to_owned()).collect());
        let phone = phone_with(
            ORDINARY,
            PhoneRule {
                digits,
                ..PhoneRule::default()
            },
        );
        Story::of(scene(items), [phone.clone(), phone])
    }

    #[test]
    fn every_item_is_played_and_the_platform_hangs_up() {
        let story = told(vec![file(), file()], &["1"]);
        assert_eq!(
            story.events(),
            ["0 callout A", "3 alerting A", "7 answer A", "17 disconnect A"]
        );
        assert_eq!(story.end(), (17, 0, "platform"));
        assert_eq!(story.record().speech_conversions, 0);
    }

    #[test]
    fn a_key_is_collected_and_the_platform_hangs_up() {
        let story = told(vec![file(), collecting(1)], &["1"]);
        assert_eq!(story.events()[3..], ["19 collectInfo A 1", "19 disconnect A"]);
        assert_eq!(story.end(), (19, 0, "platform"));
        assert_eq!(story.record().speech_conversions, 1);
    }

    #[test]
    fn more_keys_than_asked_for_are_not_heard_and_fewer_end_with_the_time() {
        assert_eq!(told(vec![collecting(2)], &["123"]).events()[3], "14 collectInfo A 12");
        assert_eq!(told(vec![collecting(2)], &["1"]).events()[3], "17 collectInfo A 1");
    }

    #[test]
    fn no_key_in_time_is_told_without_digits_and_fails_the_call() {
        let story = told(vec![collecting(1)], &[""]);
        assert_eq!(story.events()[3..], ["17 collectInfo A", "17 disconnect A"]);
        assert_eq!(story.end(), (17, 8008, "platform"));
    }

    #[test]
    fn a_replay_needs_its_trigger() {
        let story = told(vec![replaying("1")], &["2"]);
        assert_eq!(story.events()[3..], ["14 collectInfo A 2", "14 disconnect A"]);
        let story = told(vec![replaying("1")], &["1", "2"]);
        assert_eq!(
            story.events()[3..],
            ["14 collectInfo A 1", "21 collectInfo A 2", "21 disconnect A"]
        );
        assert_eq!(story.end(), (21, 0, "platform"));
        assert_eq!(story.record().speech_conversions, 2);
    }

    #[test]
    fn a_phone_with_nothing_left_to_press_hangs_up_after_the_replay() {
        let story = told(vec![replaying("1")], &["1"]);
        assert_eq!(story.events()[3..], ["14 collectInfo A 1", "19 disconnect A"]);
        assert_eq!(story.end(), (19, 0, "callee"));
    }

    #[test]
    fn a_phone_with_a_talk_time_of_its_own_hangs_up_whatever_is_played() {
        let talk_seconds = Some(7);
        let rule = PhoneRule {
            talk_seconds,
            ..PhoneRule::default()
        };
        let story = Story::of(
            scene(vec![file(), file()]),
            [phone_with(ORDINARY, rule), phone(ORDINARY)],
        );
        assert_eq!(story.end(), (14, 0, "callee"));
    }

    #[test]
    fn every_state_code_ends_the_call_with_itself() {
        for row in voicecall_core::codes::Table::State
            .rows()
            .iter()
            .filter(|row| row.first != 0)
        {
            let code = u16::try_from(row.first).unwrap();
            for items in [vec![file()], vec![collecting(1)]] {
                assert_eq!(
                    Story::of(scene(items), [ending_in(code), ending_in(code)]).end().1,
                    code
                );
            }
        }
    }
}
