//! The calls of a platform by number: all live ones, and as many finished ones as settings allow.

use std::collections::{HashMap, VecDeque};

use crate::call::{Call, id};

/// The calls.
#[derive(Debug)]
pub(crate) struct Calls {
    /// Boxed: most are finished and small, and growing the table must not move them.
    by_number: HashMap<u64, Box<Call>>,
    /// Numbers of finished calls, oldest end first.
    finished: VecDeque<u64>,
    keep_finished: usize,
    last_number: u64,
}

impl Calls {
    pub(crate) fn new(keep_finished: usize) -> Calls {
        Calls {
            by_number: HashMap::new(),
            finished: VecDeque::new(),
            keep_finished,
            last_number: 0,
        }
    }

    pub(crate) fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    pub(crate) fn add(&mut self, call: Call) {
        self.by_number.insert(call.number, Box::new(call));
    }

    pub(crate) fn get(&self, number: u64) -> Option<&Call> {
        self.by_number.get(&number).map(|call| &**call)
    }

    pub(crate) fn get_mut(&mut self, number: u64) -> Option<&mut Call> {
        self.by_number.get_mut(&number).map(|call| &mut **call)
    }

    /// The call with this session id.
    pub(crate) fn find(&self, session_id: &str) -> Option<&Call> {
        self.get(id::number_in(session_id)?)
            .filter(|call| call.session_id() == session_id)
    }

    /// Counts a call among the finished ones, and lets go of the oldest if they are too many.
    pub(crate) fn finished(&mut self, number: u64) {
        self.finished.push_back(number);
        while self.finished.len() > self.keep_finished {
            if let Some(oldest) = self.finished.pop_front() {
                self.by_number.remove(&oldest);
            }
        }
    }

    pub(crate) fn live_count(&self) -> usize {
        self.by_number.len() - self.finished.len()
    }

    /// The calls after this number, in the order in which they were placed, at most `limit`.
    pub(crate) fn after(&self, number: u64, limit: usize) -> impl Iterator<Item = &Call> {
        (number + 1..=self.last_number)
            .filter_map(|number| self.get(number))
            .take(limit)
    }
}
