//! What is done at the phones by hand.

use std::sync::Arc;

use super::Platform;
use crate::call::action::Action;
use crate::call::view::CallView;
use crate::call::{Call, Leg};
use crate::lock::lock;

/// Why nothing was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotDone {
    /// There is no such call, or no live call at such a phone.
    NoCall,
    /// It means nothing where the call is.
    NoMeaning,
}

impl Platform {
    /// Does this at a phone of the call. Without a leg: at the last one where it means something, which for hanging up is
    /// the callee's.
    pub(crate) fn act_in_call(
        self: &Arc<Self>,
        session_id: &str,
        leg: Option<Leg>,
        action: Action,
        digits: &str,
    ) -> Result<CallView, NotDone> {
        self.act(action, digits, |calls| {
            let call = calls.find(session_id).ok_or(NotDone::NoCall)?;
            let leg = legs_where(call, action, |asked| leg.is_none_or(|leg| leg == asked)).next();
            Ok((call.number, leg.ok_or(NotDone::NoMeaning)?))
        })
    }

    /// Does this at the phone with this number, in the newest live call where it means something.
    pub(crate) fn act_at_phone(
        self: &Arc<Self>,
        number: &str,
        action: Action,
        digits: &str,
    ) -> Result<CallView, NotDone> {
        self.act(action, digits, |calls| {
            let is_at = |call: &Call, leg| *call.order.numbers(leg).called == *number;
            let mut found = Err(NotDone::NoCall);
            for call in calls.live() {
                if legs(call).any(|leg| is_at(call, leg)) {
                    found = Err(NotDone::NoMeaning);
                }
                if let Some(leg) = legs_where(call, action, |leg| is_at(call, leg)).next() {
                    return Ok((call.number, leg));
                }
            }
            found
        })
    }

    fn act(
        self: &Arc<Self>,
        action: Action,
        digits: &str,
        find: impl FnOnce(&crate::calls::Calls) -> Result<(u64, Leg), NotDone>,
    ) -> Result<CallView, NotDone> {
        let now = self.clock.now();
        let mut world = lock(&self.world);
        // What was due before this happened before it.
        while self.do_next_due(&mut world, now) {}
        let (number, leg) = find(&world.calls)?;
        self.step(&mut world, number, None, action.input(leg, digits), now);
        let view = world.calls.get(number).map(CallView::new);
        drop(world);
        self.tell_news();
        view.ok_or(NotDone::NoCall)
    }
}

/// The legs of a call, the last first.
fn legs(call: &Call) -> impl Iterator<Item = Leg> {
    let second = call.order.second.is_some().then_some(Leg::B);
    second.into_iter().chain([Leg::A])
}

fn legs_where(call: &Call, action: Action, is_meant: impl Fn(Leg) -> bool) -> impl Iterator<Item = Leg> {
    legs(call).filter(move |leg| {
        let understands = |machine: &crate::call::machine::Machine| machine.understands(&action.input(*leg, ""));
        is_meant(*leg) && call.machine().is_some_and(understands)
    })
}
