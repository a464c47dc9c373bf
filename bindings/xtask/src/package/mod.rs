//! `cargo xtask package`: makes what a user of a language installs, as files in a folder.

pub(crate) mod archive;
pub(crate) mod c;
mod command_line;
mod files;
mod languages;
pub(crate) mod notices;
mod pages;
pub(crate) mod strangers;
pub(crate) mod targets;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::{command, report};
pub(crate) use targets::Target;

pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A package: its name here, which is its language's, and what makes its files.
pub(super) struct Package {
    pub(super) name: &'static str,
    make: fn(&Job) -> Result<Vec<String>, String>,
}

/// The one table of packages: what is made, installed by strangers, and published.
pub(super) const PACKAGES: &[Package] = &[
    Package {
        name: "c",
        make: c::package,
    },
    Package {
        name: "cli",
        make: command_line::package,
    },
    Package {
        name: "python",
        make: languages::python,
    },
    Package {
        name: "node",
        make: languages::node,
    },
    Package {
        name: "csharp",
        make: languages::csharp,
    },
    Package {
        name: "java",
        make: languages::java,
    },
    Package {
        name: "php",
        make: languages::php,
    },
];

/// What is to be made.
pub(super) struct Job {
    /// The folder for the files.
    pub(super) out: PathBuf,
    pub(super) targets: Vec<&'static Target>,
    /// How it is compiled: `dist`, or quickly, for tests.
    pub(super) profile: &'static str,
}

impl Job {
    /// libvoicecall for each platform: its file.
    fn natives(&self) -> Result<Vec<(&'static Target, PathBuf)>, String> {
        let each = self.targets.iter().map(|target| {
            let built = target.build("voicecall-ffi", self.profile)?;
            Ok((*target, built.join(target.library("voicecall"))))
        });
        each.collect()
    }
}

/// Packages for the named languages.
pub(crate) fn run(arguments: &[String]) -> Result<bool, String> {
    match arguments {
        [target, flag, prefix] if target == "c" && flag == "--prefix" => c::run(prefix.as_ref()).map(|()| true),
        [target, package, file] if target == "notices" => notices::write(package, file.as_ref()).map(|()| true),
        _ => {
            let (names, job) = parse(arguments)?;
            make(&names, &job).map(|()| true)
        }
    }
}

/// Makes the packages of these names, and says what has come of it.
pub(super) fn make(names: &[&str], job: &Job) -> Result<(), String> {
    fs::create_dir_all(&job.out).map_err(|error| format!("{}: {error}", job.out.display()))?;
    for package in PACKAGES.iter().filter(|package| names.contains(&package.name)) {
        let begun = Instant::now();
        let files = (package.make)(job)?;
        report::say(&format!("\n{}: {} s", package.name, begun.elapsed().as_secs()));
        for file in files {
            report::say(&format!("  {}", job.out.join(file).display()));
        }
    }
    Ok(())
}

fn parse(arguments: &[String]) -> Result<(Vec<&'static str>, Job), String> {
    let (mut names, mut targets) = (Vec::new(), Vec::new());
    let (mut out, mut profile) = (None, "dist");
    let mut rest = arguments.iter().map(String::as_str);
    while let Some(word) = rest.next() {
        let mut value = || rest.next().ok_or_else(|| format!("{word} needs a value\n{}", usage()));
        match word {
            "--out" => out = Some(command::root().join(value()?)),
            "--target" => targets.push(Target::named(value()?)?),
            "--quick" => profile = "dev",
            "all" => names.extend(PACKAGES.iter().map(|package| package.name)),
            name => match PACKAGES.iter().find(|package| package.name == name) {
                Some(package) => names.push(package.name),
                None => return Err(format!("there is no package {name:?}\n{}", usage())),
            },
        }
    }
    let out = out.filter(|_| !names.is_empty()).ok_or_else(usage)?;
    if targets.is_empty() {
        targets.push(Target::host()?);
    }
    Ok((names, Job { out, targets, profile }))
}

fn usage() -> String {
    let names: Vec<_> = PACKAGES.iter().map(|package| package.name).collect();
    let targets: Vec<_> = targets::TARGETS.iter().map(|target| target.name).collect();
    format!(
        "usage: cargo xtask package {}|all… --out DIR [--target {}]… [--quick]\n\
         \x20      cargo xtask package c --prefix DIR\n\
         \x20      cargo xtask package notices CRATE FILE",
        names.join("|"),
        targets.join("|")
    )
}

/// A folder with these files in it, for a test or a tool that reads all of one.
pub(super) fn host_job(out: &Path, profile: &'static str) -> Result<Job, String> {
    Ok(Job {
        out: out.to_path_buf(),
        targets: vec![Target::host()?],
        profile,
    })
}

#[cfg(test)]
mod tests {
    use super::{PACKAGES, parse};

    fn told(line: &str) -> Result<(usize, Vec<&'static str>), String> {
        let words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
        let (names, job) = parse(&words)?;
        Ok((names.len(), job.targets.iter().map(|target| target.name).collect()))
    }

    #[test]
    fn the_command_line_is_read() {
        assert_eq!(
            told("all --out dist --target win-x64").unwrap(),
            (PACKAGES.len(), vec!["win-x64"])
        );
        assert_eq!(
            told("c java --out d --target linux-x64 --target linux-arm64")
                .unwrap()
                .1
                .len(),
            2
        );
    }

    #[test]
    fn what_is_wrong_with_it_is_told() {
        for (line, complaint) in [
            ("", "usage"),
            ("c", "usage"),
            ("--out dist", "usage"),
            ("ruby --out dist", "no package \"ruby\""),
            ("c --out dist --target os2", "no target \"os2\"; there are linux-x64"),
            ("c --out", "--out needs a value"),
        ] {
            let told = told(line).unwrap_err();
            assert!(told.contains(complaint), "{line}: {told}");
        }
    }
}
