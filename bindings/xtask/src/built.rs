//! What cargo builds for tests. One package at a time: the features of packages that are built together add up, and the
//! library would come with the command's PostgreSQL client.

use std::path::PathBuf;

use crate::command;

/// Builds the command `voicecall`, which is the local platform too; gives its path.
pub(crate) fn voicecall() -> Result<PathBuf, String> {
    package("voicecall-cli", &[], "the command `voicecall`")?;
    Ok(command::target().join("debug/voicecall"))
}

/// Builds libvoicecall with these further arguments for cargo.
pub(crate) fn libvoicecall(arguments: &[&str]) -> Result<(), String> {
    package("voicecall-ffi", arguments, "libvoicecall")
}

/// Builds libvoicecall as it is shipped; gives the folder that it lies in.
pub(crate) fn shipped_libvoicecall() -> Result<PathBuf, String> {
    libvoicecall(&["--profile", "dist"])?;
    Ok(command::target().join("dist"))
}

fn package(name: &str, arguments: &[&str], what: &str) -> Result<(), String> {
    let cargo = [&["build", "--package", name, "--locked"], arguments].concat();
    match command::run("cargo", &cargo, &[])?.succeeded {
        true => Ok(()),
        false => Err(format!("{what} cannot be built")),
    }
}
