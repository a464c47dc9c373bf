//! Tells a whole call for the tests of the machine: inputs come when the machine asked for them, without sockets or
//! clocks.

use std::time::Duration;

use super::event::EventKind;
use super::machine::{Effect, Input, Machine, Phase};
use super::phone::{Phone, PhoneRule};
use super::{Leg, Record, Scene};
use crate::moment::Moment;
use crate::timers::Timers;

/// A call that was told to its end, or as far as was asked.
pub(crate) struct Story {
    start: Moment,
    machine: Machine,
    timers: Timers<(Option<u32>, Input)>,
    events: Vec<(u64, EventKind, Leg, Option<String>)>,
}

/// A phone that rings after 3 s and answers after 4 s, with this number.
pub(crate) fn phone(number: &str) -> Phone {
    Phone::new(number, None, &PhoneRule::built_in())
}

/// The same with a rule of its own.
pub(crate) fn phone_with(number: &str, rule: PhoneRule) -> Phone {
    Phone::new(number, Some(&rule), &PhoneRule::built_in())
}

/// An ordinary number.
pub(crate) const ORDINARY: &str = "+8613800000021";

/// An otherwise ordinary number whose last four digits are these.
pub(crate) fn ending_in(state_code: u16) -> Phone {
    phone(&format!("+861380000{state_code}"))
}

impl Story {
    pub(crate) fn begin(scene: Scene, phones: [Phone; 2]) -> Story {
        let start = Moment::from_unix_millis(1_548_299_064_000);
        let mut story = Story {
            start,
            machine: Machine::new(scene, phones),
            timers: Timers::new(),
            events: Vec::new(),
        };
        story.input(0, Input::Start);
        story
    }

    /// Tells the call to its end.
    pub(crate) fn of(scene: Scene, phones: [Phone; 2]) -> Story {
        let mut story = Story::begin(scene, phones);
        story.go_on_to(10 * 24 * 3600);
        assert_eq!(story.machine.phase(), Phase::Ended, "{:?}", story.events());
        story
    }

    /// Goes on to this second of the call.
    pub(crate) fn go_on_to(&mut self, second: u64) {
        let until = self.start + Duration::from_secs(second);
        while let Some((due, (phase_number, input))) = self.timers.take_due(until) {
            let effects = self.machine.step_after(phase_number, input, due);
            self.take(effects, due);
        }
    }

    /// Something happens at this second that nobody asked for.
    pub(crate) fn input(&mut self, second: u64, input: Input) {
        self.go_on_to(second);
        let now = self.start + Duration::from_secs(second);
        let effects = self.machine.step_after(None, input, now);
        self.take(effects, now);
    }

    fn take(&mut self, effects: Vec<Effect>, now: Moment) {
        for effect in effects {
            match effect {
                Effect::Tell(event) => {
                    let second = (now - self.start).as_secs();
                    let digits = event.digits.map(String::from);
                    self.events.push((second, event.kind, event.leg, digits));
                }
                Effect::After {
                    delay,
                    phase_number,
                    input,
                } => self.timers.add(now + delay, (phase_number, input)),
            }
        }
    }

    pub(crate) fn phase(&self) -> Phase {
        self.machine.phase()
    }

    pub(crate) fn record(&self) -> &Record {
        self.machine.record()
    }

    /// The events as text: `0 callout A`.
    pub(crate) fn events(&self) -> Vec<String> {
        let shown = |(second, kind, leg, digits): &(u64, EventKind, Leg, Option<String>)| {
            let digits = digits.as_ref().map(|digits| format!(" {digits}")).unwrap_or_default();
            format!("{second} {} {leg:?}{digits}", kind.wire())
        };
        self.events.iter().map(shown).collect()
    }

    /// The last event's second, the stateCode, and who ended the call.
    pub(crate) fn end(&self) -> (u64, u16, &'static str) {
        let (at, ending) = self.record().end.expect("the call is over");
        ((at - self.start).as_secs(), ending.state_code, ending.by.name())
    }
}
