//! `voicecall cdr`: the CDRs in the store, for other programs and added up.

mod export;
mod totals;

use clap::Subcommand;

use crate::examples;
use crate::exit::Failure;
use crate::settings::Global;
use export::ExportOptions;
use totals::TotalsOptions;

/// The commands about CDRs.
#[derive(Debug, Subcommand)]
pub(crate) enum CdrCommand {
    /// Write CDRs for other programs: NDJSON or CSV, the oldest first.
    ///
    /// Reads the store and nothing else, while receivers go on writing. What is written holds full phone numbers, or
    /// their hashes where the store keeps these.
    #[command(after_help = examples::CDR_EXPORT)]
    Export(ExportOptions),
    /// Add CDRs up: calls, answered ones, seconds, billable minutes, and what they cost.
    #[command(after_help = examples::CDR_TOTALS)]
    Totals(TotalsOptions),
}

/// Runs a command about CDRs.
pub(crate) fn run(command: &CdrCommand, global: &Global) -> Result<(), Failure> {
    match command {
        CdrCommand::Export(options) => export::run(options, global),
        CdrCommand::Totals(options) => totals::run(options, global),
    }
}
