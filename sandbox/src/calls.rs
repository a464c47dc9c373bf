//! The calls of a platform by number: all live ones, and as many finished ones as settings allow.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::call::{Call, id};

/// The calls.
#[derive(Debug)]
pub(crate) struct Calls {
    /// Boxed: most are finished and small, and growing the table must not move them.
    by_number: HashMap<u64, Box<Call>>,
    /// How many calls of each application live.
    live: HashMap<Arc<str>, usize>,
    /// Numbers of finished calls, oldest end first.
    finished: VecDeque<u64>,
    keep_finished: usize,
    last_number: u64,
}

impl Calls {
    pub(crate) fn new(keep_finished: usize) -> Calls {
        Calls {
            by_number: HashMap::new(),
            live: HashMap::new(),
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
        *self.live.entry(Arc::clone(&call.order.app_key)).or_default() += 1;
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
        if let Some(app_key) = self.get(number).map(|call| Arc::clone(&call.order.app_key)) {
            let live = self.live.get(&app_key).copied().unwrap_or(0);
            match live {
                0 | 1 => self.live.remove(&app_key),
                _ => self.live.insert(app_key, live - 1),
            };
        }
        self.finished.push_back(number);
        while self.finished.len() > self.keep_finished {
            if let Some(oldest) = self.finished.pop_front() {
                self.by_number.remove(&oldest);
            }
        }
    }

    /// The calls that live, newest first.
    pub(crate) fn live(&self) -> Vec<&Call> {
        let mut live: Vec<_> = self
            .by_number
            .values()
            .filter(|call| call.machine().is_some())
            .collect();
        live.sort_by_key(|call| std::cmp::Reverse(call.number));
        live.into_iter().map(|call| &**call).collect()
    }

    pub(crate) fn live_count(&self) -> usize {
        self.by_number.len() - self.finished.len()
    }

    pub(crate) fn live_count_of(&self, app_key: &str) -> usize {
        self.live.get(app_key).copied().unwrap_or(0)
    }

    /// The newest calls, newest first.
    pub(crate) fn newest(&self, count: usize) -> impl Iterator<Item = &Call> {
        (1..=self.last_number)
            .rev()
            .filter_map(|number| self.get(number))
            .take(count.min(self.by_number.len()))
    }

    /// The calls after this number, in the order in which they were placed, at most `limit`.
    pub(crate) fn after(&self, number: u64, limit: usize) -> impl Iterator<Item = &Call> {
        (number + 1..=self.last_number)
            .filter_map(|number| self.get(number))
            .take(limit)
    }
}
