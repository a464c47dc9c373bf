//! The order of pushes: those of one call go out one after another, those of different calls side by side (contract
//! pushes.md 5).

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use super::message::Message;
use crate::lock::lock;

/// What is still to be sent for each call that has something on its way.
#[derive(Debug, Default)]
pub(crate) struct PushQueue {
    chains: Mutex<HashMap<u64, VecDeque<Arc<Message>>>>,
}

impl PushQueue {
    /// Puts a status push behind those of its call. `true`: the call had none on its way, so the caller has to see to it
    /// that the call's chain is worked off.
    #[must_use]
    pub(crate) fn add_status(&self, number: u64, message: Arc<Message>) -> bool {
        let mut chains = lock(&self.chains);
        let idle = !chains.contains_key(&number);
        chains.entry(number).or_default().push_back(message);
        idle
    }

    /// Puts a CDR message behind the pushes of all its calls. `true`: nothing is before it, so it can go at once.
    #[must_use]
    pub(crate) fn add_fee(&self, message: &Arc<Message>) -> bool {
        let mut chains = lock(&self.chains);
        let mut waiting_for = 0;
        for (number, _) in &message.calls {
            if let Some(chain) = chains.get_mut(number) {
                chain.push_back(Arc::clone(message));
                waiting_for += 1;
            }
        }
        message.waiting_for.store(waiting_for, Ordering::Release);
        waiting_for == 0
    }

    /// The next message of a call that may go; `None` ends the chain. A CDR message goes with the last of the chains that
    /// it waited in.
    pub(crate) fn next(&self, number: u64) -> Option<Arc<Message>> {
        let mut chains = lock(&self.chains);
        let chain = chains.get_mut(&number)?;
        while let Some(message) = chain.pop_front() {
            // Status messages wait for nothing; that they are here means their turn has come.
            let waits = message.waiting_for.load(Ordering::Acquire);
            if waits <= 1 {
                return Some(message);
            }
            message.waiting_for.store(waits - 1, Ordering::Release);
        }
        chains.remove(&number);
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
        assert!(!queue.add_fee(&fee));

        assert!(queue.next(1).is_some() && queue.next(1).is_some());
        assert!(queue.next(1).is_none(), "call 2 still has a push on its way");
        assert!(queue.next(2).is_some());
        assert_eq!(queue.next(2).unwrap().content, Content::Fee);
        assert!(queue.next(2).is_none());
        assert!(queue.add_status(2, status(2)), "a chain that is worked off is gone");
    }

    #[test]
    fn a_cdr_message_with_nothing_before_it_goes_at_once() {
        assert!(PushQueue::default().add_fee(&message(Content::Fee, &[1])));
    }
}
