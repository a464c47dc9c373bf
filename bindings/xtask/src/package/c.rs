//! `cargo xtask package c --prefix DIR`: libraries, headers, what pkg-config and CMake need to find them, and what is read.
//!
//! The tree may be moved: both find the prefix from the place of their own file.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::{archive, notices, pages};
use crate::{built, command, replace, report};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The number in the library's own name: its ABI version.
const SONAME: &str = "libvoicecall.so.0";

const HEADERS: [&str; 4] = [
    "voicecall.h",
    "voicecall_calls.h",
    "voicecall.hpp",
    "voicecall_calls.hpp",
];

/// What a program needs beside the archive when it links statically. Compilers add libgcc and libc, in the form that fits.
const SYSTEM_LIBRARIES: &[&str] = &["pthread", "m", "dl"];

/// Builds the library as it is shipped, and lays it out.
pub(crate) fn run(prefix: &Path) -> Result<(), String> {
    let built = built::shipped_libvoicecall()?;
    lay_out(prefix, &built.join("libvoicecall.so"), &built.join("libvoicecall.a"))?;
    report::say(&format!("libvoicecall {VERSION} lies in {}", prefix.display()));
    Ok(())
}

/// Lays these libraries out under the prefix, over what may lie there.
pub(crate) fn lay_out(prefix: &Path, shared: &Path, built_archive: &Path) -> Result<(), String> {
    let lib = prefix.join("lib");
    let notices = notices::of("voicecall-ffi")?;
    let files = || -> std::io::Result<()> {
        let (pkgconfig, cmake) = (lib.join("pkgconfig"), lib.join("cmake/voicecall"));
        for folder in [&pkgconfig, &cmake, &prefix.join("include")] {
            fs::create_dir_all(folder)?;
        }
        let full_name = format!("libvoicecall.so.{VERSION}");
        replace::copy(shared, &lib.join(&full_name))?;
        link(&full_name, &lib.join(SONAME))?;
        link(SONAME, &lib.join("libvoicecall.so"))?;
        for header in HEADERS {
            fs::copy(
                command::root().join("include").join(header),
                prefix.join("include").join(header),
            )?;
        }
        fs::write(pkgconfig.join("voicecall.pc"), pkg_config())?;
        fs::write(cmake.join("voicecall-config.cmake"), cmake_config(&full_name))?;
        fs::write(cmake.join("voicecall-config-version.cmake"), cmake_version())?;
        let documents = prefix.join("share/doc/voicecall");
        pages::lay_out(&documents)?;
        fs::write(documents.join("THIRD-PARTY"), notices)
    };
    files().map_err(|error| format!("{} cannot be filled: {error}", prefix.display()))?;
    archive::ship(built_archive, &lib.join("libvoicecall.a"))
}

fn link(to: &str, at: &Path) -> std::io::Result<()> {
    if at.symlink_metadata().is_ok() {
        fs::remove_file(at)?;
    }
    symlink(to, at)
}

fn pkg_config() -> String {
    let system: Vec<_> = SYSTEM_LIBRARIES.iter().map(|name| format!("-l{name}")).collect();
    include_str!("voicecall.pc.in")
        .replace("@VERSION@", VERSION)
        .replace("@SYSTEM_LIBRARIES@", &system.join(" "))
}

fn cmake_config(full_name: &str) -> String {
    include_str!("voicecall-config.cmake.in")
        .replace("@FULL_NAME@", full_name)
        .replace("@SONAME@", SONAME)
        .replace("@SYSTEM_LIBRARIES@", &SYSTEM_LIBRARIES.join(";"))
}

fn cmake_version() -> String {
    include_str!("voicecall-config-version.cmake.in").replace("@VERSION@", VERSION)
}
