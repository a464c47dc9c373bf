//! `cargo xtask test python`: builds the wheels as they are published, installs them into a fresh virtual environment, and
//! tests there.

pub(crate) mod environment;
pub(crate) mod interpreters;
mod pytest;

use std::path::Path;
use std::sync::OnceLock;

use crate::command::{self, Finished, root};
use crate::report;
use crate::tally::Tally;
use environment::{Environment, Wheels};

/// Tests that need web frameworks or another event loop, or the sources beside them: one Python is enough for these.
const ONCE: &[&str] = &[
    "test_adapters.py",
    "test_docs.py",
    "test_event_loops.py",
    "test_examples.py",
];

/// The largest wheel, in bytes: 1.5 MB of it for the store of pushes.
pub(crate) const LARGEST_WHEEL: u64 = 4_000_000;

/// Everything about Python.
pub(crate) fn test() -> Result<Tally, String> {
    let environment = Environment::fresh("test", interpreters::main()?)?;
    environment.install_requirements("tests/requirements.txt")?;
    let wheels = environment.build_wheels()?;
    let mut tally = Tally::default();
    tally.check(
        "the wheel is for CPython 3.10 and every later one",
        named_like(&wheels.package, "-cp310-abi3-"),
    );
    tally.check("the wheel is small", small(&wheels.package));
    for wheel in [&wheels.package, &wheels.command] {
        tally.check(
            "the wheel brings the licences of what it is made of",
            brings_licences(&environment, wheel),
        );
    }
    environment.install_with_command(&wheels)?;
    let _ = INSTALLED.set(environment.python());
    check_style(&environment, &mut tally)?;
    check_types(&environment, &mut tally)?;
    tally.add(pytest::run(&environment, &[])?);
    test_elsewhere(&environment, &wheels, &mut tally)?;
    Ok(tally)
}

/// Builds the wheel of the package in this folder of the repository; gives its path.
pub(crate) fn wheel(folder: &str, profile: &str) -> Result<String, String> {
    let environment = Environment::fresh("package", interpreters::main()?)?;
    environment.install(&[&requirement("maturin")?])?;
    environment.build_wheel(folder, profile)
}

/// A Python with the package in it: that of the tests where they have run, else one with a wheel that is quickly built.
pub(crate) fn installed() -> Result<String, String> {
    if let Some(python) = INSTALLED.get() {
        return Ok(python.clone());
    }
    let environment = Environment::fresh("drivers", interpreters::main()?)?;
    environment.install(&[&requirement("maturin")?])?;
    let wheel = environment.build_wheel("bindings/python", "dev")?;
    environment.install(&[&wheel])?;
    Ok(environment.python())
}

static INSTALLED: OnceLock<String> = OnceLock::new();

/// The line of the tests' requirements that names this package, with its version.
fn requirement(package: &str) -> Result<String, String> {
    let path = folder().join("tests/requirements.txt");
    let lines = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let line = lines.lines().find(|line| line.split("==").next() == Some(package));
    line.map(str::to_owned)
        .ok_or_else(|| format!("{} does not name {package}", path.display()))
}

fn brings_licences(environment: &Environment, wheel: &str) -> Result<(), String> {
    let files = command::output(&environment.python(), &["-m", "zipfile", "--list", wheel])?;
    match files
        .lines()
        .any(|file| file.contains(".dist-info/licenses/THIRD-PARTY"))
    {
        true => Ok(()),
        false => Err(format!("{wheel} has these files:\n{files}")),
    }
}

/// The sources of the package, of its tests and numbers, and the examples.
fn check_style(environment: &Environment, tally: &mut Tally) -> Result<(), String> {
    let (package, examples) = (text(&folder()), text(&root().join("examples/python")));
    let config = format!("{package}/pyproject.toml");
    let sources = ["python", "tests", "bench"].map(|name| format!("{package}/{name}"));
    for (fact, command) in [
        ("the sources are formatted", &["format", "--check"][..]),
        ("ruff", &["check"]),
    ] {
        let mut arguments = [command, &["--no-cache", "--config", &config, &examples]].concat();
        arguments.extend(sources.iter().map(String::as_str));
        check(tally, fact, &environment.program("ruff"), &arguments)?;
    }
    Ok(())
}

/// mypy and pyright in their strictest modes on the package and the examples, and whether the stubs say what is there.
fn check_types(environment: &Environment, tally: &mut Tally) -> Result<(), String> {
    let (package, examples) = (text(&folder()), text(&root().join("examples/python")));
    let (sources, tests) = (format!("{package}/python/voicecall"), format!("{package}/tests"));
    let config = format!("{package}/pyproject.toml");
    let cache = text(&environment.folder().join("mypy"));
    let mypy = [
        "--config-file",
        &config,
        "--cache-dir",
        &cache,
        &sources,
        &tests,
        &examples,
    ];
    check(tally, "mypy --strict", &environment.program("mypy"), &mypy)?;
    let allowed = format!("{package}/stubtest-allowlist.txt");
    let stubtest = [
        "-m",
        "mypy.stubtest",
        "voicecall",
        "--mypy-config-file",
        &config,
        "--allowlist",
        &allowed,
    ];
    check(tally, "stubtest", &environment.python(), &stubtest)?;
    let (pyright, python) = (environment.program("pyright"), environment.python());
    check(
        tally,
        "pyright",
        &pyright,
        &["--project", &package, "--pythonpath", &python],
    )?;
    // Here it asks the interpreter in PATH where packages are, and no other.
    let path = format!(
        "{}:{}",
        environment.program(""),
        std::env::var("PATH").unwrap_or_default()
    );
    let complete = ["--ignoreexternal", "--verifytypes", "voicecall"];
    let finished = command::run(&pyright, &complete, &[("PATH", &path)])?;
    tally.check("every public name has a type", verdict(&finished));
    Ok(())
}

/// One wheel serves every CPython: the oldest and the newest that there are prove it.
fn test_elsewhere(environment: &Environment, wheels: &Wheels, tally: &mut Tally) -> Result<(), String> {
    let others = interpreters::others(&environment.python())?;
    if others.is_empty() {
        report::say("skipped: the wheel under other versions of Python, of which there is none here");
    }
    for interpreter in others {
        report::say(&format!("\n{} ({})", interpreter.program, interpreter.version));
        let other = Environment::fresh(&format!("test-{}", interpreter.version), &interpreter.program)?;
        other.install(&["pytest==9.2.0", "pytest-timeout==2.4.0", "tqdm==4.70.1"])?;
        other.install_with_command(wheels)?;
        tally.add(pytest::run(&other, ONCE)?);
    }
    Ok(())
}

fn named_like(wheel: &str, part: &str) -> Result<(), String> {
    if wheel.contains(part) {
        Ok(())
    } else {
        Err(format!("it is named {wheel}"))
    }
}

fn small(wheel: &str) -> Result<(), String> {
    let bytes = environment::size(wheel)?;
    if bytes <= LARGEST_WHEEL {
        Ok(())
    } else {
        Err(format!("it has {bytes} bytes, and may have {LARGEST_WHEEL}"))
    }
}

fn check(tally: &mut Tally, fact: &str, program: &str, arguments: &[&str]) -> Result<(), String> {
    tally.check(fact, verdict(&command::run(program, arguments, &[])?));
    Ok(())
}

fn verdict(finished: &Finished) -> Result<(), String> {
    if finished.succeeded {
        Ok(())
    } else {
        Err("see above".to_owned())
    }
}

/// The folder of the package.
pub(crate) fn folder() -> std::path::PathBuf {
    root().join("bindings/python")
}

pub(crate) fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::root;

    /// What builds a wheel from source, in the tests and for publishing is the same.
    #[test]
    fn every_place_names_the_same_maturin() {
        let places = [
            ("bindings/python/tests/requirements.txt", "maturin=="),
            ("bindings/python/bench/requirements.txt", "maturin=="),
            ("bindings/python/pyproject.toml", "maturin=="),
            ("bindings/cli/pyproject.toml", "maturin=="),
            (".github/workflows/release.yml", "MATURIN: \""),
        ];
        let versions = places.map(|(file, before)| {
            let text = std::fs::read_to_string(root().join(file)).unwrap();
            let (_, rest) = text
                .split_once(before)
                .unwrap_or_else(|| panic!("{file} names no maturin"));
            let end = rest
                .find(|c: char| !c.is_ascii_digit() && c != '.')
                .unwrap_or(rest.len());
            rest[..end].to_owned()
        });
        assert!(versions.iter().all(|version| *version == versions[0]), "{versions:?}");
    }
}
