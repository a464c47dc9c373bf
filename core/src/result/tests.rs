use serde_json::json;

use super::{AttributeType, closed_set};
use crate::descriptor::FieldType;

closed_set! {
    /// Colours.
    pub enum Colour {
        /// Like a rose.
        Red = "red",
        /// Like the sky at night.
        DarkBlue = "dark_blue",
    }
}

result! {
    /// A part.
    #[derive(Clone)]
    pub struct Part: "pushes.md 6" {
        /// A number to dial.
        number: Option<String> as PhoneNumber,
        /// Its colour.
        colour: Colour,
    }
}

result! {
    /// A whole.
    #[derive(Clone)]
    pub struct Whole<'a>: "pushes.md 6" {
        /// Its parts.
        parts: Vec<Part>,
        /// Keys that were pressed.
        keys: Option<std::borrow::Cow<'a, str>> as Digits,
    }
    computed {
        /// How many parts.
        count: usize = |whole| whole.parts.len(),
    }
    own {
        /// Not an attribute.
        secret: u8,
    }
}

fn whole() -> Whole<'static> {
    let part = |number: Option<&str>, colour| Part {
        number: number.map(str::to_owned),
        colour,
    };
    Whole {
        parts: vec![part(Some("+8613800000021"), Colour::Red), part(None, Colour::DarkBlue)],
        keys: Some("12#".into()),
        secret: 77,
    }
}

#[test]
fn json_has_the_attributes_that_are_present_and_no_other_member() {
    let expected = json!({
        "parts": [{ "number": "+8613800000021", "colour": "red" }, { "colour": "dark_blue" }],
        "keys": "12#",
        "count": 2,
    });
    assert_eq!(json!(whole().to_json()), expected);
    assert_eq!(json!(whole().parts[1].to_json()), json!({ "colour": "dark_blue" }));
    assert_eq!(whole().secret, 77);
}

#[test]
fn the_descriptor_names_types_and_what_may_be_absent() {
    let optional: Vec<_> = Whole::RESULT
        .attributes
        .iter()
        .map(|attribute| (attribute.name, attribute.optional))
        .collect();
    assert_eq!(optional, [("parts", false), ("keys", true), ("count", false)]);
    let ty = |name| Whole::RESULT.attribute(name).unwrap().ty;
    assert!(matches!(ty("keys"), AttributeType::Value(FieldType::Digits)));
    assert!(matches!(ty("parts"), AttributeType::List(AttributeType::Result(part)) if part.name == "Part"));
    assert!(matches!(Part::RESULT.attribute("colour").unwrap().ty, AttributeType::Set(set) if set.name == "Colour"));
}

#[test]
fn debug_masks_numbers_and_hides_keys() {
    assert_eq!(
        format!("{:?}", whole()),
        r#"Whole { parts: [Part { number: "+*********0021", colour: "red" }, Part { colour: "dark_blue" }], keys: ***, count: 2 }"#
    );
}

#[test]
fn a_word_of_a_set_is_found_by_its_id() {
    assert_eq!(Colour::from_id("dark_blue"), Some(Colour::DarkBlue));
    assert_eq!(Colour::from_id("DarkBlue"), None);
    assert_eq!(Colour::Red.to_string(), "red");
    let ids: Vec<_> = Colour::SET.values.iter().map(|value| value.id).collect();
    assert_eq!(ids, ["red", "dark_blue"]);
}
