//! `cargo xtask test csharp`: the assembly, its tests and the examples, on Mono (the API of .NET Framework) and on .NET; and
//! the project file, where there is an SDK.

mod assemblies;
mod examples;
mod project;
mod readme;
mod runtimes;
pub(crate) mod sdk;

use std::path::{Path, PathBuf};

use crate::command;
use crate::tally::Tally;
use crate::tools;
use assemblies::Assemblies;
use runtimes::Runtime;

/// Everything about C#.
pub(crate) fn test() -> Result<Tally, String> {
    tools::require("mcs", "mono-devel")?;
    tools::require("mono", "mono-devel")?;
    let runtimes = [Runtime::Mono, runtimes::dotnet()?];
    let mut tally = Tally::default();
    let assemblies = match assemblies::build() {
        Ok(assemblies) => assemblies,
        Err(fault) => {
            tally.check("the assembly, its tests and the examples are built", Err(fault));
            return Ok(tally);
        }
    };
    for runtime in &runtimes {
        tally.add(run_tests(&assemblies, runtime)?);
    }
    examples::test(&assemblies, &runtimes, &mut tally)?;
    readme::test(&assemblies, &runtimes, &mut tally)?;
    project::test(&assemblies, &mut tally)?;
    Ok(tally)
}

/// Builds the program that measures; gives the command that starts it on .NET. `folder` has libvoicecall in it.
pub(crate) fn bench(folder: &Path) -> Result<(String, Vec<String>), String> {
    tools::require("mcs", "mono-devel")?;
    let program = assemblies::build_bench(folder)?;
    Ok(runtimes::dotnet()?.starts(&program))
}

/// Builds a program against the assembly; gives the command that starts it on .NET, and the folder of the library it loads.
pub(crate) fn driver(source: &str) -> Result<(String, Vec<String>, PathBuf), String> {
    tools::require("mcs", "mono-devel")?;
    let dotnet = runtimes::dotnet()?;
    let folder = assemblies::build_library()?;
    assemblies::compile_program(&folder, "VoiceCall.Driver", &[source])?;
    let (program, arguments) = dotnet.starts(&folder.join("VoiceCall.Driver.exe"));
    Ok((program, arguments, folder))
}

/// Packs the assembly with the libraries in a folder of runtimes.
pub(crate) fn pack(runtimes: &Path, out: &Path) -> Result<(), String> {
    let sdk = sdk::fetched()?;
    let property = |name: &str, value: &Path| format!("-p:{name}={}", value.display());
    let below = command::target().join("dotnet-sdk/built");
    let arguments = [
        "pack".to_owned(),
        "bindings/csharp/VoiceCall.csproj".to_owned(),
        "--configuration=Release".to_owned(),
        "--nologo".to_owned(),
        format!("--output={}", out.display()),
        format!("--source={}", sdk.feed()?.display()),
        property("NativeFiles", runtimes),
        property("NetStandardReference", &sdk.net_standard()),
        format!("-p:BaseIntermediateOutputPath={}/obj/", below.display()),
        format!("-p:BaseOutputPath={}/bin/", below.display()),
        "-p:DisableImplicitFrameworkReferences=true".to_owned(),
        "-p:SomePlatforms=true".to_owned(),
    ];
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match sdk.run(&arguments)?.succeeded {
        true => Ok(()),
        false => Err("the package for NuGet cannot be made".to_owned()),
    }
}

fn run_tests(assemblies: &Assemblies, runtime: &Runtime) -> Result<Tally, String> {
    let (program, arguments) = runtime.starts(&assemblies.program("VoiceCall.Tests"));
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let environment = assemblies.environment();
    let environment: Vec<_> = environment
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    Ok(Tally::of(&command::run(&program, &arguments, &environment)?))
}
