//! A JSON document whose texts C can read in place.
//!
//! `serde_json::Value` has no NUL behind its texts; a copy per read would have to live somewhere. Here the NUL is part of
//! the document, so that reading changes nothing.

use indexmap::IndexMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Number, Value};

use crate::numbers::Type;
use crate::text::Text;

/// Deepest nesting. serde_json reads no more, and dropping or printing a document recurses.
pub(crate) const MAX_DEPTH: usize = 128;

/// A JSON value. Members keep the order in which they came.
#[derive(Clone)]
pub(crate) enum Tree {
    Null,
    Flag(bool),
    Number(Number),
    Text(Text),
    List(Vec<Tree>),
    Object(IndexMap<Text, Tree>),
}

impl Tree {
    pub(crate) fn kind(&self) -> Type {
        match self {
            Tree::Null => Type::Null,
            Tree::Flag(_) => Type::Flag,
            Tree::Number(number) if number.is_i64() => Type::Integer,
            Tree::Number(_) => Type::Fraction,
            Tree::Text(_) => Type::Text,
            Tree::List(_) => Type::List,
            Tree::Object(_) => Type::Object,
        }
    }

    /// Levels of nesting; 1 for an empty list, 0 for what is no container.
    pub(crate) fn depth(&self) -> usize {
        match self {
            Tree::List(items) => 1 + items.iter().map(Tree::depth).max().unwrap_or(0),
            Tree::Object(members) => 1 + members.values().map(Tree::depth).max().unwrap_or(0),
            _ => 0,
        }
    }

    /// The document as the core takes it.
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Tree::Null => Value::Null,
            Tree::Flag(flag) => Value::Bool(*flag),
            Tree::Number(number) => Value::Number(number.clone()),
            Tree::Text(text) => Value::String(text.as_str().to_owned()),
            Tree::List(items) => items.iter().map(Tree::to_json).collect(),
            Tree::Object(members) => Value::Object(members_to_json(members)),
        }
    }

    /// The members of an object as the core takes them; `None` for any other value.
    pub(crate) fn to_object(&self) -> Option<Map<String, Value>> {
        match self {
            Tree::Object(members) => Some(members_to_json(members)),
            _ => None,
        }
    }
}

fn members_to_json(members: &IndexMap<Text, Tree>) -> Map<String, Value> {
    members
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), value.to_json()))
        .collect()
}

impl From<Value> for Tree {
    fn from(value: Value) -> Tree {
        match value {
            Value::Null => Tree::Null,
            Value::Bool(flag) => Tree::Flag(flag),
            Value::Number(number) => Tree::Number(number),
            Value::String(text) => Tree::Text(text.into()),
            Value::Array(items) => Tree::List(items.into_iter().map(Tree::from).collect()),
            Value::Object(members) => Tree::Object(
                members
                    .into_iter()
                    .map(|(name, value)| (name.into(), value.into()))
                    .collect(),
            ),
        }
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Tree::Null => serializer.serialize_unit(),
            Tree::Flag(flag) => serializer.serialize_bool(*flag),
            Tree::Number(number) => number.serialize(serializer),
            Tree::Text(text) => serializer.serialize_str(text.as_str()),
            Tree::List(items) => serializer.collect_seq(items),
            Tree::Object(members) => serializer.collect_map(members.iter().map(|(name, value)| (name.as_str(), value))),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Tree;

    #[test]
    fn what_goes_in_comes_out_in_the_same_order() {
        let document = json!({"z": [1, -1, 0.5, u64::MAX], "a": {"n": null, "t": "语音\u{0}\"", "f": true}, "": []});
        let tree = Tree::from(document.clone());
        assert_eq!(tree.to_json(), document);
        assert_eq!(serde_json::to_string(&tree).unwrap(), document.to_string());
        assert_eq!(tree.depth(), 2);
        assert_eq!(Tree::from(Value::Null).depth(), 0);
    }
}
