//! The project file as users of the SDK have it: it builds, its tests run, and an incomplete package is refused.

use std::process::Command;

use super::assemblies::Assemblies;
use crate::command;
use crate::report;
use crate::tally::Tally;

const PROJECT: &str = "bindings/csharp/VoiceCall.csproj";
const TESTS: &str = "bindings/csharp/tests/VoiceCall.Tests.csproj";

/// Without an SDK, which no package of Debian brings, this says so and tests nothing.
pub(super) fn test(assemblies: &Assemblies, tally: &mut Tally) -> Result<(), String> {
    if !has_sdk() {
        report::say("no SDK of .NET is on the PATH: VoiceCall.csproj is not built here");
        return Ok(());
    }
    let built = command::output("dotnet", &["build", "--configuration", "Release", PROJECT]);
    tally.check("VoiceCall.csproj builds", built.map(drop));
    let environment = assemblies.environment();
    let environment: Vec<_> = environment
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    tally.add(Tally::of(&command::run(
        "dotnet",
        &["run", "--project", TESTS],
        &environment,
    )?));
    let packed = command::run("dotnet", &["pack", PROJECT, "-p:NativeFiles=nowhere"], &[])?;
    let is_refused = !packed.succeeded
        && packed
            .lines
            .iter()
            .any(|line| line.contains("is missing from the package"));
    tally.check(
        "a package without its native files is refused",
        if is_refused {
            Ok(())
        } else {
            Err("see above".to_owned())
        },
    );
    Ok(())
}

/// The runtime alone also answers to `dotnet`, but lists no SDK.
fn has_sdk() -> bool {
    let listed = Command::new("dotnet").arg("--list-sdks").output();
    listed.is_ok_and(|listed| listed.status.success() && !listed.stdout.is_empty())
}
