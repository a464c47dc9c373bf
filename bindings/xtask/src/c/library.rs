//! Builds libvoicecall and lays it aside, so that builds with other features do not get in its way.

use std::fs;
use std::path::PathBuf;

use crate::{built, command, replace};

/// A built library.
pub(crate) struct Library {
    /// The folder with `libvoicecall.so`, `libvoicecall.so.0` and `libvoicecall.a`; programs are built there too.
    pub(crate) folder: PathBuf,
}

impl Library {
    pub(super) fn shared(&self) -> PathBuf {
        self.folder.join("libvoicecall.so")
    }

    pub(super) fn archive(&self) -> PathBuf {
        self.folder.join("libvoicecall.a")
    }
}

/// Builds the library with these further arguments for cargo, into a folder of this name.
pub(crate) fn build(name: &str, arguments: &[&str]) -> Result<Library, String> {
    built::libvoicecall(arguments)?;
    let folder = command::target().join("c").join(name);
    let library = Library { folder };
    lay_aside(&library).map_err(|error| format!("libvoicecall cannot be copied: {error}"))?;
    Ok(library)
}

fn lay_aside(library: &Library) -> std::io::Result<()> {
    let built = command::target().join("debug");
    fs::create_dir_all(&library.folder)?;
    replace::copy(&built.join("libvoicecall.a"), &library.archive())?;
    replace::copy(&built.join("libvoicecall.so"), &library.shared())?;
    // The name that programs look for when they start.
    replace::copy(&library.shared(), &library.folder.join("libvoicecall.so.0"))
}
