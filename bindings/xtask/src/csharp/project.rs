//! The project file: an incomplete package is refused, and, as users of the SDK have it, it builds and its tests run.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::assemblies::Assemblies;
use crate::command::{self, root};
use crate::report;
use crate::tally::Tally;
use crate::tools;

const PROJECT: &str = "bindings/csharp/VoiceCall.csproj";
const TESTS: &str = "bindings/csharp/tests/VoiceCall.Tests.csproj";

/// What `VoiceCall.csproj` imports, which Mono's old builder understands too.
const NATIVE_FILES: &str = "bindings/csharp/build/NativeFiles.targets";

/// Without an SDK, which no package of Debian brings, this says so, and tests only what needs none.
pub(super) fn test(assemblies: &Assemblies, tally: &mut Tally) -> Result<(), String> {
    tally.check("a package that lacks a native file is refused", refuses(assemblies));
    if !has_sdk() {
        report::say("no SDK of .NET is on the PATH: VoiceCall.csproj is not built here");
        return Ok(());
    }
    let built = command::output("dotnet", &["build", "--configuration", "Release", PROJECT]);
    tally.check("VoiceCall.csproj builds", built.map(drop));
    let environment = assemblies.environment();
    let environment: Vec<_> = environment
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    tally.add(Tally::of(&command::run(
        "dotnet",
        &["run", "--project", TESTS],
        &environment,
    )?));
    let packed = command::run("dotnet", &["pack", PROJECT, "-p:NativeFiles=nowhere"], &[])?;
    let is_refused = !packed.succeeded
        && packed
            .lines
            .iter()
            .any(|line| line.contains("is missing from the package"));
    tally.check(
        "a package without its native files is refused",
        if is_refused {
            Ok(())
        } else {
            Err("see above".to_owned())
        },
    );
    Ok(())
}

/// With all files the target passes; without any one of them it fails, and names that one.
fn refuses(assemblies: &Assemblies) -> Result<(), String> {
    tools::require("xbuild", "mono-xbuild")?;
    let read = |path: &str| fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"));
    if !read(PROJECT)?.contains("<Import Project=\"build/NativeFiles.targets\" />") {
        return Err("VoiceCall.csproj does not import it".to_owned());
    }
    let targets = read(NATIVE_FILES)?;
    let promised: Vec<_> = targets
        .split("<Native Include=\"")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('"')?.0))
        .collect();
    let folder = assemblies.file("natives");
    for missing in promised.iter().map(Some).chain([None]) {
        lay_out(&folder, promised.iter().filter(|file| Some(*file) != missing))?;
        match (pack(&folder), missing) {
            (Ok(_), None) => {}
            (Err(complaint), Some(file)) if complaint.contains(&format!("{file} is missing from the package")) => {}
            (outcome, _) => return Err(format!("without {missing:?}: {outcome:?}")),
        }
    }
    if promised.is_empty() {
        return Err("it promises no files".to_owned());
    }
    Ok(())
}

fn lay_out<'a>(folder: &Path, files: impl Iterator<Item = &'a &'a str>) -> Result<(), String> {
    let _ = fs::remove_dir_all(folder);
    for file in files {
        let path = folder.join(file);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, ""))
            .map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

/// What `dotnet pack` runs before it makes a package.
fn pack(folder: &Path) -> Result<(), String> {
    let natives = format!("/p:NativeFiles={}", folder.display());
    let arguments = ["/nologo", "/t:RefuseIncompletePackage", &natives, NATIVE_FILES];
    let finished = Command::new("xbuild")
        .args(arguments)
        .current_dir(root())
        .output()
        .map_err(|error| error.to_string())?;
    if finished.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&finished.stdout).into_owned())
}

/// The runtime alone also answers to `dotnet`, but lists no SDK.
fn has_sdk() -> bool {
    let listed = Command::new("dotnet").arg("--list-sdks").output();
    listed.is_ok_and(|listed| listed.status.success() && !listed.stdout.is_empty())
}
