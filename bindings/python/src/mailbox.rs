//! `Mailbox`: how calls ended, on its way from the threads that performed them to an event loop.
//!
//! The threads never touch the interpreter: for its lock they would wait for each other and for the loop. They lay outcomes
//! down here, and the loop's own thread makes Python's answers and exceptions of them. Waking a loop costs more than reading
//! an answer, so only the outcome that finds the mailbox empty wakes it; the loop takes all that have come meanwhile.

use std::io::{PipeReader, PipeWriter, Read, Write, pipe};
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};
use voicecall_core::Error;
use voicecall_core::response::Success;

use crate::client::answer;
use crate::failure::{Panicked, raise};
use crate::per_process::Own;

/// Where an event loop finds outcomes. A process that was forked finds none.
#[pyclass(frozen, module = "voicecall._native")]
pub(crate) struct Mailbox {
    slot: Own<Arc<Slot>>,
}

/// What threads know of a mailbox.
pub(crate) struct Slot {
    outcomes: Mutex<Vec<Outcome>>,
    /// Has a byte in it while there are outcomes that nobody was told of.
    bell: PipeWriter,
    /// Here so that it is open as long as somebody writes.
    ear: PipeReader,
}

/// How a call ended.
pub(crate) struct Outcome {
    /// The call's number, by which it was submitted.
    pub(crate) number: u64,
    /// Whether the request makes a phone ring.
    pub(crate) rings: bool,
    pub(crate) result: Result<Result<Success, Error>, Panicked>,
}

#[pymethods]
impl Mailbox {
    #[new]
    fn new() -> PyResult<Mailbox> {
        let (ear, bell) = pipe()?;
        let slot = Slot {
            outcomes: Mutex::default(),
            bell,
            ear,
        };
        Ok(Mailbox {
            slot: Own::new(Arc::new(slot)),
        })
    }

    /// What can be watched: it is readable when there is something to take. Windows watches sockets only.
    fn fileno(&self) -> Option<i32> {
        self.slot.get().and_then(|slot| descriptor(&slot.ear))
    }

    /// Waits until there is something to take.
    fn wait(&self, py: Python<'_>) {
        if let Some(slot) = self.slot.get().cloned() {
            py.detach(move || slot.hear());
        }
    }

    /// Makes it readable, with nothing to take: whoever waits finds out that nothing will come any more.
    fn ring(&self) {
        if let Some(slot) = self.slot.get() {
            slot.ring();
        }
    }

    /// Everything that is there, as `(number, answer, exception)`: the number of the call, and either of the others.
    /// `readable`: it is, and nobody has read from it.
    fn take<'py>(&self, py: Python<'py>, readable: bool) -> PyResult<Bound<'py, PyList>> {
        let Some(slot) = self.slot.get() else {
            return Ok(PyList::empty(py));
        };
        if readable {
            slot.hear();
        }
        let outcomes = mem::take(&mut *slot.lock());
        let list = PyList::empty(py);
        for outcome in outcomes {
            list.append(outcome.into_python(py)?)?;
        }
        Ok(list)
    }
}

impl Mailbox {
    /// For those that have outcomes for it.
    pub(crate) fn slot(&self) -> Option<Arc<Slot>> {
        self.slot.get().cloned()
    }
}

impl Slot {
    /// Lays an outcome down, from any thread.
    pub(crate) fn put(&self, outcome: Outcome) {
        let is_first = {
            let mut outcomes = self.lock();
            outcomes.push(outcome);
            outcomes.len() == 1
        };
        if is_first {
            self.ring();
        }
    }

    /// Cannot block: nobody rings twice before the first ring is heard.
    fn ring(&self) {
        let _ = (&self.bell).write(&[1]);
    }

    fn hear(&self) {
        let _ = (&self.ear).read(&mut [0; 16]);
    }

    /// A panic elsewhere leaves whole outcomes behind.
    fn lock(&self) -> MutexGuard<'_, Vec<Outcome>> {
        self.outcomes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Outcome {
    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
        let Outcome { number, rings, result } = self;
        let answered = result
            .map_err(|panicked| panicked.raise(py, rings))
            .and_then(|outcome| outcome.map_err(|error| raise(py, &error, rings)))
            .and_then(|success| answer(py, success));
        match answered {
            Ok(answer) => (number, answer, py.None()).into_pyobject(py),
            Err(raised) => (number, py.None(), raised.into_value(py)).into_pyobject(py),
        }
    }
}

#[cfg(unix)]
fn descriptor(pipe: &PipeReader) -> Option<i32> {
    Some(std::os::fd::AsRawFd::as_raw_fd(pipe))
}

#[cfg(not(unix))]
fn descriptor(_: &PipeReader) -> Option<i32> {
    None
}
