//! `voicecall unsettled`: calls without a CDR, and attempts whose outcome nobody knows.

use std::time::Duration;

use clap::Args;

use crate::arguments::Global;
use crate::calls;
use crate::exit::Failure;
use crate::store::StoreOptions;
use crate::wait::time;

/// Options of `voicecall unsettled`.
#[derive(Debug, Args)]
pub(crate) struct UnsettledOptions {
    /// Only those that began longer ago. After 7 hours the platform does not send a CDR again by itself.
    #[arg(long, value_name = "TIME", default_value = "7h", value_parser = time)]
    older_than: Duration,
    #[command(flatten)]
    store: StoreOptions,
}

/// Lists them, the oldest first.
pub(crate) fn run(options: &UnsettledOptions, global: &Global) -> Result<(), Failure> {
    let unsettled = options.store.open(global)?.unsettled(options.older_than)?;
    calls::list(&unsettled, global.json);
    Ok(())
}
