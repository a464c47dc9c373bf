//! Mistakes that the typed headers turn into compile errors: each file in `ffi/tests/refused` compiles, and does not when
//! REFUSED is defined. Both are checked, so that a file cannot be refused for another reason.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::{self, root};
use crate::tally::Tally;

const FLAGS: &[&str] = &["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"];

pub(super) fn test(tally: &mut Tally) -> Result<(), String> {
    for file in files()? {
        let (compilers, standard) = match file.extension().and_then(|extension| extension.to_str()) {
            Some("c") => (["gcc", "clang"], "-std=c99"),
            _ => (["g++", "clang++"], "-std=c++17"),
        };
        for compiler in compilers {
            let fact = format!("{} is refused by {compiler}", name(&file));
            tally.check(&fact, only_when_refused(compiler, standard, &file));
        }
    }
    Ok(())
}

fn only_when_refused(compiler: &str, standard: &str, file: &Path) -> Result<(), String> {
    compile(compiler, standard, &[], file)?;
    match compile(compiler, standard, &["-DREFUSED"], file) {
        Ok(()) => Err("it compiles".to_owned()),
        Err(_) => Ok(()),
    }
}

fn compile(compiler: &str, standard: &str, defines: &[&str], file: &Path) -> Result<(), String> {
    let (include, file) = (
        format!("-I{}", root().join("include").display()),
        file.to_string_lossy(),
    );
    let arguments = [FLAGS, defines, &[standard, &include, &file]].concat();
    command::output(compiler, &arguments).map(drop)
}

fn files() -> Result<Vec<PathBuf>, String> {
    let folder = root().join("ffi/tests/refused");
    let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    Ok(files)
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().replace('_', " ")
}
