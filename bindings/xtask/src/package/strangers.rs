//! Each package as a stranger meets it: a fresh folder outside the tree, nothing but the files of `cargo xtask package` and
//! what the system has, and a call on the local platform that comes from them too.

use std::fs;
use std::path::Path;

use super::files::text;
use super::{PACKAGES, Package, VERSION, host_job, make};
use crate::command;
use crate::csharp::sdk;
use crate::tally::Tally;
use crate::tools;

/// Without cargo.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// How the ids of the local platform's calls begin; each of the scripts prints one.
const CALLED: &str = "calling: 1201_";

/// Makes the packages quickly, and installs each.
pub(crate) fn test() -> Result<Tally, String> {
    tools::require("mvn", "maven")?;
    tools::require("composer", "composer")?;
    // Composer reads archives with it.
    let reads_archives = || command::output("php", &["-r", "exit((int) !extension_loaded('zip'));"]).is_ok();
    tools::require_that(reads_archives, "the extension zip of PHP", "php-zip")?;
    let job = host_job(&command::target().join("packages"), "dev")?;
    let _ = fs::remove_dir_all(&job.out);
    let mut tally = Tally::default();
    // All first: what a stranger calls is the local platform of the command's package.
    let mut made = Vec::new();
    for package in PACKAGES {
        let result = make(&[package.name], &job);
        made.extend(result.is_ok().then_some(package));
        tally.check(&format!("the packages of {} are made", package.name), result);
    }
    for package in made {
        tally.check(
            &format!("a stranger installs {} and places a call", package.name),
            installs(package, &job.out),
        );
    }
    Ok(tally)
}

fn installs(package: &Package, dist: &Path) -> Result<(), String> {
    let folder = std::env::temp_dir().join(format!("voicecall-stranger-{}-{}", package.name, std::process::id()));
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let told = installed_in(&folder, package, dist);
    let _ = fs::remove_dir_all(&folder);
    match told? {
        printed if printed.contains(CALLED) => Ok(()),
        printed => Err(format!("it placed no call, and printed {printed:?}")),
    }
}

fn installed_in(folder: &Path, package: &Package, dist: &Path) -> Result<String, String> {
    let scripts = command::root().join("bindings/xtask/src/package/strangers");
    let script = text(&scripts.join(format!("{}.sh", package.name)));
    let mut variables = vec![
        ("HOME", text(folder)),
        ("DIST", text(dist)),
        ("VERSION", VERSION.to_owned()),
        ("SCRIPTS", text(&scripts)),
        ("PATH", PATH.to_owned()),
        // What Maven has fetched for the tests of Java: JNA, and its own plugins.
        ("REPOSITORY", text(&command::target().join("java/repository"))),
    ];
    if package.name == "csharp" {
        let sdk = sdk::fetched()?;
        variables.extend(sdk.environment());
    }
    let variables: Vec<_> = variables
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let folder = text(folder);
    let mut arguments = vec!["-C", &*folder, "-i"];
    arguments.extend(variables.iter().map(String::as_str));
    arguments.extend(["bash", "-euo", "pipefail", &script]);
    command::output("env", &arguments)
}

#[cfg(test)]
mod tests {
    use super::{PACKAGES, command};

    #[test]
    fn every_package_is_installed_by_a_stranger() {
        let scripts = command::root().join("bindings/xtask/src/package/strangers");
        for package in PACKAGES {
            assert!(
                scripts.join(format!("{}.sh", package.name)).is_file(),
                "{}",
                package.name
            );
        }
    }
}
