//! `voicecall explain`: what the platform's codes mean and what to do about them. Nothing is sent.

use clap::Args;
use serde_json::{Map, Value, json};
use voicecall_core::codes::{Code, Table};

use crate::exit::Failure;
use crate::output::{self, FAINT, STRONG, styled};

/// Options of `voicecall explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainOptions {
    /// Codes: resultcode of an answer, stateCode of a disconnect event, ulFailReason, callOutUnaswRsn or fwdUnaswRsn of a
    /// CDR.
    #[arg(required = true, value_name = "CODE", value_parser = code)]
    codes: Vec<i64>,
    /// Look in this table only: result, state, release_point or q850. Can be repeated.
    #[arg(long = "table", value_name = "TABLE", value_parser = table)]
    tables: Vec<Table>,
}

fn code(text: &str) -> Result<i64, &'static str> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .then(|| text.parse().ok())
        .flatten()
        .ok_or("a code is a whole number, e.g. 8102")
}

fn table(text: &str) -> Result<Table, String> {
    let ids: Vec<_> = Table::ALL.iter().map(|table| table.id()).collect();
    Table::from_id(text).ok_or_else(|| format!("there are {}", ids.join(", ")))
}

/// Looks the codes up, each in every table that was asked for: the same number means different things in each.
pub(crate) fn run(options: &ExplainOptions, json: bool) -> Result<(), Failure> {
    let tables = if options.tables.is_empty() {
        Table::ALL
    } else {
        &options.tables
    };
    let mut known = false;
    for code in &options.codes {
        let found: Vec<_> = tables.iter().flat_map(|table| rows(*table, *code)).collect();
        if found.is_empty() {
            unknown(*code, tables, json);
        }
        known |= !found.is_empty();
        for (table, row) in found {
            if json {
                output::json(&Value::Object(to_json(*code, table, row)));
            } else {
                show(*code, table, row);
            }
        }
    }
    match known {
        true => Ok(()),
        false => Err(Failure::local("no such code is known")),
    }
}

/// The rows of a code: one, but two where the table gives it two meanings, and those of a range only where there is no row
/// of its own.
fn rows(table: Table, code: i64) -> Vec<(Table, &'static Code)> {
    let own: Vec<_> = table
        .rows()
        .iter()
        .filter(|row| row.first == code && row.last == code)
        .collect();
    let rows = if own.is_empty() {
        table.find(code).into_iter().collect()
    } else {
        own
    };
    rows.into_iter().map(|row| (table, row)).collect()
}

/// The platform has more codes than it documents, so one unknown code among known ones is no error.
fn unknown(code: i64, tables: &[Table], json: bool) {
    if json {
        return output::json(&json!({ "code": code.to_string(), "known": false }));
    }
    let ids: Vec<_> = tables.iter().map(|table| table.id()).collect();
    output::line(&format!(
        "{}  not in {}",
        styled(STRONG, &code.to_string()),
        ids.join(", ")
    ));
}

fn show(code: i64, table: Table, row: &Code) {
    let of_range = if row.first == row.last {
        String::new()
    } else {
        format!(" (as {})", row.code)
    };
    let meaning = row.meaning.as_deref().unwrap_or("no meaning is documented");
    output::line(&format!(
        "{}  {}{of_range}  {meaning}",
        styled(STRONG, &code.to_string()),
        styled(FAINT, table.id())
    ));
    let facts = [
        ("name", row.name_zh.clone()),
        ("text", row.text.clone()),
        ("HTTP status", row.http_status.map(|status| status.to_string())),
        ("what to do", row.advice.clone()),
        ("place again", row.retry.map(|retry| retry.id().to_owned())),
        ("outdated", row.outdated.then(|| "stands only in old tables".to_owned())),
    ];
    for (name, fact) in facts.into_iter().filter_map(|(name, fact)| Some((name, fact?))) {
        output::line(&format!("  {name:<12} {fact}"));
    }
}

fn to_json(code: i64, table: Table, row: &Code) -> Map<String, Value> {
    let attributes = [
        ("code", Some(json!(code.to_string()))),
        ("known", Some(json!(true))),
        ("table", Some(json!(table.id()))),
        ("row", Some(json!(row.code))),
        ("name_zh", row.name_zh.as_ref().map(|name| json!(name))),
        ("text", row.text.as_ref().map(|text| json!(text))),
        ("http_status", row.http_status.map(|status| json!(status))),
        ("meaning", row.meaning.as_ref().map(|meaning| json!(meaning))),
        ("advice", row.advice.as_ref().map(|advice| json!(advice))),
        ("retry", row.retry.map(|retry| json!(retry.id()))),
        ("outdated", Some(json!(row.outdated))),
    ];
    attributes
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}
