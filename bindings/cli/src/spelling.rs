//! How the core's names are spelt in the shell: `callee_nbr` is the flag `--callee-nbr`, `app_key` the variable
//! `VOICECALL_APP_KEY`.

use voicecall_core::descriptor::Field;

const PREFIX: &str = "VOICECALL_";

/// The field's flag, without its dashes.
pub(crate) fn flag(field: &Field) -> String {
    field.ident.replace('_', "-")
}

/// The environment variable of a key.
pub(crate) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_ascii_uppercase())
}
