//! The C++ test program in `ffi/tests/cpp`, built by each compiler in several ways.

use std::path::PathBuf;

use super::library::Library;
use super::programs::{HELPERS, SANITIZERS};
use crate::command::{self, root};
use crate::tally::Tally;

const FLAGS: &[&str] = &["-g", "-Wall", "-Wextra", "-Wpedantic", "-Werror"];

/// Compiler, standard, further flags.
const WAYS: &[(&str, &str, &[&str])] = &[
    ("g++", "c++17", &[]),
    ("g++", "c++20", SANITIZERS),
    ("clang++", "c++17", &[]),
];

pub(super) fn test(library: &Library, tally: &mut Tally) -> Result<(), String> {
    let helpers = helpers(library)?;
    for (compiler, standard, further) in WAYS {
        let executable = library.folder.join(format!("test_voicecall-{compiler}-{standard}"));
        let mut arguments: Vec<String> = FLAGS.iter().chain(*further).map(|flag| (*flag).to_owned()).collect();
        arguments.push(format!("-std={standard}"));
        arguments.extend(["include", "ffi/tests/c"].map(|folder| format!("-I{}", root().join(folder).display())));
        arguments.push(root().join("ffi/tests/cpp/test_voicecall.cpp").display().to_string());
        arguments.extend(helpers.iter().map(|object| object.display().to_string()));
        arguments.extend(["-o".to_owned(), executable.display().to_string()]);
        arguments.extend([
            format!("-L{}", library.folder.display()),
            "-lvoicecall".into(),
            "-lpthread".into(),
        ]);
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        if let Err(fault) = command::output(compiler, &arguments) {
            tally.check(
                &format!("the C++ test is built by {compiler} as {standard}"),
                Err(fault),
            );
            continue;
        }
        let folder = library.folder.to_string_lossy();
        let finished = command::run(&executable.to_string_lossy(), &[], &[("LD_LIBRARY_PATH", &folder)])?;
        tally.add(Tally::of(&finished));
    }
    Ok(())
}

/// The helpers are C, and stay C.
fn helpers(library: &Library) -> Result<Vec<PathBuf>, String> {
    let compiled = HELPERS.iter().map(|name| {
        let object = library.folder.join(name).with_extension("o");
        let source = root().join("ffi/tests/c").join(name);
        let include = format!("-I{}", root().join("include").display());
        let (source, output) = (source.to_string_lossy(), object.to_string_lossy());
        command::output("gcc", &["-std=c11", "-g", "-c", &include, &source, "-o", &output])?;
        Ok(object.clone())
    });
    compiled.collect()
}
