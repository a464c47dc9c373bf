//! Texts that are compared with files, so that a change of what people see is seen in review. See tests/golden/README.md.

use std::path::Path;

/// Set to `write` to accept what there is now.
const SWITCH: &str = "VOICECALL_GOLDEN";

/// Compares the text with the file of this name.
#[track_caller]
pub fn check(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var(SWITCH).is_ok_and(|value| value == "write") {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        return std::fs::write(&path, text).expect("written");
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        text == wanted,
        "{name} differs. If that is meant: {SWITCH}=write cargo test -p voicecall-cli\n\
         --- wanted\n{wanted}\n--- found\n{text}"
    );
}

/// The text with what differs from run to run replaced: session ids, ports, times.
pub fn normalised(text: &str) -> String {
    let mut text = text.to_owned();
    for (before, of, name) in [
        ("http://127.0.0.1:", digit as fn(char) -> bool, "<port>"),
        (" 127.0.0.1:", digit, "<port>"),
        ("Nonce=\"", word, "<nonce>"),
        ("Created=\"", time, "<created>"),
        (" in ", digit, "<n>"),
    ] {
        text = replaced_behind(&text, before, of, name);
    }
    let words = text.split_inclusive([' ', '\n']).map(|word| {
        let bare = word.trim_end();
        let rest = word.strip_prefix(bare).unwrap_or_default();
        match bare {
            id if id.contains("@callenabler") => format!("<session id>{rest}"),
            file if file.ends_with(".wav") && file.starts_with("20") => format!("<recording>.wav{rest}"),
            clock if clock.len() == 8 && clock.matches(':').count() == 2 => format!("<clock>{rest}"),
            _ => word.to_owned(),
        }
    });
    words.collect()
}

fn digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn word(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

fn time(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == ':' || c == '-'
}

/// Replaces the characters of this kind that follow `before`.
fn replaced_behind(text: &str, before: &str, of: fn(char) -> bool, name: &str) -> String {
    let mut pieces = text.split(before);
    let mut replaced = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let rest = piece.trim_start_matches(of);
        replaced.push_str(before);
        replaced.push_str(if rest.len() < piece.len() { name } else { "" });
        replaced.push_str(rest);
    }
    replaced
}
