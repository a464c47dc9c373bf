//! Group commit: jobs that arrive while one is being made durable are made durable together.
//!
//! Making a transaction durable costs a wait for the disk, whatever is in it. So whoever comes first leads: it takes all
//! jobs that wait and runs them as one group; those who come meanwhile wait for the next. A leader whose own job is done
//! passes the lead on. There is no thread of our own: a library that is called from C, Python or Node starts none.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};

/// Jobs of a group at most: one commit should not keep its followers waiting for long.
const LARGEST: usize = 256;

/// Collects jobs into groups.
#[derive(Debug)]
pub(super) struct Group<J, R> {
    waiting: Mutex<Waiting<J, R>>,
    lanes: usize,
}

#[derive(Debug)]
struct Waiting<J, R> {
    jobs: VecDeque<(J, Arc<Seat<J, R>>)>,
    leaders: usize,
}

/// Where a thread waits for what becomes of its job.
#[derive(Debug)]
struct Seat<J, R> {
    thread: Thread,
    word: Mutex<Option<Word<J, R>>>,
}

/// What a waiting thread is told.
#[derive(Debug)]
enum Word<J, R> {
    /// Take your job back, and lead.
    Lead(J),
    /// Your job is done.
    Done(R),
    /// Whoever led your job's group panicked.
    Lost,
}

impl<J, R> Group<J, R> {
    /// With room for this many groups at the same time.
    pub(super) fn new(lanes: usize) -> Group<J, R> {
        Group {
            waiting: Mutex::new(Waiting {
                jobs: VecDeque::new(),
                leaders: 0,
            }),
            lanes: lanes.max(1),
        }
    }

    /// Runs the job, in a group of its own or of others, in this thread or another; gives its outcome. `run` gives one
    /// outcome per job, in their order. `None` only if the thread that led the job's group panicked.
    pub(super) fn submit(&self, job: J, run: impl Fn(Vec<J>) -> Vec<R>) -> Option<R> {
        let seat = {
            let mut waiting = self.waiting();
            if waiting.leaders < self.lanes {
                waiting.leaders += 1;
                drop(waiting);
                return self.lead(job, run);
            }
            let seat = Arc::new(Seat {
                thread: thread::current(),
                word: Mutex::new(None),
            });
            waiting.jobs.push_back((job, Arc::clone(&seat)));
            seat
        };
        match seat.wait() {
            Word::Lead(job) => self.lead(job, run),
            Word::Done(outcome) => Some(outcome),
            Word::Lost => None,
        }
    }

    /// Runs one group, with our own job first.
    fn lead(&self, job: J, run: impl Fn(Vec<J>) -> Vec<R>) -> Option<R> {
        let lead = Lead(self);
        let followers = {
            let mut waiting = self.waiting();
            let count = waiting.jobs.len().min(LARGEST - 1);
            waiting.jobs.drain(..count).collect::<Vec<_>>()
        };
        let (mut jobs, mut seats) = (vec![job], Seats(Vec::with_capacity(followers.len())));
        for (job, seat) in followers {
            jobs.push(job);
            seats.0.push(seat);
        }
        let mut outcomes = run(jobs).into_iter();
        // First of all: the next group is written while this thread still wakes its followers.
        drop(lead);
        let own = outcomes.next();
        seats.give(outcomes);
        own
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting<J, R>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to run a group. Goes to the first who waits when the leader is done, or panics, together with that one's
/// job: no other leader can take it away meanwhile.
struct Lead<'a, J, R>(&'a Group<J, R>);

impl<J, R> Drop for Lead<'_, J, R> {
    fn drop(&mut self) {
        let mut waiting = self.0.waiting();
        match waiting.jobs.pop_front() {
            Some((job, seat)) => seat.tell(Word::Lead(job)),
            None => waiting.leaders -= 1,
        }
    }
}

/// The seats of the followers in a group that is being run. Whoever gets no outcome learns that too.
struct Seats<J, R>(Vec<Arc<Seat<J, R>>>);

impl<J, R> Seats<J, R> {
    fn give(&mut self, outcomes: impl ExactSizeIterator<Item = R>) {
        let given = outcomes.len().min(self.0.len());
        for (seat, outcome) in self.0.drain(..given).zip(outcomes) {
            seat.tell(Word::Done(outcome));
        }
    }
}

impl<J, R> Drop for Seats<J, R> {
    fn drop(&mut self) {
        self.0.drain(..).for_each(|seat| seat.tell(Word::Lost));
    }
}

impl<J, R> Seat<J, R> {
    fn tell(&self, word: Word<J, R>) {
        *self.word() = Some(word);
        self.thread.unpark();
    }

    fn wait(&self) -> Word<J, R> {
        loop {
            // A statement of its own: the lock must not be held while parked.
            let word = self.word().take();
            match word {
                Some(word) => return word,
                None => thread::park(),
            }
        }
    }

    fn word(&self) -> MutexGuard<'_, Option<Word<J, R>>> {
        self.word.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Barrier, mpsc};
    use std::thread;

    use super::Group;

    #[test]
    fn each_job_has_its_own_outcome() {
        let (group, groups) = (Group::new(1), AtomicUsize::new(0));
        thread::scope(|scope| {
            for thread in 0..16_usize {
                let (group, groups) = (&group, &groups);
                scope.spawn(move || {
                    for job in 0..200_usize {
                        let job = thread * 1000 + job;
                        let outcome = group.submit(job, |jobs: Vec<usize>| {
                            groups.fetch_add(1, Ordering::Relaxed);
                            jobs.iter().map(|job| job + 1).collect()
                        });
                        assert_eq!(outcome, Some(job + 1));
                    }
                });
            }
        });
        assert!(groups.into_inner() <= 3200);
    }

    #[test]
    fn who_comes_while_a_group_runs_is_in_the_next_one_together() {
        let group = Group::new(1);
        let (begun, has_begun) = mpsc::channel();
        let (go_on, may_go_on) = mpsc::channel::<()>();
        let (sizes, seen) = mpsc::channel();
        thread::scope(|scope| {
            let group = &group;
            scope.spawn(move || {
                group.submit(0, |jobs| {
                    begun.send(()).unwrap();
                    may_go_on.recv().unwrap();
                    jobs
                })
            });
            has_begun.recv().unwrap();
            for job in 1..=5 {
                let sizes = sizes.clone();
                scope.spawn(move || {
                    let outcome = group.submit(job, move |jobs| {
                        sizes.send(jobs.len()).unwrap();
                        jobs.iter().map(|job| job * 10).collect()
                    });
                    assert_eq!(outcome, Some(job * 10), "each learns of its own job");
                });
            }
            while group.waiting().jobs.len() < 5 {
                thread::yield_now();
            }
            go_on.send(()).unwrap();
        });
        assert_eq!(seen.recv().unwrap(), 5);
    }

    #[test]
    fn as_many_groups_run_at_once_as_there_are_lanes() {
        let (group, together) = (Group::new(2), Barrier::new(2));
        thread::scope(|scope| {
            for _ in 0..2 {
                // Each group waits for the other: one lane alone would never end.
                scope.spawn(|| {
                    group.submit((), |jobs| {
                        together.wait();
                        jobs
                    })
                });
            }
        });
    }

    #[test]
    fn a_leader_that_panics_leaves_the_others_a_lead() {
        let group = Group::new(1);
        thread::scope(|scope| {
            let panics = scope.spawn(|| group.submit(1, |_| -> Vec<i32> { panic!("on purpose") }));
            assert!(panics.join().is_err());
            assert_eq!(group.submit(2, |jobs| jobs), Some(2));
        });
    }
}
