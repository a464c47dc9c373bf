//! The local platform: the command `voicecall sandbox`, started and stopped.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::built;

/// How many times faster than real time its clock runs: a call takes about a second.
const SPEED: &str = "30";

/// A running local platform. It ends when this is dropped.
pub(crate) struct Sandbox {
    child: Child,
    /// Its first line: endpoint, key, secret, numbers.
    ready: Value,
}

impl Sandbox {
    /// Builds the command, and starts a platform for examples.
    pub(crate) fn start() -> Result<Sandbox, String> {
        Sandbox::start_with(&built::voicecall()?, &["--speed", SPEED])
    }

    /// Starts the command with these options, and waits for its first line.
    pub(crate) fn start_with(program: &Path, options: &[&str]) -> Result<Sandbox, String> {
        let started = Command::new(program)
            .args(["sandbox", "--json"])
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut child = started.map_err(|error| format!("{} cannot be started: {error}", program.display()))?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output)
                .read_line(&mut line)
                .map_err(|error| error.to_string())?;
        }
        let ready = serde_json::from_str(&line).unwrap_or_default();
        Ok(Sandbox { child, ready })
    }

    /// A text of its first line; empty where that has none.
    pub(crate) fn told(&self, pointer: &str) -> String {
        let text = self.ready.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    }

    /// The environment that the examples read.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("VOICECALL_ENDPOINT", self.told("/endpoint")),
            ("VOICECALL_APP_KEY", self.told("/app_key")),
            ("VOICECALL_APP_SECRET", self.told("/app_secret")),
            ("VOICECALL_DISPLAY_NBR", self.told("/display_numbers/0")),
        ]
    }
}

impl Drop for Sandbox {
    /// It stops when its standard input closes.
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
