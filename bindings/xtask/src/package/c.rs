//! `cargo xtask package c --prefix DIR`: libraries, headers, what pkg-config and CMake need to find them, and what is read.
//!
//! The tree may be moved: both find the prefix from the place of their own file.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::files::{self, put};
use super::{Job, Target, VERSION, archive, notices, pages};
use crate::{built, command, replace, report};

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
    lay_out(
        Target::host()?,
        prefix,
        &built.join("libvoicecall.so"),
        &built.join("libvoicecall.a"),
    )?;
    report::say(&format!("libvoicecall {VERSION} lies in {}", prefix.display()));
    Ok(())
}

/// An archive for each platform, and where Debian runs a package of it.
pub(super) fn package(job: &Job) -> Result<Vec<String>, String> {
    let mut made = Vec::new();
    for target in &job.targets {
        let built = target.build("voicecall-ffi", job.profile)?;
        let folder = files::stage(&format!("voicecall-c-{VERSION}-{}", target.name))?;
        if target.is_windows() {
            lay_out_for_windows(target, &built, &folder)?;
        } else {
            let (shared, archive) = (built.join(target.library("voicecall")), built.join("libvoicecall.a"));
            lay_out(target, &folder, &shared, &archive)?;
        }
        made.push(files::tar(job, &folder)?);
        let installed = files::stage("libvoicecall-deb")?;
        command::output(
            "cp",
            &["-a", &files::text(&folder), &files::text(&installed.join("usr"))],
        )?;
        let about = ("libvoicecall", "Client library for the Huawei Cloud VoiceCall service");
        made.extend(files::deb(job, target, &installed, about)?);
    }
    Ok(made)
}

/// Compilers for Windows take the import library by its place; no pkg-config, and no names with numbers.
fn lay_out_for_windows(target: &Target, built: &Path, folder: &Path) -> Result<(), String> {
    put(&built.join("voicecall.dll"), &folder.join("bin/voicecall.dll"))?;
    put(
        &built.join("libvoicecall.dll.a"),
        &folder.join("lib/libvoicecall.dll.a"),
    )?;
    archive::ship(
        target,
        &built.join("libvoicecall.a"),
        &folder.join("lib/libvoicecall.a"),
    )?;
    for header in HEADERS {
        put(
            &command::root().join("include").join(header),
            &folder.join("include").join(header),
        )?;
    }
    put(&command::root().join("LICENSE"), &folder.join("LICENSE"))?;
    notices::write("voicecall-ffi", &folder.join("THIRD-PARTY"))
}

/// Lays these libraries out under the prefix, over what may lie there.
pub(crate) fn lay_out(target: &Target, prefix: &Path, shared: &Path, built_archive: &Path) -> Result<(), String> {
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
        for (file, template) in [
            ("voicecall.pc", include_str!("voicecall.pc.in")),
            // `pkg-config --static` alone leaves the shared library in its place.
            ("voicecall-static.pc", include_str!("voicecall-static.pc.in")),
        ] {
            fs::write(pkgconfig.join(file), pkg_config(template))?;
        }
        fs::write(cmake.join("voicecall-config.cmake"), cmake_config(&full_name))?;
        fs::write(cmake.join("voicecall-config-version.cmake"), cmake_version())?;
        let documents = prefix.join("share/doc/voicecall");
        pages::lay_out(&documents)?;
        fs::write(documents.join("THIRD-PARTY"), notices)
    };
    files().map_err(|error| format!("{} cannot be filled: {error}", prefix.display()))?;
    archive::ship(target, built_archive, &lib.join("libvoicecall.a"))
}

fn link(to: &str, at: &Path) -> std::io::Result<()> {
    if at.symlink_metadata().is_ok() {
        fs::remove_file(at)?;
    }
    symlink(to, at)
}

fn pkg_config(template: &str) -> String {
    let system: Vec<_> = SYSTEM_LIBRARIES.iter().map(|name| format!("-l{name}")).collect();
    template
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
