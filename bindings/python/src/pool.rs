//! `Pool`: the threads of an `AsyncClient`, which perform its calls and know nothing of Python.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use pyo3::prelude::*;
use pyo3::types::PyTuple;
use voicecall_core::pool::{self, Job};

use crate::arguments::Arguments;
use crate::classes;
use crate::client::{Client, call_options, operation_named};
use crate::failure::guarded;
use crate::mailbox::{Mailbox, Outcome};
use crate::per_process::PerProcess;

/// The next call's number. Counted for the whole process, since a mailbox serves many pools, and a pool many mailboxes.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// Performs calls of a client, so many at once; the others wait in order.
#[pyclass(frozen, module = "voicecall._native")]
pub(crate) struct Pool {
    client: Py<Client>,
    limit: usize,
    threads: PerProcess<Arc<pool::Pool>>,
}

#[pymethods]
impl Pool {
    #[new]
    fn new(client: Py<Client>, limit: usize) -> Pool {
        Pool {
            client,
            limit,
            threads: PerProcess::new(),
        }
    }

    /// Begins a call, whose outcome comes into the mailbox under the number that this gives. The call's time begins now.
    #[expect(
        clippy::too_many_arguments,
        reason = "The Python side passes what it was called with"
    )]
    fn submit(
        &self,
        py: Python<'_>,
        mailbox: &Bound<'_, Mailbox>,
        operation: &str,
        request: Option<&Bound<'_, PyAny>>,
        fields: Option<&Bound<'_, PyTuple>>,
        extra: Option<&Bound<'_, PyAny>>,
        timeout: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<u64> {
        let begun = Instant::now();
        let operation = operation_named(operation)?;
        let arguments = Arguments { request, fields, extra };
        let request = arguments.read(py, operation)?;
        let options = call_options(timeout)?.begun(begun);
        let client = self.client.get().client(py)?;
        let deadline = begun + options.timeout.unwrap_or_else(|| client.timeout());
        let slot = mailbox.get().slot().ok_or_else(|| no_thread(py))?;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let work = Box::new(move || {
            let result = guarded(|| client.perform(operation, &*request, &options));
            let rings = operation.rings;
            slot.put(Outcome { number, rings, result });
        });
        let job = Job {
            id: number,
            deadline,
            work,
        };
        self.threads(py).submit(job).map_err(|_| no_thread(py))?;
        Ok(number)
    }

    /// Takes a call back that still waits for its turn. `False`: it has begun, and its outcome will come.
    fn take_back(&self, py: Python<'_>, number: u64) -> bool {
        self.threads(py).take_back(number)
    }

    /// Lets the threads end when their calls have.
    fn close(&self, py: Python<'_>) {
        if let Some(threads) = self.threads.take(py) {
            threads.close();
        }
    }
}

impl Pool {
    fn threads(&self, py: Python<'_>) -> Arc<pool::Pool> {
        let make = || Ok::<_, Infallible>(Arc::new(pool::Pool::new(self.limit)));
        let Ok(threads) = self.threads.get_or_make(py, make);
        threads
    }
}

fn no_thread(py: Python<'_>) -> PyErr {
    let made = classes::error_function(py, "no_thread").and_then(|function| function.call0());
    made.map_or_else(|fault| fault, PyErr::from_value)
}
