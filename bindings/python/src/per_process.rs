//! What a forked child must not share with its parent: each process that uses it makes its own.
//!
//! A forked child has its parent's memory: the same sockets, on which two processes would talk into each other's
//! answers, and locks held by threads that the child does not have. So nothing of the parent's is touched in the child,
//! not even to free it.

use std::mem;
use std::process;
use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;

/// Something that each process makes when it first needs it.
pub(crate) struct PerProcess<T> {
    /// Locked only by a thread that is attached to the interpreter, and never across a call into it. Forking is done by
    /// a thread that is attached too, so no child finds this locked.
    current: Mutex<Option<Own<T>>>,
}

/// Something that belongs to the process that made it: another one leaves it as it is.
pub(crate) struct Own<T> {
    process: u32,
    /// Always there, but for the moment of dropping.
    value: Option<T>,
}

impl<T: Clone> PerProcess<T> {
    pub(crate) const fn new() -> PerProcess<T> {
        PerProcess {
            current: Mutex::new(None),
        }
    }

    /// That of this process.
    pub(crate) fn get_or_make<E>(&self, _py: Python<'_>, make: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = current.as_ref().and_then(Own::get) {
            return Ok(value.clone());
        }
        let made = make()?;
        *current = Some(Own::new(made.clone()));
        Ok(made)
    }
}

impl<T> Own<T> {
    pub(crate) fn new(value: T) -> Own<T> {
        Own {
            process: process::id(),
            value: Some(value),
        }
    }

    /// The value, in the process that made it.
    pub(crate) fn get(&self) -> Option<&T> {
        self.value.as_ref().filter(|_| self.process == process::id())
    }
}

impl<T> Drop for Own<T> {
    fn drop(&mut self) {
        if self.process != process::id() {
            mem::forget(self.value.take());
        }
    }
}
