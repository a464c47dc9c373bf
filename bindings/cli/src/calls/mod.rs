//! `voicecall calls`: the calls in the store, the latest first. `voicecall calls show` tells the story of one.
//!
//! `voicecall call` places a call, and costs money: so what looks at calls stands under a word of its own. What fingers
//! type all the same, `voicecall call show`, is understood.

mod axis;
mod beside_placing;
mod row;
mod show;

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use voicecall_core::intake::{Call, CallFilter};

pub(crate) use beside_placing::{CallOptions, run as call_or_show};
use row::Rows;
use show::ShowOptions;

use crate::examples;
use crate::exit::Failure;
use crate::output;
use crate::request::fault;
use crate::settings::Global;
use crate::store::{CallFlags, StoreOptions};

/// Options of `voicecall calls`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct CallsOptions {
    #[command(subcommand)]
    command: Option<CallsCommand>,
    #[command(flatten)]
    store: StoreOptions,
    #[command(flatten)]
    filter: CallFlags,
}

/// The commands about calls in the store.
#[derive(Debug, Subcommand)]
pub(crate) enum CallsCommand {
    /// Tell the story of one call: its legs on a line of time, what happened when, and how it ended.
    ///
    /// Reads the store and nothing else. Phone numbers are shown by their last four digits, and whole with --json.
    /// `voicecall call show` is the same.
    #[command(after_help = examples::CALLS_SHOW)]
    Show(ShowOptions),
}

/// Lists calls, or shows one.
pub(crate) fn run(options: &CallsOptions, global: &Global) -> Result<(), Failure> {
    if let Some(CallsCommand::Show(options)) = &options.command {
        return show::run(options, global);
    }
    let page = {
        let filter = options.filter.filter()?;
        let intake = options.store.open(global)?;
        let page = intake.calls(&filter);
        page.map_err(|error| fault::of(CallFilter::RECORD, error))?
    };
    list(&page.calls, global.json);
    match (page.next, global.json) {
        (None, _) => {}
        (Some(next), true) => output::json(&json!({ "next": next })),
        (Some(next), false) => output::note(&format!("there are more, before these: --after {next}")),
    }
    Ok(())
}

/// Prints calls: a line each, or an object each.
pub(crate) fn list(calls: &[Call], json: bool) {
    if json {
        calls
            .iter()
            .for_each(|call| output::json(&Value::Object(call.to_json())));
        return;
    }
    if calls.is_empty() {
        return output::note("no calls");
    }
    Rows::heading();
    calls.iter().for_each(Rows::row);
}
