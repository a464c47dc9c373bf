//! A few connections that threads take turns with.
//!
//! Own code, because the well-kept pool for blocking connections starts threads of its own, and this library starts none.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::super::storage_error;
use super::connection::Connection;
use super::fault::Fault;
use super::settings::Settings;

#[derive(Debug)]
pub(super) struct Pool {
    pub(super) settings: Settings,
    most: usize,
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Debug, Default)]
struct State {
    idle: Vec<Connection>,
    /// Connections that are idle, in use or being made.
    count: usize,
}

impl Pool {
    pub(super) fn new(settings: Settings, most: usize) -> Pool {
        Pool {
            settings,
            most,
            state: Mutex::default(),
            returned: Condvar::new(),
        }
    }

    pub(super) fn most(&self) -> usize {
        self.most
    }

    /// Runs the work on an idle connection, or on a new one, or on whichever is returned first.
    pub(super) fn with<T>(
        &self,
        deadline: Instant,
        work: impl FnOnce(&mut Connection) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let (place, idle) = self.take(deadline)?;
        let mut connection = match idle {
            Some(connection) => connection,
            None => Connection::open(&self.settings, deadline)?,
        };
        let outcome = work(&mut connection);
        if connection.is_closed() || outcome.as_ref().is_err_and(Fault::may_pass) {
            // The server has probably closed the others too, and a new one finds out where it is now.
            self.forget_idle();
        } else {
            place.give_back(connection);
        }
        outcome
    }

    fn take(&self, deadline: Instant) -> Result<(Place<'_>, Option<Connection>), Fault> {
        let mut state = self.state();
        loop {
            if let Some(connection) = state.idle.pop() {
                return Ok((Place(Some(self)), Some(connection)));
            }
            if state.count < self.most {
                state.count += 1;
                return Ok((Place(Some(self)), None));
            }
            let Some(left) = deadline
                .checked_duration_since(Instant::now())
                .filter(|left| !left.is_zero())
            else {
                return Err(Fault::Final(storage_error(
                    "all connections to PostgreSQL were in use for too long",
                )));
            };
            state = self
                .returned
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    fn forget_idle(&self) {
        let mut state = self.state();
        state.count -= state.idle.len();
        // Closing talks to the server; others need not wait for it.
        let idle = std::mem::take(&mut state.idle);
        drop(state);
        drop(idle);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of a connection in use. Without its connection being given back it is free for a new one, as after a panic.
struct Place<'a>(Option<&'a Pool>);

impl Place<'_> {
    fn give_back(mut self, connection: Connection) {
        if let Some(pool) = self.0.take() {
            pool.state().idle.push(connection);
            pool.returned.notify_one();
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if let Some(pool) = self.0 {
            pool.state().count -= 1;
            pool.returned.notify_one();
        }
    }
}
