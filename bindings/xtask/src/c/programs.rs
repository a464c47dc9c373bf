//! The test programs in `ffi/tests/c`, each built and run in several ways.

use std::fs;
use std::path::{Path, PathBuf};

use super::library::Library;
use crate::command::{self, root};
use crate::tally::Tally;

const FLAGS: &[&str] = &["-std=c11", "-g", "-Wall", "-Wextra", "-Wpedantic", "-Werror"];
pub(super) const SANITIZERS: &[&str] = &["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
/// What Rust's standard library needs when it is linked in.
const SYSTEM: &[&str] = &["-lgcc_s", "-lpthread", "-lm", "-ldl", "-lc"];
const VALGRIND: &[&str] = &[
    "--quiet",
    "--error-exitcode=9",
    "--leak-check=full",
    "--errors-for-leak-kinds=definite,indirect,possible",
];
/// Shared by the programs.
pub(super) const HELPERS: &[&str] = &["check.c", "given.c", "json.c", "server.c"];
/// The runner of the vectors, which wants their folder.
const VECTORS: &str = "vectors";
const PANIC: &str = "panic";

/// How a program is built and run.
#[derive(Clone, Copy)]
enum Way {
    Plain,
    Sanitized,
    Valgrind,
    Static,
}

/// Every program against the plain library: the surface, the vectors.
pub(super) fn test(library: &Library, tally: &mut Tally) -> Result<(), String> {
    let mut programs = surface()?;
    programs.push(VECTORS.to_owned());
    for way in [Way::Plain, Way::Sanitized, Way::Valgrind, Way::Static] {
        for program in &programs {
            tally.add(build_and_run(library, program, way)?);
        }
        if let Way::Sanitized = way {
            tally.check(
                "the sanitizers are in the programs",
                sanitizers_are_there(library, VECTORS),
            );
        }
    }
    Ok(())
}

/// The forced panic, against the library that has it.
pub(super) fn test_panic(library: &Library, tally: &mut Tally) -> Result<(), String> {
    for way in [Way::Plain, Way::Sanitized, Way::Valgrind] {
        tally.add(build_and_run(library, PANIC, way)?);
    }
    Ok(())
}

/// The names of all `test_….c`.
fn surface() -> Result<Vec<String>, String> {
    let entries = fs::read_dir(sources()).map_err(|error| format!("ffi/tests/c: {error}"))?;
    let stems = entries
        .flatten()
        .filter_map(|entry| Some(entry.path().file_stem()?.to_str()?.to_owned()));
    let mut names: Vec<_> = stems.filter(|name| name.starts_with("test_")).collect();
    names.sort();
    Ok(names)
}

fn build_and_run(library: &Library, program: &str, way: Way) -> Result<Tally, String> {
    let executable = executable(library, program, way);
    if let Err(fault) = build(library, program, way, &executable) {
        let mut tally = Tally::default();
        tally.check(&format!("{program} is built"), Err(fault));
        return Ok(tally);
    }
    let executable = executable.to_string_lossy();
    let vectors = root().join("core/tests/vectors");
    let mut line: Vec<&str> = Vec::new();
    if let Way::Valgrind = way {
        line.push("valgrind");
        line.extend(VALGRIND);
    }
    line.push(&executable);
    let vectors = vectors.to_string_lossy();
    if program == VECTORS {
        line.push(&vectors);
    }
    let (first, rest) = line.split_first().ok_or("nothing to run")?;
    let library = library.folder.to_string_lossy();
    let environment = [("LD_LIBRARY_PATH", library.as_ref())];
    let finished = match program {
        // It panics on purpose, which is not for everyone to read.
        PANIC => command::run_without_complaints(first, rest, &environment)?,
        _ => command::run(first, rest, &environment)?,
    };
    Ok(Tally::of(&finished))
}

fn build(library: &Library, program: &str, way: Way, executable: &Path) -> Result<(), String> {
    let sources = sources();
    let file = |name: &str| sources.join(name).to_string_lossy().into_owned();
    let mut arguments: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
    arguments.push(format!("-I{}", root().join("include").display()));
    if let Way::Sanitized = way {
        arguments.extend(SANITIZERS.iter().map(|flag| (*flag).to_owned()));
    }
    arguments.push(file(&format!("{program}.c")));
    arguments.extend(HELPERS.iter().map(|name| file(name)));
    arguments.push("-o".to_owned());
    arguments.push(executable.to_string_lossy().into_owned());
    match way {
        Way::Static => {
            arguments.push(library.archive().to_string_lossy().into_owned());
            arguments.extend(SYSTEM.iter().map(|flag| (*flag).to_owned()));
        }
        _ => arguments.extend([
            format!("-L{}", library.folder.display()),
            "-lvoicecall".into(),
            "-lpthread".into(),
        ]),
    }
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    command::output("gcc", &arguments).map(drop)
}

/// Valgrind runs the plain program.
fn executable(library: &Library, program: &str, way: Way) -> PathBuf {
    let suffix = match way {
        Way::Plain | Way::Valgrind => "",
        Way::Sanitized => "-sanitized",
        Way::Static => "-static",
    };
    library.folder.join(format!("{program}{suffix}"))
}

/// A compiler that ignored the flag would let every program pass.
fn sanitizers_are_there(library: &Library, program: &str) -> Result<(), String> {
    let executable = executable(library, program, Way::Sanitized);
    let symbols = command::output("nm", &["-D", &executable.to_string_lossy()])?;
    match ["__asan_init", "__ubsan_handle"]
        .iter()
        .find(|name| !symbols.contains(*name))
    {
        None => Ok(()),
        Some(name) => Err(format!("{name} is not in {program}")),
    }
}

fn sources() -> PathBuf {
    root().join("ffi/tests/c")
}
