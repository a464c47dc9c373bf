//! The flags of every command.

use clap::Args;

use super::flags::{EVERYWHERE, Endpoint};

/// What every command understands.
#[derive(Debug, Args)]
#[command(next_help_heading = EVERYWHERE)]
pub(crate) struct Global {
    /// Print data as JSON, one object per line; errors too, on standard error.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Profile of the configuration file.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    #[command(flatten)]
    pub(crate) endpoint: Endpoint,
}
