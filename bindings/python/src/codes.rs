//! The platform's code tables.

use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use voicecall_core::codes::{self, Table};

use crate::classes;

/// The row of a code in one of the tables `result`, `state`, `release_point` and `q850`; `None` when it has none.
/// `http_status` and `text` of the answer tell the two meanings of result code 1010010 apart.
#[pyfunction]
#[pyo3(signature = (table, code, http_status = None, text = None))]
pub(crate) fn find_code<'py>(
    py: Python<'py>,
    table: &str,
    code: &str,
    http_status: Option<u16>,
    text: Option<&str>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let table = Table::from_id(table).ok_or_else(|| PyKeyError::new_err(table.to_owned()))?;
    let row = match table {
        Table::Result => codes::result_code(code, http_status, text),
        other => other.find_text(code),
    };
    let Some(row) = row else { return Ok(None) };
    let attributes = PyDict::new(py);
    attributes.set_item("table", table.id())?;
    attributes.set_item("code", code)?;
    attributes.set_item("name_zh", &row.name_zh)?;
    attributes.set_item("text", &row.text)?;
    attributes.set_item("http_status", row.http_status)?;
    attributes.set_item("meaning", &row.meaning)?;
    attributes.set_item("advice", &row.advice)?;
    let retry = row
        .retry
        .map(|retry| classes::word(py, "Retry", retry.id()))
        .transpose()?;
    attributes.set_item("retry", retry)?;
    attributes.set_item("outdated", row.outdated)?;
    classes::value(py, "Code", &attributes).map(Some)
}
