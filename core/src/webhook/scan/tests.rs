//! JSON texts, right and wrong.

use proptest::prelude::*;

use super::{Fault, MAX_DEPTH, Scanner, first_special};

fn scan(text: &str) -> Result<(), Fault> {
    whole(Scanner::new(text))
}

fn scan_leniently(text: &str) -> Result<(), Fault> {
    whole(Scanner::lenient(text))
}

fn whole(mut scanner: Scanner<'_>) -> Result<(), Fault> {
    scanner.start();
    scanner.value(0)?;
    scanner.finish()
}

#[test]
fn grammatical_texts_pass() {
    for text in [
        "0",
        "-0",
        "-12.50e+7",
        "1E-2",
        r#""""#,
        r#""a\"\\\/\b\f\n\r\t\u00e9""#,
        "[]",
        " [ ] ",
        "{}",
        "{ }\n",
        r#"{"a":[true,false,null,{"b":"语音"}]}"#,
        "\"\u{7f}\"",
    ] {
        assert_eq!(scan(text), Ok(()), "{text}");
    }
}

#[test]
fn faults_name_reason_and_place() {
    for (text, offset, reason) in [
        ("", 0, "the text ends too early"),
        ("nul", 0, "expected a value"),
        ("01", 1, "text after the end of the JSON value"),
        ("[01]", 2, "expected , or ]"),
        ("[1,]", 3, "expected a value"),
        ("[-]", 2, "expected a digit"),
        ("[1.]", 3, "expected a digit"),
        ("[1e]", 3, "expected a digit"),
        ("{\"a\" 1}", 5, "expected :"),
        ("{\"a\":1 \"b\":2}", 7, "expected , or }"),
        ("{a:1}", 1, "expected a name in double quotes"),
        ("{\"a\":1,}", 7, "expected a name in double quotes"),
        ("\"abc", 4, "the text ends too early"),
        ("\"a\nb\"", 2, "a control character inside a string"),
        ("\"eight888\u{1f}\"", 9, "a control character inside a string"),
        (r#""a\q""#, 2, "an escape that JSON does not have"),
        (r#""\u12g4""#, 1, "\\u without four hexadecimal digits"),
        (r#""\u12"#, 5, "the text ends too early"),
        (r#""\"#, 2, "the text ends too early"),
        (r#""\xe5""#, 1, "bytes that are not UTF-8 text"),
        ("+1", 0, "expected a value"),
        ("NaN", 0, "expected a value"),
        ("\u{feff}1", 0, "expected a value"),
    ] {
        assert_eq!(scan(text), Err(Fault { offset, reason }), "{text}");
    }
}

#[test]
fn depth_is_limited_at_32() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert_eq!(scan(&nested(MAX_DEPTH)), Ok(()));
    let fault = scan(&nested(MAX_DEPTH + 1)).unwrap_err();
    assert_eq!((fault.offset, fault.reason), (32, "more than 32 levels of nesting"));
    assert!(scan(&r#"{"a":"#.repeat(500_000)).is_err());
}

#[test]
fn leniently_a_value_without_meaning_passes_where_its_end_is_certain() {
    for text in [
        "NaN",
        "-Infinity",
        "007",
        "+1",
        "[1,]",
        "{\"a\":1 , }",
        "\"a\tb\nc\"",
        "[undefined, .5, 1.]",
        r#"["\ud83d"]"#,
    ] {
        assert_eq!(scan_leniently(text), Ok(()), "{text}");
    }
    let deep = r#"[{"a}":"#.repeat(100_000) + "1" + &"}]".repeat(100_000);
    assert_eq!(scan_leniently(&deep), Ok(()));
    for text in [
        "",
        "[,]",
        "[1,,2]",
        "\"a\0\"",
        r#""a\q""#,
        "{a:1}",
        "[1 2]",
        "\"a\"b",
        "{\"a\"}",
        &deep[..deep.len() - 1],
        &deep.replace("1}", "1]"),
    ] {
        assert!(scan_leniently(text).is_err(), "{}", text.get(..40).unwrap_or(text));
    }
}

#[test]
fn every_byte_is_classified_in_every_place() {
    for byte in 0..=u8::MAX {
        for place in 0..8 {
            for filler in [b'a', 0x80, 0xff, 0x21, 0x23, 0x5b, 0x5d] {
                let mut chunk = [filler; 8];
                chunk[place] = byte;
                let special = byte < 0x20 || byte == b'"' || byte == b'\\';
                assert_eq!(
                    first_special(u64::from_le_bytes(chunk)),
                    special.then_some(place),
                    "{byte:#x}"
                );
            }
        }
    }
}

/// JSON texts, true and broken: pieces of JSON in any order reach deeper than random characters.
fn json_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(","),
        Just(":"),
        Just("\""),
        Just("\\"),
        Just("\\u12"),
        Just("\"a\""),
        Just("\"b\\n\""),
        Just("1"),
        Just("-0.5e3"),
        Just("01"),
        Just("true"),
        Just("null"),
        Just(" "),
        Just("语"),
        Just("\u{1}"),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    /// serde_json, told to read and forget, is the judge of grammar.
    #[test]
    fn accepts_what_serde_json_accepts(text in prop_oneof![json_like(), ".{0,40}"]) {
        let theirs = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
        prop_assert_eq!(scan(&text).is_ok(), theirs, "{}", text);
        prop_assert!(!theirs || scan_leniently(&text).is_ok(), "{}", text);
    }
}
