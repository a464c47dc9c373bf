//! A call as the admin API and Rust tests see it.

use serde::Serialize;

use super::action::Action;
use super::event::EventKind;
use super::machine::{Machine, Phase};
use super::{Call, Leg, SceneKind, State};
use crate::moment::Moment;
use crate::recording;

/// A call: what was ordered, what happened, how it ended. Times are texts as in pushes, simulated.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CallView {
    /// As in the answer to the request.
    pub session_id: String,
    /// The service.
    pub scene: SceneKind,
    /// The application that placed the call.
    pub app_key: String,
    /// When the request came.
    pub placed: String,
    /// Where the call is: `placed`, `dialling`, `ringing`, `announcing`, `talking`, `playing`, `collecting`, `ended`.
    pub phase: &'static str,
    /// Leg A and, in callbacks, leg B.
    pub legs: Vec<LegView>,
    /// How many keys are still awaited, while they are collected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys_awaited: Option<usize>,
    /// Status events so far, pushed or not.
    pub events: Vec<EventView>,
    /// Keys of each collection.
    pub digits: Vec<String>,
    /// The request's user data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_data: Option<String>,
    /// How the call ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<EndView>,
    /// File name of the recording.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recording: Option<String>,
}

/// One leg of a call.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LegView {
    /// A or B.
    pub leg: Leg,
    /// Number shown on the phone.
    pub display: String,
    /// Number that is called.
    pub called: String,
    /// When it was dialled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// When it rang.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alerting: Option<String>,
    /// When it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// What the phone does: `waits` to be called, is `dialled`, `rings`, `talks`, or it is `over`.
    pub state: &'static str,
    /// Somebody is at the phone: it does nothing of itself.
    pub by_hand: bool,
    /// What can be ordered now: `answer`, `reject`, `hang-up`, `press`, `let-ring`.
    pub can: Vec<&'static str>,
}

/// A status event.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct EventView {
    /// When it happened.
    pub time: String,
    /// `eventType`.
    pub event: EventKind,
    /// Which phone it is about.
    pub leg: Leg,
}

/// The end of a call.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct EndView {
    /// When it ended.
    pub time: String,
    /// `stateCode`.
    pub state_code: u16,
    /// `stateDesc`.
    pub state_desc: &'static str,
    /// `caller`, `callee` or `platform`.
    pub by: &'static str,
}

impl CallView {
    pub(crate) fn new(call: &Call) -> CallView {
        let record = call.record();
        let legs = [Leg::A, Leg::B]
            .into_iter()
            .take(if call.order.second.is_some() { 2 } else { 1 });
        CallView {
            session_id: call.session_id(),
            scene: call.order.scene,
            app_key: call.order.app_key.to_string(),
            placed: call.placed.wire(),
            phase: phase(call),
            legs: legs.map(|leg| leg_view(call, leg)).collect(),
            keys_awaited: call.machine().and_then(Machine::keys_awaited),
            events: call
                .timeline
                .iter()
                .map(|happened| EventView {
                    time: happened.at.wire(),
                    event: happened.kind,
                    leg: happened.leg,
                })
                .collect(),
            digits: record.keys.iter().map(|keys| keys.to_string()).collect(),
            user_data: call.order.user_data.as_deref().map(str::to_owned),
            end: record.end.map(|(at, ending)| EndView {
                time: at.wire(),
                state_code: ending.state_code,
                state_desc: ending.description(),
                by: ending.by.name(),
            }),
            recording: recording::of(call).map(|recording| recording.file_name),
        }
    }
}

fn leg_view(call: &Call, leg: Leg) -> LegView {
    let (numbers, times) = (call.order.numbers(leg), call.record().leg(leg));
    LegView {
        leg,
        display: numbers.display.to_string(),
        called: numbers.called.to_string(),
        start: times.start.map(Moment::wire),
        alerting: times.alerting.map(Moment::wire),
        answer: times.answer.map(Moment::wire),
        state: match call.machine() {
            None => "over",
            Some(_) if times.answer.is_some() => "talks",
            Some(_) if times.alerting.is_some() => "rings",
            Some(_) if times.start.is_some() => "dialled",
            Some(_) => "waits",
        },
        by_hand: call.machine().is_some_and(|machine| machine.phone(leg).by_hand),
        can: call.machine().map_or(Vec::new(), |machine| {
            let possible = Action::ALL
                .iter()
                .filter(|action| machine.understands(&action.input(leg, "")));
            possible.map(|action| action.name()).collect()
        }),
    }
}

fn phase(call: &Call) -> &'static str {
    let phase = match &call.state {
        State::Live(machine) => machine.phase(),
        State::Over(_) => Phase::Ended,
    };
    match phase {
        Phase::Placed => "placed",
        Phase::Dialling(_) => "dialling",
        Phase::Ringing(_) => "ringing",
        Phase::Announcing => "announcing",
        Phase::Talking => "talking",
        Phase::Playing { .. } => "playing",
        Phase::Collecting { .. } => "collecting",
        Phase::Ended => "ended",
    }
}
