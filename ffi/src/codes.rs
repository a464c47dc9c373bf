//! The platform's code tables for C.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use serde_json::{Map, Value, json};
use voicecall_core::Retry;
use voicecall_core::codes::{self, Code, Table};

use crate::arguments::{c_text, given, invalid, optional_c_text};
use crate::boundary::run;
use crate::error::voicecall_error;
use crate::numbers::voicecall_status;
use crate::value::voicecall_value;

/// Looks a code of the platform up. An unknown code is no error: the platform has more codes than it documents.
///
/// `table`: "result" (resultcode of an answer), "state" (stateCode of a disconnect event), "release_point"
/// (ulFailReason of a CDR) or "q850" (callOutUnaswRsn and fwdUnaswRsn of a CDR).
/// `code`: the code as text, e.g. "1010002".
/// `http_status`, `text`: what came with a result code; they tell the two meanings of 1010010 apart. 0 and NULL: not
/// known.
/// `row`: gets an object with the members known, outdated and, where the table has them, code (a range such as
/// "400~699" stands for all its codes), name_zh, text, http_status, meaning, advice, retry. A new value, owned by the
/// caller, free with voicecall_value_free().
///
/// # Safety
/// `table`, `code` and `text` are NULL or end with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_code_find(
    table: *const c_char,
    code: *const c_char,
    http_status: i32,
    text: *const c_char,
    row: Option<&mut MaybeUninit<*mut voicecall_value>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        // SAFETY: this function's contract.
        let (table, code, text) = unsafe {
            (
                c_text(table, "table")?,
                c_text(code, "code")?,
                optional_c_text(text, "text")?,
            )
        };
        let row = given(row, "row")?;
        let table = Table::from_id(table).ok_or_else(|| {
            let ids: Vec<_> = Table::ALL.iter().map(|table| table.id()).collect();
            invalid(format!("`table` is none of {}", ids.join(", ")))
        })?;
        let found = match table {
            Table::Result => {
                codes::result_code(code, u16::try_from(http_status).ok().filter(|status| *status > 0), text)
            }
            other => other.find_text(code),
        };
        row.write(voicecall_value::hand_over(Value::Object(attributes(table, found))));
        Ok(())
    })
}

fn attributes(table: Table, row: Option<&Code>) -> Map<String, Value> {
    // Nothing is known of an unknown result code, so nothing speaks for trying again.
    let retry = match row {
        Some(row) => row.retry,
        None => (table == Table::Result).then_some(Retry::Never),
    };
    let attributes = [
        ("known", Some(json!(row.is_some()))),
        ("outdated", Some(json!(row.is_some_and(|row| row.outdated)))),
        ("code", row.map(|row| json!(row.code))),
        (
            "name_zh",
            row.and_then(|row| row.name_zh.as_ref()).map(|name| json!(name)),
        ),
        ("text", row.and_then(|row| row.text.as_ref()).map(|text| json!(text))),
        (
            "http_status",
            row.and_then(|row| row.http_status).map(|status| json!(status)),
        ),
        (
            "meaning",
            row.and_then(|row| row.meaning.as_ref()).map(|meaning| json!(meaning)),
        ),
        (
            "advice",
            row.and_then(|row| row.advice.as_ref()).map(|advice| json!(advice)),
        ),
        ("retry", retry.map(|retry| json!(retry.id()))),
    ];
    attributes
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}
