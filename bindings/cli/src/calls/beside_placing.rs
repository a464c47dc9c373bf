//! `voicecall call show`: understood beside the flags of `voicecall call`, which places a callback.
//!
//! Not in its help: who looks there is about to spend money. A word that is neither flag nor `show` is refused.

use clap::{Args, Subcommand};
use voicecall_core::calls::VoiceCallback;

use super::{ShowOptions, show};
use crate::exit::Failure;
use crate::place::{self, PlaceOptions};
use crate::settings::Global;

/// Options of `voicecall call`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct CallOptions {
    #[command(subcommand)]
    look: Option<Look>,
    #[command(flatten)]
    place: PlaceOptions<VoiceCallback>,
}

#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
enum Look {
    /// The same as `voicecall calls show`.
    #[command(hide = true, after_help = crate::examples::CALLS_SHOW)]
    Show(ShowOptions),
}

/// Places the call, or shows one.
pub(crate) fn run(options: CallOptions, global: &Global) -> Result<(), Failure> {
    match options.look {
        Some(Look::Show(options)) => show::run(&options, global),
        None => place::run(options.place, global),
    }
}
