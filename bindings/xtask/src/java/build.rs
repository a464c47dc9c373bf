//! The native library where the archive takes it from, and programs that stand on the archive.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::{self, root};
use crate::package::Target;
use crate::{built, replace};

/// What was built: the archive, and the one other archive that it needs.
pub(crate) struct Archive {
    archive: PathBuf,
    jna: PathBuf,
}

impl Archive {
    /// The archive that Maven has made.
    pub(super) fn built() -> Result<Archive, String> {
        let built = folder().join("build");
        let version = env!("CARGO_PKG_VERSION");
        let archive = built.join(format!("voicecall-{version}.jar"));
        if !archive.exists() {
            return Err(format!("{} was not built", archive.display()));
        }
        let versions = folder().join("repository/net/java/dev/jna/jna");
        let jna = newest_archive(&versions).ok_or("Maven has fetched no JNA")?;
        Ok(Archive { archive, jna })
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.archive
    }

    /// The class path of programs in these folders.
    pub(crate) fn class_path(&self, folders: &[&Path]) -> String {
        let all = folders
            .iter()
            .copied()
            .chain([self.archive.as_path(), self.jna.as_path()]);
        let all: Vec<_> = all.map(|path| path.to_string_lossy()).collect();
        all.join(":")
    }

    /// Compiles programs into a folder of this name, which is given; warnings are errors.
    pub(crate) fn compile(&self, name: &str, sources: &[String]) -> Result<PathBuf, String> {
        let classes = folder().join(name);
        let (to, class_path) = (classes.to_string_lossy().into_owned(), self.class_path(&[]));
        let mut arguments = vec![
            "--release",
            "11",
            "-encoding",
            "UTF-8",
            "-Xlint:all",
            "-Werror",
            "-d",
            &to,
        ];
        arguments.extend(["-cp", &class_path]);
        arguments.extend(sources.iter().map(String::as_str));
        command::output("javac", &arguments).map(|_| classes)
    }
}

/// Where everything about Java is built.
pub(super) fn folder() -> PathBuf {
    command::target().join("java")
}

/// What the tests read.
pub(super) fn environment() -> Result<Vec<(&'static str, String)>, String> {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    Ok(vec![
        ("VOICECALL_COMMAND", text(&command::target().join("debug/voicecall"))),
        ("VOICECALL_VECTORS", text(&root().join("core/tests/vectors"))),
        ("VOICECALL_OTHER_ABI", text(&library_of_another_abi()?)),
    ])
}

/// Builds the library, and lays it where the archive takes it from. With the profile of tests also the command.
pub(super) fn natives(profile: &str) -> Result<(), String> {
    if profile == "debug" {
        built::libvoicecall(&[])?;
        built::voicecall()?;
    } else {
        built::libvoicecall(&["--profile", profile])?;
    }
    let target = Target::host()?;
    let file = target.library("voicecall");
    let platform = folder().join("natives").join(target.name);
    let built = command::target().join(profile).join(&file);
    fs::create_dir_all(&platform)
        .and_then(|()| replace::copy(&built, &platform.join(&file)))
        .map_err(|error| format!("libvoicecall cannot be copied: {error}"))
}

/// The folder that the archive takes libraries from, empty.
pub(crate) fn fresh_natives() -> Result<PathBuf, String> {
    let natives = folder().join("natives");
    let _ = fs::remove_dir_all(&natives);
    fs::create_dir_all(&natives).map_err(|error| format!("{}: {error}", natives.display()))?;
    Ok(natives)
}

/// A library of which nothing may be called but the function that tells its ABI version.
fn library_of_another_abi() -> Result<PathBuf, String> {
    let (source, library) = (folder().join("other_abi.c"), folder().join("libvoicecall-other.so"));
    fs::write(&source, "int voicecall_abi_version(void) { return 9999; }\n")
        .map_err(|error| format!("{}: {error}", source.display()))?;
    let (from, to) = (source.to_string_lossy(), library.to_string_lossy());
    command::output("cc", &["-shared", "-fPIC", "-o", &to, &from])?;
    Ok(library)
}

/// The archive in the folder of the newest version.
fn newest_archive(versions: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(versions).ok()?.flatten();
    let archives = entries.filter_map(|version| {
        let name = version.file_name().into_string().ok()?;
        let archive = version.path().join(format!("jna-{name}.jar"));
        archive.exists().then_some(archive)
    });
    archives.max()
}
