//! How the command ends: one table of exit codes for all commands, and one line on standard error for what went wrong.

use std::process::ExitCode;

use serde_json::{Value, json};
use voicecall_core::{Delivery, Error, ErrorKind};

use crate::output;

/// The table, as `--help` shows it.
pub(crate) const HELP: &str = "Exit codes:
  0  done
  1  something on this machine failed
  2  wrong usage
  3  refused before sending: an argument breaks a rule
  4  refused by the platform
  5  not sent: nothing reached the platform
  6  outcome unknown: the phone may be ringing; the call is never placed again by itself
  7  the call was placed and did not succeed (only where it was waited for)";

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A call of the library failed; told in this line.
    Call(Error, String),
    /// Something on this machine.
    Local(String),
    /// What was typed or configured cannot work.
    Usage(String),
    /// The platform said no to something that rings nobody.
    Refused(String),
    /// The platform could not be reached.
    NotSent(String),
    /// The call was placed, and how it ended is not known.
    Unknown(String),
    /// The call was placed and did not succeed.
    Unsuccessful(String),
}

impl Failure {
    pub(crate) fn local(line: impl Into<String>) -> Failure {
        Failure::Local(line.into())
    }

    pub(crate) fn usage(line: impl Into<String>) -> Failure {
        Failure::Usage(line.into())
    }

    /// A failed call, with its message in the words of who typed the command.
    pub(crate) fn call(error: Error, message: &str) -> Failure {
        let (kind, delivery) = (error.kind().id(), error.delivery().id());
        let mut line = format!(
            "{kind} ({delivery}): {}. {}",
            message.trim_end_matches('.'),
            error.advice()
        );
        if let Some(tag) = error.attempt_tag() {
            line.push_str(&format!(" Its webhooks carry the mark {tag}."));
        }
        Failure::Call(error, line)
    }

    /// What happened, where, and how to mend it. One line.
    pub(crate) fn line(&self) -> String {
        match self {
            Failure::Call(_, line)
            | Failure::Local(line)
            | Failure::Usage(line)
            | Failure::Refused(line)
            | Failure::NotSent(line)
            | Failure::Unknown(line)
            | Failure::Unsuccessful(line) => output::one_line(line),
        }
    }

    pub(crate) fn code(&self) -> u8 {
        match self {
            Failure::Call(error, _) => code_of(error),
            Failure::Local(_) => 1,
            Failure::Usage(_) => 2,
            Failure::Refused(_) => 4,
            Failure::NotSent(_) => 5,
            Failure::Unknown(_) => 6,
            Failure::Unsuccessful(_) => 7,
        }
    }

    /// Tells it on standard error and gives the exit code.
    pub(crate) fn report(&self, json: bool) -> ExitCode {
        if json {
            output::complain_in_json(&self.to_json());
        } else {
            output::complain(&self.line());
        }
        ExitCode::from(self.code())
    }

    /// With the library's attributes where it is the library's error.
    pub(crate) fn to_json(&self) -> Value {
        let mut error = match self {
            Failure::Call(error, _) => error.to_json(),
            other => [("message".to_owned(), json!(other.line()))].into_iter().collect(),
        };
        error.insert("exit_code".to_owned(), json!(self.code()));
        json!({ "error": error })
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        let message = error.message().to_owned();
        Failure::call(error, &message)
    }
}

fn code_of(error: &Error) -> u8 {
    match (error.delivery(), error.kind()) {
        (Delivery::Unknown, _) => 6,
        (_, ErrorKind::InvalidArgument) => 3,
        (_, ErrorKind::Configuration) => 2,
        // A file here could not be written; that the platform answered changes nothing about it.
        (_, ErrorKind::Storage | ErrorKind::Internal) => 1,
        (Delivery::Answered, _) => 4,
        _ => 5,
    }
}
