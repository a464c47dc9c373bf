//! The examples at work: against the local platform, with what they have to print in `examples/expected`.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::install::Examples;
use crate::command::root;
use crate::sandbox::Sandbox;
use crate::tally::Tally;

pub(crate) const CUSTOMER: &str = "+8613800000021";
pub(crate) const AGENT: &str = "+8613800000022";

/// CDRs that `place_calls` leads to: one for each call.
const CDRS: usize = 3;

/// Webhooks that take longer do not come.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn test(examples: &Examples, tally: &mut Tally) -> Result<(), String> {
    let sandbox = Sandbox::start()?;
    let builds = [
        ("C", &examples.c),
        ("static C", &examples.c_static),
        ("C++", &examples.cpp),
        ("static C++", &examples.cpp_static),
    ];
    for (language, folder) in builds {
        for (program, arguments) in [("place_calls", &[CUSTOMER, AGENT][..]), ("handle_errors", &[])] {
            let path = folder.join(program);
            if !path.exists() {
                continue;
            }
            let printed = print(examples, &sandbox, &path, arguments, None);
            tally.check(
                &format!("{program} in {language} prints what it should"),
                printed.and_then(|printed| compare(&without_sessions(&printed), &format!("{program}.txt"))),
            );
        }
        tally.check(
            &format!("webhooks are printed in {language}"),
            reads_webhooks(examples, &sandbox, folder),
        );
    }
    tally.check(
        "the receiver stores every webhook of three calls",
        receives(examples, &sandbox),
    );
    Ok(())
}

/// From a file and from standard input.
fn reads_webhooks(examples: &Examples, sandbox: &Sandbox, folder: &Path) -> Result<(), String> {
    let program = folder.join("read_webhook");
    for webhook in ["disconnect", "fee"] {
        let file = root().join(format!("examples/webhooks/{webhook}.json"));
        let expected = format!("read_webhook_{webhook}.txt");
        compare(
            &print(examples, sandbox, &program, &[&file.to_string_lossy()], None)?,
            &expected,
        )?;
        compare(&print(examples, sandbox, &program, &[], Some(&file))?, &expected)?;
    }
    let cut_short = root().join("examples/webhooks/cut_short.json");
    match print(examples, sandbox, &program, &[&cut_short.to_string_lossy()], None) {
        Err(complaint) if complaint.contains("read_webhook: ") => Ok(()),
        other => Err(format!("a webhook cut short is not refused: {other:?}")),
    }
}

/// The receiver runs, three calls are placed whose webhooks go to it, and everything ends up in its store.
fn receives(examples: &Examples, sandbox: &Sandbox) -> Result<(), String> {
    let store = examples.c.join("webhooks.db");
    for left_over in ["webhooks.db", "webhooks.db-wal", "webhooks.db-shm"] {
        let _ = fs::remove_file(examples.c.join(left_over));
    }
    let port = free_port()?;
    let push_url = format!("http://127.0.0.1:{port}/voice");
    let with_push_url = |program: &str| {
        let mut command = command(examples, sandbox, &examples.c.join(program));
        command.env("VOICECALL_PUSH_URL", &push_url);
        command
    };
    let mut receiver = with_push_url("webhook_receiver");
    receiver
        .arg(port.to_string())
        .arg(&store)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut receiver = receiver.spawn().map_err(|error| error.to_string())?;
    let printed = lines(receiver.stdout.take().ok_or("the receiver has no output")?);
    let placed = || {
        let placed = with_push_url("place_calls").args([CUSTOMER, AGENT]).output();
        let placed = placed.map_err(|error| error.to_string())?;
        if placed.status.success() {
            Ok(())
        } else {
            Err(String::from_utf8_lossy(&placed.stderr).into_owned())
        }
    };
    let result = until(&printed, placed, |seen| {
        seen.iter().filter(|line| *line == "fee: stored").count() == CDRS
    });
    // It ends when its standard input does.
    drop(receiver.stdin.take());
    let status = receiver.wait().map_err(|error| error.to_string())?;
    let mut lines = result?;
    // What came while it ended, and what its store holds then.
    lines.extend(printed);
    if !status.success() {
        return Err(format!("the receiver ended with {status}"));
    }
    let total = lines.pop().unwrap_or_default();
    if total != format!("calls with a CDR: {CDRS}") {
        return Err(format!("the store of the receiver says {total:?}"));
    }
    // In which order the webhooks of different calls come is not said.
    let kinds: BTreeSet<_> = lines.iter().map(|line| format!("{line}\n")).collect();
    compare(&String::from_iter(kinds), "webhook_receiver.txt")
}

/// Places the calls when the receiver is ready, and gives what it prints after that until all CDRs are stored.
pub(crate) fn follow(
    receiver: &mut Child,
    store: &Path,
    place: impl FnOnce() -> Result<(), String>,
) -> Result<Vec<String>, String> {
    let printed = lines(receiver.stdout.take().ok_or("the receiver has no output")?);
    let cdrs = || {
        fs::read_to_string(store)
            .unwrap_or_default()
            .matches("\"icid\"")
            .count()
    };
    until(&printed, place, |_| cdrs() >= CDRS)
}

/// Places the calls when the receiver is ready, and gives what it prints after that until it is done.
fn until(
    printed: &mpsc::Receiver<String>,
    place: impl FnOnce() -> Result<(), String>,
    is_done: impl Fn(&[String]) -> bool,
) -> Result<Vec<String>, String> {
    let end = Instant::now() + PATIENCE;
    let next = || {
        let left = end.saturating_duration_since(Instant::now());
        printed
            .recv_timeout(left)
            .map_err(|_| "the receiver prints no more".to_owned())
    };
    let ready = next()?;
    if !ready.starts_with("listening on port ") {
        return Err(format!("the receiver begins with {ready:?}"));
    }
    place()?;
    let mut seen = Vec::new();
    while !is_done(&seen) {
        seen.push(next()?);
    }
    Ok(seen)
}

/// What a program prints, line by line, so that waiting for it can end.
fn lines(output: ChildStdout) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

/// What the program prints to standard output; its complaint when it fails.
fn print(
    examples: &Examples,
    sandbox: &Sandbox,
    program: &Path,
    arguments: &[&str],
    input: Option<&Path>,
) -> Result<String, String> {
    let mut command = command(examples, sandbox, program);
    command.args(arguments).stdin(match input {
        Some(file) => Stdio::from(File::open(file).map_err(|error| error.to_string())?),
        None => Stdio::null(),
    });
    let finished = command
        .output()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    if !finished.status.success() {
        return Err(format!(
            "{}: {}",
            finished.status,
            String::from_utf8_lossy(&finished.stderr)
        ));
    }
    Ok(String::from_utf8_lossy(&finished.stdout).into_owned())
}

fn command(examples: &Examples, sandbox: &Sandbox, program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .envs(sandbox.environment())
        .env("LD_LIBRARY_PATH", examples.prefix.join("lib"));
    command
}

/// Session ids differ each time.
pub(crate) fn without_sessions(printed: &str) -> String {
    let lines = printed.lines().map(|line| match line.split_once(": session ") {
        Some((what, id)) if !id.is_empty() => format!("{what}: session ...\n"),
        _ => format!("{line}\n"),
    });
    lines.collect()
}

pub(crate) fn compare(printed: &str, expected: &str) -> Result<(), String> {
    let path = root().join("examples/expected").join(expected);
    let wanted = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    if printed == wanted {
        return Ok(());
    }
    let line = printed
        .lines()
        .zip(wanted.lines())
        .position(|(left, right)| left != right);
    let line = line.unwrap_or_else(|| printed.lines().count().min(wanted.lines().count()));
    let at = |text: &str| text.lines().nth(line).unwrap_or("(nothing)").to_owned();
    Err(format!(
        "examples/expected/{expected}:{}: {:?} was printed, not {:?}",
        line + 1,
        at(printed),
        at(&wanted)
    ))
}

/// The address of the receiver has to be known before it starts: it is part of what the platform signs.
pub(crate) fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    listener
        .map(|address| address.port())
        .map_err(|error| error.to_string())
}
