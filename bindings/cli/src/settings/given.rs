//! What one layer gives: values as they are, and secrets as the places where they are found.

use std::collections::BTreeMap;

use serde_json::Value;
use voicecall_core::descriptor::{Field, FieldType};

use super::secret;
use crate::exit::Failure;
use crate::spelling;

/// Behind the name of a secret setting: the file that holds it.
const FILE: &str = "_file";
/// Behind the name of a secret setting: the command that prints it.
const COMMAND: &str = "_command";

/// How the text of a key is meant.
pub(super) type Form = fn(String) -> Given;

/// How a setting is given.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Given {
    /// In natural form.
    Value(Value),
    /// The file that holds a secret.
    File(String),
    /// The shell command that prints a secret.
    Command(String),
}

/// The settings that one place gives, by the descriptor's names.
#[derive(Debug, Default)]
pub(super) struct Layer {
    /// How the settings of this layer are called when something is wrong with them.
    pub(super) origin: Origin,
    given: BTreeMap<String, Given>,
}

/// How the settings of a layer are named.
#[derive(Debug, Default)]
pub(super) enum Origin {
    #[default]
    Flag,
    Environment,
    /// A file, or a profile in it.
    File(String),
}

impl Layer {
    pub(super) fn new(origin: Origin) -> Layer {
        Layer {
            origin,
            given: BTreeMap::new(),
        }
    }

    /// Adds a setting under its key. A secret given in two ways is a mistake: one of them would be ignored.
    pub(super) fn add(&mut self, field: &Field, key: &str, given: Given) -> Result<(), Failure> {
        if self.given.insert(field.ident.to_owned(), given).is_some() {
            let message = format!(
                "{}: {key} and another form of it are both set; keep one",
                self.name(field)
            );
            return Err(Failure::usage(message));
        }
        Ok(())
    }

    /// What this layer gives for the setting, and what it is called here.
    pub(super) fn of(&self, field: &Field) -> Option<(String, Given)> {
        let given = self.given.get(field.ident)?;
        Some((self.name(field), given.clone()))
    }

    fn name(&self, field: &Field) -> String {
        match &self.origin {
            Origin::Flag => format!("--{}", spelling::flag(field)),
            Origin::Environment => spelling::variable(field.ident),
            Origin::File(file) => file.clone(),
        }
    }
}

impl Given {
    /// The value; `origin` says in an error where it should have come from.
    pub(super) fn value(&self, origin: &str) -> Result<Value, Failure> {
        match self {
            Given::Value(value) => Ok(value.clone()),
            Given::File(path) => secret::from_file(path, origin).map(Value::from),
            Given::Command(command) => secret::from_command(command, origin).map(Value::from),
        }
    }
}

/// The setting that a key in lower case names, and how its text is meant: `app_secret_command` is a command that prints
/// `app_secret`. Only secrets have such forms.
pub(super) fn named(key: &str) -> Option<(&'static Field, Form)> {
    let find = |ident: &str| super::fields().find(|field| field.ident == ident);
    if let Some(field) = find(key) {
        return Some((field, |text| Given::Value(Value::from(text))));
    }
    let forms: [(&str, Form); 2] = [(FILE, Given::File), (COMMAND, Given::Command)];
    forms.into_iter().find_map(|(suffix, form)| {
        let field = find(key.strip_suffix(suffix)?).filter(|field| matches!(field.ty, FieldType::Secret))?;
        Some((field, form))
    })
}

/// Every key that a layer may have.
pub(super) fn keys() -> Vec<String> {
    super::fields().flat_map(keys_of).collect()
}

/// The keys under which one setting can be given.
pub(super) fn keys_of(field: &Field) -> Vec<String> {
    let is_secret = matches!(field.ty, FieldType::Secret);
    let forms: &[&str] = if is_secret { &["", FILE, COMMAND] } else { &[""] };
    forms.iter().map(|form| format!("{}{form}", field.ident)).collect()
}
