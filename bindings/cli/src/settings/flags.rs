//! Settings as flags, made from the descriptors. Secrets are no flags: every user of a machine can read its command lines.

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use serde_json::Value;
use voicecall_core::Config;
use voicecall_core::descriptor::{Field, FieldType};
use voicecall_core::intake::IntakeConfig;

use super::given::{Given, Layer, Origin};
use crate::request::flag;

/// Heading of what every command understands.
pub(super) const EVERYWHERE: &str = "Everywhere";
/// The one setting that every command has as a flag.
const ENDPOINT: &str = "endpoint";
/// The one flag for a setting that may hold a secret: most addresses of stores hold none.
const STORE: &str = "store";

const STORE_HELP: &str = "Where calls are kept: sqlite:FILE, or postgres://USER@HOST/DATABASE";
const STORE_LONG_HELP: &str = "\
Where calls are kept: sqlite:FILE, or postgres://USER@HOST/DATABASE where several receivers share one store.

An address with a password does not belong on a command line, which every user of the machine can read: set \
VOICECALL_STORE, or store, store_file or store_command in the configuration file.";

/// `--endpoint`.
#[derive(Debug, Default)]
pub(crate) struct Endpoint(Typed);

/// The client's other settings that are no secrets.
#[derive(Debug, Default)]
pub(crate) struct SettingFlags(Typed);

/// The store's settings: its address, and those that are no secrets.
#[derive(Debug, Default)]
pub(crate) struct StoreFlags(Typed);

/// What was typed.
type Typed = Vec<(&'static Field, Value)>;

impl SettingFlags {
    pub(super) fn layer(&self, endpoint: &Endpoint) -> Layer {
        layer(self.0.iter().chain(&endpoint.0))
    }
}

impl StoreFlags {
    pub(super) fn layer(&self) -> Layer {
        layer(self.0.iter())
    }

    /// Whether the address was typed.
    pub(crate) fn names_the_store(&self) -> bool {
        self.0.iter().any(|(field, _)| is_store(field))
    }
}

fn layer<'a>(given: impl Iterator<Item = &'a (&'static Field, Value)>) -> Layer {
    let mut layer = Layer::new(Origin::Flag);
    for (field, value) in given {
        // A setting has one flag, so nothing can be there twice.
        let _ = layer.add(field, field.ident, Given::Value(value.clone()));
    }
    layer
}

/// Whether it is the address of the store.
pub(super) fn is_store(field: &Field) -> bool {
    field.ident == STORE
}

fn endpoint() -> impl Iterator<Item = &'static Field> {
    Config::RECORD.fields.iter().filter(|field| field.ident == ENDPOINT)
}

fn settings() -> impl Iterator<Item = &'static Field> {
    let plain = Config::RECORD.fields.iter().filter(|field| !is_secret(field));
    plain.filter(|field| field.ident != ENDPOINT)
}

fn of_the_store() -> impl Iterator<Item = &'static Field> {
    let fields = IntakeConfig::RECORD.fields.iter();
    fields.filter(|field| is_store(field) || !is_secret(field))
}

fn is_secret(field: &Field) -> bool {
    matches!(field.ty, FieldType::Secret)
}

fn endpoint_arg(field: &'static Field) -> Arg {
    flag::plain(Config::RECORD, field).global(true).help_heading(EVERYWHERE)
}

fn setting_arg(field: &'static Field) -> Arg {
    flag::plain(Config::RECORD, field)
        .help_heading("Settings (also in the environment and in the configuration file)")
        .hide_short_help(true)
}

fn store_arg(field: &'static Field) -> Arg {
    let arg = flag::plain(IntakeConfig::RECORD, field)
        .help_heading("Store (also in the environment and in the configuration file)");
    if is_store(field) {
        arg.value_name("ADDRESS").help(STORE_HELP).long_help(STORE_LONG_HELP)
    } else {
        arg.hide_short_help(true)
    }
}

fn read(matches: &ArgMatches, fields: impl Iterator<Item = &'static Field>) -> Typed {
    fields
        .filter_map(|field| Some((field, flag::read(matches, field)?)))
        .collect()
}

macro_rules! flags {
    ($Name:ident, $fields:ident, $arg:ident) => {
        impl Args for $Name {
            fn augment_args(command: Command) -> Command {
                $fields().fold(command, |command, field| command.arg($arg(field)))
            }

            fn augment_args_for_update(command: Command) -> Command {
                Self::augment_args(command)
            }
        }

        impl FromArgMatches for $Name {
            fn from_arg_matches(matches: &ArgMatches) -> Result<$Name, clap::Error> {
                Ok($Name(read(matches, $fields())))
            }

            fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
                *self = Self::from_arg_matches(matches)?;
                Ok(())
            }
        }
    };
}

flags!(Endpoint, endpoint, endpoint_arg);
flags!(SettingFlags, settings, setting_arg);
flags!(StoreFlags, of_the_store, store_arg);
