//! `include/voicecall.h`: the entry points of `ffi` by cbindgen, under its preamble and its numbers.

use std::fmt::Write;
use std::fs;

use voicecall::numbers::{self, Attribute, EventKind, Member, Type};
use voicecall_codegen::Generated;

use crate::command::root;

const PATH: &str = "include/voicecall.h";

/// Columns of a line in a comment.
const WIDTH: usize = 120;

pub(crate) fn generate() -> Result<Generated, String> {
    let ffi = root().join("ffi");
    let mut config = cbindgen::Config::from_file(ffi.join("cbindgen.toml"))?;
    let preamble = fs::read_to_string(ffi.join("preamble.h")).map_err(|error| format!("ffi/preamble.h: {error}"))?;
    let generated_by = "/* Generated from ffi/ by cbindgen and bindings/xtask; run `cargo xtask gen`. */";
    config.header = Some(format!("{generated_by}\n{}", preamble.trim_end()));
    config.after_includes = Some(constants());
    let bindings = cbindgen::Builder::new().with_crate(&ffi).with_config(config).generate();
    let bindings = bindings.map_err(|error| format!("cbindgen: {error}"))?;
    let mut header = Vec::new();
    bindings.write(&mut header);
    let header = String::from_utf8(header).map_err(|error| error.to_string())?;
    Ok(Generated {
        path: PATH.to_owned(),
        text: for_c_readers(&header),
    })
}

/// What rustdoc asks for under a heading of its own is one more sentence to a C reader.
fn for_c_readers(header: &str) -> String {
    let lines = header.replace(" * # Safety\n * ", " * Memory: ");
    let lines: Vec<_> = lines.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

fn constants() -> String {
    let mut text = version_macros() + LIMITS;
    text += "\n/** What functions return: VOICECALL_OK, VOICECALL_ABSENT or a kind of error. */\ntypedef int32_t voicecall_status;\n";
    text += &enumeration("The values of voicecall_status.", "", &numbers::statuses());
    text += &enumeration(
        "What is known about the request's arrival at the platform.",
        "DELIVERY_",
        &numbers::deliveries(),
    );
    text += &enumeration(
        "Whether placing the call again makes sense.",
        "RETRY_",
        &numbers::retries(),
    );
    text += &enumeration(
        "The texts of an error, for voicecall_error_text().",
        "ERROR_",
        Attribute::MEMBERS,
    );
    text += &enumeration(
        "The types of a value, for voicecall_value_type().",
        "TYPE_",
        Type::MEMBERS,
    );
    text += &enumeration(
        "The kinds of event, for voicecall_event_kind().",
        "EVENT_",
        EventKind::MEMBERS,
    );
    text.trim_end().to_owned()
}

fn version_macros() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let mut text = format!(
        "\n/** The version of this header; voicecall_version() tells the library's. */\n#define VOICECALL_VERSION \"{version}\"\n"
    );
    for (name, number) in ["MAJOR", "MINOR", "PATCH"].iter().zip(version.split(['.', '-'])) {
        let _ = writeln!(text, "#define VOICECALL_VERSION_{name} {number}");
    }
    text += "#define VOICECALL_VERSION_NUMBER \\\n    \
        (VOICECALL_VERSION_MAJOR << 16 | VOICECALL_VERSION_MINOR << 8 | VOICECALL_VERSION_PATCH)\n";
    text
}

/// Limits of C's own types, which cbindgen does not write in C's words.
const LIMITS: &str = "
/** As a length: the text goes to its first NUL. */
#define VOICECALL_NUL_TERMINATED SIZE_MAX

/** As a time: the clock's. */
#define VOICECALL_NOW INT64_MIN

/** As the position of a record: the whole message. */
#define VOICECALL_WHOLE_MESSAGE SIZE_MAX

/** As an integer: the field is not there. */
#define VOICECALL_NO_INTEGER INT64_MIN
";

fn enumeration(doc: &str, prefix: &str, members: &[Member]) -> String {
    let mut text = format!("\n/** {doc} */\nenum {{\n");
    for member in members {
        text += &comment(member.doc);
        let _ = writeln!(
            text,
            "    VOICECALL_{prefix}{} = {},",
            member.id.to_uppercase(),
            member.number
        );
    }
    // C99 and C++11 both take the comma behind the last member.
    text + "};\n"
}

/// A comment of one or more lines, four columns in.
fn comment(doc: &str) -> String {
    let words = without_links(doc);
    let one = format!(
        "    /** {} */\n",
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    );
    if one.trim_end().len() <= WIDTH {
        return one;
    }
    let mut lines = vec![String::new()];
    for word in words.split_whitespace() {
        let line = lines.last().map_or(0, String::len);
        if line > 0 && "     * ".len() + line + 1 + word.len() > WIDTH {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            let blank = if line.is_empty() { "" } else { " " };
            *line += blank;
            *line += word;
        }
    }
    format!("    /**\n     * {}\n     */\n", lines.join("\n     * "))
}

/// ``[`field`](super::Error::field)`` → `field`: the core writes for rustdoc. C readers have no contract at hand either.
fn without_links(doc: &str) -> String {
    let mut text = String::new();
    let mut rest = doc;
    while let Some((before, link)) = rest.split_once("[`") {
        let Some((name, after)) = link.split_once("`]") else {
            break;
        };
        text += before;
        text += name;
        rest = after
            .strip_prefix('(')
            .and_then(|target| target.split_once(')'))
            .map_or(after, |(_, after)| after);
    }
    text += rest;
    while let Some((before, after)) = text.split_once(" (contract ") {
        text = format!("{before}{}", after.split_once(')').map_or("", |(_, after)| after));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{comment, for_c_readers, without_links};

    #[test]
    fn rustdoc_links_become_words() {
        assert_eq!(
            without_links("a [`field`](super::Error::field) of [`Delivery`]."),
            "a field of Delivery."
        );
        assert_eq!(without_links("an array [0]"), "an array [0]");
        assert_eq!(
            without_links("30 minutes (contract requests.md 2.5). Once."),
            "30 minutes. Once."
        );
    }

    #[test]
    fn long_comments_are_broken_and_short_ones_are_not() {
        assert_eq!(comment("Two\nlines.\n"), "    /** Two lines. */\n");
        let long = comment(&"word ".repeat(40));
        assert!(
            long.lines().count() == 4 && long.lines().all(|line| line.len() <= 120),
            "{long}"
        );
    }

    #[test]
    fn the_safety_section_is_told_to_c_readers_as_a_sentence() {
        let header = "/**\n * Reads.\n *\n * # Safety\n * `text` ends with a NUL.\n */\n";
        assert_eq!(
            for_c_readers(header),
            "/**\n * Reads.\n *\n * Memory: `text` ends with a NUL.\n */\n"
        );
    }
}
