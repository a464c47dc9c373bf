//! `voicecall._native`: translates between Python and the core, and nothing else.
//!
//! What a user sees is the Python package around it. Field names, rules and texts come from the core's descriptors; a
//! field that the core gets tomorrow needs no line here.

mod arguments;
mod classes;
mod client;
mod codes;
mod duration;
mod failure;
mod field_docs;
mod intake;
mod interrupt;
mod json;
mod mailbox;
mod moment;
mod one_interpreter;
mod per_process;
mod record;
mod result;
mod sans_io;
mod text;
mod webhook;

use pyo3::prelude::*;

/// The native half of `voicecall`. Private: use the names of the package.
#[pymodule]
mod _native {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::client::Client;
    #[pymodule_export]
    use crate::codes::find_code;
    #[pymodule_export]
    use crate::intake::{Intake, Receipt};
    #[pymodule_export]
    use crate::mailbox::Mailbox;
    #[pymodule_export]
    use crate::record::{Record, masked};
    #[pymodule_export]
    use crate::sans_io::{build_request, read_answer, x_aksk};
    #[pymodule_export]
    use crate::webhook::{Cdr, FeeEvent, Received, Receiver, StatusEvent, UnknownEvent, parse, sign_push};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::one_interpreter::claim(module.py())?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("MAX_BYTES", voicecall_core::webhook::MAX_BYTES)?;
        crate::webhook::add_fields(module.py())
    }
}
