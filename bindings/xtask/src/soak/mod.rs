//! `cargo xtask soak`: calls and webhooks without end in C, Python and Node, on a platform that does much wrong. What a process
//! holds must not grow, and its ports must come back.

mod process;
mod pushes;
mod verdict;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::built;
use crate::faults::{self, Driver, OPERATIONS, Platform, Program};
use crate::report;
use crate::tally::Tally;
use process::{held, lingering};
use pushes::Pushes;
use verdict::{Growth, Sample};

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
/// Time for a call.
const TIMEOUT_MS: u64 = 500;
/// Times between two looks at a process, and between two at the system's table of connections.
const LOOK: Duration = Duration::from_secs(1);
const LOOK_AT_PORTS: Duration = Duration::from_secs(10);
/// How long a port is out of use on the side that closed first.
const TIME_WAIT: Duration = Duration::from_secs(60);
/// The share of connections that the client may have closed first, twice over: repetitions of what rings nobody count, too.
const LINGERING: f64 = 2.0 * (SILENCE + GARBAGE + SHORT);
/// And a few for chance.
const FEW: f64 = 25.0;

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
    let mut recipes = Vec::new();
    for language in LANGUAGES {
        recipes.push((*language, faults::recipe(language)?));
    }
    let length = Duration::from_secs_f64(minutes * 60.0);
    let results: Vec<Result<Told, String>> = std::thread::scope(|scope| {
        let running: Vec<_> = recipes
            .iter()
            .map(|(_, recipe)| {
                scope.spawn(move || {
                    let platform = platform()?;
                    let mut environment = platform.environment();
                    environment.push(("VOICECALL_PUSH_URL", pushes::URL.to_owned()));
                    soak(&platform, recipe.start_program(&environment)?, length)
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

/// What one language's run has told.
struct Told {
    growth: Growth,
    calls: u64,
    failed_calls: u64,
    webhooks: u64,
    /// The most connections that lingered on the client's side, and how many of the last minute's calls that was of.
    lingering: (usize, usize),
    /// When there were too many.
    too_many: Option<(usize, usize)>,
}

impl Told {
    fn print(&self, language: &str) {
        let (early, late) = (self.growth.early, self.growth.late);
        report::say(&format!(
            "{language}: {} calls, of which {} failed as they should, {} webhooks; memory {:.0} -> {:.0} KiB ({:.1} bytes an \
             operation), descriptors {} -> {}, threads {} -> {}, at most {} of {} connections in TIME_WAIT",
            self.calls,
            self.failed_calls,
            self.webhooks,
            early.memory,
            late.memory,
            self.growth.per_operation(),
            early.descriptors,
            late.descriptors,
            early.threads,
            late.threads,
            self.lingering.0,
            self.lingering.1,
        ));
    }

    fn verdict(&self) -> Result<(), String> {
        if self.failed_calls == 0 {
            return Err("no fault has struck".to_owned());
        }
        if let Some((lingering, calls)) = self.too_many {
            return Err(format!(
                "{lingering} connections linger on the client's side after {calls} calls"
            ));
        }
        self.growth.verdict()
    }
}

fn soak(platform: &Platform, mut driver: Program, length: Duration) -> Result<Told, String> {
    let pushes = Pushes::new(&platform.told("/app_key"), &platform.told("/app_secret"));
    let port = port_of(&platform.told("/endpoint"))?;
    let begun = Instant::now();
    let (mut samples, mut recent) = (Vec::new(), VecDeque::new());
    let (mut looked, mut looked_at_ports) = (begun, begun);
    let (mut calls, mut failed_calls, mut webhooks) = (0, 0, 0);
    let (mut most, mut too_many) = ((0, 0), None);
    let mut session = String::from("1201_1_4294967295_none");
    while begun.elapsed() < length {
        for operation in OPERATIONS {
            let mut words = vec![(*operation).to_owned(), TIMEOUT_MS.to_string()];
            match *operation {
                "terminate_call" => words.push(session.clone()),
                _ => words.extend(platform.words(operation)?),
            }
            let answer = driver.command(&words)?;
            calls += 1;
            recent.push_back(Instant::now());
            match answer.as_slice() {
                [ok, text] if ok == "ok" && *operation == "create_voice_callback" => session.clone_from(text),
                [ok, ..] if ok == "ok" => {}
                _ => failed_calls += 1,
            }
        }
        for (words, expected) in pushes.round()? {
            let answer = driver.command(&words)?;
            if answer.first().map(String::as_str) != Some(expected) {
                return Err(format!("a webhook that is {expected} came to {}", answer.join("/")));
            }
            webhooks += 1;
        }
        if looked.elapsed() >= LOOK {
            looked = Instant::now();
            let held = held(driver.id())?;
            samples.push(Sample {
                done: calls + webhooks,
                held,
            });
        }
        if looked_at_ports.elapsed() >= LOOK_AT_PORTS {
            looked_at_ports = Instant::now();
            while recent.front().is_some_and(|at: &Instant| at.elapsed() > TIME_WAIT) {
                recent.pop_front();
            }
            let now = (lingering(port)?, recent.len());
            if now.0 > most.0 {
                most = now;
            }
            if now.0 as f64 > FEW + LINGERING * now.1 as f64 {
                too_many = Some(now);
            }
        }
    }
    Ok(Told {
        growth: Growth::of(&samples)?,
        calls,
        failed_calls,
        webhooks,
        lingering: most,
        too_many,
    })
}

fn port_of(endpoint: &str) -> Result<u16, String> {
    let port = endpoint.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
    port.ok_or_else(|| format!("no port in {endpoint}"))
}
