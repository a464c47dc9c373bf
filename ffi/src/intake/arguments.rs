//! The arguments of an action, taken one by one; what is wrong with one is told by its name.

use serde_json::{Map, Value};
use voicecall_core::Rule;

use crate::arguments::invalid;
use crate::boundary::Failure;

/// Arguments under their names.
pub(super) struct Arguments(Map<String, Value>);

impl Arguments {
    /// Refuses what is not among `known`: a misspelt argument must not be one that is not there.
    pub(super) fn new(mut arguments: Map<String, Value>, known: &[&str]) -> Result<Arguments, Failure> {
        arguments.retain(|_, value| !value.is_null());
        match arguments.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(invalid("no such argument").at(&pointer(name), Rule::UnknownField)),
            None => Ok(Arguments(arguments)),
        }
    }

    pub(super) fn text(&mut self, name: &str) -> Result<String, Failure> {
        self.optional_text(name)?.ok_or_else(|| missing(name))
    }

    pub(super) fn optional_text(&mut self, name: &str) -> Result<Option<String>, Failure> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(wrong_type(name, "a text")),
        }
    }

    pub(super) fn integer(&mut self, name: &str) -> Result<i64, Failure> {
        self.optional_integer(name)?.ok_or_else(|| missing(name))
    }

    pub(super) fn optional_integer(&mut self, name: &str) -> Result<Option<i64>, Failure> {
        let Some(value) = self.0.remove(name) else {
            return Ok(None);
        };
        value.as_i64().map(Some).ok_or_else(|| wrong_type(name, "an integer"))
    }

    pub(super) fn object(&mut self, name: &str) -> Result<Map<String, Value>, Failure> {
        self.optional_object(name)?.ok_or_else(|| missing(name))
    }

    pub(super) fn optional_object(&mut self, name: &str) -> Result<Option<Map<String, Value>>, Failure> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(object)),
            Some(_) => Err(wrong_type(name, "an object")),
        }
    }

    /// Empty when it is not there.
    pub(super) fn texts(&mut self, name: &str) -> Result<Vec<String>, Failure> {
        let items = match self.0.remove(name) {
            None => return Ok(Vec::new()),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(wrong_type(name, "a list of texts")),
        };
        let texts = items.into_iter().map(|item| match item {
            Value::String(text) => Ok(text),
            _ => Err(wrong_type(name, "a list of texts")),
        });
        texts.collect()
    }
}

/// A word that is none of those that there are.
pub(super) fn unknown_word<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Failure {
    let known: Vec<_> = known.into_iter().collect();
    invalid(format!("must be one of {}", known.join(", "))).at(&pointer(name), Rule::Enumeration)
}

/// A failure that is about this argument.
pub(super) fn about(name: &str, message: &str, rule: Rule) -> Failure {
    invalid(message).at(&pointer(name), rule)
}

fn missing(name: &str) -> Failure {
    about(name, "is missing", Rule::Required)
}

fn wrong_type(name: &str, expected: &str) -> Failure {
    about(name, &format!("must be {expected}"), Rule::Type)
}

fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}
