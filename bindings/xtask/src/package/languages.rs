//! Packages of languages that have tools and formats of their own.

use std::fs;
use std::path::Path;

use super::files::{self, put, text};
use super::{Job, VERSION, notices};
use crate::command::{self, root};
use crate::{csharp, java, node, python, tools};

/// The module `voicecall`.
pub(super) fn python(job: &Job) -> Result<Vec<String>, String> {
    wheel(job, "bindings/python")
}

/// The wheel of what lies in this folder.
pub(super) fn wheel(job: &Job, folder: &str) -> Result<Vec<String>, String> {
    only_for_this_machine(job, "wheels")?;
    let built = python::wheel(folder, job.profile)?;
    into(job, &[built])
}

/// The main package, and that of the platform.
pub(super) fn node(job: &Job) -> Result<Vec<String>, String> {
    only_for_this_machine(job, "packages for npm")?;
    tools::require_node()?;
    tools::require("npm", "npm")?;
    into(job, &node::tarballs(job.profile)?)
}

/// The package for NuGet, with the libraries of all platforms of the job.
pub(super) fn csharp(job: &Job) -> Result<Vec<String>, String> {
    let runtimes = files::stage("runtimes")?;
    for (target, library) in job.natives()? {
        let native = runtimes.join(target.name).join("native");
        put(&library, &native.join(target.library("voicecall_native")))?;
    }
    notices::write("voicecall-ffi", &runtimes.join("THIRD-PARTY"))?;
    let out = files::stage("nuget")?;
    csharp::pack(&runtimes, &out)?;
    into(job, &listed(&out)?)
}

/// The archives that Maven Central asks for, in a folder laid out as a repository.
pub(super) fn java(job: &Job) -> Result<Vec<String>, String> {
    let natives = java::fresh_natives()?;
    for (target, library) in job.natives()? {
        put(&library, &natives.join(target.name).join(target.library("voicecall")))?;
    }
    notices::write("voicecall-ffi", &natives.join("THIRD-PARTY"))?;
    let below = format!("maven/com/voicecall/voicecall/{VERSION}");
    let archives = java::publishable()?;
    let files = archives.iter().map(|(from, suffix)| {
        let file = format!("{below}/voicecall-{VERSION}{suffix}");
        put(from, &job.out.join(&file)).map(|()| file)
    });
    files.collect()
}

/// The archive for Composer, with the libraries where the package looks for them.
pub(super) fn php(job: &Job) -> Result<Vec<String>, String> {
    let folder = files::stage("php")?;
    let tracked = command::output("git", &["ls-files", "bindings/php"])?;
    for file in tracked.lines() {
        let place = file.trim_start_matches("bindings/php/");
        if !place.starts_with("tests/") && !place.starts_with("bench/") {
            put(&root().join(file), &folder.join(place))?;
        }
    }
    for (target, library) in job.natives()? {
        let name = match target.name.split('-').next() {
            Some("win") => "voicecall.dll",
            Some("osx") => "libvoicecall.0.dylib",
            _ => "libvoicecall.so.0",
        };
        put(&library, &folder.join("lib").join(target.php).join(name))?;
    }
    put(&root().join("LICENSE"), &folder.join("LICENSE"))?;
    notices::write("voicecall-ffi", &folder.join("lib/THIRD-PARTY"))?;
    // The place where packages are published takes the version from the name of a tag.
    let manifest = folder.join("composer.json");
    let text = fs::read_to_string(&manifest).map_err(|error| error.to_string())?;
    let versioned = text.replacen('{', &format!("{{\n    \"version\": \"{VERSION}\","), 1);
    fs::write(&manifest, versioned).map_err(|error| error.to_string())?;
    files::zip(job, &folder, &format!("voicecall-php-{VERSION}.zip")).map(|file| vec![file])
}

fn only_for_this_machine(job: &Job, what: &str) -> Result<(), String> {
    match job.targets.iter().find(|target| !target.is_host()) {
        None => Ok(()),
        Some(other) => Err(format!(
            "{what} for {} are made where they are published, not on this machine",
            other.name
        )),
    }
}

/// Copies files into the folder of the job; gives their names.
fn into(job: &Job, built: &[String]) -> Result<Vec<String>, String> {
    let each = built.iter().map(|file| {
        let name = text(Path::new(Path::new(file).file_name().unwrap_or_default()));
        put(Path::new(file), &job.out.join(&name)).map(|()| name)
    });
    each.collect()
}

fn listed(folder: &Path) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(entries.flatten().map(|entry| text(&entry.path())).collect())
}
