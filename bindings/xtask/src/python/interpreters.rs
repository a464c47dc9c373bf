//! The versions of Python on this machine.

use std::path::PathBuf;

use crate::{command, tools};

/// The one that everything is tested with.
const MAIN: &str = "python3";
/// Minor versions that the package supports and that may be installed.
const MINORS: std::ops::RangeInclusive<u32> = 10..=16;

/// An interpreter that can be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Interpreter {
    pub(super) program: String,
    /// `3.10`.
    pub(super) version: String,
}

/// The one that everything is tested with, able to make virtual environments.
pub(crate) fn main() -> Result<&'static str, String> {
    tools::require(MAIN, "python3")?;
    // Debian has the module that puts pip into an environment in a package of its own.
    let can_make_environments = || command::output(MAIN, &["-c", "import ensurepip, venv"]).is_ok();
    tools::require_that(can_make_environments, "the module venv of Python", "python3-venv")?;
    let minor = version(MAIN).and_then(|version| version.strip_prefix("3.")?.parse::<u32>().ok());
    match minor.is_some_and(|minor| minor >= *MINORS.start()) {
        true => Ok(MAIN),
        false => Err(format!("{MAIN} is not CPython 3.10 or later")),
    }
}

/// The oldest and the newest version there is, without that of `main`.
pub(super) fn others(main: &str) -> Result<Vec<Interpreter>, String> {
    let main = version(main).ok_or_else(|| format!("{main} does not tell its version"))?;
    let found: Vec<_> = MINORS.filter_map(find).filter(|found| found.version != main).collect();
    Ok(match found.as_slice() {
        [] => Vec::new(),
        [only] => vec![only.clone()],
        [oldest, .., newest] => vec![oldest.clone(), newest.clone()],
    })
}

/// In PATH, or where pyenv keeps versions that it does not put there.
fn find(minor: u32) -> Option<Interpreter> {
    let wanted = format!("3.{minor}");
    let candidates = std::iter::once(format!("python{wanted}")).chain(of_pyenv(&wanted));
    candidates
        .filter(|program| version(program).as_ref() == Some(&wanted))
        .map(|program| Interpreter {
            program,
            version: wanted.clone(),
        })
        .next()
}

fn of_pyenv(wanted: &str) -> Vec<String> {
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".pyenv"));
    let Some(folder) = std::env::var_os("PYENV_ROOT").map(PathBuf::from).or_else(home) else {
        return Vec::new();
    };
    let Ok(versions) = std::fs::read_dir(folder.join("versions")) else {
        return Vec::new();
    };
    let named = |name: &str| name.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'));
    let wanted_ones = versions
        .filter_map(Result::ok)
        .filter(|entry| named(&entry.file_name().to_string_lossy()));
    wanted_ones
        .map(|entry| super::text(&entry.path().join("bin/python")))
        .collect()
}

/// `3.10`, if the program is a Python that can be started.
fn version(program: &str) -> Option<String> {
    let tell = "import sys; print('%d.%d' % sys.version_info[:2])";
    command::output(program, &["-c", tell])
        .ok()
        .map(|told| told.trim().to_owned())
}
