//! The order of pushes: those of one call go out one after another, those of different calls side by side (contract
//! pushes.md 5).

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use super::message::Message;
use crate::lock::lock;

/// What is still to be sent for each call that has something on its way.
#[derive(Debug, Default)]
pub(crate) struct PushQueue {
    chains: Mutex<Chains>,
}

#[derive(Debug, Default)]
struct Chains {
    of_call: HashMap<u64, VecDeque<Arc<Message>>>,
    /// Pushes that let the next one of their call go first.
    held: HashMap<u64, Arc<Message>>,
}

/// Who has to set to work after a CDR message was added.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct FeeTurn {
    /// Nothing is before it, so it can go at once.
    pub(crate) at_once: bool,
    /// Calls whose chains begin with it.
    pub(crate) chains: Vec<u64>,
}

impl Chains {
    /// Puts a message behind those of its call. `true`: there were none.
    fn push(&mut self, number: u64, message: Arc<Message>) -> bool {
        match self.of_call.entry(number) {
            Entry::Occupied(mut chain) => {
                chain.get_mut().push_back(message);
                false
            }
            Entry::Vacant(place) => {
                place.insert(VecDeque::from([message]));
                true
            }
        }
    }
}

impl PushQueue {
    /// Puts a status push behind those of its call. `true`: the call had none on its way, so the caller has to see to it
    /// that the call's chain is worked off.
    #[must_use]
    pub(crate) fn add_status(&self, number: u64, message: Arc<Message>) -> bool {
        let mut chains = lock(&self.chains);
        let idle = chains.push(number, message);
        if let Some(held) = chains.held.remove(&number) {
            chains.push(number, held);
        }
        idle
    }

    /// Keeps a status push until the next push of its call, which goes first. `false`: another one is kept already.
    #[must_use]
    pub(crate) fn hold(&self, number: u64, message: &Arc<Message>) -> bool {
        match lock(&self.chains).held.entry(number) {
            Entry::Occupied(_) => false,
            Entry::Vacant(place) => {
                place.insert(Arc::clone(message));
                true
            }
        }
    }

    /// Puts a CDR message behind the pushes of all its calls.
    #[must_use]
    pub(crate) fn add_fee(&self, message: &Arc<Message>) -> FeeTurn {
        let mut chains = lock(&self.chains);
        let mut waiting_for = 0;
        let mut turn = FeeTurn::default();
        for (number, _) in &message.calls {
            let held = chains.held.remove(number);
            if held.is_none() && !chains.of_call.contains_key(number) {
                continue;
            }
            waiting_for += 1;
            if chains.push(*number, Arc::clone(message)) {
                turn.chains.push(*number);
            }
            if let Some(held) = held {
                chains.push(*number, held);
            }
        }
        message.waiting_for.store(waiting_for, Ordering::Release);
        turn.at_once = waiting_for == 0;
        turn
    }

    /// The next message of a call that may go; `None` ends the chain. A CDR message goes with the last of the chains that
    /// it waited in.
    pub(crate) fn next(&self, number: u64) -> Option<Arc<Message>> {
        let mut chains = lock(&self.chains);
        let chain = chains.of_call.get_mut(&number)?;
        while let Some(message) = chain.pop_front() {
            // Status messages wait for nothing; that they are here means their turn has come.
            let waits = message.waiting_for.load(Ordering::Acquire);
            if waits <= 1 {
                return Some(message);
            }
            message.waiting_for.store(waits - 1, Ordering::Release);
        }
        chains.of_call.remove(&number);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::event::EventKind;
    use crate::moment::Moment;
    use crate::push::message::Content;

    fn message(content: Content, calls: &[u64]) -> Arc<Message> {
        let calls = calls
            .iter()
            .map(|number| (*number, Moment::from_unix_millis(0)))
            .collect();
        Arc::new(Message::new(
            content,
            "key".into(),
            "url".into(),
            calls,
            String::new(),
            Moment::from_unix_millis(0),
        ))
    }

    #[test]
    fn a_cdr_message_waits_for_all_its_calls() {
        let queue = PushQueue::default();
        let status = |number| message(Content::Status(EventKind::Disconnect), &[number]);
        assert!(queue.add_status(1, status(1)));
        assert!(!queue.add_status(1, status(1)));
        assert!(queue.add_status(2, status(2)));
        let fee = message(Content::Fee, &[1, 2, 3]);
        assert!(!queue.add_fee(&fee).at_once);

        assert!(queue.next(1).is_some() && queue.next(1).is_some());
        assert!(queue.next(1).is_none(), "call 2 still has a push on its way");
        assert!(queue.next(2).is_some());
        assert_eq!(queue.next(2).unwrap().content, Content::Fee);
        assert!(queue.next(2).is_none());
        assert!(queue.add_status(2, status(2)), "a chain that is worked off is gone");
    }

    #[test]
    fn a_cdr_message_with_nothing_before_it_goes_at_once() {
        assert!(PushQueue::default().add_fee(&message(Content::Fee, &[1])).at_once);
    }

    #[test]
    fn a_push_that_is_held_lets_the_next_one_of_its_call_go_first() {
        let queue = PushQueue::default();
        let status = |kind, number| message(Content::Status(kind), &[number]);
        assert!(queue.hold(1, &status(EventKind::Callout, 1)));
        assert!(!queue.hold(1, &status(EventKind::Alerting, 1)), "one at a time");
        assert!(queue.add_status(1, status(EventKind::Alerting, 1)));
        let sent = || queue.next(1).map(|message| message.content);
        assert_eq!(sent(), Some(Content::Status(EventKind::Alerting)));
        assert_eq!(sent(), Some(Content::Status(EventKind::Callout)));
        assert_eq!(sent(), None);

        assert!(queue.hold(1, &status(EventKind::Disconnect, 1)));
        let turn = queue.add_fee(&message(Content::Fee, &[1]));
        assert_eq!((turn.at_once, turn.chains), (false, vec![1]));
        assert_eq!(sent(), Some(Content::Fee));
        assert_eq!(sent(), Some(Content::Status(EventKind::Disconnect)));
    }
}
