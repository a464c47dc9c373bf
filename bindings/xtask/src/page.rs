//! `cargo xtask test sandbox`: the local platform, and then its page in a browser, driven as a person would.

use std::path::{Path, PathBuf};

use crate::built;
use crate::tally::Tally;
use crate::{command, node, report, tools};

/// Drives the browser. It brings none: Debian's is used.
const DRIVER: &str = "playwright-core";
const DRIVER_VERSION: &str = "1.65.1";

const IN_A_BROWSER: &str = "the page in a browser";

/// Everything about the local platform.
pub(crate) fn test() -> Result<Tally, String> {
    let cargo = ["test", "--package", "voicecall-sandbox", "--locked"];
    let mut tally = Tally::of(&command::run("cargo", &cargo, &[])?);
    match driver() {
        Ok(modules) => tally.add(in_a_browser(&modules)?),
        Err(missing) if tools::is_ci() => tally.check(IN_A_BROWSER, Err(missing)),
        Err(missing) => report::skip(IN_A_BROWSER, &missing),
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
    command::fetch("npm", &install)?;
    Ok(folder)
}

fn in_a_browser(modules: &Path) -> Result<Tally, String> {
    let program = built::voicecall()?;
    let environment = [
        ("BROWSER_MODULES", &*modules.to_string_lossy()),
        ("VOICECALL", &*program.to_string_lossy()),
    ];
    let arguments = ["--test", "--test-timeout=120000", "sandbox/tests/page/page.test.mjs"];
    Ok(node::count(&command::run("node", &arguments, &environment)?))
}
