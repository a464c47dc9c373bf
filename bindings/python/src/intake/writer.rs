//! Writes into a Python file object.

use std::io::{self, Write};

use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// A binary file object, and what its `write` raised.
pub(super) struct Writer {
    file: Py<PyAny>,
    pub(super) raised: Option<PyErr>,
}

impl Writer {
    pub(super) fn new(file: Py<PyAny>) -> Writer {
        Writer { file, raised: None }
    }

    /// The file's `write` may take less than all, as raw files do; one that tells no number has taken all.
    fn hand_over(&self, py: Python<'_>, piece: &[u8]) -> PyResult<usize> {
        py.check_signals()?;
        let taken = self.file.bind(py).call_method1("write", (PyBytes::new(py, piece),))?;
        let taken = taken.extract::<usize>().unwrap_or(piece.len());
        Ok(taken.min(piece.len()))
    }
}

impl Write for Writer {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        Python::attach(|py| self.hand_over(py, piece)).map_err(|error| {
            self.raised = Some(error);
            io::Error::other("the file object raised an exception")
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
