//! What stands in hand-written files although it follows the core: these tests fail when the core has grown past them.

#![allow(clippy::panic, reason = "a test says so when it fails")]

use std::fs;
use std::path::Path;

use voicecall_core::calls::OPERATIONS;

fn repository_file(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Some compilers read other bytes in the code page of the day.
#[test]
fn headers_are_ascii() {
    for header in [
        "voicecall.h",
        "voicecall_calls.h",
        "voicecall.hpp",
        "voicecall_calls.hpp",
    ] {
        let text = repository_file(&format!("include/{header}"));
        let line = text.lines().position(|line| !line.is_ascii());
        assert_eq!(
            line, None,
            "include/{header} has other characters in the line after this one"
        );
    }
}

#[test]
fn the_cpp_client_has_a_method_for_every_operation() {
    let header = repository_file("include/voicecall.hpp");
    for operation in OPERATIONS {
        let method = format!(" {}(", operation.name);
        assert!(header.contains(&method), "voicecall::Client lacks {}", operation.name);
    }
}

/// The attributes of an error: those of the core that are texts, and the HTTP status.
fn error_attributes() -> Vec<String> {
    let header = repository_file("include/voicecall.h");
    let texts = header
        .lines()
        .filter_map(|line| line.trim().strip_prefix("VOICECALL_ERROR_")?.split_once(" = "))
        .map(|(name, _)| name.to_lowercase())
        // What every exception has, by its language's own name.
        .filter(|name| name != "message");
    let names: Vec<_> = texts.chain(["http_status".to_owned()]).collect();
    assert!(names.len() > 10, "{names:?}");
    names
}

fn pascal(name: &str) -> String {
    heck::ToPascalCase::to_pascal_case(name)
}

#[test]
fn the_csharp_exception_has_a_property_for_every_attribute() {
    let class = repository_file("bindings/csharp/src/VoiceCallException.cs");
    for name in error_attributes() {
        let property = format!(" {} {{ get;", pascal(&name));
        assert!(class.contains(&property), "VoiceCallException lacks {name}");
    }
}

#[test]
fn the_php_exception_has_a_getter_for_every_attribute() {
    let interface = repository_file("bindings/php/src/VoiceCallException.php");
    for name in error_attributes() {
        let getter = format!(" get{}(): ", pascal(&name));
        assert!(interface.contains(&getter), "VoiceCallException lacks {name}");
    }
}
