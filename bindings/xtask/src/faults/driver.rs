//! What performs commands: a program in `bindings/xtask/drivers`, the core itself, or the command `voicecall`.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// Longest time for an answer; a driver that takes longer has hung.
const PATIENCE: Duration = Duration::from_secs(60);

/// One client for as long as it lives.
pub(crate) trait Driver: Send {
    /// Performs a command; gives the answer's words.
    fn command(&mut self, words: &[String]) -> Result<Vec<String>, String>;
}

/// A driver that is a program of its own. It ends when this is dropped.
pub(crate) struct Program {
    child: Child,
    answers: Receiver<String>,
}

impl Program {
    pub(crate) fn start(mut command: Command) -> Result<Program, String> {
        let name = command.get_program().to_string_lossy().into_owned();
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = started.map_err(|error| format!("{name} cannot be started: {error}"))?;
        let output = child.stdout.take().ok_or("a driver without output")?;
        let (sender, answers) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Program { child, answers })
    }

    /// Its number in the system.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Driver for Program {
    fn command(&mut self, words: &[String]) -> Result<Vec<String>, String> {
        let input = self.child.stdin.as_mut().ok_or("a driver without input")?;
        let line = format!("{}\n", words.join("\t"));
        input
            .write_all(line.as_bytes())
            .and_then(|()| input.flush())
            .map_err(|error| format!("the driver reads no more: {error}"))?;
        let answer = self
            .answers
            .recv_timeout(PATIENCE)
            .map_err(|_| "the driver does not answer".to_owned())?;
        Ok(answer.split('\t').map(str::to_owned).collect())
    }
}

impl Drop for Program {
    /// Its input's end is its own; it is killed only where it does not heed that.
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        while let Ok(_late) = self.answers.recv_timeout(PATIENCE) {}
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
