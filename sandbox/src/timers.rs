//! What has to happen at a simulated moment, soonest first. Data only: who waits and who acts is elsewhere.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::moment::Moment;

/// Things due at moments. Those of one moment come out in the order in which they went in.
#[derive(Debug)]
pub(crate) struct Timers<T> {
    heap: BinaryHeap<Entry<T>>,
    entered: u64,
}

#[derive(Debug)]
struct Entry<T> {
    due: Moment,
    order: u64,
    thing: T,
}

impl<T> Timers<T> {
    pub(crate) fn new() -> Timers<T> {
        Timers {
            heap: BinaryHeap::new(),
            entered: 0,
        }
    }

    pub(crate) fn add(&mut self, due: Moment, thing: T) {
        let order = self.entered;
        self.entered += 1;
        self.heap.push(Entry { due, order, thing });
    }

    /// When the next thing is due.
    pub(crate) fn next_due(&self) -> Option<Moment> {
        self.heap.peek().map(|entry| entry.due)
    }

    /// The next thing, with its moment, if it is due by `now`.
    pub(crate) fn take_due(&mut self, now: Moment) -> Option<(Moment, T)> {
        self.next_due().filter(|due| *due <= now)?;
        self.heap.pop().map(|entry| (entry.due, entry.thing))
    }
}

impl<T> Ord for Entry<T> {
    /// The soonest is the greatest, as the heap gives out the greatest.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.due, other.order).cmp(&(self.due, self.order))
    }
}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Entry<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_come_out_by_time_and_then_in_order() {
        let at = Moment::from_unix_millis;
        let mut timers = Timers::new();
        for (due, thing) in [(5, "c"), (1, "a"), (5, "d"), (1, "b"), (9, "e")] {
            timers.add(at(due), thing);
        }
        let due: Vec<_> = std::iter::from_fn(|| timers.take_due(at(5)))
            .map(|(_, thing)| thing)
            .collect();
        assert_eq!(due, ["a", "b", "c", "d"]);
        assert_eq!(timers.next_due(), Some(at(9)));
    }
}
