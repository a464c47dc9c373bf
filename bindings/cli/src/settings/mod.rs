//! The settings of client and store: flags, then the environment, then the profile, then the file. Which settings there
//! are is the core's to say: the keys of every layer are the names of its descriptors.

mod environment;
mod file;
mod flags;
mod given;
mod global;
mod secret;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value};
use voicecall_core::descriptor::{Field, Record};
use voicecall_core::intake::IntakeConfig;
use voicecall_core::record::{FieldValue, Fields, FromNatural};
use voicecall_core::{Client, Config, Error};

pub(crate) use flags::{SettingFlags, StoreFlags};
use given::Layer;
pub(crate) use global::Global;

use crate::exit::Failure;
use crate::spelling;

/// The settings in force, and where each was found.
pub(crate) struct Settings {
    record: &'static Record,
    natural: Map<String, Value>,
    origins: BTreeMap<&'static str, String>,
}

impl Settings {
    /// Looks everywhere for the client's. A secret's command is run only where nothing stronger gives the secret.
    pub(crate) fn gather(global: &Global, flags: &SettingFlags) -> Result<Settings, Failure> {
        Settings::merged(Config::RECORD, everywhere(global, flags.layer(&global.endpoint))?)
    }

    /// The same for the store's.
    pub(crate) fn of_store(global: &Global, flags: &StoreFlags) -> Result<Settings, Failure> {
        Settings::merged(IntakeConfig::RECORD, everywhere(global, flags.layer())?)
    }

    /// As [`gather`](Settings::gather), but of this profile of the file and nothing else.
    pub(crate) fn of_profile(profile: &str) -> Result<Settings, Failure> {
        Settings::merged(Config::RECORD, file::layers(Some(profile))?)
    }

    /// A store's settings that are nothing but its address.
    #[cfg(test)]
    pub(crate) fn of_address(address: &str) -> Settings {
        Settings {
            record: IntakeConfig::RECORD,
            natural: [("store".to_owned(), Value::from(address))].into_iter().collect(),
            origins: BTreeMap::new(),
        }
    }

    fn merged(record: &'static Record, layers: Vec<Layer>) -> Result<Settings, Failure> {
        let mut settings = Settings {
            record,
            natural: Map::new(),
            origins: BTreeMap::new(),
        };
        for field in record.fields {
            let Some((origin, given)) = layers.iter().find_map(|layer| layer.of(field)) else {
                continue;
            };
            settings.natural.insert(field.name.to_owned(), given.value(&origin)?);
            settings.origins.insert(field.name, origin);
        }
        Ok(settings)
    }

    /// The settings in the core's type, not yet checked.
    pub(crate) fn config(&self) -> Result<Config, Failure> {
        Config::from_natural(self.natural.clone()).map_err(|error| self.fault(error))
    }

    /// The same of a store's settings.
    pub(crate) fn intake_config(&self) -> Result<IntakeConfig, Failure> {
        IntakeConfig::from_natural(self.natural.clone()).map_err(|error| self.fault(error))
    }

    /// A setting's text as it was found.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.natural.get(name)?.as_str()
    }

    pub(crate) fn client(&self) -> Result<Client, Failure> {
        Client::new(self.config()?).map_err(|error| self.fault(error))
    }

    /// Says which setting is at fault, where it was found, and how it could be set.
    pub(crate) fn fault(&self, error: Error) -> Failure {
        let field = error
            .field()
            .and_then(|pointer| pointer.strip_prefix('/'))
            .and_then(|name| self.record.field(name));
        let Some(field) = field else {
            return Failure::from(error);
        };
        let message = error.message();
        let what = message.strip_prefix(&format!("/{}: ", field.name)).unwrap_or(message);
        let told = match self.origins.get(field.name) {
            Some(origin) => format!("{} (from {origin}): {what}", field.ident),
            None => format!("{}: {what}. Set {}", field.ident, ways_to_set(field)),
        };
        Failure::call(error, &told)
    }
}

/// A length of time as it is set, or its default.
pub(crate) fn time(config: &impl Fields, name: &str) -> Duration {
    let record = config.record();
    let set = match record.index_of(name).and_then(|index| config.get(index)) {
        Some(FieldValue::Integer(milliseconds)) => Some(milliseconds),
        _ => None,
    };
    let default = || record.field(name)?.default?.parse().ok();
    Duration::from_millis(set.or_else(default).unwrap_or_default().unsigned_abs())
}

/// Every setting.
fn fields() -> impl Iterator<Item = &'static Field> {
    Config::RECORD.fields.iter().chain(IntakeConfig::RECORD.fields)
}

fn everywhere(global: &Global, flags: Layer) -> Result<Vec<Layer>, Failure> {
    let environment = environment::layer()?;
    let profile = global.profile.clone().or_else(environment::profile);
    let mut layers = vec![flags, environment];
    layers.extend(file::layers(profile.as_deref())?);
    Ok(layers)
}

fn ways_to_set(field: &Field) -> String {
    let file = file::path().map_or_else(
        || "the configuration file".to_owned(),
        |path| path.display().to_string(),
    );
    let keys = given::keys_of(field).join(", ");
    let flag = if flags::is_store(field) { "--store, " } else { "" };
    format!("{flag}{}, or one of {keys} in {file}", spelling::variable(field.ident))
}
