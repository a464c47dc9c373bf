//! `Client`: calls with the interpreter's lock released, whose answers and errors are Python's.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use voicecall_core::calls::{self, PlacedCall, Recording};
use voicecall_core::codes::Table;
use voicecall_core::operation::Operation;
use voicecall_core::record::{Fields, FromNatural};
use voicecall_core::response::Success;
use voicecall_core::{AttemptTag, CallOptions, Config, DownloadOptions, Progress, RecordingSource};

use crate::arguments::{self, Arguments};
use crate::classes;
use crate::duration::duration;
use crate::failure::{guarded, raise};
use crate::intake::ringing;
use crate::interrupt::Interrupt;
use crate::mailbox::Mailbox;
use crate::per_process::PerProcess;
use crate::record;
use crate::text::{text, wrong_type};
use crate::webhook::Cdr;

/// A core client for every process that uses it.
#[pyclass(frozen, module = "voicecall._native")]
pub(crate) struct Client {
    config: Config,
    closed: AtomicBool,
    client: PerProcess<voicecall_core::Client>,
}

#[pymethods]
impl Client {
    /// Takes the settings in the order of their declaration.
    #[new]
    fn new(py: Python<'_>, settings: &Bound<'_, PyTuple>) -> PyResult<Client> {
        // Read now, by this thread, what is otherwise read when it is first needed, by a thread that a forked child would
        // not have while it waits for it.
        for table in Table::ALL {
            table.rows();
        }
        let client = Client {
            config: arguments::settings(Config::RECORD, settings)?,
            closed: AtomicBool::new(false),
            client: PerProcess::new(),
        };
        // What is wrong with the settings is told at once.
        client.client(py)?;
        Ok(client)
    }

    /// Performs an operation.
    #[pyo3(signature = (operation, request, fields, extra, timeout))]
    fn call<'py>(
        &self,
        py: Python<'py>,
        operation: &str,
        request: Option<&Bound<'py, PyAny>>,
        fields: Option<&Bound<'py, PyTuple>>,
        extra: Option<&Bound<'py, PyAny>>,
        timeout: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let operation = operation_named(operation)?;
        let arguments = Arguments { request, fields, extra };
        let request = arguments.read(py, operation)?;
        let client = self.client(py)?;
        let outcome = perform(py, &client, operation, &*request, call_options(timeout)?)?;
        let (outcome, interrupt) = outcome;
        answer(
            py,
            outcome.map_err(|error| interrupt.explain(py, raise(py, &error, operation.rings)))?,
        )
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
        let operation = operation_named(operation)?;
        let arguments = Arguments { request, fields, extra };
        let request = arguments.read(py, operation)?;
        let options = call_options(timeout)?.begun(Instant::now());
        self.begin(py, mailbox, operation, request, options)
    }

    /// The same for a request that an intake has registered under this mark.
    fn submit_attempt(
        &self,
        py: Python<'_>,
        mailbox: &Bound<'_, Mailbox>,
        request: &Bound<'_, PyAny>,
        attempt_tag: &str,
        timeout: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<u64> {
        let (operation, request) = ringing(py, request)?;
        let tag = AttemptTag::parse(attempt_tag).map_err(|error| raise(py, &error, false))?;
        let options = call_options(timeout)?.begun(Instant::now()).attempt_tag(tag);
        self.begin(py, mailbox, operation, request, options)
    }

    /// The request that `call` would send, as text for people.
    #[pyo3(signature = (operation, request, fields, extra))]
    fn preview(
        &self,
        py: Python<'_>,
        operation: &str,
        request: Option<&Bound<'_, PyAny>>,
        fields: Option<&Bound<'_, PyTuple>>,
        extra: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        let operation = operation_named(operation)?;
        let arguments = Arguments { request, fields, extra };
        let request = arguments.read(py, operation)?;
        let preview = self.client(py)?.preview(operation, &*request);
        preview.map_err(|error| raise(py, &error, false))
    }

    /// Fetches a recording into a file; gives the file's length. `progress` gets the bytes so far and, where it is known,
    /// their number in all; what it raises ends the download and is raised here.
    fn download(
        &self,
        py: Python<'_>,
        source: &Bound<'_, PyAny>,
        path: PathBuf,
        overwrite: bool,
        timeout: Option<&Bound<'_, PyAny>>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<u64> {
        let source = recording_source(source)?;
        let timeout = timeout.map(|timeout| duration(timeout, "timeout")).transpose()?;
        let client = self.client(py)?;
        let mut raised = None;
        let mut report = |so_far| match Python::attach(|py| tell(py, progress.as_ref(), so_far)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                raised = Some(error);
                ControlFlow::Break(())
            }
        };
        let fetch = || {
            let mut options = DownloadOptions::new().overwrite(overwrite).progress(&mut report);
            options.timeout = timeout;
            client.download_recording(source, path, options)
        };
        let downloaded = py.detach(|| guarded(fetch));
        if let Some(raised) = raised {
            return Err(raised);
        }
        let downloaded = downloaded.map_err(|panicked| panicked.raise(py, false))?;
        Ok(downloaded.map_err(|error| raise(py, &error, false))?.bytes)
    }

    /// Ends calls in flight, in this process, and refuses new ones.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        self.closed.store(true, Ordering::Release);
        self.client(py)?.close();
        Ok(())
    }

    /// Whether `close` was called.
    #[getter]
    fn closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Most submitted calls that are in flight at once.
    #[getter]
    fn max_in_flight(&self, py: Python<'_>) -> PyResult<usize> {
        Ok(self.client(py)?.max_in_flight())
    }

    /// The application's key.
    #[getter]
    fn app_key(&self) -> &str {
        self.config.app_key.as_deref().unwrap_or_default()
    }

    /// The address that operations go to.
    #[getter]
    fn endpoint(&self) -> &str {
        self.config.base_url()
    }
}

impl Client {
    fn begin(
        &self,
        py: Python<'_>,
        mailbox: &Bound<'_, Mailbox>,
        operation: &'static Operation,
        request: Box<dyn Fields>,
        options: CallOptions,
    ) -> PyResult<u64> {
        let client = self.client(py)?;
        mailbox.get().submit(|post| {
            let work = move |client: &voicecall_core::Client, options: &CallOptions| {
                client.perform(operation, &*request, options)
            };
            client.submit(options, work, move |outcome: Result<Success, voicecall_core::Error>| {
                post.send(move |py| answer(py, outcome.map_err(|error| raise(py, &error, operation.rings))?));
            })
        })
    }

    /// That of this process. What was closed before a fork is closed in the child.
    pub(crate) fn client(&self, py: Python<'_>) -> PyResult<voicecall_core::Client> {
        let make = || {
            let client = voicecall_core::Client::new(self.config.clone())?;
            if self.closed() {
                client.close();
            }
            Ok(client)
        };
        let client = self.client.get_or_make(py, make);
        client.map_err(|error| raise(py, &error, false))
    }
}

/// The operation of this name, which the package's own code chose.
pub(crate) fn operation_named(name: &str) -> PyResult<&'static Operation> {
    calls::operation(name).ok_or_else(|| {
        let message = format!("no operation {name:?}: package and native module differ in version");
        pyo3::exceptions::PyRuntimeError::new_err(message)
    })
}

/// Performs an operation with the interpreter's lock released. An error goes through [`Interrupt::explain`].
pub(crate) fn perform(
    py: Python<'_>,
    client: &voicecall_core::Client,
    operation: &Operation,
    request: &dyn Fields,
    options: CallOptions,
) -> PyResult<(Result<Success, voicecall_core::Error>, Interrupt)> {
    let interrupt = Interrupt::default();
    let options = options.cancellation(interrupt.cancellation());
    let outcome = py.detach(|| guarded(|| client.perform(operation, request, &options)));
    let outcome = outcome.map_err(|panicked| panicked.raise(py, operation.rings))?;
    Ok((outcome, interrupt))
}

fn call_options(timeout: Option<&Bound<'_, PyAny>>) -> PyResult<CallOptions> {
    let mut options = CallOptions::new();
    options.timeout = timeout.map(|timeout| duration(timeout, "timeout")).transpose()?;
    Ok(options)
}

/// What an operation gives: a `PlacedCall`, an address, or nothing.
pub(crate) fn answer(py: Python<'_>, success: Success) -> PyResult<Bound<'_, PyAny>> {
    match success {
        Success::Placed(call) => placed_call(py, call),
        Success::Url(url) => Ok(PyString::new(py, &url).into_any()),
        _ => Ok(py.None().into_bound(py)),
    }
}

fn placed_call(py: Python<'_>, mut call: PlacedCall) -> PyResult<Bound<'_, PyAny>> {
    let extra = std::mem::take(&mut call.extra);
    let wire = Success::Placed(call).to_json();
    record::made(py, PlacedCall::RECORD, &wire, &extra)
}

/// A CDR with a recording, the names that a CDR tells, or a direct address.
fn recording_source(source: &Bound<'_, PyAny>) -> PyResult<RecordingSource> {
    let py = source.py();
    if let Ok(cdr) = source.cast::<Cdr>() {
        let recording = cdr.get().recording_source();
        return recording.ok_or_else(|| {
            let none = classes::error_function(py, "no_recording").and_then(|function| function.call0());
            none.map_or_else(|fault| fault, PyErr::from_value)
        });
    }
    if let Ok(url) = source.cast::<PyString>() {
        return Ok(RecordingSource::Direct(text(url, "source")?));
    }
    if !source.is_instance(classes::model(py, Recording::RECORD)?.class(py))? {
        let message = wrong_type("source", "a Cdr, a Recording or an address", source);
        return Err(pyo3::exceptions::PyTypeError::new_err(message));
    }
    let natural = arguments::model(Recording::RECORD, source, "source")?;
    let recording = Recording::from_natural(natural).map_err(|error| raise(py, &error, false))?;
    Ok(RecordingSource::Stored(recording))
}

/// Reports to Python, and lets the user's Ctrl-C through.
fn tell(py: Python<'_>, progress: Option<&Py<PyAny>>, so_far: Progress) -> PyResult<()> {
    py.check_signals()?;
    match progress {
        Some(progress) => progress.call1(py, (so_far.bytes, so_far.total)).map(drop),
        None => Ok(()),
    }
}
