//! The log: lines on standard error, with names for what they tell; with `--json` an object each. Never a whole phone
//! number, never a secret, never what a push holds.

use clap::ValueEnum;
use tracing::Level;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::output::Escaping;

/// What is worth a line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Detail {
    /// Only what keeps pushes from being stored.
    Error,
    /// Also what is odd about a push: refused, unreadable, contradicting.
    Warn,
    /// Also each push.
    Info,
    /// Also what clients do to their connections.
    Debug,
}

impl Detail {
    fn level(self) -> Level {
        match self {
            Detail::Error => Level::ERROR,
            Detail::Warn => Level::WARN,
            Detail::Info => Level::INFO,
            Detail::Debug => Level::DEBUG,
        }
    }
}

/// Lines that may wait for their reader; further ones are left out, for a log that is not read must not delay a reply.
const QUEUE: usize = 10_000;

/// Begins to log. What waits is written when the guard is dropped.
pub(crate) fn start(detail: Detail, json: bool) -> WorkerGuard {
    let (writer, guard) = NonBlockingBuilder::default()
        .buffered_lines_limit(QUEUE)
        .lossy(true)
        .thread_name("log")
        .finish(Escaping::new(std::io::stderr()));
    let lines = fmt::layer().with_writer(writer).with_target(false).with_ansi(false);
    let registry = tracing_subscriber::registry().with(LevelFilter::from_level(detail.level()));
    // Nobody else in this program logs, so there cannot be another log already.
    let _ = match json {
        true => registry.with(lines.json().flatten_event(true)).try_init(),
        false => registry.with(lines).try_init(),
    };
    guard
}
