//! `cargo xtask test node`: builds the addon and the packages as they are published, installs the tarballs into a fresh
//! folder, and tests there.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::built;
use crate::command::{self, Finished, root};
use crate::package::notices;
use crate::tally::Tally;
use crate::tools;

/// What the tests import beside the package; their versions are locked with the package's own tools.
const FRAMEWORKS: &[&str] = &[
    "@hono/node-server",
    "@nestjs/common",
    "@nestjs/core",
    "express",
    "express4",
    "fastify",
    "hono",
    "koa",
    "reflect-metadata",
    "undici",
];
/// Types of these, and of what they themselves name.
const TYPES: &[&str] = &["node", "express", "express-serve-static-core"];

/// How the addon is built.
#[derive(Clone, Copy)]
pub(crate) enum Build {
    /// With what the other tests have built already: the optimised one takes minutes.
    Quick,
    /// As it is published.
    Shipped,
}

impl Build {
    fn profile(self) -> &'static str {
        match self {
            Build::Quick => "dev",
            Build::Shipped => "dist",
        }
    }
}

/// A folder with the package in it, installed from its tarballs.
pub(crate) struct Installed {
    /// The folder.
    pub(crate) folder: PathBuf,
    /// The tarball of the main package.
    tarball: PathBuf,
}

/// Everything about Node.
pub(crate) fn test() -> Result<Tally, String> {
    tools::require_node()?;
    tools::require("npm", "npm")?;
    let mut tally = Tally::of(&command::run(
        "cargo",
        &["test", "--package", "voicecall-node", "--locked"],
        &[],
    )?);
    built::voicecall()?;
    let installed = install(Build::Quick)?;
    let _ = INSTALLED.set(installed.folder.clone());
    let package = package();
    let lint = ["--prefix", &package, "run", "lint"];
    check(&mut tally, "the sources are formatted", "npm", &lint)?;
    copy(&root().join("bindings/node/test"), &installed.folder.join("test"))?;
    copy(&root().join("examples/node"), &installed.folder.join("examples"))?;
    copy_readmes(&installed.folder)?;
    tally.check(
        "the addon's package brings the licences of what it is made of",
        brings_licences(&installed.folder),
    );
    let app = text(&installed.folder);
    // The same file as ES module and as CommonJS.
    for name in ["usage-esm.mts", "usage-cjs.cts"] {
        let types = installed.folder.join("test/types");
        fs::copy(types.join("usage.ts"), types.join(name)).map_err(|error| error.to_string())?;
    }
    let types = format!("{app}/test/types/tsconfig.json");
    check(
        &mut tally,
        "what must compile does, and nothing else",
        &tool("tsc"),
        &["-p", &types],
    )?;
    let tarball = text(&installed.tarball);
    // Resolution without `exports` is for Node before 12.
    let wrong = [tarball.as_str(), "--profile", "node16"];
    check(&mut tally, "the types are not wrong", &tool("attw"), &wrong)?;
    check(
        &mut tally,
        "the package lints",
        &tool("publint"),
        &["--strict", &tarball],
    )?;
    tally.add(run_tests(&installed.folder)?);
    Ok(tally)
}

fn brings_licences(app: &Path) -> Result<(), String> {
    let packages = fs::read_dir(app.join("node_modules")).map_err(|error| error.to_string())?;
    let notices = packages.flatten().map(|package| package.path().join("THIRD-PARTY"));
    let texts = notices.filter_map(|notices| fs::read_to_string(notices).ok());
    match texts.filter(|text| text.contains("rustls")).count() {
        1 => Ok(()),
        others => Err(format!("{others} packages have them")),
    }
}

/// Builds addon and packages, and installs them into a fresh folder.
pub(crate) fn install(build: Build) -> Result<Installed, String> {
    let tarballs = tarballs(build.profile())?;
    let app = fresh("app")?;
    fs::write(app.join("package.json"), "{ \"private\": true }\n").map_err(|error| error.to_string())?;
    let app_text = text(&app);
    // The platform's package comes from its tarball: those of the other platforms are not on this machine.
    let mut arguments = vec![
        "install",
        "--prefix",
        &app_text,
        "--no-audit",
        "--no-fund",
        "--omit=optional",
    ];
    arguments.extend(tarballs.iter().map(String::as_str));
    command::fetch("npm", &arguments)?;
    let modules = root().join("bindings/node/node_modules");
    for name in FRAMEWORKS {
        link(&modules.join(name), &app.join("node_modules").join(name))?;
    }
    for name in TYPES {
        link(
            &modules.join("@types").join(name),
            &app.join("node_modules/@types").join(name),
        )?;
    }
    // `voicecall-0.1.0.tgz`; the platforms have a word more.
    let is_main = |tarball: &&String| {
        tarball
            .rsplit_once("/voicecall-")
            .is_some_and(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let tarball = tarballs
        .iter()
        .find(is_main)
        .map(PathBuf::from)
        .ok_or("npm packed no main package")?;
    Ok(Installed { folder: app, tarball })
}

/// Builds addon and packages; gives the paths of the tarballs.
pub(crate) fn tarballs(profile: &str) -> Result<Vec<String>, String> {
    let built = if profile == "dev" { "debug" } else { profile };
    let stage = fresh("stage")?;
    let package = package();
    command::must(
        "cargo",
        &["build", "--package", "voicecall-node", "--profile", profile, "--locked"],
    )?;
    command::fetch("npm", &["--prefix", &package, "ci", "--no-audit", "--no-fund"])?;
    command::must("npm", &["--prefix", &package, "run", "build"])?;
    let addon = text(&command::target().join(built).join(addon_file()));
    let notices = command::target().join("node/THIRD-PARTY");
    notices::write("voicecall-node", &notices)?;
    let script = format!("{package}/scripts/stage.mjs");
    command::must("node", &[&script, &text(&stage), &addon, &text(&notices)])?;
    pack(&stage)
}

/// An empty folder of this name.
fn fresh(name: &str) -> Result<PathBuf, String> {
    let folder = command::target().join("node").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

/// The folder with the package in it: that of the tests where they have run.
pub(crate) fn installed() -> Result<PathBuf, String> {
    match INSTALLED.get() {
        Some(folder) => Ok(folder.clone()),
        None => install(Build::Quick).map(|installed| installed.folder),
    }
}

static INSTALLED: OnceLock<PathBuf> = OnceLock::new();

/// Packs every staged package; gives the paths of the tarballs.
fn pack(stage: &Path) -> Result<Vec<String>, String> {
    let mut tarballs = Vec::new();
    let entries = fs::read_dir(stage).map_err(|error| error.to_string())?;
    for entry in entries.filter_map(Result::ok).filter(|entry| entry.path().is_dir()) {
        let printed = command::output(
            "npm",
            &[
                "pack",
                &text(&entry.path()),
                "--silent",
                "--pack-destination",
                &text(stage),
            ],
        )?;
        let name = printed.lines().last().unwrap_or_default();
        tarballs.push(text(&stage.join(name)));
    }
    Ok(tarballs)
}

fn run_tests(app: &Path) -> Result<Tally, String> {
    let mut files: Vec<String> = fs::read_dir(app.join("test"))
        .map_err(|error| error.to_string())?
        .filter_map(|entry| Some(text(&entry.ok()?.path())))
        .filter(|path| path.ends_with(".test.mjs"))
        .collect();
    files.sort();
    let mut arguments = vec!["--test", "--test-timeout=60000"];
    arguments.extend(files.iter().map(String::as_str));
    let command = text(&command::target().join("debug/voicecall"));
    let vectors = text(&root().join("core/tests/vectors"));
    let environment = [("VOICECALL_COMMAND", command.as_str()), ("VOICECALL_VECTORS", &vectors)];
    Ok(count(&command::run("node", &arguments, &environment)?))
}

/// The closing lines of Node's test runner: `# pass 108`, or `ℹ pass 108` on a terminal. A test that was cancelled or
/// skipped did not pass.
pub(crate) fn count(finished: &Finished) -> Tally {
    let of = |word: &str| {
        let numbers = finished.lines.iter().filter_map(|line| {
            let line = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ "))?;
            line.strip_prefix(word)?.trim().parse::<usize>().ok()
        });
        numbers.sum::<usize>()
    };
    let failed = of("fail ") + of("cancelled ") + of("skipped ") + of("todo ");
    let none_ran = of("pass ") + failed == 0;
    let unexplained = usize::from((!finished.succeeded && failed == 0) || none_ran);
    Tally {
        passed: of("pass "),
        failed: failed + unexplained,
    }
}

fn check(tally: &mut Tally, fact: &str, program: &str, arguments: &[&str]) -> Result<(), String> {
    let finished = command::run(program, arguments, &[])?;
    let result = if finished.succeeded {
        Ok(())
    } else {
        Err("see above".to_owned())
    };
    tally.check(fact, result);
    Ok(())
}

pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", from.display());
    fs::create_dir_all(to).map_err(failed)?;
    for entry in fs::read_dir(from).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, &target).map_err(failed)?;
        }
    }
    Ok(())
}

/// The tests run the snippets of both.
fn copy_readmes(app: &Path) -> Result<(), String> {
    for (from, to) in [
        ("bindings/node/README.md", "README.md"),
        ("README.md", "README-project.md"),
    ] {
        fs::copy(root().join(from), app.join(to)).map_err(|error| format!("{from}: {error}"))?;
    }
    Ok(())
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> Result<(), String> {
    let linked = to.parent().map_or(Ok(()), fs::create_dir_all);
    let linked = linked.and_then(|()| std::os::unix::fs::symlink(from, to));
    linked.map_err(|error| format!("{}: {error}", to.display()))
}

#[cfg(not(unix))]
fn link(from: &Path, to: &Path) -> Result<(), String> {
    copy(from, to)
}

/// One of the locked tools.
fn tool(name: &str) -> String {
    format!("{}/node_modules/.bin/{name}", package())
}

fn package() -> String {
    text(&root().join("bindings/node"))
}

fn addon_file() -> String {
    format!(
        "{}voicecall_node{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    )
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::{Finished, Tally, count};

    fn counted(succeeded: bool, lines: &[&str]) -> Tally {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        count(&Finished { succeeded, lines })
    }

    #[test]
    fn the_closing_lines_of_both_reporters_are_read() {
        let tap = [
            "ok 1 - a test",
            "# tests 5",
            "# pass 3",
            "# fail 1",
            "# cancelled 0",
            "# skipped 1",
        ];
        assert_eq!(counted(false, &tap), Tally { passed: 3, failed: 2 });
        assert_eq!(
            counted(true, &["ℹ pass 108", "ℹ fail 0"]),
            Tally { passed: 108, failed: 0 }
        );
    }

    #[test]
    fn a_run_without_tests_and_a_failure_without_a_failed_test_are_failures() {
        assert_eq!(counted(true, &[]), Tally { passed: 0, failed: 1 });
        assert_eq!(
            counted(false, &["# pass 3", "# fail 0"]),
            Tally { passed: 3, failed: 1 }
        );
    }
}
