//! `voicecall sandbox`: the local platform, until standard input closes.

use std::io::{self, Read};
use std::net::{Ipv4Addr, SocketAddr};

use voicecall_sandbox::Options;
use voicecall_sandbox::blocking::Sandbox;

use crate::arguments::SandboxOptions;
use crate::exit::Failure;
use crate::output::{self, FAINT, STRONG, styled};

/// Starts the platform, says how to use it, and waits.
pub(crate) fn run(arguments: &SandboxOptions, json: bool) -> Result<(), Failure> {
    let mut options = Options::default();
    options.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port));
    options.speed = arguments.speed;
    let listen = options.listen;
    let sandbox =
        Sandbox::start(options).map_err(|error| Failure::Local(format!("no platform on {listen}: {error}")))?;
    if json {
        output::line(&sandbox.ready_line())
    } else {
        introduce(&sandbox)
    }
    wait_for_end_of_input();
    sandbox.stop();
    Ok(())
}

fn introduce(sandbox: &Sandbox) {
    let ready = sandbox.ready();
    let templates: Vec<_> = ready.templates.iter().map(|template| template.id.as_str()).collect();
    output::line(&styled(STRONG, "A local VoiceCall platform. Nobody is rung."));
    for (name, value) in [
        ("endpoint", ready.endpoint.clone()),
        ("admin", ready.admin.clone()),
        ("app key", ready.app_key.clone()),
        ("app secret", ready.app_secret.expose().to_owned()),
        ("display numbers", ready.display_numbers.join(", ")),
        ("voice files", ready.voice_files.join(", ")),
        ("templates", templates.join(", ")),
    ] {
        output::line(&format!("  {name:<16} {value}"));
    }
    output::line(&styled(FAINT, "It stops when standard input closes (Ctrl-D)."));
}

/// A program that starts the platform ends it by closing the pipe, or by ending itself.
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
