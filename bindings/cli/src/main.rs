//! The `voicecall` command: the core, bound to the shell.
//!
//! Data goes to standard output, talk to standard error; `--json` makes the data one object per line. Exit codes are in
//! [`exit`].

mod arguments;
mod demo;
mod exit;
mod output;
mod sandbox;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Command::Demo(options) => demo::run(&options, arguments.json),
        Command::Sandbox(options) => sandbox::run(&options, arguments.json),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
