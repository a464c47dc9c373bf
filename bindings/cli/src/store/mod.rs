//! The store that `voicecall listen` fills and other commands read.

mod filter;
mod tariff;

use std::path::Path;
use std::time::Duration;

use clap::Args;
use voicecall_core::ErrorKind;
use voicecall_core::intake::Intake;
use voicecall_core::webhook::Webhook;

pub(crate) use filter::{CallFlags, CdrFlags, RejectedFlags};
pub(crate) use tariff::TariffOptions;

use crate::exit::Failure;
use crate::settings::{self, Global, Settings, StoreFlags};

/// How the store is found.
#[derive(Debug, Args)]
pub(crate) struct StoreOptions {
    #[command(flatten)]
    pub(crate) flags: StoreFlags,
}

impl StoreOptions {
    /// Opens a store that is there. One that is not is not made: who reads it has mistyped its name.
    pub(crate) fn open(&self, global: &Global) -> Result<Intake, Failure> {
        let found = Found::gather(&self.flags, global)?;
        if let Some(file) = found.file()
            && !Path::new(file).exists()
        {
            return Err(Failure::usage(format!(
                "there is no store at {file}; voicecall listen --store makes one"
            )));
        }
        found.open(Webhook::builder().build()?)
    }
}

/// The store's settings, as they were found.
pub(crate) struct Found(Settings);

impl Found {
    pub(crate) fn gather(flags: &StoreFlags, global: &Global) -> Result<Found, Failure> {
        Settings::of_store(global, flags).map(Found)
    }

    /// Whether there is an address at all.
    pub(crate) fn is_set(&self) -> bool {
        self.0.text(ADDRESS).is_some()
    }

    /// Opens the store, or makes it.
    pub(crate) fn open(&self, webhook: Webhook) -> Result<Intake, Failure> {
        let opened = self.0.intake_config()?.build(webhook);
        opened.map_err(|error| match error.kind() {
            ErrorKind::Storage => {
                let told = format!("{}: {}", self.shown(), error.message());
                Failure::call(error, &told)
            }
            _ => self.0.fault(error),
        })
    }

    /// The address without name and password.
    pub(crate) fn shown(&self) -> String {
        let address = self.address();
        match address.split_once("://") {
            Some((scheme @ ("postgres" | "postgresql"), rest)) => {
                let rest = rest.split(['?', '#']).next().unwrap_or_default();
                let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
                format!("{scheme}://{place}")
            }
            _ => address.to_owned(),
        }
    }

    /// Whether the address holds a password.
    pub(crate) fn holds_a_password(&self) -> bool {
        let account = self
            .address()
            .split_once("://")
            .and_then(|(_, rest)| Some(rest.rsplit_once('@')?.0));
        self.address().contains("password=") || account.is_some_and(|account| account.contains(':'))
    }

    /// Longest time that something can take in the store.
    pub(crate) fn time(&self) -> Result<Duration, Failure> {
        Ok(settings::time(&self.0.intake_config()?, "storeTimeoutMs"))
    }

    fn address(&self) -> &str {
        self.0.text(ADDRESS).unwrap_or_default()
    }

    /// The file of an SQLite store.
    fn file(&self) -> Option<&str> {
        let file = self.address().strip_prefix("sqlite:")?;
        Some(file.strip_prefix("//").unwrap_or(file))
    }
}

/// Wire name of the setting.
const ADDRESS: &str = "store";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_account_nor_password_of_an_address_is_shown() {
        for (address, shown, secret) in [
            ("sqlite:calls.db", "sqlite:calls.db", false),
            ("postgres://voice@db/calls", "postgres://db/calls", false),
            (
                "postgres://voice:example@secret-0001@db:5432/calls?sslmode=require",
                "postgres://db:5432/calls",
                true,
            ),
            (
                "postgresql://db/calls?password=example-secret-0001",
                "postgresql://db/calls",
                true,
            ),
        ] {
            let found = Found(Settings::of_address(address));
            assert_eq!((found.shown().as_str(), found.holds_a_password()), (shown, secret));
        }
    }
}
