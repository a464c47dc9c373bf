//! Closed lists of words (kinds of error and the like) and the platform's codes, as templates see them.

use serde::Serialize;
use voicecall_core::codes::{Code, Table};
use voicecall_core::{Delivery, ErrorKind, Retry, Rule};

/// One member of a closed list.
#[derive(Debug, Serialize)]
pub(super) struct Word {
    /// Stable text, the same in every language, e.g. `invalid_argument`.
    id: &'static str,
    /// Stable number, where it has one.
    number: Option<i32>,
    doc: &'static str,
    /// What to do, where that is said.
    advice: Option<&'static str>,
}

impl From<&ErrorKind> for Word {
    fn from(kind: &ErrorKind) -> Word {
        Word {
            id: kind.id(),
            number: Some(kind.number()),
            doc: kind.doc(),
            advice: Some(kind.advice()),
        }
    }
}

macro_rules! from_closed_list {
    ($($List:ty)+) => {
        $(impl From<&$List> for Word {
            fn from(member: &$List) -> Word {
                Word { id: member.id(), number: None, doc: member.doc(), advice: None }
            }
        })+
    };
}

from_closed_list!(Delivery Retry Rule);

/// One of the platform's code tables.
#[derive(Debug, Serialize)]
pub(super) struct CodeTable {
    /// `result`, `state`, `release_point` or `q850`.
    id: &'static str,
    rows: Vec<CodeRow>,
}

#[derive(Debug, Serialize)]
struct CodeRow {
    code: &'static str,
    first: i64,
    last: i64,
    name_zh: Option<&'static str>,
    text: Option<&'static str>,
    http_status: Option<u16>,
    meaning: Option<&'static str>,
    advice: Option<&'static str>,
    retry: Option<&'static str>,
    outdated: bool,
}

impl From<&Table> for CodeTable {
    fn from(table: &Table) -> CodeTable {
        CodeTable {
            id: table.id(),
            rows: table.rows().iter().map(CodeRow::from).collect(),
        }
    }
}

impl From<&'static Code> for CodeRow {
    fn from(code: &'static Code) -> CodeRow {
        CodeRow {
            code: &code.code,
            first: code.first,
            last: code.last,
            name_zh: code.name_zh.as_deref(),
            text: code.text.as_deref(),
            http_status: code.http_status,
            meaning: code.meaning.as_deref(),
            advice: code.advice.as_deref(),
            retry: code.retry.map(Retry::id),
            outdated: code.outdated,
        }
    }
}
