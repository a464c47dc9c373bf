//! Threads for work that a program submits: reused, growing up to a limit, gone when idle for a while.
//!
//! A call blocks its thread, and a loop must not be blocked. The pools that languages bring do not fit: libuv's has four
//! threads by default, for which `fs` and `dns` wait too, and Python's threads take turns at the interpreter. A job has a
//! deadline that counts from its submission, and can be taken back until it has begun: then its call is never placed.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

/// How long a thread waits for the next job before it ends.
const IDLE: Duration = Duration::from_secs(10);
/// Enough for a TLS handshake; only what is touched takes memory.
const STACK: usize = 512 * 1024;
/// What happens to a job. Its work learns exactly one of these, outside of all locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It runs now. When its deadline has passed, it has to find that out itself.
    Now,
    /// It was taken back before it began.
    TakenBack,
    /// There is no thread, and none can be started. It never runs.
    NoThread,
}

type Work = Box<dyn FnOnce(Turn) + Send>;

/// Something to do, on one of the pool's threads.
struct Job {
    id: u64,
    /// When waiting is over: the job then runs at once.
    deadline: Instant,
    /// A panic ends the job and nothing else; the job itself has to report it.
    work: Work,
}

impl Job {
    fn end(self, turn: Turn) {
        let work = self.work;
        // The thread belongs to the pool, which would count it for ever.
        let _ = catch_unwind(AssertUnwindSafe(|| work(turn)));
    }
}

/// Runs jobs, at most so many at a time; the others wait in order.
pub(crate) struct Pool(Arc<Shared>);

/// Takes one job back.
pub(crate) struct Ticket {
    /// A job that is forgotten by its submitter does not keep the pool.
    pool: Weak<Shared>,
    id: u64,
}

struct Shared {
    limit: usize,
    state: Mutex<State>,
    /// A job came that may be the next to run out of time.
    deadlines: Condvar,
}

#[derive(Default)]
struct State {
    /// Jobs that have not begun.
    queue: VecDeque<Job>,
    /// Of the last job.
    last_id: u64,
    /// Threads that sleep. The last one to fall asleep is the first to be woken: its memory is still in the caches.
    idle: Vec<Thread>,
    threads: usize,
    /// A thread has been woken or started for the queue, and is not there yet. When it is, it calls the next one: a program
    /// that submits many jobs at once wakes one thread only, and threads that end a job meanwhile take from the queue
    /// without having slept. With 16 calls in flight in Node that is 2.1 changes of threads for a call. When each job woke
    /// a thread of its own it was 2.7, and the call took a fifth more time of the processors; when threads besides let
    /// others run three times before they slept, 3.1 and nothing gained. With one condition variable for all it was worse
    /// than either.
    called: bool,
    has_usher: bool,
    closed: bool,
}

impl Pool {
    /// At most `limit` jobs run at a time. No thread is started before the first job.
    pub(crate) fn new(limit: usize) -> Pool {
        Pool(Arc::new(Shared {
            limit,
            state: Mutex::default(),
            deadlines: Condvar::new(),
        }))
    }

    /// Has the work done when its turn comes, or when its deadline has passed. Without a thread the work learns it here.
    pub(crate) fn submit(&self, deadline: Instant, work: Work) -> Ticket {
        let mut state = self.0.lock();
        state.last_id += 1;
        let id = state.last_id;
        state.queue.push_back(Job { id, deadline, work });
        let (woken, refused) = match self.0.call(&mut state) {
            Ok(woken) => (woken, None),
            Err(_) => (None, state.queue.pop_back()),
        };
        drop(state);
        wake(woken);
        if let Some(job) = refused {
            job.end(Turn::NoThread);
        }
        Ticket {
            pool: Arc::downgrade(&self.0),
            id,
        }
    }

    /// Lets the threads end when nothing is left to do.
    fn close(&self) {
        let mut state = self.0.lock();
        state.closed = true;
        state.idle.iter().for_each(Thread::unpark);
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.close();
    }
}

impl Ticket {
    /// Takes the job back if it still waits for its turn; its work learns it here. `false`: it has begun, or is over.
    pub(crate) fn take_back(&self) -> bool {
        let job = self.pool.upgrade().and_then(|pool| pool.lock().remove(self.id));
        match job {
            Some(job) => {
                job.end(Turn::TakenBack);
                true
            }
            None => false,
        }
    }
}

impl Shared {
    /// Sees to it that somebody comes for the queue. Gives the thread that is to be woken, without the lock.
    fn call(self: &Arc<Self>, state: &mut State) -> std::io::Result<Option<Thread>> {
        if state.queue.is_empty() || state.called {
            return Ok(None);
        }
        if let Some(thread) = state.idle.pop() {
            state.called = true;
            return Ok(Some(thread));
        }
        if state.threads < self.limit {
            let shared = Arc::clone(self);
            match builder().spawn(move || shared.work()) {
                Ok(_) => {
                    state.threads += 1;
                    state.called = true;
                    return Ok(None);
                }
                // The threads that there are will come to it.
                Err(_) if state.threads > 0 => {}
                Err(error) => return Err(error),
            }
        }
        self.start_usher(state);
        Ok(None)
    }

    /// Without an usher jobs still end, but as late as a thread is free.
    fn start_usher(self: &Arc<Self>, state: &mut State) {
        if state.has_usher {
            self.deadlines.notify_one();
            return;
        }
        let shared = Arc::clone(self);
        state.has_usher = builder().spawn(move || shared.usher()).is_ok();
    }

    /// A thread's life. It begins with a call.
    fn work(self: &Arc<Self>) {
        let mut state = self.lock();
        state.called = false;
        loop {
            while let Some(job) = state.queue.pop_front() {
                // There is a thread: this one.
                let next = self.call(&mut state).ok().flatten();
                drop(state);
                wake(next);
                job.end(Turn::Now);
                state = self.lock();
            }
            if state.closed {
                state.threads -= 1;
                return;
            }
            match self.rest(state) {
                Some(called) => state = called,
                None => return,
            }
        }
    }

    /// Sleeps until called. `None` when nothing came for long, or the pool is closed: the thread is then no longer one of
    /// the pool's.
    fn rest<'a>(&'a self, mut state: MutexGuard<'a, State>) -> Option<MutexGuard<'a, State>> {
        let own = thread::current();
        let id = own.id();
        state.idle.push(own);
        drop(state);
        let until = Instant::now() + IDLE;
        loop {
            thread::park_timeout(until.saturating_duration_since(Instant::now()));
            let mut state = self.lock();
            let Some(position) = state.idle.iter().rposition(|idle| idle.id() == id) else {
                state.called = false;
                return Some(state);
            };
            if state.closed || Instant::now() >= until {
                state.idle.remove(position);
                state.threads -= 1;
                return None;
            }
        }
    }

    /// Sees to jobs that run out of time while all threads are busy, for as long as jobs wait.
    fn usher(&self) {
        let mut state = self.lock();
        while let Some(deadline) = state.queue.iter().map(|job| job.deadline).min() {
            let left = deadline.saturating_duration_since(Instant::now());
            if !left.is_zero() {
                let woken = self.deadlines.wait_timeout(state, left);
                (state, _) = woken.unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let late = state.late(Instant::now());
            drop(state);
            late.into_iter().for_each(|job| job.end(Turn::Now));
            state = self.lock();
        }
        state.has_usher = false;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl State {
    fn remove(&mut self, id: u64) -> Option<Job> {
        let position = self.queue.iter().position(|job| job.id == id)?;
        self.queue.remove(position)
    }

    /// Takes out the jobs whose deadline has passed.
    fn late(&mut self, now: Instant) -> Vec<Job> {
        let (late, waiting) = self.queue.drain(..).partition(|job| job.deadline <= now);
        self.queue = waiting;
        Vec::from_iter::<VecDeque<Job>>(late)
    }
}

fn wake(thread: Option<Thread>) {
    if let Some(thread) = thread {
        thread.unpark();
    }
}

/// A panic elsewhere leaves nothing half done: jobs run outside of all locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn builder() -> thread::Builder {
    thread::Builder::new().name("voicecall".to_owned()).stack_size(STACK)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    const SOON: Duration = Duration::from_secs(10);

    fn later() -> Instant {
        Instant::now() + Duration::from_secs(60)
    }

    /// A job that begins, says so, and ends when told to.
    fn gated(pool: &Pool, id: u64, began: &Sender<u64>) -> Sender<()> {
        submitted(pool, id, began).0
    }

    fn submitted(pool: &Pool, id: u64, began: &Sender<u64>) -> (Sender<()>, Ticket) {
        let (open, gate): (_, Receiver<()>) = channel();
        let began = began.clone();
        let work = move |turn| {
            if turn == Turn::Now {
                began.send(id).unwrap();
                let _ = gate.recv();
            }
        };
        (open, pool.submit(later(), Box::new(work)))
    }

    #[test]
    fn at_most_so_many_run_and_the_others_wait_in_order() {
        let pool = Pool::new(2);
        let (began, begun) = channel();
        let gates: Vec<_> = (0..4).map(|id| gated(&pool, id, &began)).collect();
        let mut first: Vec<_> = (0..2).map(|_| begun.recv_timeout(SOON).unwrap()).collect();
        first.sort_unstable();
        assert_eq!(first, [0, 1]);
        assert_eq!(pool.0.lock().queue.len(), 2);
        for (gate, next) in gates.iter().zip(2..4) {
            gate.send(()).unwrap();
            assert_eq!(begun.recv_timeout(SOON).unwrap(), next);
        }
        assert_eq!(pool.0.lock().threads, 2);
    }

    #[test]
    fn jobs_that_come_at_once_all_begin_before_any_has_ended() {
        const MANY: u64 = 16;
        let pool = Pool::new(16);
        let (began, begun) = channel();
        // On new threads, and on those that sleep by then.
        for _ in 0..50 {
            let gates: Vec<_> = (0..MANY).map(|id| gated(&pool, id, &began)).collect();
            let mut all: Vec<_> = gates.iter().map(|_| begun.recv_timeout(SOON).unwrap()).collect();
            all.sort_unstable();
            assert_eq!(all, Vec::from_iter(0..MANY));
            drop(gates);
            while pool.0.lock().idle.len() < pool.0.limit {
                thread::yield_now();
            }
        }
    }

    #[test]
    fn an_idle_thread_is_used_again() {
        let pool = Pool::new(8);
        let (began, begun) = channel();
        for id in 0..20 {
            drop(gated(&pool, id, &began));
            begun.recv_timeout(SOON).unwrap();
            while pool.0.lock().idle.is_empty() {
                thread::yield_now();
            }
        }
        assert_eq!(pool.0.lock().threads, 1);
    }

    #[test]
    fn a_waiting_job_can_be_taken_back_and_a_running_one_cannot() {
        let pool = Pool::new(1);
        let (began, begun) = channel();
        let (gate, running) = submitted(&pool, 1, &began);
        begun.recv_timeout(SOON).unwrap();
        let (told, turns) = channel();
        let waiting = pool.submit(later(), Box::new(move |turn| told.send(turn).unwrap()));
        assert!(!running.take_back());
        assert!(waiting.take_back() && !waiting.take_back());
        assert_eq!(turns.recv_timeout(SOON), Ok(Turn::TakenBack));
        drop(gate);
        let _last = gated(&pool, 3, &began);
        assert_eq!(begun.recv_timeout(SOON).unwrap(), 3);
        assert!(turns.recv_timeout(SOON).is_err(), "a job learns its turn once");
    }

    #[test]
    fn a_job_that_runs_out_of_time_does_not_wait_for_a_free_thread() {
        let pool = Pool::new(1);
        let (began, begun) = channel();
        let _gate = gated(&pool, 1, &began);
        begun.recv_timeout(SOON).unwrap();
        let tickets = [(2, 60_000), (3, 20), (4, 1)].map(|(id, milliseconds)| {
            let began = began.clone();
            let deadline = Instant::now() + Duration::from_millis(milliseconds);
            pool.submit(deadline, Box::new(move |_| began.send(id).unwrap()))
        });
        let mut late = [begun.recv_timeout(SOON).unwrap(), begun.recv_timeout(SOON).unwrap()];
        late.sort_unstable();
        assert_eq!(late, [3, 4]);
        assert!(tickets[0].take_back());
    }

    #[test]
    fn a_job_that_comes_while_a_sleeping_thread_leaves_is_run() {
        for id in 0..500 {
            let pool = Pool::new(2);
            let (began, begun) = channel();
            drop(gated(&pool, id, &began));
            assert_eq!(begun.recv_timeout(SOON).unwrap(), id);
            thread::scope(|scope| {
                scope.spawn(|| pool.close());
                drop(gated(&pool, id + 1, &began));
            });
            assert_eq!(begun.recv_timeout(SOON).unwrap(), id + 1);
            while pool.0.lock().threads > 0 {
                thread::yield_now();
            }
        }
    }

    #[test]
    fn a_job_that_panics_takes_no_thread_with_it() {
        let pool = Pool::new(1);
        pool.submit(later(), Box::new(|_| std::panic::resume_unwind(Box::new(()))));
        let (began, begun) = channel();
        let _next = gated(&pool, 2, &began);
        assert_eq!(begun.recv_timeout(SOON).unwrap(), 2);
    }

    #[test]
    fn closing_ends_the_threads_after_what_is_left() {
        let pool = Pool::new(1);
        let (began, begun) = channel();
        let gates = [gated(&pool, 1, &began), gated(&pool, 2, &began)];
        pool.close();
        drop(gates);
        assert_eq!([begun.recv_timeout(SOON), begun.recv_timeout(SOON)], [Ok(1), Ok(2)]);
        while pool.0.lock().threads > 0 {
            thread::yield_now();
        }
    }
}
