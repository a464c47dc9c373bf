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
