//! The rules of the state machine that all scenes share: dialling, ringing, answering, failing, ending.

use std::time::Duration;

use super::ending::{self, Ending};
use super::event::{Event, EventKind};
use super::machine::{Effect, Input, Machine, Phase};
use super::phone::Phone;
use super::{Leg, Party, Scene};
use crate::destiny::{self, Stage};
use crate::moment::Moment;

/// How long the platform lets a phone ring. Not documented; a usual value.
const RING_TIME_OUT: Duration = Duration::from_secs(60);
/// How soon something that has to fail fails.
const SOON: Duration = Duration::from_secs(1);

/// One step of a machine: the machine, the time, and the effects gathered so far.
pub(super) struct Step<'a> {
    call: &'a mut Machine,
    now: Moment,
    effects: Vec<Effect>,
}

impl<'a> Step<'a> {
    pub(super) fn new(call: &'a mut Machine, now: Moment) -> Step<'a> {
        let effects = Vec::new();
        Step { call, now, effects }
    }

    pub(super) fn into_effects(self) -> Vec<Effect> {
        self.effects
    }

    /// Does what the input means in the call's phase.
    pub(super) fn take(&mut self, input: Input) {
        match (self.call.phase, input) {
            (Phase::Ended, _) => {}
            (Phase::Placed, Input::Start) => self.dial(Leg::A),
            (Phase::Dialling(leg), Input::Rings) => self.ring(leg),
            (Phase::Ringing(leg), Input::IsAnswered) => self.answer(leg),
            (Phase::Announcing, Input::PlayedOut) => self.dial(Leg::B),
            (Phase::Playing { item, collection }, Input::PlayedOut) => self.played_out(item, collection),
            (Phase::Collecting { item, collection }, Input::Keys(keys)) => self.collected(item, collection, &keys),
            (Phase::Collecting { item, collection }, Input::Presses(Leg::A, keys)) => {
                self.pressed(item, collection, &keys)
            }
            (Phase::Ringing(ringing), Input::PicksUp(leg)) if ringing == leg => self.answer(leg),
            (phase @ Phase::Ringing(ringing), Input::Rejects(leg)) if ringing == leg => self.hung_up(phase, leg),
            (phase, Input::LetsRing(leg)) => self.lets_ring(phase, leg),
            (_, Input::LimitReached) => self.end(ending::LIMIT_REACHED, Leg::A, Party::Platform),
            (_, Input::Stop) => self.end(ending::STOPPED, Leg::A, Party::Platform),
            (phase, Input::HangsUp(leg)) => self.hung_up(phase, leg),
            (_, Input::Fails { state_code, leg }) => self.fail(state_code, leg),
            _ => {}
        }
    }

    pub(super) fn enter(&mut self, phase: Phase) {
        self.call.phase = phase;
        self.call.phase_number += 1;
    }

    /// Asks for an input that belongs to this phase.
    pub(super) fn after(&mut self, delay: Duration, input: Input) {
        let phase_number = Some(self.call.phase_number);
        self.effects.push(Effect::After {
            delay,
            phase_number,
            input,
        });
    }

    /// A phone will hang up then, whatever is played until then. Somebody at the phone decides that by hand.
    pub(super) fn hangs_up_after(&mut self, delay: Duration, leg: Leg) {
        if self.phone(leg).by_hand {
            return;
        }
        self.effects.push(Effect::After {
            delay,
            phase_number: None,
            input: Input::HangsUp(leg),
        });
    }

    pub(super) fn tell(&mut self, kind: EventKind, leg: Leg) {
        self.effects.push(Effect::Tell(Event {
            kind,
            leg,
            digits: None,
            replays: false,
        }));
    }

    pub(super) fn phone(&self, leg: Leg) -> &Phone {
        self.call.phone(leg)
    }

    /// The stateCode that strikes at this stage on this leg. Codes about the caller strike on A whoever carries them.
    fn fate_at(&self, stage: Stage, leg: Leg) -> Option<u16> {
        let strikes = |code: &u16| destiny::fate(*code).is_some_and(|fate| fate.stage == stage);
        let own = self
            .phone(leg)
            .state_code
            .filter(|code| leg == Leg::A || !destiny::is_about_the_caller(*code));
        let of_other = self
            .phone(Leg::B)
            .state_code
            .filter(|code| leg == Leg::A && destiny::is_about_the_caller(*code));
        own.filter(strikes).or(of_other.filter(strikes))
    }

    /// The stateCode that strikes at this stage on either leg, and the leg.
    pub(super) fn fate_of_call(&self, stage: Stage) -> Option<(u16, Leg)> {
        [Leg::B, Leg::A]
            .into_iter()
            .find_map(|leg| Some((self.fate_at(stage, leg)?, leg)))
    }

    pub(super) fn dial(&mut self, leg: Leg) {
        self.enter(Phase::Dialling(leg));
        self.call.record.leg_mut(leg).start = Some(self.now);
        self.tell(EventKind::Callout, leg);
        let delay = self.phone(leg).rings_after;
        match self.fate_at(Stage::Dialled, leg) {
            Some(state_code) => self.after(delay, Input::Fails { state_code, leg }),
            None => self.after(delay, Input::Rings),
        }
    }

    fn ring(&mut self, leg: Leg) {
        self.enter(Phase::Ringing(leg));
        self.call.record.leg_mut(leg).alerting = Some(self.now);
        self.tell(EventKind::Alerting, leg);
        let answers_after = self.phone(leg).answers_after;
        if let Some(state_code) = self.fate_at(Stage::Rung, leg) {
            self.after(answers_after, Input::Fails { state_code, leg });
        } else if let Some(state_code) = self.fate_at(Stage::RungOut, leg) {
            self.after(RING_TIME_OUT, Input::Fails { state_code, leg });
        } else if let Some(state_code) = self.gives_up_waiting(leg) {
            let leg = Leg::A;
            self.after(answers_after, Input::Fails { state_code, leg });
        } else if answers_after < RING_TIME_OUT && !self.phone(leg).by_hand {
            self.after(answers_after, Input::IsAnswered);
        } else {
            self.rings_out_after(RING_TIME_OUT, leg);
        }
    }

    /// From now on somebody is at this phone. One that rings already goes on for what is left of the time.
    fn lets_ring(&mut self, phase: Phase, leg: Leg) {
        let [a, b] = &mut self.call.phones;
        match leg {
            Leg::A => a.by_hand = true,
            Leg::B => b.by_hand = true,
        }
        if let (true, Some(since)) = (phase == Phase::Ringing(leg), self.call.record.leg(leg).alerting) {
            // What the phone would have done of itself was meant for the phase before.
            self.enter(phase);
            self.rings_out_after(RING_TIME_OUT.saturating_sub(self.now - since), leg);
        }
    }

    fn rings_out_after(&mut self, delay: Duration, leg: Leg) {
        let state_code = ending::RANG_OUT;
        self.after(delay, Input::Fails { state_code, leg });
    }

    /// Whether the caller hangs up while the last phone rings.
    fn gives_up_waiting(&self, ringing: Leg) -> Option<u16> {
        let last = match self.call.scene {
            Scene::Callback(_) => Leg::B,
            _ => Leg::A,
        };
        let (state_code, _) = self.fate_of_call(Stage::Waiting).filter(|_| ringing == last)?;
        Some(state_code)
    }

    fn answer(&mut self, leg: Leg) {
        self.call.record.leg_mut(leg).answer = Some(self.now);
        self.tell(EventKind::Answer, leg);
        match self.call.scene.clone() {
            Scene::Callback(script) => script.answered(self, leg),
            Scene::Notification(script) => script.answered(self),
            Scene::Verification(script) => script.answered(self),
        }
        if let Some(state_code) = self
            .fate_at(Stage::Answered, leg)
            .or_else(|| self.collecting_nothing(leg))
        {
            self.after(SOON, Input::Fails { state_code, leg });
        }
        let fate = self.fate_of_call(Stage::Connected).filter(|_| self.is_connected());
        if let Some((state_code, leg)) = fate {
            self.after(SOON, Input::Fails { state_code, leg });
        }
    }

    /// Whether something about A's phone fails right after A's answer.
    pub(super) fn fails_on_answer(&self) -> bool {
        self.fate_at(Stage::Answered, Leg::A)
            .or_else(|| self.collecting_nothing(Leg::A))
            .is_some()
    }

    /// 8008 in a call that collects nothing strikes when its phone has answered.
    fn collecting_nothing(&self, leg: Leg) -> Option<u16> {
        let collects = matches!(&self.call.scene, Scene::Notification(script) if script.collects());
        self.fate_at(Stage::Collecting, leg).filter(|_| !collects)
    }

    fn is_connected(&self) -> bool {
        matches!(self.call.phase, Phase::Talking | Phase::Playing { .. })
    }

    fn played_out(&mut self, item: usize, collection: usize) {
        match self.call.scene.clone() {
            Scene::Notification(script) => script.played_out(self, item, collection),
            // The code has been read: the platform hangs up.
            _ => self.end(ending::NORMAL, Leg::A, Party::Platform),
        }
    }

    pub(super) fn ask_for_keys(&mut self, item: usize, collection: usize) {
        self.enter(Phase::Collecting { item, collection });
        let start = self.now;
        self.call.record.collection_start.get_or_insert(start);
    }

    /// Whether the phone's number says that play-and-collect fails.
    pub(super) fn presses_nothing(&self) -> bool {
        self.fate_at(Stage::Collecting, Leg::A).is_some()
    }

    /// Keys pressed by hand add up until as many as were asked for are there.
    fn pressed(&mut self, item: usize, collection: usize, keys: &str) {
        let Scene::Notification(script) = &self.call.scene else {
            return;
        };
        let wanted = script.keys_of(item);
        let room = wanted.saturating_sub(self.call.pressed.len());
        self.call.pressed.extend(keys.chars().take(room));
        if self.call.pressed.len() >= wanted {
            self.collected(item, collection, "");
        }
    }

    fn collected(&mut self, item: usize, collection: usize, keys: &str) {
        let by_hand = std::mem::take(&mut self.call.pressed);
        let keys = if by_hand.is_empty() { keys } else { &by_hand };
        let digits = Some(keys).filter(|keys| !keys.is_empty());
        self.call.record.keys.extend(digits.map(Box::from));
        let Scene::Notification(script) = self.call.scene.clone() else {
            return;
        };
        self.effects.push(Effect::Tell(Event {
            kind: EventKind::CollectInfo,
            leg: Leg::A,
            digits: digits.map(Box::from),
            replays: script.replays(item),
        }));
        script.collected(self, item, collection, keys);
    }

    pub(super) fn count_speech_conversion(&mut self) {
        self.call.record.speech_conversions += 1;
    }

    /// A party hangs up of its own accord; what that means depends on how far the call is.
    fn hung_up(&mut self, phase: Phase, leg: Leg) {
        if self.call.record.leg(leg).start.is_none() {
            return;
        }
        let by = self.call.scene.party_of(leg);
        match phase {
            Phase::Dialling(called) | Phase::Ringing(called) if called != leg => {
                self.end(ending::CALLER_GAVE_UP, leg, by);
            }
            Phase::Ringing(_) => self.end(ending::HUNG_UP_WHILE_RINGING, leg, by),
            Phase::Announcing => self.end(ending::CALLER_GAVE_UP, leg, by),
            Phase::Talking | Phase::Playing { .. } | Phase::Collecting { .. } => self.end(ending::NORMAL, leg, by),
            // A phone that has not rung yet cannot be hung up.
            Phase::Placed | Phase::Dialling(_) | Phase::Ended => {}
        }
    }

    pub(super) fn fail(&mut self, state_code: u16, leg: Leg) {
        let phone = self.call.scene.party_of(leg);
        let by = destiny::fate(state_code).map_or(Party::Platform, |fate| fate.by.party(phone));
        self.end(state_code, leg, by);
    }

    pub(super) fn end(&mut self, state_code: u16, leg: Leg, by: Party) {
        self.enter(Phase::Ended);
        let unanswered = [Leg::A, Leg::B].into_iter().any(|leg| {
            let times = self.call.record.leg(leg);
            times.start.is_some() && times.answer.is_none()
        });
        let ending = Ending {
            state_code,
            leg,
            by,
            unanswered,
            told: self.call.phone(leg).told,
        };
        self.call.record.end = Some((self.now, ending));
        self.tell(EventKind::Disconnect, leg);
    }
}
