//! The state machine of a call: pure. Given where a call is, what happens, and when, it tells what the platform does.
//!
//! It knows no sockets, no clock and no other call. What the phones do of themselves it takes from their data and asks
//! to be told in time: every effect `After` comes back as an input unless the call has moved on meanwhile.
//!
//! Here are its parts; [`step`](super::step) has its rules, and one file per scene what is special about that scene.

use std::time::Duration;

use super::event::Event;
use super::phone::Phone;
use super::step::Step;
use super::{Leg, Record, Scene};
use crate::moment::Moment;

/// Where a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Accepted, nothing dialled yet.
    Placed,
    Dialling(Leg),
    Ringing(Leg),
    /// A callback's A hears a tone before B is dialled.
    Announcing,
    /// A callback's parties talk.
    Talking,
    /// An item is played. `collection` counts the collections before it.
    Playing {
        item: usize,
        collection: usize,
    },
    /// Keys are awaited after an item.
    Collecting {
        item: usize,
        collection: usize,
    },
    Ended,
}

/// Something that happens to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    /// The platform sets to work.
    Start,
    /// The phone being dialled rings.
    Rings,
    /// The ringing phone is answered.
    IsAnswered,
    /// This party hangs up.
    HangsUp(Leg),
    /// What is being played is over.
    PlayedOut,
    /// These keys are pressed; none when the time for pressing is over.
    Keys(Box<str>),
    /// Somebody answers this phone by hand.
    PicksUp(Leg),
    /// Somebody rejects the call at this phone.
    Rejects(Leg),
    /// Somebody presses keys by hand. They are heard while keys are collected, and collected with the last one asked for.
    Presses(Leg, Box<str>),
    /// This phone goes on ringing until somebody does something with it.
    LetsRing(Leg),
    /// The longest duration is reached.
    LimitReached,
    /// The customer orders the end.
    Stop,
    /// The call fails with this stateCode on this leg.
    Fails { state_code: u16, leg: Leg },
}

/// What the platform does because of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Tells the outside.
    Tell(Event),
    /// Wants this input after this time; with a phase number, only if the call is still in that phase by then.
    After {
        delay: Duration,
        phase_number: Option<u32>,
        input: Input,
    },
}

/// A call in progress.
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    pub(super) scene: Scene,
    /// The phones of leg A and B; the second is unused where there is one phone.
    pub(super) phones: [Phone; 2],
    pub(super) phase: Phase,
    /// Counts the phases, so that what was meant for an earlier one is recognised.
    pub(super) phase_number: u32,
    pub(super) record: Record,
    /// Keys pressed by hand in the collection that is open.
    pub(super) pressed: String,
}

impl Machine {
    pub(crate) fn new(scene: Scene, phones: [Phone; 2]) -> Machine {
        Machine {
            scene,
            phones,
            phase: Phase::Placed,
            phase_number: 0,
            record: Record::default(),
            pressed: String::new(),
        }
    }

    pub(crate) fn phase(&self) -> Phase {
        self.phase
    }

    pub(crate) fn phone(&self, leg: Leg) -> &Phone {
        let [a, b] = &self.phones;
        match leg {
            Leg::A => a,
            Leg::B => b,
        }
    }

    /// How many keys are still to be pressed, while they are collected.
    pub(crate) fn keys_awaited(&self) -> Option<usize> {
        match (&self.scene, self.phase) {
            (Scene::Notification(script), Phase::Collecting { item, .. }) => {
                Some(script.keys_of(item).saturating_sub(self.pressed.len()))
            }
            _ => None,
        }
    }

    pub(crate) fn record(&self) -> &Record {
        &self.record
    }

    /// What remains when the call is over; the machine is of no use afterwards.
    pub(crate) fn take_record(&mut self) -> Record {
        std::mem::take(&mut self.record)
    }

    /// Takes an input that an effect `After` asked for. What was meant for a phase that is over means nothing.
    pub(crate) fn step_after(&mut self, phase_number: Option<u32>, input: Input, now: Moment) -> Vec<Effect> {
        match phase_number {
            Some(number) if number != self.phase_number => Vec::new(),
            _ => self.step(input, now),
        }
    }

    /// Whether this input would mean something now.
    pub(crate) fn understands(&self, input: &Input) -> bool {
        match (self.phase, input) {
            (Phase::Ringing(ringing), Input::PicksUp(leg) | Input::Rejects(leg)) => ringing == *leg,
            (Phase::Dialling(called) | Phase::Ringing(called), Input::LetsRing(leg)) => called == *leg,
            (Phase::Collecting { .. }, Input::Presses(Leg::A, _)) => true,
            (Phase::Placed | Phase::Dialling(_) | Phase::Ended, Input::HangsUp(Leg::B)) => false,
            (Phase::Placed | Phase::Dialling(Leg::A) | Phase::Ended, Input::HangsUp(Leg::A)) => false,
            (_, Input::HangsUp(leg)) => self.record.leg(*leg).start.is_some(),
            _ => false,
        }
    }

    /// Takes an input. One that has no meaning in this phase changes nothing.
    pub(crate) fn step(&mut self, input: Input, now: Moment) -> Vec<Effect> {
        let mut step = Step::new(self, now);
        step.take(input);
        step.into_effects()
    }
}
