//! A client that survives `fork`: each process that uses it has its own core client, with its own connections.
//!
//! A forked child has its parent's memory: the same sockets, on which two processes would talk into each other's
//! answers, and locks held by threads that the child does not have. So nothing of the parent's client is touched in the
//! child, not even to free it.

use std::mem;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use voicecall_core::codes::Table;
use voicecall_core::{Client, Config, Error};

/// See the module.
pub(crate) struct PerProcess {
    config: Config,
    closed: AtomicBool,
    /// Locked only by a thread that is attached to the interpreter, and never across a call into it. Forking is done by
    /// a thread that is attached too, so no child finds this locked.
    current: Mutex<Current>,
}

struct Current {
    process: u32,
    client: Client,
}

impl PerProcess {
    pub(crate) fn new(config: Config) -> Result<PerProcess, Error> {
        // Read now, by this thread, what is otherwise read when it is first needed, by a thread that a child would not
        // have while it waits for it.
        for table in Table::ALL {
            table.rows();
        }
        Ok(PerProcess {
            current: Mutex::new(Current::new(config.clone())?),
            closed: AtomicBool::new(false),
            config,
        })
    }

    /// The client of this process.
    pub(crate) fn client(&self, _py: Python<'_>) -> Result<Client, Error> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.process != process::id() {
            *current = Current::new(self.config.clone())?;
            if self.is_closed() {
                current.client.close();
            }
        }
        Ok(current.client.clone())
    }

    /// Ends this process's calls, and refuses further ones.
    pub(crate) fn close(&self, py: Python<'_>) -> Result<(), Error> {
        self.closed.store(true, Ordering::Release);
        self.client(py).map(|client| client.close())
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }
}

impl Current {
    fn new(config: Config) -> Result<Current, Error> {
        Ok(Current {
            process: process::id(),
            client: Client::new(config)?,
        })
    }
}

impl Drop for Current {
    fn drop(&mut self) {
        if self.process != process::id() {
            // One owner more than there will ever be: the parent's client stays as it is.
            mem::forget(self.client.clone());
        }
    }
}
