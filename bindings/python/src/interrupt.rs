//! Ctrl-C during a call that blocks: noticed at once, and raised with what became of the call.

use std::sync::{Arc, Mutex, PoisonError};

use pyo3::prelude::*;
use voicecall_core::Cancellation;

/// Runs the program's signal handlers while a call is under way, and cancels the call when one of them raises.
#[derive(Default)]
pub(crate) struct Interrupt {
    raised: Arc<Mutex<Option<PyErr>>>,
}

impl Interrupt {
    /// For the call's options. The call asks on the thread that made it: Python runs handlers on its main thread only.
    pub(crate) fn cancellation(&self) -> Cancellation {
        let raised = Arc::clone(&self.raised);
        Cancellation::watching(move || {
            let outcome = Python::attach(|py| py.check_signals());
            let is_raised = outcome.is_err();
            if let Err(error) = outcome {
                *raised.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
            is_raised
        })
    }

    /// The exception of a call that failed with `error`: the handler's, caused by it, if one has raised.
    pub(crate) fn explain(self, py: Python<'_>, error: PyErr) -> PyErr {
        match self.raised.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(raised) => {
                raised.set_cause(py, Some(error));
                raised
            }
            None => error,
        }
    }
}
