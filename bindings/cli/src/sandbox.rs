//! `voicecall sandbox`: the local platform, until standard input closes or a signal stops it.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use voicecall_sandbox::blocking::Sandbox;
use voicecall_sandbox::{Fault, Options};

use crate::exit::Failure;
use crate::output::{self, FAINT, STRONG, styled};
use crate::receiver::Signals;

/// Options of `voicecall sandbox`.
#[derive(Debug, Args)]
pub(crate) struct SandboxOptions {
    /// Port on 127.0.0.1; 0 takes a free one, which is the default.
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// How many times faster than real time the platform's clock runs [default: 1].
    #[arg(long, value_name = "X", value_parser = speed)]
    speed: Option<f64>,
    /// Start from this TOML file: applications, numbers, voice files, templates, phones, faults, choices.
    ///
    /// What the other options say wins.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Do something wrong on purpose, e.g. create_voice_notification=answer_lost,count=1. Can be repeated.
    ///
    /// The call or the kind of push that it strikes, what happens, and details.
    #[arg(long = "fault", value_name = "TARGET=KIND")]
    faults: Vec<Fault>,
    /// Start with a clock that stands still; the admin API sets it going.
    #[arg(long)]
    paused: bool,
    /// Serve https, with a certificate of an authority that is made at start and whose file is told.
    #[arg(long)]
    tls: bool,
    /// Keep connections open after an answer and announce it. The service closes them, which is the default here too.
    #[arg(long)]
    keep_alive: bool,
    /// Answer to this host name too, e.g. that of a container. Can be repeated.
    ///
    /// By default only localhost and loopback addresses are answered, so that no web page can reach the platform.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
}

impl SandboxOptions {
    fn options(&self) -> Result<Options, Failure> {
        let mut options = match &self.config {
            Some(path) => read(path)?,
            None => Options::default(),
        };
        if let Some(port) = self.port {
            options.listen.set_port(port);
        }
        options.speed = self.speed.unwrap_or(options.speed);
        options.paused |= self.paused;
        options.tls |= self.tls;
        options.keep_alive |= self.keep_alive;
        options.allowed_hosts.extend(self.allow_host.iter().cloned());
        options.faults.extend(self.faults.iter().cloned());
        Ok(options)
    }
}

fn read(path: &Path) -> Result<Options, Failure> {
    let wrong = |why: String| Failure::usage(format!("{}: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    Options::from_toml(&text).map_err(wrong)
}

pub(crate) fn speed(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(speed) if (0.01..=10_000.0).contains(&speed) => Ok(speed),
        _ => Err("a number from 0.01 to 10000 is needed".to_owned()),
    }
}

/// Starts the platform, says how to use it, and waits.
pub(crate) fn run(arguments: &SandboxOptions, json: bool) -> Result<(), Failure> {
    let options = arguments.options()?;
    let listen = options.listen;
    let end = End::foresee().map_err(|error| Failure::Local(format!("signals: {error}")))?;
    let sandbox =
        Sandbox::start(options).map_err(|error| Failure::Local(format!("no platform on {listen}: {error}")))?;
    if json {
        output::line(&sandbox.ready_line())
    } else {
        introduce(&sandbox)
    }
    end.wait();
    sandbox.stop();
    Ok(())
}

fn introduce(sandbox: &Sandbox) {
    let ready = sandbox.ready();
    let templates: Vec<_> = ready.templates.iter().map(|template| template.id.as_str()).collect();
    output::line(&styled(STRONG, "A local VoiceCall platform. Nobody is rung."));
    for (name, value) in [
        ("endpoint", ready.endpoint.clone()),
        ("phones", sandbox.page_url()),
        ("admin", ready.admin.clone()),
        ("display numbers", ready.display_numbers.join(", ")),
        ("voice files", ready.voice_files.join(", ")),
        ("templates", templates.join(", ")),
    ] {
        output::line(&format!("  {name:<16} {value}"));
    }
    output::line("For the commands of this program and for programs that read the environment:");
    let exports = [
        ("ENDPOINT", Some(ready.endpoint.as_str())),
        ("APP_KEY", Some(&ready.app_key)),
        ("APP_SECRET", Some(ready.app_secret.expose())),
        ("CA_FILE", ready.ca_file.as_deref()),
    ];
    for (name, value) in exports.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        output::line(&format!("  export VOICECALL_{name}={value}"));
    }
    output::line(&styled(
        FAINT,
        "It stops when standard input closes (Ctrl-D), or on Ctrl-C.",
    ));
}

/// How the platform is ended: a program that started it closes the pipe, or ends itself; a person presses Ctrl-C, a service
/// manager sends a signal. However it is, the platform takes away the file that it made.
struct End {
    runtime: tokio::runtime::Runtime,
    signals: Signals,
}

impl End {
    /// From now on a signal ends the platform in order.
    fn foresee() -> io::Result<End> {
        let runtime = Builder::new_current_thread().enable_io().build()?;
        let signals = runtime.block_on(async { Signals::catch() })?;
        Ok(End { runtime, signals })
    }

    fn wait(mut self) {
        let (closing, closed) = oneshot::channel();
        std::thread::spawn(move || {
            wait_for_end_of_input();
            let _ = closing.send(());
        });
        self.runtime.block_on(async {
            tokio::select! {
                _ = self.signals.told_to_stop(None) => {}
                _ = closed => {}
            }
        });
    }
}

fn wait_for_end_of_input() {
    let mut input = io::stdin().lock();
    let mut rest = [0; 256];
    loop {
        match input.read(&mut rest) {
            Ok(0) => return,
            Err(error) if error.kind() != io::ErrorKind::Interrupted => return,
            _ => {}
        }
    }
}
