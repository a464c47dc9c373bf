//! Documentation of the core as text that any language's comments can hold.
//!
//! The core writes for rustdoc: links in brackets, and names as Rust has them. Readers of other languages get the same
//! sentences without link targets and with names in their own case.

use std::collections::BTreeMap;

use crate::case::Case;

/// Names of fields and operations as documentation mentions them, each with the name that users know it by.
pub(crate) type Names = BTreeMap<String, String>;

/// Turns documentation of the core into plain paragraphs, one per line: links lose their targets, and names of the
/// service in backticks take the language's case.
pub(crate) fn plain(doc: &str, names: &Names, case: Case) -> String {
    let paragraphs = doc.trim().split("\n\n").map(|paragraph| {
        let words = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        renamed(&without_links(&words), names, case)
    });
    paragraphs.collect::<Vec<_>>().join("\n")
}

/// Breaks each line at `width` columns, `prefix` included, and puts `prefix` before every line.
pub(crate) fn wrapped(text: &str, prefix: &str, width: usize) -> String {
    let options = textwrap::Options::new(width.saturating_sub(prefix.chars().count()))
        // A name or an address is never cut.
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit);
    let lines = text.lines().flat_map(|line| textwrap::wrap(line, &options));
    lines
        .map(|line| format!("{prefix}{line}").trim_end().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

/// A comment between `/**` and `*/`: on one line where it fits, else one line per line of `text`, broken at `width`.
pub(crate) fn block_comment(text: &str, indent: &str, width: usize) -> String {
    // What would end the comment must not stand in it.
    let text = text.trim().replace("*/", "* /");
    let one_line = format!("{indent}/** {text} */");
    if !text.contains('\n') && one_line.chars().count() <= width {
        return one_line;
    }
    format!(
        "{indent}/**\n{}\n{indent} */",
        wrapped(&text, &format!("{indent} * "), width)
    )
}

/// Text for an XML comment: nothing in it is taken for a tag, and what stood in backticks is code.
pub(crate) fn xml(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mut pieces = text.split('`');
    let mut marked = pieces.next().unwrap_or_default().to_owned();
    for (index, piece) in pieces.enumerate() {
        marked += if index % 2 == 0 { "<c>" } else { "</c>" };
        marked += piece;
    }
    marked
}

/// Text for a Javadoc comment: nothing in it is taken for a tag, what stood in backticks is code, and each line is a
/// paragraph.
pub(crate) fn javadoc(text: &str) -> String {
    let paragraphs = text.trim().lines().map(|paragraph| {
        let pieces = paragraph.split('`').enumerate().map(|(index, piece)| match index % 2 {
            0 => piece.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
            _ => format!("{{@code {piece}}}"),
        });
        pieces.collect::<String>()
    });
    paragraphs.collect::<Vec<_>>().join("\n\n<p>")
}

/// `[text](target)` and ``[`name`]`` become their text.
fn without_links(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, link)) = rest.split_once("[`") {
        plain.push_str(before);
        let Some((name, after)) = link.split_once("`]") else {
            plain.push_str("[`");
            rest = link;
            continue;
        };
        plain.push('`');
        plain.push_str(name);
        plain.push('`');
        rest = match after.strip_prefix('(').and_then(|target| target.split_once(')')) {
            Some((_, after)) => after,
            None => after,
        };
    }
    plain + rest
}

/// Names in backticks in the wanted case; of a path in Rust only the last name, which is a method or an attribute. Whatever
/// else stands in backticks, wire values above all, stays as it is.
fn renamed(text: &str, names: &Names, case: Case) -> String {
    let pieces = text.split('`').enumerate().map(|(index, piece)| {
        // Every second piece stood between backticks.
        if index % 2 == 0 {
            return piece.to_owned();
        }
        match (names.get(piece), piece.rsplit_once("::")) {
            (Some(name), _) => case.apply(name),
            (None, Some((_, last))) => case.apply(last),
            (None, None) => piece.to_owned(),
        }
    });
    pieces.collect::<Vec<_>>().join("`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        [("callee_nbr", "callee_nbr"), ("timeout", "timeout_ms")]
            .map(|(from, to)| (from.to_owned(), to.to_owned()))
            .into()
    }

    #[test]
    fn links_lose_their_targets_and_known_names_change_case() {
        let doc = "Rings `callee_nbr`\n(see [`explain`](Cdr::explain) and [`ErrorKind`]), value `call_stop`.\n\nSee `timeout`.\n";
        assert_eq!(
            plain(doc, &names(), Case::Camel),
            "Rings `calleeNbr` (see `explain` and `ErrorKind`), value `call_stop`.\nSee `timeoutMs`."
        );
    }

    #[test]
    fn a_path_in_rust_is_its_last_name() {
        assert_eq!(
            plain("See `Error::attempt_tag`, not `a:b`.", &names(), Case::Pascal),
            "See `AttemptTag`, not `a:b`."
        );
    }

    #[test]
    fn what_only_looks_like_a_link_stays() {
        assert_eq!(plain("a [`b c", &names(), Case::Snake), "a [`b c");
        assert_eq!(plain("[x](y) [`z`] (w)", &names(), Case::Snake), "[x](y) `z` (w)");
    }

    #[test]
    fn a_comment_takes_one_line_or_as_many_as_it_needs_and_never_ends_early() {
        assert_eq!(block_comment("One.\n", "  ", 20), "  /** One. */");
        assert_eq!(
            block_comment("one two three four", "", 14),
            "/**\n * one two\n * three four\n */"
        );
        assert_eq!(block_comment("a */ b", "", 20), "/** a * / b */");
    }

    #[test]
    fn an_xml_comment_holds_code_and_no_tags() {
        assert_eq!(xml("`a` < b & `c`"), "<c>a</c> &lt; b &amp; <c>c</c>");
    }

    #[test]
    fn a_javadoc_comment_holds_code_paragraphs_and_no_tags() {
        assert_eq!(
            javadoc("`a<b` < c & `d`\nNext."),
            "{@code a<b} &lt; c &amp; {@code d}\n\n<p>Next."
        );
    }

    #[test]
    fn every_line_has_the_prefix_and_keeps_the_width() {
        let text = wrapped("one two three four\nfive", " * ", 12);
        assert_eq!(text, " * one two\n * three\n * four\n * five");
    }
}
