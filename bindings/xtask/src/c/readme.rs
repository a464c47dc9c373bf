//! The programs in C and C++ in the READMEs: whole ones place a call on the local platform, and everything else compiles. A
//! snippet that does not is worse than none.

use std::fs;
use std::process::Command;

use super::library::Library;
use crate::command::{self, root};
use crate::sandbox::Sandbox;
use crate::tally::Tally;

/// A language: the word at its blocks, its compiler, and how strict that is.
const LANGUAGES: [(&str, &str, &str); 2] = [("c", "gcc", "-std=c99"), ("cpp", "g++", "-std=c++17")];

pub(super) fn test(library: &Library, tally: &mut Tally) -> Result<(), String> {
    let sandbox = Sandbox::start()?;
    for readme in ["README.md", "ffi/README.md"] {
        let text = fs::read_to_string(root().join(readme)).map_err(|error| format!("{readme}: {error}"))?;
        for language in LANGUAGES {
            let snippets = fenced(&text, language.0);
            if snippets.is_empty() {
                let fact = format!("{readme} has a program in {}", language.0);
                tally.check(&fact, Err("it has none".to_owned()));
            }
            for (index, snippet) in snippets.iter().enumerate() {
                tally.check(
                    &format!("{} number {} in {readme} works", language.0, index + 1),
                    works(library, &sandbox, language, snippet),
                );
            }
        }
    }
    Ok(())
}

fn works(
    library: &Library,
    sandbox: &Sandbox,
    (word, compiler, standard): (&str, &str, &str),
    snippet: &str,
) -> Result<(), String> {
    let (source, program) = (
        library.folder.join(format!("readme.{word}")),
        library.folder.join("readme"),
    );
    fs::write(&source, snippet).map_err(|error| format!("{}: {error}", source.display()))?;
    let include = format!("-I{}", root().join("include").display());
    let (libraries, source) = (format!("-L{}", library.folder.display()), source.to_string_lossy());
    let strict = [standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror", &include, &source];
    if !snippet.contains("int main(") {
        return command::output(compiler, &[&strict[..], &["-fsyntax-only"]].concat()).map(drop);
    }
    let path = program.to_string_lossy();
    let linked = [&strict[..], &["-o", &path, &libraries, "-lvoicecall"]].concat();
    command::output(compiler, &linked)?;
    let mut run = Command::new(&program);
    run.envs(sandbox.environment()).env("LD_LIBRARY_PATH", &library.folder);
    let finished = run.output().map_err(|error| format!("{path}: {error}"))?;
    let printed = String::from_utf8_lossy(&finished.stdout);
    if printed.starts_with("calling: 1201_") {
        return Ok(());
    }
    let complaint = String::from_utf8_lossy(&finished.stderr);
    Err(format!("it printed {printed:?} and complained {complaint:?}"))
}

/// The contents of the blocks that begin with three backticks and this word.
pub(crate) fn fenced<'a>(text: &'a str, word: &str) -> Vec<&'a str> {
    let opening = format!("\n```{word}\n");
    let blocks = text.split(&opening).skip(1);
    blocks.filter_map(|block| Some(block.split_once("\n```")?.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::fenced;

    #[test]
    fn only_blocks_of_the_language_are_taken() {
        let text = "a\n```c\nint x;\nint y;\n```\nb\n```cpp\nz\n```\n";
        assert_eq!(fenced(text, "c"), ["int x;\nint y;"]);
        assert_eq!(fenced(text, "cpp"), ["z"]);
    }
}
