//! The command as its users run it: a process of its own, in a folder of its own, with an environment of its own.
// Included by several tests, none of which uses all of it; what goes wrong here fails the test.
#![allow(dead_code, unreachable_pub, clippy::expect_used, clippy::unwrap_used, clippy::panic)]

pub mod golden;
pub mod peer;
pub mod push;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use voicecall_sandbox::blocking::Sandbox;
use voicecall_sandbox::{Options, PhoneRule, Ready};

/// A test that waits longer than this has failed.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub const DISPLAY: &str = "+867550000088";
pub const A: &str = "+8613800000021";
pub const B: &str = "+8613800000022";
/// Talks until somebody ends the call.
pub const TALKATIVE: &str = "+8613800000024";
/// Its last four digits end the call with "callee busy".
pub const BUSY: &str = "+8613800008102";
/// Its last seven digits make the platform refuse: callee in blacklist.
pub const BLACKLISTED: &str = "+8613801013004";

/// A local platform in this process, with a fast clock.
pub fn sandbox() -> Sandbox {
    sandbox_with(|_| {})
}

pub fn sandbox_with(change: impl FnOnce(&mut Options)) -> Sandbox {
    let mut options = Options::default();
    options.speed = 100.0;
    let mut talkative = PhoneRule::default();
    talkative.talk_seconds = Some(36_000);
    options.phones.insert(TALKATIVE.to_owned(), talkative);
    change(&mut options);
    Sandbox::start(options).expect("a platform")
}

/// The command in a folder of its own that is home and working directory at once.
pub struct Cli {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

/// What a finished command left behind.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Cli {
    /// Without any settings.
    pub fn new() -> Cli {
        Cli {
            folder: TempDir::new().expect("a folder"),
            environment: Vec::new(),
        }
    }

    /// With the settings of this platform in the environment.
    pub fn for_platform(ready: &Ready) -> Cli {
        Cli::new()
            .with("VOICECALL_ENDPOINT", &ready.endpoint)
            .with("VOICECALL_APP_KEY", &ready.app_key)
            .with("VOICECALL_APP_SECRET", ready.app_secret.expose())
    }

    pub fn with(mut self, name: &str, value: &str) -> Cli {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file in the folder.
    pub fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        std::fs::write(&path, content).expect("written");
        path
    }

    /// The configuration file.
    pub fn configured(self, content: &str) -> Cli {
        self.file(".config/voicecall/config.toml", content);
        self
    }

    /// The command with nothing in its environment but what this test put there.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let binary = Path::new(env!("CARGO_BIN_EXE_voicecall"));
        let path = format!("{}:/usr/bin:/bin", binary.parent().expect("a folder").display());
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.folder())
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs it to its end.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        let output = self.command(env!("CARGO_BIN_EXE_voicecall")).args(arguments).output();
        ran(output.expect("the command runs"))
    }

    /// Runs it to its end with this on its standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        let mut command = self.command(env!("CARGO_BIN_EXE_voicecall"));
        let mut child = command
            .args(arguments)
            .stdin(Stdio::piped())
            .spawn()
            .expect("the command runs");
        child
            .stdin
            .take()
            .expect("piped")
            .write_all(input.as_bytes())
            .expect("read by it");
        ran(child.wait_with_output().expect("it ends"))
    }

    /// Starts it and leaves it running.
    pub fn start(&self, arguments: &[&str]) -> Running {
        let mut command = self.command(env!("CARGO_BIN_EXE_voicecall"));
        Running::new(command.args(arguments))
    }
}

fn ran(output: std::process::Output) -> Ran {
    Ran {
        code: output.status.code().expect("not ended by a signal"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

impl Ran {
    /// Asserts the exit code; the streams tell why it is another one.
    #[track_caller]
    pub fn ended(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "{self:?}");
        self
    }

    /// Asserts that it said one line on standard error, and gives it.
    #[track_caller]
    pub fn complaint(&self) -> &str {
        assert_eq!(self.err.lines().count(), 1, "one line: {self:?}");
        self.err.trim_end()
    }

    /// The lines of standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Vec<Value> {
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).expect("each line is JSON"))
            .collect()
    }

    /// The one object on standard error.
    #[track_caller]
    pub fn error(&self) -> Value {
        let error: Value = serde_json::from_str(self.complaint()).expect("JSON");
        error["error"].clone()
    }
}

/// A command that is still running. It is killed when dropped.
pub struct Running {
    pub child: Child,
    lines: BufReader<ChildStdout>,
}

impl Running {
    pub fn new(command: &mut Command) -> Running {
        let mut child = command.spawn().expect("the command runs");
        let lines = BufReader::new(child.stdout.take().expect("piped"));
        Running { child, lines }
    }

    /// The next line on standard output.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("UTF-8");
        line.trim_end().to_owned()
    }

    /// The next line as JSON.
    #[track_caller]
    pub fn json(&mut self) -> Value {
        let line = self.line();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("JSON: {line:?}"))
    }

    /// Ends it without a chance to tidy up.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}
