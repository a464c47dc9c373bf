//! Which calls, CDRs or texts: flags made from the core's descriptors.

use clap::{ArgMatches, Args, Command, FromArgMatches};
use serde_json::{Map, Value};
use voicecall_core::descriptor::Field;
use voicecall_core::intake::{CallFilter, RejectedFilter};
use voicecall_core::record::FromNatural;

use crate::exit::Failure;
use crate::request::flag;

/// What has a meaning for calls alone; see [`CallFilter`].
const OF_CALLS: [&str; 3] = ["state", "limit", "after"];
const HEADING: &str = "Which";

/// Which calls.
#[derive(Debug, Default)]
pub(crate) struct CallFlags(Map<String, Value>);

/// Which CDRs.
#[derive(Debug, Default)]
pub(crate) struct CdrFlags(Map<String, Value>);

/// Which of the texts that could not be taken.
#[derive(Debug, Default)]
pub(crate) struct RejectedFlags(Map<String, Value>);

fn of_calls() -> impl Iterator<Item = &'static Field> {
    CallFilter::RECORD.fields.iter()
}

fn of_cdrs() -> impl Iterator<Item = &'static Field> {
    of_calls().filter(|field| !OF_CALLS.contains(&field.name))
}

fn of_rejected() -> impl Iterator<Item = &'static Field> {
    RejectedFilter::RECORD.fields.iter()
}

macro_rules! filter {
    ($Name:ident, $Filter:ident, $fields:ident) => {
        impl $Name {
            /// What was typed, as the core has it.
            pub(crate) fn filter(&self) -> Result<$Filter, Failure> {
                Ok($Filter::from_natural(self.0.clone())?)
            }
        }

        impl Args for $Name {
            fn augment_args(command: Command) -> Command {
                $fields().fold(command, |command, field| {
                    command.arg(flag::plain($Filter::RECORD, field).help_heading(HEADING))
                })
            }

            fn augment_args_for_update(command: Command) -> Command {
                Self::augment_args(command)
            }
        }

        impl FromArgMatches for $Name {
            fn from_arg_matches(matches: &ArgMatches) -> Result<$Name, clap::Error> {
                let given = $fields().filter_map(|field| Some((field.name.to_owned(), flag::read(matches, field)?)));
                Ok($Name(given.collect()))
            }

            fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
                *self = Self::from_arg_matches(matches)?;
                Ok(())
            }
        }
    };
}

filter!(CallFlags, CallFilter, of_calls);
filter!(CdrFlags, CallFilter, of_cdrs);
filter!(RejectedFlags, RejectedFilter, of_rejected);
