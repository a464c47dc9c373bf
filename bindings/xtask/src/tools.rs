//! Programs of the system that tests need. One that is missing is installed where that is possible; otherwise what needs
//! it fails, with the command that helps: nothing is skipped in silence.

use std::process::{Command, Stdio};

use crate::{command, report};

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

/// Makes sure of something else that Debian's `package` brings.
pub(crate) fn require_that(is_there_now: impl Fn() -> bool, what: &str, package: &str) -> Result<(), String> {
    if is_there_now() {
        return Ok(());
    }
    let advice = format!("{what} is missing; run: apt-get install {package}");
    if !(is_there("apt-get") && is_root()) {
        return Err(advice);
    }
    report::say(&format!("{what} is missing and installed now"));
    let _ = command::run(
        "apt-get",
        &["install", "-y", "-q", package],
        &[("DEBIAN_FRONTEND", "noninteractive")],
    )?;
    if is_there_now() { Ok(()) } else { Err(advice) }
}

fn is_there(program: &str) -> bool {
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
