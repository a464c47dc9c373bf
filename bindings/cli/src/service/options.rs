//! What can be typed about a receiver with a store.

use std::net::SocketAddr;

use clap::Args;

use super::log::Detail;

/// Options of `voicecall listen` that need a store.
#[derive(Debug, Args)]
#[command(next_help_heading = "With a store")]
pub(crate) struct ServiceOptions {
    /// Serve /healthz and /metrics at this address, and not where the platform pushes to.
    ///
    /// Always without TLS. /healthz answers 200 when the store can write, 503 when it cannot; /metrics is for Prometheus.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) health: Option<SocketAddr>,
    /// Pushes that are in the store at once. Those that wait for the disk together are written together.
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) writers: u32,
    /// What is worth a line on standard error.
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = Detail::Info)]
    pub(crate) log: Detail,
}
