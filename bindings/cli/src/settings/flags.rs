//! Settings as flags, made from the descriptor. Secrets are no flags: every user of a machine can read its command lines.

use clap::{ArgMatches, Args, Command, FromArgMatches};
use serde_json::Value;
use voicecall_core::Config;
use voicecall_core::descriptor::{Field, FieldType};

use super::given::{Given, Layer, Origin};
use crate::arguments::EVERYWHERE;
use crate::request::flag;

/// The one setting that every command has as a flag.
const ENDPOINT: &str = "endpoint";

/// `--endpoint`.
#[derive(Debug, Default)]
pub(crate) struct Endpoint(Vec<(&'static Field, Value)>);

/// The other settings that are no secrets.
#[derive(Debug, Default)]
pub(crate) struct SettingFlags(Vec<(&'static Field, Value)>);

impl SettingFlags {
    pub(super) fn layer(&self, endpoint: &Endpoint) -> Layer {
        let mut layer = Layer::new(Origin::Flag);
        for (field, value) in self.0.iter().chain(&endpoint.0) {
            // A setting has one flag, so nothing can be there twice.
            let _ = layer.add(field, field.ident, Given::Value(value.clone()));
        }
        layer
    }
}

fn settings(endpoint: bool) -> impl Iterator<Item = &'static Field> {
    let plain = super::fields().filter(|field| !matches!(field.ty, FieldType::Secret));
    plain.filter(move |field| (field.ident == ENDPOINT) == endpoint)
}

fn augment(command: Command, endpoint: bool) -> Command {
    settings(endpoint).fold(command, |command, field| {
        let arg = flag::plain(Config::RECORD, field);
        command.arg(if endpoint {
            arg.global(true).help_heading(EVERYWHERE)
        } else {
            arg.help_heading("Settings (also in the environment and in the configuration file)")
                .hide_short_help(true)
        })
    })
}

fn read(matches: &ArgMatches, endpoint: bool) -> Vec<(&'static Field, Value)> {
    settings(endpoint)
        .filter_map(|field| Some((field, flag::read(matches, field)?)))
        .collect()
}

macro_rules! flags {
    ($Name:ident, $endpoint:literal) => {
        impl Args for $Name {
            fn augment_args(command: Command) -> Command {
                augment(command, $endpoint)
            }

            fn augment_args_for_update(command: Command) -> Command {
                Self::augment_args(command)
            }
        }

        impl FromArgMatches for $Name {
            fn from_arg_matches(matches: &ArgMatches) -> Result<$Name, clap::Error> {
                Ok($Name(read(matches, $endpoint)))
            }

            fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
                *self = Self::from_arg_matches(matches)?;
                Ok(())
            }
        }
    };
}

flags!(Endpoint, true);
flags!(SettingFlags, false);
