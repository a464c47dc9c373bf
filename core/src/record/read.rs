//! How a record is read, from JSON text or from a document in memory: member by member, without a copy of the whole between.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::FromNatural;
use super::place::Place;
use super::value::wrong_type;
use crate::error::{Error, Rule};

/// The fault that ends a reading. Formats have errors of their own, which cannot carry ours.
#[derive(Debug, Default)]
pub struct Reading(Option<Error>);

impl Reading {
    /// Keeps the error, and gives the format's with which to end.
    pub fn ends<E: serde::de::Error>(&mut self, error: Error) -> E {
        self.0 = Some(error);
        E::custom("see the reading's fault")
    }
}

/// Reads a record of a document in memory.
pub(super) fn document<T: FromNatural>(members: Map<String, Value>) -> Result<T, Error> {
    let mut reading = Reading::default();
    let record = Object::<T>::new(&Place::Root, &mut reading).deserialize(members);
    record.map_err(|error| reading.0.unwrap_or_else(|| not_json(&error)))
}

/// Reads a record of JSON text.
pub(super) fn text<T: FromNatural>(json: &str) -> Result<T, Error> {
    let mut reading = Reading::default();
    let mut text = serde_json::Deserializer::from_str(json);
    let record = Object::<T>::new(&Place::Root, &mut reading).deserialize(&mut text);
    let whole = record.and_then(|record| text.end().map(|()| record));
    whole.map_err(|error| reading.0.unwrap_or_else(|| not_json(&error)))
}

/// The parser names position and reason, not the text.
fn not_json(error: &serde_json::Error) -> Error {
    let message = format!("not JSON: {error}");
    Error::invalid_argument(&Place::Root.pointer(), Rule::Type, message)
}

/// The name of a member, borrowed where the text has it as it is.
pub struct Name<'de>(Cow<'de, str>);

impl Name<'_> {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name<'de>, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// What a visitor does not take is of the wrong type.
macro_rules! refuse {
    ($expected:literal: $($method:ident($ty:ty)),+) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str($expected)
        }

        $(fn $method<E: serde::de::Error>(self, value: $ty) -> Result<Self::Value, E> {
            Err(self.reading.ends(wrong_type(self.at, $expected, &Value::from(value))))
        })+
    };
}

/// Reads an object into a record.
struct Object<'a, T> {
    at: &'a Place<'a>,
    reading: &'a mut Reading,
    record: PhantomData<T>,
}

impl<'a, T> Object<'a, T> {
    fn new(at: &'a Place<'a>, reading: &'a mut Reading) -> Object<'a, T> {
        Object {
            at,
            reading,
            record: PhantomData,
        }
    }
}

impl<'de, T: FromNatural> DeserializeSeed<'de> for Object<'_, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: FromNatural> Visitor<'de> for Object<'_, T> {
    type Value = T;

    refuse!("an object": visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));

    fn visit_unit<E: serde::de::Error>(self) -> Result<T, E> {
        Err(self.reading.ends(wrong_type(self.at, "an object", &Value::Null)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<T, A::Error> {
        Err(self
            .reading
            .ends(wrong_type(self.at, "an object", &Value::Array(Vec::new()))))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        T::read_members(members, self.at, self.reading)
    }
}

/// Reads a list of objects; `null` is the same as absent.
pub(super) struct Objects<'a, T> {
    pub(super) at: &'a Place<'a>,
    pub(super) reading: &'a mut Reading,
    pub(super) record: PhantomData<T>,
}

impl<'de, T: FromNatural> DeserializeSeed<'de> for Objects<'_, T> {
    type Value = Option<Vec<T>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Vec<T>>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: FromNatural> Visitor<'de> for Objects<'_, T> {
    type Value = Option<Vec<T>>;

    refuse!("a list of objects": visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));

    fn visit_unit<E: serde::de::Error>(self) -> Result<Option<Vec<T>>, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Option<Vec<T>>, A::Error> {
        let got = Value::Object(Map::new());
        Err(self.reading.ends(wrong_type(self.at, "a list of objects", &got)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Option<Vec<T>>, A::Error> {
        let mut records = Vec::new();
        loop {
            let at = Place::Item(self.at, records.len());
            match items.next_element_seed(Object::new(&at, self.reading))? {
                Some(record) => records.push(record),
                None => return Ok(Some(records)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::calls::VoiceNotification;
    use crate::record::FromNatural;

    /// The field at fault and the message, the same for text and for a document in memory.
    fn fault(json: &str) -> (String, String) {
        let of_text = VoiceNotification::from_json(json).unwrap_err();
        if let Ok(Value::Object(document)) = serde_json::from_str(json) {
            let of_document = VoiceNotification::from_natural(document).unwrap_err();
            assert_eq!(of_document.to_string(), of_text.to_string(), "{json}");
        }
        (of_text.field().unwrap_or_default().to_owned(), of_text.to_string())
    }

    #[test]
    fn a_fault_is_told_by_its_place_and_by_the_type_that_belongs_there() {
        for (json, place, tells) in [
            (
                r#"{"calleeNbr":13800000021}"#,
                "/calleeNbr",
                "expected a text, got a number",
            ),
            (
                r#"{"playInfoList":{}}"#,
                "/playInfoList",
                "expected a list of objects, got an object",
            ),
            (
                r#"{"playInfoList":"a"}"#,
                "/playInfoList",
                "expected a list of objects, got a text",
            ),
            (
                r#"{"playInfoList":[{},null]}"#,
                "/playInfoList/1",
                "expected an object, got null",
            ),
            (
                r#"{"playInfoList":[[]]}"#,
                "/playInfoList/0",
                "expected an object, got a list",
            ),
            (
                r#"{"playInfoList":[{"templateParas":["a",true]}]}"#,
                "/playInfoList/0/templateParas/1",
                "expected a text, got a boolean",
            ),
            (
                r#"{"playInfoList":[{"collectInd":1.5}]}"#,
                "/playInfoList/0/collectInd",
                "expected a whole number, got a fractional number",
            ),
            (r#"{"extra":1}"#, "/extra", "expected an object, got a number"),
            (r#"{"a/b":null}"#, "/a~1b", "no such field in VoiceNotification"),
            ("[]", "", "expected an object, got a list"),
            (r#"{"calleeNbr":"1""#, "", "not JSON"),
            ("{} 1", "", "not JSON: trailing characters"),
        ] {
            let (field, message) = fault(json);
            assert_eq!(field, place, "{json}");
            assert!(message.contains(tells), "{json}: {message}");
        }
    }

    #[test]
    fn null_is_absent_and_of_a_member_that_comes_twice_the_last_one_counts() {
        let json = r#"{"calleeNbr":"+861","playInfoList":null,"callee\u004ebr":"+862","userData":null,"extra":null}"#;
        let read = VoiceNotification::from_json(json).unwrap();
        assert!(read == VoiceNotification::new().callee_nbr("+862"));
    }
}
