//! The driver that is the command `voicecall`: a process for each call, as a shell has it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::driver::Driver;

/// The command with its settings.
pub(super) struct Cli {
    program: PathBuf,
    environment: Vec<(&'static str, String)>,
    /// Where recordings go.
    folder: PathBuf,
}

impl Cli {
    pub(super) fn start(
        program: &Path,
        environment: &[(&'static str, String)],
        folder: PathBuf,
    ) -> Result<Cli, String> {
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Cli {
            program: program.to_path_buf(),
            environment: environment.to_vec(),
            folder,
        })
    }
}

impl Driver for Cli {
    fn command(&mut self, words: &[String]) -> Result<Vec<String>, String> {
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let finished = Command::new(&self.program)
            .args(arguments(&words))
            .arg("--json")
            .envs(self.environment.iter().map(|(name, value)| (*name, value.as_str())))
            // No configuration file of this machine.
            .env("XDG_CONFIG_HOME", &self.folder)
            .current_dir(&self.folder)
            .output()
            .map_err(|error| format!("{}: {error}", self.program.display()))?;
        if finished.status.success() {
            return Ok(vec!["ok".to_owned()]);
        }
        let complaint = String::from_utf8_lossy(&finished.stderr);
        let told: Value = complaint
            .lines()
            .last()
            .and_then(|line| serde_json::from_str(line).ok())
            .ok_or_else(|| format!("no error in JSON: {complaint}"))?;
        let attribute = |name: &str| told["error"][name].as_str().unwrap_or_default().to_owned();
        Ok(vec![attribute("kind"), attribute("delivery")])
    }
}

fn arguments(words: &[&str]) -> Vec<String> {
    let word = |position: usize| words.get(position).copied().unwrap_or_default();
    let mut arguments = match word(0) {
        "create_voice_callback" => vec![
            "call",
            "--display-nbr",
            word(2),
            "--caller-nbr",
            word(3),
            "--display-callee-nbr",
            word(2),
            "--callee-nbr",
            word(4),
        ],
        "create_voice_notification" => vec![
            "notify",
            "--display-nbr",
            word(2),
            "--callee-nbr",
            word(3),
            "--notify-voice",
            "notifyvoice.wav",
        ],
        "create_voice_verification_code" => vec![
            "verify",
            "--display-nbr",
            word(2),
            "--callee-nbr",
            word(3),
            "--language-type",
            "2",
            "--pre-tone",
            "pretone.wav",
            "--verify-code",
            "20408",
        ],
        "terminate_call" => vec!["stop", "--session-id", word(2)],
        // It asks for the address, and fetches what is there.
        _ => vec![
            "recording",
            "get",
            "--file-name",
            word(2),
            "--record-domain",
            word(3),
            "--overwrite",
        ],
    };
    let timeout = format!("{}ms", word(1));
    arguments.extend(["--timeout", &timeout]);
    arguments.into_iter().map(str::to_owned).collect()
}
