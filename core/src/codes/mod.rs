//! The four code tables of the platform, as the contract gives them: meaning, advice, whether to try again.
//!
//! An unknown code is a value without meaning, never an error: the platform has more codes than it documents.

use once_cell::sync::Lazy;

use crate::error::Retry;
use crate::result::closed_set;

closed_set! {
    /// Which of the platform's tables a code belongs to.
    pub enum Table {
        /// `resultcode` of the five calls.
        Result = "result",
        /// `stateCode` of the `disconnect` event.
        State = "state",
        /// `ulFailReason` of a CDR.
        ReleasePoint = "release_point",
        /// `callOutUnaswRsn` and `fwdUnaswRsn` of a CDR.
        Q850 = "q850",
    }
}

impl Table {
    /// The table's rows, sorted by code.
    pub fn rows(self) -> &'static [Code] {
        match self {
            Table::Result => &RESULT,
            Table::State => &STATE,
            Table::ReleasePoint => &RELEASE_POINT,
            Table::Q850 => &Q850,
        }
    }

    /// The row of an integer code; a row of its own wins over a range.
    pub fn find(self, code: i64) -> Option<&'static Code> {
        // Once a state code, printed among the release points today (contract pushes.md 10).
        if self == Table::State && code == MOVED_STATE_CODE {
            return Table::ReleasePoint.find(code);
        }
        let covering = || self.rows().iter().filter(|row| row.first <= code && code <= row.last);
        covering()
            .find(|row| row.first == row.last)
            .or_else(|| covering().next())
    }

    /// The row of a code as text, as `resultcode` comes.
    pub fn find_text(self, code: &str) -> Option<&'static Code> {
        // Codes are compared as text: `01` is not `1`.
        code.parse::<i64>()
            .ok()
            .filter(|number| number.to_string() == code)
            .and_then(|number| self.find(number))
    }
}

/// The row of a `resultcode`. Code 1010010 stands for two things, told apart by HTTP status and text
/// (contract requests.md 13.3).
pub fn result_code(code: &str, http_status: Option<u16>, text: Option<&str>) -> Option<&'static Code> {
    if code != AMBIGUOUS {
        return Table::Result.find_text(code);
    }
    let digest = http_status == Some(401) || text.is_some_and(|text| text.to_ascii_lowercase().contains("digest"));
    Table::Result
        .rows()
        .iter()
        .find(|row| row.code == AMBIGUOUS && (row.http_status == Some(401)) == digest)
}

/// `Invalid digest.` with HTTP 401, platform flow control otherwise.
const AMBIGUOUS: &str = "1010010";

/// `Internal error`, which may still come as a state code.
const MOVED_STATE_CODE: i64 = 8011;

/// One row of a code table.
#[derive(Debug)]
#[non_exhaustive]
pub struct Code {
    /// The code, or a range such as `400~699`.
    pub code: String,
    /// First code of the row.
    pub first: i64,
    /// Last code of the row; the same as `first` where the row is no range.
    pub last: i64,
    /// The platform's name, in Chinese.
    pub name_zh: Option<String>,
    /// The platform's English text; result codes only.
    pub text: Option<String>,
    /// HTTP status that comes with it; result codes only, where known.
    pub http_status: Option<u16>,
    /// What it means.
    pub meaning: Option<String>,
    /// What to do.
    pub advice: Option<String>,
    /// Whether placing the call again makes sense; result codes only.
    pub retry: Option<Retry>,
    /// Stands only in old tables.
    pub outdated: bool,
}

static RESULT: Lazy<Vec<Code>> = Lazy::new(|| read(include_str!("result_codes.csv")));
static STATE: Lazy<Vec<Code>> = Lazy::new(|| read(include_str!("state_codes.csv")));
static RELEASE_POINT: Lazy<Vec<Code>> = Lazy::new(|| read(include_str!("release_points.csv")));
static Q850: Lazy<Vec<Code>> = Lazy::new(|| read(include_str!("q850.csv")));

/// Reads a table of the contract. The tables are part of the library; the tests prove that no row is lost here.
fn read(table: &'static str) -> Vec<Code> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let Ok(header) = reader.headers().cloned() else {
        return Vec::new();
    };
    let column = |name: &str| header.iter().position(|title| title == name);
    let (code, name_zh, text) = (column("code"), column("name_zh"), column("resultdesc"));
    let (http_status, meaning, advice) = (column("http_status"), column("meaning_en"), column("advice_en"));
    let (retry, outdated) = (column("retry"), column("outdated"));
    let rows = reader.records().filter_map(Result::ok).filter_map(|row| {
        let cell = |column: Option<usize>| row.get(column?).filter(|cell| !cell.is_empty());
        let owned = |column| cell(column).map(str::to_owned);
        let code = cell(code)?;
        let (first, last) = code.split_once('~').unwrap_or((code, code));
        Some(Code {
            code: code.to_owned(),
            first: first.parse().ok()?,
            last: last.parse().ok()?,
            name_zh: owned(name_zh),
            text: owned(text),
            http_status: cell(http_status).and_then(|status| status.parse().ok()),
            meaning: owned(meaning),
            advice: owned(advice),
            retry: cell(retry).and_then(Retry::from_id),
            outdated: cell(outdated) == Some("true"),
        })
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::{Table, result_code};

    #[test]
    fn no_row_of_the_contract_is_lost() {
        let sources = [
            include_str!("result_codes.csv"),
            include_str!("state_codes.csv"),
            include_str!("release_points.csv"),
            include_str!("q850.csv"),
        ];
        for (table, source) in Table::ALL.iter().zip(sources) {
            assert_eq!(table.rows().len(), source.lines().count() - 1, "{}", table.id());
            assert!(table.rows().iter().all(|row| row.meaning.is_some()), "{}", table.id());
        }
        assert!(Table::Result.rows().iter().all(|row| row.retry.is_some()));
    }

    #[test]
    fn a_single_code_wins_over_the_range_around_it() {
        assert_eq!(Table::ReleasePoint.find(404).unwrap().code, "400~699");
        assert_eq!(Table::ReleasePoint.find(522).unwrap().code, "522");
        assert_eq!(Table::ReleasePoint.find(2914).unwrap().code, "2901~2914");
        assert!(Table::ReleasePoint.find(2915).is_none());
    }

    #[test]
    fn the_ambiguous_code_is_told_apart_by_status_and_text() {
        let meaning = |status, text| result_code("1010010", status, text).unwrap().meaning.as_deref();
        assert_eq!(meaning(Some(401), None), Some("PasswordDigest check failed"));
        assert_eq!(
            meaning(None, Some("Invalid digest.")),
            Some("PasswordDigest check failed")
        );
        assert_eq!(
            meaning(Some(403), Some("The flow control upper limit")),
            Some("Platform flow control")
        );
    }

    #[test]
    fn an_unknown_code_is_a_value() {
        for code in ["", "99", "abc", "-5", "+0", "999999999999999999999999"] {
            assert!(result_code(code, None, None).is_none(), "{code:?}");
        }
    }
}
