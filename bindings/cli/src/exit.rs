//! How the command ends: one table of exit codes for all commands.

use std::process::ExitCode;

use voicecall_core::{Delivery, Error, Kind};

/// The table, as `--help` shows it.
pub(crate) const HELP: &str = "Exit codes:
  0  done
  1  something on this machine failed
  2  wrong usage
  3  refused before sending: an argument breaks a rule
  4  refused by the platform
  5  not sent: nothing reached the platform
  6  outcome unknown: the phone may be ringing";

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A call of the library failed.
    Call(Error),
    /// Something else, in one line.
    Local(String),
}

impl Failure {
    /// Tells it in one line on standard error and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        let (line, code) = match self {
            Failure::Call(error) => (format!("{error}. {}", error.advice()), code_of(error)),
            Failure::Local(line) => (line.clone(), 1),
        };
        crate::output::complain(&line);
        ExitCode::from(code)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Call(error)
    }
}

fn code_of(error: &Error) -> u8 {
    match (error.delivery(), error.kind()) {
        (Delivery::Unknown, _) => 6,
        (_, Kind::InvalidArgument) => 3,
        (_, Kind::Configuration) => 2,
        (Delivery::Answered, _) => 4,
        _ => 5,
    }
}
