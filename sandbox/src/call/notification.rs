//! A voice notification: items are played to one phone, and keys may be collected (contract requests.md 6).

use std::sync::Arc;
use std::time::Duration;

use voicecall_core::calls::{PlayContentInfo, VoiceNotification};

use super::machine::{Input, Phase, Step};
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
        let keys = self.items.get(item).map_or(0, |item| item.keys);
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
        let pressed = step.phone(Leg::A).digits.get(collection).cloned();
        let Some(pressed) = pressed else {
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
