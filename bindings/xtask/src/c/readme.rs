//! The C and C++ programs in the README compile: a snippet that does not is worse than none.

use std::fs;

use super::library::Library;
use crate::command::{self, root};
use crate::tally::Tally;

pub(super) fn test(library: &Library, tally: &mut Tally) -> Result<(), String> {
    let readme = fs::read_to_string(root().join("README.md")).map_err(|error| format!("README.md: {error}"))?;
    for (fence, compiler, standard) in [("c", "gcc", "-std=c99"), ("cpp", "g++", "-std=c++17")] {
        let programs = fenced(&readme, fence);
        if programs.is_empty() {
            tally.check(
                &format!("the README has a program in {fence}"),
                Err("it has none".to_owned()),
            );
        }
        for program in programs {
            let file = library.folder.join(format!("readme.{fence}"));
            fs::write(&file, program).map_err(|error| format!("{}: {error}", file.display()))?;
            let (include, file) = (
                format!("-I{}", root().join("include").display()),
                file.to_string_lossy(),
            );
            let arguments = [
                standard,
                "-Wall",
                "-Wextra",
                "-Wpedantic",
                "-Werror",
                "-fsyntax-only",
                &include,
                &file,
            ];
            tally.check(
                &format!("the README's program in {fence} compiles"),
                command::output(compiler, &arguments).map(drop),
            );
        }
    }
    Ok(())
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
