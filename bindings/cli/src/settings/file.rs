//! Settings from `config.toml`: keys at the top serve all profiles, a table under `profiles` serves one.
//!
//! ```toml
//! profile = "alerts"            # used when nobody names one
//! timeout = "10s"
//!
//! [profiles.alerts]
//! app_key = "…"
//! app_secret_command = "pass show voicecall/alerts"
//! ```

use std::path::{Path, PathBuf};

use serde_json::Value;
use toml::Table;
use voicecall_core::descriptor::{Field, FieldType};

use super::given::{self, Form, Given, Layer, Origin};
use crate::exit::Failure;
use crate::request::text;

/// The key that names the profile to use.
const PROFILE: &str = "profile";
/// The table of profiles.
const PROFILES: &str = "profiles";

/// Where the file is, whether it exists or not: `$XDG_CONFIG_HOME/voicecall/config.toml`, else below `~/.config`.
pub(crate) fn path() -> Option<PathBuf> {
    let set = |name| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let folder = set("XDG_CONFIG_HOME").or_else(|| Some(std::env::home_dir()?.join(".config")))?;
    Some(folder.join("voicecall").join("config.toml"))
}

/// The layers of the file, the profile first. Without a file there are none.
pub(super) fn layers(profile: Option<&str>) -> Result<Vec<Layer>, Failure> {
    let Some(path) = path() else { return Ok(Vec::new()) };
    match std::fs::read_to_string(&path) {
        Ok(text) => read(&text, &path, profile),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => match profile {
            Some(profile) => Err(Failure::usage(format!(
                "no profile {profile:?}: there is no {}",
                path.display()
            ))),
            None => Ok(Vec::new()),
        },
        Err(error) => Err(Failure::usage(format!("{}: {error}", path.display()))),
    }
}

fn read(text: &str, path: &Path, profile: Option<&str>) -> Result<Vec<Layer>, Failure> {
    let file = File { path };
    let mut table: Table = text
        .parse()
        .map_err(|error: toml::de::Error| file.misspelt(text, &error))?;
    let mut profiles = match table.remove(PROFILES) {
        None => Table::new(),
        Some(toml::Value::Table(profiles)) => profiles,
        Some(_) => return Err(file.wrong(PROFILES, "must be a table of tables, [profiles.NAME]")),
    };
    let usual = match table.remove(PROFILE) {
        None => None,
        Some(toml::Value::String(name)) => Some(name),
        Some(_) => return Err(file.wrong(PROFILE, "must be the name of a profile")),
    };
    let mut layers = Vec::new();
    if let Some(name) = profile.or(usual.as_deref()) {
        layers.push(match profiles.remove(name) {
            Some(toml::Value::Table(table)) => file.layer(table, &format!("{PROFILES}.{name}."))?,
            Some(_) => return Err(file.wrong(&format!("{PROFILES}.{name}"), "must be a table")),
            None => return Err(file.no_profile(name, &profiles)),
        });
    }
    layers.push(file.layer(table, "")?);
    Ok(layers)
}

/// The file that complaints are about.
struct File<'a> {
    path: &'a Path,
}

impl File<'_> {
    fn layer(&self, table: Table, prefix: &str) -> Result<Layer, Failure> {
        let mut layer = Layer::new(Origin::File(self.path.display().to_string()));
        for (key, value) in table {
            let place = format!("{prefix}{key}");
            let Some((field, form)) = given::named(&key) else {
                return Err(self.wrong(
                    &place,
                    &format!("no such setting; there are {}", given::keys().join(", ")),
                ));
            };
            let given = given(field, form, value).map_err(|why| self.wrong(&place, why))?;
            layer.add(field, &place, given)?;
        }
        Ok(layer)
    }

    fn wrong(&self, place: &str, why: &str) -> Failure {
        Failure::usage(format!("{}: {place}: {why}", self.path.display()))
    }

    fn no_profile(&self, name: &str, profiles: &Table) -> Failure {
        let known: Vec<_> = profiles.keys().map(String::as_str).collect();
        let known = if known.is_empty() {
            "it has none".to_owned()
        } else {
            format!("it has {}", known.join(", "))
        };
        Failure::usage(format!("{}: no profile {name:?}; {known}", self.path.display()))
    }

    /// The parser's own text spans several lines and shows the line at fault, which may hold a secret.
    fn misspelt(&self, text: &str, error: &toml::de::Error) -> Failure {
        let start = error.span().map_or(0, |span| span.start);
        let line = text.get(..start).unwrap_or_default().lines().count().max(1);
        let what = error.message().lines().next().unwrap_or("not TOML");
        Failure::usage(format!("{}, near line {line}: {what}", self.path.display()))
    }
}

/// A value of the file. Texts are read as in the environment, so that `timeout = "30s"` works here too.
fn given(field: &Field, form: Form, value: toml::Value) -> Result<Given, &'static str> {
    let value = match (&field.ty, value) {
        (_, toml::Value::String(text)) => match form(text) {
            Given::Value(Value::String(text)) => text::setting(&field.ty, &text)?,
            found_elsewhere => return Ok(found_elsewhere),
        },
        (FieldType::Integer | FieldType::Milliseconds, toml::Value::Integer(number)) => {
            text::natural(&field.ty, &number.to_string())?
        }
        (FieldType::Flag, toml::Value::Boolean(flag)) => Value::from(flag),
        (FieldType::Texts, toml::Value::Array(values)) => {
            let texts = values.into_iter().map(|value| match value {
                toml::Value::String(text) => Ok(Value::String(text)),
                _ => Err("must be a list of texts"),
            });
            Value::Array(texts.collect::<Result<_, _>>()?)
        }
        (FieldType::Integer, _) => return Err("must be a whole number"),
        (FieldType::Milliseconds, _) => return Err(text::MILLISECONDS),
        (FieldType::Flag, _) => return Err("must be true or false"),
        _ => return Err("must be a text"),
    };
    Ok(Given::Value(value))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use voicecall_core::Config;

    use super::super::Settings;
    use super::read;

    const FILE: &str = r#"
        profile = "alerts"
        timeout = "10s"
        retries = 1
        [profiles.alerts]
        app_key = "alerts-key"
        app_secret = "example-secret-0001"
        [profiles.codes]
        app_key = "codes-key"
        timeout = 2
        app_secret_command = "printf 'example-secret-0002\n'"
    "#;

    fn config(text: &str, profile: Option<&str>) -> Result<Config, String> {
        let layers = read(text, Path::new("config.toml"), profile).map_err(|failure| failure.line())?;
        let settings = Settings::merged(Config::RECORD, layers).map_err(|failure| failure.line())?;
        settings.config().map_err(|failure| failure.line())
    }

    #[test]
    fn a_profile_lies_over_what_serves_all() {
        let alerts = config(FILE, None).unwrap();
        assert_eq!(alerts.app_key.as_deref(), Some("alerts-key"));
        assert_eq!(alerts.timeout.unwrap().as_millis(), 10_000);
        let codes = config(FILE, Some("codes")).unwrap();
        assert_eq!(codes.timeout.unwrap().as_millis(), 2_000);
        assert_eq!(codes.retries, Some(1));
        assert_eq!(
            codes.app_secret.unwrap().expose(),
            "example-secret-0002",
            "the line end is not the secret's"
        );
    }

    #[test]
    fn what_is_wrong_is_told_in_one_line_with_its_place_and_without_its_value() {
        for (text, wanted) in [
            ("a = [1,", "near line 1"),
            ("app_secret = 'example-secret-0001\nx = 1", "near line 1"),
            ("app_secret = 7", "config.toml: app_secret: must be a text"),
            (
                "timeouts = 1",
                "timeouts: no such setting; there are app_key, app_secret, app_secret_file",
            ),
            ("timeout = 'soon'", "timeout: must be a time such as"),
            ("retries = true", "retries: must be a whole number"),
            ("app_key_command = 'x'", "no such setting"),
            ("profile = 'x'", "no profile \"x\"; it has none"),
            ("profiles = 1", "must be a table of tables"),
            ("app_secret_file = '/no/such/file'", "/no/such/file"),
            ("app_secret_command = 'exit 3'", "failed (exit status: 3)"),
            ("app_secret_command = 'true'", "empty secret"),
            ("app_secret = 'a'\napp_secret_file = 'b'", "both set; keep one"),
        ] {
            let error = config(text, None).unwrap_err();
            assert!(error.contains(wanted), "{text}: {error}");
            assert_eq!(error.lines().count(), 1, "{error}");
            assert!(!error.contains("example-secret"), "{error}");
        }
    }
}
