//! A call: what was ordered, how far it has come, and what is left of it when it is over.

pub(crate) mod action;
pub(crate) mod callback;
pub(crate) mod ending;
pub(crate) mod event;
pub(crate) mod id;
pub(crate) mod machine;
pub(crate) mod notification;
mod order;
pub(crate) mod phone;
mod record;
mod step;
#[cfg(test)]
mod story;
pub(crate) mod verification;
pub(crate) mod view;

use event::EventKind;
use machine::{Effect, Input, Machine, Phase};
pub(crate) use order::{LegNumbers, Order, PlacingRequest};
pub(crate) use record::{LegTimes, Record};
use serde::Serialize;

use crate::choices::PartyTypes;
use crate::moment::Moment;

/// A or the only phone, and B.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
pub enum Leg {
    /// The phone called first, or the only one.
    A,
    /// The phone called second, in callbacks.
    B,
}

/// Who ended a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Party {
    Caller,
    Callee,
    Platform,
}

impl Party {
    /// The name in the admin API.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Party::Caller => "caller",
            Party::Callee => "callee",
            Party::Platform => "platform",
        }
    }

    /// The text of `partyType`; the service's own texts are not known (contract requests.md 18, D20).
    pub(crate) fn text(self, texts: &PartyTypes) -> &str {
        match self {
            Party::Caller => &texts.caller,
            Party::Callee => &texts.callee,
            Party::Platform => &texts.platform,
        }
    }
}

/// Which of the three services a call uses, with what its request says about the course of the call.
#[derive(Debug, Clone)]
pub(crate) enum Scene {
    Callback(callback::Script),
    Notification(notification::Script),
    Verification(verification::Script),
}

impl Scene {
    /// The party whose phone this is: in callbacks A is the caller, otherwise the only phone is the callee's.
    pub(crate) fn party_of(&self, leg: Leg) -> Party {
        match (self, leg) {
            (Scene::Callback(_), Leg::A) => Party::Caller,
            _ => Party::Callee,
        }
    }

    pub(crate) fn kind(&self) -> SceneKind {
        match self {
            Scene::Callback(_) => SceneKind::Callback,
            Scene::Notification(_) => SceneKind::Notification,
            Scene::Verification(_) => SceneKind::Verification,
        }
    }
}

/// One of the three services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SceneKind {
    /// 语音回呼: connects two phones.
    Callback,
    /// 语音通知: plays files or templates to one phone.
    Notification,
    /// 语音验证码: reads a code to one phone.
    Verification,
}

impl SceneKind {
    /// `serviceType` of the CDR (contract pushes.md 8.1).
    pub(crate) const fn service_type(self) -> &'static str {
        match self {
            SceneKind::Callback => "002",
            SceneKind::Notification | SceneKind::Verification => "001",
        }
    }
}

/// One call: what was ordered, and how far it has come.
#[derive(Debug)]
pub(crate) struct Call {
    /// Counts the calls of this platform from 1.
    pub(crate) number: u64,
    pub(crate) placed: Moment,
    pub(crate) order: Order,
    pub(crate) state: State,
    pub(crate) timeline: Vec<Happened>,
}

/// A live call has a machine; of a finished one only the facts are kept, as many are.
#[derive(Debug)]
pub(crate) enum State {
    Live(Box<Machine>),
    Over(Record),
}

/// A status event of the past.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Happened {
    pub(crate) at: Moment,
    pub(crate) kind: EventKind,
    pub(crate) leg: Leg,
}

impl Call {
    pub(crate) fn new(number: u64, placed: Moment, order: Order, machine: Machine) -> Call {
        Call {
            number,
            placed,
            order,
            state: State::Live(Box::new(machine)),
            timeline: Vec::new(),
        }
    }

    pub(crate) fn session_id(&self) -> String {
        id::session_id(self.number, self.placed)
    }

    pub(crate) fn record(&self) -> &Record {
        match &self.state {
            State::Live(machine) => machine.record(),
            State::Over(record) => record,
        }
    }

    /// The machine, while the call lives.
    pub(crate) fn machine(&self) -> Option<&Machine> {
        match &self.state {
            State::Live(machine) => Some(machine),
            State::Over(_) => None,
        }
    }

    /// Takes an input; nothing comes of one that is late.
    pub(crate) fn step(&mut self, phase_number: Option<u32>, input: Input, now: Moment) -> Vec<Effect> {
        match &mut self.state {
            State::Live(machine) => machine.step_after(phase_number, input, now),
            State::Over(_) => Vec::new(),
        }
    }

    /// Notes a status event.
    pub(crate) fn happened(&mut self, kind: EventKind, leg: Leg, at: Moment) {
        self.timeline.push(Happened { at, kind, leg });
    }

    /// Whether the machine has come to its end and only its facts need to be kept.
    pub(crate) fn has_just_ended(&self) -> bool {
        matches!(&self.state, State::Live(machine) if machine.phase() == Phase::Ended)
    }

    /// Lets go of everything but the facts.
    pub(crate) fn settle(&mut self) {
        if let State::Live(machine) = &mut self.state {
            self.state = State::Over(machine.take_record());
            self.timeline.shrink_to_fit();
        }
    }
}
