//! What a minute costs: the platform's price list is for its console, so who wants prices says them.

use clap::Args;
use voicecall_core::webhook::Tariff;

use crate::exit::Failure;

/// Options of commands that can tell prices.
#[derive(Debug, Args)]
#[command(next_help_heading = "Prices")]
pub(crate) struct TariffOptions {
    /// Price of a billable minute, such as 0.18. Without it no prices are told.
    #[arg(long, value_name = "PRICE")]
    per_minute: Option<String>,
    /// Its currency.
    #[arg(long, value_name = "WORD", default_value = "CNY", requires = "per_minute")]
    currency: String,
}

impl TariffOptions {
    pub(crate) fn tariff(&self) -> Result<Option<Tariff>, Failure> {
        let tariff = self
            .per_minute
            .as_ref()
            .map(|per_minute| Tariff::new(per_minute, &self.currency));
        tariff
            .transpose()
            .map_err(|error| Failure::usage(format!("--per-minute or --currency: {}", error.message())))
    }
}
