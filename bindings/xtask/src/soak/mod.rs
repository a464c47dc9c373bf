//! `cargo xtask soak`: calls and webhooks without end in C, Python and Node, on a platform that does much wrong. What a process
//! holds must not grow, and its ports must come back.

mod process;
mod pushes;
mod run;
mod verdict;

use std::time::Duration;

use crate::built;
use crate::command;
use crate::faults::{self, Platform};
use crate::report;
use crate::tally::Tally;
use crate::tools;
use run::{Run, Told};

const LANGUAGES: &[&str] = &["c", "python", "node"];
const USUAL_MINUTES: f64 = 10.0;
/// Simulated seconds in one: calls that are placed are soon over.
const SPEED: u32 = 1000;
/// What goes wrong, and how often: about every seventh call.
const FAULTS: &[(&str, f64)] = &[
    ("reset_before_reading", 0.01),
    ("reset_after_reading", 0.02),
    ("answer_lost", 0.02),
    ("truncated_body", 0.02),
    ("garbage", GARBAGE),
    ("status", 0.02),
    ("redirect", 0.01),
    ("refusal", 0.02),
    ("wrong_content_length", SHORT),
    ("silence", SILENCE),
];
/// Here the client gives up or has read enough, and may close first.
const SILENCE: f64 = 0.002;
const GARBAGE: f64 = 0.02;
const SHORT: f64 = 0.01;
/// The space for young objects stays as it is. V8 doubles it as it likes, which is 4 MiB and more at a time.
const NODE_OPTIONS: &str = "--max-semi-space-size=1";

/// `--minutes N`.
pub(crate) fn run(arguments: &[String]) -> Result<bool, String> {
    let minutes = match arguments {
        [] => USUAL_MINUTES,
        [option, number] if option == "--minutes" => match number.parse::<f64>() {
            Ok(minutes) if minutes > 0.0 => minutes,
            _ => return Err("--minutes needs a number above 0".to_owned()),
        },
        _ => return Err("soak takes --minutes N".to_owned()),
    };
    built::voicecall()?;
    let give_back = give_back()?;
    let mut recipes = Vec::new();
    for language in LANGUAGES {
        recipes.push((*language, faults::recipe(language)?));
    }
    let length = Duration::from_secs_f64(minutes * 60.0);
    let results: Vec<Result<Told, String>> = std::thread::scope(|scope| {
        let running: Vec<_> = recipes
            .iter()
            .map(|(language, recipe)| {
                let preloaded = give_back.clone();
                scope.spawn(move || {
                    let platform = platform()?;
                    let mut environment = platform.environment();
                    environment.push(("VOICECALL_PUSH_URL", pushes::URL.to_owned()));
                    environment.push(("NODE_OPTIONS", NODE_OPTIONS.to_owned()));
                    environment.push(("LD_PRELOAD", preloaded));
                    Run::new(&platform, recipe.start_program(&environment)?)?.run(language, length)
                })
            })
            .collect();
        let ended = running.into_iter().map(|language| language.join());
        ended
            .map(|told| told.unwrap_or_else(|_| Err("its thread has panicked".to_owned())))
            .collect()
    });
    let mut tally = Tally::default();
    for ((language, _), told) in recipes.iter().zip(results) {
        if let Ok(told) = &told {
            told.print(language);
        }
        tally.check(
            &format!("{language} after {minutes} minutes"),
            told.and_then(|told| told.verdict()),
        );
    }
    report::say(&format!("\n{} passed, {} failed", tally.passed, tally.failed));
    Ok(tally.failed == 0)
}

/// Builds what makes a process hold no more than it uses. Left alone, glibc keeps an arena for each of Node's threads and
/// touches one freed page after the other: 10 MiB within minutes, while heap and allocator say that no more is in use than
/// at the beginning.
fn give_back() -> Result<String, String> {
    tools::require("gcc", "gcc")?;
    let folder = command::target().join("soak");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let built = folder.join("give_back.so").to_string_lossy().into_owned();
    let source = command::root().join("bindings/xtask/drivers/give_back.c");
    let source = source.to_string_lossy();
    command::output(
        "gcc",
        &["-std=gnu11", "-shared", "-fPIC", &source, "-o", &built, "-lpthread"],
    )?;
    Ok(built)
}

fn platform() -> Result<Platform, String> {
    let platform = Platform::start(&[])?;
    for (fault, probability) in FAULTS {
        platform.arm(
            "calls",
            &format!(r#"{{"fault":"{fault}","probability":{probability}}}"#),
        )?;
    }
    platform.run_at(SPEED)?;
    Ok(platform)
}
