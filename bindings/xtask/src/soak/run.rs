//! One language's run: calls and webhooks in turns, and looks at the process between them.

use std::collections::VecDeque;
use std::fs;
use std::time::{Duration, Instant};

use super::process::{held, lingering};
use super::pushes::Pushes;
use super::verdict::{Growth, Sample};
use super::{GARBAGE, SHORT, SILENCE};
use crate::command;
use crate::faults::{Driver, OPERATIONS, Platform, Program};
use crate::report;

/// Time for a call.
const TIMEOUT_MS: u64 = 500;
/// Times between two looks at a process, and between two at the system's table of connections.
const LOOK: Duration = Duration::from_secs(1);
const LOOK_AT_PORTS: Duration = Duration::from_secs(10);
/// How long a port is out of use on the side that closed first.
const TIME_WAIT: Duration = Duration::from_secs(60);
/// The share of connections that the client may have closed first, twice over: repetitions of what rings nobody count, too.
const LINGERING: f64 = 2.0 * (SILENCE + GARBAGE + SHORT);
/// And a few for chance.
const FEW: f64 = 25.0;

/// What is going on.
pub(super) struct Run<'a> {
    platform: &'a Platform,
    driver: Program,
    pushes: Pushes,
    /// The platform's.
    port: u16,
    /// A call that can be ended.
    session: String,
    samples: Vec<Sample>,
    /// When each call of the last minute was.
    recent: VecDeque<Instant>,
    done: Done,
    lingering: Lingering,
}

/// What was done so far.
#[derive(Default)]
struct Done {
    calls: u64,
    failed_calls: u64,
    webhooks: u64,
}

/// Connections on the client's side that wait for their ports, and how many of the last minute's calls that was of.
#[derive(Default)]
struct Lingering {
    most: (usize, usize),
    /// When there were too many.
    too_many: Option<(usize, usize)>,
}

/// What a run has told.
pub(super) struct Told {
    growth: Growth,
    done: Done,
    lingering: Lingering,
}

impl<'a> Run<'a> {
    pub(super) fn new(platform: &'a Platform, driver: Program) -> Result<Run<'a>, String> {
        Ok(Run {
            platform,
            driver,
            pushes: Pushes::new(&platform.told("/app_key"), &platform.told("/app_secret")),
            port: port_of(&platform.told("/endpoint"))?,
            session: String::from("1201_1_4294967295_none"),
            samples: Vec::new(),
            recent: VecDeque::new(),
            done: Done::default(),
            lingering: Lingering::default(),
        })
    }

    /// Runs for so long. What was seen stays in a file under this name, too.
    pub(super) fn run(mut self, name: &str, length: Duration) -> Result<Told, String> {
        let begun = Instant::now();
        let (mut looked, mut looked_at_ports) = (begun, begun);
        while begun.elapsed() < length {
            self.call()?;
            self.push()?;
            if looked.elapsed() >= LOOK {
                looked = Instant::now();
                self.look()?;
            }
            if looked_at_ports.elapsed() >= LOOK_AT_PORTS {
                looked_at_ports = Instant::now();
                self.look_at_ports()?;
            }
        }
        write(name, &self.samples)?;
        Ok(Told {
            growth: Growth::of(&self.samples)?,
            done: self.done,
            lingering: self.lingering,
        })
    }

    /// Every operation once.
    fn call(&mut self) -> Result<(), String> {
        for operation in OPERATIONS {
            let mut words = vec![(*operation).to_owned(), TIMEOUT_MS.to_string()];
            match *operation {
                "terminate_call" => words.push(self.session.clone()),
                _ => words.extend(self.platform.words(operation)?),
            }
            let answer = self.driver.command(&words)?;
            self.done.calls += 1;
            self.recent.push_back(Instant::now());
            match answer.as_slice() {
                [ok, text] if ok == "ok" && *operation == "create_voice_callback" => self.session.clone_from(text),
                [ok, ..] if ok == "ok" => {}
                _ => self.done.failed_calls += 1,
            }
        }
        Ok(())
    }

    /// Every webhook once.
    fn push(&mut self) -> Result<(), String> {
        for (words, expected) in self.pushes.round()? {
            let answer = self.driver.command(&words)?;
            if answer.first().map(String::as_str) != Some(expected) {
                return Err(format!("a webhook that is {expected} came to {}", answer.join("/")));
            }
            self.done.webhooks += 1;
        }
        Ok(())
    }

    fn look(&mut self) -> Result<(), String> {
        // What nobody needs any more, but no collector has seen yet, is not held.
        self.driver.command(&["settle".to_owned()])?;
        self.samples.push(Sample {
            done: self.done.calls + self.done.webhooks,
            held: held(self.driver.id())?,
        });
        Ok(())
    }

    fn look_at_ports(&mut self) -> Result<(), String> {
        while self.recent.front().is_some_and(|at| at.elapsed() > TIME_WAIT) {
            self.recent.pop_front();
        }
        let now = (lingering(self.port)?, self.recent.len());
        self.lingering.most = self.lingering.most.max(now);
        if now.0 as f64 > FEW + LINGERING * now.1 as f64 {
            self.lingering.too_many = Some(now);
        }
        Ok(())
    }
}

impl Told {
    pub(super) fn print(&self, language: &str) {
        let (early, late) = (self.growth.early, self.growth.late);
        report::say(&format!(
            "{language}: {} calls, of which {} failed as they should, {} webhooks; in the second half memory {:.0} -> {:.0} \
             KiB ({:.1} bytes an operation), descriptors {} -> {}, threads {} -> {}; at most {} of {} connections in TIME_WAIT",
            self.done.calls,
            self.done.failed_calls,
            self.done.webhooks,
            early.memory,
            late.memory,
            self.growth.per_operation,
            early.descriptors,
            late.descriptors,
            early.threads,
            late.threads,
            self.lingering.most.0,
            self.lingering.most.1,
        ));
    }

    pub(super) fn verdict(&self) -> Result<(), String> {
        if self.done.failed_calls == 0 {
            return Err("no fault has struck".to_owned());
        }
        if let Some((lingering, calls)) = self.lingering.too_many {
            return Err(format!(
                "{lingering} connections linger on the client's side after {calls} calls"
            ));
        }
        self.growth.verdict()
    }
}

fn port_of(endpoint: &str) -> Result<u16, String> {
    let port = endpoint.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
    port.ok_or_else(|| format!("no port in {endpoint}"))
}

/// Every look, for whoever wants to see the curve.
fn write(name: &str, samples: &[Sample]) -> Result<(), String> {
    let path = command::target().join("soak").join(name).with_extension("csv");
    let lines = samples
        .iter()
        .map(|Sample { done, held }| format!("{done},{},{},{}\n", held.memory, held.descriptors, held.threads));
    let text = String::from("operations,memory_kib,descriptors,threads\n") + &lines.collect::<String>();
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
}
