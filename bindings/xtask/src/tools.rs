//! Programs of the system that tests need. One that is missing is installed where that is possible; otherwise what needs
//! it comes to no result, with the command that helps: nothing is skipped in silence.

use std::process::{Command, Stdio};
use std::sync::Once;

use crate::{command, missing, report};

/// The `engines` of the package for Node.
const OLDEST_NODE: u32 = 20;

/// Makes sure that `program`, which Debian's `package` brings, can be started.
pub(crate) fn require(program: &str, package: &str) -> Result<(), String> {
    require_that(|| is_there(program), program, package)
}

/// Makes sure that pkg-config finds `library`, which Debian's `package` brings.
pub(crate) fn require_library(library: &str, package: &str) -> Result<(), String> {
    require_that(
        || command::output("pkg-config", &["--exists", library]).is_ok(),
        library,
        package,
    )
}

/// Makes sure of a Node that the package supports. Debian 12 brings an older one, so installing it may not be enough.
pub(crate) fn require_node() -> Result<(), String> {
    require("node", "nodejs")?;
    let version = command::output("node", &["--version"])?;
    let version = version.trim();
    match major(version) {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        _ => Err(missing::note(format!(
            "node is {version}; install Node {OLDEST_NODE} or newer"
        ))),
    }
}

/// `v20.11.1` is 20.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Makes sure of something else that Debian's `package` brings.
pub(crate) fn require_that(is_there_now: impl Fn() -> bool, what: &str, package: &str) -> Result<(), String> {
    if is_there_now() {
        return Ok(());
    }
    if is_there("apt-get") && is_root() {
        report::say(&format!("{what} is missing and installed now"));
        // A fresh machine has no lists of packages, or old ones.
        static LISTS: Once = Once::new();
        LISTS.call_once(|| drop(apt_get(&["update", "-q"])));
        // What came of it is seen below.
        drop(apt_get(&["install", "-y", "-q", package]));
    }
    if is_there_now() {
        return Ok(());
    }
    Err(missing::note(format!(
        "{what} is missing; run: apt-get install {package}"
    )))
}

/// Waits for its turn where another process installs something.
fn apt_get(arguments: &[&str]) -> Result<(), String> {
    let apt_get = [
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-o",
        "DPkg::Lock::Timeout=300",
    ];
    command::fetch("env", &[&apt_get, arguments].concat())
}

/// Whether this is continuous integration, where nothing may be missing.
pub(crate) fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty())
}

pub(crate) fn is_there(program: &str) -> bool {
    let status = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok()
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout == b"0\n")
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!(major("v20.11.1"), Some(20));
        assert_eq!(major("v9"), Some(9));
        assert_eq!(major("20.11.1"), None);
        assert_eq!(major("v?"), None);
    }
}
