//! What a user installs: the tree of `cargo xtask package c`, found by pkg-config and by CMake, linked shared and static.
//! The programs are the examples, so these are built as their readers build them.

use std::fs;
use std::path::{Path, PathBuf};

use super::library::Library;
use crate::command::{self, root};
use crate::docs;
use crate::package::{self, archive};
use crate::tally::Tally;

/// Folders with the built examples.
pub(super) struct Examples {
    /// The installed tree.
    pub(super) prefix: PathBuf,
    /// By pkg-config, shared.
    pub(super) c: PathBuf,
    /// By pkg-config, without any shared library.
    pub(super) c_static: PathBuf,
    /// By CMake, shared.
    pub(super) cpp: PathBuf,
    /// By CMake, with the static library.
    pub(super) cpp_static: PathBuf,
}

/// Lays the library out, moves the tree, and builds the examples from there. `None` after a failed build.
pub(super) fn test(library: &Library, tally: &mut Tally) -> Result<Option<Examples>, String> {
    let folder = library.folder.join("installed");
    let prefix = moved_tree(library, &folder)?;
    let examples = Examples {
        c: folder.join("c"),
        c_static: folder.join("c-static"),
        cpp: folder.join("cpp"),
        cpp_static: folder.join("cpp-static"),
        prefix,
    };
    let failed = tally.failed;
    tally.check("every file of the package is there", complete(&examples.prefix));
    tally.check(
        "the links of the installed README lead somewhere",
        docs::links_lead(&examples.prefix.join("share/doc/voicecall/README.md")),
    );
    tally.check(
        "a statically linked program may have its own SQLite",
        beside_another_sqlite(&examples.prefix, &folder),
    );
    tally.check(
        "the C examples are built with pkg-config",
        by_pkg_config(&examples.prefix, &examples.c, &["all"]),
    );
    let programs = [
        "PKG_CONFIG=pkg-config --static",
        "LDFLAGS=-static",
        "place_calls",
        "read_webhook",
    ];
    tally.check(
        "C examples are built with pkg-config --static",
        by_pkg_config(&examples.prefix, &examples.c_static, &programs)
            .and_then(|()| needs_no_library(&examples.c_static.join("place_calls"))),
    );
    tally.check(
        "voicecall-static links the archive, and everything else shared",
        by_archive(&examples.prefix, &folder),
    );
    tally.check(
        "the C++ examples are built with CMake",
        by_cmake(&examples.prefix, &examples.cpp, "OFF"),
    );
    tally.check(
        "the C++ examples are built with CMake and the static library",
        by_cmake(&examples.prefix, &examples.cpp_static, "ON"),
    );
    tally.check(
        "pkg-config and CMake tell the version",
        tells_its_version(&examples.prefix),
    );
    Ok((tally.failed == failed).then_some(examples))
}

/// Moved after it was laid out, because users do that: no file may have remembered the old place.
fn moved_tree(library: &Library, folder: &Path) -> Result<PathBuf, String> {
    let (laid_out, prefix) = (folder.join("laid-out"), folder.join("prefix"));
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| error.to_string())?;
    }
    package::c::lay_out(
        package::Target::host()?,
        &laid_out,
        &library.shared(),
        &library.archive(),
    )?;
    fs::rename(&laid_out, &prefix).map_err(|error| error.to_string())?;
    Ok(prefix)
}

fn complete(prefix: &Path) -> Result<(), String> {
    let files = [
        "include/voicecall.h",
        "include/voicecall_calls.h",
        "include/voicecall.hpp",
        "include/voicecall_calls.hpp",
        "lib/libvoicecall.so",
        "lib/libvoicecall.so.0",
        "lib/libvoicecall.a",
        "lib/pkgconfig/voicecall.pc",
        "lib/pkgconfig/voicecall-static.pc",
        "lib/cmake/voicecall/voicecall-config.cmake",
        "lib/cmake/voicecall/voicecall-config-version.cmake",
        "share/doc/voicecall/LICENSE",
        "share/doc/voicecall/README.md",
        "share/doc/voicecall/THIRD-PARTY",
        "share/doc/voicecall/examples/c/Makefile",
        "share/doc/voicecall/examples/cpp/CMakeLists.txt",
    ];
    match files.into_iter().find(|file| !prefix.join(file).is_file()) {
        None => Ok(()),
        Some(missing) => Err(format!("{missing} is missing")),
    }
}

fn by_pkg_config(prefix: &Path, folder: &Path, arguments: &[&str]) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let (makefile, folder) = (root().join("examples/c/Makefile"), folder.to_string_lossy());
    let makefile = makefile.to_string_lossy();
    let make = [
        &[
            "-C",
            &*folder,
            "-f",
            &*makefile,
            "CFLAGS=-Wall -Wextra -Wpedantic -Werror",
        ],
        arguments,
    ]
    .concat();
    command::output_in("make", &make, &[("PKG_CONFIG_PATH", &pkg_config_path(prefix))]).map(drop)
}

fn by_cmake(prefix: &Path, folder: &Path, with_static: &str) -> Result<(), String> {
    let source = root().join("examples/cpp").display().to_string();
    let folder = folder.to_string_lossy();
    let prefix = format!("-DCMAKE_PREFIX_PATH={}", prefix.display());
    let with_static = format!("-DVOICECALL_STATIC={with_static}");
    let flags = "-DCMAKE_CXX_FLAGS=-Werror";
    command::output("cmake", &["-S", &source, "-B", &folder, &prefix, &with_static, flags])?;
    command::output("cmake", &["--build", &folder]).map(drop)
}

/// As the README says: the program needs the system's libraries, and no libvoicecall.
fn by_archive(prefix: &Path, folder: &Path) -> Result<(), String> {
    let (source, program) = (root().join("examples/c/read_webhook.c"), folder.join("by-archive"));
    let flags = command::output_in(
        "pkg-config",
        &["--cflags", "--libs", "voicecall-static"],
        &[("PKG_CONFIG_PATH", &pkg_config_path(prefix))],
    )?;
    let (source, program) = (source.to_string_lossy(), program.to_string_lossy());
    let mut arguments = vec!["-D_POSIX_C_SOURCE=200809L", &*source, "-o", &*program];
    arguments.extend(flags.split_whitespace());
    command::output("gcc", &arguments)?;
    let dynamic = command::output("readelf", &["-d", &program])?;
    match dynamic.contains("libvoicecall") {
        false => Ok(()),
        true => Err("it needs libvoicecall".to_owned()),
    }
}

/// The program has functions under SQLite's names that end it: the library must not be joined to them.
fn beside_another_sqlite(prefix: &Path, folder: &Path) -> Result<(), String> {
    let shared_names = archive::foreign(&prefix.join("lib/libvoicecall.a"))?;
    if !shared_names.is_empty() {
        return Err(format!("the archive has {shared_names:?}"));
    }
    let (source, program) = (
        root().join("ffi/tests/installed/own_sqlite.c"),
        folder.join("own_sqlite"),
    );
    let path = pkg_config_path(prefix);
    let flags = command::output_in(
        "pkg-config",
        &["--static", "--cflags", "--libs", "voicecall"],
        &[("PKG_CONFIG_PATH", &path)],
    )?;
    let (source, program) = (source.to_string_lossy(), program.to_string_lossy());
    let mut arguments = vec!["-Wall", "-Wextra", "-Werror", "-static", &*source, "-o", &*program];
    arguments.extend(flags.split_whitespace());
    command::output("gcc", &arguments)?;
    let store = folder.join("own_sqlite.db").to_string_lossy().into_owned();
    command::output(&program, &[&store]).map(drop)
}

fn needs_no_library(program: &Path) -> Result<(), String> {
    let dynamic = command::output("readelf", &["-d", &program.to_string_lossy()])?;
    match dynamic.lines().find(|line| line.contains("(NEEDED)")) {
        None => Ok(()),
        Some(needed) => Err(format!("needs {}", needed.trim())),
    }
}

fn tells_its_version(prefix: &Path) -> Result<(), String> {
    let version = env!("CARGO_PKG_VERSION");
    let path = pkg_config_path(prefix);
    let told = command::output_in(
        "pkg-config",
        &["--modversion", "voicecall"],
        &[("PKG_CONFIG_PATH", &path)],
    )?;
    if told.trim() != version {
        return Err(format!("pkg-config tells {:?}, not {version:?}", told.trim()));
    }
    // What find_package() decides with, asked directly: a version of the same minor, a later one, and the next major.
    let decides = prefix.join("lib/cmake/voicecall/voicecall-config-version.cmake");
    for (wanted, expected) in [
        ("0.1", "TRUE"),
        ("0.1.0", "TRUE"),
        ("0.1.99", "FALSE"),
        ("0.2", "FALSE"),
        ("1.0", "FALSE"),
    ] {
        let script = prefix.join("asks-version.cmake");
        let text = format!(
            "set(PACKAGE_FIND_VERSION {wanted})\ninclude({})\n\
             if(NOT PACKAGE_VERSION_COMPATIBLE STREQUAL {expected})\nmessage(FATAL_ERROR \"{wanted}\")\nendif()\n",
            decides.display()
        );
        fs::write(&script, text).map_err(|error| error.to_string())?;
        command::output("cmake", &["-P", &script.to_string_lossy()])?;
    }
    Ok(())
}

fn pkg_config_path(prefix: &Path) -> String {
    prefix.join("lib/pkgconfig").display().to_string()
}
