//! The headers by themselves: what they declare, and that every compiler takes them without a warning.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::command::{self, root};
use crate::tally::Tally;

const WARNINGS: &[&str] = &["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"];

/// A compiler, the language as it calls it, and the standards that headers are held to.
struct Language {
    compilers: &'static [&'static str],
    name: &'static str,
    standards: &'static [&'static str],
    /// Headers for this language end so.
    extensions: &'static [&'static str],
}

const LANGUAGES: &[Language] = &[
    Language {
        compilers: &["gcc", "clang"],
        name: "c",
        standards: &["c99", "c11", "c17", "c2x"],
        extensions: &["h"],
    },
    Language {
        compilers: &["g++", "clang++"],
        name: "c++",
        standards: &["c++11", "c++17", "c++20"],
        extensions: &["h"],
    },
    Language {
        compilers: &["g++", "clang++"],
        name: "c++",
        standards: &["c++17", "c++20"],
        extensions: &["hpp"],
    },
];

/// Compiles each header alone.
pub(super) fn test(tally: &mut Tally) {
    for language in LANGUAGES {
        for header in headers(language.extensions) {
            for (compiler, standard) in language
                .compilers
                .iter()
                .flat_map(|compiler| language.standards.iter().map(move |s| (compiler, s)))
            {
                let name = header.file_name().unwrap_or_default().to_string_lossy();
                tally.check(
                    &format!("{name} compiles alone with {compiler} -std={standard}"),
                    compile_alone(compiler, language.name, standard, &name),
                );
            }
        }
    }
}

/// The names of the functions that `voicecall.h` declares.
pub(super) fn declared_functions() -> Result<BTreeSet<String>, String> {
    let header = fs::read_to_string(include().join("voicecall.h")).map_err(|error| format!("voicecall.h: {error}"))?;
    Ok(functions(&header))
}

/// Declarations stand at the beginning of a line; comments and typedefs do not.
fn functions(header: &str) -> BTreeSet<String> {
    let declarations = header
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    let names = declarations.filter_map(|line| {
        let name = line.split_once('(')?.0.rsplit([' ', '*']).next()?;
        (!line.starts_with("typedef") && name.starts_with("voicecall_")).then(|| name.to_owned())
    });
    names.collect()
}

fn compile_alone(compiler: &str, language: &str, standard: &str, header: &str) -> Result<(), String> {
    let (include, standard) = (format!("-I{}", include().display()), format!("-std={standard}"));
    // A header as main file warns about itself; included by an empty file it is what programs see.
    let arguments = [
        WARNINGS,
        &["-x", language, &standard, &include, "-include", header, "/dev/null"],
    ]
    .concat();
    command::output(compiler, &arguments).map(drop)
}

fn headers(extensions: &[&str]) -> Vec<PathBuf> {
    let entries = fs::read_dir(include())
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let wanted = |path: &PathBuf| {
        let extension = path.extension().unwrap_or_default();
        extensions.iter().any(|wanted| extension == *wanted)
    };
    let mut headers: Vec<_> = entries.filter(wanted).collect();
    headers.sort();
    headers
}

fn include() -> PathBuf {
    root().join("include")
}

#[cfg(test)]
mod tests {
    use super::functions;

    #[test]
    fn declarations_are_found_and_nothing_else() {
        let header = "\
            typedef int32_t (*voicecall_progress)(uint64_t bytes);\n\
            /**\n * See voicecall_comment().\n */\n\
            voicecall_status voicecall_value_new(voicecall_value **value,\n                 voicecall_error **error);\n\
            const char *voicecall_version(void);\n";
        assert_eq!(
            functions(header).into_iter().collect::<Vec<_>>(),
            ["voicecall_value_new", "voicecall_version"]
        );
    }
}
