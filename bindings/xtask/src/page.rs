//! `cargo xtask test sandbox`: the local platform, and then its page in a browser, driven as a person would.

use std::path::{Path, PathBuf};

use crate::built;
use crate::tally::Tally;
use crate::{command, node, report, tools};

/// Drives the browser. It brings none: Debian's is used.
const DRIVER: &str = "playwright-core";
const DRIVER_VERSION: &str = "1.65.1";

/// Everything about the local platform.
pub(crate) fn test() -> Result<Tally, String> {
    let cargo = ["test", "--package", "voicecall-sandbox", "--locked"];
    let mut tally = Tally::of(&command::run("cargo", &cargo, &[])?);
    match driver() {
        Ok(modules) => tally.add(in_a_browser(&modules)?),
        Err(missing) => tally.add(without_a_browser(&missing)),
    }
    Ok(tally)
}

/// The folder with the driver in it; installs what is missing, where that is possible.
fn driver() -> Result<PathBuf, String> {
    tools::require("chromium", "chromium")?;
    tools::require_node()?;
    let folder = command::target().join("browser");
    let installed = std::fs::read_to_string(folder.join("node_modules").join(DRIVER).join("package.json"));
    if installed.is_ok_and(|manifest| manifest.contains(&format!("\"version\": \"{DRIVER_VERSION}\""))) {
        return Ok(folder);
    }
    tools::require("npm", "npm")?;
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let (prefix, package) = (folder.to_string_lossy(), format!("{DRIVER}@{DRIVER_VERSION}"));
    let install = [
        "install",
        "--prefix",
        &prefix,
        "--no-save",
        "--no-audit",
        "--no-fund",
        &package,
    ];
    match command::run("npm", &install, &[])?.succeeded {
        true => Ok(folder),
        false => Err(format!("{DRIVER} cannot be installed; run: npm {}", install.join(" "))),
    }
}

fn in_a_browser(modules: &Path) -> Result<Tally, String> {
    built::voicecall()?;
    let program = command::target().join("debug/voicecall");
    let environment = [
        ("BROWSER_MODULES", &*modules.to_string_lossy()),
        ("VOICECALL", &*program.to_string_lossy()),
    ];
    let arguments = ["--test", "--test-timeout=120000", "sandbox/tests/page/page.test.mjs"];
    Ok(node::count(&command::run("node", &arguments, &environment)?))
}

/// On a machine that checks what is published, a test that cannot run has failed; at home it is told, and counts nothing.
fn without_a_browser(missing: &str) -> Tally {
    let mut tally = Tally::default();
    if std::env::var_os("CI").is_some() {
        tally.check("the page in a browser", Err(missing.to_owned()));
    } else {
        report::complain(&format!("SKIPPED: the page was not tested in a browser: {missing}"));
    }
    tally
}
