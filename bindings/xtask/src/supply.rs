//! `cargo xtask test supply`: what the house is built from. Licences, sources and second versions of crates (deny.toml),
//! dependencies that nobody uses, the oldest compiler, and the versions of what builds and releases.
//!
//! Advisories need the internet: the workflow asks for them.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::command::{self, root};
use crate::tally::Tally;
use crate::{report, tools};

/// A tool that cargo installs: its name and its version. Another version has other opinions.
const DENY: (&str, &str) = ("cargo-deny", "0.20.2");
const MACHETE: (&str, &str) = ("cargo-machete", "0.9.2");

/// Everything about what comes from others.
pub(crate) fn test() -> Result<Tally, String> {
    let mut tally = Tally::default();
    let metadata = metadata()?;
    tally.check(
        "every crate compiles with the oldest compiler that is promised",
        oldest_compiler(&metadata),
    );
    tally.check("the workflow checks with that compiler", workflow_compiler(&metadata));
    tally.check("the header's generator has one version", pinned_generator(&metadata));
    tally.check("every action of a workflow is a commit", pinned_actions());
    let graph = ["--offline", "check", "licenses", "bans", "sources"];
    ask(
        &mut tally,
        "licences, second versions and sources are as deny.toml says",
        DENY,
        &graph,
    )?;
    ask(&mut tally, "every dependency is used", MACHETE, &["machete"])?;
    Ok(tally)
}

/// Runs a tool of cargo's. One that is not here is installed where `CI` is set; it takes a minute of two processors,
/// which nobody wants to wait for at the desk without having asked.
fn ask(tally: &mut Tally, fact: &str, tool: (&str, &str), arguments: &[&str]) -> Result<(), String> {
    let (name, version) = tool;
    let Some(program) = installed(name).or_else(|| tools::is_ci().then(|| install(tool)).flatten()) else {
        let advice = format!("{name} is missing; run: cargo install {name} --version {version} --locked");
        if tools::is_ci() {
            tally.check(fact, Err(advice));
        } else {
            report::skip(fact, &advice);
        }
        return Ok(());
    };
    // As cargo starts its tools: cargo-machete reads its arguments by this variable.
    let finished = command::run(&program, arguments, &[("CARGO", "cargo")])?;
    tally.check(
        fact,
        if finished.succeeded {
            Ok(())
        } else {
            Err("see above".to_owned())
        },
    );
    Ok(())
}

fn installed(name: &str) -> Option<String> {
    let own = folder().join("bin").join(name).to_string_lossy().into_owned();
    [own, name.to_owned()]
        .into_iter()
        .find(|program| tools::is_there(program))
}

/// Installs into the target folder; built to be built soon, not to be fast.
fn install((name, version): (&str, &str)) -> Option<String> {
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    let (root, build) = (text(folder()), text(folder().join("build")));
    let arguments = ["install", name, "--version", version, "--locked", "--debug", "--root"];
    let arguments = [&arguments[..], &[&root]].concat();
    let build = format!("CARGO_TARGET_DIR={build}");
    command::fetch("env", &[&[build.as_str(), "cargo"], &arguments[..]].concat()).ok()?;
    installed(name)
}

fn folder() -> PathBuf {
    command::target().join("tools")
}

fn metadata() -> Result<Value, String> {
    let text = command::output(
        "cargo",
        &["metadata", "--format-version", "1", "--all-features", "--locked"],
    )?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().into_iter().flatten()
}

/// The compiler that the workspace promises: that of the core.
fn promised(metadata: &Value) -> Option<(u32, u32)> {
    packages(metadata)
        .find(|package| package["name"] == "voicecall-core")
        .and_then(compiler_of)
}

/// The oldest compiler that a package says it needs.
fn compiler_of(package: &Value) -> Option<(u32, u32)> {
    let mut numbers = package["rust_version"].as_str()?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

fn oldest_compiler(metadata: &Value) -> Result<(), String> {
    let promised = promised(metadata).ok_or("no crate says which compiler it needs")?;
    let newer = packages(metadata).filter(|package| compiler_of(package).is_some_and(|needs| needs > promised));
    let names: Vec<_> = newer.filter_map(|package| package["name"].as_str()).collect();
    match names.as_slice() {
        [] => Ok(()),
        names => Err(format!(
            "{} need a newer one than {}.{}",
            names.join(", "),
            promised.0,
            promised.1
        )),
    }
}

fn workflow_compiler(metadata: &Value) -> Result<(), String> {
    let (major, minor) = promised(metadata).ok_or("no crate says which compiler it needs")?;
    let workflow = read(".github/workflows/ci.yml")?;
    let wanted = format!("rustup toolchain install {major}.{minor}.0 ");
    if workflow.contains(&wanted) {
        Ok(())
    } else {
        Err(format!("ci.yml has no `{wanted}`"))
    }
}

fn pinned_generator(metadata: &Value) -> Result<(), String> {
    let own = packages(metadata).find(|package| package["name"] == env!("CARGO_PKG_NAME"));
    let mut needs = own
        .and_then(|package| package["dependencies"].as_array())
        .into_iter()
        .flatten();
    let generator = needs.find(|dependency| dependency["name"] == "cbindgen");
    match generator.and_then(|dependency| dependency["req"].as_str()) {
        Some(version) if version.starts_with('=') => Ok(()),
        other => Err(format!("cbindgen is {}", other.unwrap_or("missing"))),
    }
}

/// A tag can be moved to other code; a commit cannot.
fn pinned_actions() -> Result<(), String> {
    let folder = root().join(".github/workflows");
    let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries.filter_map(Result::ok) {
        let text = fs::read_to_string(entry.path()).map_err(|error| error.to_string())?;
        if let Some(line) = text.lines().find(|line| !is_pinned(line)) {
            return Err(format!("{}: {}", entry.path().display(), line.trim()));
        }
    }
    Ok(())
}

/// Whether a line names no action, or one by its commit and, for people, its version.
fn is_pinned(line: &str) -> bool {
    let Some(action) = line.trim().trim_start_matches("- ").strip_prefix("uses: ") else {
        return true;
    };
    let Some((_, after)) = action.split_once('@') else {
        return false;
    };
    let Some((commit, version)) = after.split_once(" # v") else {
        return false;
    };
    commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()) && !version.is_empty()
}

fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{is_pinned, oldest_compiler};

    #[test]
    fn an_action_is_pinned_by_its_commit() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        assert!(is_pinned(&format!("      - uses: actions/checkout@{commit} # v7.0.1")));
        assert!(is_pinned("      - run: cargo xtask test"));
        for action in [
            "actions/checkout@v7",
            "actions/checkout",
            &format!("actions/checkout@{commit}"),
        ] {
            assert!(!is_pinned(&format!("- uses: {action}")), "{action}");
        }
    }

    #[test]
    fn a_crate_that_needs_a_newer_compiler_is_named() {
        let graph = |other: &str| {
            json!({ "packages": [
                { "name": "voicecall-core", "rust_version": "1.89" },
                { "name": "other", "rust_version": other },
                { "name": "silent", "rust_version": null },
            ] })
        };
        assert_eq!(oldest_compiler(&graph("1.89.0")), Ok(()));
        assert!(oldest_compiler(&graph("1.90")).is_err_and(|fault| fault.contains("other")));
    }
}
