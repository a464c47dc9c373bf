//! `cargo xtask fuzz`: libFuzzer over the targets of `core/fuzz`, on the stable toolchain.
//!
//! What cargo-fuzz does on nightly, done by hand: the coverage that libFuzzer steers by comes from flags that stable
//! has; only the address sanitizer is not stable yet, so the compiler is told to allow it for these programs alone.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::{self, root};
use crate::{report, tools};

/// Seconds for each target, where nobody says otherwise.
const SECONDS: &str = "60";
/// Longer inputs find the same faults later.
const LONGEST_INPUT: &str = "-max_len=8192";
/// An input that takes this many seconds is a finding.
const PATIENCE: &str = "-timeout=10";

const COVERAGE: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Zsanitizer=address";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    seconds: String,
    /// Choose the committed corpus anew instead of looking for faults.
    minimise: bool,
    targets: Vec<String>,
}

/// Fuzzes the named targets, or all, one after the other.
pub(crate) fn run(arguments: &[String]) -> Result<bool, String> {
    let wanted = wanted(arguments, &targets()?)?;
    tools::require("g++", "g++")?;
    let programs = build(&wanted.targets)?;
    write_seeds()?;
    let mut found = Vec::new();
    for target in &wanted.targets {
        let program = programs.join(target);
        if wanted.minimise {
            minimise(&program, target)?;
        } else if !fuzz(&program, target, &wanted.seconds)? {
            found.push(target.as_str());
        }
    }
    if !found.is_empty() {
        let place = folder().join("findings");
        report::complain(&format!("findings in {}; see {}", found.join(", "), place.display()));
    }
    Ok(found.is_empty())
}

fn wanted(arguments: &[String], known: &[String]) -> Result<Wanted, String> {
    let mut wanted = Wanted {
        seconds: SECONDS.to_owned(),
        minimise: false,
        targets: Vec::new(),
    };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--minimise" => wanted.minimise = true,
            "--seconds" => {
                let seconds = arguments
                    .next()
                    .filter(|text| text.parse::<u32>().is_ok_and(|number| number > 0));
                wanted.seconds = seconds.ok_or("--seconds needs a number above 0")?.clone();
            }
            target if known.iter().any(|name| name == target) => wanted.targets.push(target.to_owned()),
            other => return Err(format!("no target {other:?}; there are {}", known.join(" "))),
        }
    }
    if wanted.targets.is_empty() {
        wanted.targets = known.to_vec();
    }
    Ok(wanted)
}

/// The names of all targets: their programs say them.
fn targets() -> Result<Vec<String>, String> {
    let place = root().join("core/fuzz/fuzz_targets");
    let entries = fs::read_dir(&place).map_err(|error| format!("{}: {error}", place.display()))?;
    let mut names: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    Ok(names)
}

/// Where programs, grown corpora and findings are kept.
fn folder() -> PathBuf {
    command::target().join("fuzz")
}

/// Builds the programs; gives their folder. With a target named, build scripts and macros stay without the flags.
fn build(targets: &[String]) -> Result<PathBuf, String> {
    let host = host()?;
    let build = text(&folder().join("build"));
    let mut cargo = vec![
        "build",
        "--package",
        "voicecall-fuzz",
        "--features",
        "libfuzzer",
        "--locked",
        "--release",
    ];
    cargo.extend(["--target", &host, "--target-dir", &build]);
    cargo.extend(targets.iter().flat_map(|target| ["--bin", target]));
    let environment = [
        ("RUSTC_BOOTSTRAP", "1"),
        ("RUSTFLAGS", COVERAGE),
        ("CARGO_PROFILE_RELEASE_DEBUG", "line-tables-only"),
        ("CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS", "true"),
        ("CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS", "true"),
    ];
    if !command::run("cargo", &cargo, &environment)?.succeeded {
        return Err("the fuzz targets cannot be built".to_owned());
    }
    Ok(Path::new(&build).join(host).join("release"))
}

fn host() -> Result<String, String> {
    let version = command::output("rustc", &["-vV"])?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| "rustc does not tell its host".to_owned())
}

/// The inputs to begin with and the dictionaries.
fn write_seeds() -> Result<(), String> {
    let folder = text(&folder());
    let cargo = [
        "run",
        "--quiet",
        "--package",
        "voicecall-fuzz",
        "--bin",
        "seeds",
        "--locked",
        "--",
        &folder,
    ];
    match command::run("cargo", &cargo, &[])?.succeeded {
        true => Ok(()),
        false => Err("the seeds cannot be written".to_owned()),
    }
}

/// Looks for faults; `false`: one was found, and lies in `findings`.
fn fuzz(program: &Path, target: &str, seconds: &str) -> Result<bool, String> {
    let own = folder().join(target);
    let (grown, findings) = (own.join("grown"), folder().join("findings").join(target));
    for made in [&grown, &findings] {
        fs::create_dir_all(made).map_err(|error| format!("{}: {error}", made.display()))?;
    }
    let arguments = [
        // What is new goes into the first folder; the others are read.
        text(&grown),
        text(&committed(target)),
        text(&own.join("seeds")),
        format!("-dict={}", text(&own.join("words"))),
        format!("-artifact_prefix={}/", text(&findings)),
        format!("-max_total_time={seconds}"),
        "-print_final_stats=1".to_owned(),
        LONGEST_INPUT.to_owned(),
        PATIENCE.to_owned(),
    ];
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    Ok(command::run(&text(program), &arguments, &[])?.succeeded)
}

/// Replaces the committed corpus by the seeds that reach something that smaller ones do not.
fn minimise(program: &Path, target: &str) -> Result<(), String> {
    let (seeds, chosen, committed) = (
        folder().join(target).join("seeds"),
        folder().join(target).join("chosen"),
        committed(target),
    );
    for fresh in [&chosen, &committed] {
        let _ = fs::remove_dir_all(fresh);
        fs::create_dir_all(fresh).map_err(|error| format!("{}: {error}", fresh.display()))?;
    }
    let merged = command::run(
        &text(program),
        &["-merge=1", LONGEST_INPUT, &text(&chosen), &text(&seeds)],
        &[],
    )?;
    if !merged.succeeded {
        return Err(format!("the corpus of {target} cannot be merged"));
    }
    // libFuzzer names what it keeps by a digest; the seeds say what they are, and some are there twice.
    let mut kept: Vec<_> = files(&chosen)?.into_iter().map(|(_, bytes)| bytes).collect();
    for (name, bytes) in files(&seeds)? {
        if let Some(position) = kept.iter().position(|wanted| *wanted == bytes) {
            kept.swap_remove(position);
            fs::write(committed.join(name), bytes).map_err(|error| format!("{}: {error}", committed.display()))?;
        }
    }
    Ok(())
}

fn committed(target: &str) -> PathBuf {
    root().join("core/fuzz/corpus").join(target)
}

/// The files of a folder, by name, with what is in them.
fn files(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let entries = fs::read_dir(folder).map_err(failed)?;
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok((name, fs::read(path)?))
    };
    let mut files: Vec<_> = entries.map(read).collect::<std::io::Result<_>>().map_err(failed)?;
    files.sort();
    Ok(files)
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::{Wanted, wanted};

    fn asked(words: &[&str]) -> Result<Wanted, String> {
        let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
        wanted(&words, &["config".to_owned(), "response".to_owned()])
    }

    #[test]
    fn all_targets_unless_some_are_named() {
        assert_eq!(asked(&[]).unwrap().targets, ["config", "response"]);
        let some = asked(&["response", "--seconds", "5"]).unwrap();
        assert_eq!(
            (some.targets, some.seconds.as_str()),
            (vec!["response".to_owned()], "5")
        );
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for words in [&["confg"][..], &["--seconds"], &["--seconds", "0"], &["--seconds", "x"]] {
            assert!(asked(words).is_err(), "{words:?}");
        }
    }
}
