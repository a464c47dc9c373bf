//! The static library as it is shipped: with SQLite, which is compiled in, under names of its own.
//!
//! A program may have another SQLite. Under one name the linker would refuse both, or silently take the program's, with
//! other settings, for the library's stores.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::Target;
use crate::{command, tools};

/// Functions of SQLite begin so.
const FOREIGN: &str = "sqlite3";

/// What their names begin with in the archive that is shipped.
const OWN: &str = "voicecall_";

/// Writes the archive with SQLite's names changed, where it is defined and where it is called.
pub(super) fn ship(target: &Target, built: &Path, to: &Path) -> Result<(), String> {
    let objcopy = target.tool("objcopy");
    tools::require(&objcopy, "binutils")?;
    let names = to.with_extension("names");
    let changes: String = foreign(built)?
        .iter()
        .map(|name| format!("{name} {OWN}{name}\n"))
        .collect();
    fs::write(&names, changes).map_err(|error| format!("{}: {error}", names.display()))?;
    let arguments = [
        // What is shipped has none of it; what tests lay out would be some hundred megabytes.
        &"--strip-debug".to_owned(),
        &format!("--redefine-syms={}", names.display()),
        &built.to_string_lossy().into_owned(),
        &to.to_string_lossy().into_owned(),
    ];
    let changed = command::output(&objcopy, &arguments.map(String::as_str));
    fs::remove_file(&names).map_err(|error| format!("{}: {error}", names.display()))?;
    changed.map(drop)
}

/// The global names in an archive that are SQLite's.
pub(crate) fn foreign(archive: &Path) -> Result<BTreeSet<String>, String> {
    let listed = command::output(
        "nm",
        &[
            "--defined-only",
            "--extern-only",
            "--format=posix",
            &archive.to_string_lossy(),
        ],
    )?;
    let names = listed.lines().filter_map(|line| line.split_whitespace().next());
    Ok(names
        .filter(|name| name.starts_with(FOREIGN))
        .map(str::to_owned)
        .collect())
}
