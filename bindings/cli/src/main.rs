//! The `voicecall` command: the core, bound to the shell.
//!
//! Data goes to standard output, talk to standard error; `--json` makes the data one object per line. Exit codes are in
//! [`exit`].

mod arguments;
mod calls;
mod cdr;
mod crash;
mod demo;
mod doctor;
mod examples;
mod exit;
mod explain;
mod http;
mod interrupt;
mod legs;
mod listen;
mod manual;
mod output;
mod place;
mod purge;
mod receiver;
mod recording;
mod rejected;
mod replay;
mod request;
mod sandbox;
mod server;
mod settings;
mod spelling;
mod stop;
mod store;
mod timeline;
mod unsettled;
mod usage;
mod wait;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::arguments::{Arguments, Command};

fn main() -> ExitCode {
    crash::install();
    crash::contain(run)
}

fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage::report(&error, std::env::args_os().any(|argument| argument == "--json")),
    };
    let global = &arguments.global;
    let outcome = match arguments.command {
        Command::Call(options) => calls::call_or_show(options, global),
        Command::Notify(options) => place::run(options, global),
        Command::Verify(options) => place::run(options, global),
        Command::Stop(options) => stop::run(options, global),
        Command::Recording(options) => recording::run(&options, global),
        Command::Listen(options) => listen::run(&options, global),
        Command::Calls(options) => calls::run(&options, global),
        Command::Cdr(options) => cdr::run(&options, global),
        Command::Unsettled(options) => unsettled::run(&options, global),
        Command::Rejected(options) => rejected::run(&options, global),
        Command::Purge(options) => purge::run(&options, global),
        Command::Replay(options) => replay::run(&options, global),
        Command::Explain(options) => explain::run(&options, global.json),
        Command::Doctor(options) => doctor::run(&options, global),
        Command::Completions(options) => {
            manual::completions(&options, Arguments::command());
            Ok(())
        }
        Command::Man(options) => manual::man(&options, Arguments::command()),
        Command::Demo(options) => demo::run(&options, global.json),
        Command::Sandbox(options) => sandbox::run(&options, global.json),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(global.json),
    }
}
