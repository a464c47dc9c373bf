//! One thread that waits for all: until something has happened in a call, or its time is over.
//!
//! What this process receives wakes the watcher for the calls concerned. What another process wrote into the same store is
//! found by a look at the store every half second: one short query for all calls that are waited for. The thread is there
//! only while there is something to wait for, and a little longer.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use super::query::{self, Progress};
use super::story::Call;
use super::wait::Condition;
use super::{Intake, Shared, intake_closed};
use crate::cancellation::Cancellation;
use crate::error::Error;
use crate::submission::no_thread;

/// How long a change that another process has written may stay unseen.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long the thread stays when there is nothing to wait for.
const IDLE: Duration = Duration::from_secs(10);
const STACK: usize = 512 * 1024;

/// How a wait ended: with the call, or with `None` when it has not come so far.
pub(super) type Outcome = Result<Option<Call>, Error>;
type Done = Box<dyn FnOnce(Outcome) + Send>;

/// What is waited for.
#[derive(Default)]
pub(super) struct Watcher {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waits: HashMap<u64, Wait>,
    /// The waits of each call.
    by_session: HashMap<Arc<str>, Vec<u64>>,
    /// Waits that are to be looked at now.
    rung: HashSet<u64>,
    last_id: u64,
    has_thread: bool,
    closed: bool,
}

struct Wait {
    session_id: Arc<str>,
    condition: Condition,
    deadline: Instant,
    /// How far the call was at the last look.
    seen: Option<Progress>,
    done: Done,
}

/// A wait that the thread looks at, without the lock.
struct Look {
    id: u64,
    session_id: Arc<str>,
    condition: Condition,
    seen: Option<Progress>,
    /// Something is known to have happened.
    rung: bool,
    /// It is the last look.
    late: bool,
}

impl Watcher {
    /// Begins to wait. Gives the id by which the wait is given up. `shared` is not kept alive.
    pub(super) fn add(
        self: &Arc<Self>,
        shared: &Arc<Shared>,
        session_id: &str,
        condition: Condition,
        deadline: Instant,
        done: Done,
    ) -> u64 {
        let session_id: Arc<str> = session_id.into();
        let mut state = self.lock();
        state.last_id += 1;
        let id = state.last_id;
        let refused = match () {
            () if state.closed => Some(intake_closed()),
            () if !state.has_thread && !self.start(shared) => Some(no_thread()),
            () => None,
        };
        if let Some(error) = refused {
            drop(state);
            done(Err(error));
            return id;
        }
        state.has_thread = true;
        state.by_session.entry(Arc::clone(&session_id)).or_default().push(id);
        state.rung.insert(id);
        let wait = Wait {
            session_id,
            condition,
            deadline,
            seen: None,
            done,
        };
        state.waits.insert(id, wait);
        drop(state);
        self.changed.notify_one();
        id
    }

    /// Gives a wait up, unless it is over.
    pub(super) fn give_up(&self, id: u64) {
        let wait = self.lock().remove(id);
        if let Some(wait) = wait {
            (wait.done)(Err(Cancellation::before_the_start()));
        }
    }

    /// These calls changed.
    pub(super) fn ring<'a>(&self, sessions: impl Iterator<Item = &'a str>) {
        let mut state = self.lock();
        // Nearly always nobody waits.
        if state.waits.is_empty() {
            return;
        }
        let rung: Vec<u64> = sessions
            .filter_map(|session_id| state.by_session.get(session_id))
            .flatten()
            .copied()
            .collect();
        if !rung.is_empty() {
            state.rung.extend(rung);
            drop(state);
            self.changed.notify_one();
        }
    }

    /// Ends all waits, and those that come.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_one();
    }

    fn start(self: &Arc<Self>, shared: &Arc<Shared>) -> bool {
        let (watcher, intake) = (Arc::clone(self), Arc::downgrade(shared));
        let thread = thread::Builder::new()
            .name("voicecall-wait".to_owned())
            .stack_size(STACK);
        thread.spawn(move || watcher.watch(&intake)).is_ok()
    }

    /// The thread's life.
    fn watch(&self, intake: &Weak<Shared>) {
        let mut look_at_all = Instant::now() + LOOK_EVERY;
        while let Some(looks) = self.next(look_at_all) {
            let now = Instant::now();
            let is_all = now >= look_at_all;
            let outcomes = match intake.upgrade() {
                Some(shared) => look(&Intake { shared }, looks),
                None => looks
                    .into_iter()
                    .map(|look| (look.id, Seen::over(Err(intake_closed()))))
                    .collect(),
            };
            // The store may be closed now: nothing here holds it any more.
            self.settle(outcomes);
            if is_all {
                look_at_all = Instant::now() + LOOK_EVERY;
            }
        }
    }

    /// Waits until there is something to look at. `None` when nothing was waited for in a while.
    fn next(&self, look_at_all: Instant) -> Option<Vec<Look>> {
        let mut idle_since = None;
        let mut state = self.lock();
        loop {
            let now = Instant::now();
            if state.closed {
                let ended: Vec<_> = state.waits.drain().map(|(_, wait)| wait).collect();
                (state.by_session, state.rung, state.has_thread) = Default::default();
                drop(state);
                ended.into_iter().for_each(|wait| tell(wait, Err(intake_closed())));
                return None;
            }
            let until = if state.waits.is_empty() {
                *idle_since.get_or_insert(now) + IDLE
            } else {
                let deadlines = state.waits.values().map(|wait| wait.deadline);
                deadlines.fold(look_at_all, Instant::min)
            };
            if !state.rung.is_empty() || now >= until {
                if state.waits.is_empty() {
                    state.has_thread = false;
                    return None;
                }
                return Some(state.looks(now, now >= look_at_all));
            }
            let woken = self.changed.wait_timeout(state, until.saturating_duration_since(now));
            (state, _) = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn settle(&self, outcomes: Vec<(u64, Seen)>) {
        for (id, seen) in outcomes {
            let mut state = self.lock();
            match seen {
                Seen::Over(outcome) => {
                    let wait = state.remove(id);
                    drop(state);
                    if let Some(wait) = wait {
                        tell(wait, *outcome);
                    }
                }
                Seen::Goes(progress) => {
                    if let Some(wait) = state.waits.get_mut(&id) {
                        wait.seen = progress;
                    }
                }
            }
        }
    }

    /// A panic elsewhere leaves nothing half done.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn remove(&mut self, id: u64) -> Option<Wait> {
        let wait = self.waits.remove(&id)?;
        if let Some(ids) = self.by_session.get_mut(&wait.session_id) {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.by_session.remove(&wait.session_id);
            }
        }
        Some(wait)
    }

    /// What is to be looked at: what was rung for, what is late, or all.
    fn looks(&mut self, now: Instant, all: bool) -> Vec<Look> {
        let rung = std::mem::take(&mut self.rung);
        let looks = self.waits.iter().map(|(id, wait)| Look {
            id: *id,
            session_id: Arc::clone(&wait.session_id),
            condition: wait.condition,
            seen: wait.seen,
            rung: rung.contains(id),
            late: now >= wait.deadline,
        });
        looks.filter(|look| all || look.rung || look.late).collect()
    }
}

/// What a look found.
enum Seen {
    Over(Box<Outcome>),
    /// The wait goes on; the call is so far.
    Goes(Option<Progress>),
}

impl Seen {
    fn over(outcome: Outcome) -> Seen {
        Seen::Over(Box::new(outcome))
    }
}

fn look(intake: &Intake, looks: Vec<Look>) -> Vec<(u64, Seen)> {
    let sessions: HashSet<&str> = looks.iter().map(|look| &*look.session_id).collect();
    let sessions: Vec<&str> = sessions.into_iter().collect();
    let progress = intake
        .store()
        .and_then(|store| store.reading(|reader| query::progress(reader, &sessions)));
    let found = |look: Look| {
        let now = match &progress {
            Ok(progress) => progress.get(&*look.session_id).copied(),
            Err(error) => return (look.id, Seen::over(Err(error.repeated()))),
        };
        // What has not changed since the last look is not read.
        let verdict = if now == look.seen {
            Ok(None)
        } else {
            intake.call(&look.session_id).map(|call| look.condition.verdict(call))
        };
        let seen = match verdict {
            Ok(Some(call)) => Seen::over(Ok(call)),
            Ok(None) if look.late => Seen::over(Ok(None)),
            Ok(None) => Seen::Goes(now),
            Err(error) => Seen::over(Err(error)),
        };
        (look.id, seen)
    };
    looks.into_iter().map(found).collect()
}

fn tell(wait: Wait, outcome: Outcome) {
    // The others still wait.
    let _ = catch_unwind(AssertUnwindSafe(|| (wait.done)(outcome)));
}
