//! A store that survives `fork`: before a process is forked it is closed, and opened again where it is used next.
//!
//! SQLite keeps its locks in files and notes of them in memory. A forked child inherits the notes without the locks: what
//! it reads or writes then, even over a connection of its own to the same file, can spoil the file. So no connection may be
//! open when the process is forked. The package closes those that are idle ([`PerProcess::rest`]); where one was in use, or
//! nobody told of the fork, the child opens no store at all, and says so.

use std::mem;
use std::path::Path;
use std::process;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::prelude::*;
use voicecall_core::intake::{Intake, IntakeConfig, Lane};
use voicecall_core::webhook::WebhookConfig;
use voicecall_core::{Cancellation, Error};

use crate::classes;
use crate::failure::{guarded, raise};
use crate::mailbox::Mailbox;

/// Stores that are open, or being opened, in the process of this id; 0 before the first.
static PROCESS: AtomicU32 = AtomicU32::new(0);
static OPEN: AtomicUsize = AtomicUsize::new(0);

/// See the module.
pub(super) struct PerProcess {
    config: IntakeConfig,
    webhook: WebhookConfig,
    closed: AtomicBool,
    /// Locked only by a thread that is attached to the interpreter, and never across a call into it; see the clients'.
    current: Mutex<Option<Arc<Opened>>>,
}

/// A store that is open.
pub(super) struct Opened {
    // First, so that it is closed when it is no longer counted.
    pub(super) intake: Intake,
    counted: Counted,
}

/// Counts a store as open.
struct Counted {
    process: u32,
}

impl PerProcess {
    /// Opens the store, so that what is wrong with it is told at once.
    pub(super) fn new(py: Python<'_>, config: IntakeConfig, webhook: WebhookConfig) -> PyResult<PerProcess> {
        let stores = PerProcess {
            config: in_one_place(config),
            webhook,
            closed: AtomicBool::new(false),
            current: Mutex::new(None),
        };
        stores.opened(py)?;
        Ok(stores)
    }

    /// Does something with the store of this process, with the interpreter's lock released.
    pub(super) fn run<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&Intake) -> Result<T, Error> + Send,
    ) -> PyResult<T> {
        let opened = self.opened(py)?;
        let outcome = py.detach(|| guarded(|| work(&opened.intake)));
        let outcome = outcome.map_err(|panicked| panicked.raise(py, false))?;
        outcome.map_err(|error| raise(py, &error, false))
    }

    /// Does something with the store of this process on a thread of the intake; `read` makes Python's answer of it. The store
    /// counts as in use until then.
    pub(super) fn submit<T: Send + 'static>(
        &self,
        py: Python<'_>,
        mailbox: &Bound<'_, Mailbox>,
        lane: Lane,
        work: impl FnOnce(&Intake) -> Result<T, Error> + Send + 'static,
        read: impl for<'a> FnOnce(Python<'a>, T) -> PyResult<Bound<'a, PyAny>> + Send + 'static,
    ) -> PyResult<u64> {
        let opened = self.opened(py)?;
        let intake = opened.intake.clone();
        mailbox.get().submit(|post| {
            let work = move |intake: &Intake, _: &Cancellation| {
                let _in_use = opened;
                work(intake)
            };
            intake.submit(lane, work, move |outcome: Result<T, Error>| {
                post.send(move |py| read(py, outcome.map_err(|error| raise(py, &error, false))?));
            })
        })
    }

    /// The store of this process. Hold it no longer than it is used: as long as it is held, a child has none.
    pub(super) fn opened(&self, py: Python<'_>) -> PyResult<Arc<Opened>> {
        if self.is_closed() {
            return Err(error(py, "intake_closed"));
        }
        let current = self.current().clone();
        if let Some(opened) = current {
            return if opened.is_ours() {
                Ok(opened)
            } else {
                Err(error(py, "forked"))
            };
        }
        let counted = Counted::new(py)?;
        // Takes its time when another process is at the file.
        let made = py.detach(|| guarded(|| self.config.clone().build(self.webhook_of_this_process()?)));
        let made = made.map_err(|panicked| panicked.raise(py, false))?;
        let intake = made.map_err(|error| raise(py, &error, false))?;
        let made = Arc::new(Opened { intake, counted });
        let mut current = self.current();
        // Another thread may have been quicker, or have closed it.
        let opened = current.get_or_insert(made).clone();
        if self.is_closed() {
            *current = None;
            drop(current);
            return Err(error(py, "intake_closed"));
        }
        Ok(opened)
    }

    /// Closes the connections if nobody uses them. Called before a fork, on the thread that forks: the lock of the
    /// interpreter is kept, so that no other thread opens them again.
    pub(super) fn rest(&self, _py: Python<'_>) {
        let mut current = self.current();
        let idle = |opened: &Arc<Opened>| opened.is_ours() && Arc::strong_count(opened) == 1;
        if current.as_ref().is_some_and(idle) {
            *current = None;
        }
    }

    /// Ends waits, refuses what is new, and closes the store when what is under way has ended.
    pub(super) fn close(&self, py: Python<'_>) {
        self.closed.store(true, Ordering::Release);
        let current = self.current().take();
        match current {
            Some(opened) if opened.is_ours() => py.detach(|| {
                opened.intake.close();
                drop(opened);
            }),
            inherited => mem::forget(inherited),
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    fn webhook_of_this_process(&self) -> Result<voicecall_core::webhook::Webhook, Error> {
        self.webhook.clone().build()
    }

    fn current(&self) -> std::sync::MutexGuard<'_, Option<Arc<Opened>>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for PerProcess {
    fn drop(&mut self) {
        let current = self.current.get_mut().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_some_and(|opened| !opened.is_ours()) {
            // The parent's: not even closed here.
            mem::forget(current.take());
        }
    }
}

impl Opened {
    fn is_ours(&self) -> bool {
        self.counted.process == process::id()
    }
}

impl Counted {
    /// Fails in a child that was forked while a store was open.
    fn new(py: Python<'_>) -> PyResult<Counted> {
        let process = process::id();
        if PROCESS.load(Ordering::Acquire) != process {
            if OPEN.load(Ordering::Acquire) > 0 {
                return Err(error(py, "forked"));
            }
            PROCESS.store(process, Ordering::Release);
        }
        OPEN.fetch_add(1, Ordering::AcqRel);
        Ok(Counted { process })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if self.process == process::id() {
            OPEN.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

/// A store that is opened again has to be the same file, wherever the process has gone meanwhile: daemons go to `/`.
fn in_one_place(config: IntakeConfig) -> IntakeConfig {
    let address = config.store.as_ref().map(|store| store.expose().to_owned());
    let file = address.as_deref().and_then(|address| address.strip_prefix("sqlite:"));
    let file = file.map(|file| file.strip_prefix("//").unwrap_or(file));
    let absolute = file
        .filter(|file| !file.is_empty() && *file != ":memory:")
        .and_then(|file| std::path::absolute(Path::new(file)).ok());
    match absolute.as_deref().and_then(Path::to_str) {
        Some(absolute) => config.store(format!("sqlite:{absolute}").as_str()),
        None => config,
    }
}

fn error(py: Python<'_>, function: &str) -> PyErr {
    let made = classes::error_function(py, function).and_then(|function| function.call0());
    made.map_or_else(|fault| fault, PyErr::from_value)
}
