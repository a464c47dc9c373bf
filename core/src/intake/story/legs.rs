//! The legs of a call, as status events and CDR tell of them together.
//!
//! A status event does not say which leg it is about; it names the called number. The CDR says which number is A and
//! which is B, and so does the request. Before either is known, A is who was called first: the platform calls B only
//! after A has answered (contract pushes.md 7.1).

use crate::intake::placing::Placing;
use crate::result;
use crate::result::closed_set;
use crate::webhook::{Cdr, EventType, Leg, LegName, Scene, StatusEvent, Timestamp};

result! {
    /// One leg of a call: the platform and one phone.
    #[derive(Clone, PartialEq, Eq)]
    pub struct CallLeg: "pushes.md 7.1 and 8.4" {
        /// Which leg it is.
        leg: LegName,
        /// The called number, hashed in a store that hashes numbers. Personal data.
        number: Option<String> as PhoneNumber,
        /// The number shown there.
        display_number: Option<String> as PhoneNumber,
        /// How far the leg has come.
        state: LegState,
        /// When the platform started calling.
        calling_at: Option<Timestamp<'static>>,
        /// When the phone rang.
        ringing_at: Option<Timestamp<'static>>,
        /// When it was answered. Absent when it was not, or not yet.
        answered_at: Option<Timestamp<'static>>,
        /// Seconds from the answer to the end of the call, from the CDR.
        talk_seconds: Option<u64>,
        /// Billable minutes of this leg, each started minute counted, from the CDR.
        billable_minutes: Option<u64>,
    }
}

closed_set! {
    /// How far one leg has come: the furthest that any known fact proves.
    pub enum LegState {
        /// Not called: B waits for A's answer, or the call ended before.
        Waiting = "waiting",
        /// Being called.
        Calling = "calling",
        /// The phone rings.
        Ringing = "ringing",
        /// The phone was answered.
        Answered = "answered",
    }
}

/// Who is A and who is B.
pub(super) struct Parties {
    a: Option<String>,
    b: Option<String>,
    pub(super) scene: Scene,
}

impl Parties {
    /// `statuses` are in order of time.
    pub(super) fn new(cdr: Option<&Cdr>, placing: Option<&Placing>, statuses: &[StatusEvent]) -> Parties {
        let mut called: Vec<String> = Vec::new();
        for number in statuses.iter().filter_map(StatusEvent::called) {
            if !called.iter().any(|known| *known == number) {
                called.push(number.into_owned());
            }
        }
        let scene = scene(cdr, placing, called.len());
        let (mut a, mut b) = match (cdr, placing) {
            (Some(cdr), _) => (owned(cdr.callee_num()), owned(cdr.fwd_dst_num())),
            (None, Some(placing)) => {
                let mut numbers = placing.called.iter().map(|called| called.number.clone());
                (numbers.next(), numbers.next())
            }
            (None, None) => (None, None),
        };
        // What nobody has named yet goes to the first who was called and is not the other party.
        called.retain(|number| Some(number) != a.as_ref() && Some(number) != b.as_ref());
        let mut others = called.into_iter();
        if a.is_none() {
            a = others.next();
        }
        if b.is_none() && scene == Scene::Callback {
            b = others.next();
        }
        Parties { a, b, scene }
    }

    /// The leg that an event is about; `None` when the event does not tell.
    pub(super) fn leg_of(&self, event: &StatusEvent) -> Option<LegName> {
        match event.called() {
            Some(called) if Some(called.as_ref()) == self.a.as_deref() => Some(LegName::A),
            Some(called) if Some(called.as_ref()) == self.b.as_deref() => Some(LegName::B),
            // Early messages have no numbers; where there is one leg only, it is the one.
            None if self.scene == Scene::Play => Some(LegName::A),
            _ => None,
        }
    }

    /// The legs, from the events in order of time and from the CDR, whose word counts where it has one.
    pub(super) fn legs(&self, cdr: Option<&Cdr>, placing: Option<&Placing>, statuses: &[StatusEvent]) -> Vec<CallLeg> {
        let names = if self.scene == Scene::Callback {
            &[LegName::A, LegName::B][..]
        } else {
            &[LegName::A]
        };
        let recorded = cdr.map(Cdr::legs).unwrap_or_default();
        let legs = names.iter().enumerate().map(|(position, name)| {
            let mut leg = CallLeg::new(*name, self.number(*name));
            leg.display_number = placing
                .and_then(|placing| placing.called.get(position))
                .and_then(|called| called.display_number.clone());
            for event in statuses.iter().filter(|event| self.leg_of(event) == Some(*name)) {
                leg.hear(event);
            }
            if let Some(recorded) = recorded.iter().find(|recorded| recorded.leg == *name) {
                leg.settle(recorded);
            }
            leg.state = leg.furthest();
            leg
        });
        legs.collect()
    }

    fn number(&self, name: LegName) -> Option<String> {
        match name {
            LegName::A => self.a.clone(),
            LegName::B => self.b.clone(),
        }
    }
}

impl CallLeg {
    fn new(leg: LegName, number: Option<String>) -> CallLeg {
        CallLeg {
            leg,
            number,
            display_number: None,
            state: LegState::Waiting,
            calling_at: None,
            ringing_at: None,
            answered_at: None,
            talk_seconds: None,
            billable_minutes: None,
        }
    }

    /// Of several events of one kind the earliest counts. An event without a time still proves what it says.
    fn hear(&mut self, event: &StatusEvent) {
        let (slot, state) = match event.event_type() {
            EventType::Callout => (Some(&mut self.calling_at), LegState::Calling),
            EventType::Alerting => (Some(&mut self.ringing_at), LegState::Ringing),
            EventType::Answer => (Some(&mut self.answered_at), LegState::Answered),
            EventType::CollectInfo => (None, LegState::Answered),
            _ => return,
        };
        if let Some(slot) = slot {
            *slot = slot.take().or_else(|| event.timestamp().map(Timestamp::into_owned));
        }
        self.state = self.state.max(state);
        if self.display_number.is_none() {
            self.display_number = owned(event.caller());
        }
    }

    fn settle(&mut self, recorded: &Leg<'_>) {
        let take = |slot: &mut Option<Timestamp<'static>>, time: &Option<Timestamp<'_>>| {
            if let Some(time) = time {
                *slot = Some(time.clone().into_owned());
            }
        };
        take(&mut self.calling_at, &recorded.calling_at);
        take(&mut self.ringing_at, &recorded.ringing_at);
        take(&mut self.answered_at, &recorded.answered_at);
        if let Some(number) = &recorded.number {
            self.number = Some(number.as_ref().to_owned());
        }
        if let Some(display) = &recorded.display_number {
            self.display_number = Some(display.as_ref().to_owned());
        }
        self.talk_seconds = recorded.talk_seconds();
        self.billable_minutes = recorded.billable().map(|billable| billable.minutes);
    }

    /// What events proved, and what the times prove.
    fn furthest(&self) -> LegState {
        let proved = match self {
            CallLeg {
                answered_at: Some(_), ..
            } => LegState::Answered,
            CallLeg {
                ringing_at: Some(_), ..
            } => LegState::Ringing,
            CallLeg {
                calling_at: Some(_), ..
            } => LegState::Calling,
            _ => LegState::Waiting,
        };
        self.state.max(proved)
    }
}

/// The record knows best, then the request; two called numbers are a callback.
fn scene(cdr: Option<&Cdr>, placing: Option<&Placing>, called: usize) -> Scene {
    match (cdr.map(Cdr::scene), placing) {
        (Some(Scene::Unknown) | None, Some(placing)) if placing.called.len() > 1 => Scene::Callback,
        (Some(Scene::Unknown) | None, Some(_)) => Scene::Play,
        (Some(Scene::Unknown) | None, None) if called > 1 => Scene::Callback,
        (scene, _) => scene.unwrap_or(Scene::Unknown),
    }
}

fn owned(text: Option<std::borrow::Cow<'_, str>>) -> Option<String> {
    text.map(std::borrow::Cow::into_owned)
}
