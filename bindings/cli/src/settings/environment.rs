//! Settings from environment variables: `VOICECALL_` and the setting's name, e.g. `VOICECALL_APP_KEY`.

use voicecall_core::descriptor::FieldType;

use super::given::{self, Given, Layer, Origin};
use crate::exit::Failure;
use crate::request::text;
use crate::spelling::variable;

/// The profile that the environment names.
pub(super) fn profile() -> Option<String> {
    read(&variable("profile")).ok().flatten()
}

/// Every setting that is in the environment. An empty variable is the same as none.
pub(super) fn layer() -> Result<Layer, Failure> {
    let mut layer = Layer::new(Origin::Environment);
    for key in given::keys() {
        let variable = variable(&key);
        let Some(text) = read(&variable)? else { continue };
        let Some((field, form)) = given::named(&key) else {
            continue;
        };
        let given = match form(text) {
            Given::Value(value) => {
                Given::Value(natural(&field.ty, &value).map_err(|why| Failure::usage(format!("{variable}: {why}")))?)
            }
            found_elsewhere => found_elsewhere,
        };
        layer.add(field, &variable, given)?;
    }
    Ok(layer)
}

fn natural(ty: &FieldType, value: &serde_json::Value) -> Result<serde_json::Value, &'static str> {
    text::setting(ty, value.as_str().unwrap_or_default())
}

fn read(variable: &str) -> Result<Option<String>, Failure> {
    match std::env::var(variable) {
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => Ok(Some(text)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Failure::usage(format!("{variable}: must be UTF-8"))),
    }
}
