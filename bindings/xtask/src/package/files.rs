//! Packages as files: archives, and packages of Debian.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Job, Target, VERSION};
use crate::command;
use crate::tools;

/// A folder for what goes into a package, empty.
pub(super) fn stage(name: &str) -> Result<PathBuf, String> {
    let folder = command::target().join("package").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

/// Copies a file, and makes the folders above its place.
pub(super) fn put(from: &Path, to: &Path) -> Result<(), String> {
    let parent = to.parent().unwrap_or(to);
    fs::create_dir_all(parent)
        .and_then(|()| fs::copy(from, to))
        .map(drop)
        .map_err(|error| format!("{} cannot be copied to {}: {error}", from.display(), to.display()))
}

/// Packs a folder as `NAME.tar.gz`, in which it is the one folder.
pub(super) fn tar(job: &Job, folder: &Path) -> Result<String, String> {
    let name = text(Path::new(folder.file_name().unwrap_or_default()));
    let file = format!("{name}.tar.gz");
    let (parent, to) = (text(folder.parent().unwrap_or(folder)), text(&job.out.join(&file)));
    let owner = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner"];
    command::output("tar", &[&owner[..], &["-C", &parent, "-czf", &to, &name]].concat())?;
    Ok(file)
}

/// Packs the content of a folder as a zip.
pub(super) fn zip(job: &Job, folder: &Path, file: &str) -> Result<String, String> {
    tools::require("python3", "python3")?;
    let mut arguments = vec![
        "-m".to_owned(),
        "zipfile".to_owned(),
        "-c".to_owned(),
        text(&job.out.join(file)),
    ];
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    arguments.extend(entries.flatten().map(|entry| text(&entry.path())));
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    command::output("python3", &arguments)?;
    Ok(file.to_owned())
}

/// Makes a package of Debian from a folder that has what it installs, laid out from the root.
pub(super) fn deb(
    job: &Job,
    target: &Target,
    folder: &Path,
    (name, about): (&str, &str),
) -> Result<Option<String>, String> {
    let Some(processor) = target.debian else {
        return Ok(None);
    };
    tools::require("dpkg-deb", "dpkg")?;
    let control = format!(
        "Package: {name}\nVersion: {VERSION}\nArchitecture: {processor}\nMaintainer: The VoiceCall project\n\
         Section: libs\nPriority: optional\nDepends: libc6, libgcc-s1\nDescription: {about}\n"
    );
    let meta = folder.join("DEBIAN");
    fs::create_dir_all(&meta)
        .and_then(|()| fs::write(meta.join("control"), control))
        .map_err(|error| format!("{}: {error}", meta.display()))?;
    let file = format!("{name}_{VERSION}_{processor}.deb");
    let (from, to) = (text(folder), text(&job.out.join(&file)));
    // What is quickly built is large, and is not kept.
    let pressed = if job.profile == "dist" { "-Zxz" } else { "-Znone" };
    command::output("dpkg-deb", &["--root-owner-group", pressed, "--build", &from, &to])?;
    Ok(Some(file))
}

pub(super) fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
