//! The example programs of a language at work: against the local platform, with what they have to print in
//! `examples/expected`, which is the same in every language.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::command::root;

/// What the program that places calls takes: the customer and the agent.
pub(crate) const NUMBERS: [&str; 2] = ["+8613800000021", "+8613800000022"];

/// CDRs that it leads to: one for each call.
const CDRS: usize = 3;

/// Webhooks that take longer do not come.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a program prints to standard output; its complaint when it fails.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let finished = command.output().map_err(|error| format!("{program}: {error}"))?;
    if !finished.status.success() {
        return Err(format!(
            "{}: {}",
            finished.status,
            String::from_utf8_lossy(&finished.stderr)
        ));
    }
    Ok(String::from_utf8_lossy(&finished.stdout).into_owned())
}

/// Whether a program prints what is in this file of `examples/expected`. Session ids differ each time.
pub(crate) fn prints(command: &mut Command, expected: &str) -> Result<(), String> {
    let printed = output(command.stdin(Stdio::null()))?;
    compare(&without_sessions(&printed), expected)
}

/// The receiver runs, three calls are placed whose webhooks go to it, and everything ends up in its store.
///
/// `receiver`, `placing`: the programs, with what they read in their environment.
pub(crate) fn receives(mut receiver: Command, mut placing: Command, store: &Path) -> Result<(), String> {
    for file in ["", "-wal", "-shm"] {
        let mut left_over = store.as_os_str().to_owned();
        left_over.push(file);
        let _ = fs::remove_file(left_over);
    }
    let port = free_port()?;
    let push_url = format!("http://127.0.0.1:{port}/voice");
    placing.args(NUMBERS).env("VOICECALL_PUSH_URL", &push_url);
    receiver
        .arg(port.to_string())
        .arg(store)
        .env("VOICECALL_PUSH_URL", &push_url)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut receiver = receiver.spawn().map_err(|error| error.to_string())?;
    let printed = lines(receiver.stdout.take().ok_or("the receiver has no output")?);
    let result = until_stored(&printed, || output(placing.stdin(Stdio::null())).map(drop));
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

/// Places the calls when the receiver is ready, and gives what it prints after that until it has stored all CDRs.
fn until_stored(
    printed: &mpsc::Receiver<String>,
    place: impl FnOnce() -> Result<(), String>,
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
    while seen.iter().filter(|line| *line == "fee: stored").count() < CDRS {
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

/// The address of the receiver has to be known before it starts: it is part of what the platform signs.
fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    listener
        .map(|address| address.port())
        .map_err(|error| error.to_string())
}

fn without_sessions(printed: &str) -> String {
    let lines = printed.lines().map(|line| match line.split_once(": session ") {
        Some((what, id)) if !id.is_empty() => format!("{what}: session ...\n"),
        _ => format!("{line}\n"),
    });
    lines.collect()
}

/// Whether this was printed; tells the first line that differs.
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
