//! `cargo xtask test faults`: every fault of the local platform, for every operation, in every language, over plain and TLS
//! connections. One table says what has to come of it; drivers in each language say what does.

mod cli;
mod driver;
mod languages;
mod matrix;
mod platform;
mod rust;
mod table;

use std::collections::BTreeSet;
use std::thread;

pub(crate) use driver::{Driver, Program};
use languages::{LANGUAGES, Recipe};
use matrix::{Cell, Matrix};
pub(crate) use platform::Platform;
use platform::Seen;
use table::{Expected, Over, ROWS, Row};

use crate::report;
use crate::tally::Tally;
use crate::{built, missing, tools};

/// The names that the contract's five calls have in drivers.
pub(crate) const OPERATIONS: &[&str] = &[
    "create_voice_callback",
    "create_voice_notification",
    "create_voice_verification_code",
    "terminate_call",
    "get_recording_download_url",
];
/// Time for a call that nothing is wrong with.
const PATIENT: u64 = 20_000;

/// The whole matrix.
pub(crate) fn test() -> Result<Tally, String> {
    built::voicecall()?;
    let mut tally = Tally::default();
    tally.check("every fault and every operation is in the table", is_complete());
    let ready = prepare(&mut tally);
    let columns: Vec<Result<Vec<Cell>, String>> = thread::scope(|scope| {
        let running: Vec<_> = ready
            .iter()
            .map(|(name, recipe)| scope.spawn(move || column(name, recipe)))
            .collect();
        let ended = running.into_iter().map(|language| language.join());
        ended
            .map(|column| column.unwrap_or_else(|_| Err("its thread has panicked".to_owned())))
            .collect()
    });
    let mut matrix = Matrix::default();
    for ((name, _), column) in ready.iter().zip(columns) {
        match column {
            Ok(cells) => matrix.add(name, cells),
            Err(fault) => tally.check(&format!("faults in {name}"), Err(fault)),
        }
    }
    matrix.print();
    tally.add(matrix.tally());
    Ok(tally)
}

/// What drives a language of the soak.
pub(crate) fn recipe(language: &str) -> Result<Recipe, String> {
    match LANGUAGES.iter().find(|found| found.name == language) {
        Some(language) => (language.prepare)(),
        None => Err(format!("no language {language}")),
    }
}

/// A language that cannot be driven here for want of something is skipped aloud, but for continuous integration.
fn prepare(tally: &mut Tally) -> Vec<(&'static str, Recipe)> {
    let mut ready = Vec::new();
    for language in LANGUAGES {
        match (language.prepare)() {
            Ok(recipe) => ready.push((language.name, recipe)),
            Err(reason) if missing::take() && !tools::is_ci() => {
                report::skip(&format!("faults in {}", language.name), &reason);
            }
            Err(reason) => tally.check(&format!("faults in {}", language.name), Err(reason)),
        }
    }
    ready
}

fn is_complete() -> Result<(), String> {
    let platform = Platform::start(&[])?;
    let (kinds, operations) = platform.kinds_and_operations()?;
    let in_rows = |kind: &String| ROWS.iter().any(|row| row.fault.contains(&format!("\"{kind}\"")));
    if let Some(kind) = kinds.iter().find(|kind| !in_rows(kind)) {
        return Err(format!("{kind} has no row"));
    }
    let known: BTreeSet<_> = operations.iter().map(String::as_str).collect();
    if known != OPERATIONS.iter().copied().collect() {
        return Err(format!("the platform's operations are {known:?}"));
    }
    Ok(())
}

/// All rows in one language: one client for the plain connections, one for those with TLS.
fn column(name: &str, recipe: &Recipe) -> Result<Vec<Cell>, String> {
    let mut cells = Vec::new();
    for (over, options) in [(Over::Plain, &[][..]), (Over::Tls, &["--tls"])] {
        let platform = Platform::start(options)?;
        let mut driver = recipe.start(name, &platform.environment())?;
        // A runtime takes its time to start: faults do not wait for it.
        succeed(&platform, driver.as_mut(), "create_voice_notification")?;
        for (position, row) in ROWS.iter().enumerate() {
            if row.over != Over::Both && row.over != over {
                continue;
            }
            for operation in OPERATIONS {
                let fault = strike(&platform, driver.as_mut(), row, operation).err();
                cells.push(Cell {
                    row: position,
                    over,
                    operation,
                    fault,
                });
            }
        }
    }
    Ok(cells)
}

/// One fault, one call, and one more call of the same client that has to succeed.
fn strike(platform: &Platform, driver: &mut dyn Driver, row: &Row, operation: &'static str) -> Result<(), String> {
    let expected = row.expected(operation);
    let words = command_words(platform, operation, row.timeout_ms)?;
    let mark = platform.mark()?;
    platform.arm(operation, row.fault)?;
    let answer = driver.command(&words);
    platform.disarm()?;
    let answer = answer?;
    let seen = platform.seen(
        mark,
        Seen {
            struck: expected.struck,
            placed: expected.placed,
        },
    )?;
    compare(expected, &answer, seen)?;
    succeed(platform, driver, operation).map_err(|fault| format!("afterwards: {fault}"))
}

/// A call that nothing is wrong with.
fn succeed(platform: &Platform, driver: &mut dyn Driver, operation: &str) -> Result<(), String> {
    let answer = driver.command(&command_words(platform, operation, PATIENT)?)?;
    match answer.first().map(String::as_str) {
        Some("ok") => Ok(()),
        _ => Err(answer.join("/")),
    }
}

fn command_words(platform: &Platform, operation: &str, timeout_ms: u64) -> Result<Vec<String>, String> {
    let mut words = vec![operation.to_owned(), timeout_ms.to_string()];
    words.extend(platform.words(operation)?);
    Ok(words)
}

fn compare(expected: &Expected, answer: &[String], seen: Seen) -> Result<(), String> {
    let kind = answer.first().map_or("", String::as_str);
    let delivery = match kind {
        "ok" => "",
        _ => answer.get(1).map_or("", String::as_str),
    };
    if (kind, delivery, seen.struck, seen.placed)
        == (expected.kind, expected.delivery, expected.struck, expected.placed)
    {
        return Ok(());
    }
    Err(format!(
        "{kind}/{delivery}, {} requests struck, {} calls placed; expected {}",
        seen.struck, seen.placed, expected
    ))
}
