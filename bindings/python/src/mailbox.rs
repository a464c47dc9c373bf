//! `Mailbox`: how calls ended, on its way from the threads that performed them to an event loop.
//!
//! The threads never touch the interpreter: for its lock they would wait for each other and for the loop. They lay outcomes
//! down here, and the loop's own thread makes Python's answers and exceptions of them. Waking a loop costs more than reading
//! an answer, so only the outcome that finds the mailbox empty wakes it; the loop takes all that have come meanwhile.

use std::io::{PipeReader, PipeWriter, Read as _, Write as _, pipe};
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};
use voicecall_core::{Job, Jobs, UnderWay};

use crate::per_process::Own;

/// Where an event loop finds outcomes. A process that was forked finds none.
#[pyclass(frozen, module = "voicecall._native")]
pub(crate) struct Mailbox {
    slot: Own<Arc<Slot>>,
}

/// What threads know of a mailbox.
struct Slot {
    outcomes: Mutex<Vec<Outcome>>,
    /// What was submitted and is not over.
    jobs: Jobs,
    /// Has a byte in it while there are outcomes that nobody was told of.
    bell: PipeWriter,
    /// Here so that it is open as long as somebody writes.
    ear: PipeReader,
}

/// How something ended, for the interpreter to read.
struct Outcome {
    /// By which it was submitted.
    number: u64,
    read: Box<Read>,
}

type Read = dyn for<'py> FnOnce(Python<'py>) -> PyResult<Bound<'py, PyAny>> + Send;

/// Where the outcome of one thing that was submitted goes.
pub(crate) struct Post {
    slot: Arc<Slot>,
    number: u64,
    under_way: UnderWay,
}

/// The next number. Counted for the whole process, since many threads submit.
static NEXT: AtomicU64 = AtomicU64::new(0);

#[pymethods]
impl Mailbox {
    #[new]
    fn new() -> PyResult<Mailbox> {
        let (ear, bell) = pipe()?;
        let slot = Slot {
            outcomes: Mutex::default(),
            jobs: Jobs::new(),
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

    /// Cancels what was submitted under these numbers. The outcomes come all the same.
    #[expect(clippy::needless_pass_by_value, reason = "a list of Python is copied")]
    fn cancel(&self, numbers: Vec<u64>) {
        if let Some(slot) = self.slot.get() {
            slot.jobs.cancel(&numbers);
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
    /// Submits something whose outcome is to come here; gives its number.
    pub(crate) fn submit(&self, submit: impl FnOnce(Post) -> Job) -> PyResult<u64> {
        let slot = self.slot.get().ok_or_else(|| {
            PyRuntimeError::new_err("this event loop belongs to the process that this one was forked from")
        })?;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        slot.jobs.submit(number, |under_way| {
            let slot = Arc::clone(slot);
            submit(Post {
                slot,
                number,
                under_way,
            })
        });
        Ok(number)
    }
}

impl Post {
    /// Lays an outcome down, from any thread. `read` makes Python's answer or exception of it.
    pub(crate) fn send(self, read: impl for<'py> FnOnce(Python<'py>) -> PyResult<Bound<'py, PyAny>> + Send + 'static) {
        drop(self.under_way);
        self.slot.put(Outcome {
            number: self.number,
            read: Box::new(read),
        });
    }
}

impl Slot {
    fn put(&self, outcome: Outcome) {
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
        match (self.read)(py) {
            Ok(answer) => (self.number, answer, py.None()).into_pyobject(py),
            Err(raised) => (self.number, py.None(), raised.into_value(py)).into_pyobject(py),
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
