//! `voicecall unsettled`: calls without a CDR, and attempts whose outcome nobody knows.

use std::time::Duration;

use clap::Args;
use voicecall_core::intake::SETTLED_AFTER;

use crate::calls;
use crate::exit::Failure;
use crate::settings::Global;
use crate::store::StoreOptions;
use crate::wait::time;

/// Options of `voicecall unsettled`.
#[derive(Debug, Args)]
pub(crate) struct UnsettledOptions {
    /// Only those that began longer ago than this. Without it 7h: after that the platform sends no CDR again by itself.
    #[arg(long, value_name = "TIME", value_parser = time)]
    older_than: Option<Duration>,
    #[command(flatten)]
    store: StoreOptions,
}

/// Lists them, the oldest first.
pub(crate) fn run(options: &UnsettledOptions, global: &Global) -> Result<(), Failure> {
    let unsettled = options
        .store
        .open(global)?
        .unsettled(options.older_than.unwrap_or(SETTLED_AFTER))?;
    calls::list(&unsettled, global.json);
    Ok(())
}
