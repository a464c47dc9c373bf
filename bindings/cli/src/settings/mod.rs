//! The client's settings: flags, then the environment, then the profile, then the file. Which settings there are is the
//! core's to say: the keys of every layer are the names of its descriptor.

mod environment;
mod file;
mod flags;
mod given;
mod secret;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value};
use voicecall_core::descriptor::Field;
use voicecall_core::record::{FieldValue, Fields, FromNatural};
use voicecall_core::{Client, Config, Error};

pub(crate) use flags::{Endpoint, SettingFlags};
use given::Layer;

use crate::arguments::Global;
use crate::exit::Failure;

/// The settings in force, and where each was found.
pub(crate) struct Settings {
    natural: Map<String, Value>,
    origins: BTreeMap<&'static str, String>,
}

impl Settings {
    /// Looks everywhere. A secret's command is run only where nothing stronger gives the secret.
    pub(crate) fn gather(global: &Global, flags: &SettingFlags) -> Result<Settings, Failure> {
        let environment = environment::layer()?;
        let profile = global.profile.clone().or_else(environment::profile);
        let mut layers = vec![flags.layer(&global.endpoint), environment];
        layers.extend(file::layers(profile.as_deref())?);
        Settings::merged(layers)
    }

    /// As [`gather`](Settings::gather), but of this profile of the file and nothing else.
    pub(crate) fn of_profile(profile: &str) -> Result<Settings, Failure> {
        Settings::merged(file::layers(Some(profile))?)
    }

    fn merged(layers: Vec<Layer>) -> Result<Settings, Failure> {
        let mut settings = Settings {
            natural: Map::new(),
            origins: BTreeMap::new(),
        };
        for field in fields() {
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

    pub(crate) fn client(&self) -> Result<Client, Failure> {
        Client::new(self.config()?).map_err(|error| self.fault(error))
    }

    /// Says which setting is at fault, where it was found, and how it could be set.
    pub(crate) fn fault(&self, error: Error) -> Failure {
        let field = error
            .field()
            .and_then(|pointer| pointer.strip_prefix('/'))
            .and_then(|name| Config::RECORD.field(name));
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
pub(crate) fn time(config: &Config, name: &str) -> Duration {
    let set = match Config::RECORD.index_of(name).and_then(|index| config.get(index)) {
        Some(FieldValue::Integer(milliseconds)) => Some(milliseconds),
        _ => None,
    };
    let default = || Config::RECORD.field(name)?.default?.parse().ok();
    Duration::from_millis(set.or_else(default).unwrap_or_default().unsigned_abs())
}

/// Every setting of a client.
fn fields() -> impl Iterator<Item = &'static Field> {
    Config::RECORD.fields.iter()
}

fn ways_to_set(field: &Field) -> String {
    let file = file::path().map_or_else(
        || "the configuration file".to_owned(),
        |path| path.display().to_string(),
    );
    let keys = given::keys_of(field).join(", ");
    format!("{}, or one of {keys} in {file}", environment::name(field))
}
