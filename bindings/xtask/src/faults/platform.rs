//! A local platform of its own for each driver: faults are armed for whoever asks next. Its clock stands still, so that calls
//! live until they are ended.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ureq::Agent;

use crate::command;
use crate::sandbox::Sandbox;

const CALLER: &str = "+8613800000021";
const CALLEE: &str = "+8613800000022";
/// Longer than a call lives.
const AN_HOUR: u64 = 3600;
/// Longest time for an answer of the admin API.
const PATIENCE: Duration = Duration::from_secs(20);
/// Seconds to wait for what is already on its way to the journal.
const ARRIVAL: u64 = 5;

/// A running platform. It ends when this is dropped.
pub(crate) struct Platform {
    sandbox: Sandbox,
    agent: Agent,
    /// File name and domain of the recording of a call that is over.
    recording: (String, String),
}

/// What the journal tells of a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    /// Faults that have struck.
    pub(super) struck: usize,
    /// Calls that were placed.
    pub(super) placed: usize,
}

impl Platform {
    /// Starts one, with these further options of the command, and makes a recording.
    pub(crate) fn start(options: &[&str]) -> Result<Platform, String> {
        let program = command::target().join("debug/voicecall");
        let sandbox = Sandbox::start_with(&program, &[&["--paused"], options].concat())?;
        let config = Agent::config_builder()
            .proxy(None)
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE));
        let mut platform = Platform {
            sandbox,
            agent: config.build().into(),
            recording: Default::default(),
        };
        platform.recording = platform.record()?;
        Ok(platform)
    }

    /// What drivers read.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let mut environment = self.sandbox.environment();
        let ca_file = self.told("/ca_file");
        if !ca_file.is_empty() {
            environment.push(("VOICECALL_CA_FILE", ca_file));
        }
        environment
    }

    pub(crate) fn told(&self, pointer: &str) -> String {
        self.sandbox.told(pointer)
    }

    /// The words of a command for a driver, behind its time-out. For `terminate_call` a call is placed that can be ended.
    pub(crate) fn words(&self, operation: &str) -> Result<Vec<String>, String> {
        let display = self.told("/display_numbers/0");
        Ok(match operation {
            "create_voice_callback" => vec![display, CALLER.to_owned(), CALLEE.to_owned()],
            "terminate_call" => vec![self.place(false)?],
            "get_recording_download_url" => vec![self.recording.0.clone(), self.recording.1.clone()],
            _ => vec![display, CALLEE.to_owned()],
        })
    }

    /// Arms a fault.
    pub(crate) fn arm(&self, on: &str, fault: &str) -> Result<(), String> {
        let mut fault: Value = serde_json::from_str(fault).map_err(|error| error.to_string())?;
        // The door is shut for all at once.
        let on = if fault["fault"] == "refuse" { "calls" } else { on };
        fault["on"] = json!(on);
        self.post("/faults", &fault).map(drop)
    }

    /// Disarms all faults. A door that is shut opens by itself, and is waited for.
    pub(crate) fn disarm(&self) -> Result<(), String> {
        let begun = Instant::now();
        loop {
            let request = self.agent.delete(self.address("/faults"));
            let answer = read("/faults", request.header("Content-Type", "application/json").call());
            match answer {
                Ok(_) => return Ok(()),
                // Nothing tells that a port is open again but a connection.
                Err(_) if begun.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(20)),
                Err(error) => return Err(format!("DELETE /faults: {error}")),
            }
        }
    }

    /// The number of the journal's last line.
    pub(super) fn mark(&self) -> Result<u64, String> {
        Ok(self.get("/clock")?["last_event"].as_u64().unwrap_or_default())
    }

    /// Lets the clock run, this many times faster than real time.
    pub(crate) fn run_at(&self, speed: u32) -> Result<(), String> {
        let clock = self.agent.put(self.address("/clock")).content_type("application/json");
        let body = json!({ "speed": speed, "paused": false }).to_string();
        read("/clock", clock.send(body)).map(drop)
    }

    /// What the journal has told since; waits a little for what is expected and still on its way.
    pub(super) fn seen(&self, mark: u64, expected: Seen) -> Result<Seen, String> {
        let mut seen = self.lines(mark, 0)?;
        if seen.struck < expected.struck || seen.placed < expected.placed {
            seen = self.lines(mark, ARRIVAL)?;
        }
        Ok(seen)
    }

    /// The kinds of faults that strike answers, and what they may strike.
    pub(super) fn kinds_and_operations(&self) -> Result<(Vec<String>, Vec<String>), String> {
        let told = self.get("/fault-kinds")?;
        let names = |list: &str, fits: fn(&Value) -> bool| {
            let all = told[list].as_array().cloned().unwrap_or_default();
            let fitting = all.into_iter().filter(fits);
            fitting.map(|one| text(&one, "/name")).collect::<Vec<_>>()
        };
        let operations = names("targets", |target| target["push"] == false);
        let is_operation = |name: &String| name != "calls" && name != "recording_file";
        Ok((
            names("kinds", |kind| kind["answers"] == true),
            operations.into_iter().filter(is_operation).collect(),
        ))
    }

    fn lines(&self, mark: u64, wait: u64) -> Result<Seen, String> {
        // Waiting ends with any line that is new to the asker.
        let newest = self.mark()?;
        if wait > 0 {
            self.get(&format!("/events?after={newest}&wait={wait}"))?;
        }
        let lines = self.get(&format!("/events?after={mark}&limit=1000"))?;
        let lines = lines.as_array().cloned().unwrap_or_default();
        let count = |event: &str| lines.iter().filter(|line| line["event"] == event).count();
        Ok(Seen {
            struck: count("fault"),
            placed: count("placed"),
        })
    }

    /// Lets a recorded call live its life.
    fn record(&self) -> Result<(String, String), String> {
        let session = self.place(true)?;
        self.post("/clock/step", &json!({ "seconds": AN_HOUR }))?;
        let cdr = self.get(&format!("/calls/{session}/cdr"))?;
        Ok((text(&cdr, "/recordObjectName"), text(&cdr, "/recordDomain")))
    }

    /// Places a callback; gives its session id.
    fn place(&self, recorded: bool) -> Result<String, String> {
        let display = self.told("/display_numbers/0");
        let body = json!({
            "displayNbr": display,
            "callerNbr": CALLER,
            "displayCalleeNbr": display,
            "calleeNbr": CALLEE,
            "recordFlag": recorded.to_string(),
        });
        let placed = self.post("/calls", &json!({ "operation": "create_voice_callback", "body": body }))?;
        Ok(text(&placed, "/sessionId"))
    }

    fn get(&self, path: &str) -> Result<Value, String> {
        let answer = self.agent.get(self.address(path)).call();
        read(path, answer)
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, String> {
        let request = self.agent.post(self.address(path));
        read(path, request.content_type("application/json").send(body.to_string()))
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.told("/admin"))
    }
}

type Answered = Result<ureq::http::Response<ureq::Body>, ureq::Error>;

fn read(path: &str, answer: Answered) -> Result<Value, String> {
    let mut answer = answer.map_err(|error| format!("{path}: {error}"))?;
    let body = answer
        .body_mut()
        .read_to_string()
        .map_err(|error| format!("{path}: {error}"))?;
    if !answer.status().is_success() {
        return Err(format!("{path}: {}: {body}", answer.status()));
    }
    Ok(serde_json::from_str(&body).unwrap_or_default())
}

fn text(value: &Value, pointer: &str) -> String {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
